"""The help page, the finder's empty pages, and what the piece page says part by part."""

import struct

from ledger.web.assets import STATIC
from ledger.web.public.helping import TOUR
from tests.web.asking import own_piece


def test_the_help_page_explains_every_step(visitor):
    page = visitor.get("/help")
    assert page.status_code == 200
    for _, title, _ in TOUR:
        assert title in page.text.replace("&#39;", "'")


def test_pictures_of_the_tour_are_light_and_at_most_1280_wide():
    named = {name for name, _, _ in TOUR}
    for file in (STATIC / "tour").glob("*"):
        assert file.name in named, f"{file.name} is shown nowhere"
        content = file.read_bytes()
        assert len(content) < 150 * 1024
        assert content.startswith(b"\x89PNG")
        width = struct.unpack(">I", content[16:20])[0]
        assert 600 <= width <= 1280


def test_the_finder_says_what_to_type_and_what_an_empty_result_means(visitor):
    assert "Paste two or three sentences" in visitor.get("/find").text
    nothing = visitor.get("/find", params={"q": "nothing of the kind"}).text
    assert "Nothing is registered under this" in nothing
    assert "not thereby free to use" in nothing


def test_an_address_leads_straight_to_its_piece_and_a_passage_finds_it(cast, visitor):
    piece = own_piece(cast)
    straight = visitor.get("/find", params={"q": piece.urls[0]})
    assert straight.headers["location"] == f"/pieces/{piece.id}"
    assert piece.title in visitor.get("/find", params={"q": "signal house"}).text


def test_each_part_has_its_own_answer_so_that_a_picture_does_not_hide_the_text(cast, visitor):
    page = visitor.get(f"/pieces/{own_piece(cast).id}").text
    row = page.partition("Republish it on a community or non-profit site")[2].partition("</tr>")[0]
    assert "Permitted" in row
    assert "Ask first" in row


def test_the_piece_page_names_its_readings_for_machines(cast, visitor):
    page = visitor.get(f"/pieces/{own_piece(cast).id}")
    assert 'rel="alternate"' in page.headers["link"]
    assert visitor.get("/pieces/pc_nothing").status_code == 404
