"""Assessments one factor at a time, and arrangements with sources."""

from ledger.desk.register.assessing import record_assessment
from ledger.desk.register.registering import load_own_piece, register_piece
from tests.cast import Cast
from tests.desk.test_assessing import given
from tests.web.browsing import Visitor
from tests.web.test_desk_pieces import GRAIN, bob, edith, fields

__all__ = ["bob", "edith"]  # fixtures


ANSWERS = {
    "purpose": "To inform readers on shipping.",
    "transformation": "Nothing is added.",
    "heart_of_the_work": "yes",
    "market_search": "Looked at the wire's price list.",
    "licensing_search": "A licence is sold.",
    "conclusion": "I would not rely on it again.",
    "review_due": "2027-03-06",
    "portion_percent": "100",
}


def test_an_assessment_is_made_one_factor_at_a_time(cast: Cast, edith: Visitor) -> None:
    piece = register_piece(cast.desk, cast.edith, GRAIN)
    path = f"/desk/pieces/{piece.id}/assess"
    start = f"{path}?component={piece.components[0].id}"
    assert "Under which law" in edith.get(start).text
    page = edith.get(f"{start}&regime=us_fair_use").text
    for factor in ("us_purpose", "us_nature", "us_amount", "us_market"):
        sent = fields(page, path)
        wrong = edith.post(path, {**sent, "go": "next"}, seen_on=start)
        assert wrong.status_code == 422
        assert "Give your reason" in wrong.text
        assert f'name="finding.{factor}.leaning"' in wrong.text
        if factor == "us_amount":
            assert "The whole text is republished here, not a part of it" in page
        if factor == "us_market":
            assert "permissions@harbour-review.example" in page
        named = {f"finding.{factor}.leaning": "against", f"finding.{factor}.reasons": f"Because of {factor}."}
        page = edith.post(path, {**sent, **named, "go": "next"}, seen_on=start).text
    for _ in range(3):
        sent = {**fields(page, path), **{k: v for k, v in ANSWERS.items() if f'name="{k}"' in page}}
        page = edith.post(path, {**sent, "go": "next"}, seen_on=start).text
    assert "Check it, then record it" in page
    assert "Because of us_nature." in page
    done = edith.post(path, {**fields(page, path), "go": "record"}, seen_on=start)
    assert done.status_code == 303
    record = edith.get(done.headers["location"]).text
    assert "Found to weigh against the use." in record
    assert "score" not in record.lower()
    assert "without a current assessment" not in edith.get("/desk/pieces").text
    made = load_own_piece(cast.desk, cast.edith, piece.id).piece.assessments[0]
    assert made.assessor == "Edith Amsel"
    assert made.work_sha256 == piece.content_sha256
    assert made.portion_percent == 100
    assert made.heart_of_the_work is True


def test_what_an_assessment_lacks_is_told_at_the_record_and_can_be_gone_to(
    cast: Cast, edith: Visitor
) -> None:
    piece = register_piece(cast.desk, cast.edith, GRAIN)
    path = f"/desk/pieces/{piece.id}/assess"
    seen = f"{path}?component={piece.components[0].id}"
    base = {"component_id": piece.components[0].id, "regime": "us_fair_use", "step": "7"}
    answers = {
        **base,
        "finding.us_purpose.reasons": "My words",
        "conclusion": "Mine",
        "portion_words": "many",
    }
    page = edith.post(path, {**answers, "go": "record"}, seen_on=seen)
    assert page.status_code == 422
    assert "Write a whole number" in page.text
    page = edith.post(path, {**answers, "portion_words": "", "go": "record"}, seen_on=seen)
    assert "No finding on us_purpose" in page.text or "no finding" in page.text.lower()
    back = edith.post(path, {**fields(page.text, path), "go": "step:0"}, seen_on=seen)
    assert "My words" in back.text
    assert load_own_piece(cast.desk, cast.edith, piece.id).piece.assessments == ()


def test_an_assessment_is_current_up_to_the_day_of_its_review(cast: Cast, edith: Visitor) -> None:
    piece = register_piece(cast.desk, cast.edith, GRAIN)
    due = given(piece, review_due=cast.desk.today().isoformat())
    made = record_assessment(cast.desk, cast.edith, piece.id, due)
    path = f"/desk/pieces/{piece.id}/assessments/{made.id}"
    on_the_day = edith.get(path).text
    assert "Current." in on_the_day
    assert "Its review was due" not in on_the_day
    cast.clock.go_on(days=1)
    assert "Its review was due" in edith.get(path).text


def test_a_new_assessment_takes_the_place_of_the_last_one_under_the_same_law(
    cast: Cast, edith: Visitor
) -> None:
    piece = register_piece(cast.desk, cast.edith, GRAIN)
    first = record_assessment(cast.desk, cast.edith, piece.id, given(piece))
    last = record_assessment(cast.desk, cast.edith, piece.id, given(piece, supersedes=first.id))
    start = f"/desk/pieces/{piece.id}/assess?component={piece.components[0].id}&regime="
    assert f'name="supersedes" value="{last.id}"' in edith.get(f"{start}eu_quotation").text
    assert 'name="supersedes"' not in edith.get(f"{start}us_fair_use").text


def test_an_arrangement_with_a_source_is_applied_and_shown(cast: Cast, bob: Visitor) -> None:
    path = "/desk/sources/new"
    sent = fields(bob.get(path).text, path)
    wrong = bob.post(path, {**sent, "source": "Meridian Wire", "basis": "licensed"}, seen_on=path)
    assert wrong.status_code == 422
    assert 'id="f-clause-error"' in wrong.text
    assert 'value="Meridian Wire"' in wrong.text
    good = {
        **fields(wrong.text, path),
        "clause": "Harbour Review may carry our texts on its site.",
        "terms.0.effect": "permit",
        "terms.0.action": "republish_full",
        "basis": "licensed",
    }
    assert bob.post(path, good, seen_on=path).status_code == 303
    assert "Harbour Review may carry our texts" in bob.get("/desk/sources").text
    page = GRAIN.replace(b"fair use", b"leave").replace(b"Copyright \xc2\xa9", b"By")
    piece = register_piece(cast.desk, cast.edith, page)
    assert "1 default terms from the profile of Meridian Wire" in bob.get(f"/desk/pieces/{piece.id}").text
    assert "With the defaults of its source" in bob.get(f"/desk/pieces/{piece.id}").text
    assert any(terms.clause.startswith("Harbour Review may carry") for terms in piece.terms)


def test_an_arrangement_ends(cast: Cast, bob: Visitor) -> None:
    path = "/desk/sources/new"
    good = {
        "source": "Meridian Wire",
        "basis": "licensed",
        "clause": "Words.",
        "terms.0.effect": "permit",
        "terms.0.action": "excerpt",
        "to_us": "on",
        "valid_from": "2026-01-01",
    }
    made = bob.post(path, good, seen_on=path).headers["location"].rpartition("#")[2]
    end = f"/desk/sources/{made}/end"
    assert bob.post(end, {"last_day": ""}, seen_on="/desk/sources").status_code == 422
    assert bob.post(end, {"last_day": "2025-12-31"}, seen_on="/desk/sources").status_code == 422
    assert bob.post(end, {"last_day": "2026-03-05"}, seen_on="/desk/sources").status_code == 303
    assert "Not in force" in bob.get("/desk/sources").text
