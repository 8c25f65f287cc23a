"""Prices: the publisher's tariff, quotes reckoned from it or by hand, and what becomes of them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from ledger.desk.answers.use_words import settled_sentences
from ledger.desk.context import Desk, Who
from ledger.desk.house.publishers import own_publisher
from ledger.desk.letters.amending import earlier_letter
from ledger.desk.posting import tell
from ledger.desk.refusals import BadInput, Clash
from ledger.desk.requests.granting import Decided, no_more_than_asked, read_decided, use_as_decided
from ledger.desk.requests.invoicing import waits_for_payment
from ledger.desk.requests.moving import move, taken_up
from ledger.desk.requests.opened import open_request
from ledger.ids import new_id
from ledger.journal.entry import document_sha256
from ledger.letters.language import Speaker
from ledger.mail import written_in
from ledger.records import journal_store
from ledger.records.offers import add_quote, add_tariff, load_tariff
from ledger.records.request_rows import QuoteRow, RequestRow
from ledger.records.requests import load_items
from ledger.records.tenant import Tenant
from ledger.rights import quoting as prices
from ledger.rights.requests import RequestEvent
from ledger.rights.tariff import Money, Quote, QuoteLine, Tariff
from ledger.rights.tariff_checks import tariff_errors
from ledger.rights.uses import ProposedUse
from ledger.rights.wire import BadPlain, from_plain, to_plain

STANDS_FOR = timedelta(days=30)


def record_tariff(desk: Desk, who: Who, plain: Mapping[str, Any]) -> int:
    """Record a new version of the publisher's tariff; quotes made before keep theirs. Returns the version.

    The version is counted here, whatever ``plain`` says. Raises ``BadInput`` with the place of each error.
    """
    who.must_be("officer", "admin")
    try:
        tariff = from_plain(Tariff, {**plain, "version": 1})
    except BadPlain as error:
        raise BadInput({error.path: error.message}) from error
    errors = tariff_errors(tariff)
    if errors:
        raise BadInput(errors)
    now = desk.clock()
    with desk.database.writing() as connection:
        tenant = Tenant(connection, who.publisher_id)
        latest = load_tariff(tenant)
        tariff = replace(tariff, version=(latest[0] if latest else 0) + 1)
        version = add_tariff(tenant, to_plain(tariff), now)
        payload = {
            "tariff": tariff.id,
            "version": version,
            "document_sha256": document_sha256(to_plain(tariff)),
            "by": who.person_id,
        }
        journal_store.append(connection, who.publisher_id, "tariff.recorded", payload, {}, now)
    return version


def current_tariff(desk: Desk, who: Who) -> Tariff | None:
    """The tariff quotes are reckoned from today."""
    with desk.database.reading() as connection:
        found = load_tariff(Tenant(connection, who.publisher_id))
    return _tariff(found)


def reckon(desk: Desk, who: Who, request_id: str, less: Mapping[str, Any] | None = None) -> Quote:
    """The price of a request by the tariff, with its calculation lines. Writes nothing.

    ``less``: what will be granted where that is less than was asked, ``{"use": {...}, "copies": {...}}`` as a decision
    says it. Raises ``BadInput`` for more than was asked; ``Clash`` where the publisher has no tariff, or none for this
    use: then quote by hand.
    """
    with desk.database.reading() as connection:
        opened = open_request(connection, who, request_id)
        asked, use = _uses(opened.row, less)
        price = price_of(opened.tenant, opened.row, use)
    settled = tuple(settled_sentences(asked, use))
    return replace(price, settled=settled, priced=use if settled else None)


def settled_price(row: RequestRow, price: Quote, speaker: Speaker) -> list[str]:
    """What a price is for otherwise than it was asked for, in sentences of the reader's language."""
    if price.priced is None:
        return list(price.settled)
    return settled_sentences(use_as_decided(row, Decided(use={})), price.priced, speaker)


def _uses(row: RequestRow, less: Mapping[str, Any] | None) -> tuple[ProposedUse, ProposedUse]:
    """What was asked, and what is to be priced. Raises ``BadInput`` for more than was asked."""
    asked = use_as_decided(row, Decided(use={}))
    use = use_as_decided(row, read_decided(less or {}))
    no_more_than_asked(row, use)
    return asked, use


def price_of(tenant: Tenant, row: RequestRow, use: ProposedUse, version: int | None = None) -> Quote:
    """The price by the current tariff, or one ``version`` of it; of a request that extends a letter only the
    difference to what that cost.

    Raises ``Clash`` with the reason where the tariff gives none.
    """
    tariff = _tariff(load_tariff(tenant, version))
    if tariff is None:
        raise Clash("There is no tariff on record; quote by hand.", "quote")
    extended = earlier_letter(tenant, row)
    try:
        if extended is None or not extended.document["grants"]:
            return prices.quote(tariff, use)
        fee = extended.document["grants"][0].get("fee")
        paid = from_plain(Money, fee) if fee else Money(minor=0, currency=tariff.currency)
        return prices.top_up(tariff, use, paid)
    except prices.CannotQuote as error:
        said = str(error)
        raise Clash(f"{said[:1].upper()}{said[1:]}. Quote by hand.", "quote") from error


