"""sqlite-utils without pandas and numpy, which it loads where they are installed.

It would only ask them for their types; they cost every command 80 MB and half a second.
"""

from __future__ import annotations

import sys

_LEFT_OUT = [name for name in ("numpy", "pandas") if name not in sys.modules]
for _name in _LEFT_OUT:
    sys.modules[_name] = None  # type: ignore[assignment]  # importing it fails
try:
    from sqlite_utils import Database, Migrations
finally:
    for _name in _LEFT_OUT:
        del sys.modules[_name]

__all__ = ["Database", "Migrations"]
