"""The cast for the tests of the HTML door, and a client over the whole application."""

from collections.abc import Iterator

import pytest
from litestar.testing import TestClient

from tests.application import application
from tests.cast import *  # noqa: F403
from tests.cast import Cast
from tests.web.browsing import Visitor


@pytest.fixture
def visitor(cast: Cast) -> Iterator[Visitor]:
    """A browser without scripts, not signed in."""
    app = application(cast)
    with TestClient(app, base_url=cast.settings.base_url) as client:
        yield Visitor(client)
