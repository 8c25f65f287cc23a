"""The verify page: what it says of a letter by its file and by its number, and what it never tells."""

import hashlib
import re
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from click.testing import CliRunner
from litestar.testing import TestClient

from ledger.app import create_app
from ledger.cli.verify_letter import verify_letter
from ledger.desk.house.keys import public_keys
from ledger.desk.letters import issuing, revoking
from ledger.desk.letters.letter_life import matter_of
from ledger.desk.letters.verifying import verify_file, verify_number
from ledger.desk.refusals import NotFound
from ledger.desk.register.registering import register_piece
from ledger.desk.requests import deciding
from ledger.desk.requests.requesting import submit_request
from ledger.letters import standalone
from ledger.records.letters import load_letter, set_letter_state
from ledger.records.request_tables import letter as letter_table
from ledger.records.requests import load_items
from ledger.records.tenant import Tenant
from ledger.web.tongues import LANGUAGES, tongue
from tests.cast import open_cast
from tests.desk.conftest import PAGES
from tests.desk.test_main_job import PRINT, form, items_of
from tests.desk.test_paying import accept, decide_all, pay
from tests.web.asked import ask_for, own_piece
from tests.web.browsing import Visitor
from tests.web.catalogues import latin_words


def issued(cast, piece, decision="granted", details=None):
    """A letter whose first item is decided so, and the others declined."""
    sent = submit_request(cast.desk, form(cast, piece.id), verified=True)
    first, *others = items_of(cast, sent.request_id)
    deciding.decide(cast.desk, cast.bob, sent.request_id, first, decision, details or {})
    for item in others:
        deciding.decide(cast.desk, cast.bob, sent.request_id, item, "declined", {"reason": "Not ours."})
    return issuing.issue(cast.desk, cast.bob, sent.request_id)


@pytest.fixture(scope="module")
def shelf(cast_template, tmp_path_factory):
    """A house with two letters: a grant and a refusal. Drawing takes a second, so the tests share them."""
    cast = open_cast(tmp_path_factory.mktemp("verify") / "house", cast_template)
    piece = register_piece(cast.desk, cast.edith, (PAGES / "the-signal-house.html").read_bytes())
    cast.piece = piece
    cast.grant = issued(cast, piece)
    cast.refusal = issued(cast, piece, "declined", {"reason": "We print it ourselves this year."})
    yield cast
    cast.desk.database.close()


@pytest.fixture(scope="module")
def client(shelf):
    app = create_app(shelf.settings, shelf.desk, shelf.enqueue)
    with TestClient(app, base_url=shelf.settings.base_url) as opened:
        yield opened


@pytest.fixture
def reader(client):
    client.cookies.clear()
    return Visitor(client)


def put(cast, letter, state):
    """Give a letter a state for the test; returns what puts it back."""
    with cast.desk.database.writing() as connection:
        tenant = Tenant(connection, cast.harbour.id)
        before = load_letter(tenant, letter.id).state
        set_letter_state(tenant, letter.id, state, (before,))
    return before


@pytest.mark.parametrize(
    ("state", "word"),
    [("issued", "Valid"), ("amended", "Valid"), ("superseded", "Superseded"), ("revoked", "Revoked"),
     ("expired", "Expired")],
)  # fmt: skip
def test_each_state_is_told_by_file_and_by_number(shelf, reader, state, word):
    before = put(shelf, shelf.grant, state)
    try:
        for path in (f"/verify?sha256={shelf.grant.sha256}", f"/verify/{shelf.grant.number}"):
            page = reader.get(path)
            assert page.status_code == 200
            badge = re.search(r'<h2 id="verdict">.*?</h2>', page.text, re.DOTALL)[0]
            assert word in badge
            assert shelf.grant.number in badge
    finally:
        put(shelf, shelf.grant, before)


def test_only_the_file_tells_who_may_do_what(shelf, reader):
    by_file = reader.get(f"/verify?sha256={shelf.grant.sha256}").text
    for told in ("Fenwick Books Ltd", "Signal House", "2000 copies", "to the last byte"):
        assert told in by_file
    by_number = reader.get(f"/verify/{shelf.grant.number.lower()}").text
    for kept in ("Fenwick Books", "Signal House", "Alice", shelf.grant.sha256):
        assert kept not in by_number
    assert "only that the letter exists" in by_number


