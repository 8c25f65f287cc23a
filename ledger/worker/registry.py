"""Who does what: handlers by name, and those that run once a day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ledger.records.sessions import Database
from ledger.records.task_runner import Task
from ledger.settings import Settings


@dataclass(frozen=True)
class Job:
    """What a handler is given. ``now`` is the worker's clock (UTC, aware)."""

    settings: Settings
    database: Database
    task: Task

    @property
    def payload(self) -> dict[str, Any]:
        """What was written down with the job."""
        return self.task.payload

    @property
    def now(self) -> datetime:
        """The time of this attempt."""
        return self.task.now


Handler = Callable[[Job], None]

HANDLERS: dict[str, Handler] = {}
DAILY: dict[str, int] = {}


def handler(name: str) -> Callable[[Handler], Handler]:
    """Register a handler for the jobs of a name."""

    def register(function: Handler) -> Handler:
        if name in HANDLERS:
            raise ValueError(f"There is a handler called {name!r} already.")
        HANDLERS[name] = function
        return function

    return register


def daily(name: str, *, hour: int = 6) -> Callable[[Handler], Handler]:
    """Register a handler that runs once a day, at ``hour`` UTC or as soon after it as a worker is there.

    Its payload is ``{"day": "2030-03-01"}``.
    """

    def register(function: Handler) -> Handler:
        DAILY[name] = hour
        return handler(name)(function)

    return register
