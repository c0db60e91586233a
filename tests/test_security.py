"""A page, a feed or an archive leads nowhere, and costs only itself."""

from __future__ import annotations

import gzip
import re
import time
import zlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import brotli
import pytest
from scrapy import Request

from crawler.crawl.politeness import OtherSite, OwnHostsMiddleware
from tests import site as played
from tests.helpers import wait_for
from tests.site import Crawler

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.site import Site

NEWS: dict[str, Any] = {"host": "news.republika.co.id", "section": ("News", "Umum")}
NOW = "2022-08-15T12:00:00+07:00"
# What a terminal obeys, and what turns a text around: but for tab and line break.
COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


# --- requests ---------------------------------------------------------------------------------

ELSEWHERE = (
    "https://contoh.id#@republika.co.id/berita/rgmwym370/judul",
    "https://contoh.id?@republika.co.id/berita/rgmwym370/judul",
    "https://contoh.id;@republika.co.id/berita/rgmwym370/judul",
    "https://contoh.id\\@republika.co.id/berita/rgmwym370/judul",
    "https://republika.co.id@contoh.id/berita/rgmwym370/judul",
    "https://republika.co.id:443@contoh.id/berita/rgmwym370/judul",
    "https://republika.co.id.contoh.id/berita/rgmwym370/judul",
    "https://contohrepublika.co.id/berita/rgmwym370/judul",
    "https://republika.co.id:8443/berita/rgmwym370/judul",
    "//contoh.id/berita/rgmwym370/judul",
    "http://127.0.0.1/berita/rgmwym370/judul",
    "http://[::1]/berita/rgmwym370/judul",
    "http://169.254.169.254/latest/meta-data/",
    "http://localhost:8001/",
    "file:///etc/hostname",
    "ftp://republika.co.id/berita/rgmwym370/judul",
    "data:text/html,<title>Judul</title>",
)


@pytest.mark.parametrize("url", [url for url in ELSEWHERE if not url.startswith("//")])
def test_what_is_not_the_site_s_is_not_asked(url: str) -> None:
    with pytest.raises(OtherSite):
        OwnHostsMiddleware().process_request(Request(url))


@pytest.mark.parametrize(
    "url",
    [
        "https://republika.co.id/berita/rgmwym370/judul",
        "http://news.republika.co.id:80/berita/rgmwym370/judul",
        "https://WWW.Republika.co.id:443/",
        "https://ekbis.co/berita/rgmwym370/a@contoh.id",
    ],
)
def test_what_is_the_site_s_is_asked(url: str) -> None:
    OwnHostsMiddleware().process_request(Request(url))


def leading_away(url: str, right: played.Response) -> played.Response:
    """The page with every kind of link in its head and text turned elsewhere."""
    away = "https://contoh.id/berita/rgmwym370/judul"
    head = (
        f'<base href="{away}"><link rel="canonical" href="{away}">'
        f'<link rel="amphtml" href="{away}"><meta property="og:url" content="{away}">'
        f'<script src="{away}"></script>'
    )
    text = f'<iframe src="{away}"></iframe><a href="{away}-part2">2</a><img src="{away}">'
    own = r'<link rel="canonical"[^>]*>|<meta property="og:url"[^>]*>'
    body = re.sub(own, "", right.body.decode())
    body = body.replace("<head>", f"<head>{head}").replace("<p>", f"{text}<p>", 1)
    return replace(right, body=body.encode())


def test_no_request_leaves_the_site(website: Site, tmp_path: Path) -> None:
    turned, refreshed, *moved = website.publish(len(ELSEWHERE) + 2, **NEWS)
    refresh = '<meta http-equiv="refresh" content="0; url=https://contoh.id/">'
    website.misbehave(refreshed.id, played.content(f"<html><head>{refresh}</head></html>"))
    website.misbehave(turned.id, leading_away)
    for story, url in zip(moved, ELSEWHERE, strict=True):
        website.misbehave(story.id, played.redirect(url))
    links = "".join(f"<item><title>a</title><link>{url}</link></item>" for url in ELSEWHERE)
    items = "".join(f"<url><loc>{url.replace('&', '&amp;')}</loc></url>" for url in ELSEWHERE)
    away = "https://contoh.id/feed.xml"
    laughs = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
    bomb = (
        f'<!DOCTYPE rss SYSTEM "{away}" [<!ENTITY a0 SYSTEM "file:///etc/hostname">{laughs}'
        f'<!ENTITY % b SYSTEM "http://127.0.0.1/">%b;]><rss><item><title>&a9;</title>'
        f"<link>{turned.url}</link></item></rss>"
    )
    sitemap = f"<urlset><sitemap><loc>{away}</loc></sitemap>{items}</urlset>"
    website.misbehave("/rss/nasional", played.content(f"<rss>{links}</rss>", played.XML))
    website.misbehave("/rss/ekonomi", played.content(bomb, played.XML))
    website.misbehave("/rss/khazanah", played.redirect(away))
    website.misbehave("/rss/otomotif", played.redirect("file:///etc/hostname"))
    website.misbehave("/sitemap.xml", played.content(sitemap, played.XML))
    website.misbehave(f"https://{moved[0].host}/robots.txt", played.redirect(away), times=1)
    crawler = Crawler(tmp_path, website)
    done = crawler.crawl("latest", RETRY_TIMES=0)
    again = crawler.crawl("latest", RETRY_TIMES=0)
    assert "Traceback" not in done.stderr + again.stderr
    assert again.returncode == 1, "most of its articles failed"
    asked = website.requests
    assert {one.host for one in asked} == {
        *("republika.co.id", "www.republika.co.id", "news.republika.co.id")
    }
    assert 403 not in {one.status for one in asked}, "which others are refused with"
    states = {row["id"]: row["state"] for row in crawler.rows("SELECT id, state FROM pages")}
    assert states.pop(turned.id) == "stored"
    assert set(states) == {story.id for story in (refreshed, *moved)}
    assert set(states.values()) == {"failed"}
    (article,) = crawler.rows("SELECT url, title, body FROM articles")
    assert tuple(article) == (turned.url, turned.title, "\n\n".join(turned.paragraphs))


