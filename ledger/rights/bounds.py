"""Where and when: territories and periods."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ledger.rights.countries import COUNTRIES


@dataclass(frozen=True, slots=True, kw_only=True)
class Territory:
    """Countries by ISO 3166-1 alpha-2. ``included=None`` is the world; ``excluded`` is taken off either way.

    Raises ValueError naming the code when a country does not exist.
    """

    included: frozenset[str] | None = None
    excluded: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        for code in sorted((self.included or frozenset()) | self.excluded):
            if code not in COUNTRIES:
                raise ValueError(
                    f'"{code}" is not a country of ISO 3166-1 (two capital letters, such as "CA"); '
                    'for everywhere write "world"'
                )


WORLD = Territory()


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Calendar days, both ends included; ``None`` is open. Raises ValueError when it ends before it
    starts."""

    start: date | None = None
    end: date | None = None

    def __post_init__(self) -> None:
        if self.start and self.end and self.end < self.start:
            raise ValueError(
                f"the period ends on {self.end}, before it starts on {self.start}: swap the two dates"
            )


ALWAYS = Period()
