"""What a check of a journal comes to: problems, warnings, and what was gathered on the way."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy import Connection

from ledger.journal.entry import Entry
from ledger.journal.note import Verifier
from ledger.journal.tree import EMPTY_ROOT, Frontier
from ledger.records.journal_reading import StoredEntry

MOST_PROBLEMS = 50


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that does not hold. ``where``: triggers, entry, personal, rows, tile, epoch or checkpoint."""

    where: str
    text: str
    seq: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What was found, in the order of the checks. ``root`` is over all ``size`` entries."""

    publisher_id: str
    size: int
    root: bytes
    checkpoints: int
    problems: tuple[Problem, ...]
    warnings: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        return not self.problems

    @property
    def first(self) -> Problem | None:
        """The first thing that does not hold."""
        return self.problems[0] if self.problems else None


class RowCheck(Protocol):
    """Compares the desk's rows with the entries: one method a room supplies, one to end with."""

    def entry(self, connection: Connection, stored: StoredEntry, entry: Entry) -> str | None:
        """Called for each entry in order: what the rows say otherwise, or None."""
        ...

    def finish(self, connection: Connection, publisher_id: str) -> Iterable[str]:
        """Called after the last entry: rows that no entry accounts for."""
        ...


@dataclass(slots=True)
class Epoch:
    """An epoch.opened entry: the log ``number`` goes on at ``start``; ``previous`` is the old log's checkpoint.

    ``lost``: its keys or its checkpoint were lost; ``previous`` is then the newest that was left, or empty.
    """

    number: int
    start: int
    previous: str
    lost: bool = False


@dataclass(slots=True)
class State:
    connection: Connection
    publisher_id: str
    wanted: set[int]
    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    frontier: Frontier = field(default_factory=Frontier)
    roots: dict[int, bytes] = field(default_factory=lambda: {0: EMPTY_ROOT})
    levels: list[list[bytes]] = field(default_factory=list)
    tiles: int = 0
    epochs: list[Epoch] = field(default_factory=list)
    keys: list[tuple[int, Verifier]] = field(default_factory=list)  # (the entry, a public key that it names)
    missing: list[tuple[int, str, bytes]] = field(default_factory=list)
    personal: set[int] = field(default_factory=set)  # the entries that commit to personal data
    erased: set[str] = field(default_factory=set)

    def problem(self, where: str, text: str, seq: int | None = None) -> None:
        self.problems.append(Problem(where, text, seq))