def test_a_refusal_is_not_dressed_as_a_permission(shelf, reader):
    for path in (f"/verify?sha256={shelf.refusal.sha256}", f"/verify/{shelf.refusal.number}"):
        page = reader.get(path).text
        assert "It is a refusal: it permits nothing." in page
        assert "badge permitted" not in page
    assert "badge permitted" in reader.get(f"/verify/{shelf.grant.number}").text


def test_a_part_grant_says_what_it_leaves_out_and_what_it_asks_for(cast, visitor):
    piece = register_piece(cast.desk, cast.edith, (PAGES / "the-signal-house.html").read_bytes())
    private = {"context": "My mother is ill.", "author": "Ona Prill", "project": "Plan Nine"}
    filled = form(cast, piece.id, use={**PRINT, **private, "end_client": "Zed Client"})
    sent = submit_request(cast.desk, filled, verified=True)
    with cast.desk.database.reading() as connection:
        items = load_items(Tenant(connection, cast.harbour.id), sent.request_id)
    text = next(each.id for each in items if each.component_id == piece.components[0].id)
    granted = {
        "credit_line": "From Harbour Review, with thanks",
        "conditions": [
            {"code": "credit_author", "modality": "must"},
            {"code": "voucher_copy", "modality": "should", "parameter": "two"},
        ],
    }
    deciding.decide(cast.desk, cast.bob, sent.request_id, text, "granted", granted)
    for item in items:
        if item.id != text:
            details = {"reason": "Kept from everybody."}
            deciding.decide(cast.desk, cast.bob, sent.request_id, item.id, "declined", details)
    letter = issuing.issue(cast.desk, cast.bob, sent.request_id)
    page = visitor.get(f"/verify?sha256={letter.sha256}").text
    facts = dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page, re.DOTALL))
    assert "declined" in facts["Not included"]
    assert "declined" not in facts["Included"]
    assert "Text" in facts["Included"]
    assert facts["Credit line"] == "From Harbour Review, with thanks"
    required, recommended = facts["Conditions"].split("Recommended, not required")
    assert "Name the author" in required or "author" in required
    assert "voucher" in recommended
    assert "voucher" not in required
    told = ("mother", "Prill", "Plan Nine", "Zed Client", "Kept from everybody", "Alice", "In the asker")
    assert not [each for each in told if each in page]


def test_what_holds_without_scripts_alone_is_not_shown_with_them(reader):
    page = re.sub(r"<noscript>.*?</noscript>", "", reader.get("/verify").text, flags=re.DOTALL)
    assert "Without JavaScript" not in page
    assert "goes nowhere" not in page


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("sha256=" + "0" * 64, "No letter of this ledger is this file"),
        ("sha256=12ab", "A SHA-256 has 64 characters"),
        ("number=HARBOUR-REVIEW-2026-000999", "has issued no letter with the number"),
        ("number=<script>alert(1)</script>", "&lt;script&gt;"),
    ],
)
def test_what_is_unknown_is_said_to_be_unknown(reader, query, said):
    page = reader.get(f"/verify?{query}")
    assert page.status_code == 404
    assert "Unknown: not confirmed" in page.text
    assert said in page.text
    assert "<script>alert" not in page.text


@pytest.mark.parametrize("dash", "\u2010\u2011\u2013\u2014\u2212-")
def test_a_number_is_found_however_it_was_typed(shelf, dash):
    prefix, year, serial = shelf.grant.number.rsplit("-", 2)
    typed = f" {prefix}-{year}-{int(serial)}".replace("-", dash).lower()
    assert verify_number(shelf.desk, typed).letter.id == shelf.grant.id
    with pytest.raises(NotFound):
        verify_number(shelf.desk, f"{prefix}-{year}-0{serial}")


