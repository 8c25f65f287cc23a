"""Pieces at the desk: registering, confirming, title, terms, assessments and sources, without a script."""

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from ledger.desk.register.registering import draft_piece, load_own_piece, register_piece
from ledger.records.pieces import list_pieces
from ledger.records.tenant import Tenant
from ledger.rights.pieces import Basis
from tests.cast import Cast
from tests.web.browsing import Visitor

PAGES = Path(__file__).parents[2] / "ledger" / "cli" / "demo_pages"
GRAIN = (PAGES / "grain-ships.txt").read_bytes()
SIGNAL = (PAGES / "the-signal-house.html").read_bytes()
_INPUT = re.compile(
    r"<(?P<tag>input|textarea|select)\b(?P<rest>[^>]*)>(?P<inner>.*?)(?=<(?:input|textarea|select)\b|\Z)",
    re.S,
)


@pytest.fixture
def edith(cast: Cast, visitor: Visitor) -> Visitor:
    visitor.plant("ledger", cast.token("edith"))
    return visitor


@pytest.fixture
def bob(cast: Cast, visitor: Visitor) -> Visitor:
    visitor.plant("ledger", cast.token("bob"))
    return visitor


def fields(html: str, action: str) -> dict[str, Any]:
    """What a browser would send from the form with this action, as it stands."""
    start = html.index(f'action="{action}"')
    part = html[start : html.index("</form>", start)]
    sent: dict[str, Any] = {}
    for match in _INPUT.finditer(part):
        rest = match["rest"]
        name = re.search(r'name="([^"]*)"', rest)
        if name is None:
            continue
        if match["tag"] == "textarea":
            value = unescape(match["inner"].split("</textarea>")[0]).removeprefix("\n")
        elif match["tag"] == "select":
            chosen = re.search(r'<option value="([^"]*)" selected', match["inner"])
            first = re.search(r'<option value="([^"]*)"', match["inner"])
            value = (chosen or first)[1] if chosen or first else ""
        elif re.search(r'type="(?:checkbox|radio)"', rest) and " checked" not in rest:
            continue
        else:
            found = re.search(r'value="([^"]*)"', rest)
            value = unescape(found[1]) if found else ""
        sent.setdefault(name[1], []).append(value)
    sent.pop("csrf", None)
    return sent


def count(cast: Cast, state: str | None = None) -> int:
    with cast.desk.database.reading() as connection:
        return list_pieces(Tenant(connection, cast.harbour.id), state).count


def draft(cast: Cast, data: bytes = GRAIN) -> str:
    return draft_piece(cast.desk, cast.edith, data).piece_id


def test_a_pasted_text_becomes_a_draft_to_confirm(cast: Cast, edith: Visitor) -> None:
    answer = edith.post("/desk/pieces/new", {"pasted": GRAIN.decode()}, seen_on="/desk/pieces/new")
    assert answer.status_code == 303
    page = edith.get(answer.headers["location"]).text
    assert "The stated holder (Meridian Wire) is not the site" in page
    assert "<mark>Grain Ships Wait Outside the Narrows for a Ninth Day</mark>" in page
    assert "Nothing on the page says so" in page
    assert "Please check this one" in page
    assert count(cast, "draft") == 1


def test_an_uploaded_file_is_read_too(cast: Cast, edith: Visitor) -> None:
    answer = edith.post(
        "/desk/pieces/new", {}, seen_on="/desk/pieces/new", files={"page": ("page.html", SIGNAL, "text/html")}
    )
    assert answer.status_code == 303
    assert count(cast, "draft") == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Give the page&#39;s address, or a file, or paste its text"),
        ({"url": "http://127.0.0.1/secret"}, "127.0.0.1"),
        ({"url": "not an address"}, "not a web address"),
        ({"pasted": "<html></html>"}, 'id="f-pasted-error"'),
    ],
)
def test_a_bad_page_is_told_beside_its_field(
    cast: Cast, edith: Visitor, data: dict[str, str], words: str
) -> None:
    answer = edith.post("/desk/pieces/new", data, seen_on="/desk/pieces/new")
    assert answer.status_code == 422
    assert words in answer.text
    assert 'class="error"' in answer.text
    assert count(cast) == 0


def test_the_same_page_twice_is_told_and_linked(cast: Cast, edith: Visitor) -> None:
    first = draft(cast)
    answer = edith.post("/desk/pieces/new", {"pasted": GRAIN.decode()}, seen_on="/desk/pieces/new")
    assert answer.status_code == 409
    assert f"/desk/pieces/{first}" in answer.text
    assert "the very same page" in answer.text
    assert count(cast) == 1
    again = {"pasted": GRAIN.decode(), "again": "on"}
    assert edith.post("/desk/pieces/new", again, seen_on="/desk/pieces/new").status_code == 303
    assert count(cast) == 2


