"""A piece at the desk: its chain of title, its terms, its dealings, and what is filed about it."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from ledger import interchange
from ledger.desk.answers.rights_view import rights_view
from ledger.desk.context import Who
from ledger.desk.refusals import BadInput, NotFound
from ledger.desk.register import claiming, shelf, withdrawing
from ledger.desk.register.claim_form import CLAIM_FIELDS, MAX_DOCUMENT
from ledger.records.failures import Stale
from ledger.rights.terms import Terms
from ledger.web.context import AnyRequest, Posted, Staff, TheDesk
from ledger.web.forms import Form
from ledger.web.pages import page

ROLES = (
    ("holder", "Holds the rights"),
    ("agent", "Speaks for the holder", "An agency or collecting society with a mandate."),
    ("licensee", "May use it", "Under a licence; that alone gives no right to pass it on."),
)
EVIDENCE_KINDS = (
    ("statement", "A statement to us"),
    ("contract", "A contract"),
    ("mail", "A letter or e-mail"),
    ("notice", "A notice on a page"),
    ("byline", "A byline or credit"),
    ("register", "An entry in a register"),
)


@get("/desk/pieces/{piece:str}", sync_to_thread=True)
def piece_page(request: AnyRequest, desk: TheDesk, who: Staff, piece: FromPath[str]) -> Response[str]:
    """Everything the desk knows about one piece."""
    return _piece_page(request, desk, who, piece, Form())


def _piece_page(
    request: AnyRequest,
    desk: TheDesk,
    who: Who,
    piece_id: str,
    form: Form,
    status: int = 200,
    notice: str = "",
) -> Response[str]:
    file = shelf.piece_file(desk, who, piece_id)
    values: dict[str, Any] = {
        "file": file,
        "piece": file.loaded.piece,
        "credit": rights_view(file.loaded.piece, desk.today()).credit,
        "formats": interchange.FORMATS,
        "today": desk.today(),
        "applied": (file.loaded.draft or {}).get("applied"),
        "is_officer": "officer" in who.roles,
        "form": form,
        "notice": notice,
        "done": next((name for name in DONE if name in request.query_params), ""),
        "done_words": DONE,
    }
    return page(request, "desk/piece.html", status, who=who, **values)


DONE = {
    "confirmed": "The record is confirmed.",
    "claimed": "The claim is filed.",
    "withdrawn": "The claim is withdrawn.",
    "gone": "The piece is withdrawn. No public page shows it any more; letters stand.",
    "imported": "The terms are recorded.",
    "assessed": "The assessment is recorded.",
}
"""What a redirect back to the piece says was done."""


@get("/desk/pieces/{piece:str}/claim", sync_to_thread=True)
def claim_page(request: AnyRequest, desk: TheDesk, who: Staff, piece: FromPath[str]) -> Response[str]:
    """The form that files a link in the chain of title."""
    who.must_be("officer", "editor")
    component = request.query_params.get("component", "")
    return _claim_page(request, desk, who, piece, Form.filled({"component": component, "role": "holder"}))


def _claim_page(
    request: AnyRequest, desk: TheDesk, who: Who, piece_id: str, form: Form, status: int = 200
) -> Response[str]:
    file = shelf.piece_file(desk, who, piece_id)
    values = {
        "file": file,
        "piece": file.loaded.piece,
        "form": form,
        "roles": ROLES,
        "evidence_kinds": EVIDENCE_KINDS,
        "parts": [(part.component.id, part.label) for part in file.parts],
    }
    return page(request, "desk/claim.html", status, who=who, **values)


@post("/desk/pieces/{piece:str}/claim", status_code=200, sync_to_thread=True)
def file_claim(
    request: AnyRequest, desk: TheDesk, who: Staff, form: Posted, piece: FromPath[str]
) -> Response[Any]:
    """File a claim with its evidence; a document that was given is kept under its hash."""
    upload = form.file("document")
    document = upload.file.read(MAX_DOCUMENT + 1) if upload else None
    try:
        claiming.file_claim(desk, who, piece, {name: form.value(name) for name in CLAIM_FIELDS}, document)
    except BadInput as refusal:
        form.errors.update(refusal.errors)
        return _claim_page(request, desk, who, piece, form, refusal.status)
    return Redirect(f"/desk/pieces/{piece}?claimed", status_code=303)


@post("/desk/pieces/{piece:str}/claims/{claim:str}/withdraw", status_code=200, sync_to_thread=True)
def withdraw_claim(
    request: AnyRequest,
    desk: TheDesk,
    who: Staff,
    form: Posted,
    piece: FromPath[str],
    claim: FromPath[str],
) -> Response[Any]:
    """Withdraw a claim that was filed in error; officers only. Holders of letters that rest on it are told."""
    field = f"reason.{claim}"
    try:
        claiming.drop_claim(desk, who, piece, claim, form.value(field))
    except BadInput as refusal:
        form.errors[field] = refusal.message
        return _piece_page(request, desk, who, piece, form, refusal.status)
    return Redirect(f"/desk/pieces/{piece}?withdrawn", status_code=303)


@post("/desk/pieces/{piece:str}/withdraw", status_code=200, sync_to_thread=True)
def withdraw_piece(
    request: AnyRequest, desk: TheDesk, who: Staff, form: Posted, piece: FromPath[str]
) -> Response[Any]:
    """Take the piece, or the draft, out of the register."""
    try:
        withdrawing.withdraw(desk, who, piece, form.value("reason"))
    except BadInput as refusal:
        form.errors.update(refusal.errors)
        return _piece_page(request, desk, who, piece, form, refusal.status)
    return Redirect(f"/desk/pieces/{piece}?gone", status_code=303)


@post("/desk/pieces/{piece:str}/terms", status_code=200, sync_to_thread=True)
def import_terms(
    request: AnyRequest, desk: TheDesk, who: Staff, form: Posted, piece: FromPath[str]
) -> Response[Any]:
    """Record the terms of an ODRL or RSL file for this piece."""
    upload = form.file("terms_file")
    try:
        if upload is None:
            raise BadInput({"file": "Choose the file to read."})
        claiming.import_terms(desk, who, upload.file.read(), piece_ids=(piece,))
    except BadInput as refusal:
        form.errors["terms_file"] = refusal.message
        return _piece_page(request, desk, who, piece, form, refusal.status)
    return Redirect(f"/desk/pieces/{piece}?imported#terms", status_code=303)


@get("/desk/pieces/{piece:str}/terms/{terms:str}/end", sync_to_thread=True)
def end_page(
    request: AnyRequest, desk: TheDesk, who: Staff, piece: FromPath[str], terms: FromPath[str]
) -> Response[str]:
    """The words that end, the letters that rest on them, and the reason to give."""
    who.must_be("officer")
    return _end_page(request, desk, who, piece, terms, Form())


def _end_page(
    request: AnyRequest, desk: TheDesk, who: Who, piece_id: str, terms_id: str, form: Form, status: int = 200
) -> Response[str]:
    file = shelf.piece_file(desk, who, piece_id)
    ending = _terms_of(file, terms_id)
    values = {
        "piece": file.loaded.piece,
        "ending": ending,
        "letters": file.resting[terms_id],
        "form": form,
    }
    return page(request, "desk/end_terms.html", status, who=who, **values)


def _terms_of(file: shelf.PieceFile, terms_id: str) -> Terms:
    found = next((each for each in file.loaded.piece.terms if each.id == terms_id), None)
    if found is None:
        raise NotFound("There are no such terms on this piece.", "terms")
    return found


@post("/desk/pieces/{piece:str}/terms/{terms:str}/end", status_code=200, sync_to_thread=True)
def end_terms(
    request: AnyRequest,
    desk: TheDesk,
    who: Staff,
    form: Posted,
    piece: FromPath[str],
    terms: FromPath[str],
) -> Response[Any]:
    """End terms from today; those who hold letters on that ground are told."""
    who.must_be("officer")
    _terms_of(shelf.piece_file(desk, who, piece), terms)
    try:
        ended = claiming.end_terms(desk, who, terms, form.value("reason"))
    except BadInput as refusal:
        form.errors.update(refusal.errors)
        return _end_page(request, desk, who, piece, terms, form, refusal.status)
    except Stale:
        notice = "These terms have been ended already."
        return _piece_page(request, desk, who, piece, Form(), 409, notice)
    values: dict[str, Any] = {"piece": shelf.piece_file(desk, who, piece).loaded.piece, "ended": ended}
    return page(request, "desk/terms_ended.html", who=who, **values)


handlers = [
    piece_page,
    claim_page,
    file_claim,
    withdraw_claim,
    withdraw_piece,
    import_terms,
    end_page,
    end_terms,
]
