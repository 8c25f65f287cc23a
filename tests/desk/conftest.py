"""The cast, with pages of our own to register."""

from pathlib import Path

import pytest

from tests.cast import *  # noqa: F403

PAGES = Path(__file__).parents[2] / "ledger" / "cli" / "demo_pages"


@pytest.fixture(scope="session")
def pages() -> dict[str, bytes]:
    """The demonstration's pages by name."""
    return {path.name: path.read_bytes() for path in PAGES.iterdir()}
