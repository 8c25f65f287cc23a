"""What the register holds of everything the journal speaks of, for comparing the two."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table

from ledger.journal.entry import document_sha256
from ledger.records.filing import text_sha256
from ledger.records.offers import quote_sha256
from ledger.records.parties import party_sha256
from ledger.records.publishers import publisher_by_id, publisher_sha256
from ledger.records.request_tables import (
    enquiry,
    invoice,
    letter,
    obligation,
    payment,
    quote,
    request,
    request_item,
    tariff,
)
from ledger.records.tables import assessment, claim, membership, party, piece, source_profile, terms
from ledger.records.tenant import Tenant

Key = tuple[str, str]
"""(what it is: piece, terms, letter..., its id)"""


@dataclass(frozen=True, slots=True)
class Filed:
    """A row as far as the journal speaks of it. ``journaled``: it can only be there if an entry says so.

    ``lately``: so it is in a journal that was begun with 0.4.0 or later; before, no entry spoke of such rows.
    """

    columns: Mapping[str, Any]
    journaled: bool = True
    lately: bool = False


def filed(connection: Connection, publisher_id: str) -> dict[Key, Filed]:
    """Every row of a publisher that an entry may speak of; of its document the SHA-256 alone is kept."""
    tenant = Tenant(connection, publisher_id)
    found: dict[Key, Filed] = {}
    own = publisher_by_id(connection, publisher_id)
    if own is not None:
        found["publisher", publisher_id] = Filed(publisher_sha256(vars(own)))
    for what, table, read in _READERS:
        columns = [each for each in table.columns if each.name not in _UNREAD]
        for row in tenant.all(tenant.select(table, *columns)):
            found[what, str(row["version" if what == "tariff" else "id"])] = read(row)
    found.update(_roles(tenant))
    found.update(_arrangements(tenant))
    return found


def decision_sha256(document: Mapping[str, Any] | None) -> str:
    """The SHA-256 of what was decided, without the licensee's addresses: those are taken out when they are erased."""
    grant = document.get("grant") if document else None
    if document and grant:
        unreachable = {**grant, "assignee": {**grant["assignee"], "contacts": []}}
        return document_sha256({**document, "grant": unreachable})
    return document_sha256(document)


def _roles(tenant: Tenant) -> Iterator[tuple[Key, Filed]]:
    held: dict[str, list[str]] = defaultdict(list)
    for row in tenant.all(tenant.select(membership)):
        held[row["person_id"]].append(row["role"])
    for person, roles in held.items():
        yield ("person", person), Filed({"roles": sorted(roles)})


def _arrangements(tenant: Tenant) -> Iterator[tuple[Key, Filed]]:
    for row in tenant.all(tenant.select(source_profile)):
        days = row["document"].get("validity") or {}
        yield ("arrangement", row["id"]), Filed({"first": days.get("start"), "last": days.get("end")})
        for terms_document in row["document"]["terms"]:
            content = {"document": document_sha256(terms_document)}
            yield ("arranged terms", terms_document["id"]), Filed(content)


def _columns(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: row[name] for name in names}


def _document(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"document": document_sha256(row["document"])}


def _piece(row: Mapping[str, Any]) -> Filed:
    text = row["public_record"]
    columns = _columns(row, "title", "state") | _document(row)
    public = {"public_record": None if text is None else text_sha256(text)}
    return Filed(columns | public, row["state"] == "confirmed")


def _party(row: Mapping[str, Any]) -> Filed:
    return Filed({"document": party_sha256(row)}, lately=True)


def _quote(row: Mapping[str, Any]) -> Filed:
    return Filed(_columns(row, "request_id", "state") | {"document": quote_sha256(row)}, lately=True)


def _terms(row: Mapping[str, Any]) -> Filed:
    ended = row["revoked_on"].isoformat() if row["revoked_on"] else None
    return Filed(_columns(row, "clause_sha256") | _document(row) | {"ended": ended})


def _claim(row: Mapping[str, Any]) -> Filed:
    withdrawn = row["withdrawn_at"] is not None
    return Filed(_columns(row, "piece_id") | _document(row) | {"withdrawn": withdrawn}, not withdrawn)


def _assessment(row: Mapping[str, Any]) -> Filed:
    return Filed(_columns(row, "piece_id", "component_id", "supersedes") | _document(row))


def _request(row: Mapping[str, Any]) -> Filed:
    there = row["submitted_at"] is not None
    return Filed(_columns(row, "state") | {"submitted": there, "form": _document(row)["document"]}, there)


def _item(row: Mapping[str, Any]) -> Filed:
    columns = _columns(row, "request_id", "piece_id", "component_id", "decision", "decision_seq")
    decided = row["decision"] is not None
    return Filed(columns | {"document": decision_sha256(row["document"])}, decided)


def _invoice(row: Mapping[str, Any]) -> Filed:
    columns = _columns(row, "request_id", "quote_id", "number", "total", "currency")
    return Filed(columns | {"due": row["due"].isoformat()})


def _payment(row: Mapping[str, Any]) -> Filed:
    return Filed(_columns(row, "invoice_id", "amount") | {"received_on": row["received_on"].isoformat()})


def _letter(row: Mapping[str, Any]) -> Filed:
    columns = _columns(
        row, "number", "kind", "state", "sha256", "request_id", "decision_seq", "issued_seq"
    ) | _document(row)
    return Filed(columns | {"grant_sha256": row["document"].get("grant_sha256")})


def _obligation(row: Mapping[str, Any]) -> Filed:
    done = row["done_at"] is not None
    return Filed({"done": done}, done)


_UNREAD = frozenset(
    {"draft", "use", "answer"}
)  # no entry speaks of them, and they are most of what there is to read
_READERS: tuple[tuple[str, Table, Any], ...] = (
    ("party", party, _party),
    ("piece", piece, _piece),
    ("terms", terms, _terms),
    ("claim", claim, _claim),
    ("assessment", assessment, _assessment),
    ("request", request, _request),
    ("item", request_item, _item),
    ("enquiry", enquiry, lambda row: Filed({})),
    ("tariff", tariff, lambda row: Filed(_document(row))),
    ("quote", quote, _quote),
    ("invoice", invoice, _invoice),
    ("payment", payment, _payment),
    ("letter", letter, _letter),
    ("duty", obligation, _obligation),
)
