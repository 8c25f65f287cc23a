"""The cast at the JSON door."""

from tests.cast import *  # noqa: F403
