"""The journals, served like transparency logs (C2SP tlog-tiles), so that other people's clients and witnesses work.

``/journal/{publisher}`` is a log's prefix: under it lie ``checkpoint``, ``tile/...``, ``proof/{entry}`` and ``key``.
A later epoch is a log of its own, under ``/journal/{publisher}/epoch-2`` as its origin says: its tiles hold other
hashes than those that were given out, to be kept for good, under the first prefix. What is asked for there is then
answered from the newest epoch, and not to be kept.
"""

from litestar import Response, get
from litestar.params import FromPath

from ledger.api.context import AnyRequest, TheDesk
from ledger.desk.context import Desk
from ledger.desk.house.publishers import find_publisher
from ledger.desk.refusals import NotFound
from ledger.journal.tiles import parse_path
from ledger.records.journal_publishing import (
    NothingThere,
    checkpoint_text,
    earlier_keys,
    open_epoch,
    proof_file,
    tile,
    verifier_key,
)
from ledger.records.publishers import PublisherRow

FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}
FRESH = {"Cache-Control": "no-cache"}
LOG = ("/journal/{publisher:str}", "/journal/{publisher:str}/{epoch:str}")


def checkpoint(request: AnyRequest, desk: TheDesk, publisher: FromPath[str]) -> Response[bytes]:
    """The newest checkpoint, a signed note."""
    row, _ = _log(request, desk, publisher)
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


def proof(
    request: AnyRequest, desk: TheDesk, publisher: FromPath[str], entry: FromPath[int]
) -> Response[bytes]:
    """The tlog-proof of one entry, with the entry."""
    row, _ = _log(request, desk, publisher)
    try:
        with desk.database.reading() as connection:
            data = proof_file(connection, row.id, entry)
    except NothingThere as error:
        raise NotFound(str(error), "entry") from error
    return Response(data, media_type="text/plain", headers=FRESH)


def tiles(
    request: AnyRequest, desk: TheDesk, publisher: FromPath[str], place: FromPath[str]
) -> Response[bytes]:
    """A tile of hashes or a bundle of entries: ``tile/0/000``, ``tile/entries/x001/234.p/5``."""
    row, own_prefix = _log(request, desk, publisher)
    try:
        level, index, width = parse_path(place.lstrip("/"))
        with desk.database.reading() as connection:
            data = tile(connection, row.id, level, index, width)
    except (NothingThere, ValueError) as error:
        raise NotFound("There is no such tile.", "tile") from error
    return Response(data, media_type="application/octet-stream", headers=FOREVER if own_prefix else FRESH)


def _log(request: AnyRequest, desk: Desk, slug: str) -> tuple[PublisherRow, bool]:
    """The publisher, and whether this prefix is the one of the epoch that is open. Raises ``NotFound``."""
    row, epoch = find_publisher(desk, slug), request.path_params.get("epoch")
    with desk.database.reading() as connection:
        number = open_epoch(connection, row.id)
    if epoch is None:
        return row, number == 1
    if number == 1 or epoch != f"epoch-{number}":
        raise NotFound("This epoch of the journal is not open.", "epoch")
    return row, True


_UNDER = (("/checkpoint", checkpoint), ("/proof/{entry:int}", proof), ("/tile/{place:path}", tiles))

# One handler for each path: Litestar 2 sends one with several paths to the thread twice.
handlers = [
    key,
    *(get(f"{log}{rest}", sync_to_thread=True)(answer) for log in LOG for rest, answer in _UNDER),
]
