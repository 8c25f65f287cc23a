"""The life of a request: its states, what moves it, and whose turn it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class RequestState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    NEEDS_INFO = "needs_info"
    AWAITING_HOLDER = "awaiting_holder"
    QUOTED = "quoted"
    ACCEPTED = "accepted"
    PAYMENT_DUE = "payment_due"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class RequestEvent(StrEnum):
    SUBMIT = "submit"
    TAKE_UP = "take_up"
    ASK_REQUESTER = "ask_requester"
    REPLY = "reply"
    REFER_TO_HOLDER = "refer_to_holder"
    HOLDER_ANSWERED = "holder_answered"
    QUOTE = "quote"
    ACCEPT_QUOTE = "accept_quote"
    REFUSE_QUOTE = "refuse_quote"
    INVOICE = "invoice"
    RECORD_PAYMENT = "record_payment"
    DECIDE = "decide"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"
    REOPEN = "reopen"


class Turn(StrEnum):
    REQUESTER = "requester"
    STAFF = "staff"
    HOLDER = "holder"
    NOBODY = "nobody"


class ItemDecision(StrEnum):
    """What was decided on one item (component x use)."""

    GRANTED = "granted"
    DECLINED = "declined"
    REFERRED = "referred"
    NOT_NEEDED = "not_needed"


class HolderReply(StrEnum):
    GRANT = "grant"
    DECLINE = "decline"
    QUOTE = "quote"
    NOT_MINE = "not_mine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One step in the life of a request, at a UTC time."""

    event: RequestEvent
    at: datetime
    to: RequestState
