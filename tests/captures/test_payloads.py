"""Payloads without their encodings."""

from __future__ import annotations

import gzip
import random
import time
import zlib

import brotli
import pytest
from scrapy.utils.gz import gunzip

from crawler.captures.payloads import decode_payload, unchunked
from crawler.captures.response import payload_digest
from crawler.errors import CaptureError


def raw_deflate(data):
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


# "text" by zstd --no-check
ZSTD = bytes.fromhex("28b52ffd200421000074657874")
CHUNKED = b"2;note=x\r\nte\r\n2 \r\nxt\r\n0\r\n\r\n"


@pytest.mark.parametrize(
    ("headers", "payload"),
    [
        ((), b"text"),
        (((b"Content-Encoding", b"gzip"),), gzip.compress(b"text", mtime=0)),
        (((b"content-encoding", b"X-GZIP"),), gzip.compress(b"text", mtime=0)),
        (((b"Content-Encoding", b"deflate"),), zlib.compress(b"text")),
        (((b"Content-Encoding", b"deflate"),), raw_deflate(b"text")),
        (((b"Content-Encoding", b"br"),), brotli.compress(b"text")),
        (((b"Content-Encoding", b"zstd"),), ZSTD),
        (((b"Content-Encoding", b"identity"),), b"text"),
        (((b"Content-Encoding", b"br, gzip"),), gzip.compress(brotli.compress(b"text"), mtime=0)),
        (((b"Transfer-Encoding", b"chunked"),), CHUNKED),
        (((b"Transfer-Encoding", b"chunked"),), b"text"),  # unchunked by the archive
        (
            ((b"Transfer-Encoding", b"chunked"), (b"Content-Encoding", b"gzip")),
            b"%x\r\n%b\r\n0\r\n\r\n"
            % (len(gzip.compress(b"text", mtime=0)), gzip.compress(b"text", mtime=0)),
        ),
    ],
)
def test_decoding(headers, payload):
    assert decode_payload(headers, payload) == b"text"


def test_an_empty_payload_has_no_encoding():
    assert decode_payload(((b"Content-Encoding", b"gzip"),), b"") == b""


ENCODINGS = [b"gzip", b"deflate", b"br", b"zstd", b"unheard-of"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("page", ["<!DOCTYPE html><html>", "\ufeff<html>", "Jum\u2019at " * 20])
def test_what_an_archive_has_decoded_already_is_given_as_it_is(encoding, page):
    assert decode_payload(((b"Content-Encoding", encoding),), page.encode()) == page.encode()


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_what_is_not_encoded_as_it_says(encoding):
    with pytest.raises(CaptureError, match="encoding" if encoding == b"unheard-of" else "is not "):
        decode_payload(((b"Content-Encoding", encoding),), b"\0\1\2<html>")


NOISE = random.Random(0).randbytes(300)


def test_chunks_that_were_cut_off_do_not_pass_for_the_whole():
    headers = ((b"Transfer-Encoding", b"chunked"),)
    payload = b"4\r\ntext\r\n3\r\nand\r\n0\r\n\r\n"
    assert decode_payload(headers, payload) == b"textand"
    for length in range(len(b"4\r\n"), len(payload) - len(b"0\r\n\r\n")):
        with pytest.raises(CaptureError, match="cut off"):
            decode_payload(headers, payload[:length])


@pytest.mark.parametrize(
    ("encoding", "payload"),
    [
        (b"gzip", gzip.compress(NOISE, mtime=0)),
        (b"deflate", zlib.compress(NOISE)),
        (b"deflate", raw_deflate(NOISE)),
        (b"br", brotli.compress(NOISE)),
    ],
)
def test_what_was_cut_off_does_not_pass_for_the_whole(encoding, payload):
    headers = ((b"Content-Encoding", encoding),)
    assert decode_payload(headers, payload) == NOISE
    for length in range(1, len(payload)):
        if not payload[:length].isascii():  # else it may pass for text
            with pytest.raises(CaptureError):
                decode_payload(headers, payload[:length])


def test_gzip_of_several_members():
    packed = gzip.compress(b"te") + gzip.compress(b"xt")
    assert decode_payload(((b"Content-Encoding", b"gzip"),), packed) == b"text"


GZIP = ((b"Content-Encoding", b"gzip"),)


@pytest.mark.parametrize("behind", [b"\0" * 8, b"\r\n", b"garbage", b"\0\0garbage", b"\0\x1f-"])
@pytest.mark.parametrize("members", [[NOISE], [NOISE[:9], NOISE[9:]]])
def test_what_stands_behind_gzip_is_passed_over(members, behind):
    packed = b"".join(gzip.compress(member, mtime=0) for member in members) + behind
    assert decode_payload(GZIP, packed) == gunzip(packed) == NOISE


def test_members_that_are_padded():
    packed = gzip.compress(NOISE[:9]) + b"\0" * 512 + gzip.compress(NOISE[9:])
    assert decode_payload(GZIP, packed) == gunzip(packed) == NOISE


def test_a_second_member_that_was_cut_off_does_not_pass_for_the_whole():
    first, second = (gzip.compress(NOISE, mtime=0),) * 2
    for length in range(1, len(second)):
        with pytest.raises(CaptureError, match="cut off"):
            decode_payload(GZIP, first + second[:length])


@pytest.mark.parametrize("digits", [9, 16, 17, 100_000])
def test_a_chunk_of_any_size_is_cut_off_or_whole(digits):
    headers = ((b"Transfer-Encoding", b"chunked"),)
    for before, text in ((b"", b""), (b"4\r\ntext\r\n", b"text")):
        payload = before + b"f" * digits + b"\r\nand more"
        with pytest.raises(CaptureError, match="cut off"):
            decode_payload(headers, payload)
        assert unchunked(headers, payload) == (text + b"and more", False)
    padded = b"0" * digits + b"4\r\ntext\r\n0\r\n\r\n"
    assert decode_payload(headers, padded) == b"text"


def test_payload_digest():
    assert payload_digest(b"") == "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"


def test_members_of_any_size_are_read_in_time() -> None:
    """As many as fit in 2 MB, and ones that are larger than what is read at once."""
    encoding = ((b"Content-Encoding", b"gzip"),)
    small, large = b"<p>kata</p>", b"<html>" + random.Random(1).randbytes(300_000)
    payload = gzip.compress(small) * 60_000 + gzip.compress(large) + b"\0" * 100
    started = time.process_time()
    assert decode_payload(encoding, payload) == small * 60_000 + large
    assert time.process_time() - started < 10, "it took a minute, and grew with the square"
