"""Shared by every room: the hypothesis profiles and the switch for the long run."""

import os

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "default",
    max_examples=200,
    derandomize=bool(os.environ.get("CI")),  # the same cases on every check; new ones at every desk
    deadline=None,
    # Filtering depends on the dice; a test that filters much is a matter of speed and not of right or wrong.
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.filter_too_much,
    ],
)
settings.register_profile("long", parent=settings.get_profile("default"), max_examples=10_000)
settings.load_profile("long" if os.environ.get("LEDGER_LONG") else "default")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the long run out unless asked for; fast rooms first, the browser last.

    Side by side (``-n 2``) it is the other way round: the long files are begun first, so that no process is left
    with one of them at the end.
    """
    if not os.environ.get("LEDGER_LONG"):
        skip = pytest.mark.skip(reason="long run: make test-long")
        for item in items:
            if "long" in item.keywords:
                item.add_marker(skip)
    side_by_side = hasattr(config, "workerinput")
    items.sort(
        key=lambda item: ("browser" in item.keywords, "postgres" in item.keywords), reverse=side_by_side
    )
