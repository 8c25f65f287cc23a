"""Registering: a page is read into a draft, a person confirms it, and the piece stands in the register.

The page's own bytes are kept as evidence before anything is written, so every reading can be checked later.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from ledger.desk.context import Desk, Who
from ledger.desk.house.publishers import party_of
from ledger.desk.refusals import Clash, NotFound
from ledger.desk.register.correcting import keep_identity, made_by
from ledger.desk.register.draft_rights import Registration, piece_of
from ledger.desk.register.piece_record import (
    addresses_of,
    committed,
    keep_known_terms,
    payload_of,
    public_record,
)
from ledger.desk.register.reading import read_page
from ledger.desk.register.record_form import read_record
from ledger.desk.register.sources import with_defaults
from ledger.ids import new_id
from ledger.intake.draft import Draft
from ledger.intake.shingles import shingles
from ledger.intake.urls import is_web_address, normalise_url, url_key
from ledger.records import journal_store
from ledger.records.filing import Filing, correct_piece, store_piece
from ledger.records.parties import find_party
from ledger.records.pieces import Known, LoadedPiece, known_pieces, load_piece
from ledger.records.publishers import publisher_by_id
from ledger.records.tenant import Tenant
from ledger.rights.licences import licence_from_text
from ledger.rights.parties import Party, PartyKind
from ledger.rights.pieces import Piece

COMPONENT_OF = {"image": "photograph", "video": "video", "audio": "audio"}
"""Kinds of components by what a licence mark on the page is attached to."""


@dataclass(frozen=True)
class Drafted:
    """A draft on record: the piece's id, what was read, and the bytes it was read from."""

    piece_id: str
    draft: Draft


class RegisteredAlready(Clash):
    """The address, or the very same page, is in the register already; ``known`` says as what."""

    def __init__(self, known: list[Known]) -> None:
        super().__init__("This page is in the register already.")
        self.known = known


def draft_piece(
    desk: Desk,
    who: Who,
    data: bytes | None = None,
    *,
    url: str | None = None,
    content_type: str | None = None,
    only_new: bool = False,
) -> Drafted:
    """Read a page and put it on record as a draft, for a person to confirm. Raises ``BadInput``.

    With ``only_new`` a page of one's own register (by address, or by its very bytes) is refused as
    ``RegisteredAlready``, before anything is fetched or kept. Nothing is fetched inside a transaction.
    """
    who.must_be("editor", "officer")
    if only_new and url and (known := registered_as(desk, who, [url])):
        raise RegisteredAlready(known)
    draft, content, media_type = read_page(data, url=url, content_type=content_type)
    digest = hashlib.sha256(content).hexdigest()
    if only_new and (known := registered_as(desk, who, [draft.canonical_url], digest)):
        raise RegisteredAlready(known)
    return file_draft(desk, who, draft, content, url=url, media_type=media_type)


def registered_as(
    desk: Desk, who: Who, urls: Iterable[str | None], snapshot_sha256: str | None = None
) -> list[Known]:
    """The publisher's pieces at any of these addresses, or read from the very same bytes."""
    normal = [normalise_url(url) for url in urls if url and is_web_address(url)]
    with desk.database.reading() as connection:
        tenant = Tenant(connection, who.publisher_id)
        return known_pieces(tenant, [(url, url_key(url)) for url in normal], snapshot_sha256)


def file_draft(
    desk: Desk, who: Who, draft: Draft, content: bytes, *, url: str | None, media_type: str | None
) -> Drafted:
    """Keep the bytes a draft was read from, and put the draft on record."""
    snapshot = desk.evidence.put(content)
    piece_id = new_id("pc")
    record = draft_record(draft) | {
        "text": draft.text,
        "remarks": list(draft.remarks),
        "given_url": url,
        "as_read": _unseen(draft),
    }
    with desk.database.writing() as connection:
        tenant = Tenant(connection, who.publisher_id)
        bare = _bare_piece(desk, tenant, piece_id, record)
        filing = Filing(
            state="draft",
            by=who.person_id,
            at=desk.clock(),
            draft=record,
            snapshot_sha256=snapshot,
            snapshot_type=media_type,
            urls=addresses_of(record, url),
        )
        store_piece(tenant, bare, filing)
    return Drafted(piece_id, draft)


def confirm_piece(
    desk: Desk,
    who: Who,
    piece_id: str,
    record: Mapping[str, Any],
    *,
    holder_is_publisher: bool = False,
    version: int | None = None,
) -> Piece:
    """Confirm a draft, or correct a piece, with ``record`` (the keys of the draft record) as a person left it.

    Raises ``BadInput`` with every wrong field, ``NotFound``; ``Stale`` when somebody else was first.
    """
    who.must_be("editor", "officer")
    checked = read_record(record)
    now = desk.clock()
    with desk.database.writing() as connection:
        tenant = Tenant(connection, who.publisher_id)
        loaded = load_piece(connection, piece_id, who.publisher_id)
        if loaded is None:
            raise NotFound("There is no such piece at this publisher.", "piece")
        draft = loaded.draft or {}
        registration = _registration(desk, tenant, who, loaded, checked, holder_is_publisher)
        fresh = keep_known_terms(tenant, piece_of(registration, piece_id))
        kept = keep_identity(loaded.piece, fresh, made_by(draft.get("made"), loaded.piece))
        applied = with_defaults(tenant, kept.piece, checked["source"]["arrangement"], desk.today())
        piece = applied.piece
        noted = {
            "made": kept.made.as_json(),
            "holder_is_publisher": holder_is_publisher,
            "applied": applied.note,
        }
        _file(tenant, loaded, piece, {**checked, **noted}, who, desk, version)
        kind = "piece.corrected" if loaded.state == "confirmed" else "piece.registered"
        payload = payload_of(piece, who, applied.note)
        personal = committed(piece.claims) | tenant.written()
        journal_store.append(connection, who.publisher_id, kind, payload, personal, now)
    return piece


