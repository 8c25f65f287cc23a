"""Asking for permission: one page of questions, one to look it over, and the link that confirms the address.

Everything travels in the form itself until it is sent or saved, so that Back, a mistake or a closed window lose
nothing and nothing is kept of people who only looked.
"""

import secrets
from datetime import date
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from ledger.desk import links
from ledger.desk.answers.asking import Answered, find_piece, may_i
from ledger.desk.answers.finding import find
from ledger.desk.answers.rights_view import part_labels
from ledger.desk.answers.use_words import use_sentences
from ledger.desk.context import Desk
from ledger.desk.refusals import BadInput, Clash, NotFound, Refusal, TooMany
from ledger.desk.requests import attaching, drafting, following, limiting
from ledger.desk.requests.request_form import MAX_PIECES, ONLINE, read_form, still_needed
from ledger.desk.requests.requesting import confirm_address, of_one_publisher, submit_request
from ledger.records.failures import Stale
from ledger.rights.pieces import Piece
from ledger.web.context import AnyRequest, Posted, TheDesk, client_ip
from ledger.web.forms import Form, read_pairs
from ledger.web.pages import page, translated_page
from ledger.web.public import details, questions
from ledger.web.public.following import secret
from ledger.web.reader_language import reader_language

NOT_KEPT = frozenset({"csrf", "action", "pick", "drop", "form_key", "files", "search", "draft"})
"""Fields that are about the page and not about the request."""
STEPS = ("Find it", "May I?", "Your request", "Check and send")


@get("/request", sync_to_thread=True)
def request_page(request: AnyRequest, desk: TheDesk) -> Response[Any]:
    """The questions, beginning with what the answer page carried on, or with a draft (``?draft=``)."""
    token = request.query_params.get("draft")
    if token:
        form = Form(
            data={name: list(values) for name, values in drafting.load_draft(desk, token).answers.items()}
        )
        form.data["draft"] = [token]
    else:
        form = read_pairs(request.query_params.multi_items())
        for name in (*NOT_KEPT, "kept"):  # a shared address must not carry the key of somebody's form
            form.data.pop(name, None)
    pieces = _pieces(desk, form)
    if not pieces:
        return Redirect("/find", status_code=303)
    return _questions(request, desk, form, pieces)


@post("/request", status_code=200, sync_to_thread=True)
def send_request(request: AnyRequest, desk: TheDesk, form: Posted) -> Response[Any]:
    """Whatever was pressed: check, send, save, add or drop a piece, show further questions, go back."""
    action = form.value("action") or "check"
    pieces = _pieces(desk, form)
    if not pieces:
        return Redirect("/find", status_code=303)
    try:
        _count(desk, form, action, client_ip(request))
    except TooMany as refusal:
        shown = _questions(request, desk, form, pieces, status=refusal.status, notice=refusal.message)
        shown.headers["Retry-After"] = str(refusal.retry_after)
        return shown
    _keep_files(desk, form)
    if form.value("pick"):
        return _questions(request, desk, form, _with(desk, form, form.value("pick")))
    if form.value("drop"):
        form.data["pieces"] = [each.id for each in pieces if each.id != form.value("drop")]
        return _questions(request, desk, form, _pieces(desk, form) or pieces)
    if action == "add":
        return _add(request, desk, form, pieces)
    if action == "save":
        return _save(request, desk, form, pieces)
    if action in ("update", "another_format", "change"):
        form.errors = {name: says for name, says in form.errors.items() if name == "files"}
        return _questions(request, desk, form, pieces, one_more=action == "another_format")
    return _check(request, desk, form, pieces, send=action == "send")


def _count(desk: Desk, form: Form, action: str, address: str) -> None:
    """Count what this form would keep or mail. Raises ``TooMany``; what was typed is shown again."""
    if form.files.get("files"):
        limiting.count(desk, "files", address, len(form.files["files"]))
    what = {"save": "drafts", "send": "mails"}.get(action)
    if what:
        limiting.count(desk, what, address)


