"""The requester's own page: whose turn, messages, a price to answer, the letter, withdrawal, extension."""

import re
from datetime import timedelta

import pytest

from ledger.desk import links
from ledger.desk.letters import issuing, revoking
from ledger.desk.requests import attending, deciding, lapsing, quoting, requesting
from ledger.records.requests import load_items, load_request
from ledger.records.tenant import Tenant
from tests.web.asking import own_piece

USE = {
    "portion": "full_article",
    "channels": ["print"],
    "product": "book",
    "title": "Waiting at the Narrows",
    "publisher": "Fenwick Books",
    "formats": [{"format": "hardback", "print_run": 2000}],
    "purpose": "editorial",
    "is_commercial": True,
    "territory": "world",
    "language": "en",
    "duration": "current_edition",
    "modification": "none",
    "requester_type": "publisher_commercial",
}


@pytest.fixture
def asked(cast):
    """A request of Alice's that has reached the desk: its id and the path of its page."""
    form = {"pieces": [own_piece(cast).id], "name": cast.alice.name, "email": cast.alice.email, "use": USE}
    sent = requesting.submit_request(cast.desk, form, verified=True)
    return sent.request_id, f"/requests/{links.token_for(cast.desk, 'requester', sent.request_id)}"


def request_of(cast, request_id):
    with cast.desk.database.reading() as connection:
        return load_request(Tenant(connection, cast.harbour.id), request_id)


def items_of(cast, request_id):
    with cast.desk.database.reading() as connection:
        return load_items(Tenant(connection, cast.harbour.id), request_id)


def decide_all(cast, request_id, fee=None):
    text, *others = items_of(cast, request_id)
    deciding.decide(cast.desk, cast.bob, request_id, text.id, "granted", {"fee": fee} if fee else {})
    for item in others:
        if item.decision is None:
            deciding.decide(cast.desk, cast.bob, request_id, item.id, "referred", {"owner": "Tomas Rehn"})


def test_the_page_says_whose_turn_it_is_and_since_when(cast, visitor, asked):
    request_id, path = asked
    assert "It is Harbour Review&#39;s turn" in visitor.get(path).text
    cast.clock.go_on(days=3)
    attending.ask_requester(cast.desk, cast.bob, request_id, "Which page will it stand on?")
    cast.clock.go_on(days=5)
    page = visitor.get(path).text
    assert "It is your turn" in page
    assert re.search(r"<dt[^>]*>Harbour Review</dt><dd>3 days</dd>", page)
    assert re.search(r"<dt[^>]*>You</dt><dd>5 days</dd>", page)
    assert "The clock stood still" in page
    assert "has decided no request here yet" in page


def test_a_question_is_answered_and_the_turn_goes_back(cast, visitor, asked):
    request_id, path = asked
    attending.ask_requester(cast.desk, cast.bob, request_id, "Which page will it stand on?")
    assert "Which page will it stand on?" in visitor.get(path).text
    sent = visitor.post(f"{path}/messages", {"text": "On page 12. <b>Thanks</b>"})
    assert sent.headers["location"] == f"{path}?sent=1"
    assert request_of(cast, request_id).state == "in_review"
    page = visitor.get(path).text
    assert "On page 12. &lt;b&gt;Thanks&lt;/b&gt;" in page


def test_an_empty_message_is_refused_beside_its_field(visitor, asked):
    _, path = asked
    refused = visitor.post(f"{path}/messages", {"text": "  "})
    assert refused.status_code == 422
    assert 'id="f-text-error"' in refused.text


def test_notes_of_the_staff_are_not_shown(cast, visitor, asked):
    request_id, path = asked
    attending.write_note(cast.desk, cast.bob, request_id, "She paid late last year.")
    assert "paid late" not in visitor.get(path).text


