"""Rounds: the same act for each of many, on which one that cannot be done must not keep the others waiting."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from ledger.records.failures import RecordsUnavailable, Stale

log = logging.getLogger("ledger.desk")

One = TypeVar("One")


class SomeLeft(Exception):
    """The round is over, but some could not be done; it is harmless to make it again."""


def for_each(many: Iterable[One], act: Callable[[One], object], name_of: Callable[[One], str]) -> int:
    """Do ``act`` for each; how many there were. One that somebody else has just done counts as done.

    Raises ``SomeLeft`` after the last when any failed (each is logged by its name), so that a job is tried again, and
    ``RecordsUnavailable`` at once, for then none can be done.
    """
    count, failed = 0, []
    for one in many:
        count += 1
        try:
            act(one)
        except Stale:
            continue
        except RecordsUnavailable:
            raise
        except Exception:
            log.exception("%s could not be done", name_of(one))
            failed.append(name_of(one))
    if failed:
        raise SomeLeft(f"{len(failed)} of {count} could not be done, {failed[0]} among them; see the log.")
    return count
