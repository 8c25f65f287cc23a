"""Settle what is possible into one outcome: the reasons in order, the conditions, and whom to ask."""

from __future__ import annotations

from itertools import chain
from operator import itemgetter
from typing import NamedTuple

from ledger.rights.answers import Ask, AskReason, Outcome, Reason, ReasonCode
from ledger.rights.bounding import bears_on
from ledger.rights.case import Case
from ledger.rights.facts import Facts
from ledger.rights.parties import Contact, Party
from ledger.rights.reading import TermsReading
from ledger.rights.sentences import fact_words, in_order, use_words
from ledger.rights.terms import Condition, ConditionCode, Effect, Modality
from ledger.rights.title import whom_to_ask
from ledger.rights.verdicts import Possible, Verdict


class Settled(NamedTuple):
    """The outcome for one action on one channel."""

    outcome: Outcome
    reasons: tuple[Reason, ...]
    conditions: tuple[Condition, ...]
    ask: Ask | None
    unknown_facts: tuple[str, ...]


class Freedom(NamedTuple):
    """Whether the component is out of copyright where it is to be used: None is unknown, and ``turns_on`` says on
    what."""

    free: bool | None
    turns_on: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()


NOT_FREE = Freedom(False)
MAYBE_FREE = Freedom(None, ("term",))

MISSED = frozenset({ReasonCode.RULE_OUT_OF_REACH, ReasonCode.CONDITION_BROKEN})
PROHIBITED = frozenset({Verdict.PROHIBIT})
PERMITTED = frozenset({Verdict.PERMIT})
BINDING = frozenset({Modality.MUST, Modality.MUST_NOT})
UNDECIDED = frozenset({Verdict.PERMIT, Verdict.PROHIBIT})


def settle(
    case: Case,
    facts: Facts,
    possible: Possible,
    readings: list[TermsReading],
    deciding: list[TermsReading],
    freedom: Freedom,
) -> Settled:
    """Steps 6 and 7. What may be in the public domain is never prohibited for sure.

    ``readings`` are all Terms about the component, in their order; ``deciding`` those of the tier that decides.
    """
    reasons = tuple(chain.from_iterable([reading.reasons for reading in readings]))
    maybe_free = freedom.free is None
    if possible == PROHIBITED and not maybe_free:
        return Settled(Outcome.PROHIBITED, reasons, (), None, ())
    if permits(possible):
        return Settled(Outcome.PERMITTED, reasons, _conditions(case, facts, deciding), None, ())
    unknown = in_order(chain(freedom.turns_on, *(reading.unknown for reading in deciding)))
    why, ask = _ask(case, possible, readings, deciding, maybe_free)
    said = Reason(
        code=ReasonCode.SILENT if ask.reason is AskReason.SILENT else ReasonCode.ASK,
        sentence=_why(why, ask.party, facts, unknown, readings),
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


def _why(
    why: AskReason, party: Party | None, facts: Facts, unknown: tuple[str, ...], readings: list[TermsReading]
) -> str:
    use, name = use_words(facts.action, facts.channel), party.name if party else "the holder"
    return {
        AskReason.RESERVED: f"{name} keeps {use} to itself: ask {name}",
        AskReason.SILENT: f"Nothing on record {_spoken(facts, readings)}, and silence never permits: ask {name}",
        AskReason.UNKNOWN_FACTS: f"It depends on what is not known yet: {fact_words(unknown)}. Say so, or ask {name}",
        AskReason.CONFLICT: f"The terms of {name} both permit and prohibit {use}, so they are void: ask {name}",
        AskReason.TITLE_UNKNOWN: f"Nobody who is shown to hold it has given leave for {use}: ask {name}",
        AskReason.NO_SUBLICENCE: f"Whoever offers it may not pass the right on: ask {name} about {use}",
    }[why]


def _spoken(facts: Facts, readings: list[TermsReading]) -> str:
    """What was not found: words about this use at all, or words that give it as it is described."""
    met = any(reason.code in MISSED for reading in readings for reason in reading.reasons)
    return f"permits {facts.words} as described" if met else f"speaks of {facts.words}"


def _conditions(case: Case, facts: Facts, deciding: list[TermsReading]) -> tuple[Condition, ...]:
    """The conditions of one Terms, never merged: the least demanding of those that surely permit, unpaid first.

    Where none does so for sure, but each possibility permits, the conditions of all of them are kept.
    """
    permitting = [r for r in deciding if Verdict.PERMIT in r.possible]
    sure = [r for r in permitting if r.possible == PERMITTED]
    personal = [r for r in sure if r.personal]
    chosen = personal or sure or permitting
    if not sure:
        return tuple(dict.fromkeys(c for r in chosen for c in _in_their_order(_of(case, facts, r))))
    if len(chosen) == 1:
        return _in_their_order(_of(case, facts, chosen[0]))
    found = [(_burden(conditions := _of(case, facts, r)), r.terms.id, conditions) for r in chosen]
    return _in_their_order(min(found, key=itemgetter(0, 1))[2])


def _of(case: Case, facts: Facts, reading: TermsReading) -> list[Condition]:
    """Those of its permissions, and those under which its assigner was licensed itself."""
    said = [c for rule, _kinds in reading.reached if rule.effect is Effect.PERMIT for c in rule.conditions]
    said += case.handed_down(reading.terms.assigner, facts)
    found = [condition for condition in said if bears_on(condition, facts.component)]
    return found if len(reading.reached) == 1 else list(dict.fromkeys(found))


def _in_their_order(conditions: list[Condition]) -> tuple[Condition, ...]:
    found = set(conditions)
    return tuple(sorted(found, key=lambda c: (c.timing, c.code, c.modality, c.parameter or "", c.scope)))


def _burden(conditions: list[Condition]) -> tuple[bool, int]:
    paid, binding = False, 0
    for condition in conditions:
        if condition.modality in BINDING:
            paid = paid or condition.code is ConditionCode.FEE
            binding += 1
    return paid, binding
