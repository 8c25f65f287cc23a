"""A tariff as a form, and back: amounts in money, days, and conditions picked from the facts of a use.

Lines are numbered: ``prices.0.bands.1.flat``. Nothing is judged here but how an amount is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_precision

from ledger.desk.amounts import major_units, minor_units
from ledger.rights.tariff import Band, Tariff
from ledger.web.desk.rows import MAX_ROWS, numbers
from ledger.web.desk.tariff_words import each_typed
from ledger.web.forms import Form

Row = dict[str, Any]
SINGLE = ("id", "currency", "valid_from", "valid_to", "minimum", "round_to")
PRICE, FACTOR, BAND = ("code", "label", "measure"), ("code", "label", "percent"), ("up_to", "flat", "each")
_INDEX = re.compile(r"\[(\d+)\]")


def rows_of_tariff(tariff: Tariff) -> Row:
    """The typed values that stand for a tariff on record."""
    money = tariff.currency
    return {
        "id": tariff.id,
        "currency": money,
        "valid_from": tariff.valid_from.isoformat(),
        "valid_to": tariff.valid_to.isoformat() if tariff.valid_to else "",
        "minimum": major_units(tariff.minimum, money),
        "round_to": major_units(tariff.round_to, money),
        "prices": [
            {
                "code": price.code,
                "label": price.label,
                "measure": str(price.measure),
                "match": [f"{name}={value}" for name, value in price.match],
                "bands": [_band_row(band, money) for band in price.bands],
            }
            for price in tariff.prices
        ],
        "factors": [
            {
                "code": factor.code,
                "label": factor.label,
                "percent": str(factor.percent),
                "match": [f"{name}={value}" for name, value in factor.match],
            }
            for factor in tariff.factors
        ],
    }


def _band_row(band: Band, currency: str) -> Row:
    return {
        "up_to": "" if band.up_to is None else str(band.up_to),
        "flat": major_units(band.flat, currency),
        "each": each_typed(band.per_unit_milli, currency) if band.per_unit_milli else "",
    }


def rows_of_form(form: Form, *, blanks: bool = False) -> Row:
    """What was typed, as it was typed. Lines without a word in them are left out, unless ``blanks``."""
    rows: Row = {name: form.value(name).strip() for name in SINGLE}
    rows["prices"] = [
        {
            **_typed(form, place, PRICE),
            "match": _picked(form, place),
            "bands": [
                _typed(form, f"{place}.bands.{number}", BAND) for number in numbers(form, f"{place}.bands")
            ],
        }
        for place in _places(form, "prices")
    ]
    rows["factors"] = [
        {**_typed(form, place, FACTOR), "match": _picked(form, place)} for place in _places(form, "factors")
    ]
    if not blanks:
        for price in rows["prices"]:
            price["bands"] = [band for band in price["bands"] if any(band.values())]
        rows["prices"] = [one for one in rows["prices"] if one["label"] or one["bands"] or one["match"]]
        rows["factors"] = [one for one in rows["factors"] if one["label"] or one["percent"] or one["match"]]
    return rows


def _places(form: Form, name: str) -> Iterator[str]:
    return (f"{name}.{number}" for number in numbers(form, name))


def _typed(form: Form, place: str, names: tuple[str, ...]) -> Row:
    return {name: form.value(f"{place}.{name}").strip() for name in names}


def _picked(form: Form, place: str) -> list[str]:
    found = (form.value(f"{place}.match.{number}") for number in numbers(form, f"{place}.match"))
    return [value for value in found if "=" in value]


def with_row(rows: Row, name: str) -> None:
    """Add an empty line: ``prices``, ``factors``, or ``prices.0.bands``."""
    if name == "prices" and len(rows["prices"]) < MAX_ROWS:
        rows["prices"].append({**dict.fromkeys(PRICE, ""), "match": [], "bands": [dict.fromkeys(BAND, "")]})
    if name == "factors" and len(rows["factors"]) < MAX_ROWS:
        rows["factors"].append({**dict.fromkeys(FACTOR, ""), "match": []})
    found = re.fullmatch(r"prices\.(\d{1,4})\.bands", name)
    if found and int(found[1]) < len(rows["prices"]):
        bands = rows["prices"][int(found[1])]["bands"]
        if len(bands) < MAX_ROWS:
            bands.append(dict.fromkeys(BAND, ""))


def form_of(rows: Row) -> Form:
    """The form that shows the rows."""
    picked = {
        kind: [
            {**row, "match": {str(number): pair for number, pair in enumerate(row["match"])}}
            for row in rows[kind]
        ]
        for kind in ("prices", "factors")
    }
    return Form.filled({**rows, **picked})


def plain_of(rows: Row) -> tuple[Row, dict[str, str]]:
    """The tariff as ``record_tariff`` takes it, and what is wrong with the amounts, under the form's names."""
    reader = _Reader(rows["currency"].upper())
    plain: Row = {
        "id": rows["id"] or "tariff",
        "currency": reader.currency,
        "valid_from": rows["valid_from"],
        "valid_to": rows["valid_to"] or None,
        "minimum": reader.money(rows, "minimum", ""),
        "round_to": reader.money(rows, "round_to", "", blank=1),
        "prices": [reader.price(row, f"prices.{number}.") for number, row in enumerate(rows["prices"])],
        "factors": [reader.factor(row, f"factors.{number}.") for number, row in enumerate(rows["factors"])],
    }
    return plain, reader.errors


