"""What happened to a request, told to whoever asked: each line of its history in plain words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ledger.desk.answers.use_words import settled_sentences
from ledger.desk.requests.following import Status
from ledger.records.request_rows import EventRow, ItemRow, LetterRow
from ledger.rights.requests import Stretch
from ledger.rights.uses import ProposedUse
from ledger.rights.wire import from_plain
from ledger.web.words import money

TOLD = {
    "submit": "You sent the request and confirmed your address",
    "take_up": "{publisher} took it up",
    "ask_requester": "{publisher} asked you something",
    "reply": "You answered",
    "refer_to_holder": "{publisher} asked the owner of the rights",
    "holder_answered": "The owner answered",
    "holder_unreachable": "The owner could not be reached by mail; {publisher} has to find another way",
    "quote": "{publisher} named a price",
    "accept_quote": "You accepted the price",
    "refuse_quote": "You declined the price",
    "invoice": "{publisher} asked for the payment",
    "record_payment": "Your payment arrived",
    "payment": "Your payment arrived",
    "paid_back": "{publisher} paid money back",
    "payment_reminded": "You were reminded of the payment",
    "waive_payment": "{publisher} goes on before the payment",
    "decide": "It was decided",
    "withdraw": "You withdrew the request",
    "lapse": "It lapsed, since nobody heard from you",
    "reopen": "It was opened again",
    "duty_reported": "You said that something the letter asks for is done",
    "owner_reminded": "The owner was reminded",
    "owner_silent": "The owner has not answered. That is neither a yes nor a no",
}
TURNS = {
    "requester": "It is your turn",
    "staff": "It is {publisher}'s turn",
    "holder": "The owner of the rights has been asked",
}
CLOSED = {"decided": "Decided", "withdrawn": "Withdrawn", "lapsed": "Lapsed"}
NEXT = {
    "needs_info": "Answer the question below. Until then the clock stands still.",
    "quoted": "Accept or decline the price below.",
    "payment_due": "Pay what is asked for below. {publisher} decides as soon as the payment has arrived.",
    "submitted": "Somebody at {publisher} will look at it.",
    "in_review": "{publisher} is looking at it.",
    "accepted": "You accepted the price; {publisher} decides now.",
    "awaiting_holder": "{publisher} reminds the owner after one and two weeks and tells you if nobody answers.",
    "decided": "It has been decided. The decisions and letters are below.",
    "withdrawn": "You withdrew this request.",
    "lapsed": "This request lapsed. Write a message to open it again, or send a new one.",
}
DECISIONS = {
    "granted": ("permitted", "Granted"),
    "declined": ("prohibited", "Declined"),
    "referred": ("ask", "Ask the owner"),
    "not_needed": ("no_permission_needed", "No permission needed"),
}

GRANTING = frozenset({"grant", "amendment"})
"""Kinds of letters that permit something."""


@dataclass(frozen=True)
class Line:
    """A line of the timeline, as ``parts.timeline`` takes it."""

    title: str
    when: datetime
    text: str = ""
    stage: str = "done"


@dataclass(frozen=True)
class Message:
    """Something one side wrote to the other."""

    ours: bool
    who: str
    when: datetime
    text: str


def timeline(status: Status) -> list[Line]:
    """What happened, oldest first; what was written stands among the messages."""
    lines = [Line("You began the request", status.request.created_at)]
    for event in status.events:
        told = TOLD.get(event.kind)
        if told:
            said = told.format(publisher=status.publisher.name)
            lines.append(Line(said, event.at, _amount(event.document)))
    notices = [each for each in status.letters if each.kind == "revocation"]
    lines += [_issued(each) for each in status.letters if each.sha256 and each not in notices]
    lines += [
        Line(f"Letter {each.letter.number} was revoked", each.at, f"Reason: {each.reason}")
        for each in status.revocations
    ]
    lines += [_issued(each) for each in notices if each.sha256]
    return sorted(lines, key=lambda line: line.when.replace(microsecond=0))  # a letter's time has none


def _issued(letter: LetterRow) -> Line:
    what = "Letter of revocation" if letter.kind == "revocation" else "Letter"
    return Line(f"{what} {letter.number} was issued", letter.issued_at)


def _amount(document: Mapping[str, Any] | None) -> str:
    if not document or "total" not in document or not document.get("currency"):
        return ""
    return money(document["total"], document["currency"])


def messages(status: Status) -> list[Message]:
    """What was written to and fro, oldest first."""
    return [_message(status, event) for event in status.events if event.body]


def _message(status: Status, event: EventRow) -> Message:
    ours = event.actor == "requester"
    who = "You" if ours else status.publisher.name
    return Message(ours, who, event.at, event.body or "")


def turn_words(status: Status) -> tuple[str, str]:
    """Whose turn it is, and what comes next."""
    name, row = status.publisher.name, status.request
    if status.revocations:
        left = any(each.kind in GRANTING and each.state != "revoked" for each in status.letters)
        return ("Partly revoked", NEXT["decided"]) if left else ("Revoked", "")
    turn = CLOSED.get(row.state) or TURNS[row.turn].format(publisher=name)
    return turn, NEXT.get(row.state, "").format(publisher=name)


def _is_revoked(status: Status, item: ItemRow) -> bool:
    """Whether the letter that granted an item was taken back: a letter grants the parts of one piece."""
    return item.decision == "granted" and item.piece_id in {each.piece_id for each in status.revocations}


def decision_badge(status: Status, item: ItemRow) -> tuple[str, str] | None:
    """The look and the word for what holds now of an item; none while it is open."""
    if _is_revoked(status, item):
        return "prohibited", "Revoked"
    return DECISIONS[item.decision] if item.decision else None


def decision_words(status: Status, item: ItemRow) -> str:
    """What was decided on one item beyond the word itself."""
    if _is_revoked(status, item):
        return "It was granted, and the permission was taken back; see the top of this page."
    document = item.document or {}
    if item.decision == "declined":
        return f"Reason: {document.get('reason', '')}"
    if item.decision == "referred":
        contact = f" ({document['contact']})" if document.get("contact") else ""
        return f"{document.get('owner', 'The owner')}{contact} holds this part; ask there."
    if item.decision == "granted":
        return "The letter says what you may do and on which conditions."
    if item.decision == "not_needed":
        return "The terms on record allow this already; the letter cites the words."
    return "Not decided yet."


def settled(item: ItemRow) -> list[str]:
    """For a granted item, what the letter grants otherwise than it was asked for."""
    if item.decision != "granted" or not item.document:
        return []
    return settled_sentences(from_plain(ProposedUse, item.use), from_plain(ProposedUse, item.document["use"]))


def days(span: timedelta) -> str:
    """A stretch of time in days, honestly rounded down: "less than a day", "1 day", "12 days"."""
    if span < timedelta(days=1):
        return "less than a day"
    return "1 day" if span.days == 1 else f"{span.days} days"


def strip(stretches: Sequence[Stretch]) -> list[tuple[str, float, float]]:
    """The time so far as a strip 100 wide: (whose turn, where it begins, how wide), in order of time.

    Nothing to draw before a day has gone by, or while only one side has had it.
    """
    whole = sum((until - since for since, until, _ in stretches), timedelta())
    if whole < timedelta(days=1) or len(stretches) < 2:
        return []
    drawn, at = [], 0.0
    for since, until, turn in stretches:
        width = 100 * ((until - since) / whole)
        drawn.append((turn.value, round(at, 2), round(width, 2)))
        at += width
    return drawn
