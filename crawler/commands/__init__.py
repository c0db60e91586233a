"""The commands, each a process of its own.

In it sqlite-utils does without pandas and numpy, which it loads where they are installed: it would
only ask them for their types, and they cost a command 80 MB and half a second. Not so in a program
that imports this project's other modules, whose sqlite-utils is its own.
"""

from __future__ import annotations

import sys

_LEFT_OUT = [name for name in ("numpy", "pandas") if name not in sys.modules]
for _name in _LEFT_OUT:
    sys.modules[_name] = None  # type: ignore[assignment]  # importing it fails
try:
    import sqlite_utils  # noqa: F401
finally:
    for _name in _LEFT_OUT:
        del sys.modules[_name]
