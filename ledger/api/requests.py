"""The JSON door to requests: send one, follow it, decide it, issue its letter."""

from functools import partial
from hashlib import sha256
from typing import Any

from anyio import to_thread
from litestar import Response, get, post
from litestar.params import FromPath

from ledger.api.context import AnyRequest, Staff, TheAddress, TheDesk
from ledger.api.pieces import json_object
from ledger.desk.letters import issuing, superseding
from ledger.desk.letters.letter_view import letter_bytes
from ledger.desk.requests import deciding, following, limiting, quoting
from ledger.desk.requests.invoicing import invoice_behind, invoice_of, plain_account
from ledger.desk.requests.paying import read_received, record_payment
from ledger.desk.requests.request_plain import item_plain, request_plain
from ledger.desk.requests.requesting import submit_request
from ledger.letters.model import ground_list
from ledger.records.request_rows import LetterRow


@post("/api/requests", status_code=201)
async def submit(request: AnyRequest, desk: TheDesk, address: TheAddress) -> dict[str, Any]:
    """Send a request: ``{"pieces": [...], "name": ..., "email": ..., "use": {...}}``.

    A link that confirms the address is mailed; the desk sees the request after that.

    An ``Idempotency-Key`` header sent twice with the very same body is one request.
    """
    body = await json_object(request)
    await to_thread.run_sync(limiting.count, desk, "mails", address)
    act = partial(submit_request, desk, body, form_key=_key_of(request, await request.body()))
    sent = await to_thread.run_sync(act)
    return {"request": sent.request_id, "status_url": sent.status_url, "outcomes": sent.outcomes}


def _key_of(request: AnyRequest, body: bytes) -> str | None:
    """The client's key with what it was sent for: the answer holds the request's secret link, which nobody else may
    get by guessing a key such as an order number."""
    key = request.headers.get("idempotency-key")
    return f"{key}:{sha256(body).hexdigest()}" if key else None


@get("/api/requests/{token:str}", sync_to_thread=True)
def status(desk: TheDesk, token: FromPath[str]) -> dict[str, Any]:
    """Where a request stands, for whoever holds its link."""
    found = following.status(desk, token)
    return {
        "request": found.request.id,
        "state": found.request.state,
        "turn": found.request.turn,
        "turn_since": found.request.turn_since,
        "items": [item_plain(item) for item in found.items],
        "letters": [
            {"number": each.number, "kind": each.kind, "state": each.state} for each in found.letters
        ],
        "median_days": found.median.days,
    }


@get("/api/publishers/{publisher:str}/requests/{request_id:str}", sync_to_thread=True)
def staff_view(desk: TheDesk, who: Staff, request_id: FromPath[str]) -> dict[str, Any]:
    """A request with its items, for staff."""
    return request_plain(desk, who, request_id)


@post("/api/publishers/{publisher:str}/requests/{request_id:str}/decisions", status_code=200)
async def decide(request: AnyRequest, desk: TheDesk, who: Staff, request_id: FromPath[str]) -> dict[str, Any]:
    """Decide one item: ``{"item": id, "decision": "granted" | "declined" | "referred" | "not_needed"}``.

    To decline, ``reason``; to refer, ``owner`` and ``contact``; to grant, where it is less than was asked or on
    conditions, ``use``, ``copies``, ``conditions``, ``credit_line``, ``fee``. ``version`` is the one you have seen;
    ``price_seen`` that a fee is not the tariff's price of what is granted, or that an accepted price is not charged.
    """
    body = await json_object(request)
    item, decision, version = (body.pop(name, None) for name in ("item", "decision", "version"))
    act = partial(deciding.decide, desk, who, request_id, str(item), str(decision), body, version=version)
    await to_thread.run_sync(act)
    return await to_thread.run_sync(request_plain, desk, who, request_id)


