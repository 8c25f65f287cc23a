"""What a requester does with a request that is on its way: follow it, answer, accept a price, withdraw."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from ledger.desk import links
from ledger.desk.context import Desk
from ledger.desk.house.publishers import own_publisher
from ledger.desk.letters.letter_life import matter_of
from ledger.desk.posting import tell, titles_of
from ledger.desk.refusals import Clash, NotFound
from ledger.desk.requests.invoicing import Account, account_of, open_invoice
from ledger.desk.requests.moving import move, note
from ledger.desk.requests.opened import open_behind
from ledger.desk.texts import needed_text
from ledger.letters.model import LetterKind
from ledger.records.letters import letters_of_request, load_obligations
from ledger.records.offers import answer_quote, load_enquiries, load_quotes
from ledger.records.pieces import load_piece
from ledger.records.publishers import PublisherRow
from ledger.records.queue import MedianTime, median_time
from ledger.records.request_rows import (
    AttachmentRow,
    EnquiryRow,
    EventRow,
    ItemRow,
    LetterRow,
    ObligationRow,
    QuoteRow,
    RequestRow,
)
from ledger.records.requests import load_attachments, load_events, load_items
from ledger.records.tenant import Tenant
from ledger.rights.pieces import Piece
from ledger.rights.requests import (
    MOVES,
    Moved,
    RequestEvent,
    RequestState,
    Stretch,
    Turn,
    pauses,
    stretches,
    time_by_turn,
)
from ledger.said import said

PRIVATE = frozenset({"note"})
"""Kinds of history lines that only staff see."""


@dataclass(frozen=True)
class Revocation:
    """A letter that was taken back: why, and from which day on its permission ends."""

    letter: LetterRow
    piece_id: str
    reason: str
    effective: date
    at: datetime


@dataclass(frozen=True)
class Status:
    """Everything a requester may see of a request."""

    request: RequestRow
    publisher: PublisherRow
    items: list[ItemRow]
    titles: dict[str, str]
    events: list[EventRow]
    quotes: list[QuoteRow]
    enquiries: list[EnquiryRow]
    letters: list[LetterRow]
    revocations: list[Revocation]
    obligations: list[ObligationRow]
    median: MedianTime
    account: Account | None = None
    pieces: list[Piece] = field(default_factory=list)
    attachments: list[AttachmentRow] = field(default_factory=list)


@dataclass(frozen=True)
class TimeSpent:
    """The honest clock: how long it was each one's turn, and when the desk's clock stood still for whom."""

    by_turn: dict[Turn, timedelta]
    pauses: list[Stretch]
    stretches: list[Stretch]


def clock_of(events: list[EventRow], now: datetime) -> TimeSpent:
    """Reckoned from the moves on record, from the day the request reached the desk."""
    known = {each.value for each in RequestEvent}
    steps = [(RequestEvent(each.kind), each.at) for each in events if each.kind in known]
    moves = [Moved(event=event, at=at, to=MOVES[event][1]) for event, at in steps]
    return TimeSpent(time_by_turn(moves, now), pauses(moves, now), stretches(moves, now))


def status(desk: Desk, token: str) -> Status:
    """The request behind a status link. Raises ``NotFound``."""
    link = links.opened_by(desk, token, "requester")
    publisher = own_publisher(desk, link.publisher_id)
    with desk.database.reading() as connection:
        opened = open_behind(connection, link)
        tenant, row = opened.tenant, opened.row
        items = load_items(tenant, row.id)
        every = letters_of_request(tenant, row.id)
        letters = [each for each in every if each.state != "preparing"]
        return Status(
            request=row,
            publisher=publisher,
            items=items,
            titles=titles_of(tenant, items),
            events=[each for each in load_events(tenant, row.id) if each.kind not in PRIVATE],
            quotes=load_quotes(tenant, row.id),
            enquiries=load_enquiries(tenant, row.id),
            letters=letters,
            revocations=_revocations(every),
            obligations=_duties(tenant, letters),
            median=median_time(tenant),
            account=account_of(tenant, row),
            pieces=_pieces(tenant, items),
            attachments=load_attachments(tenant, row.id),
        )


def _revocations(letters: list[LetterRow]) -> list[Revocation]:
    """The letters taken back. They are from that moment, also while the file of the notice is being made."""
    by_id = {each.id: each for each in letters}
    found = []
    for notice in letters:
        taken_back = by_id.get(notice.replaces or "")
        if notice.kind == LetterKind.REVOCATION and taken_back is not None:
            matter = matter_of(notice)
            effective = matter.effective or notice.issued_at.date()
            found.append(Revocation(taken_back, matter.piece.id, matter.reason, effective, notice.issued_at))
    return found


def _duties(tenant: Tenant, letters: list[LetterRow]) -> list[ObligationRow]:
    """What the letters ask for; of a revoked letter only what was done already, for it asks nothing more."""
    duties = [(each, duty) for each in letters for duty in load_obligations(tenant, each.id)]
    return [duty for letter, duty in duties if letter.state != "revoked" or duty.done_at is not None]


@dataclass(frozen=True)
class Confirming:
    """What a confirming link is about: the language of its request, and where that is followed once it was confirmed
    (until then ``""``)."""

    language: str
    status_url: str


def confirming(desk: Desk, token: str) -> Confirming:
    """What stands behind a confirming link. Raises ``NotFound`` for a link that opens nothing."""
    link = links.opened_by(desk, token, "verify")
    with desk.database.reading() as connection:
        row = open_behind(connection, link).row
    return Confirming(row.language, links.status_url(desk, row.id) if row.verified_at is not None else "")


def _pieces(tenant: Tenant, items: list[ItemRow]) -> list[Piece]:
    """The pieces that are asked about, as far as they are still on record."""
    ids = dict.fromkeys(item.piece_id for item in items)
    loaded = (load_piece(tenant.connection, piece_id, tenant.publisher_id) for piece_id in ids)
    return [each.piece for each in loaded if each]


def letter_behind(desk: Desk, token: str, letter_id: str) -> tuple[RequestRow, LetterRow]:
    """A letter of the request behind a status link. Raises ``NotFound``."""
    found = status(desk, token)
    letter = next((each for each in found.letters if each.id == letter_id and each.sha256), None)
    if letter is None:
        raise NotFound(said("There is no such letter."), "letter")
    return found.request, letter


def letter_pdf(desk: Desk, token: str, letter_id: str) -> tuple[str, bytes]:
    """The number and the file of a letter, for whoever holds the request's link. Raises ``NotFound``."""
    _, letter = letter_behind(desk, token, letter_id)
    return letter.number, desk.evidence.get(letter.sha256 or "")