def test_a_price_is_shown_with_its_lines_accepted_and_leads_to_the_letter(cast, visitor, asked):
    request_id, path = asked
    price = quoting.by_hand([("Reprint of an article", 12000), ("Large print run", 6000)], "CAD")
    quote_id = quoting.offer(cast.desk, cast.bob, request_id, price)
    page = visitor.get(path).text
    assert "Large print run" in page
    assert "CA$180.00" in page
    nothing = visitor.post(f"{path}/quotes/{quote_id}", {})
    assert nothing.status_code == 422
    accepted = visitor.post(f"{path}/quotes/{quote_id}", {"answer": "accept"})
    assert accepted.status_code == 303
    assert request_of(cast, request_id).state == "accepted"
    again = visitor.post(f"{path}/quotes/{quote_id}", {"answer": "accept"})
    assert again.status_code == 409
    assert "stands no more" in again.text
    decide_all(cast, request_id, {"minor": 18000, "currency": "CAD"})
    letter = issuing.issue(cast.desk, cast.bob, request_id)
    page = visitor.get(path).text
    assert letter.number in page
    assert "Pay the fee" in page
    assert "Granted" in page
    assert "Tomas Rehn holds this part; ask there." in page
    pdf = visitor.get(f"{path}/letters/{letter.id}.pdf")
    assert pdf.content == cast.desk.evidence.get(letter.sha256)
    assert letter.number in pdf.headers["content-disposition"]


def test_a_declined_price_ends_nothing(cast, visitor, asked):
    request_id, path = asked
    quote_id = quoting.offer(cast.desk, cast.bob, request_id, quoting.by_hand([("Reprint", 12000)], "CAD"))
    visitor.post(f"{path}/quotes/{quote_id}", {"answer": "decline"})
    assert request_of(cast, request_id).state == "in_review"
    assert "You declined this price." in visitor.get(path).text


def test_withdrawing_asks_first_and_happens_once(cast, visitor, asked):
    request_id, path = asked
    assert "Yes, take it back" in visitor.get(f"{path}/withdraw").text
    assert request_of(cast, request_id).state == "submitted", "looking withdraws nothing"
    assert visitor.post(f"{path}/withdraw", {}).headers["location"] == f"{path}?withdrawn=1"
    assert request_of(cast, request_id).state == "withdrawn"
    assert visitor.post(f"{path}/withdraw", {}).status_code == 303
    page = visitor.get(path).text
    assert "You withdrew this request." in page
    assert "Take the request back" not in page
    late = visitor.post(f"{path}/messages", {"text": "One more thing"})
    assert late.status_code == 409
    assert "closed" in late.text


def test_what_is_decided_cannot_be_withdrawn(cast, visitor, asked):
    request_id, path = asked
    decide_all(cast, request_id)
    assert visitor.post(f"{path}/withdraw", {}).status_code == 409
    assert request_of(cast, request_id).state == "decided"


def test_after_the_decision_the_page_says_where_to_write(cast, visitor, asked):
    request_id, path = asked
    address = f'href="mailto:{cast.harbour.permissions_email}"'
    assert address not in visitor.get(path).text, "while it is open there is a box to write in"
    decide_all(cast, request_id)
    page = visitor.get(path).text
    assert address in page
    assert f'action="{path}/messages"' not in page


def test_a_revoked_letter_is_told_on_top_on_its_part_and_in_the_history(cast, visitor, asked):
    request_id, path = asked
    decide_all(cast, request_id)
    letter = issuing.issue(cast.desk, cast.bob, request_id)
    before = visitor.get(path).text
    assert 'class="badge permitted"' in before
    assert "What the letter asks of you" in before
    cast.clock.go_on(days=2)
    effective = cast.desk.today() + timedelta(days=10)
    notice = revoking.revoke(cast.desk, cast.bob, letter.id, "The fee <b>never</b> came.", effective)
    page = visitor.get(path).text
    top = page.partition('id="clock"')[2].partition("</section>")[0]
    assert '<p class="turn">Revoked' in top
    assert letter.number in top
    assert f'datetime="{effective.isoformat()}"' in top
    assert "The fee &lt;b&gt;never&lt;/b&gt; came." in top
    parts = page.partition('id="parts"')[2].partition("</section>")[0]
    assert "Revoked</span>" in parts
    assert 'class="badge permitted"' not in page
    assert "Tomas Rehn holds this part; ask there." in parts, "what was not granted stays as it was decided"
    assert "The letter says what you may do" not in page
    assert "What the letter asks of you" not in page
    history = page.partition('id="happened"')[2].partition("</section>")[0]
    issued, revoked = f"Letter {letter.number} was issued", f"Letter {letter.number} was revoked"
    assert history.index(issued) < history.index(revoked) < history.index(notice.number)


