"""Settle what is possible into one outcome: the reasons in order, the conditions, and whom to ask."""

from __future__ import annotations

from itertools import chain
from typing import NamedTuple

from ledger.rights.answers import Ask, AskReason, Outcome, Reason, ReasonCode
from ledger.rights.case import Case
from ledger.rights.facts import Facts
from ledger.rights.parties import Contact, Party
from ledger.rights.pieces import IMAGES, Component
from ledger.rights.reading import TermsReading
from ledger.rights.sentences import fact_words, in_order, use_words
from ledger.rights.terms import Condition, ConditionScope, Effect, Modality
from ledger.rights.title import whom_to_ask
from ledger.rights.verdicts import Possible, Verdict


class Settled(NamedTuple):
    """The outcome for one action on one channel."""

    outcome: Outcome
    reasons: tuple[Reason, ...]
    conditions: tuple[Condition, ...]
    ask: Ask | None
    unknown_facts: tuple[str, ...]


PROHIBITED = frozenset({Verdict.PROHIBIT})
PERMITTED = frozenset({Verdict.PERMIT})
UNDECIDED = frozenset({Verdict.PERMIT, Verdict.PROHIBIT})


def settle(
    case: Case,
    facts: Facts,
    possible: Possible,
    readings: list[TermsReading],
    deciding: list[TermsReading],
    maybe_free: bool,
) -> Settled:
    """Steps 6 and 7. ``maybe_free``: the component may be in the public domain where it is to be used.

    ``readings`` are all Terms about the component, in their order; ``deciding`` those of the tier that decides.
    """
    reasons = tuple(chain.from_iterable([reading.reasons for reading in readings]))
    if possible == PROHIBITED and not maybe_free:
        return Settled(Outcome.PROHIBITED, reasons, (), None, ())
    if permits(possible):
        return Settled(Outcome.PERMITTED, reasons, _conditions(deciding, facts.component), None, ())
    unknown = in_order(fact for reading in deciding for fact in reading.unknown)
    if maybe_free:
        unknown = (*unknown, *(() if "territory" in unknown else ("territory",)))
    why, ask = _ask(case, possible, readings, deciding, maybe_free)
    said = Reason(
        code=ReasonCode.SILENT if ask.reason is AskReason.SILENT else ReasonCode.ASK,
        sentence=_why(why, ask.party, facts, unknown),
        component_id=facts.component.id,
        action=facts.action,
        channel=facts.channel,
        facts=unknown if why is AskReason.UNKNOWN_FACTS else (),
    )
    return Settled(Outcome.ASK, (*reasons, said), (), ask, unknown if why is AskReason.UNKNOWN_FACTS else ())


def permits(possible: Possible) -> bool:
    """Only what permits in every possible case does. Silence is no permission."""
    return possible == PERMITTED


def _ask(
    case: Case,
    possible: Possible,
    readings: list[TermsReading],
    deciding: list[TermsReading],
    maybe_free: bool,
) -> tuple[AskReason, Ask]:
    if deciding and (possible & UNDECIDED or maybe_free):
        why = AskReason.UNKNOWN_FACTS
    elif Verdict.CLASH in possible:
        why = AskReason.CONFLICT
    elif Verdict.RESERVE in possible:
        why = AskReason.RESERVED
    else:
        return _ask_the_holder(case, readings)
    party, contact = _spokesman(deciding, why)
    return why, Ask(party=party, contact=contact, reason=why)


def _spokesman(deciding: list[TermsReading], why: AskReason) -> tuple[Party, Contact | None]:
    """The assigner whose Terms decide, at the address its rule names; the order of its rules plays no part."""
    wanted = Verdict.CLASH if why is AskReason.CONFLICT else Verdict.RESERVE
    chosen = next((r for r in deciding if wanted in r.possible), deciding[0])
    reserving = [rule for rule, kinds in chosen.reached if rule.contact and Verdict.RESERVE in kinds]
    anywhere = [rule for rule, _kinds in chosen.reached if rule.contact]
    contacts = [rule.contact for rule in reserving or anywhere if rule.contact]
    contacts.sort(key=lambda contact: (contact.email or "~", contact.url or ""))
    return chosen.terms.assigner, contacts[0] if contacts else chosen.terms.assigner.permissions_contact()


def _ask_the_holder(case: Case, readings: list[TermsReading]) -> tuple[AskReason, Ask]:
    """Nothing that counts speaks of this use."""
    party, proven = whom_to_ask(case.piece, case.component, case.today)
    dropped = {reading.dropped for reading in readings if reading.dropped and reading.reached}
    if ReasonCode.NO_SUBLICENCE in dropped:
        why = AskReason.NO_SUBLICENCE
    elif dropped or not proven:
        why = AskReason.TITLE_UNKNOWN
    else:
        why = AskReason.SILENT
    return why, Ask(party=party, contact=party.permissions_contact(), reason=why)


def _why(why: AskReason, party: Party | None, facts: Facts, unknown: tuple[str, ...]) -> str:
    use, name = use_words(facts.action, facts.channel), party.name if party else "the holder"
    return _WHY[why].format(name=name, use=use, facts=fact_words(unknown))


_WHY = {
    AskReason.RESERVED: "{name} keeps {use} to itself: ask {name}",
    AskReason.SILENT: "Nothing on record speaks of {use}, and silence never permits: ask {name}",
    AskReason.UNKNOWN_FACTS: "It depends on what the use does not state: {facts}; say so, or ask {name}",
    AskReason.CONFLICT: "The terms of {name} both permit and prohibit {use}, so they are void: ask {name}",
    AskReason.TITLE_UNKNOWN: "Nobody who is shown to hold it has given leave for {use}: ask {name}",
    AskReason.NO_SUBLICENCE: "Whoever offers it may not pass the right on: ask {name} about {use}",
}


def _conditions(deciding: list[TermsReading], component: Component) -> tuple[Condition, ...]:
    """The conditions of one Terms, never merged: the least demanding of those that surely permit.

    Where none does so for sure, but each possibility permits, the conditions of all of them are kept.
    """
    permitting = [r for r in deciding if Verdict.PERMIT in r.possible]
    sure = [r for r in permitting if r.possible == PERMITTED]
    personal = [r for r in sure if r.terms.assignee is not None]
    lists = {r.terms.id: _of(r, component) for r in (personal or sure or permitting)}
    if not sure:
        return tuple(dict.fromkeys(c for conditions in lists.values() for c in conditions))
    return min(lists.items(), key=lambda item: (_burden(item[1]), item[0]))[1]


def _of(reading: TermsReading, component: Component) -> tuple[Condition, ...]:
    found = {
        condition
        for rule, _kinds in reading.reached
        if rule.effect is Effect.PERMIT
        for condition in rule.conditions
        if bears_on(condition, component)
    }
    return tuple(sorted(found, key=lambda c: (c.timing, c.code, c.modality, c.parameter or "", c.scope)))


def bears_on(condition: Condition, component: Component) -> bool:
    """A condition about images does not bind a text, nor the other way round."""
    if condition.scope is ConditionScope.ALL:
        return True
    return (condition.scope is ConditionScope.IMAGE) == (component.kind in IMAGES)


def _burden(conditions: tuple[Condition, ...]) -> int:
    return sum(condition.modality in (Modality.MUST, Modality.MUST_NOT) for condition in conditions)
