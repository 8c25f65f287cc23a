"""What happened to a request, told to whoever asked: each line of its history in plain words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ledger.desk.answers.use_words import ENGLISH, settled_sentences
from ledger.desk.requests.following import Status
from ledger.letters.language import Speaker
from ledger.records.request_rows import EventRow, ItemRow, LetterRow
from ledger.rights.requests import Stretch
from ledger.rights.uses import ProposedUse
from ledger.rights.wire import from_plain
from ledger.web.tongues import N_, Tongue
from ledger.web.words import filters

TOLD = {
    "submit": N_("You sent the request and confirmed your address"),
    "take_up": N_("%(publisher)s took it up"),
    "ask_requester": N_("%(publisher)s asked you something"),
    "reply": N_("You answered"),
    "refer_to_holder": N_("%(publisher)s asked the owner of the rights"),
    "holder_answered": N_("The owner answered"),
    "holder_unreachable": N_("The owner could not be reached by mail; %(publisher)s has to find another way"),
    "quote": N_("%(publisher)s named a price"),
    "accept_quote": N_("You accepted the price"),
    "refuse_quote": N_("You declined the price"),
    "invoice": N_("%(publisher)s asked for the payment"),
    "record_payment": N_("Your payment arrived"),
    "payment": N_("Your payment arrived"),
    "paid_back": N_("%(publisher)s paid money back"),
    "payment_reminded": N_("You were reminded of the payment"),
    "waive_payment": N_("%(publisher)s goes on before the payment"),
    "decide": N_("It was decided"),
    "withdraw": N_("You withdrew the request"),
    "lapse": N_("It lapsed, since nobody heard from you"),
    "reopen": N_("It was opened again"),
    "duty_reported": N_("You said that something the letter asks for is done"),
    "owner_reminded": N_("The owner was reminded"),
    "owner_silent": N_("The owner has not answered. That is neither a yes nor a no"),
}
TURNS = {
    "requester": N_("It is your turn"),
    "staff": N_("It is %(publisher)s's turn"),
    "holder": N_("The owner of the rights has been asked"),
}
CLOSED = {"decided": N_("Decided"), "withdrawn": N_("Withdrawn"), "lapsed": N_("Lapsed")}
NEXT = {
    "needs_info": N_("Answer the question below. Until then the clock stands still."),
    "quoted": N_("Accept or decline the price below."),
    "payment_due": N_(
        "Pay what is asked for below. %(publisher)s decides as soon as the payment has arrived."
    ),
    "submitted": N_("Somebody at %(publisher)s will look at it."),
    "in_review": N_("%(publisher)s is looking at it."),
    "accepted": N_("You accepted the price; %(publisher)s decides now."),
    "awaiting_holder": N_(
        "%(publisher)s reminds the owner after one and two weeks and tells you if nobody answers."
    ),
    "decided": N_("It has been decided. The decisions and letters are below."),
    "withdrawn": N_("You withdrew this request."),
    "lapsed": N_("This request lapsed. Write a message to open it again, or send a new one."),
}
DECISIONS = {
    "granted": ("permitted", N_("Granted")),
    "declined": ("prohibited", N_("Declined")),
    "referred": ("ask", N_("Ask the owner")),
    "not_needed": ("no_permission_needed", N_("No permission needed")),
}

_DECIDED = {
    "granted": N_("The letter says what you may do and on which conditions."),
    "not_needed": N_("The terms on record allow this already; the letter cites the words."),
}
_OPEN = N_("Not decided yet.")
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


def timeline(status: Status, spoken: Tongue) -> list[Line]:
    """What happened, oldest first; what was written stands among the messages."""
    lines = [Line(spoken.say("You began the request"), status.request.created_at)]
    for event in status.events:
        told = TOLD.get(event.kind)
        if told:
            said = spoken.say(told, publisher=status.publisher.name)
            lines.append(Line(said, event.at, _amount(event.document, spoken)))
    notices = [each for each in status.letters if each.kind == "revocation"]
    lines += [_issued(each, spoken) for each in status.letters if each.sha256 and each not in notices]
    lines += [
        Line(
            spoken.say("Letter %(number)s was revoked", number=each.letter.number),
            each.at,
            spoken.say("Reason: %(reason)s", reason=each.reason),
        )
        for each in status.revocations
    ]
    lines += [_issued(each, spoken) for each in notices if each.sha256]
    return sorted(lines, key=lambda line: line.when.replace(microsecond=0))  # a letter's time has none


def _issued(letter: LetterRow, spoken: Tongue) -> Line:
    if letter.kind == "revocation":
        said = spoken.say("Letter of revocation %(number)s was issued", number=letter.number)
    else:
        said = spoken.say("Letter %(number)s was issued", number=letter.number)
    return Line(said, letter.issued_at)


def _amount(document: Mapping[str, Any] | None, spoken: Tongue) -> str:
    if not document or "total" not in document or not document.get("currency"):
        return ""
    return str(filters(spoken)["money"](document["total"], document["currency"]))


def messages(status: Status, spoken: Tongue) -> list[Message]:
    """What was written to and fro, oldest first."""
    return [_message(status, event, spoken) for event in status.events if event.body]


def _message(status: Status, event: EventRow, spoken: Tongue) -> Message:
    ours = event.actor == "requester"
    who = spoken.say("You") if ours else status.publisher.name
    return Message(ours, who, event.at, event.body or "")


def turn_words(status: Status, spoken: Tongue) -> tuple[str, str]:
    """Whose turn it is, and what comes next."""
    name, row = status.publisher.name, status.request
    if status.revocations:
        left = any(each.kind in GRANTING and each.state != "revoked" for each in status.letters)
        decided = NEXT["decided"]
        return (spoken.say("Partly revoked"), spoken.say(decided)) if left else (spoken.say("Revoked"), "")
    turn = CLOSED.get(row.state) or TURNS[row.turn]
    return spoken.say(turn, publisher=name), spoken.say(NEXT.get(row.state, ""), publisher=name)


def _is_revoked(status: Status, item: ItemRow) -> bool:
    """Whether the letter that granted an item was taken back: a letter grants the parts of one piece."""
    return item.decision == "granted" and item.piece_id in {each.piece_id for each in status.revocations}


def decision_badge(status: Status, item: ItemRow, spoken: Tongue) -> tuple[str, str] | None:
    """The look and the word for what holds now of an item; none while it is open."""
    if _is_revoked(status, item):
        return "prohibited", spoken.say("Revoked")
    if not item.decision:
        return None
    look, word = DECISIONS[item.decision]
    return look, spoken.say(word)


def decision_words(status: Status, item: ItemRow, spoken: Tongue) -> str:
    """What was decided on one item beyond the word itself."""
    if _is_revoked(status, item):
        return spoken.say("It was granted, and the permission was taken back; see the top of this page.")
    document = item.document or {}
    if item.decision == "declined":
        return spoken.say("Reason: %(reason)s", reason=document.get("reason", ""))
    if item.decision == "referred":
        contact = f" ({document['contact']})" if document.get("contact") else ""
        owner = document.get("owner") or spoken.say("The owner")
        return spoken.say("%(owner)s holds this part; ask there.", owner=f"{owner}{contact}")
    return spoken.say(_DECIDED.get(item.decision or "", _OPEN))


def settled(item: ItemRow, speaker: Speaker = ENGLISH) -> list[str]:
    """For a granted item, what the letter grants otherwise than it was asked for."""
    if item.decision != "granted" or not item.document:
        return []
    asked, granted = from_plain(ProposedUse, item.use), from_plain(ProposedUse, item.document["use"])
    return settled_sentences(asked, granted, speaker)


def days(span: timedelta, spoken: Tongue) -> str:
    """A stretch of time in days, honestly rounded down: "less than a day", "1 day", "12 days"."""
    if span < timedelta(days=1):
        return spoken.say("less than a day")
    return spoken.plural("%(count)s day", "%(count)s days", span.days)


def usual_time(status: Status, spoken: Tongue) -> str:
    """How long a decision took lately, to the nearest day; nothing before there was one."""
    lately = status.median.days
    if lately is None:
        return ""
    return days(timedelta(days=lately if lately < 1 else round(lately)), spoken)


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
