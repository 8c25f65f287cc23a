"""The register of assessments: what a complete one holds, which one is current, and where one is missing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ledger.rights.exception_regimes import GUIDES
from ledger.rights.exceptions import Assessment, Regime
from ledger.rights.pieces import Basis, Component, Piece


def faults(assessment: Assessment) -> dict[str, str]:
    """What keeps the assessment from being recorded: field to one line. Empty when it may be.

    Incompleteness is a fault; an unfavourable finding never is, and nothing here weighs the findings.
    """
    guide = GUIDES[assessment.regime]
    wrong: dict[str, str] = {}
    asked = [question.factor for question in guide.questions]
    found = [finding.factor for finding in assessment.findings]
    if missing := [factor for factor in asked if factor not in found]:
        wrong["findings"] = f"no finding on {', '.join(missing)}: answer each factor"
    elif foreign := [factor for factor in found if factor not in asked]:
        wrong["findings"] = f"{', '.join(foreign)} is not a factor of {guide.name}: leave it out"
    elif len(found) != len(set(found)):
        wrong["findings"] = "a factor is answered twice: keep one finding for each"
    if any(not finding.reasons.strip() for finding in assessment.findings):
        wrong["reasons"] = "a finding without a reason says nothing: give the reason"
    for name in ("assessor", "assessor_role", "purpose", "conclusion"):
        if not getattr(assessment, name).strip():
            wrong[name] = "missing: fill it in"
    if assessment.use_from is not None and assessment.made_on > assessment.use_from:
        wrong["made_on"] = f"made on {assessment.made_on}, after the use began on {assessment.use_from}"
    if assessment.review_due is not None and assessment.review_due < assessment.made_on:
        wrong["review_due"] = "the review falls before the assessment: choose a later day"
    for name in guide.extra_fields:
        if getattr(assessment, name) in (None, ""):
            wrong[name] = f"{guide.name} asks for this: fill it in"
    return wrong


def current(piece: Piece, component: Component, today: date) -> Assessment | None:
    """The latest assessment of the component that no other supersedes and whose review is not overdue."""
    superseded = {a.supersedes for a in piece.assessments if a.supersedes}
    standing = [
        a
        for a in piece.assessments
        if a.component_id == component.id
        and a.id not in superseded
        and a.made_on <= today
        and (a.review_due is None or today <= a.review_due)
    ]
    return max(standing, key=lambda a: (a.made_on, a.id), default=None)


def latest(piece: Piece, component: Component, regime: Regime) -> Assessment | None:
    """The last assessment of the component under one law: what a new one takes the place of, overdue or not."""
    superseded = {a.supersedes for a in piece.assessments if a.supersedes}
    standing = [
        a
        for a in piece.assessments
        if a.component_id == component.id and a.regime is regime and a.id not in superseded
    ]
    return max(standing, key=lambda a: (a.made_on, a.id), default=None)


def without_current_assessment(pieces: Iterable[Piece], today: date) -> list[tuple[Piece, Component, str]]:
    """Work to do: components carried under an exception with no assessment in force, each with the reason."""
    todo = []
    for piece in pieces:
        for component in piece.components:
            if component.basis is Basis.EXCEPTION_CLAIMED and current(piece, component, today) is None:
                todo.append((piece, component, _why_none(piece, component, today)))
    return todo


def _why_none(piece: Piece, component: Component, today: date) -> str:
    own = [a for a in piece.assessments if a.component_id == component.id]
    due = [a.review_due for a in own if a.review_due is not None and a.review_due < today]
    return f"its review was due on {max(due)}" if due else "none was recorded"
