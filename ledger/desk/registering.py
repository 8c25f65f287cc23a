"""Registering: a page is read into a draft, a person confirms it, and the piece stands in the register.

The page's own bytes are kept as evidence before anything is written, so every reading can be checked later.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ledger import fetch
from ledger.desk.context import Desk, Who
from ledger.desk.draft_rights import Registration, piece_of
from ledger.desk.publishers import party_of
from ledger.desk.record_form import read_record
from ledger.desk.refusals import BadInput, NotFound
from ledger.ids import new_id
from ledger.intake.draft import Draft, UnreadablePage
from ledger.intake.reader import read
from ledger.intake.shingles import shingles
from ledger.intake.urls import NotAWebAddress, normalise_url, url_key
from ledger.records import journal_store
from ledger.records.filing import Filing, PieceUrl, correct_piece, store_piece
from ledger.records.parties import find_party
from ledger.records.pieces import LoadedPiece, load_piece, terms_with_clause
from ledger.records.publishers import publisher_by_id
from ledger.records.tenant import Tenant
from ledger.rights.parties import Party, PartyKind
from ledger.rights.pieces import Piece

COMPONENT_OF = {"image": "photograph", "video": "video", "audio": "audio"}
"""Kinds of components by what a licence mark on the page is attached to."""


@dataclass(frozen=True)
class Drafted:
    """A draft on record: the piece's id, what was read, and the bytes it was read from."""

    piece_id: str
    draft: Draft


def read_page(
    data: bytes | None = None, *, url: str | None = None, content_type: str | None = None
) -> tuple[Draft, bytes, str | None]:
    """Read a page from bytes, or fetch it. Writes nothing. Returns the draft, the bytes and their media type.

    Raises ``BadInput`` with one line: what is wrong with the page or the address, and what to do.
    """
    try:
        if data is None:
            if not url:
                raise BadInput({"page": "Give a file, the page's text, or its address."})
            fetched = fetch.fetch(url)
            data, content_type, url = fetched.body, fetched.content_type, fetched.final_url
        return read(data, content_type=content_type, url=url), data, content_type
    except UnreadablePage as error:
        raise BadInput({"page": str(error)}) from error
    except (fetch.FetchRefused, fetch.FetchFailed, NotAWebAddress) as error:
        raise BadInput({"url": str(error)}) from error


def draft_piece(
    desk: Desk,
    who: Who,
    data: bytes | None = None,
    *,
    url: str | None = None,
    content_type: str | None = None,
) -> Drafted:
    """Read a page and put it on record as a draft, for a person to confirm. Raises ``BadInput``."""
    who.must_be("editor", "officer")
    draft, content, media_type = read_page(data, url=url, content_type=content_type)
    snapshot = desk.evidence.put(content)
    piece_id = new_id("pc")
    record = draft_record(draft) | {
        "text": draft.text,
        "remarks": list(draft.remarks),
        "given_url": url,
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
            urls=_addresses(record, url),
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
        registration = Registration(
            record={**checked, "evidence": draft.get("evidence") or {}, "text": draft.get("text")},
            publisher=_publisher(tenant),
            find_party=_finder(tenant),
            today=desk.today(),
            stated_by=who.name,
            holder_is_publisher=holder_is_publisher,
            snapshot_sha256=loaded.snapshot_sha256,
            url=draft.get("given_url") or loaded.url,
        )
        piece = _keep_known_terms(tenant, piece_of(registration, piece_id))
        _file(tenant, loaded, piece, checked, who, desk, version)
        kind = "piece.corrected" if loaded.state == "confirmed" else "piece.registered"
        journal_store.append(connection, who.publisher_id, kind, _payload(piece, who), {}, now)
    return piece


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
            "label": f"{each.scope} marked {each.id}".capitalize(),
            "licence": each.url or each.id,
        }
        for each in draft.components
        if each.scope != "text"
    ]
    return {**draft.as_json(), "components": components}


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
        urls=_addresses(record, draft.get("given_url")),
        public_record=public_record(piece),
        draft={**draft, **record},
        shingles=sorted(shingles(draft.get("text") or "")),
    )
    expected = loaded.version if version is None else version
    correct_piece(tenant, piece, expected, filing)


def public_record(piece: Piece) -> str:
    """What the public lookup answers: facts and where to read more, as JSON text."""
    holders = [claim.party.name for claim in piece.claims if claim.role == "holder"]
    value = {
        "id": piece.id,
        "title": piece.title,
        "url": piece.urls[0] if piece.urls else None,
        "language": piece.language,
        "publisher": piece.publisher.name,
        "source": {"name": piece.source.name, "url": piece.source.url},
        "copyright": {"notice": piece.notice, "holders": holders},
        "basis": piece.components[0].basis.value,
        "terms": [{"name": each.name, "url": each.url, "clause": each.clause} for each in piece.terms],
        "rights": f"/pieces/{piece.id}",
    }
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _payload(piece: Piece, who: Who) -> dict[str, Any]:
    return {
        "piece": piece.id,
        "title": piece.title,
        "by": who.person_id,
        "holders": [claim.party.name for claim in piece.claims],
        "basis": {part.id: part.basis.value for part in piece.components},
        "terms": [{"terms": each.id, "clause_sha256": each.clause_sha256} for each in piece.terms],
        "snapshot_sha256": piece.content_sha256,
    }


def _addresses(record: Mapping[str, Any], given: str | None) -> list[PieceUrl]:
    source = record.get("source") or {}
    found: dict[str, PieceUrl] = {}
    for url, kind in (
        (given, "own"),
        (record.get("canonical_url"), "canonical"),
        (source.get("url"), "source"),
    ):
        if url:
            normal = normalise_url(url)
            found.setdefault(normal, PieceUrl(normal, url_key(normal), kind))
    return list(found.values())


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


def _keep_known_terms(tenant: Tenant, piece: Piece) -> Piece:
    """A footer that stands under every page is one Terms, not one for each page."""
    known = [terms_with_clause(tenant, each.clause_sha256, each.assigner.id) for each in piece.terms]
    same = [
        old if old is not None and _says_the_same(old, new) else new
        for old, new in zip(known, piece.terms, strict=True)
    ]
    return replace(piece, terms=tuple(same))


def _says_the_same(old: Any, new: Any) -> bool:
    return bool(old.rules == new.rules and old.target == new.target and old.kind == new.kind)
