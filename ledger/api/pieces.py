"""The JSON door to pieces: look one up, ask what may be done with it, register one, take its rights elsewhere.

For staff also the chain of title: file a claim, withdraw one, withdraw a piece.
"""

from base64 import b64decode
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

from anyio import to_thread
from litestar import Response, asgi, get, post
from litestar.exceptions import ClientException, MethodNotAllowedException
from litestar.params import FromPath
from litestar.types import HTTPResponseBodyEvent, HTTPResponseStartEvent, HTTPScope, Receive, Scope, Send

from ledger.api.context import AnyRequest, Staff, TheDesk
from ledger.desk.answers.answer_plain import answer_plain
from ledger.desk.answers.asking import find_piece, look_up, may_i
from ledger.desk.answers.exporting import export_piece
from ledger.desk.answers.public_view import public_view
from ledger.desk.context import Desk
from ledger.desk.refusals import BadInput
from ledger.desk.register import claiming, withdrawing
from ledger.desk.register.registering import register_piece
from ledger.rights.wire import to_plain

PUBLIC = {"Cache-Control": "public, max-age=60"}
LOOKUP = "/api/pieces"
Headers = tuple[tuple[bytes, bytes], ...]
_FOUND: Headers = ((b"content-type", b"application/json"), (b"cache-control", b"public, max-age=60"))


@asgi(LOOKUP, copy_scope=False)
async def by_address(scope: Scope, receive: Receive, send: Send) -> None:
    """``?url=``: the confirmed piece at this address, as JSON. 404 when there is none."""
    # What is found at once has been answered by quick_lookup before; here come HEAD and all that goes wrong.
    method = scope.get("method")
    if method not in ("GET", "HEAD"):
        raise MethodNotAllowedException(headers={"Allow": "GET, HEAD"})
    record = look_up(scope["litestar_app"].state.desk, _asked_url(scope["query_string"])).encode()
    await _send_record(send, record, _FOUND, with_body=method == "GET")


async def quick_lookup(desk: Desk, scope: HTTPScope, send: Send, headers: Headers) -> bool:
    """Answer a lookup that finds a piece, with ``headers`` besides its own; whether it was answered.

    The hottest question of the house, so it stands before the framework, whose routing, request and response
    cost as much as the answer. False: nothing was sent, and the ordinary way says what is wrong.
    """
    try:
        record = look_up(desk, _asked_url(scope["query_string"])).encode()
    except Exception:  # whatever it is, the ordinary way meets it too and answers it
        return False
    await _send_record(send, record, (*_FOUND, *headers))
    return True


async def _send_record(send: Send, record: bytes, headers: Headers, *, with_body: bool = True) -> None:
    length = (b"content-length", str(len(record)).encode())
    await send(HTTPResponseStartEvent(type="http.response.start", status=200, headers=[*headers, length]))
    body = record if with_body else b""
    await send(HTTPResponseBodyEvent(type="http.response.body", body=body, more_body=False))


def _asked_url(query: bytes) -> str:
    if query.startswith(b"url=") and b"&" not in query:
        return unquote_plus(query[4:].decode("latin-1"))
    return dict(parse_qsl(query.decode("latin-1"), keep_blank_values=True)).get("url", "")


@get("/api/pieces/{piece:str}", sync_to_thread=True)
def one_piece(desk: TheDesk, piece: FromPath[str]) -> Response[dict[str, Any]]:
    """A confirmed piece with its claims, terms and assessments."""
    return Response(to_plain(public_view(find_piece(desk, piece))), headers=PUBLIC)


@get("/api/pieces/{piece:str}/as/{standard:str}", sync_to_thread=True)
def exported(desk: TheDesk, piece: FromPath[str], standard: FromPath[str]) -> Response[bytes]:
    """The piece's rights in another standard's form: odrl, schema.org, ninjs, rsl, tdmrep."""
    data, media_type = export_piece(desk, piece, standard)
    return Response(data, media_type=media_type, headers=PUBLIC)


