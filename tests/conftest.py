"""Shared by every room: the hypothesis profiles and the switch for the long run."""

import os

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "default",
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.register_profile("long", parent=settings.get_profile("default"), max_examples=10_000)
settings.load_profile("long" if os.environ.get("LEDGER_LONG") else "default")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the long run out unless asked for; fast rooms first, the browser last."""
    if not os.environ.get("LEDGER_LONG"):
        skip = pytest.mark.skip(reason="long run: make test-long")
        for item in items:
            if "long" in item.keywords:
                item.add_marker(skip)
    items.sort(key=lambda item: ("browser" in item.keywords, "postgres" in item.keywords))
