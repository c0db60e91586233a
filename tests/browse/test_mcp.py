"""`scrapy browse` with datasette-mcp: a program asks the archive, and changes nothing."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.request import Request

from tests.browse.archive import Archive
from tests.helpers import GUESTS, fill
from tests.records import article

if TYPE_CHECKING:
    from pathlib import Path

HELLO = {
    "protocolVersion": "2025-06-18",
    "capabilities": {},
    "clientInfo": {"name": "test", "version": "1"},
}


class Client:
    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.session: dict[str, str] = {}

    def ask(self, method: str, given: dict[str, Any], **headers: str) -> tuple[int, Any]:
        message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": given}
        kinds = {
            "content-type": "application/json",
            "accept": "application/json, text/event-stream",
        }
        request = Request(
            f"{self.archive.address}/-/mcp",
            json.dumps(message).encode(),
            {**kinds, **self.session, **headers},
        )
        try:
            with self.archive.direct.open(request, timeout=60) as answer:
                if session := answer.headers.get("mcp-session-id"):
                    self.session = {"mcp-session-id": session}
                text = answer.read().decode()
        except HTTPError as error:
            return error.code, error.read().decode()
        data = re.search(r"^data: (\{.*)", text, re.MULTILINE)
        return 200, json.loads(data[1] if data else text)

    def sql(self, sql: str) -> dict[str, Any]:
        given = {"database": "republika", "sql": sql}
        _, answer = self.ask("tools/call", {"name": "execute_sql", "arguments": given})
        return answer["result"]


def test_a_program_asks_by_mcp_and_changes_nothing(tmp_path: Path) -> None:
    database = fill(tmp_path / "republika.db", article("rgm001430", title="Panen Cabai"))
    before = database.read_bytes()
    with Archive(database, PYTHONPATH=str(GUESTS)) as archive:
        client = Client(archive)
        status, hello = client.ask("initialize", HELLO)
        assert (status, "serverInfo" in hello["result"]) == (200, True)
        found = client.sql("SELECT id, title FROM articles")
        assert found["structuredContent"]["rows"] == [{"id": "rgm001430", "title": "Panen Cabai"}]
        for sql in ("DELETE FROM articles", "SELECT 1; DELETE FROM articles", "ATTACH 'x' AS x"):
            assert client.sql(sql)["isError"], sql
        assert client.ask("initialize", HELLO, origin="https://elsewhere.example")[0] == 405
        assert archive.ask("/-/mcp", "DELETE").status == 405
        assert archive.ask("/", "POST", b"x").status == 405
    assert database.read_bytes() == before
