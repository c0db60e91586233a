"""What the tests of listing share."""

from __future__ import annotations

INDEX = "https://republika.co.id/index/0/2022/08/15"
CHILLI = "https://ekonomi.republika.co.id/berita/rgngo4900/harga-cabai"


def html(body: str) -> str:
    return f"<!DOCTYPE html><html><head><title>Indeks</title></head><body>{body}</body></html>"


CARD = """<li class="list-group-item list-border conten1"><a href="{url}">
  <div class="col-md-3"><div class="thumbnail"><div class="image"><img class="lazy" alt="{title}"
   data-original="https://static.republika.co.id/uploads/images/inpicture_widget/x.jpeg"></div>
  </div></div>
  <div class="col-md-9"><div class="caption"><div class="date">
    <span class="kanal-info">Pertanian</span> - {date}</div>
    <h3><span>{title}</span></h3></div></div></a></li>"""


def index(*cards: str) -> str:
    return html(f'<ul class="list-group wrap-latest">{"".join(cards)}</ul>')


def card(url: str = CHILLI, title: str = "Harga Cabai", date: str = "15 August 2022, 16:25") -> str:
    return CARD.format(url=url, title=title, date=date)
