"""The axes along which a rule or a grant is bounded. ``None`` on an axis means: not bounded there.

The set algebra on these axes (inclusion, intersection) is in ``scope_algebra.py``.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any

from ledger.rights.bounds import ALWAYS, WORLD, Period, Territory
from ledger.rights.uses import (
    Channel,
    Duration,
    ExtentUnit,
    Format,
    Product,
    Purpose,
    QuantityUnit,
    RequesterType,
)

__all__ = ["ALWAYS", "ANY_SCOPE", "WORLD", "Axis", "Cap", "Extent", "Period", "Scope", "Territory"]


class Axis(StrEnum):
    """The name of an axis, as it stands in a shortfall or a refusal."""

    ACTION = "action"
    COMPONENT = "component"
    CHANNEL = "channel"
    PURPOSE = "purpose"
    COMMERCIAL = "commercial"
    REQUESTER = "requester"
    PRODUCT = "product"
    TERRITORY = "territory"
    LANGUAGE = "language"
    PERIOD = "period"
    FORMAT = "format"
    QUANTITY = "quantity"
    EXTENT = "extent"
    EDITION = "edition"
    EXCLUSIVITY = "exclusivity"
    SUBLICENSING = "sublicensing"
    TITLE = "title"
    CONDITION = "condition"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """At most so many of a unit: copies printed, views, recipients."""

    unit: QuantityUnit
    at_most: int

    def __post_init__(self) -> None:
        if self.at_most < 0:
            raise ValueError(f"a cap of {self.at_most} {self.unit} is below zero")


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How much of the component: ``unit`` words, percent, ... and the most of it. Percent is 0 to 100."""

    unit: ExtentUnit
    at_most: int

    def __post_init__(self) -> None:
        if self.at_most < 0 or (self.unit is ExtentUnit.PERCENT and self.at_most > 100):
            raise ValueError(f"an extent of {self.at_most} {self.unit} does not exist")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Where, when, how and how much. Every axis left at its default is unbounded.

    ``languages`` are BCP 47 ranges: "fr" includes "fr-CA". ``commercial`` is True, False, or None for either.
    ``exclusive`` is a quality of a grant, not a bound on a use.
    """

    channels: frozenset[Channel] | None = None
    purposes: frozenset[Purpose] | None = None
    commercial: bool | None = None
    requesters: frozenset[RequesterType] | None = None
    products: frozenset[Product] | None = None
    territory: Territory = WORLD
    languages: frozenset[str] | None = None
    period: Period = ALWAYS
    formats: frozenset[Format] | None = None
    caps: tuple[Cap, ...] = ()
    extents: tuple[Extent, ...] = ()
    editions: frozenset[Duration] | None = None
    exclusive: bool = False
    bounds: tuple[tuple[str, Any], ...] = field(init=False, repr=False, compare=False, default=())

    def __post_init__(self) -> None:
        """Note which axes are bounded, and to what, so that matching looks at no other."""
        found = tuple(
            (item.name, value)
            for item in fields(self)
            if item.init and item.name != "exclusive" and (value := getattr(self, item.name)) != item.default
        )
        object.__setattr__(self, "bounds", found)


ANY_SCOPE = Scope()
