"""Evaluate a proposed use against what is recorded about a piece. Three-valued throughout; silence never
permits.

What is unknown is carried as the set of verdicts it may come to. Only a set of one is a determined
outcome, so
learning a fact can narrow an answer but never contradict it.
"""

from __future__ import annotations

from datetime import date

from ledger.rights.answers import (
    STRICTNESS,
    Answer,
    Ask,
    AskReason,
    Ground,
    Outcome,
    PieceAnswer,
    Reason,
    ReasonCode,
)
from ledger.rights.case import Case
from ledger.rights.facts import Facts, countries_of
from ledger.rights.pieces import Basis, Component, ComponentKind, Piece
from ledger.rights.reading import TermsReading, read_terms
from ledger.rights.rights_statements import STATEMENTS
from ledger.rights.sentences import in_order
from ledger.rights.settling import MAYBE_FREE, NOT_FREE, Freedom, Settled, settle
from ledger.rights.title import whom_to_ask
from ledger.rights.uses import Portion, ProposedUse
from ledger.rights.verdicts import SILENT, Possible, Verdict, strictest
from ledger.rights.wanted import pairs_of

__all__ = [
    "Answer",
    "Ask",
    "AskReason",
    "Ground",
    "Outcome",
    "PieceAnswer",
    "Reason",
    "ReasonCode",
    "evaluate",
    "evaluate_piece",
    "touched_by",
]

KINDS_OF = {
    Portion.PHOTOGRAPH: {ComponentKind.PHOTOGRAPH},
    Portion.ILLUSTRATION: {ComponentKind.ILLUSTRATION},
    Portion.CHART: {ComponentKind.CHART},
    Portion.FIGURE: {ComponentKind.CHART, ComponentKind.ILLUSTRATION, ComponentKind.PHOTOGRAPH},
    Portion.EXCERPT: {ComponentKind.TEXT, ComponentKind.TRANSLATION},
    Portion.QUOTATION: {ComponentKind.TEXT, ComponentKind.TRANSLATION},
    Portion.HEADLINE: {ComponentKind.TEXT},
}
"""The components a portion touches; any other portion touches all of them."""


def evaluate(piece: Piece, component: Component, use: ProposedUse, today: date) -> Answer:
    """The answer for one component: every action on every channel, and the strictest outcome of them."""
    freedom = _public_domain(component, use)
    beside = (*_status(component), *_exceptions(piece, component))
    shown = tuple(a.id for a in piece.assessments if a.component_id == component.id)
    if freedom.free:
        return Answer(
            component_id=component.id,
            outcome=Outcome.NO_PERMISSION_NEEDED,
            reasons=(*freedom.reasons, *beside),
            exception_claimed=shown,
            exception_notice=_notice(piece, component),
        )
    case = Case(piece, component, use, today)
    parts = [
        _answer_one(case, Facts(use, component, action, channel, today), freedom)
        for action, channel in pairs_of(use)
    ]
    joined = _joined(parts or [_nothing_stated(case)])
    return Answer(
        component_id=component.id,
        outcome=joined.outcome,
        reasons=(*freedom.reasons, *case.derivations(), *joined.reasons, *beside),
        conditions=joined.conditions,
        ask=joined.ask,
        unknown_facts=joined.unknown_facts,
        exception_claimed=shown,
        exception_notice=_notice(piece, component),
    )


def evaluate_piece(piece: Piece, use: ProposedUse, today: date) -> PieceAnswer:
    """Every component that the use touches; the strictest of their outcomes is the piece's."""
    answers = tuple(evaluate(piece, component, use, today) for component in touched_by(use, piece))
    asks: dict[str | None, Ask] = {}
    for answer in answers:
        if answer.ask is not None:
            asks.setdefault(answer.ask.party.id if answer.ask.party else None, answer.ask)
    return PieceAnswer(
        piece_id=piece.id,
        outcome=max((a.outcome for a in answers), key=lambda outcome: STRICTNESS[outcome]),
        components=answers,
        conditions=tuple(dict.fromkeys(c for a in answers for c in a.conditions)),
        asks=tuple(asks.values()),
        unknown_facts=in_order(f for a in answers for f in a.unknown_facts),
    )


def touched_by(use: ProposedUse, piece: Piece) -> tuple[Component, ...]:
    """The components named in the use, else those its portion touches, else all of them.

    Raises KeyError when the use names a component that the piece does not have.
    """
    if use.components:
        return tuple(piece.component(component_id) for component_id in use.components)
    kinds = KINDS_OF.get(use.portion) if use.portion else None
    chosen = tuple(c for c in piece.components if kinds is None or c.kind in kinds)
    return chosen or piece.components


def _answer_one(case: Case, facts: Facts, freedom: Freedom) -> Settled:
    """Steps 2 to 7 for one action on one channel."""
    readings = [r for terms in case.piece.terms if (r := read_terms(case, facts, terms)) is not None]
    possible, deciding = _by_tier(readings)
    return settle(case, facts, possible, readings, deciding, freedom)


