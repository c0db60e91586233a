"""Moves the clock of a process by ``CLOCK_AHEAD`` seconds: Python runs this before all else.

`tests.site.Crawler` puts it on the path of crawls of a site whose clock was set. The crawler and
what it is built on ask `time.time`.
"""

import os
import time

_time = time.time
time.time = lambda: _time() + float(os.environ.get("CLOCK_AHEAD", "0"))