def test_one_changed_byte_makes_another_file(shelf):
    pdf = bytearray(shelf.desk.evidence.get(shelf.grant.sha256))
    assert verify_file(shelf.desk, hashlib.sha256(pdf).hexdigest()).letter.id == shelf.grant.id
    for at in (0, len(pdf) // 2, len(pdf) - 1):
        pdf[at] ^= 1
        with pytest.raises(NotFound, match="No letter of this ledger"):
            verify_file(shelf.desk, hashlib.sha256(pdf).hexdigest())
        pdf[at] ^= 1


def test_a_letter_that_waits_for_its_fee_is_not_called_valid_without_it(cast, visitor):
    request_id = ask_for(cast, own_piece(cast))
    accept(cast, request_id, first=False)
    decide_all(cast, request_id)
    letter = issuing.issue(cast.desk, cast.bob, request_id)
    page = visitor.get(f"/verify?sha256={letter.sha256}").text
    assert "Valid once its fee is paid" in page
    assert "only once its fee of CA$180.00 has been paid" in page
    assert "badge permitted" not in page
    assert "180" not in visitor.get(f"/verify/{letter.number}").text, "the fee is told with the content only"
    pay(cast, request_id, 18000, "B-1")
    page = visitor.get(f"/verify?sha256={letter.sha256}").text
    assert "badge permitted" in page
    assert "The publisher has noted that it was." in page


def test_a_letter_past_its_last_day_is_expired_before_the_worker_says_so(cast, visitor):
    piece = register_piece(cast.desk, cast.edith, (PAGES / "the-signal-house.html").read_bytes())
    letter = issued(cast, piece)
    with cast.desk.database.writing() as connection:
        connection.execute(
            letter_table.update()
            .where(letter_table.c.id == letter.id)
            .values(valid_until=cast.clock().date())
        )
    assert "Valid" in visitor.get(f"/verify/{letter.number}").text
    cast.clock.go_on(days=1)
    assert "Expired" in visitor.get(f"/verify/{letter.number}").text


def test_a_revoked_letter_names_the_letter_that_took_it_back_and_the_day(cast, visitor):
    piece = register_piece(cast.desk, cast.edith, (PAGES / "the-signal-house.html").read_bytes())
    letter = issued(cast, piece)
    notice = revoking.revoke(cast.desk, cast.bob, letter.id, "Granted by mistake.")
    by_file = visitor.get(f"/verify?sha256={letter.sha256}").text
    assert "Revoked" in by_file
    assert f'href="/verify/{notice.number}"' in by_file
    by_number = visitor.get(f"/verify/{letter.number}").text
    for page in (by_file, by_number):
        assert re.search(r"It permits nothing from\s+<time[^>]*>6 March 2026</time> on", page)
    assert "takes an earlier permission back" in visitor.get(f"/verify/{notice.number}").text


def test_a_letter_revoked_from_a_later_day_holds_until_then(cast, visitor):
    piece = register_piece(cast.desk, cast.edith, (PAGES / "the-signal-house.html").read_bytes())
    letter = issued(cast, piece)
    revoking.revoke(cast.desk, cast.bob, letter.id, "Sold.", cast.desk.today() + timedelta(days=26))
    for path in (f"/verify?sha256={letter.sha256}", f"/verify/{letter.number}"):
        page = visitor.get(path).text
        verdict = re.search(r'<h2 id="verdict">.*?</h2>', page, re.DOTALL)[0]
        assert re.search(r"Valid until <time[^>]*>31 March 2026</time>, then revoked", verdict)
        assert "It permits the use it names" in page
        assert re.search(r"It permits nothing from\s+<time[^>]*>1 April 2026</time> on", page)
    cast.clock.go_on(days=25)
    assert "Valid until" in visitor.get(f"/verify/{letter.number}").text
    cast.clock.go_on(days=1)
    page = visitor.get(f"/verify/{letter.number}").text
    assert "badge prohibited" in page
    assert "Valid until" not in page


def test_the_proof_and_the_stand_alone_program_can_be_fetched(shelf, reader):
    proof = reader.get(f"/verify/{shelf.grant.sha256}/proof")
    assert proof.text.startswith("c2sp.org/tlog-proof")
    assert f"{shelf.grant.number}.tlog-proof" in proof.headers["content-disposition"]
    assert reader.get(f"/verify/{'0' * 64}/proof").status_code == 404
    program = reader.get("/verify/program")
    assert program.content == Path(standalone.__file__).read_bytes()


def test_a_program_is_told_the_same_in_json(reader):
    refused = reader.client.get("/verify/12ab/proof", headers={"accept": "application/json"})
    assert refused.status_code == 404
    assert refused.json()["detail"].startswith("A SHA-256 has 64 characters")


def test_the_publishers_page_shows_the_keys_and_an_unknown_one_does_not_exist(shelf, reader):
    page = reader.get("/publishers/harbour-review").text
    for shown in ("Harbour Review", "rights@harbour-review.example", "/journal/harbour-review/checkpoint"):
        assert shown in page
    assert reader.get("/journal/harbour-review/checkpoint").status_code == 200
    assert reader.get("/publishers/nobody").status_code == 404


@pytest.mark.parametrize("language", ["ru", "ar", "zh-Hans"])
def test_the_publishers_page_speaks_the_readers_language(shelf, reader, language):
    page = reader.get(f"/publishers/harbour-review?lang={language}").text
    assert f'<html lang="{language}" dir="{tongue(language).direction}">' in page
    assert 'href="/journal/harbour-review/checkpoint"' in page
    keys = public_keys(shelf.desk, shelf.harbour)
    known = ("Harbour Review", "rights@harbour-review.example", keys.vkey, keys.fingerprint)
    assert latin_words(page, known) <= {"SHA", "Ctrl"}


def test_verify_letter_believes_the_key_of_the_publishers_page_and_no_other(shelf, reader, tmp_path):
    def key_of(slug):
        found = re.search(r'id="vkey"[^>]*>([^<]+)<', reader.get(f"/publishers/{slug}").text)
        return found[1].replace("&#43;", "+").strip()

    pdf = shelf.desk.evidence.get(shelf.grant.sha256)
    letter, changed = tmp_path / "letter.pdf", tmp_path / "changed.pdf"
    letter.write_bytes(pdf)
    at = pdf.rindex(b"startxref") - 40
    changed.write_bytes(pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :])

    def run(path, *options):
        return CliRunner().invoke(verify_letter, [str(path), *options])

    assert run(letter, "--key", key_of("harbour-review")).exit_code == 0
    assert run(changed, "--key", key_of("harbour-review")).exit_code == 1
    assert run(tmp_path / "absent.pdf", "--key", key_of("harbour-review")).exit_code == 2
    assert run(letter, "--key", key_of("the-lantern")).exit_code == 3
    assert run(letter).exit_code == 3


