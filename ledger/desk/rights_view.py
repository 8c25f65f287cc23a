"""A piece's rights for readers: the common uses answered, each part with its holders, the clauses as they stand."""

from dataclasses import dataclass
from datetime import date

from ledger.desk.asking import Answered
from ledger.desk.public_view import public_view
from ledger.rights.answers import Outcome, PieceAnswer
from ledger.rights.assessing import current
from ledger.rights.attribution import Credit, credit_for
from ledger.rights.evaluation import evaluate_piece
from ledger.rights.exceptions import Assessment
from ledger.rights.pieces import Claim, Component, Piece
from ledger.rights.terms import Terms
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


@dataclass(frozen=True)
class RightsView:
    """Everything the rights page shows."""

    parts: list[Part]
    answers: list[tuple[str, PieceAnswer]]
    terms: list[Terms]
    credit: Credit
    credit_required_for: str


def rights_view(piece: Piece, today: date) -> RightsView:
    """The view of a piece on a day. Inbound terms are between the publisher and the owner and are not shown."""
    answers = [(words, evaluate_piece(piece, use, today)) for words, use in COMMON]
    shown = public_view(piece)
    permitted = [
        (words, each) for words, each in answers if each.outcome is Outcome.PERMITTED and each.conditions
    ]
    conditions = permitted[0][1].conditions if permitted else ()
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
        credit=credit_for(piece, conditions),
        credit_required_for=permitted[0][0] if permitted else "",
    )


def _claims_on(piece: Piece, component: Component, today: date) -> list[Claim]:
    return [claim for claim in piece.claims if claim.component_id == component.id and claim.in_force(today)]


def part_labels(piece: Piece) -> dict[str, str]:
    """What each component is called on pages, by its id."""
    return {each.id: each.label or str(each.kind).replace("_", " ").capitalize() for each in piece.components}


def credit_of(answered: Answered) -> Credit:
    """The credit line that goes with an answer: what its conditions require, and what is recommended."""
    return credit_for(answered.piece, answered.answer.conditions)