def test_the_same_address_is_told_before_anything_is_fetched(cast: Cast, edith: Visitor) -> None:
    url = "https://www.harbour-review.example/2026/09/the-signal-house"
    known = draft(cast, SIGNAL)
    answer = edith.post("/desk/pieces/new", {"url": url}, seen_on="/desk/pieces/new")
    assert answer.status_code == 409
    assert f"/desk/pieces/{known}" in answer.text
    assert "the same address" in answer.text


def test_a_sheet_makes_a_draft_of_each_row_once(cast: Cast, edith: Visitor) -> None:
    sheet = b"title,url,author\nOne,https://a.example/1,Ann Ray\nTwo,https://a.example/2,\n,,\n,,Nobody\n"
    for registered, known in ((2, 0), (0, 2)):
        answer = edith.post(
            "/desk/pieces/several",
            {},
            seen_on="/desk/pieces/new",
            files={"batch": ("list.csv", sheet, "text/csv")},
        )
        assert f"{registered} registered as drafts, {known} here already, 1 not readable" in answer.text
    assert count(cast, "draft") == 2


def test_a_feed_and_nonsense(cast: Cast, edith: Visitor) -> None:
    feed = (
        b'<rss version="2.0"><channel><title>The Lantern</title><item><title>Tide</title>'
        b"<link>https://lantern.example/tide</link><description>Long text</description></item></channel></rss>"
    )
    send = {"batch": ("feed.xml", feed, "application/xml")}
    answer = edith.post("/desk/pieces/several", {}, seen_on="/desk/pieces/new", files=send)
    assert "What became of the feed" in answer.text
    assert "1 registered as drafts" in answer.text
    send = {"batch": ("feed.xml", b"<html>no feed</html>", "application/xml")}
    answer = edith.post("/desk/pieces/several", {}, seen_on="/desk/pieces/new", files=send)
    assert answer.status_code == 422
    assert 'id="f-batch-error"' in answer.text


def test_confirming_as_read_registers_the_piece(cast: Cast, edith: Visitor) -> None:
    piece = draft(cast)
    path = f"/desk/pieces/{piece}/confirm"
    sent = fields(edith.get(path).text, path)
    answer = edith.post(path, sent, seen_on=path)
    assert answer.status_code == 303
    loaded = load_own_piece(cast.desk, cast.edith, piece)
    assert loaded.state == "confirmed"
    assert [claim.party.name for claim in loaded.piece.claims] == ["Meridian Wire"]
    assert len(loaded.piece.terms[0].rules) == 4
    assert [c.code.value for c in loaded.piece.terms[0].rules[0].conditions] == [
        "credit_publisher",
        "acknowledge_copyright",
        "link_article",
    ]
    assert "This page" not in edith.get(f"/desk/pieces/{piece}?confirmed").text
    assert "The record is confirmed" in edith.get(f"/desk/pieces/{piece}?confirmed").text


def test_a_form_sent_as_it_stands_says_what_the_reader_read(cast: Cast, edith: Visitor) -> None:
    by_form, by_act = draft(cast, SIGNAL), register_piece(cast.desk, cast.edith, SIGNAL).id
    path = f"/desk/pieces/{by_form}/confirm"
    edith.post(path, fields(edith.get(path).text, path), seen_on=path)
    one, other = (load_own_piece(cast.desk, cast.edith, each).piece for each in (by_form, by_act))
    assert (one.title, one.subtitle, one.authors, one.source) == (
        other.title,
        other.subtitle,
        other.authors,
        other.source,
    )
    assert [each.id for each in one.terms] == [each.id for each in other.terms]  # the same words: one Terms
    assert [(c.kind, c.label, c.notice) for c in one.components] == [
        (c.kind, c.label, c.notice) for c in other.components
    ]


def test_a_wrong_field_is_told_and_nothing_is_lost(cast: Cast, edith: Visitor) -> None:
    piece = draft(cast)
    path = f"/desk/pieces/{piece}/confirm"
    sent = fields(edith.get(path).text, path)
    wrong = {
        **sent,
        "source.published": ["the fifth of March"],
        "copyright.year": ["20x6"],
        "subtitle": ["Mine"],
    }
    answer = edith.post(path, wrong, seen_on=path)
    assert answer.status_code == 422
    assert "Write the date as year-month-day" in answer.text
    assert "Write the year in four figures" in answer.text
    kept = fields(answer.text, path)
    assert kept["subtitle"] == ["Mine"]
    assert kept["source.published"] == ["the fifth of March"]
    assert kept["terms.0.clause"] == sent["terms.0.clause"]
    assert kept["terms.0.conditions.2.code"] == ["link_article"]
    assert load_own_piece(cast.desk, cast.edith, piece).state == "draft"


