"""The journals, served like transparency logs (C2SP tlog-tiles), so that other people's clients and witnesses work.

``/journal/{publisher}`` is a log's prefix: under it lie ``checkpoint``, ``tile/...``, ``proof/{entry}`` and ``key``.
"""

from litestar import Response, get
from litestar.params import FromPath

from ledger.api.context import TheDesk
from ledger.desk.house.publishers import find_publisher
from ledger.desk.refusals import NotFound
from ledger.journal.tiles import parse_path
from ledger.records.journal_publishing import (
    NothingThere,
    checkpoint_text,
    earlier_keys,
    proof_file,
    tile,
    verifier_key,
)

FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}
FRESH = {"Cache-Control": "no-cache"}


@get("/journal/{publisher:str}/checkpoint", sync_to_thread=True)
def checkpoint(desk: TheDesk, publisher: FromPath[str]) -> Response[bytes]:
    """The newest checkpoint, a signed note."""
    row = find_publisher(desk, publisher)
    with desk.database.reading() as connection:
        note = checkpoint_text(connection, row.id)
    return Response(note, media_type="text/plain", headers=FRESH)


@get("/journal/{publisher:str}/key", sync_to_thread=True)
def key(desk: TheDesk, publisher: FromPath[str]) -> Response[str]:
    """The public key of the journal, as a verifier key (C2SP signed-note); below it those of earlier epochs."""
    row = find_publisher(desk, publisher)
    with desk.database.reading() as connection:
        keys = [verifier_key(connection, row.id), *earlier_keys(connection, row.id)]
    return Response("".join(f"{each.vkey}\n" for each in keys), media_type="text/plain", headers=FRESH)


@get("/journal/{publisher:str}/proof/{entry:int}", sync_to_thread=True)
def proof(desk: TheDesk, publisher: FromPath[str], entry: FromPath[int]) -> Response[bytes]:
    """The tlog-proof of one entry, with the entry."""
    row = find_publisher(desk, publisher)
    try:
        with desk.database.reading() as connection:
            data = proof_file(connection, row.id, entry)
    except NothingThere as error:
        raise NotFound(str(error), "entry") from error
    return Response(data, media_type="text/plain", headers=FRESH)


@get("/journal/{publisher:str}/tile/{place:path}", sync_to_thread=True)
def tiles(desk: TheDesk, publisher: FromPath[str], place: FromPath[str]) -> Response[bytes]:
    """A tile of hashes or a bundle of entries: ``tile/0/000``, ``tile/entries/x001/234.p/5``."""
    row = find_publisher(desk, publisher)
    try:
        level, index, width = parse_path(place.lstrip("/"))
        with desk.database.reading() as connection:
            data = tile(connection, row.id, level, index, width)
    except (NothingThere, ValueError) as error:
        raise NotFound("There is no such tile.", "tile") from error
    return Response(data, media_type="application/octet-stream", headers=FOREVER)


handlers = [checkpoint, key, proof, tiles]
