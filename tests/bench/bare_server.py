"""What the house is measured against: an ASGI app with nothing between the socket and the statement.

``/api/pieces?url=`` asks the same SQL with the driver alone (it takes the address to be in normal form).
``/pieces/ID`` reads the piece and its rights with one hand-written statement of the driver's, decodes the JSON
and renders the same template, compiled before; it works nothing out: the answers and the credit were there.
``/template/ID`` reads nothing and renders the same template with values that were there before.

    python -m tests.bench.bare_server ledger.db PORT
"""

import hashlib
import json
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

from granian import Granian
from granian.constants import Interfaces

from ledger import interchange
from ledger.desk.answers.rights_view import rights_view
from ledger.records.sessions import sqlite_module
from ledger.settings import shipped_folder
from ledger.web.pages import make_pages
from tests.bench import stock

SQL = (
    "SELECT piece_url.publisher_id, piece_url.piece_id, piece_url.kind, piece.public_record FROM piece_url "
    "JOIN piece ON piece.publisher_id = piece_url.publisher_id AND piece.id = piece_url.piece_id "
    "WHERE piece_url.url_key = ? AND piece_url.url = ? AND piece.state = 'confirmed' LIMIT 20"
)
RIGHTS_SQL = (
    "SELECT 0, document FROM piece WHERE id = ?1 AND state = 'confirmed' "
    "UNION ALL SELECT 1, document FROM claim WHERE publisher_id = ?2 AND piece_id = ?1 AND withdrawn_at IS NULL "
    "UNION ALL SELECT 2, terms.document FROM piece_terms JOIN terms ON terms.publisher_id = ?2 "
    "AND terms.id = piece_terms.terms_id WHERE piece_terms.publisher_id = ?2 AND piece_terms.piece_id = ?1 "
    "UNION ALL SELECT 2, document FROM terms WHERE publisher_id = ?2 AND everywhere "
    "UNION ALL SELECT 3, document FROM assessment WHERE publisher_id = ?2 AND piece_id = ?1 "
    "UNION ALL SELECT 4, party.document FROM claim JOIN party ON party.publisher_id = ?2 "
    "AND party.id = claim.party_id WHERE claim.publisher_id = ?2 AND claim.piece_id = ?1"
)
Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]


def make_app(file: str) -> Callable[..., Awaitable[None]]:
    """The application over a ledger's SQLite file."""
    connection = sqlite_module().connect(file, check_same_thread=False)
    connection.execute("PRAGMA query_only=ON")
    template = make_pages(shipped_folder("templates")).environment.get_template("public/piece.html")
    prepared = _prepared()

    def values(piece_id: str) -> dict[str, Any]:
        rows = connection.execute(RIGHTS_SQL, (piece_id, stock.PUBLISHER)).fetchall()
        parts: tuple[list[Any], ...] = ([], [], [], [], [])
        for part, document in rows:
            parts[part].append(json.loads(document, object_hook=_dotted))
        return {**prepared, **_filled(*parts, prepared["view"])}

    async def app(scope: Message, _receive: object, send: Send) -> None:
        if scope["type"] != "http":
            return
        path = scope["path"]
        if path == "/api/pieces":
            url = unquote(scope["query_string"].decode()[4:])
            key = int.from_bytes(hashlib.blake2b(url.encode(), digest_size=8).digest(), "big", signed=True)
            rows = connection.execute(SQL, (key, url)).fetchall()
            await _send(send, rows[0][3].encode(), b"application/json")
        elif path.startswith("/pieces/"):
            await _send(send, template.render(values(path[8:])).encode(), b"text/html; charset=utf-8")
        elif path.startswith("/template/"):
            await _send(send, template.render(prepared).encode(), b"text/html; charset=utf-8")
        else:
            await _send(send, b"", b"text/plain")

    return app


def _prepared() -> dict[str, Any]:
    """The values of one piece's page, worked out before anybody asks."""
    piece = stock.bench_piece()
    view = rights_view(piece, datetime.now(UTC).date())
    return {
        "piece": piece,
        "view": view,
        "formats": list(interchange.FORMATS),
        "labels": {"co_0": "Text"},
        "path": "/pieces",
        "signed_in": False,
    }


def _dotted(found: dict[str, Any]) -> SimpleNamespace:
    return SimpleNamespace(**found)


def _filled(
    pieces: list[Any],
    claims: list[Any],
    terms: list[Any],
    assessments: list[Any],
    parties: list[Any],
    view: Any,
) -> dict[str, Any]:
    """The rows as the template wants them: nothing is checked, and nothing is worked out."""
    piece = pieces[0]
    piece.published = date.fromisoformat(piece.published)
    known = {each.id: each for each in parties}
    for each in claims:
        each.party = known[each.party.id]
    shown = [
        SimpleNamespace(
            component=component,
            holders=[each for each in claims if each.component_id == component.id],
            assessment=next((each for each in assessments if each.component_id == component.id), None),
        )
        for component in piece.components
    ]
    as_before = {name: getattr(view, name) for name in ("answers", "credit", "credit_required_for", "today")}
    return {"piece": piece, "view": SimpleNamespace(parts=shown, terms=terms, **as_before)}


async def _send(send: Send, body: bytes, media_type: bytes) -> None:
    headers = [(b"content-type", media_type), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def main() -> None:
    """Serve until told to stop, with the house's own server."""
    file, port = sys.argv[1:]
    server = Granian("bare", port=int(port), interface=Interfaces.ASGI, websockets=False, log_access=False)
    server.serve(target_loader=lambda *_: make_app(str(Path(file))), wrap_loader=False)


if __name__ == "__main__":
    main()
