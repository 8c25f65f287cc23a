"""What the house is measured against: an ASGI app with nothing between the socket and the statement.

``/api/pieces?url=`` asks the same SQL with the driver alone (it takes the address to be in normal form).
``/pieces/ID`` reads the piece and works its rights out as the house does, and renders the same template.
``/template/ID`` reads nothing and renders the same template with values that were there before.

    python -m tests.bench.bare_server ledger.db PORT
"""

import hashlib
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from granian import Granian
from granian.constants import Interfaces

from ledger import interchange
from ledger.desk.answers.rights_view import rights_view
from ledger.records.pieces import public_piece
from ledger.records.sessions import open_database, sqlite_module
from ledger.settings import shipped_folder
from ledger.web.pages import make_pages
from tests.bench import stock

SQL = (
    "SELECT piece_url.publisher_id, piece_url.piece_id, piece_url.kind, piece.public_record FROM piece_url "
    "JOIN piece ON piece.publisher_id = piece_url.publisher_id AND piece.id = piece_url.piece_id "
    "WHERE piece_url.url_key = ? AND piece_url.url = ? AND piece.state = 'confirmed' LIMIT 20"
)
Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]


def make_app(file: str) -> Callable[..., Awaitable[None]]:
    """The application over a ledger's SQLite file."""
    connection = sqlite_module().connect(file, check_same_thread=False)
    connection.execute("PRAGMA query_only=ON")
    database = open_database(f"sqlite:///{file}")
    template = make_pages(shipped_folder("templates")).environment.get_template("public/piece.html")
    formats = list(interchange.FORMATS)

    def values(piece_id: str) -> dict[str, Any]:
        with database.reading() as reading:
            loaded = public_piece(reading, piece_id)
        assert loaded is not None
        view = rights_view(loaded.piece, datetime.now(UTC).date())
        return {
            "piece": loaded.piece,
            "view": view,
            "formats": formats,
            "path": "/pieces",
            "signed_in": False,
        }

    prepared = cache(lambda: values(stock.piece_id(0)))

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
            await _send(send, template.render(prepared()).encode(), b"text/html; charset=utf-8")
        else:
            await _send(send, b"", b"text/plain")

    return app


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
