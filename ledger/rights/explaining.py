"""The derivation of an answer, rule by rule, in plain words."""

from __future__ import annotations

from ledger.rights.answers import Answer, Ask, Outcome, PieceAnswer, Reason
from ledger.rights.terms import Condition, Modality

OUTCOMES = {
    Outcome.NO_PERMISSION_NEEDED: "No permission is needed",
    Outcome.PERMITTED: "Permitted",
    Outcome.ASK: "Ask first",
    Outcome.PROHIBITED: "Prohibited",
}
MODALITIES = {
    Modality.MUST: "required",
    Modality.SHOULD: "recommended",
    Modality.MAY: "allowed",
    Modality.MUST_NOT: "forbidden",
}


def explain(answer: Answer | PieceAnswer) -> list[str]:
    """One line for each step: what was read, on what ground, and what follows."""
    if isinstance(answer, PieceAnswer):
        lines = [f"{OUTCOMES[answer.outcome]} (piece {answer.piece_id})."]
        for part in answer.components:
            lines += ["", *explain(part)]
        return lines
    lines = [f"Component {answer.component_id}: {OUTCOMES[answer.outcome].lower()}."]
    for number, reason in enumerate(answer.reasons, start=1):
        lines += _reason(number, reason)
    for condition in answer.conditions:
        lines.append(f"  - {_condition(condition)}")
    if answer.ask is not None:
        lines.append(f"  {_ask(answer.ask)}")
    return lines


def _reason(number: int, reason: Reason) -> list[str]:
    lines = [f"  {number}. {reason.sentence}. [{reason.code}]"]
    ground = reason.ground
    if ground is None:
        return lines
    if ground.terms_id is not None:
        rule = f", rule {ground.rule_index + 1}" if ground.rule_index is not None else ""
        name = f" “{ground.terms_name}”" if ground.terms_name else ""
        lines.append(
            f"     Ground: {ground.terms_kind} terms {ground.terms_id}{name}{rule} ({ground.origin})"
        )
    if ground.clause:
        lines.append(f"     Words: “{' '.join(ground.clause.split())}”")
    return lines


def _condition(condition: Condition) -> str:
    value = f": {condition.parameter}" if condition.parameter else ""
    words = condition.code.replace("_", " ")
    return f"Condition ({MODALITIES[condition.modality]}, {condition.timing} the use): {words}{value}"


def _ask(ask: Ask) -> str:
    name = ask.party.name if ask.party else "the holder (unknown)"
    address = ask.contact.email or ask.contact.url if ask.contact else None
    return f"Ask {name}" + (f" at {address}" if address else ", address unknown") + f" ({ask.reason})."
