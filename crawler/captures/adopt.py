"""Captures of another machine taken into the folder of these, each under its machine's name."""

from __future__ import annotations

import os
import shutil
from pathlib import PurePath
from typing import TYPE_CHECKING

from crawler.errors import ArchiveError, CaptureError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

_OPENING = 2**12  # bytes in which every WARC differs: its first record has an id of its own


def adopt(
    names: Iterable[str], origin: Path | None, folder: Path, progress: Callable[[int], None]
) -> list[str]:
    """Link, or else copy, these files of ``origin`` into ``folder``; gives those that are nowhere.

    A file that is there stays, unless it has grown since. Raises ArchiveError, before anything is
    linked, where another file has its name, or a name leads out of the folder, and CaptureError for
    one that cannot be copied.
    """
    known = list(names)
    if outside := next((name for name in known if ".." in PurePath(name).parts), None):
        raise ArchiveError(f"{outside} leads out of the captures of {origin}")
    pairs = [(origin / name, folder / name) for name in known] if origin else []
    found = [(path, target) for path, target in pairs if path.is_file()]
    new = [(path, target) for path, target in found if _is_new(path, target)]
    for done, (path, target) in enumerate(new):
        progress(done)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            _bring(path, target)
        except OSError as error:
            raise CaptureError(f"{target} cannot be written: {error.strerror}") from error
    return [name for name in known if not (folder / name).is_file()]


def _is_new(path: Path, target: Path) -> bool:
    """Whether a file is not there yet, or has grown."""
    try:
        there, here = path.stat(), target.stat()
        if os.path.samestat(there, here):
            return False
        if not _begin_alike(path, target):
            raise ArchiveError(f"{target} is another file than {path}: give its machine a new name")
    except FileNotFoundError:
        return True
    except OSError as error:
        raise ArchiveError(f"{error.filename} cannot be read: {error.strerror}") from error
    return there.st_size > here.st_size


def _begin_alike(*paths: Path) -> bool:
    openings = []
    for path in paths:
        with path.open("rb") as file:
            openings.append(file.read(_OPENING))
    size = min(map(len, openings))
    return openings[0][:size] == openings[1][:size]


def _bring(path: Path, target: Path) -> None:
    """Under another name first, so that under its own it is whole."""
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    try:
        os.link(path.resolve(), part)  # the file itself, where it is a symbolic link
    except OSError:  # another file system, or one that knows no links
        shutil.copyfile(path, part)
        with part.open("rb") as file:
            os.fsync(file.fileno())
    part.replace(target)