class _Reader:
    """Reads typed amounts in one currency and keeps what is wrong with them."""

    def __init__(self, currency: str) -> None:
        self.currency = currency
        self.errors: dict[str, str] = {}

    def price(self, row: Row, at: str) -> Row:
        bands = [self.band(band, f"{at}bands.{number}.") for number, band in enumerate(row["bands"])]
        head = {"code": row["code"] or _code(row["label"]), "label": self.words(row, "label", at)}
        return {**head, "measure": row["measure"] or "flat", "bands": bands, "match": _pairs(row)}

    def factor(self, row: Row, at: str) -> Row:
        head = {"code": row["code"] or _code(row["label"]), "label": self.words(row, "label", at)}
        return {**head, "percent": self.whole(row, "percent", at), "match": _pairs(row)}

    def band(self, row: Row, at: str) -> Row:
        up_to = self.whole(row, "up_to", at) if row["up_to"] else None
        return {"up_to": up_to, "flat": self.money(row, "flat", at), "per_unit_milli": self.each(row, at)}

    def words(self, row: Row, name: str, at: str) -> str:
        if not row[name]:
            self.errors[at + name] = "Say in a few words what it is; it is printed in the quote."
        return str(row[name])

    def whole(self, row: Row, name: str, at: str) -> int:
        typed = re.sub(r"[\s,'’%]", "", row[name])
        if typed.isascii() and typed.isdecimal() and len(typed) < 13:
            return int(typed)
        self.errors[at + name] = "Write a whole number, such as 500."
        return 0

    def money(self, row: Mapping[str, str], name: str, at: str, *, blank: int = 0) -> int:
        if not row[name]:
            return blank
        try:
            return minor_units(row[name], self.currency)
        except ValueError as error:
            self.errors[at + name] = str(error)
            return blank

    def each(self, row: Row, at: str) -> int:
        if not row["each"]:
            return 0
        found = re.fullmatch(r"(\d{1,7})(?:[.,](\d{1,6}))?", row["each"])
        exact = Decimal(f"{found[1]}.{found[2] or 0}") if found else Decimal(0)
        milli = exact.scaleb(get_currency_precision(self.currency) + 3)
        if found is None or milli != milli.to_integral_value():
            self.errors[at + "each"] = "Write the amount for one in figures, such as 0.02 or 0.0125."
            return 0
        return int(milli)


def _pairs(row: Row) -> list[list[str]]:
    return [pair.split("=", 1) for pair in row["match"]]


def _code(label: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-")[:40] or "price"


def places(errors: Mapping[str, str]) -> dict[str, str]:
    """The desk's errors under the names of the form's fields: ``prices[0].match`` is ``prices.0.match.0``."""
    found: dict[str, str] = {}
    for place, message in errors.items():
        name = _INDEX.sub(r".\1", place)
        if name.endswith((".match", ".bands")):
            name = f"{name}.0" if name.endswith(".match") else f"{name}.0.flat"
        found.setdefault(name.replace(".per_unit_milli", ".each"), message)
    return found