def _registration(
    desk: Desk,
    tenant: Tenant,
    who: Who,
    loaded: LoadedPiece,
    record: dict[str, Any],
    holder_is_publisher: bool,
) -> Registration:
    draft = loaded.draft or {}
    return Registration(
        record={**record, "evidence": draft.get("evidence") or {}, "text": draft.get("text")},
        publisher=_publisher(tenant),
        find_party=_finder(tenant),
        today=desk.today(),
        stated_by=who.name,
        holder_is_publisher=holder_is_publisher,
        snapshot_sha256=loaded.snapshot_sha256,
        url=draft.get("given_url") or loaded.url,
        find_source=partial(find_party, tenant),
    )


def register_piece(
    desk: Desk,
    who: Who,
    data: bytes | None = None,
    *,
    url: str | None = None,
    content_type: str | None = None,
    holder_is_publisher: bool = False,
) -> Piece:
    """Draft and confirm in one go, the draft as it was read: for a person who has looked at it elsewhere."""
    drafted = draft_piece(desk, who, data, url=url, content_type=content_type)
    record = draft_record(drafted.draft)
    return confirm_piece(desk, who, drafted.piece_id, record, holder_is_publisher=holder_is_publisher)


def draft_record(draft: Draft) -> dict[str, Any]:
    """What a person is asked to confirm: the draft record, and the components it marks apart from the page."""
    components = [
        {
            "kind": COMPONENT_OF.get(each.scope, "photograph"),
            "label": f"{each.scope.capitalize()} marked {_licence_name(each.url or each.id)}",
            "licence": each.url or each.id,
        }
        for each in draft.components
        if each.scope != "text"
    ]
    return {**draft.as_json(), "components": components}


def _unseen(draft: Draft) -> dict[str, Any]:
    """What was read from places without visible text (a meta tag): the value is all there is to show of it."""
    values = draft.as_json()
    return {
        name: _at(values, name.split("."))
        for name, found in draft.evidence.items()
        if found.start is None and found.selector
    }


def _at(values: Any, way: list[str]) -> Any:
    for step in way:
        if isinstance(values, list):
            values = values[int(step)] if step.isdecimal() and int(step) < len(values) else None
        else:
            values = values.get(step) if isinstance(values, dict) else None
    return values


def _licence_name(mark: str | None) -> str:
    """ "CC BY 4.0" for its address; what is no known licence, as it stands."""
    known = licence_from_text(mark or "")
    return known.name if known else mark or "apart from the page"


def load_own_piece(desk: Desk, who: Who, piece_id: str) -> LoadedPiece:
    """A piece of one's own publisher in whatever state, with its draft. Raises ``NotFound``."""
    with desk.database.reading() as connection:
        loaded = load_piece(connection, piece_id, who.publisher_id)
    if loaded is None:
        raise NotFound("There is no such piece at this publisher.", "piece")
    return loaded


def _bare_piece(desk: Desk, tenant: Tenant, piece_id: str, record: dict[str, Any]) -> Piece:
    """A draft's piece: what the page says is in ``draft``; no claim and no terms stand before somebody confirms."""
    nothing = {"title": record.get("title") or "(no title found)", "language": record.get("language")}
    registration = Registration(nothing, _publisher(tenant), _finder(tenant), desk.today(), "")
    return piece_of(registration, piece_id)


def _file(
    tenant: Tenant,
    loaded: LoadedPiece,
    piece: Piece,
    record: dict[str, Any],
    who: Who,
    desk: Desk,
    version: int | None,
) -> None:
    draft = loaded.draft or {}
    filing = Filing(
        state="confirmed",
        by=who.person_id,
        at=desk.clock(),
        urls=addresses_of(record, draft.get("given_url")),
        public_record=public_record(piece),
        draft={**draft, **record},
        shingles=sorted(shingles(draft.get("text") or "")),
    )
    expected = loaded.version if version is None else version
    correct_piece(tenant, piece, expected, filing)


def _publisher(tenant: Tenant) -> Party:
    row = publisher_by_id(tenant.connection, tenant.publisher_id)
    if row is None:
        raise NotFound("There is no such publisher.", "publisher")
    return party_of(row)


def _finder(tenant: Tenant) -> Any:
    """Parties by name: the one on record, or a new one. One registration asks for a name once."""
    seen: dict[str, Party] = {}

    def find(name: str, kind: PartyKind) -> Party:
        key = name.casefold()
        if key not in seen:
            seen[key] = find_party(tenant, name) or Party(id=new_id("pa"), name=name, kind=kind)
        return seen[key]

    return find
