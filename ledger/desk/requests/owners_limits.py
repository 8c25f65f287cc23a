"""What an owner adds to a yes: limits narrower than what was asked, and the credit line they want.

Words alone would be quoted and bind nobody: the register would hold the whole use as granted. Limits stated here
bound the Terms themselves, so that no letter can go beyond them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from ledger.desk.amounts import copies
from ledger.desk.answers.use_words import ENGLISH
from ledger.desk.requests.request_form import read_use
from ledger.letters.language import Speaker, capital
from ledger.rights.bounds import WORLD, Period, Territory
from ledger.rights.codes import ConditionCode
from ledger.rights.facts import countries_of
from ledger.rights.policies import condition_of
from ledger.rights.scope import Cap, Scope
from ledger.rights.scope_algebra import meet
from ledger.rights.terms import Condition
from ledger.rights.uses import QuantityUnit
from ledger.said import said

MAX_CREDIT = 1_000


@dataclass(frozen=True)
class Limits:
    """None on an axis: as it was asked. ``copies`` is the most in all formats together."""

    end: date | None = None
    territory: Territory | None = None
    copies: int | None = None
    credit_line: str = ""


def read_limits(given: Mapping[str, Any], scope: Scope, today: date, errors: dict[str, str]) -> Limits:
    """The limits of ``end``, ``territory``, ``copies`` and ``credit_line``, each against what was asked.

    Adds to ``errors`` what cannot be read, and what leaves nothing of the use.
    """
    territory = _fact(given, "territory", errors)
    limits = Limits(
        end=_fact(given, "end", errors),
        territory=territory if territory != WORLD else None,
        copies=_copies(given.get("copies"), errors),
        credit_line=" ".join(str(given.get("credit_line") or "").split()),
    )
    if len(limits.credit_line) > MAX_CREDIT:
        errors["credit_line"] = said("This is longer than %(most)s characters; shorten it.", most=MAX_CREDIT)
    if limits.end and limits.end < today:
        errors["end"] = said("That day is over; give a later one.")
    elif limits.end and meet(scope.period, Period(end=limits.end)) is None:
        errors["end"] = said("The use would begin after that day, on %(day)s.", day=scope.period.start)
    if limits.territory and not countries_of(limits.territory) & countries_of(scope.territory):
        errors["territory"] = said("None of these countries was asked for.")
    return limits


def _fact(given: Mapping[str, Any], name: str, errors: dict[str, str]) -> Any:
    """One fact as the use reads it; each by itself, so that a wrong one hides nothing about the others."""
    if not given.get(name):
        return None
    wrong: dict[str, str] = {}
    use = read_use({name: given[name]}, wrong, prefix="")
    if "end" in wrong:
        errors["end"] = said("Write the day as 2026-03-31.")
    else:
        errors.update({each: message[:1].upper() + message[1:] for each, message in wrong.items()})
    return getattr(use, name) if use else None


def _copies(given: Any, errors: dict[str, str]) -> int | None:
    if not str(given or "").strip():
        return None
    try:
        return copies(str(given))
    except ValueError as error:
        errors["copies"] = error.args[0]
        return None


def narrowed(scope: Scope, limits: Limits) -> Scope:
    """The scope of the use within the limits: never wider than either. ``read_limits`` has seen that they meet."""
    if limits.end:
        scope = replace(scope, period=meet(scope.period, Period(end=limits.end)) or scope.period)
    if limits.territory:
        both = countries_of(scope.territory) & countries_of(limits.territory)
        scope = replace(scope, territory=Territory(included=frozenset(both)))
    if limits.copies is not None:
        others = tuple(cap for cap in scope.caps if cap.unit is not QuantityUnit.COPIES)
        asked = [cap.at_most for cap in scope.caps if cap.unit is QuantityUnit.COPIES]
        most = min([limits.copies, *asked])
        scope = replace(scope, caps=(*others, Cap(unit=QuantityUnit.COPIES, at_most=most)))
    return scope


def duties_of(limits: Limits) -> tuple[Condition, ...]:
    """The credit line as a condition that every letter on this ground must carry."""
    return (condition_of(ConditionCode.EXACT_CREDIT_LINE, limits.credit_line),) if limits.credit_line else ()


def kept_limits(limits: Limits) -> dict[str, Any]:
    """The limits as they stand in the owner's answer; only those that were set."""
    territory = sorted(countries_of(limits.territory)) if limits.territory else None
    kept = {
        "end": limits.end.isoformat() if limits.end else None,
        "territory": territory,
        "copies": limits.copies,
        "credit_line": limits.credit_line or None,
    }
    return {name: value for name, value in kept.items() if value is not None}


def limit_sentences(kept: Mapping[str, Any], speaker: Speaker = ENGLISH) -> list[str]:
    """The limits in an owner's answer, a line each, for the people who have to keep them."""
    lines = []
    if kept.get("end"):
        lines.append(speaker.words("Until {end}", end=speaker.date(date.fromisoformat(kept["end"]))))
    if kept.get("territory"):
        named = speaker.territory(Territory(included=frozenset(kept["territory"])))
        lines.append(speaker.words("Only in: {territory}", territory=named))
    if kept.get("copies"):
        lines.append(capital(speaker.at_most(kept["copies"], QuantityUnit.COPIES)))
    if kept.get("credit_line"):
        lines.append(
            speaker.words("With this credit line: {credit}", credit=speaker.apart(kept["credit_line"]))
        )
    return lines