def test_a_crawl_listens_at_no_port(website: Site, tmp_path: Path) -> None:
    website.publish(3, **NEWS)
    website.misbehave("/index/", played.hang())
    crawler = Crawler(tmp_path, website)
    with crawler.start("latest") as process:
        wait_for(lambda: website.asked("/index/"))
        of_process = Path(f"/proc/{process.pid}")
        links = [str(fd.readlink()) for fd in (of_process / "fd").iterdir()]
        states = {}  # of sockets, by their inodes
        for table in ("tcp", "tcp6", "udp", "udp6"):
            for line in (of_process / "net" / table).read_text().splitlines()[1:]:
                fields = line.split()
                states[f"socket:[{fields[9]}]"] = fields[3]
        process.kill()
    own = [states[link] for link in links if link in states]
    assert own
    assert set(own) == {"01"}, "established: it reaches the site, and nobody reaches it"


# --- answers that become huge -----------------------------------------------------------------

HUGE = 512 * 2**20  # bytes


def gzip_bomb() -> bytes:
    return gzip.compress(bytes(2**24), 9) * (HUGE // 2**24)


def deflate_bomb() -> bytes:
    packer = zlib.compressobj(9, wbits=-15)
    packer.compress(bytes(2**16))
    packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(bytes(2**24)) + packer.flush(zlib.Z_FULL_FLUSH)  # alike each time
    return block * (HUGE // 2**24) + packer.flush()


def brotli_bomb() -> bytes:
    packer = brotli.Compressor(quality=1)
    return b"".join(packer.process(bytes(2**24)) for _ in range(HUGE // 2**24)) + packer.finish()


def peak_memory(pid: int) -> int:
    """The most that a process has held so far, in bytes; 0 where there is no telling."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    peak = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(peak[1]) * 1024 if peak else 0


@pytest.mark.parametrize(
    ("encoding", "bomb"), [("gzip", gzip_bomb), ("deflate", deflate_bomb), ("br", brotli_bomb)]
)
def test_an_answer_that_becomes_huge_costs_only_itself(
    website: Site, tmp_path: Path, encoding: str, bomb: Callable[[], bytes]
) -> None:
    bad, good = website.publish(2, **NEWS)
    packed = bomb()
    assert len(packed) < HUGE / 500
    website.misbehave(bad.id, played.answer(200, packed, Content_Encoding=encoding))
    crawler = Crawler(tmp_path, website)
    with crawler.start("article", "-a", f"url={bad.url},{good.url}", RETRY_TIMES=0) as process:
        most = 0  # what getrusage tells includes what this process held when it started that one
        while process.poll() is None:
            most = max(most, peak_memory(process.pid))
            time.sleep(0.02)
    assert process.returncode == 0, crawler.log.read_text()
    assert most < HUGE / 2, "it was never held"
    pages = {row["id"]: row for row in crawler.rows("SELECT * FROM pages")}
    assert pages[good.id]["state"] == "stored"
    assert pages[bad.id]["state"] == "failed"
    assert "exceeded DOWNLOAD_MAXSIZE" in pages[bad.id]["reason"]
    # Kept raw all the same, and no more to be read from there.
    (capture,) = crawler.rows("SELECT length FROM captures WHERE article_id = ?", bad.id)
    assert 0 < capture["length"] < 2 * len(packed)
    again = crawler.scrapy("reparse", "--jobs", "1")
    assert again.returncode == 1
    assert "unhealthy: the payload is larger than 32 MB: 1" in again.stderr.splitlines()
    assert "found 1: 0 new, 0 updated, 1 unchanged" in again.stdout
