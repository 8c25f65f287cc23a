"""The derivation of an answer, rule by rule, in plain words that can be read aloud."""

from __future__ import annotations

from ledger.rights.answers import Answer, Ask, Outcome, PieceAnswer, Reason
from ledger.rights.condition_words import FORCES, condition_sentence, force_of
from ledger.rights.terms import Condition, Ground, Origin

OUTCOMES = {
    Outcome.NO_PERMISSION_NEEDED: "No permission is needed",
    Outcome.PERMITTED: "Permitted",
    Outcome.ASK: "Ask first",
    Outcome.PROHIBITED: "Prohibited",
}
ORIGINS = {
    Origin.NOTICE: "the notice",
    Origin.LICENCE: "the licence",
    Origin.SITE_RULES: "the site's rules",
    Origin.SOURCE_PROFILE: "the arrangement with the source",
    Origin.CONTRACT: "the contract",
    Origin.CORRESPONDENCE: "the letters exchanged",
    Origin.LETTER: "the permission letter",
    Origin.STAFF: "what staff recorded",
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
    if answer.conditions:
        lines.append("  Conditions:")
    lines += [f"  - {_condition(condition)}" for condition in answer.conditions]
    if answer.ask is not None:
        lines.append(f"  {_ask(answer.ask)}")
    return lines


def _reason(number: int, reason: Reason) -> list[str]:
    lines = [f"  {number}. {reason.sentence}."]
    ground = reason.ground
    if ground is None:
        return lines
    if ground.terms_id is not None:
        lines.append(f"     {_ground(ground)}")
    if ground.clause:
        lines.append(f"     Words: “{' '.join(ground.clause.split())}”")
    return lines


def _ground(ground: Ground) -> str:
    """ "From the site's rules of Harbour Review (tm_1), rule 2" """
    source = ORIGINS[ground.origin] if ground.origin else "terms"
    name = f" “{ground.terms_name}”" if ground.terms_name else ""
    rule = f", rule {ground.rule_index + 1}" if ground.rule_index is not None else ""
    return f"From {source}{name} of {ground.assigner} ({ground.terms_id}){rule}"


def _condition(condition: Condition) -> str:
    return f"{FORCES[force_of(condition)]}: {condition_sentence(condition)}"


def _ask(ask: Ask) -> str:
    name = ask.party.name if ask.party else "the holder, who is not known"
    address = ask.contact.email or ask.contact.url if ask.contact else None
    return f"Ask {name}" + (f" at {address}." if address else "; no address is on record.")
