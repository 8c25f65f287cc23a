"""Assessing an exception: one factor at a time, then what else the record holds, then the record itself.

The answers travel from page to page in the form. Nothing is scored, and nothing is written before the last step.
"""

from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from ledger.desk.context import Desk, Who
from ledger.desk.refusals import BadInput, NotFound
from ledger.desk.register import assessing, shelf
from ledger.desk.register.opposing import facts_against
from ledger.rights.assessing import current, latest
from ledger.rights.exception_regimes import GUIDES, Question, RegimeGuide
from ledger.rights.exceptions import Assessment, Regime
from ledger.rights.pieces import Component, Piece
from ledger.web.context import AnyRequest, Posted, Staff, TheDesk
from ledger.web.desk.assessment_form import (
    FIELDS,
    GROUPS,
    assessment_of,
    carried,
    faults_of_step,
    step_of_field,
    step_titles,
)
from ledger.web.forms import Form
from ledger.web.pages import page
from ledger.web.words import sentence


@dataclass(frozen=True)
class _Task:
    """What is being assessed, under which guide."""

    piece: Piece
    component: Component
    guide: RegimeGuide


@get("/desk/pieces/{piece:str}/assess", sync_to_thread=True)
def assess_page(request: AnyRequest, desk: TheDesk, who: Staff, piece: FromPath[str]) -> Response[str]:
    """``?component=&regime=``: the first factor; without a regime, the choice of one."""
    who.must_be("officer", "editor")
    query = request.query_params
    component = query.get("component", "")
    form = Form.filled({"component_id": component, "component": component, "regime": query.get("regime", "")})
    return _step(request, desk, who, piece, form, 0)


@post("/desk/pieces/{piece:str}/assess", status_code=200, sync_to_thread=True)
def assess(
    request: AnyRequest, desk: TheDesk, who: Staff, form: Posted, piece: FromPath[str]
) -> Response[Any]:
    """Go on, go back, or record. What was answered comes along in every case."""
    who.must_be("officer", "editor")
    loaded = shelf.piece_file(desk, who, piece).loaded.piece
    task = _task(loaded, form)
    if task is None:
        return _step(request, desk, who, piece, form, 0, 422)
    step, go = _number(form.value("step")), form.value("go")
    if go == "record":
        return _record(request, desk, who, task, form)
    if go.startswith("step:"):
        return _step(request, desk, who, piece, form, _number(go[5:]))
    if go == "back":
        return _step(request, desk, who, piece, form, step - 1)
    form.errors.update(faults_of_step(form, task.guide, step))
    if form.errors:
        return _step(request, desk, who, piece, form, step, 422)
    return _step(request, desk, who, piece, form, step + 1)


def _record(request: AnyRequest, desk: Desk, who: Who, task: _Task, form: Form) -> Response[Any]:
    last = len(step_titles(task.guide)) - 1
    try:
        given = assessment_of(form, task.guide)
        made = assessing.record_assessment(desk, who, task.piece.id, given)
    except BadInput as refusal:
        form.errors.update({name: sentence(message) for name, message in refusal.errors.items()})
        return _step(request, desk, who, task.piece.id, form, last, refusal.status)
    return Redirect(f"/desk/pieces/{task.piece.id}/assessments/{made.id}?recorded", status_code=303)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 4 else 0


def _task(piece: Piece, form: Form) -> _Task | None:
    """What is to be assessed; none, with the errors, as long as that has not been chosen."""
    component = next((each for each in piece.components if each.id == form.value("component_id")), None)
    regime = form.value("regime")
    if component is None:
        form.errors["component_id"] = "Choose the part of the piece."
    if regime not in set(Regime):
        form.errors["regime"] = "Choose the law you assess it under."
        return None
    if component is None:
        return None
    return _Task(piece, component, GUIDES[Regime(regime)])


def _step(
    request: AnyRequest, desk: Desk, who: Who, piece_id: str, form: Form, step: int, status: int = 200
) -> Response[str]:
    file = shelf.piece_file(desk, who, piece_id)
    piece = file.loaded.piece
    asked = Form(data=form.data) if status == 200 and step == 0 else form
    task = _task(piece, asked)
    if task is None:
        values: dict[str, Any] = {
            "piece": piece,
            "parts": [(part.component.id, part.label) for part in file.parts],
            "guides": GUIDES.values(),
            "form": form,
        }
        return page(request, "desk/assess_start.html", status, who=who, **values)
    titles = step_titles(task.guide)
    step = max(0, min(step, len(titles) - 1))
    label = next(part.label for part in file.parts if part.component.id == task.component.id)
    _supersede(form, task)
    shown = _question(task.guide, step)
    values = {
        "piece": piece,
        "label": label,
        "guide": task.guide,
        "titles": titles,
        "step": step,
        "question": shown,
        "facts": facts_against(piece, task.component).get(shown.factor, []) if shown else [],
        "group": None if shown else GROUPS.get(step - len(task.guide.questions)),
        "fields": FIELDS,
        "form": form,
        "carried": carried(form, task.guide, step),
        "step_of": {name: step_of_field(name, task.guide) for name in form.errors},
        "today": desk.today(),
    }
    return page(request, "desk/assess.html", status, who=who, **values)


def _supersede(form: Form, task: _Task) -> None:
    """A new record of the same part under the same law takes the place of the one that stands last."""
    before = latest(task.piece, task.component, task.guide.regime)
    if before is not None and not form.value("supersedes"):
        form.data["supersedes"] = [before.id]


def _question(guide: RegimeGuide, step: int) -> Question | None:
    return guide.questions[step] if step < len(guide.questions) else None


@get("/desk/pieces/{piece:str}/assessments/{assessment:str}", sync_to_thread=True)
def assessment_page(
    request: AnyRequest, desk: TheDesk, who: Staff, piece: FromPath[str], assessment: FromPath[str]
) -> Response[str]:
    """The record of one assessment, to read and to print."""
    file = shelf.piece_file(desk, who, piece)
    found = next((each for each in file.loaded.piece.assessments if each.id == assessment), None)
    if found is None:
        raise NotFound("There is no such assessment of this piece.", "assessment")
    return page(request, "desk/assessment.html", who=who, **_record_values(request, desk, file, found))


def _record_values(
    request: AnyRequest, desk: Desk, file: shelf.PieceFile, found: Assessment
) -> dict[str, Any]:
    piece = file.loaded.piece
    part = next((each for each in file.parts if each.component.id == found.component_id), None)
    standing = current(piece, part.component, desk.today()) if part else None
    guide = GUIDES[found.regime]
    return {
        "piece": piece,
        "one": found,
        "guide": guide,
        "label": part.label if part else "A part that is no longer listed",
        "titles": {question.factor: question for question in guide.questions},
        "is_current": standing is not None and standing.id == found.id,
        "later": next((each for each in piece.assessments if each.supersedes == found.id), None),
        "recorded": "recorded" in request.query_params,
        "today": desk.today(),
    }


handlers = [assess_page, assess, assessment_page]
