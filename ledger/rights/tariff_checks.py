"""What would make a tariff reckon wrongly, and which facts of a use a price may depend on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from ledger.rights.countries import COUNTRIES
from ledger.rights.tariff import Band, Measure, Money, Tariff
from ledger.rights.uses import (
    Access,
    Action,
    AiUse,
    Channel,
    DigitalChannel,
    Display,
    Duration,
    Exclusivity,
    Format,
    Indexing,
    Modification,
    Monetisation,
    Placement,
    Portion,
    Product,
    Purpose,
    RequesterType,
)

CHOICES: Mapping[str, type[StrEnum]] = {
    "actions": Action,
    "channels": Channel,
    "product": Product,
    "formats": Format,
    "digital_channels": DigitalChannel,
    "requester_type": RequesterType,
    "purpose": Purpose,
    "portion": Portion,
    "modification": Modification,
    "duration": Duration,
    "exclusivity": Exclusivity,
    "placement": Placement,
    "access": Access,
    "display": Display,
    "indexing": Indexing,
    "monetisation": Monetisation,
    "ai_use": AiUse,
}
"""The facts of a use whose values are terms of the trade."""
YES_NO = (
    "is_commercial",
    "translated",
    "colour",
    "sublicensing",
    "accessible_copies",
    "incidental_promotion",
    "archive_after_end",
)
"""The facts that are true or false."""
WORLD = "world"
"""The value of ``territory`` for a use without bounds; else each country by ISO 3166-1 alpha-2."""


def tariff_errors(tariff: Tariff) -> dict[str, str]:
    """What is wrong, by its place: ``prices[0].bands[1].up_to``. Empty for a tariff that can be reckoned from."""
    errors: dict[str, str] = {}
    if not tariff.prices:
        errors["prices"] = "Give at least one price."
    try:
        Money(minor=0, currency=tariff.currency)
    except ValueError as error:
        errors["currency"] = str(error)
    if tariff.round_to < 1:
        errors["round_to"] = "Round to 1 or more minor units."
    if tariff.minimum < 0:
        errors["minimum"] = "The minimum fee cannot be below zero."
    if tariff.valid_to and tariff.valid_to < tariff.valid_from:
        errors["valid_to"] = "The tariff ends before it begins; swap the two dates."
    for number, price in enumerate(tariff.prices):
        errors |= _band_errors(f"prices[{number}].bands", price.bands, price.measure)
        errors |= _match_errors(f"prices[{number}].match", price.match)
    for number, factor in enumerate(tariff.factors):
        if factor.percent < 0:
            errors[f"factors[{number}].percent"] = "A percentage cannot be below zero; 0 makes it free."
        errors |= _match_errors(f"factors[{number}].match", factor.match)
    return errors


def _band_errors(place: str, bands: Sequence[Band], measure: Measure) -> dict[str, str]:
    if not bands:
        return {place: "Give at least one band."}
    errors: dict[str, str] = {}
    for number, band in enumerate(bands):
        before = bands[number - 1].up_to if number else 0
        if before is None or (band.up_to is not None and band.up_to <= before):
            errors[f"{place}[{number}].up_to"] = "Bands go upwards; only the last may have no upper end."
        if band.flat < 0 or band.per_unit_milli < 0:
            errors[f"{place}[{number}].flat"] = "A price cannot be below zero."
    if measure is Measure.FLAT and len(bands) > 1:
        errors[f"{place}[1].up_to"] = "A flat price counts nothing, so it has one band."
    return errors


def _match_errors(place: str, match: Sequence[tuple[str, str]]) -> dict[str, str]:
    """The first pair that no use could ever meet, which would leave the price standing there for nothing."""
    for name, value in match:
        wrong = _pair_error(name, value)
        if wrong:
            return {place: wrong}
    return {}


def _pair_error(name: str, value: str) -> str:
    if name in CHOICES:
        known = {str(one) for one in CHOICES[name]}
    elif name in YES_NO:
        known = {"true", "false"}
    elif name == "territory":
        known = {WORLD, *COUNTRIES}
    elif name == "language":
        return ""
    else:
        return f"{name} is no fact a price can depend on; product, channels and is_commercial are some."
    if value in known:
        return ""
    some = ", ".join(sorted(known)[:5]) + (", …" if len(known) > 5 else "")
    return f"{name} is never {value}; it is one of: {some}."
