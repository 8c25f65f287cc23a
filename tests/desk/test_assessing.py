"""Assessments and source arrangements as acts: what is recorded, what is told, what is shown as work to do."""

from datetime import date
from typing import Any

import pytest

from ledger.desk.refusals import BadInput, Clash, NotAllowed, NotFound
from ledger.desk.register import sources
from ledger.desk.register.assessing import assessments_to_do, record_assessment, reviews_due
from ledger.desk.register.opposing import facts_against
from ledger.desk.register.registering import load_own_piece, register_piece
from ledger.desk.register.shelf import piece_file
from ledger.rights.exception_regimes import GUIDES
from ledger.rights.exceptions import Factor, Regime
from ledger.rights.pieces import Basis
from tests.cast import Cast


@pytest.fixture
def piece(cast: Cast, pages: dict[str, bytes]) -> Any:
    return register_piece(cast.desk, cast.edith, pages["grain-ships.txt"])


def given(piece: Any, **changes: Any) -> dict[str, Any]:
    guide = GUIDES[Regime.EU_QUOTATION]
    findings = [
        {"factor": each.factor.value, "leaning": "against", "reasons": "So."} for each in guide.questions
    ]
    return {
        "component_id": piece.components[0].id,
        "regime": "eu_quotation",
        "provision": guide.provision,
        "jurisdiction": "EU",
        "purpose": "To inform.",
        "conclusion": "Doubtful.",
        "credit": "Named.",
        "portion": "All of it.",
        "findings": findings,
        **changes,
    }


def test_an_assessment_ends_the_work_to_do_until_its_review(cast: Cast, piece: Any) -> None:
    assert [each.piece_id for each in assessments_to_do(cast.desk, cast.edith)] == [piece.id]
    made = record_assessment(cast.desk, cast.edith, piece.id, given(piece, review_due="2026-04-01"))
    assert assessments_to_do(cast.desk, cast.edith) == []
    cast.clock.go_on(days=60)
    (again,) = assessments_to_do(cast.desk, cast.edith)
    assert "its review was due on 2026-04-01" in again.why
    assert [each[1] for each in reviews_due(cast.desk, cast.edith)] == [made.id]
    record_assessment(cast.desk, cast.edith, piece.id, given(piece, supersedes=made.id))
    assert reviews_due(cast.desk, cast.edith) == []
    both = load_own_piece(cast.desk, cast.edith, piece.id).piece.assessments
    assert [each.supersedes for each in both] == [None, made.id]


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"conclusion": " "}, "conclusion"),
        ({"findings": []}, "findings"),
        ({"use_from": "2026-03-01"}, "made_on"),
        ({"supersedes": "as_other"}, "supersedes"),
        ({"component_id": "co_other"}, "component_id"),
        ({"portion": ""}, "portion"),
    ],
)
def test_an_incomplete_assessment_is_not_recorded(
    cast: Cast, piece: Any, change: dict[str, Any], wrong: str
) -> None:
    with pytest.raises(BadInput) as told:
        record_assessment(cast.desk, cast.edith, piece.id, given(piece, **change))
    assert wrong in told.value.errors
    assert load_own_piece(cast.desk, cast.edith, piece.id).piece.assessments == ()


def test_the_register_shows_facts_and_no_finding(piece: Any) -> None:
    facts = facts_against(piece, piece.components[0])
    assert facts[Factor.US_AMOUNT] == ["The whole text is republished here, not a part of it."]
    assert any("permissions@harbour-review.example" in line for line in facts[Factor.US_MARKET])
    assert Factor.US_NATURE not in facts
    assert Factor.CA_ALTERNATIVES not in facts  # the link to the original is lost


def arrangement(**changes: Any) -> dict[str, Any]:
    terms = [{"effect": "permit", "action": "republish_full", "conditions": ["credit_publisher"]}]
    return {
        "source": "Meridian Wire",
        "basis": "licensed",
        "clause": "You may carry our texts.",
        "terms": terms,
        **changes,
    }


def test_defaults_are_applied_by_source_arrangement_and_day(cast: Cast, pages: dict[str, bytes]) -> None:
    desk, bob = cast.desk, cast.bob
    general = sources.record_profile(desk, bob, arrangement(valid_from="2026-10-01"))
    sources.record_profile(desk, bob, arrangement(source="The Gull", clause="Others."))
    sources.record_profile(desk, bob, arrangement(arrangement="syndication", clause="Named only."))
    sources.record_profile(desk, bob, arrangement(valid_to="2026-09-30", clause="Too early."))
    piece = register_piece(desk, cast.edith, pages["grain-ships.txt"])  # published 14 October 2026
    applied = [each for each in piece.terms if each.clause == "You may carry our texts."]
    assert [each.id for each in applied] == [general.terms[0].id]
    assert {"Others.", "Named only.", "Too early."}.isdisjoint({each.clause for each in piece.terms})
    # What the page itself claims is on record already, and is not overwritten.
    assert piece.components[0].basis is Basis.EXCEPTION_CLAIMED
    file = piece_file(desk, bob, piece.id)
    assert (file.loaded.draft or {})["applied"]["profile"] == general.id
    assert any(each.payload.get("source_profile", {}) for each in file.history if "register" in each.about)


def test_an_arrangement_is_for_officers_and_ends_once(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        sources.record_profile(cast.desk, cast.edith, arrangement())
    made = sources.record_profile(cast.desk, cast.bob, arrangement())
    with pytest.raises(NotFound):
        sources.end_profile(cast.desk, cast.charlie, made.id, date(2026, 3, 6))
    sources.end_profile(cast.desk, cast.bob, made.id, date(2026, 3, 6))
    with pytest.raises(Clash):
        sources.end_profile(cast.desk, cast.bob, made.id, date(2026, 3, 7))


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"clause": " "}, "clause"),
        ({"terms": []}, "terms"),
        ({"basis": ""}, "basis"),
        ({"valid_from": "2026-03-02", "valid_to": "2026-03-01"}, "valid_to"),
        ({"terms": [{"effect": "permit", "action": "juggle"}]}, "terms.0.action"),
    ],
)
def test_a_bad_arrangement_names_its_field(cast: Cast, change: dict[str, Any], wrong: str) -> None:
    with pytest.raises(BadInput) as told:
        sources.record_profile(cast.desk, cast.bob, arrangement(**change))
    assert set(told.value.errors) == {wrong}
