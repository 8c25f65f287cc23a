"""An answer as plain data: what the JSON door and the command line hand out, and the page links to."""

from typing import Any

from ledger.desk.answers.asking import Answered
from ledger.rights.answers import Answer, Ask, Outcome, Reason
from ledger.rights.attribution import credit_for
from ledger.rights.explaining import explain
from ledger.rights.parties import Contact
from ledger.rights.wire import to_plain


def answer_plain(answered: Answered) -> dict[str, Any]:
    """Outcome, reasons with their grounds, conditions and whom to ask, for the piece and for each component."""
    answer, piece = answered.answer, answered.piece
    asks = [ask_plain(ask) for ask in answer.asks]
    return {
        "piece": piece.id,
        "title": piece.title,
        "outcome": answer.outcome.value,
        "ask": asks[0] if answer.outcome is Outcome.ASK and asks else None,
        "asks": asks,
        "conditions": to_plain(answer.conditions),
        "unknown_facts": list(answer.unknown_facts),
        "components": [_component(answered, each) for each in answer.components],
        "derived": to_plain(answered.use.derived),
        "explanation": explain(answer),
    }


def ask_plain(ask: Ask) -> dict[str, Any]:
    """Whom to ask: the party's name, where to reach it (null when nothing is known), and why."""
    return {
        "party": ask.party.name if ask.party else None,
        "party_id": ask.party.id if ask.party else None,
        "contact": _contact(ask.contact),
        "reason": ask.reason.value,
    }


def _component(answered: Answered, answer: Answer) -> dict[str, Any]:
    component = answered.piece.component(answer.component_id)
    credit = credit_for(answered.piece, answer.conditions)
    return {
        "component": component.id,
        "kind": component.kind.value,
        "label": component.label,
        "basis": component.basis.value,
        "outcome": answer.outcome.value,
        "reasons": [_reason(each) for each in answer.reasons],
        "conditions": to_plain(answer.conditions),
        "ask": ask_plain(answer.ask) if answer.ask else None,
        "unknown_facts": list(answer.unknown_facts),
        "exception_claimed": list(answer.exception_claimed),
        "exception_notice": answer.exception_notice,
        "credit": {
            "required": to_plain(credit.required),
            "recommended": to_plain(credit.recommended),
        },
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "code": reason.code.value,
        "sentence": reason.sentence,
        "ground": to_plain(reason.ground) if reason.ground else None,
        "clause": reason.ground.clause if reason.ground else None,
        "facts": list(reason.facts),
    }


def _contact(contact: Contact | None) -> str | None:
    return (contact.email or contact.url or contact.phone) if contact else None
