"""Prices: a versioned tariff, and quotes that show their arithmetic. Money is in minor units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ledger.rights.uses import ProposedUse


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """``minor`` is in the currency's minor unit (cents); ``currency`` is ISO 4217."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if len(self.currency) != 3 or not self.currency.isalpha() or not self.currency.isupper():
            raise ValueError(
                f'"{self.currency}" is not a currency code of ISO 4217 (three capitals, such as "CAD")'
            )


class Measure(StrEnum):
    """What a band is counted in."""

    WORDS = "words"
    COPIES = "copies"
    VIEWS = "views"
    MONTHS = "months"
    FLAT = "flat"


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Up to ``up_to`` units (None: any number) the price is ``flat`` plus ``per_unit_milli`` thousandths
    of a minor
    unit for each unit."""

    up_to: int | None
    flat: int = 0
    per_unit_milli: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class BasePrice:
    """The price of one kind of use. ``match`` holds (field of the use, value) pairs that must all hold."""

    code: str
    label: str
    measure: Measure
    bands: tuple[Band, ...]
    match: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """Multiplies what stands so far: ``percent`` 150 is half as much again; 0 makes it free."""

    code: str
    label: str
    percent: int
    match: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    id: str
    version: int
    currency: str
    valid_from: date
    prices: tuple[BasePrice, ...]
    factors: tuple[Factor, ...] = ()
    minimum: int = 0
    round_to: int = 1  # minor units; rounded half up
    valid_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteLine:
    """One step of the arithmetic: what it is, how it was reckoned in words, and what it adds (minor
    units)."""

    code: str
    label: str
    working: str
    minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """The lines add up to the total. ``already_paid`` is set for a top-up: the total is only the
    difference. ``settled`` says, in English sentences, what is priced otherwise than it was asked for, and
    ``priced`` is the use that it says so of."""

    tariff_id: str
    tariff_version: int
    lines: tuple[QuoteLine, ...]
    total: Money
    already_paid: Money | None = None
    settled: tuple[str, ...] = ()
    priced: ProposedUse | None = None
