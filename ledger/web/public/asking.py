"""May I? A use described in plain questions, and the answer at once. The answers stand in the page's address."""

from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from ledger.desk.answers.asking import Answered, find_piece, may_i
from ledger.desk.answers.rights_view import credit_of, part_labels
from ledger.desk.answers.use_words import use_sentences
from ledger.desk.context import Desk
from ledger.desk.refusals import BadInput
from ledger.rights.answers import Outcome
from ledger.web.context import AnyRequest, TheDesk
from ledger.web.forms import Form, read_pairs
from ledger.web.pages import page
from ledger.web.public import questions

WHOLE = {"HX-Retarget": "#asked", "HX-Reselect": "#asked", "HX-Reswap": "outerHTML"}
"""Where scripts run an answer replaces the answer alone. An error stands beside its field and answers nothing, so
it replaces the questions too (https://htmx.org/reference/#response_headers)."""
FREE = frozenset({Outcome.PERMITTED, Outcome.NO_PERMISSION_NEEDED})


@get("/pieces/{piece:str}/may-i", sync_to_thread=True)
def may_i_page(request: AnyRequest, desk: TheDesk, piece: FromPath[str]) -> Response[str]:
    """The questions and, once something was answered, the Answer. Writes nothing, keeps nothing."""
    form = read_pairs(request.query_params.multi_items())
    form.errors.clear()
    found = find_piece(desk, piece)
    answered = None if questions.unanswered(form) else _answer(desk, found.id, form)
    values: dict[str, Any] = {
        "piece": found,
        "form": form,
        "answered": answered,
        "labels": part_labels(found),
        "choices": questions.CHOICES,
        "languages": questions.languages(),
        "others": [each for each in dict.fromkeys(form.values("pieces")) if each and each != found.id],
    }
    if answered is not None:
        values |= {
            "credit": credit_of(answered),
            "free": answered.answer.outcome in FREE,
            "sentences": use_sentences(answered.use),
        }
    shown = page(request, "public/may_i.html", 422 if form.errors else 200, **values)
    if form.errors:
        shown.headers.update(WHOLE)
    return shown


def _answer(desk: Desk, piece_id: str, form: Form) -> Answered | None:
    use = questions.asked_use(form)
    try:
        answered = may_i(desk, piece_id, use)
    except BadInput as refusal:
        form.errors.update(questions.plain_errors(refusal.errors))
        return None
    return None if form.errors else answered


handlers = [may_i_page]
