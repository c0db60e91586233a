"""Pages that are not an article: index, home, 404, robots.txt."""

from __future__ import annotations

from html import escape

from samples.articles.model import (
    HEADLINES,
    PAGE_DATE,
    Entry,
    slug,
)
from samples.pages.common import PLACEHOLDER, SCRIPT, SITE_LD, footer, menu, plain


def index(entries: tuple[Entry, ...], following: int | None) -> str:
    """A page of the date index; ``following`` is the offset of the next one."""
    items = "\n".join(_index_item(entry) for entry in entries)
    more = f"""
      <li class="list-group-item list-border wrap-loadmore">
        <div class="read-more">
          <div class="next-prev text-center">
            <a style="cursor: pointer" class="paging btn btn-danger" data-offset="{following}">\
Next</a>
          </div>
        </div>
      </li>"""
    return f"""<!DOCTYPE html>
<html lang="id">
<head>
  <meta charset="utf-8" />
  <title>Indeks Berita | Republika Online</title>
</head>
<body>
  <div class="topbar"><span class="date-now">{PAGE_DATE}</span></div>
  <div class="container-lit">
    <div class="date-filter" style="float:right">
      <form id="form-indeks" name="" method="post" action="/indeks/filter"></form>
    </div>

    <ul class="list-group wrap-latest">
{items}{more if following else ""}
    </ul>
  </div>
</body>
</html>
"""


def _index_item(entry: Entry) -> str:
    return f"""\
      <li class="list-group-item list-border conten1{" eksternal" if entry.external else ""}">
        <a href="{entry.url}">
          <div class="col-md-3">
            <div class="thumbnail">
              <div class="image">
                <img class="lazy" alt="{escape(entry.title)}" data-original="https://static.republika\
.co.id/uploads/images/inpicture_widget/{slug(entry.title)}.jpeg" src="{PLACEHOLDER}">
              </div>
            </div>
          </div>
          <div class="col-md-9">
            <div class="caption">
              <div class="date">
                <span class="kanal-info">{entry.kanal}</span> - {entry.printed:%d} August\
 {entry.printed:%Y, %H:%M}</div>
              <h3><span>{plain(entry.title)}</span></h3>
            </div>
          </div>
        </a>
      </li>"""


def home() -> str:
    """The home page, which the site shows in place of an article that was taken down."""
    items = "\n".join(
        f'<li class="list-group-item conten1"><a href="{link.href}"><div class="caption">'
        f'<div class="date"><span class="kanal-info">{kanal}</span> - {when}</div>'
        f"<h3><span>{plain(link.title)}</span></h3></div></a></li>"
        for kanal, when, link in HEADLINES
    )
    return f"""<!DOCTYPE html>
<html lang="id"><head><meta charset="utf-8">\
<title>Republika Online - Berita Terkini, Berita Terpopuler, Berita Hari Ini</title>
<meta name="description" content="Republika Online menyajikan berita terkini">\
<meta property="og:url" content="https://republika.co.id/">\
<link rel="canonical" href="https://republika.co.id/">
{SITE_LD}
{SCRIPT}
</head><body>
<div class="topbar"><span class="date-now">{PAGE_DATE}</span></div>
{menu("navbar-rol")}
<div class="main-content"><div class="main-content__left"><div class="kop-judul"><h2>Terkini</h2>\
 <a href="/indeks">Indeks</a></div>
<ul class="list-group wrap-latest">
{items}
</ul></div></div>
{footer()}
</body></html>
"""


def not_found() -> str:
    return """<!DOCTYPE html>
<html lang="id"><head><meta charset="utf-8"><title>404 | Republika Online</title></head>
<body><h1>404</h1><p>Halaman yang Anda cari tidak ditemukan.</p></body></html>
"""


def robots_txt() -> str:
    """Bots that the site shuts out by name, then the rules for all others."""
    named = ("Scrapy", "GPTBot", "ClaudeBot", "CCBot", "Bytespider", "Diffbot", "PerplexityBot")
    closed = "".join(f"User-agent: {bot}\nDisallow: /\n\n" for bot in named)
    rules = (
        "/search/?q=",
        "/komentar/*",
        "/copy/*",
        "/cron/*",
        "/curl/*",
        "/feed/*",
        "/post/*",
        "/ajax/*",
        "?utm_source=",
        "?source=",
    )
    open_to_all = "".join(f"Disallow: {rule}\n" for rule in rules)
    sitemap = "Sitemap: https://republika.co.id/files/xml/sitemap.xml\n"
    return f"{closed}User-agent: *\n{open_to_all}\n{sitemap}"
