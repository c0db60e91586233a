"""The cron lines of the standing searches, run as cron does it."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

from tests.helpers import fill
from tests.records import article

if TYPE_CHECKING:
    from tests.deploy.host import Host

# What is sent: the last argument but the address, and the address.
CURL = """#!/bin/sh
for one; do before=$last; last=$one; done
[ ! -e "$0.fails" ] || exit 22
echo "$last $before" >>"$0.sent"
"""


def test_new_articles_are_mailed_sent_and_pinged_once(host: Host) -> None:
    curl = host.root / "bin/curl"
    curl.parent.mkdir()
    curl.write_text(CURL)
    curl.chmod(0o755)
    sent, fails = curl.with_name("curl.sent"), curl.with_name("curl.fails")
    lines = [line for line in host.file("republika-watch.cron").splitlines() if line[:1] != "#"]
    variables = dict(line.split("=", 1) for line in lines if line[:1].isupper())
    jobs = [line.split(maxsplit=6)[6] for line in lines if line[:1].isdigit()]
    assert all("%" not in job for job in jobs), "cron makes a line feed of it"

    def run(job: str) -> str:
        return subprocess.run(
            [variables["SHELL"], "-c", job],
            cwd="/",
            env={"HOME": "/", **variables, "PATH": f"{curl.parent}:{variables['PATH']}"},
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ).stdout

    mail, hook, ping = jobs
    assert "there is no database" in run(ping)
    assert not sent.exists(), "a search that failed is not pinged for"
    title = 'Harga "Cabai" di $HOME `ls` Turun'
    fill(host.database, article("rgm001430", title=title, body="Petani panen.\n\nPasar ramai."))
    assert run(mail).startswith(f"{title}\n")
    assert run(mail) == ""
    fails.touch()
    assert run(hook).startswith("not sent: {"), "cron mails it"
    fails.unlink()
    fill(host.database, article("rgm002430", title=title, body="Lain."))
    assert run(hook) == ""
    address, text = sent.read_text().split(" ", 1)
    assert address == "https://hooks.your.org/republika"
    assert (json.loads(text)["id"], json.loads(text)["title"]) == ("rgm002430", title)
    sent.unlink()
    assert run(ping).startswith(f"{title}\n")
    assert run(ping) == ""
    assert sent.read_text().count("https://hc.your.org/ping/republika-watch") == 2