def test_lines_are_added_and_taken_away_without_a_script(cast: Cast, edith: Visitor) -> None:
    piece = draft(cast)
    path = f"/desk/pieces/{piece}/confirm"
    sent = fields(edith.get(path).text, path)
    added = fields(edith.post(path, {**sent, "add": "authors"}, seen_on=path).text, path)
    assert added["authors.1.name"] == [""]
    added["authors.1.name"] = ["Ilse Vantongeren"]
    fewer = edith.post(path, {**added, "remove": "terms.0.conditions.1"}, seen_on=path)
    left = fields(fewer.text, path)
    assert left["authors.1.name"] == ["Ilse Vantongeren"]
    assert [left[f"terms.0.conditions.{n}.code"][0] for n in (0, 1)] == ["credit_publisher", "link_article"]
    left = fields(edith.post(path, {**left, "remove": "authors.0"}, seen_on=path).text, path)
    edith.post(path, {**left, "add": ""}, seen_on=path)
    confirmed = load_own_piece(cast.desk, cast.edith, piece).piece
    assert [author.name for author in confirmed.authors] == ["Ilse Vantongeren"]


@pytest.mark.parametrize(
    "place", ["terms.99", "nothing", "terms.x.conditions.1", "title.0", "terms.0.effect.1"]
)
def test_a_line_that_is_not_there_is_gone_already(cast: Cast, edith: Visitor, place: str) -> None:
    path = f"/desk/pieces/{draft(cast)}/confirm"
    sent = fields(edith.get(path).text, path)
    answer = edith.post(path, {**sent, "remove": place}, seen_on=path)
    assert answer.status_code == 200
    assert fields(answer.text, path)["title"] == sent["title"]


def test_two_at_once_and_the_later_is_told(cast: Cast, edith: Visitor) -> None:
    piece = register_piece(cast.desk, cast.edith, GRAIN).id
    path = f"/desk/pieces/{piece}/confirm"
    sent = fields(edith.get(path).text, path)
    assert edith.post(path, {**sent, "title": "First"}, seen_on=path).status_code == 303
    late = edith.post(path, {**sent, "title": "Second"}, seen_on=path)
    assert late.status_code == 409
    assert "Somebody else has changed this piece" in late.text
    assert fields(late.text, path)["title"] == ["Second"]
    assert load_own_piece(cast.desk, cast.edith, piece).piece.title == "First"


def test_the_publishers_own_statement_is_kept_for_the_next_correction(cast: Cast, edith: Visitor) -> None:
    piece = draft(cast)
    path = f"/desk/pieces/{piece}/confirm"
    sent = fields(edith.get(path).text, path)
    assert "holder_is_publisher" not in sent
    edith.post(path, {**sent, "holder_is_publisher": "on"}, seen_on=path)
    loaded = load_own_piece(cast.desk, cast.edith, piece).piece
    assert loaded.components[0].basis is Basis.OWN
    assert "Stated on registration by Edith Amsel" in edith.get(f"/desk/pieces/{piece}").text
    assert fields(edith.get(path).text, path)["holder_is_publisher"] == ["on"]


def test_strangers_words_are_never_markup(cast: Cast, edith: Visitor) -> None:
    title = b"A &lt;script&gt;alert(1)&lt;/script&gt; day"
    body = b"Text &lt;img src=x onerror=alert(1)&gt; of the page, long enough to be read."
    page = b"<html><title>%b</title><h1>%b</h1><p>%b</p></html>" % (title, title, body)
    piece = draft(cast, page)
    for path in (f"/desk/pieces/{piece}/confirm", f"/desk/pieces/{piece}", "/desk/pieces"):
        text = edith.get(path).text
        assert "alert(1)" in text
        assert "<script>alert" not in text
        assert "<img src=x" not in text
    kept = edith.get(f"/desk/pieces/{piece}/snapshot")
    assert kept.content == page
    assert kept.headers["content-disposition"].startswith("attachment")
    assert kept.headers["content-type"] == "application/octet-stream"


def test_the_list_searches_filters_and_tells_what_is_to_do(cast: Cast, edith: Visitor) -> None:
    assert "No pieces yet" in edith.get("/desk/pieces").text
    draft(cast, SIGNAL)
    wire = register_piece(cast.desk, cast.edith, GRAIN).id
    page = edith.get("/desk/pieces").text
    assert "Drafts to confirm (1)" in page
    assert "without a current assessment (1)" in page
    assert f"/desk/pieces/{wire}/assess?component=" in page
    found = edith.get("/desk/pieces?q=signal").text
    assert "The Signal House" in found
    assert "Grain Ships" not in found
    assert "Grain Ships" not in edith.get("/desk/pieces?state=draft").text
    assert "Nothing found" in edith.get("/desk/pieces?q=zeppelin").text
    assert edith.get("/desk/pieces?after=nonsense").status_code == 200
