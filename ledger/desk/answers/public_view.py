"""What everybody may see of a piece: not what owners wrote to the publisher in confidence, nor their private addresses.

Evidence that was published (a notice, a byline, a register) is shown word for word; a statement, a contract or a
letter is only named. Terms inbound to the publisher stay between the two.
"""

from dataclasses import replace

from ledger.rights.answers import Answer, PieceAnswer, Reason
from ledger.rights.pieces import Claim, ClaimRole, Piece
from ledger.rights.terms import TermsKind

PUBLISHED = frozenset({"notice", "byline", "register"})


def public_view(piece: Piece) -> Piece:
    """The piece as a stranger may read it. Answers are worked out on the whole piece, never on this."""
    return replace(
        piece,
        claims=tuple(_claim(each) for each in piece.claims if each.role is not ClaimRole.LICENSEE),
        terms=tuple(each for each in piece.terms if each.kind is TermsKind.STANDING),
    )


def public_answer(answer: PieceAnswer) -> PieceAnswer:
    """The answer without words that were written in confidence; which reason it is, and its hash, stay."""
    return replace(answer, components=tuple(_answer(each) for each in answer.components))


def _claim(claim: Claim) -> Claim:
    evidence = claim.evidence
    if evidence is None or evidence.kind in PUBLISHED:
        return claim
    named = f"A {evidence.kind} on record with the publisher"
    return replace(claim, evidence=replace(evidence, text=named, span=None))


def _answer(answer: Answer) -> Answer:
    return replace(answer, reasons=tuple(_reason(each) for each in answer.reasons))


def _reason(reason: Reason) -> Reason:
    ground = reason.ground
    if ground is None or ground.terms_kind is not TermsKind.INBOUND:
        return reason
    return replace(reason, ground=replace(ground, clause=None, url=None))