def _by_tier(readings: list[TermsReading]) -> tuple[Possible, list[TermsReading]]:
    """Terms made for this assignee outrank standing ones; within a tier the strictest wins."""
    possible: Possible = SILENT
    deciding: list[TermsReading] = []
    reaching = [reading for reading in readings if reading.reached and reading.speaks]
    for personal in (True, False):
        if Verdict.NONE not in possible:
            break
        tier = [r for r in reaching if r.personal is personal]
        joined: Possible = SILENT
        for reading in tier:
            joined = strictest(joined, reading.possible)
        possible = (possible - SILENT) | joined
        deciding += tier
    return possible, deciding


def _public_domain(component: Component, use: ProposedUse) -> Freedom:
    """Step 1. A basis of public domain, or a mark, without the reckoning behind it is unknown."""
    found = component.public_domain
    if found is None:
        return MAYBE_FREE if component.basis is Basis.PUBLIC_DOMAIN else NOT_FREE
    if found.marked:
        said = f"{found.ground}: that is a statement and no licence, and no term of protection was reckoned"
        return Freedom(None, ("term",), (_because(component, ReasonCode.PUBLIC_DOMAIN_UNKNOWN, said),))
    free = countries_of(found.territory)
    asked = countries_of(use.territory) if use.territory is not None else None
    worldwide = found.territory.included is None and not found.territory.excluded
    verdict = (True if worldwide else None) if asked is None else asked <= free
    if verdict is False:
        return NOT_FREE
    if verdict:
        reason = _because(component, ReasonCode.PUBLIC_DOMAIN, found.ground)
        return Freedom(True, (), (reason,))
    said = f"{found.ground}; whether that covers the use turns on its territory"
    return Freedom(None, ("territory",), (_because(component, ReasonCode.PUBLIC_DOMAIN_UNKNOWN, said),))


def _because(component: Component, code: ReasonCode, sentence: str) -> Reason:
    evidence = component.public_domain.evidence if component.public_domain else None
    ground = Ground(clause=evidence.text if evidence else None)
    return Reason(code=code, sentence=sentence, ground=ground, component_id=component.id)


def _status(component: Component) -> tuple[Reason, ...]:
    """A RightsStatement tells the status of a work and grants nothing: shown beside, never part of the outcome."""
    statement = STATEMENTS.get(component.work_status or "")
    if statement is None:
        return ()
    said = f"It is marked “{statement.name}” ({statement.id}): that tells its status, and grants nothing"
    ground = Ground(url=statement.url)
    return (Reason(code=ReasonCode.WORK_STATUS, sentence=said, ground=ground, component_id=component.id),)


def _exceptions(piece: Piece, component: Component) -> tuple[Reason, ...]:
    """Step 8. Shown beside the outcome, never part of it, and never passed on to whoever asks."""
    name = piece.publisher.name
    recorded = [a for a in piece.assessments if a.component_id == component.id]
    said = [
        (
            f"{name} recorded an assessment under {a.provision} on {a.made_on} for its own use; it gives no"
            " permission and does not pass to anybody else",
            a.id,
        )
        for a in recorded
    ]
    if not recorded and component.basis is Basis.EXCEPTION_CLAIMED:
        sentence = (
            f"{name} carries this component under an exception that it claims for itself; no assessment is on"
            " record, and the claim does not pass to anybody else"
        )
        return (_exception(piece, component, sentence, None),)
    return tuple(_exception(piece, component, sentence, assessment) for sentence, assessment in said)


def _exception(piece: Piece, component: Component, sentence: str, assessment: str | None) -> Reason:
    return Reason(
        code=ReasonCode.EXCEPTION_CLAIMED,
        sentence=sentence,
        ground=Ground(assessment_id=assessment, clause=piece.exception_notice),
        component_id=component.id,
    )


def _notice(piece: Piece, component: Component) -> str | None:
    return piece.exception_notice if component.basis is Basis.EXCEPTION_CLAIMED else None


def _nothing_stated(case: Case) -> Settled:
    party, proven = whom_to_ask(case.piece, case.component, case.today)
    reason = Reason(
        code=ReasonCode.RULE_UNKNOWN,
        sentence="The use does not say what is to be done: name an action or a portion",
        component_id=case.component.id,
        facts=("action",),
    )
    why = AskReason.UNKNOWN_FACTS if proven else AskReason.TITLE_UNKNOWN
    ask = Ask(party=party, contact=party.permissions_contact(), reason=why)
    return Settled(Outcome.ASK, (reason,), (), ask, ("action",))


def _joined(parts: list[Settled]) -> Settled:
    """The strictest part decides; the reasons of all stay, in order."""
    if len(parts) == 1:
        return parts[0]
    worst = max(parts, key=_weight)
    conditions = dict.fromkeys(c for part in parts for c in part.conditions)
    return Settled(
        worst.outcome,
        tuple(reason for part in parts for reason in part.reasons),
        tuple(conditions) if worst.outcome is Outcome.PERMITTED else (),
        worst.ask,
        in_order(fact for part in parts for fact in part.unknown_facts),
    )


MOST_TELLING = (
    AskReason.UNKNOWN_FACTS,
    AskReason.SILENT,
    AskReason.TITLE_UNKNOWN,
    AskReason.NO_SUBLICENCE,
    AskReason.RESERVED,
    AskReason.CONFLICT,
)
"""Where two parts both end in asking, the later of these is named: it tells more, and no further fact
settles it."""


def _weight(part: Settled) -> tuple[int, int]:
    return STRICTNESS[part.outcome], MOST_TELLING.index(part.ask.reason) if part.ask else 0
