"""`scrapy browse`: read-only, this machine only, and nothing from elsewhere."""

from __future__ import annotations

import json
import re
import socket
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from tests.browse.archive import DASHBOARD, PUTIN, Archive

if TYPE_CHECKING:
    from pathlib import Path

# -- nobody else's ------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
@pytest.mark.parametrize("path", ["/", "/republika", "/-/messages", "/-/logout"])
def test_nothing_can_be_sent(sample: Archive, method: str, path: str) -> None:
    answer = sample.ask(path, method, b"sql=x" if method == "POST" else None)
    assert answer.status == 405


def test_head_is_answered(sample: Archive) -> None:
    assert sample.ask("/", "HEAD").status == 200


def test_queries_can_only_read(sample: Archive) -> None:
    before = sample.database.read_bytes()
    assert json.loads(sample.get("/republika.json", sql="select 1 as one", _shape="array")) == [
        {"one": 1}
    ]
    for sql in (
        "delete from articles",
        "select 1; delete from articles",
        "with x as (select 1) delete from articles",
        "pragma user_version = 9",
        "attach 'x.db' as x",
        "vacuum into '/tmp/x.db'",
        "explain delete from articles",
        "select load_extension('x')",
    ):
        answer = sample.ask(f"/republika.json?{urlencode({'sql': sql})}")
        assert answer.status == 400 or sql.startswith("explain"), sql
    endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n"
    answer = sample.ask(f"/republika.json?{urlencode({'sql': endless, '_timelimit': '100'})}")
    assert (answer.status, "too long" in answer.text) == (400, True)
    assert sample.database.read_bytes() == before
    assert sample.ask("/republika.db").status in {403, 404}


def test_only_this_machine_is_answered(sample: Archive) -> None:
    with pytest.raises(ConnectionRefusedError):  # as a server for all addresses would not
        socket.create_connection(("127.0.0.2", sample.port)).close()


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:{port}", 200),
        ("127.0.0.1:{port}", 200),
        ("127.0.0.1", 421),
        ("evil.example:{port}", 421),
        ("evil.example", 421),
        ("127.0.0.1:{port}.evil.example", 421),
        ("", 421),
    ],
)
def test_no_other_name_is_answered(sample: Archive, host: str, status: int) -> None:
    name = host.format(port=sample.port)
    assert sample.ask("/republika.json", Host=name).status == status


def test_plugins_of_others_are_left_out(empty: Archive, tmp_path: Path) -> None:
    (tmp_path / "others.py").write_text(
        "from datasette import hookimpl, Response\n"
        "@hookimpl\n"
        "def register_routes():\n"
        "    return [('^/$', lambda: Response.text('taken over'))]\n"
    )
    (tmp_path / "others-1.dist-info").mkdir()
    (tmp_path / "others-1.dist-info/METADATA").write_text("Name: others\nVersion: 1\n")
    (tmp_path / "others-1.dist-info/entry_points.txt").write_text("[datasette]\nothers = others\n")
    with Archive(empty.database, PYTHONPATH=str(tmp_path)) as archive:
        assert "No article is stored yet" in archive.get("/")
        assert "others" not in archive.get("/-/plugins.json")


def test_pages_may_load_nothing_from_elsewhere(sample: Archive) -> None:
    for path in ("/", PUTIN, DASHBOARD, "/republika", "/republika/articles", "/static/browse.css"):
        headers = sample.ask(path).headers
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'"), path
        assert not re.search(r"https?:|\*", policy), path
        assert headers["referrer-policy"] == "no-referrer"
        assert ("unsafe-eval" in policy) is (path == DASHBOARD)


def test_no_single_value_takes_the_memory(sample: Archive) -> None:
    answer = sample.ask("/republika.json?sql=select+randomblob(900000000)")
    assert answer.status == 400
    assert "string or blob too big" in answer.text
