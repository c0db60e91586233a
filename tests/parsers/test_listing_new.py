"""Listings in a layout that is new: all articles but what stands beside the list."""

from __future__ import annotations

from crawler.parsers.listing import parse_listing

URL = "https://republika.co.id/index/0"
IDS = [f"to{n:04}370" for n in range(1000, 1040)]


def link(identifier: str) -> str:
    return f'<a href="/berita/{identifier}/judul-{identifier}">Judul {identifier}</a>'


def listing(items: str, beside: str) -> str:
    return (
        f"<html><body><nav>{link('to0900370')}</nav><main>{items}</main>{beside}"
        f"<footer>{link('to0901370')}</footer></body></html>"
    )


ITEMS = "".join(
    f'<div class="k7"><span>Selasa, 10 Nov 2026 09:41 WIB</span>{link(identifier)}</div>'
    for identifier in IDS
)


def test_one_heading_in_a_side_box_hides_nothing() -> None:
    found = parse_listing(listing(ITEMS, f"<aside><h4>{link('to0902370')}</h4></aside>"), URL)
    assert [article.id for article in found] == IDS
    assert all(article.listed_at for article in found)


def test_side_boxes_in_the_class_of_an_older_list_hide_nothing() -> None:
    boxes = "".join(f'<div class="set_subkanal">{link(i)}</div>' for i in IDS[:5])
    found = parse_listing(listing(boxes + ITEMS, ""), URL)
    assert [article.id for article in found] == IDS


def test_the_most_read_are_left_out() -> None:
    beside = f'<div class="box-terpopuler">{link("to0903370")}</div>'
    found = parse_listing(listing(ITEMS, beside), URL)
    assert [article.id for article in found] == IDS
    assert found.links == len(IDS) + 3


def test_a_page_of_very_many_links_ends() -> None:
    many = "".join(link(f"t{n:05}370") for n in range(30_000))
    assert len(parse_listing(listing(many, ""), URL)) > 29_000
