"""What an entry of the journal says of the register's rows: which row, and what stands in which of its columns."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ledger.journal.entry import Entry

Said = tuple[str, str, dict[str, Any]]
"""(what it is, its id, column -> what the entry says stands there), in the words of ``records.filed``."""

MOVES = frozenset(f"letter.{state}" for state in ("issued", "amended", "superseded", "revoked", "expired"))
"""Entries that move a letter to the state they are named after; its last one is the state it is in."""


def told(entry: Entry, seq: int, personal: Mapping[str, str]) -> Iterator[Said]:
    """What entry ``seq`` says; ``personal``: the data it commits to, as far as not erased.

    Entries written before a hash was journaled say nothing of that column.
    """
    yield from _committed(entry.publisher, personal)
    teller = _TELLERS.get(entry.kind)
    if teller:
        yield from teller({**entry.payload, **personal}, seq)
    if entry.kind in MOVES:
        state = entry.kind.removeprefix("letter.")
        yield "letter", entry.payload["letter"], {"state": state}


def _committed(publisher: str, personal: Mapping[str, str]) -> Iterator[Said]:
    """The rows whose content an entry of whatever kind commits to, by ``Tenant.written`` and by a publisher's act."""
    for name, sha256 in personal.items():
        what, _, rest = name.partition(".")
        if what == "publisher" and rest:
            yield "publisher", publisher, {rest: sha256}
        elif what == "public":
            yield "piece", rest, {"public_record": sha256}
        elif what in ("party", "quote"):
            yield what, rest, {"document": sha256}


def _given(payload: Mapping[str, Any], **columns: str) -> dict[str, Any]:
    """column -> what stands in the payload under its key, for the keys that are there."""
    return {column: payload[key] for column, key in columns.items() if key in payload}


def _publisher(payload: Mapping[str, Any], seq: int) -> Iterator[Said]:
    yield "publisher", payload["publisher"], {}


def _piece(payload: Mapping[str, Any], seq: int) -> Iterator[Said]:
    said = {"state": "confirmed"} | _given(payload, title="title", document="document_sha256")
    yield "piece", payload["piece"], said
    yield from _claims(payload)
    for each in payload.get("terms", ()):
        yield "terms", each["terms"], _given(each, clause_sha256="clause_sha256", document="document_sha256")


def _piece_withdrawn(payload: Mapping[str, Any], seq: int) -> Iterator[Said]:
    yield "piece", payload["piece"], {"state": "withdrawn", "public_record": None}


def _terms(payload: Mapping[str, Any], seq: int) -> Iterator[Said]:
    if "source_profile" in payload:  # they wait in the arrangement until a piece of that source is filed
        yield "arranged terms", payload["terms"], _given(payload, document="document_sha256")
        yield "arrangement", payload["source_profile"], _given(payload, first="from", last="until")
        return
    said = _given(payload, clause_sha256="clause_sha256", document="document_sha256")
    yield "terms", payload["terms"], said
    yield from _claims(payload)


def _claims(payload: Mapping[str, Any]) -> Iterator[Said]:
    for claim in payload.get("claims", ()):
        yield "claim", claim, _given(payload, piece_id="piece", document=f"claim.{claim}")


def _terms_ended(payload: Mapping[str, Any], seq: int) -> Iterator[Said]:
    yield "terms", payload["terms"], _given(payload, ended="on")


def _claim(payload: Mapping[str, Any], seq: int) -> Iterator[Said]:
    yield from _claims({**payload, "claims": [payload["claim"]]})


def _claim_withdrawn(payload: Mapping[str, Any], seq: int) -> Iterator[Said]:
    yield "claim", payload["claim"], {"withdrawn": True}


def _assessment(payload: Mapping[str, Any], seq: int) -> Iterator[Said]:
    said = _given(payload, piece_id="piece", component_id="component", supersedes="supersedes")
    yield "assessment", payload["assessment"], said | _given(payload, document="document_sha256")


def _request(payload: Mapping[str, Any], seq: int) -> Iterator[Said]:
    yield "request", payload["request"], {"submitted": True} | _given(payload, form="form_sha256")


def _request_changed(payload: Mapping[str, Any], seq: int) -> Iterator[Said]:
    yield "request", payload["request"], {"state": payload["state"]}
    if "quote" in payload:
        yield "quote", payload["quote"], {"request_id": payload["request"], "state": payload["quote_state"]}
        for each in payload.get("replaced", ()):
            yield "quote", each, {"state": "replaced"}


def _item(payload: Mapping[str, Any], seq: int) -> Iterator[Said]:
    said = _given(payload, decision="outcome", request_id="request", piece_id="piece")
    said |= _given(payload, component_id="component", document="document_sha256")
    yield "item", payload["item"], {**said, "decision_seq": seq}


def _referred(payload: Mapping[str, Any], seq: int) -> Iterator[Said]:
    if "enquiry" in payload:
        yield "enquiry", payload["enquiry"], {}


def _invoice(payload: Mapping[str, Any], seq: int) -> Iterator[Said]:
    said = _given(payload, request_id="request", quote_id="quote", number="number")
    yield "invoice", payload["invoice"], said | _given(payload, total="total", currency="currency", due="due")


def _payment(payload: Mapping[str, Any], seq: int) -> Iterator[Said]:
    said = _given(payload, invoice_id="invoice", amount="amount", received_on="received_on")
    yield "payment", payload["payment"], said


def _letter(payload: Mapping[str, Any], seq: int) -> Iterator[Said]:
    said = _given(payload, number="number", kind="kind", request_id="request")
    said |= _given(payload, grant_sha256="grant_sha256", document="document_sha256")
    fresh = {"state": "preparing", "sha256": None, "issued_seq": None}
    yield "letter", payload["letter"], {**fresh, **said, "decision_seq": seq}


def _issued(payload: Mapping[str, Any], seq: int) -> Iterator[Said]:
    yield "letter", payload["letter"], {"sha256": payload["sha256"], "issued_seq": seq}


def _duty(payload: Mapping[str, Any], seq: int) -> Iterator[Said]:
    if "obligation" in payload:
        yield "duty", payload["obligation"], {"done": True}  # it may have gone over to a later letter since


def _tariff(payload: Mapping[str, Any], seq: int) -> Iterator[Said]:
    if "version" in payload:
        yield "tariff", str(payload["version"]), _given(payload, document="document_sha256")


def _person(payload: Mapping[str, Any], seq: int) -> Iterator[Said]:
    yield "person", payload["person"], {"roles": sorted(payload["roles"])}


_TELLERS: dict[str, Callable[[Mapping[str, Any], int], Iterator[Said]]] = {
    "publisher.opened": _publisher,
    "piece.registered": _piece,
    "piece.corrected": _piece,
    "piece.withdrawn": _piece_withdrawn,
    "terms.recorded": _terms,
    "terms.ended": _terms_ended,
    "claim.filed": _claim,
    "claim.withdrawn": _claim_withdrawn,
    "assessment.made": _assessment,
    "request.submitted": _request,
    "request.changed": _request_changed,
    "item.decided": _item,
    "item.referred": _referred,
    "invoice.opened": _invoice,
    "payment.recorded": _payment,
    "letter.decided": _letter,
    "letter.issued": _issued,
    "obligation.done": _duty,
    "tariff.recorded": _tariff,
    "person.roles_set": _person,
}