@pytest.fixture(scope="module")
def asked_for_in(shelf):
    """Gives the grant a language; it is a fact of the letter, whatever the reader speaks."""

    def give(language):
        with shelf.desk.database.writing() as connection:
            connection.execute(
                letter_table.update().where(letter_table.c.id == shelf.grant.id).values(language=language)
            )

    yield give
    give("en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_speaks_the_language_of_the_letter(shelf, reader, asked_for_in, language):
    asked_for_in(language)
    spoken = tongue(language)
    for path in (f"/verify?sha256={shelf.grant.sha256}", f"/verify/{shelf.grant.number}"):
        page = reader.get(path, headers={"accept": "text/html", "accept-language": "de"})
        assert f'<html lang="{language}" dir="{spoken.direction}">' in page.text
        assert spoken.say("Valid") in re.search(r'<h2 id="verdict">.*?</h2>', page.text, re.DOTALL)[0]
        assert spoken.say("It permits the use it names, and no other.") in page.text
    asked_for_in("en")
    unknown = reader.get("/verify?sha256=12ab", headers={"accept": "text/html", "accept-language": language})
    assert spoken.say(
        "A SHA-256 has 64 characters, 0 to 9 and a to f. Check that it was copied whole."
    ) in unescape(unknown.text)


COMMANDS = (
    "sha256sum letter.pdf", "certutil -hashfile letter.pdf SHA256", "pip install cryptography pypdf",
    "python3 verify_letter.py letter.pdf --key KEY",
)  # fmt: skip
OF_THE_LETTER = (
    "Harbour Review",
    "Fenwick Books Ltd",
    "Fenwick Books",
    "harbour-review",
    "Waiting at the Narrows",
)


@pytest.mark.parametrize("language", ["ru", "ar", "zh-Hans"])
@pytest.mark.parametrize("state", ["issued", "superseded", "revoked", "expired"])
def test_no_english_is_left_on_the_page(shelf, reader, asked_for_in, language, state):
    asked_for_in(language)
    before = put(shelf, shelf.grant, state)
    try:
        whole = reader.get(f"/verify?sha256={shelf.grant.sha256}").text
        number = reader.get(f"/verify/{shelf.grant.number}").text
    finally:
        put(shelf, shelf.grant, before)
    matter = matter_of(shelf.grant)
    known = [*COMMANDS, *OF_THE_LETTER, shelf.piece.title, shelf.grant.number, shelf.grant.sha256]
    known += [matter.grant.credit_line, *(each.part for each in matter.others)]
    known += [each.parameter for each in matter.grant.conditions if each.parameter]
    for page in (whole, number, reader.get(f"/verify?number=X-1&lang={language}").text):
        assert latin_words(page, known) <= {
            "SHA",
            "PDF",
            "Python",
            "JavaScript",
            "Windows",
            "HARBOUR",
            "UTC",
            "MB",
        }
