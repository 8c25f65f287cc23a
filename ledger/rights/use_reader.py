"""Read the JSON use: lenient about form values, strict about names and codes, and all errors at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from ledger.rights import uses
from ledger.rights.bounds import Territory
from ledger.rights.use_derivation import derive
from ledger.rights.uses import Action, BadUse, Channel, DigitalChannel, Format, FormatRun, ProposedUse

ENUMERATED: dict[str, type[StrEnum]] = {
    "purpose": uses.Purpose,
    "requester_type": uses.RequesterType,
    "portion": uses.Portion,
    "unit": uses.ExtentUnit,
    "product": uses.Product,
    "modification": uses.Modification,
    "duration": uses.Duration,
    "placement": uses.Placement,
    "access": uses.Access,
    "audience_unit": uses.QuantityUnit,
    "display": uses.Display,
    "indexing": uses.Indexing,
    "monetisation": uses.Monetisation,
    "ai_use": uses.AiUse,
    "exclusivity": uses.Exclusivity,
}
FLAGS = ("is_commercial", "translated", "colour", "sublicensing", "accessible_copies", "incidental_promotion")
NUMBERS = ("quantity", "pages", "audience")
TEXTS = (
    "licensee",
    "locator",
    "edition",
    "size",
    "title",
    "author",
    "publisher",
    "identifier",
    "end_client",
    "project",
    "context",
    "proposed_credit",
)
DATES = ("start", "end", "needed_by", "publication_date")
ABOUT_THE_REQUESTER = frozenset(
    [
        "name",
        "email",
        "organisation",
        "country",
        "phone",
        "vat_id",
        "purchase_order",
        "on_behalf_of",
        "licensee_name",
        "work",
        "terms_accepted",
        "note",
    ]
)
"""Names of the request form that say who asks, not what is to be done: read elsewhere, let through here."""


LONGEST_TEXT = 5_000
"""Characters of one text; a use that needs more words than that is not understood any better."""
LONGEST_LIST = 300
"""Entries of one list: every country there is, and as many addresses as anybody reads."""
# Controls, halves of characters, and marks that make a text read other than it is written (Unicode 15, Bidi_Control).
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_PRICE = re.compile(r"\d{1,13}\.\d{1,2}")


class _Wrong(ValueError):
    """One field that cannot be read."""


def read_use(data: Mapping[str, object]) -> ProposedUse:
    """A ProposedUse with what follows by definition. Raises BadUse with every error at once."""
    if not isinstance(data, Mapping):
        raise BadUse({"use": 'a use is an object, such as {"action": "excerpt", "channel": "email"}'})
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for key, raw in data.items():
        reader = READERS.get(key)
        if reader is None:
            if key not in ABOUT_THE_REQUESTER:
                errors[key] = f"unknown name; a use has {', '.join(sorted(READERS))}"
        elif raw is not None and raw not in ("", [], ()):
            try:
                _store(values, key, reader(raw))
            except ValueError as wrong:
                errors[key] = str(wrong)
    start, end = values.get("start"), values.get("end")
    if start and end and end < start:
        errors["end"] = f"the period ends on {end}, before it starts on {start}: swap the two dates"
    if end and values.get("duration") is uses.Duration.PERPETUAL:
        errors["end"] = "a perpetual use has no end: leave out the end, or choose fixed_term"
    if errors:
        raise BadUse(errors)
    return derive(values)


def _store(values: dict[str, Any], key: str, value: Any) -> None:
    """Singular and plural names land in one place; the rest under its own name."""
    if key in ("action", "actions"):
        values["actions"] = _joined(values.get("actions", ()), value)
    elif key in ("channel", "channels"):
        plain, digital = value
        values["channels"] = _joined(values.get("channels", ()), plain)
        values["digital_channels"] = _joined(values.get("digital_channels", ()), digital)
    elif key in ("format", "formats", "print_run"):
        values["formats"] = values.get("formats", ()) + value
    elif key in ("isbn", "issn"):
        values["identifier"] = value
    else:
        values[key] = value


def _joined(first: tuple[Any, ...], second: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys((*first, *second)))


def _code(kind: type[StrEnum], raw: object) -> Any:
    try:
        return kind(str(raw))
    except ValueError:
        raise _Wrong(f'unknown value "{raw}"; allowed: {", ".join(kind)}') from None


def _many(raw: object) -> list[object]:
    if not isinstance(raw, list | tuple):
        return [raw]
    if len(raw) > LONGEST_LIST:
        raise _Wrong(f"{len(raw):,} entries are too many: give at most {LONGEST_LIST}")
    return list(raw)


def _read_actions(raw: object) -> tuple[Action, ...]:
    return tuple(_code(Action, item) for item in _many(raw))


def _read_channels(raw: object) -> tuple[tuple[Channel, ...], tuple[DigitalChannel, ...]]:
    plain: list[Channel] = []
    digital: list[DigitalChannel] = []
    for item in _many(raw):
        if str(item) in set(Channel):
            plain.append(Channel(str(item)))
        elif str(item) in set(DigitalChannel):
            digital.append(DigitalChannel(str(item)))
        else:
            allowed = sorted({*Channel, *DigitalChannel})
            raise _Wrong(f'unknown channel "{item}"; allowed: {", ".join(allowed)}')
    return tuple(plain), tuple(digital)


def _read_flag(raw: object) -> bool:
    if isinstance(raw, bool):
        return raw
    word = str(raw).strip().lower()
    if word in ("true", "yes", "on", "1"):
        return True
    if word in ("false", "no", "off", "0"):
        return False
    raise _Wrong(f'"{raw}" is neither true nor false; leave it out if it is not known')


def _read_number(raw: object) -> int:
    text = str(raw).strip().replace(" ", "")
    if isinstance(raw, bool) or not re.fullmatch(r"\d{1,15}", text):
        raise _Wrong(f'"{raw}" is not a whole number of zero or more')
    return int(text)


def _read_date(raw: object) -> date:
    if isinstance(raw, date):
        return raw
    try:
        return date.fromisoformat(str(raw))
    except ValueError:
        raise _Wrong(f'"{raw}" is not a date: write it as 2026-03-06') from None


def _read_text(raw: object) -> str:
    if not isinstance(raw, str):
        raise _Wrong(f"expected text, found {type(raw).__name__}")
    text = raw.replace("\r\n", "\n").strip()
    if len(text) > LONGEST_TEXT:
        raise _Wrong(f"too long: at most {LONGEST_TEXT:,} characters")
    if _UNSEEN.search(text):
        raise _Wrong("it holds control characters, which cannot be printed: type it again")
    return text


def _read_texts(raw: object) -> tuple[str, ...]:
    return tuple(_read_text(item) for item in _many(raw))


def _read_language(raw: object) -> str:
    """A BCP 47 tag by its shape (RFC 5646, 2.1): language, then script, region or variants."""
    text = _read_text(raw)
    if len(text) > 35 or not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", text):
        raise _Wrong(f'"{text}" is not a language tag of BCP 47, such as "fr" or "pt-BR"')
    return text


def _read_territory(raw: object) -> Territory:
    if isinstance(raw, Mapping):
        unknown = set(raw) - {"included", "excluded"}
        if unknown:
            raise _Wrong(f"unknown name {sorted(unknown)[0]}; a territory has included, excluded")
        included = _countries(raw.get("included") or ["world"])
        return Territory(included=included, excluded=_countries(raw.get("excluded") or []) or frozenset())
    return Territory(included=_countries(raw))


def _countries(raw: object) -> frozenset[str] | None:
    """None is the world."""
    items = [part for item in _many(raw) for part in str(item).replace(",", " ").split()]
    if any(item.lower() in ("world", "worldwide") for item in items):
        return None
    return frozenset(item.upper() if len(item) == 2 else item for item in items)


def _read_formats(raw: object) -> tuple[FormatRun, ...]:
    return tuple(_read_format(item) for item in _many(raw))


def _read_format(raw: object) -> FormatRun:
    if not isinstance(raw, Mapping):
        return FormatRun(format=_code(Format, raw))
    allowed = {"format", "print_run", "price", "currency", "free_distribution"}
    if unknown := set(raw) - allowed:
        raise _Wrong(
            f"unknown name {sorted(map(str, unknown))[0]}; a format has {', '.join(sorted(allowed))}"
        )
    if "format" not in raw:
        raise _Wrong(f"a format needs its name: one of {', '.join(Format)}")
    given = {key: value for key, value in raw.items() if value not in (None, "")}
    return FormatRun(
        format=_code(Format, given["format"]),
        print_run=_read_number(given["print_run"]) if "print_run" in given else None,
        price=_read_price(given["price"]) if "price" in given else None,
        currency=_read_currency(given["currency"]) if "currency" in given else None,
        free_distribution=_read_flag(given["free_distribution"]) if "free_distribution" in given else None,
    )


def _read_price(raw: object) -> int:
    """Whole numbers are minor units; text with a point ("19.95") is major units of a currency with cents."""
    if isinstance(raw, str) and "." in raw:
        if not _PRICE.fullmatch(raw.strip()):
            raise _Wrong(f'"{raw}" is not a price: write 1995 (minor units) or "19.95"')
        return int(Decimal(raw.strip()) * 100)
    if isinstance(raw, float):
        raise _Wrong(f'{raw} is not exact: write the price as text ("19.95") or in minor units (1995)')
    return _read_number(raw)


def _read_currency(raw: object) -> str:
    text = _read_text(raw).upper()
    if not re.fullmatch(r"[A-Z]{3}", text):
        raise _Wrong(f'"{raw}" is not a currency code of ISO 4217, such as "CAD"')
    return text


def _enumerated(kind: type[StrEnum]) -> Callable[[object], Any]:
    return lambda raw: _code(kind, raw)


READERS: dict[str, Callable[[object], Any]] = {
    **{name: _enumerated(kind) for name, kind in ENUMERATED.items()},
    **dict.fromkeys((*FLAGS, "archive_after_end"), _read_flag),
    **dict.fromkeys(NUMBERS, _read_number),
    **dict.fromkeys((*TEXTS, "isbn", "issn"), _read_text),
    **dict.fromkeys(DATES, _read_date),
    **dict.fromkeys(("urls", "components"), _read_texts),
    **dict.fromkeys(("action", "actions"), _read_actions),
    **dict.fromkeys(("channel", "channels"), _read_channels),
    **dict.fromkeys(("format", "formats"), _read_formats),
    "print_run": lambda raw: (FormatRun(format=Format.PRINT, print_run=_read_number(raw)),),
    "language": _read_language,
    "territory": _read_territory,
}
"""Every name a use may carry, with its reader."""
