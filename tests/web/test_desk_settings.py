"""A publisher's settings and its mails: checked where they are typed, kept by those who may, shown to no others."""

import json
import struct
import zlib

import pytest

from ledger.cli.demo_matter import TARIFF
from ledger.desk.house.publishers import own_publisher
from ledger.desk.requests.quoting import current_tariff
from tests.cast import PASSWORD, Cast
from tests.web.asked import ask_for, come_in, own_piece
from tests.web.browsing import Visitor

DETAILS = {
    "name": "Harbour Review",
    "legal_name": "Harbour Review Foundation",
    "permissions_email": "rights@harbour-review.example",
    "language": "en",
    "country": "CA",
    "signatory": "Bob Lind, Permissions Officer",
}


def png() -> bytes:
    """The smallest honest PNG: one white pixel."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\x00\xff")) + chunk(b"IEND", b"")


def test_details_are_checked_beside_their_fields_and_kept(cast: Cast, visitor: Visitor) -> None:
    come_in(cast, visitor, "ada")
    wrong = {**DETAILS, "name": "", "permissions_email": "nobody", "country": "XX", "url": "ftp://x"}
    answer = visitor.post("/desk/settings", wrong, seen_on="/desk/settings")
    assert answer.status_code == 422
    assert 'id="f-name-error"' in answer.text
    answer = visitor.post("/desk/settings", {**wrong, "name": "H"}, seen_on="/desk/settings")
    assert {name for name in wrong if f'id="f-{name}-error"' in answer.text} == {
        "permissions_email",
        "country",
        "url",
    }
    assert visitor.post("/desk/settings", DETAILS, seen_on="/desk/settings").status_code == 303
    row = own_publisher(cast.desk, cast.harbour.id)
    assert (row.legal_name, row.country, row.url) == ("Harbour Review Foundation", "CA", None)
    assert "Saved" in visitor.get("/desk/settings?saved").text


def test_a_picture_is_checked_kept_shown_and_taken_off(cast: Cast, visitor: Visitor) -> None:
    come_in(cast, visitor, "bob")
    path, page = "/desk/settings/letterhead/logo", "/desk/settings/letterhead"
    script = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    bad = visitor.post(path, seen_on=page, files={"logo": ("logo.svg", script, "image/svg+xml")})
    assert bad.status_code == 422
    assert "The SVG holds &lt;script&gt;" in bad.text
    assert visitor.post(path, seen_on=page).status_code == 422
    assert (
        visitor.post(path, seen_on=page, files={"logo": ("logo.png", png(), "image/png")}).status_code == 303
    )
    shown = visitor.get(path)
    assert (shown.content, shown.headers["content-type"]) == (png(), "image/png")
    assert "sandbox" in shown.headers["content-security-policy"]
    assert visitor.post(path, {"remove": "yes"}, seen_on=page).status_code == 303
    assert visitor.get(path).status_code == 404


def test_own_wording_knows_its_placeholders_only(cast: Cast, visitor: Visitor) -> None:
    come_in(cast, visitor, "bob")
    path = "/desk/settings/wording"
    bad = visitor.post(path, {"wording.en": "Dear {friend}", "wording.fr": "Pour {title}"}, seen_on=path)
    assert bad.status_code == 422
    assert "There is no placeholder {friend}" in bad.text
    assert "Pour {title}" in bad.text
    good = {"wording.en": "About {title}.\n\nTwo copies, please.", "wording.fr": ""}
    assert visitor.post(path, good, seen_on=path).status_code == 303
    assert own_publisher(cast.desk, cast.harbour.id).wording == {
        "en": ["About {title}.", "Two copies, please."]
    }


def test_a_tariff_is_recorded_with_its_errors_at_their_place(cast: Cast, visitor: Visitor) -> None:
    come_in(cast, visitor, "bob")
    path = "/desk/settings/tariff"
    assert "Line 1" in visitor.post(path, {"tariff": "{oops"}, seen_on=path).text
    assert visitor.post(path, {"tariff": "[]"}, seen_on=path).status_code == 422
    assert visitor.post(path, {"tariff": "[" * 100_000}, seen_on=path).status_code == 422
    wrong = json.loads(json.dumps(TARIFF))
    wrong["currency"] = "dollars"
    wrong["prices"][0]["bands"][1]["up_to"] = 100
    wrong["factors"][0]["match"] = [["colour_of_sea", "blue"]]
    answer = visitor.post(path, {"tariff": json.dumps(wrong)}, seen_on=path)
    assert answer.status_code == 422
    for place in ("currency: ", "prices[0].bands[1].up_to: ", "factors[0].match: "):
        assert place in answer.text
    assert current_tariff(cast.desk, cast.bob) is None
    for version in (1, 2):
        assert visitor.post(path, {"tariff": json.dumps(TARIFF)}, seen_on=path).status_code == 303
        tariff = current_tariff(cast.desk, cast.bob)
        assert tariff is not None
        assert tariff.version == version
    assert "Version 2" in visitor.get(path).text


def test_the_keys_are_those_of_the_public_page(cast: Cast, visitor: Visitor) -> None:
    text = come_in(cast, visitor, "edith").get("/desk/settings/keys").text
    public = visitor.get("/journal/harbour-review/key").text.strip()
    assert public in text
    assert "/journal/harbour-review/checkpoint" in text


def test_mails_show_with_their_text_and_links_where_no_server_sends_them(
    cast: Cast, visitor: Visitor
) -> None:
    ask_for(cast, own_piece(cast))
    text = come_in(cast, visitor, "bob").get("/desk/mails").text
    assert cast.alice.email in text
    assert "/requests/" in text
    assert "link left out" not in text
    assert cast.alice.email not in visitor.get("/desk/mails?state=bounced").text
    object.__setattr__(cast.settings, "smtp_url", "smtp://mail.example")
    hidden = visitor.get("/desk/mails").text
    assert "(link left out)" in hidden


@pytest.mark.parametrize("path", ["", "/letterhead/logo", "/wording", "/tariff"])
def test_an_editor_sees_settings_but_changes_none(cast: Cast, visitor: Visitor, path: str) -> None:
    come_in(cast, visitor, "edith")
    answer = visitor.post(
        f"/desk/settings{path}", {"remove": "yes", "tariff": "{}", **DETAILS}, seen_on="/desk"
    )
    assert answer.status_code == 403
    assert visitor.get("/desk/mails").status_code == 403


def test_another_publisher_has_its_own_settings_and_mails(cast: Cast, visitor: Visitor) -> None:
    ask_for(cast, own_piece(cast))
    come_in(cast, visitor, "charlie")
    assert cast.alice.email not in visitor.get("/desk/mails").text
    changed = {**DETAILS, "legal_name": "Taken over"}
    assert visitor.post("/desk/settings", changed, seen_on="/desk/settings").status_code == 303
    assert own_publisher(cast.desk, cast.harbour.id).legal_name == "Harbour Review"


@pytest.mark.parametrize("address", ["josé@harbour-review.example", "=?utf-8?q?a?=@harbour-review.example"])
def test_an_answering_address_that_no_mail_can_carry_is_refused(cast, visitor, address):
    visitor.sign_in(cast.email("ada"), PASSWORD)
    wrong = {**DETAILS, "permissions_email": address}
    page = visitor.post("/desk/settings", wrong, seen_on="/desk/settings")
    assert page.status_code == 422
    assert 'id="f-permissions_email-error"' in page.text


@pytest.mark.parametrize(
    ("name", "closed"),
    [("edith", {"/desk/people", "/desk/mails"}), ("bob", {"/desk/people"}), ("ada", set())],
)
def test_nobody_is_shown_the_way_to_a_closed_section(
    cast: Cast, visitor: Visitor, name: str, closed: set[str]
) -> None:
    text = come_in(cast, visitor, name).get("/desk/settings").text
    for path in ("/desk/people", "/desk/mails", "/desk/settings/keys"):
        assert (f'href="{path}"' in text) is (path not in closed)
        assert visitor.get(path).status_code == (403 if path in closed else 200)
