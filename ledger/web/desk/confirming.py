"""The page where a person confirms what was read: each field beside the words it was read from."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from ledger.desk.context import Desk, Who
from ledger.desk.refusals import BadInput
from ledger.desk.register.registering import confirm_piece, load_own_piece
from ledger.records.failures import Stale
from ledger.records.pieces import LoadedPiece
from ledger.web.context import AnyRequest, Posted, Staff, TheDesk
from ledger.web.desk import record_fields
from ledger.web.desk.evidence_view import SHOWN, evidence_of, marked_text
from ledger.web.desk.record_words import CHOICES
from ledger.web.desk.rows import without_row
from ledger.web.forms import Form
from ledger.web.pages import page


@get("/desk/pieces/{piece:str}/confirm", sync_to_thread=True)
def confirm_page(request: AnyRequest, desk: TheDesk, who: Staff, piece: FromPath[str]) -> Response[str]:
    """The record as it was read or last confirmed, each field beside its evidence."""
    who.must_be("editor", "officer")
    loaded = load_own_piece(desk, who, piece)
    return _show(request, who, loaded, _form(loaded, loaded.draft or {}))


@post("/desk/pieces/{piece:str}/confirm", status_code=200, sync_to_thread=True)
def confirm(
    request: AnyRequest, desk: TheDesk, who: Staff, form: Posted, piece: FromPath[str]
) -> Response[Any]:
    """Confirm the record, or add a line to it or take one away; nothing that was typed is lost."""
    who.must_be("editor", "officer")
    loaded = load_own_piece(desk, who, piece)
    if form.value("add") or form.value("remove"):
        return _show(request, who, loaded, _changed(form))
    record = record_fields.record_of(form)
    errors, notice = _confirmed(desk, who, form, piece, record)
    if not errors and not notice:
        return Redirect(f"/desk/pieces/{piece}?confirmed", status_code=303)
    shown = _as_typed(form, record)
    shown.errors.update(errors)
    return _show(request, who, loaded, shown, 409 if notice else 422, notice)


def _confirmed(
    desk: Desk, who: Who, form: Form, piece_id: str, record: dict[str, Any]
) -> tuple[dict[str, str], str]:
    try:
        confirm_piece(
            desk,
            who,
            piece_id,
            record,
            holder_is_publisher=bool(form.value("holder_is_publisher")),
            version=form.version(),
        )
    except BadInput as refusal:
        return record_fields.places(refusal.errors), ""
    except Stale:
        return {}, "Somebody else has changed this piece since you opened it."
    return {}, ""


def _changed(form: Form) -> Form:
    """The same form with a line more or a line less."""
    record = record_fields.record_of(form, blanks=True)
    if form.value("add"):
        record_fields.with_row(record, form.value("add"))
    else:
        without_row(record, form.value("remove"))
    return _as_typed(form, record)


def _as_typed(form: Form, record: dict[str, Any]) -> Form:
    return record_fields.form_of(
        record, holder_is_publisher=bool(form.value("holder_is_publisher")), version=form.value("version")
    )


def _form(loaded: LoadedPiece, draft: dict[str, Any]) -> Form:
    return record_fields.form_of(
        draft, holder_is_publisher=bool(draft.get("holder_is_publisher")), version=str(loaded.version)
    )


def _show(
    request: AnyRequest, who: Who, loaded: LoadedPiece, form: Form, status: int = 200, notice: str = ""
) -> Response[str]:
    draft = loaded.draft or {}
    record = record_fields.record_of(form, blanks=True)
    values = {
        "loaded": loaded,
        "form": form,
        "record": record,
        "found": evidence_of(draft),
        "text": marked_text(draft),
        "is_cut": len(draft.get("text") or "") > SHOWN,
        "remarks": draft.get("remarks") or [],
        "choices": CHOICES,
        "notice": notice,
    }
    return page(request, "desk/confirm.html", status, who=who, **values)


handlers = [confirm_page, confirm]
