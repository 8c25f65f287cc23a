"""What a benchmark found, beside what it should: a line as it is found, and a table of all at the end.

A goal that is missed is printed, never a failure: other work on the machine is not the code's fault.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

RESULTS = "LEDGER_BENCH_RESULTS"
"""The environment variable with the file that the lines of one ``make bench`` are collected in."""


@dataclass(frozen=True)
class Found:
    """One figure. ``goal`` reads "at least 0.45x"; ``met`` is None where there is none."""

    what: str
    value: float
    unit: str
    goal: str
    met: bool | None

    @property
    def verdict(self) -> str:
        """For the reader: ok, MISSED, or nothing."""
        return {True: "ok", False: "MISSED", None: ""}[self.met]


def at_least(what: str, value: float, goal: float, figures: str = "", unit: str = "x") -> Found:
    """A figure that should not be smaller than ``goal``."""
    return _told(Found(what, value, unit, f"at least {goal:g}{unit}", value >= goal), figures)


def at_most(what: str, value: float, goal: float, figures: str = "", unit: str = "x") -> Found:
    """A figure that should not be larger than ``goal``."""
    return _told(Found(what, value, unit, f"at most {goal:g}{unit}", value <= goal), figures)


def no_goal(what: str, value: float, figures: str = "", unit: str = "x") -> Found:
    """A figure to look at."""
    return _told(Found(what, value, unit, "no goal", None), figures)


def table(found: list[Found]) -> str:
    """All of them, one a line: the verdict, the figure, the goal and what it is."""
    rows = [
        f"{each.verdict:6}  {each.value:9.2f}{each.unit:3}  {each.goal:16}  {each.what}" for each in found
    ]
    missed = sum(each.met is False for each in found)
    held = sum(each.met is True for each in found)
    return "\n".join([*rows, f"{held} goals met, {missed} missed"])


def collected(file: Path) -> list[Found]:
    """What the benchmarks of one run have told."""
    return [Found(**json.loads(line)) for line in file.read_text().splitlines()] if file.exists() else []


def _told(found: Found, figures: str) -> Found:
    said = ", ".join(part for part in (found.goal, found.verdict) if part)
    behind = f"; {figures}" if figures else ""
    print(f"{found.what}: {found.value:.2f}{found.unit} ({said}{behind})", flush=True)
    if file := os.environ.get(RESULTS):
        with Path(file).open("a") as kept:
            kept.write(json.dumps(asdict(found)) + "\n")
    return found
