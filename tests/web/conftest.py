"""The cast for the tests of the HTML door, and a client over the whole application."""

from collections.abc import Iterator

import pytest
from litestar.testing import TestClient

from ledger.app import create_app
from tests.cast import *  # noqa: F403
from tests.cast import Cast
from tests.web.browsing import Visitor


@pytest.fixture
def visitor(cast: Cast) -> Iterator[Visitor]:
    """A browser without scripts, not signed in."""
    app = create_app(cast.settings, cast.desk, cast.enqueue)
    with TestClient(app, base_url=cast.settings.base_url) as client:
        yield Visitor(client)