def _check(request: AnyRequest, desk: Desk, form: Form, pieces: list[Piece], send: bool) -> Response[Any]:
    data = details.read_request(form)
    _find_errors(form, data, desk.today())
    if form.errors:
        return _questions(request, desk, form, pieces, status=422)
    try:
        of_one_publisher(pieces)
        if send:
            return _send(desk, form, data)
        return _summary(request, desk, form, data, pieces)
    except BadInput as refusal:
        form.errors.update(questions.plain_errors(refusal.errors))
        return _questions(request, desk, form, pieces, status=422)
    except (Clash, Stale) as refusal:
        return _questions(request, desk, form, pieces, status=409, notice=str(refusal))


def _find_errors(form: Form, data: dict[str, Any], today: date) -> None:
    """Every error at once: what is missing, what cannot be read, what must be agreed to."""
    found: dict[str, str] = {}
    try:
        read_form(data, today)
    except BadInput as refusal:
        found = questions.plain_errors(refusal.errors)
    if "name" in found:
        found.pop("licensee", None)  # left empty it is the name, which is asked for already
    if not data["terms_accepted"]:
        found["terms_accepted"] = "Tick this to say that what you stated is true."
    missing = still_needed(data["use"], details.unsure_of(form))
    if any(name.startswith("formats.") for name in form.errors):
        missing.pop("formats", None)
    for name, says in {**missing, **found}.items():
        form.errors.setdefault(name, says)


def _send(desk: Desk, form: Form, data: dict[str, Any]) -> Response[Any]:
    token = form.value("draft")
    draft = None
    if token:
        try:
            draft = drafting.load_draft(desk, token)
        except Refusal:  # sent before, or no longer there: the form's own key tells a second sending
            draft = None
    sent = submit_request(desk, data, form_key=form.value("form_key"), files=_kept(desk, form), draft=draft)
    return Redirect(_path(desk, sent.status_url), status_code=303)


def _save(request: AnyRequest, desk: Desk, form: Form, pieces: list[Piece]) -> Response[Any]:
    kept = {name: values for name, values in form.data.items() if name not in NOT_KEPT}
    try:
        token = drafting.save_draft(desk, kept, [each.id for each in pieces], form.value("draft") or None)
    except BadInput as refusal:
        form.errors.update(refusal.errors)
        return _questions(request, desk, form, pieces, status=422)
    except (Clash, Stale, NotFound) as refusal:
        return _questions(request, desk, form, pieces, status=409, notice=str(refusal))
    return Redirect(f"/requests/{token}", status_code=303)


def _add(request: AnyRequest, desk: Desk, form: Form, pieces: list[Piece]) -> Response[Any]:
    """Another piece, by its address or by words: taken when there is just one, else a choice."""
    words = form.value("search").strip()[:2000]
    hits = find(desk, words).hits[:6] if words else []
    if len(pieces) >= MAX_PIECES:
        form.errors["search"] = f"One request may name {MAX_PIECES} pieces; send another for the rest."
    elif not hits:
        form.errors["search"] = "Nothing is registered under this. Try the page's address, or fewer words."
    elif len(hits) == 1:
        form.data["search"] = []
        return _questions(request, desk, form, _with(desk, form, hits[0].piece_id))
    status = 422 if form.errors else 200
    return _questions(request, desk, form, pieces, status=status, hits=hits)


def _with(desk: Desk, form: Form, piece_id: str) -> list[Piece]:
    form.data["pieces"] = list(dict.fromkeys([*form.values("pieces"), piece_id]))
    return _pieces(desk, form)


def _pieces(desk: Desk, form: Form) -> list[Piece]:
    """The pieces named, without those that are not (any more) in the register."""
    found: list[Piece] = []
    for reference in list(dict.fromkeys(filter(None, form.values("pieces"))))[:MAX_PIECES]:
        try:
            found.append(find_piece(desk, reference))
        except NotFound:
            continue
    form.data["pieces"] = list(dict.fromkeys(each.id for each in found))
    return list({each.id: each for each in found}.values())


