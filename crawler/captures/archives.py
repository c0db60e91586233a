"""The archives that a user names: files, folders, patterns, addresses, and lists of them."""

from __future__ import annotations

import gzip
import zlib
from glob import glob
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit
from urllib.request import url2pathname

from crawler.captures.remote import check_addresses, matching, text_at
from crawler.captures.warc import WARC_SUFFIXES
from crawler.errors import ArchiveError, CaptureError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import TypeVar

    T = TypeVar("T")

_GZIP = b"\x1f\x8b"
# What Common Crawl's lists of files are relative to.
_COMMON_CRAWL = "https://data.commoncrawl.org/"
_ITS_FOLDER = "crawl-data/"
_PATTERN = "*?["


def archives(names: Sequence[str]) -> list[str]:
    """The archives of what a user names, each once: absolute paths and addresses.

    ``@list`` names a list of such names, a line each, packed by gzip or not. Raises ArchiveError
    for a name that leads to none.
    """
    found: dict[str, None] = {}
    for name in names:
        for one in _listed(name[1:]) if name.startswith("@") else [name]:
            found.update(dict.fromkeys(_named(one)))
    return list(found)


def is_address(name: str) -> bool:
    """Whether an archive lies elsewhere."""
    return "://" in name


def files_of(path: Path) -> list[Path]:
    """The file, or the WARC files of a folder."""
    if path.is_dir():
        return sorted(
            file.resolve() for file in path.rglob("*") if file.name.endswith(WARC_SUFFIXES)
        )
    return [path.resolve()] if path.is_file() else []


def _named(name: str) -> list[str]:
    if name.startswith("file:"):
        name = url2pathname(urlsplit(name).path)
    if is_address(name):
        return _matching(name)
    found = files_of(Path(name))
    if not found:
        # Absolute ones too.
        matching = sorted(map(Path, glob(name, recursive=True)))  # noqa: PTH207
        found = [file for match in matching for file in files_of(match)]
    if not found:
        raise ArchiveError(f"{name} is not a WARC file, nor a folder with one")
    return [str(file) for file in found]


def _matching(address: str) -> list[str]:
    """The address, or those that match it; what HTTP has cannot be listed."""
    check_addresses()
    if address.startswith("http") or not any(mark in address for mark in _PATTERN):
        return [address]
    found = _tried(lambda: matching(address))
    if not found:
        raise ArchiveError(f"{address} matches nothing")
    return found


def _listed(name: str) -> Iterator[str]:
    """What a list names; a relative name is taken from where the list lies, or Common Crawl's."""
    try:
        packed = _tried(lambda: text_at(name)) if is_address(name) else Path(name).read_bytes()
        data = gzip.decompress(packed) if packed.startswith(_GZIP) else packed
        lines = data.decode().splitlines()
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
        why = isinstance(error, OSError) and error.strerror
        message = f"the list {name} cannot be read: {why or 'it is neither text nor gzip'}"
        raise ArchiveError(message) from error
    lines = [line.strip() for line in lines if line.strip()]
    if not lines:
        raise ArchiveError(f"the list {name} is empty")
    for line in lines:
        yield line if is_address(line) else _from_list(name, line)


def _from_list(name: str, line: str) -> str:
    if is_address(name):  # from its server's root, as Common Crawl's lists have it
        return "/".join([*name.split("/")[:3], line.lstrip("/")])
    beside = Path(name).parent / line
    if line.startswith(_ITS_FOLDER) and not beside.exists():
        return urljoin(_COMMON_CRAWL, line)
    return str(beside)


def _tried(ask: Callable[[], T]) -> T:
    """What is asked; that there is no answer makes it a bad argument."""
    check_addresses()
    try:
        return ask()
    except CaptureError as error:
        raise ArchiveError(str(error)) from error
