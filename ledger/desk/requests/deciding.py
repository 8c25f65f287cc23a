"""The desk decides: take a request up, ask, note, and decide each item.

Every decision is one transaction with its journal entry. Two at once: the second is told (``Stale``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ledger.desk.context import Desk, Who
from ledger.desk.house.publishers import own_publisher, party_of
from ledger.desk.posting import tell
from ledger.desk.refusals import BadInput, Clash, NotFound
from ledger.desk.requests.granting import Proposal, propose_grant, read_decided
from ledger.desk.requests.moving import move, note
from ledger.records import journal_store, people_store
from ledger.records.filed import decision_sha256
from ledger.records.letters import letters_of_request, take_turn_to_issue
from ledger.records.offers import load_quotes
from ledger.records.request_rows import ItemRow, LetterRow, RequestRow
from ledger.records.requests import decide_item, load_items, load_request, update_request
from ledger.records.tenant import Tenant
from ledger.rights.authority import Authorised
from ledger.rights.evaluation import Outcome
from ledger.rights.requests import ItemDecision, RequestEvent, RequestState, events_from
from ledger.rights.tariff import Money
from ledger.rights.wire import to_plain

MAX_WORDS = 5_000
MAX_CONTACT = 500


@dataclass(frozen=True)
class Opened:
    """A request opened in a transaction, for an act on it."""

    tenant: Tenant
    row: RequestRow

    def item(self, item_id: str) -> ItemRow:
        """One of its items. Raises ``NotFound``."""
        for each in load_items(self.tenant, self.row.id):
            if each.id == item_id:
                return each
        raise NotFound("There is no such item in this request.", "item")


def open_request(connection: Any, who: Who, request_id: str, version: int | None = None) -> Opened:
    """A request of one's own publisher, for writing. ``version``: as it was when the page was shown.

    Raises ``NotFound``; ``Clash`` when somebody else has changed it since.
    """
    tenant = Tenant(connection, who.publisher_id)
    row = load_request(tenant, request_id)
    if row is None or row.submitted_at is None:
        raise NotFound("There is no such request at this publisher.", "request")
    if version is not None and version != row.version:
        raise Clash("Somebody else has just changed this request; look at it again before you decide.")
    return Opened(tenant, row)


def assign(desk: Desk, who: Who, request_id: str, person_id: str | None) -> None:
    """Give a request to a colleague, or to nobody; an untouched one is thereby taken up."""
    who.must_be("officer")
    now = desk.clock()
    with desk.database.writing() as connection:
        staff = {person.id for person, _ in people_store.staff_of(connection, who.publisher_id)}
        if person_id is not None and person_id not in staff:
            raise BadInput({"person": "Choose somebody who works here."})
        opened = open_request(connection, who, request_id)
        row = opened.row
        if row.state == RequestState.SUBMITTED and person_id:
            row = move(opened.tenant, row, RequestEvent.TAKE_UP, now, actor="staff", person_id=who.person_id)
        update_request(opened.tenant, row.id, row.version, assigned_to=person_id)


def ask_requester(desk: Desk, who: Who, request_id: str, question: str) -> None:
    """Ask the requester something; the clock stands with the requester until the reply."""
    who.must_be("officer")
    words = _words(question, "question", "Write the question before you send it.")
    now = desk.clock()
    publisher = own_publisher(desk, who.publisher_id)
    with desk.database.writing() as connection:
        opened = open_request(connection, who, request_id)
        row = _taken_up(opened, who, desk)
        row = move(
            opened.tenant,
            row,
            RequestEvent.ASK_REQUESTER,
            now,
            actor="staff",
            person_id=who.person_id,
            body=words,
        )
        key = f"needs-info:{row.id}:{row.version}"
        tell(desk, opened.tenant, publisher, row, "needs_info", key=key, question=words)


def write_message(desk: Desk, who: Who, request_id: str, text: str) -> None:
    """Tell the requester something that needs no answer."""
    who.must_be("officer", "editor")
    words = _words(text, "text", "Write the message before you send it.")
    publisher = own_publisher(desk, who.publisher_id)
    with desk.database.writing() as connection:
        opened = open_request(connection, who, request_id)
        now = desk.clock()
        note(opened.tenant, request_id, "message", "staff", now, person_id=who.person_id, body=words)
        key = f"message:{request_id}:{now.isoformat()}"
        tell(desk, opened.tenant, publisher, opened.row, "message", key=key, body=words)


def write_note(desk: Desk, who: Who, request_id: str, text: str) -> None:
    """A note for colleagues; the requester never sees it."""
    words = _words(text, "text", "Write the note before you keep it.")
    with desk.database.writing() as connection:
        opened = open_request(connection, who, request_id)
        note(opened.tenant, request_id, "note", "staff", desk.clock(), person_id=who.person_id, body=words)


def preview_grant(
    desk: Desk, who: Who, request_id: str, item_id: str, details: Mapping[str, Any]
) -> Proposal:
    """What granting an item would give, and why it may not be given. Writes nothing."""
    who.must_be("officer")
    grantor = party_of(own_publisher(desk, who.publisher_id))
    with desk.database.reading() as connection:
        opened = open_request(connection, who, request_id)
        item = opened.item(item_id)
        return propose_grant(desk, opened.tenant, opened.row, item, grantor, read_decided(details))


def decide(
    desk: Desk,
    who: Who,
    request_id: str,
    item_id: str,
    decision: str,
    details: Mapping[str, Any] | None = None,
    *,
    version: int | None = None,
    again: bool = False,
) -> RequestRow:
    """Decide one item: granted, declined (``reason``), referred (``owner``, ``contact``) or not_needed.

    ``again`` puts it in place of the decision made before, as long as the request has no letter.
    Raises ``BadInput`` with the field, ``Clash`` where the grant may not be given: it exceeds the authority on
    an axis, or collides with an exclusive one; and where somebody else was first.
    """
    return decide_items(desk, who, request_id, [item_id], decision, details, version=version, again=again)


def decide_items(
    desk: Desk,
    who: Who,
    request_id: str,
    item_ids: Sequence[str],
    decision: str,
    details: Mapping[str, Any] | None = None,
    *,
    version: int | None = None,
    again: bool = False,
) -> RequestRow:
    """Decide several items alike, all of them or none. A fee stands with the first. Raises as ``decide``."""
    who.must_be("officer")
    if decision not in set(ItemDecision):
        raise BadInput({"decision": f"Decide one of: {', '.join(ItemDecision)}."})
    given = dict(details or {})
    with desk.database.writing() as connection:
        if again:  # else a letter could state the earlier decision while this one replaces it
            take_turn_to_issue(Tenant(connection, who.publisher_id))
        opened = open_request(connection, who, request_id, version)
        if again:
            opened = replace(opened, row=_to_change(opened))
        opened = replace(opened, row=_taken_up(opened, who, desk))
        if not again:
            _must_be_decidable(opened.row)
        for item_id in dict.fromkeys(item_ids):
            _decide_one(desk, who, opened, item_id, decision, given, again)
            given.pop("fee", None)
        return _close_when_all_decided(opened.tenant, opened.row, who, desk)


def _must_be_decidable(row: RequestRow) -> None:
    """Nothing is decided while the requester has the turn, or after they took the request back. Raises ``Clash``."""
    if row.state == RequestState.DECIDED or RequestEvent.DECIDE in events_from(RequestState(row.state)):
        return
    if row.state == RequestState.PAYMENT_DUE:
        raise Clash(
            "The letter waits for the payment: record it, or go on without waiting, before you decide."
        )
    if row.closed_at is not None:
        raise Clash(f"This request is {row.state}; there is nothing left to decide.")
    raise Clash("It is the requester's turn; decide when they have answered.")


def may_be_changed(row: RequestRow, letters: Sequence[LetterRow]) -> bool:
    """Whether decisions on a request may be made again: no letter states them yet, and it was not given up."""
    return not letters and row.state not in (RequestState.WITHDRAWN, RequestState.LAPSED)


def _to_change(opened: Opened) -> RequestRow:
    """The request at its next version, so that whoever has it before them is told. Raises ``Clash``, ``Stale``."""
    row, letters = opened.row, letters_of_request(opened.tenant, opened.row.id)
    if letters:
        raise Clash(f"Letter {letters[0].number} states this decision; amend or revoke the letter instead.")
    if not may_be_changed(row, letters):
        raise Clash(f"This request is {row.state}; its decisions stay as they are.")
    return replace(row, version=update_request(opened.tenant, row.id, row.version))


def _decide_one(
    desk: Desk, who: Who, opened: Opened, item_id: str, decision: str, details: Mapping[str, Any], again: bool
) -> None:
    item = opened.item(item_id)
    if again and item.decision is None:
        raise Clash("This item has not been decided yet.", "item")
    if item.decision is not None and not again:
        raise Clash("This item has been decided already.", "item")
    document = _outcome_of(desk, who, opened, item, decision, details)
    now, tenant = desk.clock(), opened.tenant
    payload: dict[str, Any] = {
        "item": item.id,
        "outcome": decision,
        "request": opened.row.id,
        "piece": item.piece_id,
        "component": item.component_id,
        "by": who.person_id,
        **({"grant": document["grant"]["id"]} if "grant" in document else {}),
    }
    if again:
        payload["replaces"] = {"outcome": item.decision, "entry": item.decision_seq}
        told = f"A decision was changed: from {_said(item.decision)} to {_said(decision)}."
        note(tenant, opened.row.id, "note", "staff", now, person_id=who.person_id, body=told)
    personal = {"document_sha256": decision_sha256(document)}
    entry = journal_store.append(tenant.connection, who.publisher_id, "item.decided", payload, personal, now)
    decide_item(tenant, item.id, decision, document, who.person_id, now, entry.seq, expected=item.decision)


def _said(decision: str | None) -> str:
    return "no permission needed" if decision == ItemDecision.NOT_NEEDED else str(decision)


def _outcome_of(
    desk: Desk, who: Who, opened: Opened, item: ItemRow, decision: str, details: Mapping[str, Any]
) -> dict[str, Any]:
    """What is recorded with the decision, checked."""
    if decision == ItemDecision.GRANTED:
        return _granted(desk, who, opened, item, details)
    if decision == ItemDecision.DECLINED:
        reason = _words(details.get("reason"), "reason", "Give the reason; the letter states it.")
        return {"reason": reason}
    if decision == ItemDecision.REFERRED:
        owner = _words(details.get("owner"), "owner", "Name the owner the requester has to ask.")
        return {"owner": owner, "contact": _contact(details.get("contact"))}
    if Outcome(item.answer["outcome"]) not in (Outcome.PERMITTED, Outcome.NO_PERMISSION_NEEDED):
        raise Clash("No clause on record permits this use already; grant, decline or refer it.", "decision")
    return {}


def _granted(
    desk: Desk, who: Who, opened: Opened, item: ItemRow, details: Mapping[str, Any]
) -> dict[str, Any]:
    decided = read_decided(details)
    grantor = party_of(own_publisher(desk, who.publisher_id))
    proposal = propose_grant(desk, opened.tenant, opened.row, item, grantor, decided)
    if proposal.authority.verdict is not Authorised.YES:
        lines = "; ".join(each.message for each in proposal.authority.shortfall)
        raise Clash(f"{grantor.name} cannot grant this: {lines}. Refer it to the owner.", "decision")
    if proposal.refusals:
        lines = "; ".join(each.message for each in proposal.refusals)
        raise Clash(f"This grant cannot be given: {lines}.", "decision")
    if decided.fee and decided.fee.minor:
        _must_be_accepted(opened, item, decided.fee)
    return {
        "grant": to_plain(proposal.grant),
        "authority": to_plain(proposal.authority),
        "use": to_plain(proposal.use),
    }


def _must_be_accepted(opened: Opened, item: ItemRow, fee: Money) -> None:
    """The fees of a request together, in the currency of the quote, are no more than what was accepted.

    What ``item`` was charged before counts no longer: the new fee takes its place.
    """
    accepted = sum(
        quote.total
        for quote in load_quotes(opened.tenant, opened.row.id)
        if quote.state == "accepted" and quote.currency == fee.currency
    )
    settled = sum(
        ((each.document or {}).get("grant", {}).get("fee") or {}).get("minor", 0)
        for each in load_items(opened.tenant, opened.row.id)
        if each.id != item.id
    )
    if accepted < settled + fee.minor:
        raise Clash("The requester has not accepted a price as high as this fee; send a quote first.", "fee")


def _close_when_all_decided(tenant: Tenant, row: RequestRow, who: Who, desk: Desk) -> RequestRow:
    if row.state == RequestState.DECIDED or any(each.decision is None for each in load_items(tenant, row.id)):
        return row
    return move(tenant, row, RequestEvent.DECIDE, desk.clock(), actor="staff", person_id=who.person_id)


def _taken_up(opened: Opened, who: Who, desk: Desk) -> RequestRow:
    if opened.row.state != RequestState.SUBMITTED:
        return opened.row
    return move(
        opened.tenant,
        opened.row,
        RequestEvent.TAKE_UP,
        desk.clock(),
        actor="staff",
        person_id=who.person_id,
    )


def _contact(given: Any) -> str | None:
    """Where the owner may be reached, as one line of the letter."""
    if not given:
        return None
    words = _words(given, "contact", "Say where the owner can be asked, or leave it out.")
    if len(words) > MAX_CONTACT or not words.isprintable():
        raise BadInput({"contact": f"Write an address on one line of at most {MAX_CONTACT} characters."})
    return words


def _words(text: Any, field: str, missing: str) -> str:
    if text is not None and not isinstance(text, str):
        raise BadInput({field: "Write this as text."})
    words = (text or "").strip()
    if not words:
        raise BadInput({field: missing})
    if len(words) > MAX_WORDS:
        raise BadInput({field: f"This is longer than {MAX_WORDS} characters; shorten it."})
    return words