@post("/api/publishers/{publisher:str}/requests/{request_id:str}/quotes", status_code=201)
async def quote(request: AnyRequest, desk: TheDesk, who: Staff, request_id: FromPath[str]) -> dict[str, Any]:
    """Offer the tariff's price, or ``{"lines": [{"label", "amount"}], "currency"}``; ``payment_first``, ``version``.

    ``use`` and ``copies``, as in a decision: the tariff's price of less than was asked for.
    """
    body = await json_object(request)
    who.must_be("officer")
    lines, first = body.get("lines"), body.get("payment_first")
    price = quoting.read_lines(lines, str(body.get("currency") or "")) if lines is not None else None
    act = partial(
        quoting.offer,
        desk,
        who,
        request_id,
        price,
        less={name: body[name] for name in ("use", "copies") if body.get(name)},
        payment_first=None if first is None else bool(first),
        version=body.get("version"),
    )
    await to_thread.run_sync(act)
    return await to_thread.run_sync(request_plain, desk, who, request_id)


@get("/api/requests/{token:str}/invoice", sync_to_thread=True)
def own_invoice(desk: TheDesk, token: FromPath[str]) -> dict[str, Any]:
    """What a request owes and paid, for whoever holds its link. Amounts are in minor units."""
    return plain_account(invoice_behind(desk, token).account)


@get("/api/publishers/{publisher:str}/requests/{request_id:str}/invoice", sync_to_thread=True)
def staff_invoice(desk: TheDesk, who: Staff, request_id: FromPath[str]) -> dict[str, Any]:
    """The same, for staff."""
    return plain_account(invoice_of(desk, who, request_id).account)


@post("/api/publishers/{publisher:str}/requests/{request_id:str}/payments", status_code=201)
async def pay(request: AnyRequest, desk: TheDesk, who: Staff, request_id: FromPath[str]) -> dict[str, Any]:
    """``{"amount" (minor units), "currency", "received_on", "reference", "note", "version"}``: record a payment."""
    body = await json_object(request)
    who.must_be("officer")
    version = body.pop("version", None)
    act = partial(record_payment, desk, who, request_id, read_received(body), version=version)
    return plain_account(await to_thread.run_sync(act))


@post(
    "/api/publishers/{publisher:str}/requests/{request_id:str}/letter", status_code=201, sync_to_thread=True
)
def letter(desk: TheDesk, who: Staff, request_id: FromPath[str]) -> dict[str, Any]:
    """Issue the letter of a decided request."""
    return _letter_plain(issuing.issue(desk, who, request_id))


def _letter_plain(issued: LetterRow) -> dict[str, Any]:
    return {
        "letter": issued.id,
        "number": issued.number,
        "kind": issued.kind,
        "state": issued.state,
        "sha256": issued.sha256,
    }


@post("/api/publishers/{publisher:str}/letters/{letter_id:str}/supersede", status_code=201)
async def supersede(
    request: AnyRequest, desk: TheDesk, who: Staff, letter_id: FromPath[str]
) -> dict[str, Any]:
    """Replace a letter that has an error: ``{"licensee" | "contact" | "credit_line" | "use": {...}, "reason"}``.

    ``?preview=1`` writes nothing and answers with the clauses as they would be issued.
    """
    body = await json_object(request)
    if request.query_params.get("preview"):
        shown = await to_thread.run_sync(partial(superseding.preview, desk, who, letter_id, body))
        return {"clauses": ground_list(shown)}
    issued = await to_thread.run_sync(partial(superseding.supersede, desk, who, letter_id, body))
    return _letter_plain(issued)


@get("/api/publishers/{publisher:str}/letters/{letter_id:str}/file", sync_to_thread=True)
def letter_file(desk: TheDesk, who: Staff, letter_id: FromPath[str]) -> Response[bytes]:
    """The PDF of one of the publisher's letters."""
    found, data = letter_bytes(desk, who, letter_id)
    name = f'attachment; filename="{found.number}.pdf"'
    return Response(data, media_type="application/pdf", headers={"Content-Disposition": name})


handlers = [
    submit,
    status,
    own_invoice,
    staff_view,
    quote,
    staff_invoice,
    pay,
    decide,
    letter,
    supersede,
    letter_file,
]
