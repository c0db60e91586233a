"""The pages of the archive, as a plugin of Datasette."""

# mypy: disable-error-code="untyped-decorator"

from __future__ import annotations

import re
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datasette import hookimpl  # type: ignore[import-untyped]
from datasette.database import QueryInterrupted  # type: ignore[import-untyped]
from datasette.utils.asgi import NotFound, Response  # type: ignore[import-untyped]
from markupsafe import Markup

from crawler.browse import article, listing
from crawler.browse.asked import Query
from crawler.browse.feed import TYPE, atom
from crawler.browse.files import CONTENT_TYPES, MOST, command, in_file
from crawler.browse.metadata import HAS_ARTICLES
from crawler.browse.versions import compare
from crawler.captures.raw import raw_page
from crawler.errors import CaptureError
from crawler.query.filter import add_functions
from crawler.query.forms import forms_in
from crawler.query.search import named
from crawler.query.words import hints, parse_query

if TYPE_CHECKING:
    from datasette.app import Datasette  # type: ignore[import-untyped]
    from datasette.utils.asgi import Request

NAME = "republika-browse"  # of this plugin
DATABASE = "republika"  # its name here, whatever the file is called
DASHBOARD = f"/-/dashboards/{DATABASE}"

# What pages of the web said stands on these, so that no script at all runs on them.
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'"
    "; frame-ancestors 'none'"
)
# Without scripts, forms and whatever is elsewhere; what stands in a raw page itself is shown.
_SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_LATE = "That took too long. Give fewer days, or rarer words; scrapy export has no limit.\n"
_COLUMNS = re.compile(r'(<dl class="column-descriptions">.*?</dl>)', re.DOTALL)
_FOLDED = "<details class='columns'><summary>What the columns mean</summary>"
_ID = "(?P<id>[a-z0-9-]+)"  # those of 2004-10 have a hyphen: online-195393
_RUNS = "SELECT * FROM runs ORDER BY id DESC LIMIT 15"


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """The archive takes the place of Datasette's first page, an article that of its row."""
    return [
        ("^/$", _archive),
        ("^/feed.atom$", _feed),
        (f"^/{DATABASE}/articles/{_ID}/versions/(?P<revision>[0-9]+)$", _versions),
        (f"^/{DATABASE}/captures/(?P<number>[0-9]{{1,15}})/page$", _raw),
        ("^/articles.(?P<form>csv|jsonl)$", _file),
        (f"^/{DATABASE}/articles/{_ID}$", _article),
    ]


@hookimpl
def prepare_jinja2_environment(env: Any) -> None:
    """Give the templates what they need."""
    env.filters["moment"] = article.moment
    env.filters["fold_columns"] = _fold_columns
    env.globals["dashboard_url"] = DASHBOARD


@hookimpl(trylast=True)
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Search the tables as the archive; Datasette's own function leaves mistakes in a search."""
    add_functions(conn)
    forms = forms_in(conn)
    conn.create_function("escape_fts", 1, lambda words: parse_query(words, forms))


@hookimpl
def extra_template_vars(template: str, request: Request, datasette: Datasette) -> Any:
    """What the dashboard shows beside its charts, and whether there is anything to draw."""

    async def of_dashboard() -> dict[str, Any]:
        db = datasette.get_database(DATABASE)
        days = {name: request.args.get(name) or "" for name in ("since", "until")}
        return {
            "runs": (await db.execute(_RUNS)).rows,
            "has_articles": bool((await db.execute(HAS_ARTICLES, days)).rows),
            "is_empty": await _is_empty(db),
        }

    return of_dashboard if template == "dashboard_view.html" else {}


def _fold_columns(html: str) -> Markup:
    """A page of a table with what its columns mean folded up, so that its rows come first."""
    return Markup(_COLUMNS.sub(rf"{_FOLDED}\1</details>", str(html), count=1))  # noqa: S704  # as rendered


async def _archive(request: Request, datasette: Datasette) -> Any:
    db = datasette.get_database(DATABASE)
    query = Query.of(request.args)
    if article_id := await db.execute_fn(lambda connection: named(connection, query.words)):
        return Response.redirect(f"/{DATABASE}/articles/{article_id}")
    context: dict[str, Any] = {"query": query, "hints": [*hints(query.words)], "command": command}
    try:
        context |= await listing.find(db, query)
    except QueryInterrupted:
        context["is_late"] = True
    else:
        context["last_page"] = -(-context["total"] // listing.PAGE_SIZE)
        context["is_empty"] = await _is_empty(db)
    return await _page(datasette, request, "archive.html", context)


async def _feed(request: Request, datasette: Datasette) -> Any:
    query = Query.of(request.args)
    site = f"http://{request.host}"
    try:
        articles = await listing.newest(datasette.get_database(DATABASE), query)
    except QueryInterrupted:
        return Response.text(_LATE, status=503)
    feed = atom(query.title, site + query.link("/feed.atom"), site + query.link(), articles)
    return Response(feed, content_type=TYPE)


async def _file(request: Request, datasette: Datasette) -> Any:
    db, query = datasette.get_database(DATABASE), Query.of(request.args)
    form = request.url_vars["form"]
    asked = await listing.wanted(db, query)
    limit = min(query.limit or MOST, MOST)
    try:
        content = await db.execute_fn(lambda connection: in_file(connection, asked, form, limit))
    except sqlite3.OperationalError as error:
        if "interrupted" not in str(error):
            raise
        return Response.text(_LATE, status=503)
    return Response(
        content,
        headers={"Content-Disposition": f"attachment; filename=articles.{form}"},
        content_type=CONTENT_TYPES[form],
    )


async def _article(request: Request, datasette: Datasette) -> Any:
    article_id = request.url_vars["id"]
    found = await article.read(datasette.get_database(DATABASE), article_id)
    if found is None:
        raise NotFound(f"There is no article {article_id} here.")
    context = {"article": found, "query": Query()}
    return await _page(datasette, request, "article.html", context)


async def _versions(request: Request, datasette: Datasette) -> Any:
    named = request.url_vars
    found = await compare(datasette.get_database(DATABASE), named["id"], named["revision"])
    if found is None:
        raise NotFound("There is no such revision here.")
    return await _page(datasette, request, "versions.html", {"versions": found})


async def _raw(request: Request, datasette: Datasette) -> Any:
    folder = datasette.plugin_config(NAME)["captures"]
    number = int(request.url_vars["number"])
    try:
        if folder is None:
            raise CaptureError("CAPTURES is empty: no pages are kept")
        page = await datasette.get_database(DATABASE).execute_fn(
            lambda connection: raw_page(connection, Path(folder), number)
        )
    except CaptureError as error:
        return Response.text(f"{error}\n", status=404)
    if page is None:
        raise NotFound("There is no such capture here.")
    content, kind = page
    return Response(content, headers={"Content-Security-Policy": _SANDBOX}, content_type=kind)


async def _page(
    datasette: Datasette, request: Request, template: str, context: dict[str, Any]
) -> Any:
    html = await datasette.render_template(template, context, request=request)
    return Response.html(html, headers={"Content-Security-Policy": _POLICY})


async def _is_empty(db: Any) -> bool:
    return not (await db.execute("SELECT 1 FROM articles LIMIT 1")).rows
