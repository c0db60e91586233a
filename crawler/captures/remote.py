"""Archives at addresses, `https://` and what else fsspec knows, read as one stream each."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, BinaryIO

from crawler import __version__
from crawler.captures.stream import Broken, Stream
from crawler.errors import ArgumentError, CaptureError

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    T = TypeVar("T")

PAUSES = (1.0, 5.0)  # seconds before an archive is asked for again
_SILENCE = 60  # seconds without a byte, after which it is
_GONE = (401, 404, 410)  # HTTP statuses for which it is not


def check_addresses() -> None:
    """Raise ArgumentError where addresses cannot be read."""
    try:
        import aiohttp  # noqa: F401
        import fsspec  # noqa: F401
    except ImportError:
        raise ArgumentError(
            "archives at addresses need the extra `cluster`: pip install '.[cluster]'"
        ) from None


def stamp_at(address: str) -> tuple[int, str]:
    """The size of what lies there, and its etag or moment of change; raises CaptureError."""
    info = _asked(address, lambda system, path: system.info(path))
    return _size(info, address), _stamp(info)


def matching(address: str) -> list[str]:
    """The addresses that a pattern with ``*`` matches; raises CaptureError."""
    found = _asked(address, lambda system, path: system.glob(path))
    scheme = address.partition("://")[0]
    return sorted(name if "://" in name else f"{scheme}://{name}" for name in found)


def text_at(address: str) -> bytes:
    """All that lies there; raises CaptureError."""
    return _asked(address, lambda system, path: bytes(system.cat_file(path)))


def opened(address: str) -> tuple[Stream, str]:
    """The archive as a stream, and its stamp: two requests; raises CaptureError."""

    def open_at(system: Any, path: str) -> tuple[Stream, str]:
        info = system.info(path)
        size = _size(info, address)
        # As one answer, where HTTP gives it; with a size nothing is asked for but that.
        how = {"block_size": 0, "size": size} if address.startswith("http") else {}
        file: BinaryIO = system.open(path, "rb", **how)
        return Stream(file, size, address), _stamp(info)

    return _asked(address, open_at)


def persistently(read: Callable[[], T]) -> T:
    """What ``read`` gives; where a transfer breaks it is called again, after a pause."""
    for pause in PAUSES:
        try:
            return read()
        except Broken:
            time.sleep(pause)
    return read()


def _asked(address: str, ask: Callable[[Any, str], T]) -> T:
    import fsspec

    try:
        system, path = fsspec.core.url_to_fs(address, **_options(address))
        return ask(system, path)
    except CaptureError:
        raise
    except ImportError as error:  # as of s3fs
        raise ArgumentError(f"{address} cannot be read without another package: {error}") from None
    except FileNotFoundError as error:
        # As which fsspec also tells of a server that fails, or is not reached.
        cause = error.__cause__
        if isinstance(cause, Exception) and getattr(cause, "status", None) not in _GONE:
            raise _trouble(address, cause) from error
        raise CaptureError(f"{address} is not there") from None
    except Exception as error:  # each kind of storage has its own
        raise _trouble(address, error) from error


def _trouble(address: str, error: Exception) -> CaptureError:
    """What went wrong with an address, in one line."""
    status = getattr(error, "status", None)
    told = f"HTTP {status}" if status else " ".join(str(error).split()) or type(error).__name__
    kind = CaptureError if status in _GONE else Broken
    return kind(f"{address} cannot be read: {told}")


def _options(address: str) -> dict[str, Any]:
    if not address.startswith("http"):
        return {}
    from aiohttp import ClientTimeout

    return {
        "headers": {
            "User-Agent": f"republika-crawler/{__version__}",
            "Accept-Encoding": "identity",
        },
        "client_kwargs": {
            "trust_env": True,  # proxies
            "timeout": ClientTimeout(total=None, sock_connect=_SILENCE, sock_read=_SILENCE),
        },
    }


def _size(info: dict[str, Any], address: str) -> int:
    if info.get("size") is None:
        raise CaptureError(f"{address}: its server tells no size, so that a part would not be seen")
    return int(info["size"])


def _stamp(info: dict[str, Any]) -> str:
    names = ("ETag", "etag", "Last-Modified", "LastModified", "mtime")
    return next((str(info[name]) for name in names if info.get(name)), "")
