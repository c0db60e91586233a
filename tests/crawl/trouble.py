"""What the tests of trouble share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from tests.site import Story
NEWS: dict[str, Any] = {"host": "news.republika.co.id", "section": ("News", "Umum")}


def articles(folder: Path, *stories: Story | str) -> tuple[str, ...]:
    """The arguments that ask for these, by a file of their addresses."""
    file = folder / "urls.txt"
    urls = (story if isinstance(story, str) else story.url for story in stories)
    file.write_text("".join(f"{url}\n" for url in urls))
    return ("article", "-a", f"file={file}")
