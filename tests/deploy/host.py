"""A machine on which the crawler is set up as deploy/README.md tells, inside one folder."""

from __future__ import annotations

import re
import shlex
import sys
from typing import TYPE_CHECKING

from tests.helpers import ROOT

if TYPE_CHECKING:
    from pathlib import Path

DEPLOY = ROOT / "deploy"


class Host:
    """A machine on which the crawler is set up as deploy/README.md says, inside one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.state = root / "var/lib/republika"
        self.database = self.state / "republika.db"
        self.log = root / "var/log/republika/crawl.log"
        self.env = root / "etc/republika.env"
        for folder in (self.state, self.log.parent, self.env.parent, root / "opt/republika"):
            folder.mkdir(parents=True)
        for name in ("scrapy.cfg", "crawler", "spiders", "pipelines"):
            (root / "opt/republika" / name).symlink_to(ROOT / name)
        (root / "opt/republika/.venv").symlink_to(sys.prefix)
        env = self.file("republika.env").replace("you@your.org", "operator@host.test")
        self.env.write_text(env)

    def file(self, name: str) -> str:
        """A file of deploy/, with the paths of this host."""
        return self.local((DEPLOY / name).read_text())

    def local(self, text: str) -> str:
        return re.sub(
            r"/(?=opt/republika|var/(lib|log|backups)/republika|etc/republika\.env)",
            f"{self.root}/",
            text,
        )

    def configure(self, **environment: object) -> None:
        """Add to republika.env."""
        with self.env.open("a") as file:
            file.writelines(
                f"{name}={shlex.quote(str(value))}\n" for name, value in environment.items()
            )
