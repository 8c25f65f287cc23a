"""Whose pieces: another publisher's staff find nothing, outsiders sign in, an editor is no officer."""

import pytest

from ledger.desk.register import assessing, sources
from ledger.desk.register.registering import load_own_piece, register_piece
from tests.cast import Cast
from tests.web.browsing import Visitor
from tests.web.test_desk_pieces import GRAIN

OPEN = (
    "/desk/pieces/{piece}",
    "/desk/pieces/{piece}/confirm",
    "/desk/pieces/{piece}/snapshot",
    "/desk/pieces/{piece}/claim",
    "/desk/pieces/{piece}/terms/{terms}/end",
    "/desk/pieces/{piece}/assess",
    "/desk/pieces/{piece}/assessments/{assessment}",
)
OWN = ("/desk/pieces", "/desk/pieces/new", "/desk/sources", "/desk/sources/new")
UNSAFE = (
    "/desk/pieces/{piece}/confirm",
    "/desk/pieces/{piece}/claim",
    "/desk/pieces/{piece}/claims/{claim}/withdraw",
    "/desk/pieces/{piece}/terms",
    "/desk/pieces/{piece}/terms/{terms}/end",
    "/desk/pieces/{piece}/assess",
    "/desk/sources/{profile}/end",
)
GIVEN = {
    "title": "Taken over",
    "party": "Charlie",
    "evidence": "Because I say so.",
    "reason": "Because.",
    "role": "holder",
    "last_day": "2026-03-07",
}
OFFICER_ONLY = UNSAFE[2], UNSAFE[4], "/desk/sources/new", UNSAFE[6]


@pytest.fixture
def names(cast: Cast) -> dict[str, str]:
    piece = register_piece(cast.desk, cast.edith, GRAIN)
    terms = [{"effect": "permit", "action": "excerpt"}]
    profile = sources.record_profile(
        cast.desk, cast.bob, {"source": "The Gull", "basis": "licensed", "clause": "Words.", "terms": terms}
    )
    return {
        "piece": piece.id,
        "claim": piece.claims[0].id,
        "terms": piece.terms[0].id,
        "assessment": "as_none",
        "profile": profile.id,
    }


def snapshot(cast: Cast, piece: str) -> object:
    return load_own_piece(cast.desk, cast.bob, piece)


def test_an_outsider_signs_in_first(visitor: Visitor, names: dict[str, str]) -> None:
    for path in (*OPEN, *OWN):
        answer = visitor.get(path.format(**names))
        assert answer.status_code == 303, path
        assert answer.headers["location"].startswith("/sign-in?next="), path
    for path in UNSAFE:
        assert visitor.post(path.format(**names), GIVEN).status_code == 401, path


def test_another_publishers_staff_find_nothing_and_change_nothing(
    cast: Cast, visitor: Visitor, names: dict[str, str]
) -> None:
    visitor.plant("ledger", cast.token("charlie"))
    before = snapshot(cast, names["piece"])
    for path in OPEN:
        assert visitor.get(path.format(**names)).status_code == 404, path
    for path in UNSAFE:
        send = {"terms_file": ("t.xml", b"<rsl/>", "text/xml")} if path.endswith("/terms") else None
        answer = visitor.post(path.format(**names), GIVEN, seen_on="/desk/pieces/new", files=send)
        # An unreadable file is refused before anything is looked up; nothing is told in either case.
        assert answer.status_code in {404, 422} if send else answer.status_code == 404, path
    for path in ("/desk/pieces", "/desk/pieces?q=grain", "/desk/sources"):
        text = visitor.get(path).text
        assert "Grain Ships" not in text
        assert "The Gull" not in text
    assert snapshot(cast, names["piece"]) == before


def test_the_same_page_at_another_publisher_is_not_told(
    cast: Cast, visitor: Visitor, names: dict[str, str]
) -> None:
    visitor.plant("ledger", cast.token("charlie"))
    answer = visitor.post("/desk/pieces/new", {"pasted": GRAIN.decode()}, seen_on="/desk/pieces/new")
    assert answer.status_code == 303


def test_an_editor_is_refused_what_officers_do(cast: Cast, visitor: Visitor, names: dict[str, str]) -> None:
    visitor.plant("ledger", cast.token("edith"))
    for path in OFFICER_ONLY:
        answer = visitor.post(path.format(**names), GIVEN, seen_on="/desk/pieces/new")
        assert answer.status_code == 403, path
    assert visitor.get("/desk/sources/new").status_code == 403
    assert "Withdraw this claim" not in visitor.get(f"/desk/pieces/{names['piece']}").text


def test_an_administrator_neither_registers_nor_confirms(
    cast: Cast, visitor: Visitor, names: dict[str, str]
) -> None:
    visitor.plant("ledger", cast.token("ada"))
    for path in ("/desk/pieces/new", OPEN[1], OPEN[3], OPEN[5]):
        assert visitor.get(path.format(**names)).status_code == 403, path
    assert visitor.post("/desk/pieces/new", {"pasted": "x"}, seen_on="/desk/people").status_code == 403


def test_to_do_lists_are_the_publishers_own(cast: Cast, names: dict[str, str]) -> None:
    assert len(assessing.assessments_to_do(cast.desk, cast.bob)) == 1
    assert assessing.assessments_to_do(cast.desk, cast.charlie) == []
    assert sources.list_profiles(cast.desk, cast.charlie) == []
