"""Pages unpacked as they come, faster than by Scrapy's own means."""

from __future__ import annotations

from isal import isal_zlib
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware

from crawler.captures.packing import GZIP_WINDOW, InflateError


class CompressionMiddleware(HttpCompressionMiddleware):
    """Scrapy's own, except that isal unpacks whole gzip, in a third of the time."""

    @staticmethod
    def _decode(body: bytes, encoding: bytes, max_size: int) -> bytes:
        if encoding in (b"gzip", b"x-gzip") and max_size:
            inflater = isal_zlib.decompressobj(GZIP_WINDOW)
            try:
                page = inflater.decompress(body, max_size)
            except InflateError:
                page = b""
            if page and inflater.eof and not inflater.unused_data:
                return page
        # What is torn, of several members or too large is left to Scrapy's own.
        return HttpCompressionMiddleware._decode(body, encoding, max_size)
