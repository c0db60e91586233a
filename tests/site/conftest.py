"""What the tests of the played site share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.site.client import NOON

if TYPE_CHECKING:
    from tests.site import Site, Story


@pytest.fixture
def story(website: Site) -> Story:
    (story,) = website.publish(until=NOON, host="ekonomi.republika.co.id")
    return story
