"""The desk decides each item of a request.

Every decision is one transaction with its journal entry. Two at once: the second is told (``Stale``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ledger.desk.context import Desk, Who
from ledger.desk.house.publishers import own_publisher, party_of
from ledger.desk.refusals import BadInput, Clash
from ledger.desk.requests.charging import must_be_meant_free, priced
from ledger.desk.requests.granting import propose_grant, read_decided
from ledger.desk.requests.moving import move, note, taken_up
from ledger.desk.requests.opened import Opened, open_request
from ledger.desk.texts import needed_text
from ledger.records import journal_store
from ledger.records.filed import decision_sha256
from ledger.records.letters import letters_of_request, take_turn_to_issue
from ledger.records.offers import load_quotes
from ledger.records.request_rows import ItemRow, LetterRow, RequestRow
from ledger.records.requests import decide_item, load_items, update_request
from ledger.records.tenant import Tenant
from ledger.rights.authority import Authorised
from ledger.rights.evaluation import Outcome
from ledger.rights.requests import ItemDecision, RequestEvent, RequestState, events_from
from ledger.rights.tariff import Money
from ledger.rights.wire import to_plain

MAX_CONTACT = 500


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

    A fee that is not the tariff's price of what is granted needs ``price_seen``: staff have seen that it is not. So
    does a grant free of charge where a price was accepted.
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
        opened = replace(opened, row=taken_up(opened.tenant, opened.row, who, desk.clock()))
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
        reason = needed_text(details.get("reason"), "reason", "Give the reason; the letter states it.")
        return {"reason": reason}
    if decision == ItemDecision.REFERRED:
        owner = needed_text(details.get("owner"), "owner", "Name the owner the requester has to ask.")
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
    document = {
        "grant": to_plain(proposal.grant),
        "authority": to_plain(proposal.authority),
        "use": to_plain(proposal.use),
    }
    seen = details.get("price_seen") is True
    if decided.fee and decided.fee.minor:
        whole = _must_be_accepted(opened, item, decided.fee)
        document |= priced(opened.tenant, opened.row, proposal.use, whole, seen=seen)
    else:
        must_be_meant_free(opened.tenant, opened.row, _charged_for_others(opened, item), seen=seen)
    return document


def _must_be_accepted(opened: Opened, item: ItemRow, fee: Money) -> Money:
    """The fees of a request together, in the currency of the quote, are no more than what was accepted.

    What ``item`` was charged before counts no longer: the new fee takes its place. Returns them together.
    """
    accepted = sum(
        quote.total
        for quote in load_quotes(opened.tenant, opened.row.id)
        if quote.state == "accepted" and quote.currency == fee.currency
    )
    settled = _charged_for_others(opened, item)
    if accepted < settled + fee.minor:
        raise Clash("The requester has not accepted a price as high as this fee; send a quote first.", "fee")
    return Money(minor=settled + fee.minor, currency=fee.currency)


def _charged_for_others(opened: Opened, item: ItemRow) -> int:
    return sum(
        ((each.document or {}).get("grant", {}).get("fee") or {}).get("minor", 0)
        for each in load_items(opened.tenant, opened.row.id)
        if each.id != item.id
    )


def _close_when_all_decided(tenant: Tenant, row: RequestRow, who: Who, desk: Desk) -> RequestRow:
    if row.state == RequestState.DECIDED or any(each.decision is None for each in load_items(tenant, row.id)):
        return row
    return move(tenant, row, RequestEvent.DECIDE, desk.clock(), actor="staff", person_id=who.person_id)


def _contact(given: Any) -> str | None:
    """Where the owner may be reached, as one line of the letter."""
    if not given:
        return None
    words = needed_text(given, "contact", "Say where the owner can be asked, or leave it out.")
    if len(words) > MAX_CONTACT or not words.isprintable():
        raise BadInput({"contact": f"Write an address on one line of at most {MAX_CONTACT} characters."})
    return words
