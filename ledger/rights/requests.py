"""The life of a request: its states, what moves it, and whose turn it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
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
    HOLDER_UNREACHABLE = "holder_unreachable"
    QUOTE = "quote"
    ACCEPT_QUOTE = "accept_quote"
    REFUSE_QUOTE = "refuse_quote"
    INVOICE = "invoice"
    RECORD_PAYMENT = "record_payment"
    WAIVE_PAYMENT = "waive_payment"
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


class BadMove(ValueError):
    """An event that the state does not allow. ``allowed`` lists the events that it does."""

    def __init__(self, state: RequestState, event: RequestEvent) -> None:
        self.state, self.event = state, event
        self.allowed = events_from(state)
        listed = ", ".join(self.allowed) or "nothing: it is closed"
        super().__init__(f"a request that is {state} cannot take {event}; it can take {listed}")


S, E = RequestState, RequestEvent
OPEN = frozenset(S) - {S.DECIDED, S.WITHDRAWN, S.LAPSED}
ON_THE_DESK = frozenset({S.SUBMITTED, S.IN_REVIEW})
WAITING_FOR_THE_REQUESTER = frozenset({S.DRAFT, S.NEEDS_INFO, S.QUOTED, S.PAYMENT_DUE})
MOVES: dict[RequestEvent, tuple[frozenset[RequestState], RequestState]] = {
    E.SUBMIT: (frozenset({S.DRAFT}), S.SUBMITTED),
    E.TAKE_UP: (frozenset({S.SUBMITTED}), S.IN_REVIEW),
    E.ASK_REQUESTER: (ON_THE_DESK, S.NEEDS_INFO),
    E.REPLY: (frozenset({S.NEEDS_INFO}), S.IN_REVIEW),
    E.REFER_TO_HOLDER: (ON_THE_DESK, S.AWAITING_HOLDER),
    E.HOLDER_ANSWERED: (frozenset({S.AWAITING_HOLDER}), S.IN_REVIEW),
    # Nobody waits for an owner whom no mail has reached: staff have to find another way.
    E.HOLDER_UNREACHABLE: (frozenset({S.AWAITING_HOLDER}), S.IN_REVIEW),
    # Also in the place of a price that was offered and not answered yet.
    E.QUOTE: (ON_THE_DESK | {S.AWAITING_HOLDER, S.QUOTED}, S.QUOTED),
    E.ACCEPT_QUOTE: (frozenset({S.QUOTED}), S.ACCEPTED),
    E.REFUSE_QUOTE: (frozenset({S.QUOTED}), S.IN_REVIEW),
    E.INVOICE: (frozenset({S.ACCEPTED}), S.PAYMENT_DUE),
    E.RECORD_PAYMENT: (frozenset({S.PAYMENT_DUE}), S.ACCEPTED),
    # The desk goes on before the money is there; what is owed stays owed.
    E.WAIVE_PAYMENT: (frozenset({S.PAYMENT_DUE}), S.ACCEPTED),
    E.DECIDE: (ON_THE_DESK | {S.ACCEPTED, S.AWAITING_HOLDER}, S.DECIDED),
    E.WITHDRAW: (OPEN, S.WITHDRAWN),
    # Only the requester's own silence lets a request lapse; a holder's silence is neither refusal nor grant.
    E.LAPSE: (WAITING_FOR_THE_REQUESTER, S.LAPSED),
    E.REOPEN: (frozenset({S.LAPSED}), S.IN_REVIEW),
}
"""Each event: the states it may start from, and the one it leads to."""

TURNS = {
    S.DRAFT: Turn.REQUESTER,
    S.SUBMITTED: Turn.STAFF,
    S.IN_REVIEW: Turn.STAFF,
    S.NEEDS_INFO: Turn.REQUESTER,
    S.AWAITING_HOLDER: Turn.HOLDER,
    S.QUOTED: Turn.REQUESTER,
    S.ACCEPTED: Turn.STAFF,
    S.PAYMENT_DUE: Turn.REQUESTER,
    S.DECIDED: Turn.NOBODY,
    S.WITHDRAWN: Turn.NOBODY,
    S.LAPSED: Turn.NOBODY,
}


def move(state: RequestState, event: RequestEvent) -> RequestState:
    """The state after the event. Raises BadMove."""
    start, end = MOVES[event]
    if state not in start:
        raise BadMove(state, event)
    return end


def events_from(state: RequestState) -> tuple[RequestEvent, ...]:
    return tuple(event for event, (start, _end) in MOVES.items() if state in start)


def whose_turn(state: RequestState) -> Turn:
    return TURNS[state]


Stretch = tuple[datetime, datetime, Turn]


def stretches(moves: Sequence[Moved], now: datetime) -> list[Stretch]:
    """Who had it from when until when, in order of time, neighbours of one side joined; closed states are nobody's.

    ``moves`` are in order of time; the last state lasts until ``now``. Raises ValueError when a move is earlier
    than the one before it.
    """
    found: list[Stretch] = []
    for this, following in zip(moves, [*moves[1:], None], strict=True):
        until = following.at if following else now
        if until < this.at:
            raise ValueError(f"{this.event} at {this.at} is later than what follows it at {until}")
        turn = whose_turn(this.to)
        if found and found[-1][1:] == (this.at, turn):
            found[-1] = (found[-1][0], until, turn)
        elif turn is not Turn.NOBODY:
            found.append((this.at, until, turn))
    return found


def time_by_turn(moves: Sequence[Moved], now: datetime) -> dict[Turn, timedelta]:
    """How long it has been each one's turn. The desk's clock runs only while it is staff's turn.

    Raises as ``stretches``.
    """
    spent = dict.fromkeys(Turn, timedelta())
    for since, until, turn in stretches(moves, now):
        spent[turn] += until - since
    return spent


def pauses(moves: Sequence[Moved], now: datetime) -> list[Stretch]:
    """The stretches during which the desk's clock stood still, with whose turn it was."""
    return [each for each in stretches(moves, now) if each[2] in (Turn.REQUESTER, Turn.HOLDER)]
