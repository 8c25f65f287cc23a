"""A piece's rights for readers: the common uses answered, each part with its holders, the clauses as they stand."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ledger.desk.answers.asking import Answered
from ledger.desk.answers.public_view import public_view
from ledger.desk.answers.use_words import ENGLISH
from ledger.letters.language import Speaker, capital
from ledger.rights.answers import Answer, AskReason, Outcome, PieceAnswer, ReasonCode
from ledger.rights.assessing import current
from ledger.rights.attribution import Credit, credit_for, requires_credit
from ledger.rights.evaluation import evaluate_piece
from ledger.rights.exceptions import Assessment
from ledger.rights.pieces import Claim, ClaimRole, Component, ComponentKind, Piece
from ledger.rights.terms import Condition, Effect, Terms
from ledger.rights.uses import Action, Channel, ProposedUse

COMMON: tuple[tuple[str, ProposedUse], ...] = (
    (
        "Republish it on a community or non-profit site",
        ProposedUse(
            actions=(Action.REPUBLISH_FULL,), channels=(Channel.COMMUNITY_SITE,), is_commercial=False
        ),
    ),
    (
        "Republish it on a commercial site",
        ProposedUse(
            actions=(Action.REPUBLISH_FULL,), channels=(Channel.COMMERCIAL_SITE,), is_commercial=True
        ),
    ),
    (
        "Print it in a book, magazine or paper",
        ProposedUse(actions=(Action.REPUBLISH_FULL,), channels=(Channel.PRINT,), is_commercial=True),
    ),
    (
        "Translate it",
        ProposedUse(actions=(Action.TRANSLATE,), is_commercial=False),
    ),
    (
        "Train an AI system on it",
        ProposedUse(actions=(Action.AI_TRAIN,), is_commercial=True),
    ),
)
"""What readers ask most often. Each answer is the engine's; none is written by hand."""


@dataclass(frozen=True)
class Part:
    """One component with the holders on record and its current assessment, if it is carried under an exception."""

    component: Component
    holders: list[Claim]
    assessment: Assessment | None

    @property
    def contested(self) -> bool:
        """Several parties are on record as its holder: none of them speaks for it until that is settled."""
        return len({claim.party.id for claim in self.holders if claim.role is ClaimRole.HOLDER}) > 1


@dataclass(frozen=True)
class RightsView:
    """Everything the rights page shows, worked out for ``today``."""

    parts: list[Part]
    answers: list[tuple[str, PieceAnswer]]
    terms: list[Terms]
    credit: Credit
    credit_required_for: str
    today: date


def rights_view(piece: Piece, today: date) -> RightsView:
    """The view of a piece on a day. Inbound terms are between the publisher and the owner and are not shown."""
    answers = [(words, evaluate_piece(piece, use, today)) for words, use in COMMON]
    shown = public_view(piece)
    required_for, duties = _credit_duties(shown, answers)
    return RightsView(
        parts=[
            Part(
                component,
                _claims_on(shown, component, today),
                current(piece, component, today),
            )
            for component in piece.components
        ],
        answers=answers,
        terms=list(shown.terms),
        credit=credit_for(piece, duties),
        credit_required_for=required_for,
        today=today,
    )


def _credit_duties(piece: Piece, answers: list[tuple[str, PieceAnswer]]) -> tuple[str, tuple[Condition, ...]]:
    """The first common use that standing terms permit with a credit, and their conditions; else "" and none.

    A use that another part stands in the way of counts too: whoever clears that part still owes the credit. So
    does one that turns on a fact not yet told, after those that do not.
    """
    for unsettled in (False, True):
        for words, answer in answers:
            parts = [one for one in _of_the_text(piece, answer) if _stands(one, unsettled)]
            conditions = tuple(duty for one in parts for duty in _permitted_by(piece, one))
            if requires_credit(conditions):
                return words, conditions
    return "", ()


def _stands(answer: Answer, unsettled: bool) -> bool:
    """Permitted; or, where ``unsettled``, open for facts alone: what is reserved or contradicted is not given."""
    if unsettled:
        return answer.ask is not None and answer.ask.reason is AskReason.UNKNOWN_FACTS
    return answer.outcome is Outcome.PERMITTED


def _of_the_text(piece: Piece, answer: PieceAnswer) -> list[Answer]:
    """The answers for the words; a picture's own credit is not the article's. Without words, all of them."""
    kinds = (ComponentKind.TEXT, ComponentKind.TRANSLATION)
    found = [one for one in answer.components if piece.component(one.component_id).kind in kinds]
    return found or list(answer.components)


def _permitted_by(piece: Piece, answer: Answer) -> Iterator[Condition]:
    """The conditions of the standing permissions that reach the use, or may reach it."""
    reached = {
        (each.ground.terms_id, each.ground.rule_index)
        for each in answer.reasons
        if each.code in (ReasonCode.RULE_PERMITS, ReasonCode.RULE_UNKNOWN) and each.ground is not None
    }
    for terms in piece.terms:
        for index, rule in enumerate(terms.rules):
            if rule.effect is Effect.PERMIT and (terms.id, index) in reached:
                yield from rule.conditions


def _claims_on(piece: Piece, component: Component, today: date) -> list[Claim]:
    return [claim for claim in piece.claims if claim.component_id == component.id and claim.in_force(today)]


def part_labels(piece: Piece, speaker: Speaker = ENGLISH) -> dict[str, str]:
    """What each component is called on pages, by its id."""
    return {each.id: each.label or capital(speaker.label(each.kind)) for each in piece.components}


def credit_of(answered: Answered) -> Credit:
    """The credit line that goes with an answer: what its conditions require, and what is recommended."""
    return credit_for(answered.piece, answered.answer.conditions)