def _questions(
    request: AnyRequest,
    desk: Desk,
    form: Form,
    pieces: list[Piece],
    *,
    status: int = 200,
    one_more: bool = False,
    hits: Any = (),
    notice: str = "",
) -> Response[Any]:
    if not form.value("form_key"):
        form.data["form_key"] = [secrets.token_urlsafe(16)]
    if not form.value("mail_language"):
        form.data["mail_language"] = [reader_language(request)]
    channels = set(form.values("channels"))
    answers = _answers(desk, pieces, questions.asked_use(Form(data=form.data)))
    described = bool(form.value("portion") and channels)
    shown = page(
        request,
        "public/request.html",
        status,
        form=form,
        pieces=pieces,
        answers=answers,
        said_before=use_sentences(answers[pieces[0].id].use) if described and answers else [],
        on_paper="print" in channels,
        online=bool(channels - {"print", "classroom"}),
        described=described,
        needs_address=bool(channels & ONLINE),
        choices=details.CHOICES,
        languages=questions.languages(),
        countries=questions.countries(),
        rows=details.format_rows(form, one_more),
        kept=_sealed(desk, form),
        hits=hits,
        notice=notice,
        steps=STEPS,
    )
    return secret(shown)


def _summary(
    request: AnyRequest, desk: Desk, form: Form, data: dict[str, Any], pieces: list[Piece]
) -> Response[Any]:
    read = read_form(data)
    hidden = [(name, value) for name, values in form.data.items() for value in values]
    shown = page(
        request,
        "public/request_check.html",
        form=form,
        hidden=[pair for pair in hidden if pair[0] not in ("csrf", "action", "search") and pair[1]],
        pieces=pieces,
        answers=_answers(desk, pieces, data["use"]),
        labels={piece.id: part_labels(piece) for piece in pieces},
        sentences=use_sentences(read.use),
        unsure=details.unsure_of(form),
        person=read.requester,
        kept=_sealed(desk, form),
        steps=STEPS,
    )
    return secret(shown)


def _answers(desk: Desk, pieces: list[Piece], use: dict[str, Any]) -> dict[str, Answered]:
    """What the register says today to each piece, by its id; nothing while the use cannot be read."""
    try:
        return {piece.id: may_i(desk, piece.id, use) for piece in pieces}
    except BadInput:
        return {}


def _keep_files(desk: Desk, form: Form) -> None:
    """Take the files that came with this page; those of earlier pages are sealed in the form."""
    dropped = set(form.values("drop_file"))
    sealed = [each for each in form.values("kept") if each not in dropped]
    for upload in form.files.get("files", ()):
        if len(sealed) >= attaching.MAX_FILES:
            form.errors["files"] = f"{attaching.MAX_FILES} files are the most; send the rest after."
            break
        try:
            content = upload.file.read(attaching.MAX_BYTES + 1)
            sealed.append(attaching.seal(desk, attaching.keep_file(desk, upload.filename or "", content)))
        except BadInput as refusal:
            form.errors.update(refusal.errors)
    form.data["kept"] = list(dict.fromkeys(sealed))
    form.data.pop("drop_file", None)


def _kept(desk: Desk, form: Form) -> list[attaching.KeptFile]:
    found = [attaching.unseal(desk, each) for each in form.values("kept")]
    return [each for each in found if each is not None]


def _sealed(desk: Desk, form: Form) -> list[tuple[str, attaching.KeptFile]]:
    """The files so far, each with its seal."""
    pairs = [(sealed, attaching.unseal(desk, sealed)) for sealed in form.values("kept")]
    return [(sealed, file) for sealed, file in pairs if file is not None]


def _path(desk: Desk, url: str) -> str:
    return url.removeprefix(desk.base_url)


@get("/confirm/{token:str}", sync_to_thread=True)
def confirm_page(request: AnyRequest, desk: TheDesk, token: FromPath[str]) -> Response[str]:
    """What the link in the mail opens: a button. Opening it sends nothing: mail scanners open links."""
    found = following.confirming(desk, token)
    language = reader_language(request, found.language)
    values: dict[str, Any] = {"token": token, "status_path": _path(desk, found.status_url)}
    return secret(translated_page(request, "public/confirm.html", language, **values))


@post("/confirm/{token:str}", sync_to_thread=True)
def confirm(desk: TheDesk, token: FromPath[str]) -> Response[Any]:
    """The address is confirmed: the request reaches the desk."""
    request_id = confirm_address(desk, token)
    return Redirect(f"{_path(desk, links.status_url(desk, request_id))}?confirmed=1", status_code=303)


handlers = [request_page, send_request, confirm_page, confirm]