def offer(
    desk: Desk,
    who: Who,
    request_id: str,
    quote: Quote | None = None,
    *,
    less: Mapping[str, Any] | None = None,
    payment_first: bool | None = None,
    version: int | None = None,
) -> str:
    """Offer a price: the tariff's, or one made by hand. Returns the quote's id. It stands for 30 days.

    It takes the place of one that has not been answered yet.

    ``less``: as in ``reckon``, for the tariff's price. ``payment_first``: the letter waits for the money; None leaves
    it to the publisher's setting and to terms on record that ask a fee first.
    """
    who.must_be("officer")
    offered = quote or reckon(desk, who, request_id, less)
    if offered.total.minor < 0:
        raise BadInput({"total": "A price cannot be below zero."})
    publisher = own_publisher(desk, who.publisher_id)
    with desk.database.writing() as connection:
        opened = open_request(connection, who, request_id, version)
        if payment_first is None:
            payment_first = waits_for_payment(publisher, load_items(opened.tenant, request_id))
        stored = _stored(desk, who, request_id, offered, payment_first)
        row = _quoted(opened.tenant, opened.row, who, stored)
        said = _said(offered, stored)
        said["settled"] = settled_price(row, offered, Speaker(written_in(row.language)))
        tell(desk, opened.tenant, publisher, row, "quote", key=f"quote:{stored.id}", **said)
    return stored.id


def _stored(desk: Desk, who: Who, request_id: str, offered: Quote, payment_first: bool) -> QuoteRow:
    return QuoteRow(
        id=new_id("qu"),
        request_id=request_id,
        state="offered",
        document=to_plain(offered),
        total=offered.total.minor,
        currency=offered.total.currency,
        made_at=desk.clock(),
        valid_until=desk.today() + STANDS_FOR,
        made_by=who.person_id,
        payment_first=payment_first and offered.total.minor > 0,
    )


def _quoted(tenant: Tenant, row: RequestRow, who: Who, stored: QuoteRow) -> RequestRow:
    """The request with its price named; taken up on the way where nobody had."""
    row = taken_up(tenant, row, who, stored.made_at)
    replaced = add_quote(tenant, stored)
    entered = {"quote": stored.id, "quote_state": "offered", "replaced": replaced}
    document: dict[str, Any] = {"quote": stored.id, "total": stored.total, "currency": stored.currency}
    by = {"actor": "staff", "person_id": who.person_id}
    now = (
        stored.made_at
    )  # they have the whole time to answer, also where another price takes the place of the first
    return move(
        tenant, row, RequestEvent.QUOTE, now, document=document, entered=entered, turn_since=now, **by
    )


def _said(offered: Quote, stored: QuoteRow) -> dict[str, Any]:
    """What the mail says of an offer."""
    return {
        "lines": [{"label": line.label, "amount": line.minor} for line in offered.lines],
        "total": stored.total,
        "currency": stored.currency,
        "valid_until": stored.valid_until,
        "payment_first": stored.payment_first,
        "settled": list(offered.settled),
    }


def by_hand(lines: Sequence[tuple[str, int]], currency: str) -> Quote:
    """A quote from (what for, minor units) lines, which together are above zero. Raises ``BadInput``."""
    if not lines:
        raise BadInput({"lines": "Give at least one line: what the price is for, and how much."})
    try:
        total = Money(minor=sum(amount for _, amount in lines), currency=currency)
    except ValueError as error:
        raise BadInput({"currency": str(error)}) from error
    if total.minor < 0:
        raise BadInput({"total": "A price cannot be below zero."})
    if total.minor == 0:
        raise BadInput({"total": "A price of nothing is no price: grant it free of charge instead."})
    made = tuple(
        QuoteLine(code="manual", label=label, working="agreed", minor=amount) for label, amount in lines
    )
    return Quote(tariff_id="", tariff_version=0, lines=made, total=total)


def read_lines(given: Any, currency: str) -> Quote:
    """A quote by hand from plain data, ``[{"label", "amount"}]``, amounts in minor units. Raises ``BadInput``."""
    if not isinstance(given, list) or not all(isinstance(each, Mapping) for each in given):
        raise BadInput({"lines": 'Give a list of lines: {"label": what for, "amount": minor units}.'})
    errors: dict[str, str] = {}
    lines: list[tuple[str, int]] = []
    for number, each in enumerate(given):
        label, amount = str(each.get("label") or "").strip(), each.get("amount")
        if not label or len(label) > 200:
            errors[f"lines[{number}].label"] = "Say what this amount is for, in at most 200 characters."
        if not isinstance(amount, int) or isinstance(amount, bool):
            errors[f"lines[{number}].amount"] = "Give a whole number of minor units: 18000 for 180.00."
            continue
        lines.append((label, amount))
    if errors:
        raise BadInput(errors)
    return by_hand(lines, currency)


def _tariff(found: tuple[int, dict[str, Any]] | None) -> Tariff | None:
    return from_plain(Tariff, found[1]) if found else None