@post("/api/answer", status_code=200)
async def answer(request: AnyRequest, desk: TheDesk) -> dict[str, Any]:
    """May this be done? ``{"piece": id or address, "use": {...}}``; the answer names its reasons and clauses."""
    body = await json_object(request)
    piece, use = body.get("piece"), body.get("use")
    if not isinstance(piece, str):
        raise BadInput({"piece": "Name the piece by its id or by any of its addresses."})
    if not isinstance(use, dict):
        raise BadInput({"use": "Describe the use: an object of named facts."})
    return answer_plain(await to_thread.run_sync(may_i, desk, piece, use))


@post("/api/publishers/{publisher:str}/pieces", status_code=201)
async def register(request: AnyRequest, desk: TheDesk, who: Staff) -> dict[str, Any]:
    """Register a page for one's publisher: the body is the page itself; ``?url=`` its address.

    ``?holder=publisher`` states that the publisher holds the text. Needs a bearer token.
    """
    data = await request.body()
    url = request.query_params.get("url")
    act = partial(
        register_piece,
        desk,
        who,
        data or None,
        url=url,
        content_type=request.headers.get("content-type"),
        holder_is_publisher=request.query_params.get("holder") == "publisher",
    )
    piece = await to_thread.run_sync(act)
    return {"piece": piece.id, **to_plain(piece)}


@post("/api/publishers/{publisher:str}/pieces/{piece:str}/claims", status_code=201)
async def file_claim(request: AnyRequest, desk: TheDesk, who: Staff, piece: FromPath[str]) -> dict[str, Any]:
    """File a claim: ``{"party", "evidence"}``, the words it rests on; it is the holder's unless ``role`` says else.

    Optional: ``role`` (holder, agent, licensee), ``component`` (id; else the text), ``kind`` (organisation, person),
    ``email``, ``evidence_kind`` (statement, contract, mail, notice, byline, register, letter), ``valid_from``,
    ``valid_to``, ``principal`` (whom an agent speaks for), and ``document``: a file that shows it, in base64.
    """
    body = await json_object(request)
    document = _document(body.pop("document", None))
    claim = await to_thread.run_sync(claiming.file_claim, desk, who, piece, body, document)
    return {"claim": claim.id, **to_plain(claim)}


def _document(text: Any) -> bytes | None:
    if text is None:
        return None
    try:
        return b64decode(text, validate=True)
    except (TypeError, ValueError) as error:
        raise BadInput({"document": "Give the file's bytes in base64, as text."}) from error


@post("/api/publishers/{publisher:str}/pieces/{piece:str}/claims/{claim:str}/withdraw", status_code=200)
async def withdraw_claim(
    request: AnyRequest, desk: TheDesk, who: Staff, piece: FromPath[str], claim: FromPath[str]
) -> dict[str, Any]:
    """Withdraw a claim that was filed in error: ``{"reason"}``, which is needed where letters rest on it.

    Their holders are told the reason; the letters stand, and are named in the answer.
    """
    body = await json_object(request)
    act = partial(claiming.drop_claim, desk, who, piece, claim, body.get("reason"))
    return {"claim": claim, "letters": [each.number for each in await to_thread.run_sync(act)]}


@post("/api/publishers/{publisher:str}/pieces/{piece:str}/withdraw", status_code=200)
async def withdraw_piece(
    request: AnyRequest, desk: TheDesk, who: Staff, piece: FromPath[str]
) -> dict[str, Any]:
    """Take a piece, or a draft of one, out of every public view: ``{"reason"}``, which a draft does not need.

    Letters stand. Confirming it again brings it back.
    """
    body = await json_object(request)
    await to_thread.run_sync(withdrawing.withdraw, desk, who, piece, body.get("reason"))
    return {"piece": piece, "state": "withdrawn"}


async def json_object(request: AnyRequest) -> dict[str, Any]:
    """The body as a JSON object. Raises 400 for anything else."""
    if b"\\u0000" in await request.body():
        raise ClientException("The body holds a NUL character, which no database keeps; leave it out.")
    try:
        value = await request.json()
    except Exception as error:  # whatever the decoder makes of a stranger's bytes
        raise ClientException("The body is not JSON.") from error
    if not isinstance(value, dict):
        raise ClientException("The body must be a JSON object: {...}.")
    return value


handlers = [by_address, one_piece, exported, answer, register, file_claim, withdraw_claim, withdraw_piece]
