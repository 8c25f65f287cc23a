"""The lines of a request's history in words, for the desk."""

from collections.abc import Callable, Sequence
from typing import Any

from ledger.records.request_rows import EventRow
from ledger.web.words import money

TITLES = {
    "submit": "The request arrived",
    "take_up": "Taken up",
    "ask_requester": "Question to the requester",
    "reply": "Reply from the requester",
    "refer_to_holder": "The owner was asked",
    "holder_answered": "The owner answered",
    "holder_unreachable": "The owner could not be reached",
    "mail_undelivered": "A mail could not be delivered",
    "quote": "A price was offered",
    "accept_quote": "The price was accepted",
    "refuse_quote": "The price was declined",
    "invoice": "Payment was requested",
    "record_payment": "The payment arrived",
    "payment": "A payment arrived",
    "paid_back": "Money was paid back",
    "payment_reminded": "Reminded of the payment",
    "waive_payment": "Went ahead before the payment",
    "decide": "Every part is decided",
    "withdraw": "The requester withdrew",
    "lapse": "Lapsed: the requester did not answer",
    "reopen": "Reopened",
    "duty_reported": "The holder says that an obligation is met",
    "note": "Note for colleagues (private)",
}

WITH_AMOUNT = frozenset({"quote", "accept_quote", "invoice", "record_payment", "payment", "paid_back"})


def told(events: Sequence[EventRow], name_of: Callable[[str | None], str]) -> list[dict[str, Any]]:
    """Rows for the timeline of ``macros/parts.html``, in the order of the events."""
    return [
        {"title": _title(event, name_of(event.person_id)), "when": event.at, "text": _text(event)}
        for event in events
    ]


def _title(event: EventRow, name: str) -> str:
    if event.kind == "message":
        title = "Message from the requester" if event.actor == "requester" else "Message to the requester"
    else:
        title = TITLES.get(event.kind, event.kind.replace("_", " ").capitalize())
    document = event.document or {}
    if event.kind == "mail_undelivered":
        title = f"{title}: {str(document.get('template', '')).replace('_', ' ')}"
    if event.kind in ("refer_to_holder", "holder_unreachable") and document.get("owner"):
        title = f"{title}: {document['owner']}"
    if event.kind == "holder_answered" and document.get("reply"):
        title = f"{title}: {str(document['reply']).replace('_', ' ')}"
    if event.kind == "duty_reported" and document.get("duty"):
        title = f"{title}: {document['duty']}"
    if event.kind in WITH_AMOUNT and document.get("currency"):
        title = f"{title}: {money(document['total'], document['currency'])}"
    return f"{title} ({name})" if name else title


def _text(event: EventRow) -> str:
    return event.body or ""
