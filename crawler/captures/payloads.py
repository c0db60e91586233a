"""What a browser shows of what came over the wire: payloads without their encodings."""

from __future__ import annotations

import codecs
import io
import re
from functools import partial
from typing import TYPE_CHECKING

from fastwarc.stream_io import BrotliReader, ZstdReader
from isal import isal_zlib

from crawler.captures.packing import GZIP, GZIP_WINDOW, InflateError
from crawler.captures.records import MAX_SIZE
from crawler.errors import CaptureError

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastwarc.stream_io import WarcReader

    from crawler.captures.records import HTTPHeaders

_FIRST_STEP = 2**15  # bytes; most pages are smaller, packed
_PADDING = re.compile(rb"\0*")  # that some put after a member
_CHUNK = re.compile(rb"([0-9A-Fa-f]+)[ \t]*(?:;[^\r\n]*)?\r\n")


def _read_through(reader: Callable[[io.BytesIO], WarcReader], payload: bytes) -> bytes:
    return reader(io.BytesIO(payload)).read(MAX_SIZE + 1)


def _gunzip(payload: bytes) -> bytes:
    members: list[bytes] = []  # mostly one
    size = at = 0
    while size <= MAX_SIZE and (not members or _opens_member(payload, at)):
        member, end = _unzip(GZIP_WINDOW, payload, at)
        members.append(member)
        size += len(member)
        at = _PADDING.match(payload, end).end()  # type: ignore[union-attr]  # matches b""
    return b"".join(members)


def _opens_member(payload: bytes, at: int) -> bool:
    """Whether a member follows, or the beginning of one; all else crawls and browsers pass over."""
    rest = payload[at : at + len(GZIP.magic)]
    return bool(rest) and GZIP.magic.startswith(rest)


def _inflate(payload: bytes) -> bytes:
    try:
        return _unzip(isal_zlib.MAX_WBITS, payload)[0]
    except InflateError:  # many servers leave out zlib's header and checksum
        return _unzip(-isal_zlib.MAX_WBITS, payload)[0]


def _unzip(wbits: int, payload: bytes, at: int = 0) -> tuple[bytes, int]:
    """What comes out of what begins there, up to a byte too much, and where that ends."""
    inflater = isal_zlib.decompressobj(wbits)
    pieces: list[bytes] = []
    left = MAX_SIZE + 1
    step = _FIRST_STEP  # what follows a small member is not copied for each
    while left and not inflater.eof:
        given = payload[at : at + step]
        if not given:
            raise EOFError("it is cut off")
        piece = inflater.decompress(given, left)
        pieces.append(piece)
        left -= len(piece)
        at += len(given)
        step *= 2
    return b"".join(pieces), at - len(inflater.unused_data)


_DECODERS: dict[bytes, Callable[[bytes], bytes]] = {
    b"identity": bytes,
    b"gzip": _gunzip,
    b"x-gzip": _gunzip,
    b"deflate": _inflate,
    b"br": partial(_read_through, BrotliReader),
    b"zstd": partial(_read_through, ZstdReader),
}


def decode_payload(headers: HTTPHeaders, payload: bytes) -> bytes:
    """The payload without its transfer and content encodings: what a browser shows.

    Archives often keep the header of an encoding that they have taken away: what is plain text is
    given back as it is. Raises CaptureError if the payload is not encoded as the headers say, or
    it is unknown how, or if more than :data:`~crawler.captures.records.MAX_SIZE` comes out.
    """
    payload, whole = unchunked(headers, payload)
    if not whole:
        raise CaptureError("the payload is cut off: its last chunk is missing")
    for encoding in reversed(_values(headers, b"content-encoding")):
        if _is_text(payload):
            break
        try:
            payload = _DECODERS[encoding](payload)
        except KeyError:
            raise CaptureError(f"unknown content encoding {encoding!r}") from None
        except (EOFError, OSError, InflateError) as error:
            raise CaptureError(f"the payload is not {encoding.decode()}: {error}") from error
        if len(payload) > MAX_SIZE:
            raise CaptureError(f"the payload is larger than {MAX_SIZE // 2**20} MB")
    return payload


def _is_text(payload: bytes) -> bool:
    """Whether it opens in readable UTF-8, as nothing compressed does."""
    try:
        opening = codecs.getincrementaldecoder("utf-8-sig")().decode(payload[:64])
    except UnicodeDecodeError:
        return False
    return all(character.isprintable() or character.isspace() for character in opening)


def unchunked(headers: HTTPHeaders, payload: bytes) -> tuple[bytes, bool]:
    """The payload without its transfer encoding, and whether it is whole.

    What is not chunked is given back as it is.
    """
    if b"chunked" not in _values(headers, b"transfer-encoding"):
        return payload, True
    chunks = []
    position = 0
    size = 1
    while size and (head := _CHUNK.match(payload, position)):
        size = int(head[1], 16)
        chunks.append(payload[head.end() : head.end() + size])
        # Of a longer chunk the rest is missing, however long it is said to be.
        position = min(head.end() + size + len(b"\r\n"), len(payload))
    return (b"".join(chunks), not size) if chunks else (payload, True)


def _values(headers: HTTPHeaders, name: bytes) -> list[bytes]:
    """The comma-separated values of a header, in lower case."""
    return [
        value.strip().lower()
        for key, values in headers
        if key.lower() == name
        for value in values.split(b",")
    ]
