"""The request on the page: to the end and confirmed, a bad form that loses nothing, files, drafts, once only."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from ledger.desk import links
from ledger.records.requests import load_attachments, load_request
from ledger.records.tenant import Tenant
from ledger.web.forms import Form
from ledger.web.public import details
from tests.web.asking import DETAILS, USE, free_piece, hidden_fields, mails, own_piece

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


@pytest.fixture
def piece(cast):
    return own_piece(cast)


@pytest.fixture
def filled(piece):
    return {**USE, **DETAILS, "pieces": piece.id, "form_key": "a-key-of-the-form"}


def check(visitor, form, **more):
    return visitor.post("/request", {**form, "action": "check"}, seen_on="/sign-in", **more)


def send(visitor, form):
    """Look it over, then send what that page carries."""
    looked = check(visitor, form)
    assert looked.status_code == 200, re.findall(
        r'class="error"[^>]*>(?:<[^>]*>[^<]*</[^>]*>)?([^<]*)', looked.text
    )
    return visitor.post("/request", {**hidden_fields(looked.text), "action": "send"})


def count(cast):
    with cast.desk.database.reading() as connection:
        return connection.execute(text("SELECT count(*) FROM request")).scalar()


def row_of(cast, path):
    opened = links.opened_by(cast.desk, path.partition("?")[0].rpartition("/")[2], "requester")
    with cast.desk.database.reading() as connection:
        return load_request(Tenant(connection, opened.publisher_id), opened.request_id)


def test_a_last_day_that_is_over_is_said_beside_its_field(cast, visitor, filled):
    over = (cast.clock().date() - timedelta(days=1)).isoformat()
    page = check(visitor, {**filled, "duration": "fixed_term", "end": over})
    assert page.status_code == 422
    assert re.search(r'id="f-end-error"[^>]*>.*?This day is over\.', page.text, re.DOTALL)
    assert count(cast) == 0


def test_a_print_request_is_sent_and_confirmed(cast, visitor, filled):
    looked = check(visitor, filled)
    assert "Format: hardback, 2000 copies, sold at 24.50 CAD" in looked.text
    assert "Nothing has been sent yet" in looked.text
    assert count(cast) == 0
    sent = send(visitor, filled)
    assert sent.status_code == 303
    status_path = sent.headers["location"]
    assert "look in your mail" in visitor.get(status_path).text
    (mail,) = mails(cast)
    assert (mail["template"], mail["recipient"]) == ("verify_address", "alice@fenwick-books.example")
    (token,) = re.findall(r"/confirm/([\w-]+)", mail["text"])
    opened = visitor.get(f"/confirm/{token}")
    assert opened.headers["cache-control"] == "no-store"
    assert row_of(cast, status_path).submitted_at is None, "opening the link sends nothing"
    done = visitor.post(f"/confirm/{token}", {})
    assert done.headers["location"] == f"{status_path}?confirmed=1"
    assert row_of(cast, status_path).state == "submitted"
    again = visitor.get(f"/confirm/{token}").text
    assert "already confirmed" in again
    assert f'href="{status_path}"' in again
    assert "One press of the button" not in again
    page = visitor.get(done.headers["location"])
    assert "It is Harbour Review&#39;s turn" in page.text
    assert page.headers["x-robots-tag"] == "noindex, nofollow"


def test_the_same_form_sent_twice_is_one_request(cast, visitor, filled):
    first, second = send(visitor, filled), send(visitor, filled)
    assert first.headers["location"] == second.headers["location"]
    assert count(cast) == 1
    assert len(mails(cast)) == 1


def test_a_shared_address_carries_no_key_of_a_form(visitor, piece):
    page = visitor.get("/request", params={**USE, "pieces": piece.id, "form_key": "theirs"})
    assert "theirs" not in page.text


def test_a_bad_form_says_everything_at_once_and_loses_nothing(cast, visitor, filled):
    bad = {**filled, "email": "alice at fenwick", "isbn": "978-3-16-148410-1", "formats.0.print_run": "many"}
    bad |= {"territory": "Atlantis", "title": "", "context": "A chapter <about> waiting"}
    page = check(visitor, bad)
    assert page.status_code == 422
    for says in (
        "no complete e-mail address",
        "check digit",
        "whole number, such as 1500",
        "Atlantis",
        "title of the",
    ):
        assert says in page.text
    for kept in (
        "alice at fenwick",
        "978-3-16-148410-1",
        "many",
        "Fenwick Books",
        "A chapter &lt;about&gt; waiting",
    ):
        assert kept in page.text
    for name in ("email", "isbn", "formats-0-print_run", "territory", "title"):
        assert f'href="#f-{name}"' in page.text
        assert f'id="f-{name}"' in page.text
    assert count(cast) == 0


def test_details_are_asked_only_where_they_matter(visitor, piece):
    on_paper = visitor.get("/request", params={**USE, "pieces": piece.id}).text
    online = visitor.get("/request", params={**USE, "channels": "community_site", "pieces": piece.id}).text
    assert "Number of copies" in on_paper
    assert "Address of the page" not in on_paper
    assert "Address of the page" in online
    assert "Number of copies" not in online


def test_a_request_without_a_piece_leads_to_the_finder(visitor):
    assert visitor.get("/request").headers["location"] == "/find"


def test_another_piece_is_found_by_its_words_and_left_out_again(cast, visitor, filled, piece):
    other = free_piece(cast)
    added = visitor.post("/request", {**filled, "action": "add", "search": "nine hundred volunteers"})
    assert hidden_fields(added.text)["pieces"] == [piece.id, other.id]
    assert 'value="Waiting at the Narrows"' in added.text
    both = {**filled, "pieces": [piece.id, other.id]}
    dropped = visitor.post("/request", {**both, "drop": piece.id})
    assert hidden_fields(dropped.text)["pieces"] == [other.id]
    missed = visitor.post("/request", {**filled, "action": "add", "search": "no such words anywhere"})
    assert missed.status_code == 422
    assert "Nothing is registered under this" in missed.text


def test_files_travel_with_the_form_and_are_known_by_their_content(cast, visitor, filled):
    files = [
        ("files", ("layout.png", PNG, "image/png")),
        ("files", ("trap.png", b"MZ\x90\0 not a picture", "image/png")),
    ]
    page = check(visitor, filled, files=files)
    assert page.status_code == 422
    assert "“trap.png” is no PDF, picture" in page.text
    kept = hidden_fields(page.text)["kept"]
    assert len(kept) == 1
    sent = send(visitor, {**filled, "kept": kept})
    row = row_of(cast, sent.headers["location"])
    with cast.desk.database.reading() as connection:
        (attached,) = load_attachments(Tenant(connection, cast.harbour.id), row.id)
    assert (attached.name, attached.media_type, attached.size) == ("layout.png", "image/png", len(PNG))
    assert cast.desk.uploads.get(attached.sha256) == PNG, "evidence only once the address is confirmed"


def test_nobody_can_name_a_file_that_was_not_sent(cast, visitor, filled):
    forged = "eyJuYW1lIjoieCJ9." + "0" * 64
    sent = send(visitor, {**filled, "kept": forged})
    row = row_of(cast, sent.headers["location"])
    with cast.desk.database.reading() as connection:
        assert load_attachments(Tenant(connection, cast.harbour.id), row.id) == []


def test_a_draft_is_kept_under_its_link_and_becomes_the_request(cast, visitor, filled):
    begun = {**filled, "email": "", "title": "Half a title"}
    saved = visitor.post("/request", {**begun, "action": "save"})
    assert saved.status_code == 303
    path = saved.headers["location"]
    page = visitor.get(path)
    assert "Saved, not sent" in page.text
    assert mails(cast) == []
    token = path.rpartition("/")[2]
    resumed = visitor.get("/request", params={"draft": token})
    assert 'value="Half a title"' in resumed.text
    sent = send(visitor, {**filled, "draft": token, "form_key": "another"})
    assert sent.headers["location"] == path
    assert count(cast) == 1
    assert row_of(cast, path).email == "alice@fenwick-books.example"
    again = visitor.get("/request", params={"draft": token})
    assert again.status_code == 409


def test_a_draft_can_be_saved_again_and_thrown_away(visitor, filled):
    path = visitor.post("/request", {**filled, "action": "save"}).headers["location"]
    token = path.rpartition("/")[2]
    again = visitor.post("/request", {**filled, "draft": token, "title": "Second thoughts", "action": "save"})
    assert again.headers["location"] == path
    assert "Second thoughts" in visitor.get("/request", params={"draft": token}).text
    gone = visitor.post(f"/requests/{token}/withdraw", {})
    assert gone.status_code == 303


def test_where_nobodys_leave_is_needed_the_letter_comes_at_once(cast, visitor):
    free = free_piece(cast)
    form = {**DETAILS, "pieces": free.id, "portion": "full_article", "channels": "community_site"}
    form |= {
        "is_commercial": "no",
        "requester_type": "nonprofit",
        "modification": "none",
        "duration": "perpetual",
    }
    form |= {"purpose": "education", "urls": "https://riverfriends.example/reading", "form_key": "free"}
    form = {
        name: value for name, value in form.items() if not name.startswith(("formats", "product", "isbn"))
    }
    path = send(visitor, form).headers["location"]
    visitor.post(f"/confirm/{links.token_for(cast.desk, 'verify', row_of(cast, path).id)}", {})
    assert row_of(cast, path).state == "decided"
    page = visitor.get(path)
    (pdf,) = re.findall(r'href="(/requests/[^"]+\.pdf)"', page.text)
    letter = visitor.get(pdf)
    assert letter.headers["content-type"] == "application/pdf"
    assert letter.headers["cache-control"] == "no-store"
    assert letter.content.startswith(b"%PDF-")


def test_the_form_cannot_be_used_to_flood_a_strangers_mailbox(cast, visitor, filled):
    for number in range(5):
        assert send(visitor, {**filled, "form_key": f"flood-{number}"}).status_code == 303
    refused = send(visitor, {**filled, "form_key": "flood-5"})
    assert refused.status_code == 422
    assert "still wait to be confirmed" in refused.text
    assert len(mails(cast)) == 5
    cast.clock.go_on(days=2)
    assert send(visitor, {**filled, "form_key": "flood-6"}).status_code == 303


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("24", "CAD", 2400),
        ("19,95", "EUR", 1995),
        ("1200", "JPY", 1200),
        ("0", "USD", 0),
        ("1 200", "EUR", 120000),
    ],
)
def test_prices_are_read_in_minor_units_of_their_currency(text, currency, minor):
    assert details.price(text, currency) == minor


@pytest.mark.parametrize(
    ("text", "currency"),
    [("12.345", "EUR"), ("1,200", "EUR"), ("-1", "EUR"), ("NaN", "EUR"), ("1e99", "EUR"), ("5", "XXX")],
)
def test_what_is_no_price_is_refused(text, currency):
    with pytest.raises(ValueError, match=r"price|currenc|figures|thousands"):
        details.price(text, currency)


def test_an_empty_row_of_formats_is_no_format():
    form = Form(
        data={"formats.0.currency": ["EUR"], "formats.1.format": ["pdf"], "formats.1.print_run": ["10"]}
    )
    assert details.read_request(form)["use"]["formats"] == [{"format": "pdf", "print_run": 10}]
    assert form.errors == {}


def test_a_form_without_a_piece_leads_to_the_finder(visitor, filled):
    assert visitor.post("/request", {**filled, "pieces": "pc_gone"}).headers["location"] == "/find"


def test_the_link_is_mailed_again_once_a_day_and_lasts_anew(cast, visitor, filled):
    path = send(visitor, filled).headers["location"]
    cast.clock.go_on(days=3)
    token = links.token_for(cast.desk, "verify", row_of(cast, path).id)
    assert visitor.get(f"/confirm/{token}").status_code == 404
    for _ in range(3):
        visitor.post(f"{path}/link", {})
    assert [mail["template"] for mail in mails(cast)] == ["verify_address", "verify_address"]
    assert visitor.get(f"/confirm/{token}").status_code == 200
    visitor.post(f"/confirm/{token}", {})
    visitor.post(f"{path}/link", {})
    assert [mail["template"] for mail in mails(cast)].count("verify_address") == 2


def test_taking_back_an_unconfirmed_request_mails_nobody(cast, visitor, filled):
    path = send(visitor, filled).headers["location"]
    visitor.post(f"{path}/withdraw", {})
    assert row_of(cast, path).state == "withdrawn"
    assert [mail["template"] for mail in mails(cast)] == ["verify_address"]
    token = links.token_for(cast.desk, "verify", row_of(cast, path).id)
    assert visitor.post(f"/confirm/{token}", {}).status_code == 409


def test_forms_of_the_public_pages_are_refused_from_elsewhere(cast, visitor, filled):
    path = send(visitor, filled).headers["location"]
    for target in ("/request", f"{path}/withdraw", f"{path}/messages", f"{path}/link"):
        headers = {"origin": "https://elsewhere.example", "sec-fetch-site": "cross-site"}
        assert visitor.post(target, filled, headers=headers).status_code == 403
        assert visitor.client.post(target, data=filled).status_code == 403
    assert row_of(cast, path).state == "draft"


def test_pieces_of_two_publishers_are_two_requests(cast, visitor, filled):
    from ledger.desk.register.registering import register_piece
    from tests.web.asking import PAGES

    lantern = cast.charlie
    editor = type(lantern)(**{**lantern.__dict__, "roles": frozenset({"editor"})})
    theirs = register_piece(
        cast.desk, editor, (PAGES / "grain-ships.txt").read_bytes(), url="https://the-lantern.example/grain"
    )
    refused = check(visitor, {**filled, "pieces": [filled["pieces"], theirs.id]})
    assert refused.status_code == 422
    assert "different publishers" in refused.text