def test_a_letter_is_extended_by_a_request_that_names_it(cast, visitor, asked):
    request_id, path = asked
    decide_all(cast, request_id)
    letter = issuing.issue(cast.desk, cast.bob, request_id)
    form = visitor.get(f"{path}/extend/{letter.id}")
    assert 'value="2000"' in form.text
    wrong = visitor.post(f"{path}/extend/{letter.id}", {"formats.0.print_run": "lots"})
    assert wrong.status_code == 422
    assert 'value="lots"' in wrong.text
    unchanged = visitor.post(f"{path}/extend/{letter.id}", {"formats.0.print_run": "2000"})
    assert unchanged.status_code == 422
    sent = visitor.post(f"{path}/extend/{letter.id}", {"formats.0.print_run": "5000"})
    assert sent.status_code == 303
    token = sent.headers["location"].partition("?")[0].rpartition("/")[2]
    opened = links.opened_by(cast.desk, token, "requester")
    extended = request_of(cast, opened.request_id)
    assert extended.document["amends"] == letter.id
    assert extended.document["use"]["formats"][0]["print_run"] == 5000


def test_a_link_of_another_request_opens_no_letter_of_this_one(cast, visitor, asked):
    request_id, path = asked
    decide_all(cast, request_id)
    letter = issuing.issue(cast.desk, cast.bob, request_id)
    form = {"pieces": [own_piece(cast).id], "name": "Eve", "email": "eve@elsewhere.example", "use": USE}
    other = requesting.submit_request(cast.desk, form, verified=True)
    theirs = f"/requests/{links.token_for(cast.desk, 'requester', other.request_id)}"
    assert visitor.get(f"{theirs}/letters/{letter.id}.pdf").status_code == 404
    assert visitor.get(f"{path}/letters/{letter.id}.pdf").status_code == 200


def test_wrong_links_open_nothing_and_pages_stay_out_of_caches(cast, visitor, asked):
    request_id, path = asked
    assert visitor.get("/requests/not-a-token").status_code == 404
    assert visitor.get(f"/requests/{links.token_for(cast.desk, 'verify', request_id)}").status_code == 404
    assert visitor.get("/confirm/not-a-token").status_code == 404
    for page in (visitor.get(path), visitor.get(f"{path}/withdraw")):
        assert page.headers["cache-control"] == "no-store"
        assert "noindex" in page.headers["x-robots-tag"]
        assert page.headers["referrer-policy"] == "same-origin"


def test_the_time_so_far_is_drawn_once_two_sides_have_had_it_for_a_day(cast, visitor, asked):
    request_id, path = asked
    assert "<svg" not in visitor.get(path).text
    cast.clock.go_on(days=2)
    attending.ask_requester(cast.desk, cast.bob, request_id, "Which edition?")
    cast.clock.go_on(days=6)
    page = visitor.get(path).text
    assert '<rect class="staff" x="0.0" y="0" width="25.0"' in page
    assert '<rect class="requester" x="25.0" y="0" width="75.0"' in page
    for said in ("2 days", "6 days"):  # in words, too
        assert f"<dd>{said}</dd>" in page


def test_a_lapsed_request_is_opened_by_a_message_as_its_page_says(cast, visitor, asked):
    request_id, path = asked
    attending.ask_requester(cast.desk, cast.bob, request_id, "Which edition?")
    cast.clock.go_on(days=61)
    assert lapsing.lapse_requests(cast.desk) == 1
    assert "Write a message to open it again" in visitor.get(path).text
    assert visitor.post(f"{path}/messages", {"text": "Here I am."}, seen_on=path).status_code == 303
    assert request_of(cast, request_id).state == "in_review"
