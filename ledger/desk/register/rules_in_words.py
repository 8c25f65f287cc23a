"""Our reading of somebody's terms in plain words, to stand beside their own: no bound of a rule goes unsaid."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from ledger.desk.answers.use_words import ENGLISH, territory_names
from ledger.rights.condition_words import condition_sentence, split_conditions
from ledger.rights.scope import Scope
from ledger.rights.sentences import ACTIONS, CHANNELS
from ledger.rights.terms import Effect, Rule, Terms
from ledger.rights.vocabulary import term

EFFECTS = {
    Effect.PERMIT: "Allows",
    Effect.RESERVE: "Reserves (ask first)",
    Effect.PROHIBIT: "Forbids",
}


@dataclass(frozen=True)
class Reading:
    """Rules that differ only in the act: ``acts`` under one effect, within ``bounds``, with ``duties`` by modality.

    ``clause`` is the rules' own sentence where the Terms have several.
    """

    effect: str
    acts: list[str]
    bounds: list[str]
    duties: dict[str, list[str]]
    clause: str | None


def rules_in_words(terms: Terms) -> list[Reading]:
    """The rules of ``terms`` in their order; what several acts have in common is said once."""
    readings: dict[object, Reading] = {}
    for rule in terms.rules:
        made = Reading(EFFECTS[rule.effect], [], list(_bounds(rule)), _duties(rule), rule.clause)
        alike = (rule.effect, tuple(made.bounds), repr(made.duties), rule.clause)
        acts = readings.setdefault(alike, made).acts
        if ACTIONS[rule.action] not in acts:
            acts.append(ACTIONS[rule.action])
    return list(readings.values())


def _duties(rule: Rule) -> dict[str, list[str]]:
    split = split_conditions(rule.conditions)
    return {title: [condition_sentence(one) for one in found] for title, found in split.items()}


def _bounds(rule: Rule) -> Iterator[str]:
    yield from scope_bounds(rule.scope)
    if rule.sublicence is True:
        yield "the right may be passed on" + (" to one named party" if rule.sublicensee else "")
    if rule.sublicence is False:
        yield "the right may not be passed on"


def scope_bounds(scope: Scope) -> Iterator[str]:
    """Each bound of a scope: "only on a community site", "until 2027-03-01", "at most 500 copies"."""
    if scope.channels is not None:
        yield "only " + _any_of(CHANNELS[one] for one in sorted(scope.channels))
    if scope.commercial is not None:
        yield "only commercial uses" if scope.commercial else "only non-commercial uses"
    for label, values in (
        ("for the purpose", scope.purposes),
        ("for users of the kind", scope.requesters),
        ("in the publication", scope.products),
        ("in the format", scope.formats),
        ("for the edition", scope.editions),
    ):
        if values is not None:
            yield f"only {label}: {_terms(values)}"
    if scope.bounds and scope.territory != Scope().territory:
        yield f"only in: {territory_names(scope.territory)}"
    if scope.languages is not None:
        yield f"only in the language: {_any_of(sorted(map(ENGLISH.tongue, scope.languages)))}"
    if scope.period.start:
        yield f"from {scope.period.start.isoformat()}"
    if scope.period.end:
        yield f"until {scope.period.end.isoformat()}"
    yield from (f"at most {cap.at_most:,} {term(cap.unit)}" for cap in scope.caps)
    yield from (f"at most {extent.at_most:,} {term(extent.unit)} of it" for extent in scope.extents)
    if scope.exclusive:
        yield "exclusively"


def _terms(values: Iterable[StrEnum]) -> str:
    return _any_of(term(value) for value in sorted(values))


def _any_of(words: Iterable[str]) -> str:
    """ "one, another or a third"; "none" where a bound leaves nothing."""
    *others, last = list(words) or ["none"]
    return f"{', '.join(others)} or {last}" if others else last