def reply(desk: Desk, token: str, text: str) -> None:
    """The requester writes to the desk; where it had asked, or given up waiting, it is the desk's turn again."""
    words = needed_text(text, "text", said("Write your message before you send it."))
    link, now = links.opened_by(desk, token, "requester"), desk.clock()
    with desk.database.writing() as connection:
        opened = open_behind(connection, link)
        tenant, row = opened.tenant, opened.row
        if row.state == RequestState.NEEDS_INFO:
            move(tenant, row, RequestEvent.REPLY, now, actor="requester", body=words)
        elif row.state == RequestState.LAPSED:
            move(tenant, row, RequestEvent.REOPEN, now, actor="requester", body=words)
        elif row.closed_at is None:
            note(tenant, row.id, "message", "requester", now, body=words)
        else:
            raise Clash(said("This request is closed; send a new one, or answer the letter's mail."))


def withdraw(desk: Desk, token: str) -> None:
    """The requester takes the request back. Raises ``Clash`` when it has been decided already."""
    link, now = links.opened_by(desk, token, "requester"), desk.clock()
    with desk.database.writing() as connection:
        opened = open_behind(connection, link)
        tenant, row = opened.tenant, opened.row
        if row.state == RequestState.WITHDRAWN:
            return
        move(tenant, row, RequestEvent.WITHDRAW, now, actor="requester")
        if row.verified_at is not None:  # an address nobody confirmed may be a stranger's
            publisher = own_publisher(desk, tenant.publisher_id)
            tell(desk, tenant, publisher, row, "withdrawn", key=f"withdrawn:{row.id}")


def answer_offer(desk: Desk, token: str, quote_id: str, *, accept: bool) -> None:
    """Accept or refuse a quote; what is accepted is asked for at once.

    Raises ``Clash`` when it was replaced or has run out.
    """
    link, now = links.opened_by(desk, token, "requester"), desk.clock()
    publisher = own_publisher(desk, link.publisher_id)
    with desk.database.writing() as connection:
        opened = open_behind(connection, link)
        tenant, row = opened.tenant, opened.row
        offer = next((each for each in load_quotes(tenant, row.id) if each.id == quote_id), None)
        if offer is None:
            raise NotFound("There is no such quote.")
        if offer.state != "offered":
            raise Clash(said("This quote stands no more; look at the newest one."))
        if offer.valid_until is not None and offer.valid_until < desk.today():
            raise Clash(said("This quote has run out; write to the desk for a new one."))
        answer = "accepted" if accept else "declined"
        answer_quote(tenant, quote_id, answer, now)
        entered = {"quote": quote_id, "quote_state": answer}
        event = RequestEvent.ACCEPT_QUOTE if accept else RequestEvent.REFUSE_QUOTE
        document = {"quote": quote_id, "total": offer.total, "currency": offer.currency}
        row = move(tenant, row, event, now, actor="requester", document=document, entered=entered)
        if accept:
            open_invoice(desk, tenant, publisher, row, offer)
