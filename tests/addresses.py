"""What the tests of urls share."""

from __future__ import annotations

R = "https://republika.co.id"
W = "https://www.republika.co.id"
NEWS = "https://news.republika.co.id"
