"""The publisher's pieces: the list with what is to do, and registering pages."""

from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from ledger.desk.context import Desk, Who
from ledger.desk.refusals import BadInput
from ledger.desk.register import shelf
from ledger.desk.register.registering import RegisteredAlready, draft_piece
from ledger.desk.register.registering_many import MOST, Batch, draft_many
from ledger.records.paging import BadCursor
from ledger.records.pieces import Known
from ledger.web.context import AnyRequest, Posted, Staff, TheDesk
from ledger.web.forms import Form
from ledger.web.pages import page

STATE_WORDS = {"": "All", "draft": "Drafts to confirm", "confirmed": "Confirmed", "withdrawn": "Withdrawn"}


@get("/desk/pieces", sync_to_thread=True)
def pieces_page(request: AnyRequest, desk: TheDesk, who: Staff) -> Response[str]:
    """``?q=`` words, ``?state=``, ``?after=`` the mark of the former page. What is to do stands above."""
    words = request.query_params.get("q", "").strip()[:500]
    state = request.query_params.get("state", "")
    chosen = state if state in shelf.STATES else ""
    after = request.query_params.get("after") or None
    try:
        found = shelf.own_pieces(desk, who, words, chosen or None, after)
    except BadCursor:
        after, found = None, shelf.own_pieces(desk, who, words, chosen or None)
    plain = not words and not chosen and after is None
    values: dict[str, Any] = {
        "words": words,
        "chosen": chosen,
        "found": found,
        "to_do": shelf.to_do(desk, who) if plain else None,
        "filters": [(label, _address(words, key), key == chosen) for key, label in STATE_WORDS.items()],
        "first": _address(words, chosen) if after else None,
        "following": _address(words, chosen, found.next) if found.next else None,
    }
    return page(request, "desk/pieces.html", who=who, **values)


def _address(words: str, state: str, after: str | None = None) -> str:
    pairs = {"q": words, "state": state, "after": after or ""}
    kept = {name: value for name, value in pairs.items() if value}
    return "/desk/pieces" + (f"?{urlencode(kept)}" if kept else "")


@get("/desk/pieces/new", sync_to_thread=True)
def new_page(request: AnyRequest, desk: TheDesk, who: Staff) -> Response[str]:
    """From an address, a file or a pasted text; or several at once."""
    who.must_be("editor", "officer")
    return _new(request, who, Form())


@post("/desk/pieces/new", status_code=200, sync_to_thread=True)
def register(request: AnyRequest, desk: TheDesk, who: Staff, form: Posted) -> Response[Any]:
    """Read one page and go on to confirming it."""
    who.must_be("editor", "officer")
    try:
        piece_id = _register(desk, who, form)
    except BadInput as refusal:
        form.errors.update(_beside(refusal.errors, form))
        return _new(request, who, form, refusal.status)
    except RegisteredAlready as refusal:
        return _new(request, who, form, refusal.status, known=refusal.known)
    return Redirect(f"/desk/pieces/{piece_id}/confirm", status_code=303)


def _register(desk: Desk, who: Who, form: Form) -> str:
    url, pasted = form.value("url").strip() or None, form.value("pasted")
    upload = form.file("page")
    if upload is not None and pasted.strip():
        raise BadInput({"pasted": "Give a file or a pasted text, not both: which of the two is the page?"})
    data, content_type = None, None
    if upload is not None:
        data, content_type = upload.file.read(), upload.content_type
        if content_type and not content_type.startswith(("text/", "application/xhtml")):
            content_type = None  # browsers guess it from the file's name; the reader looks at the bytes
    elif pasted.strip():
        data, content_type = pasted.encode(), _pasted_type(pasted)
    elif url is None:
        raise BadInput({"url": "Give the page's address, or a file, or paste its text."})
    only_new = not form.value("again")
    return draft_piece(desk, who, data, url=url, content_type=content_type, only_new=only_new).piece_id


def _pasted_type(text: str) -> str:
    is_markup = text.lstrip()[:1] == "<" and ">" in text
    return f"text/{'html' if is_markup else 'plain'}; charset=utf-8"


def _beside(errors: dict[str, str], form: Form) -> dict[str, str]:
    """What is wrong with the page stands beside the field it came from."""
    field = "page" if form.file("page") else "pasted" if form.value("pasted").strip() else "url"
    return {field if name == "page" else name: message for name, message in errors.items()}


@post("/desk/pieces/several", status_code=200, sync_to_thread=True)
def register_several(request: AnyRequest, desk: TheDesk, who: Staff, form: Posted) -> Response[str]:
    """Read a feed, a sheet or a WordPress export: one draft for each entry, and what became of each."""
    who.must_be("editor", "officer")
    upload = form.file("batch")
    data = upload.file.read() if upload else None
    try:
        batch = draft_many(desk, who, data, url=form.value("feed_url").strip() or None)
    except BadInput as refusal:
        form.errors.update(refusal.errors)
        return _new(request, who, form, refusal.status)
    return _new(request, who, Form(), batch=batch)


def _new(
    request: AnyRequest,
    who: Who,
    form: Form,
    status: int = 200,
    *,
    known: list[Known] | None = None,
    batch: Batch | None = None,
) -> Response[str]:
    values = {"form": form, "known": known or [], "batch": batch, "most": MOST}
    return page(request, "desk/new_piece.html", status, who=who, **values)


@get("/desk/pieces/{piece:str}/snapshot", sync_to_thread=True)
def snapshot(desk: TheDesk, who: Staff, piece: FromPath[str]) -> Response[bytes]:
    """The page as it was kept: a file to save, never a page of ours, for strangers wrote it."""
    content, name = shelf.snapshot(desk, who, piece)
    return Response(
        content,
        media_type="application/octet-stream",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )


handlers = [pieces_page, new_page, register, register_several, snapshot]
