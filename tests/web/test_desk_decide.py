"""The dossier and its decisions: what is shown, who may decide, and what happens to what was typed."""

import re

import pytest

from ledger.desk.letters import finishing, issuing, revoking
from ledger.desk.links import token_for
from ledger.desk.requests import deciding, following, owners_door, quoting, referring
from ledger.desk.requests.topping_up import ask_for_top_up
from tests.cast import Cast
from tests.web.asked import ask_for, come_in, items_of, own_piece, row_of, wire_piece
from tests.web.browsing import Visitor


def send(visitor: Visitor, request_id: str, path: str, **fields: object):
    """Post a form of the dossier as it stands on the page, with its version."""
    home = f"/desk/requests/{request_id}"
    text = visitor.get(home).text
    version = re.search(r'name="version" value="(\d+)"', text)
    seen = re.search(r'name="seen" value="(\w+)"', text)
    base = {"version": version[1] if version else "", "seen": seen[1] if seen else ""}
    return visitor.post(f"{home}/{path}", {**base, **fields}, seen_on=home)


def test_the_dossier_shows_the_chain_both_answers_and_who_may_grant(cast: Cast, visitor: Visitor) -> None:
    request_id = ask_for(cast, own_piece(cast))
    text = come_in(cast, visitor, "bob").get(f"/desk/requests/{request_id}").text
    for said in (
        "Publication: anthology “Waiting at the Narrows”",
        "Harbour Review Foundation",  # the notice, word for word, is the evidence
        "You may grant this",
        "You cannot grant this",
        "Today, as on the day of asking",
        "Format: hardback, 1500 copies",
        "None with this address",
        "Nothing collides",
    ):
        assert said in text, said


def test_what_a_stranger_typed_is_shown_as_text(cast: Cast, visitor: Visitor) -> None:
    bad = "<script>alert(1)</script>"
    request_id = ask_for(cast, own_piece(cast), title=bad, context=bad)
    text = come_in(cast, visitor, "bob").get(f"/desk/requests/{request_id}").text
    assert bad not in text
    assert "&lt;script&gt;" in text


def test_earlier_dealings_and_a_likely_duplicate_are_named(cast: Cast, visitor: Visitor) -> None:
    piece = own_piece(cast)
    first = ask_for(cast, piece)
    other = ask_for(cast, piece, name="Ben Oak")
    second = ask_for(cast, piece)
    text = come_in(cast, visitor, "bob").get(f"/desk/requests/{second}").text
    assert f"/desk/requests/{first}" in text
    assert "perhaps a duplicate" in text
    assert f"/desk/requests/{other}" in text
    assert "Ben Oak &amp; Sons, about the same piece" in text


def test_two_items_split_into_granted_and_referred_and_the_letter_is_issued(
    cast: Cast, visitor: Visitor
) -> None:
    request_id = ask_for(cast, own_piece(cast))
    text_item, photo = items_of(cast, request_id)
    come_in(cast, visitor, "bob")
    fields = {
        f"{text_item.id}.grant.conditions": ["credit_author", "acknowledge_copyright", "voucher_copy"],
        f"{text_item.id}.grant.force.credit_author": "should",
        f"{text_item.id}.grant.parameter.voucher_copy": "two copies",
        f"{text_item.id}.grant.credit_line": "By Edith Amsel, Harbour Review.",
    }
    assert send(visitor, request_id, f"items/{text_item.id}/grant", **fields).status_code == 303
    referred = {f"{photo.id}.refer.owner": "Tomas Rehn", f"{photo.id}.refer.contact": "tomas@rehn.example"}
    assert send(visitor, request_id, f"items/{photo.id}/refer", **referred).status_code == 303
    granted, sent_on = items_of(cast, request_id)
    assert granted.decision == "granted"
    assert granted.document is not None
    grant = granted.document["grant"]
    assert {each["code"]: each["modality"] for each in grant["conditions"]} == {
        "credit_author": "should",
        "acknowledge_copyright": "must",
        "voucher_copy": "must",
    }
    assert grant["credit_line"] == "By Edith Amsel, Harbour Review."
    assert sent_on.document == {"owner": "Tomas Rehn", "contact": "tomas@rehn.example"}
    shown = visitor.get(f"/desk/requests/{request_id}/letter").text
    assert "letter-preview" in shown
    assert "inbound clause" in shown or "form field" in shown  # the ground under a clause
    assert "two copies" in shown
    answer = visitor.post(
        f"/desk/requests/{request_id}/letter", seen_on=f"/desk/requests/{request_id}/letter"
    )
    assert answer.status_code == 303
    page = visitor.get(answer.headers["location"])
    assert "HARBOUR-REVIEW-2026-000001" in page.text
    again = visitor.post(f"/desk/requests/{request_id}/letter", seen_on="/desk/letters")
    assert again.headers["location"] == answer.headers["location"]


def test_what_the_publisher_does_not_hold_is_refused_and_nothing_typed_is_lost(
    cast: Cast, visitor: Visitor
) -> None:
    request_id = ask_for(cast, wire_piece(cast))
    (item,) = items_of(cast, request_id)
    come_in(cast, visitor, "bob")
    answer = send(
        visitor, request_id, f"items/{item.id}/grant", **{f"{item.id}.grant.credit_line": "By the wire."}
    )
    assert answer.status_code == 409
    assert "cannot grant this" in answer.text
    assert "By the wire.</textarea>" in answer.text
    assert items_of(cast, request_id)[0].decision is None


def test_the_owner_is_asked_with_name_and_address_from_the_chain(cast: Cast, visitor: Visitor) -> None:
    request_id = ask_for(cast, wire_piece(cast))
    (item,) = items_of(cast, request_id)
    come_in(cast, visitor, "bob")
    text = visitor.get(f"/desk/requests/{request_id}").text
    assert f'name="{item.id}.enquire.owner" type="text" value="Meridian Wire"' in " ".join(text.split())
    bad = send(
        visitor, request_id, f"items/{item.id}/enquire", **{f"{item.id}.enquire.owner": "Meridian Wire"}
    )
    assert bad.status_code == 422
    assert f'id="f-{item.id}-enquire-email-error"' in bad.text
    fields = {f"{item.id}.enquire.owner": "Meridian Wire", f"{item.id}.enquire.email": "rights@wire.example"}
    assert send(visitor, request_id, f"items/{item.id}/enquire", **fields).status_code == 303
    assert row_of(cast, request_id).state == "awaiting_holder"
    assert "Meridian Wire was asked" in visitor.get(f"/desk/requests/{request_id}").text


def test_granting_comes_last_and_says_why_where_the_record_does_not_allow_it(
    cast: Cast, visitor: Visitor
) -> None:
    request_id = ask_for(cast, own_piece(cast))
    text, photo = (each.id for each in items_of(cast, request_id))
    page = come_in(cast, visitor, "bob").get(f"/desk/requests/{request_id}").text

    def acts(item: str) -> list[tuple[str, str, str]]:
        return re.findall(rf'<details class="acting" id="{item}--(\w+)"( open)?>\s*<summary>([^<]+)', page)

    assert acts(text)[0] == ("grant", " open", "Grant it")
    assert acts(photo)[0] == ("enquire", " open", "Ask the owner for them")
    assert acts(photo)[-1] == ("grant", "", "Grant it, which the record does not allow")


def test_what_stands_already_leaves_out_the_requests_own_grants(cast: Cast, visitor: Visitor) -> None:
    piece = own_piece(cast)
    mine, other = ask_for(cast, piece), ask_for(cast, piece, name="Ben Oak")
    deciding.decide(cast.desk, cast.bob, mine, items_of(cast, mine)[0].id, "granted", {})
    come_in(cast, visitor, "bob")
    stands = "A grant whose letter is not issued yet"
    assert stands not in visitor.get(f"/desk/requests/{mine}").text
    assert stands in visitor.get(f"/desk/requests/{other}").text


def test_declining_without_a_reason_is_put_right_beside_the_field(cast: Cast, visitor: Visitor) -> None:
    request_id = ask_for(cast, own_piece(cast))
    item = items_of(cast, request_id)[0]
    come_in(cast, visitor, "bob")
    answer = send(visitor, request_id, f"items/{item.id}/decline", **{f"{item.id}.decline.reason": "  "})
    assert answer.status_code == 422
    assert f'id="f-{item.id}-decline-reason-error"' in answer.text
    assert row_of(cast, request_id).state == "submitted"


def test_facts_left_open_are_asked_in_the_grant_and_bound_it(cast: Cast, visitor: Visitor) -> None:
    request_id = ask_for(cast, own_piece(cast), territory=None, language=None)
    item = items_of(cast, request_id)[0]
    come_in(cast, visitor, "bob")
    text = visitor.get(f"/desk/requests/{request_id}").text
    assert "territory, language" in text
    place = f"items/{item.id}/grant"
    missing = send(visitor, request_id, place, **{f"{item.id}.grant.territory": "Canada"})
    assert missing.status_code == 422
    assert f'id="f-{item.id}-grant-language-error"' in missing.text
    wrong = send(visitor, request_id, place, **{f"{item.id}.grant.territory": "Atlantis"})
    assert "We know no country “Atlantis”" in wrong.text
    settled = {f"{item.id}.grant.territory": "Canada", f"{item.id}.grant.language": "en"}
    assert send(visitor, request_id, place, **settled).status_code == 303
    document = items_of(cast, request_id)[0].document
    assert document is not None
    assert document["grant"]["scope"]["territory"]["included"] == ["CA"]


def test_the_second_of_two_deciding_at_once_is_told_what_changed(cast: Cast, visitor: Visitor) -> None:
    request_id = ask_for(cast, own_piece(cast))
    first, second = items_of(cast, request_id)
    come_in(cast, visitor, "bob")
    home = f"/desk/requests/{request_id}"
    text = visitor.get(home).text
    version, seen = (re.search(rf'name="{name}" value="(\w+)"', text)[1] for name in ("version", "seen"))  # type: ignore[index]
    deciding.decide(cast.desk, cast.bob, request_id, first.id, "declined", {"reason": "No."})
    typed = {f"{second.id}.decline.reason": "Ask the photographer.", "version": version, "seen": seen}
    answer = visitor.post(f"{home}/items/{second.id}/decline", typed, seen_on=home)
    assert answer.status_code == 409
    assert "Somebody else was first" in answer.text
    assert "Taken up (Bob Lind)" in answer.text
    assert "Ask the photographer." in answer.text
    assert items_of(cast, request_id)[1].decision is None
    renewed = re.search(r'name="version" value="(\d+)"', answer.text)
    assert renewed is not None
    typed["version"] = renewed[1]
    assert visitor.post(f"{home}/items/{second.id}/decline", typed, seen_on=home).status_code == 303


def test_alike_items_are_decided_together_or_not_at_all(cast: Cast, visitor: Visitor) -> None:
    request_id = ask_for(cast, wire_piece(cast), own_piece(cast))
    items = items_of(cast, request_id)
    come_in(cast, visitor, "bob")
    first, *others = [item.id for item in items]
    reason = {f"{first}.decline.reason": "Not at present."}
    stranger = send(
        visitor, request_id, f"items/{first}/decline", **reason, **{f"{first}.decline.alike": "it_none"}
    )
    assert stranger.status_code == 404
    assert all(item.decision is None for item in items_of(cast, request_id))
    together = send(
        visitor, request_id, f"items/{first}/decline", **reason, **{f"{first}.decline.alike": others}
    )
    assert together.status_code == 303
    assert {item.decision for item in items_of(cast, request_id)} == {"declined"}
    assert row_of(cast, request_id).state == "decided"


def test_a_decision_is_changed_on_the_page_until_its_letter_is_issued(cast: Cast, visitor: Visitor) -> None:
    request_id = ask_for(cast, own_piece(cast))
    text_item, photo = items_of(cast, request_id)
    come_in(cast, visitor, "bob")
    home, label = f"/desk/requests/{request_id}", "Change this decision"
    assert label not in visitor.get(home).text
    fields = {
        f"{text_item.id}.grant.conditions": ["credit_author", "voucher_copy"],
        f"{text_item.id}.grant.force.credit_author": "should",
        f"{text_item.id}.grant.parameter.voucher_copy": "two copies",
        f"{text_item.id}.grant.credit_line": "By E. Amsel.",
    }
    send(visitor, request_id, f"items/{text_item.id}/grant", **fields)
    send(visitor, request_id, f"items/{photo.id}/decline", **{f"{photo.id}.decline.reason": "A misclick."})
    text = visitor.get(home).text
    assert text.count(label) == 2
    for kept in ("By E. Amsel.</textarea>", 'value="two copies"', "A misclick.</textarea>"):
        assert kept in text
    unmeant = send(visitor, request_id, f"items/{photo.id}/refer", **{f"{photo.id}.refer.owner": "T. Rehn"})
    assert unmeant.status_code == 409
    meant = {f"{photo.id}.refer.owner": "Tomas Rehn", "again": "yes"}
    assert send(visitor, request_id, f"items/{photo.id}/refer", **meant).status_code == 303
    assert items_of(cast, request_id)[1].decision == "referred"
    shown = visitor.get(home).text
    assert "from declined to referred" in shown
    visitor.plant("ledger", cast.token("edith"))
    assert label not in visitor.get(home).text
    assert visitor.post(f"{home}/items/{photo.id}/refer", meant, seen_on="/desk/letters").status_code == 403
    visitor.plant("ledger", cast.token("charlie"))
    assert visitor.post(f"{home}/items/{photo.id}/refer", meant, seen_on="/desk/letters").status_code == 404
    visitor.plant("ledger", cast.token("bob"))
    issuing.issue(cast.desk, cast.bob, request_id)
    assert label not in visitor.get(home).text
    assert send(visitor, request_id, f"items/{photo.id}/refer", **meant).status_code == 409


def test_the_decided_part_lists_its_conditions_required_and_recommended_apart(
    cast: Cast, visitor: Visitor
) -> None:
    request_id = ask_for(cast, own_piece(cast))
    item = items_of(cast, request_id)[0]
    come_in(cast, visitor, "bob")
    fields = {
        f"{item.id}.grant.conditions": ["credit_author", "voucher_copy"],
        f"{item.id}.grant.force.credit_author": "should",
        f"{item.id}.grant.parameter.voucher_copy": "two copies",
    }
    send(visitor, request_id, f"items/{item.id}/grant", **fields)
    text = visitor.get(f"/desk/requests/{request_id}").text
    card = text[text.index("<strong>Granted</strong>") : text.index("Change this decision")]
    required, recommended = card.index("Required"), card.index("Recommended, not required")
    assert required < card.index("two copies") < recommended < card.index("Name the author")


def test_a_letter_that_holds_no_more_does_not_look_like_one_that_does(cast: Cast, visitor: Visitor) -> None:
    request_id = ask_for(cast, own_piece(cast))
    text, photo = items_of(cast, request_id)
    deciding.decide(cast.desk, cast.bob, request_id, text.id, "granted")
    deciding.decide(cast.desk, cast.bob, request_id, photo.id, "declined", {"reason": "Not ours."})
    letter = issuing.issue(cast.desk, cast.bob, request_id)
    come_in(cast, visitor, "bob")
    home, badge = (
        f"/desk/requests/{request_id}",
        re.compile(r'class="badge prohibited">.*?</svg>Revoked<', re.S),
    )
    assert f'<div class="notice good"><strong>Grant letter {letter.number}' in visitor.get(home).text
    revoking.revoke(cast.desk, cast.bob, letter.id, "It was a misclick.")
    shown = visitor.get(home).text
    assert f'<div class="notice bad"><strong>Grant letter {letter.number}' in shown
    assert badge.search(shown)
    assert badge.search(visitor.get("/desk/letters").text)


def test_codes_are_said_in_plain_words(cast: Cast, visitor: Visitor) -> None:
    request_id = ask_for(cast, own_piece(cast), requester_type="publisher_commercial")
    text = come_in(cast, visitor, "bob").get(f"/desk/requests/{request_id}").text
    for said in ("carries it as its own work", "<dd>English</dd>", "<dd>Commercial publisher</dd>"):
        assert said in text, said
    assert "carried on the ground" not in text


def test_not_needed_is_offered_only_where_a_clause_permits(cast: Cast, visitor: Visitor) -> None:
    request_id = ask_for(cast, own_piece(cast))
    item = items_of(cast, request_id)[0]
    come_in(cast, visitor, "bob")
    assert "Confirm that none is needed" not in visitor.get(f"/desk/requests/{request_id}").text
    assert send(visitor, request_id, f"items/{item.id}/not_needed").status_code == 409
    assert send(visitor, request_id, f"items/{item.id}/burn").status_code == 404


def test_a_question_a_message_and_a_private_note(cast: Cast, visitor: Visitor) -> None:
    request_id = ask_for(cast, own_piece(cast))
    come_in(cast, visitor, "bob")
    assert send(visitor, request_id, "note", note="").status_code == 422
    assert send(visitor, request_id, "note", note="They paid late last time.").status_code == 303
    assert send(visitor, request_id, "message", text="We are on it.").status_code == 303
    assert send(visitor, request_id, "ask", question="Which edition?").status_code == 303
    assert row_of(cast, request_id).turn == "requester"
    text = visitor.get(f"/desk/requests/{request_id}").text
    assert "Note for colleagues (private) (Bob Lind)" in text
    assert "They paid late last time." in text
    theirs = following.status(cast.desk, token_for(cast.desk, "requester", request_id))
    assert "They paid late last time." not in str(theirs)
    assert "Which edition?" in str(theirs)


def test_a_price_by_hand_shows_every_wrong_line_and_then_binds_the_fee(cast: Cast, visitor: Visitor) -> None:
    request_id = ask_for(cast, own_piece(cast))
    item = items_of(cast, request_id)[0]
    come_in(cast, visitor, "bob")
    wrong = {
        "by": "hand",
        "currency": "CAD",
        "line.0.label": "Reprint",
        "line.0.amount": "1,200",
        "line.1.amount": "5",
    }
    answer = send(visitor, request_id, "quote", **wrong)
    assert answer.status_code == 422
    assert "Write thousands without a mark" in answer.text
    assert "Say what this amount is for" in answer.text
    good = {"by": "hand", "currency": "CAD", "line.0.label": "Reprint", "line.0.amount": "120.50"}
    assert send(visitor, request_id, "quote", **good).status_code == 303
    quote = following.status(cast.desk, token_for(cast.desk, "requester", request_id)).quotes[0]
    assert (quote.total, quote.currency) == (12_050, "CAD")
    following.answer_offer(cast.desk, token_for(cast.desk, "requester", request_id), quote.id, accept=True)
    text = " ".join(visitor.get(f"/desk/requests/{request_id}").text.split())
    assert f'name="{item.id}.grant.fee" value="120.50"' in text
    place, fee = f"items/{item.id}/grant", f"{item.id}.grant.fee"
    high = send(visitor, request_id, place, **{fee: "120.51", f"{fee}_currency": "CAD"})
    assert high.status_code == 409
    other = send(visitor, request_id, place, **{fee: "1", f"{fee}_currency": "EUR"})
    assert other.status_code == 409
    assert send(visitor, request_id, place, **{fee: "120.50", f"{fee}_currency": "CAD"}).status_code == 303


def test_the_tariffs_price_is_offered_with_its_lines(cast: Cast, visitor: Visitor) -> None:
    from ledger.cli.demo_matter import TARIFF

    quoting.record_tariff(cast.desk, cast.bob, TARIFF)
    request_id = ask_for(cast, own_piece(cast))
    come_in(cast, visitor, "bob")
    text = visitor.get(f"/desk/requests/{request_id}").text
    assert "Reprint of an article, by copies" in text
    assert "CA$180.00" in text
    assert send(visitor, request_id, "quote", by="tariff").status_code == 303
    assert row_of(cast, request_id).state == "quoted"


def test_a_request_is_given_to_staff_only(cast: Cast, visitor: Visitor) -> None:
    request_id = ask_for(cast, own_piece(cast))
    come_in(cast, visitor, "bob")
    assert send(visitor, request_id, "assign", person=cast.bob.person_id).status_code == 303
    assert row_of(cast, request_id).assigned_to == cast.bob.person_id
    assert send(visitor, request_id, "assign", person=cast.charlie.person_id).status_code == 422
    assert send(visitor, request_id, "assign", person="").status_code == 303
    assert row_of(cast, request_id).assigned_to is None


ACTS = (
    "assign",
    "ask",
    "message",
    "quote",
    "letter",
    "items/{item}/grant",
    "items/{item}/decline",
    "items/{item}/enquire",
)


@pytest.mark.parametrize("act", ACTS)
def test_an_editor_may_not_do_an_officers_act_and_nothing_happens(
    cast: Cast, visitor: Visitor, act: str
) -> None:
    request_id = ask_for(cast, own_piece(cast))
    item = items_of(cast, request_id)[0].id
    come_in(cast, visitor, "edith")
    fields = {"question": "Why?", "by": "hand", "currency": "CAD", "line.0.label": "x", "line.0.amount": "1"}
    answer = visitor.post(
        f"/desk/requests/{request_id}/{act.format(item=item)}", fields, seen_on="/desk/letters"
    )
    if act == "message":  # an editor may write
        assert answer.status_code == 422
        return
    assert answer.status_code == 403
    assert row_of(cast, request_id).state == "submitted"


@pytest.mark.parametrize("act", [*ACTS, "note"])
def test_another_publishers_officer_finds_nothing_there(cast: Cast, visitor: Visitor, act: str) -> None:
    request_id = ask_for(cast, own_piece(cast))
    item = items_of(cast, request_id)[0].id
    come_in(cast, visitor, "charlie")
    fields = {
        "question": "Why?", "text": "Hm.", "note": "Hm.", "person": cast.charlie.person_id,
        "by": "hand", "currency": "CAD", "line.0.label": "x", "line.0.amount": "1",
        f"{item}.enquire.owner": "A", f"{item}.enquire.email": "a@b.example", f"{item}.decline.reason": "No.",
    }  # fmt: skip
    answer = visitor.post(
        f"/desk/requests/{request_id}/{act.format(item=item)}", fields, seen_on="/desk/letters"
    )
    assert answer.status_code == 404
    for path in ("", "/letter"):
        assert visitor.get(f"/desk/requests/{request_id}{path}").status_code == 404
    assert row_of(cast, request_id).version == 2


def test_a_letter_cannot_be_looked_at_or_issued_before_every_part_is_decided(
    cast: Cast, visitor: Visitor
) -> None:
    request_id = ask_for(cast, own_piece(cast))
    come_in(cast, visitor, "bob")
    answer = visitor.get(f"/desk/requests/{request_id}/letter")
    assert answer.status_code == 409
    assert "Decide every item first" in answer.text
    assert finishing.JOB not in [name for name, _ in cast.posted]


def test_what_the_owner_answered_is_shown_word_for_word_and_opens_the_grant(
    cast: Cast, visitor: Visitor
) -> None:
    request_id = ask_for(cast, wire_piece(cast))
    (item,) = items_of(cast, request_id)
    enquiry = referring.enquire(
        cast.desk, cast.bob, request_id, [item.id], owner="Meridian Wire", email="rights@wire.example"
    )
    words = "You may pass this right on to Fenwick Books for the anthology."
    token = token_for(cast.desk, "owner", enquiry)
    owners_door.answer_enquiry(cast.desk, token, "grant", {"name": "Pia Stern", "words": words})
    text = come_in(cast, visitor, "bob").get(f"/desk/requests/{request_id}").text
    assert words in text
    assert "from rights@wire.example" in text
    assert "You may grant this" in text
    assert send(visitor, request_id, f"items/{item.id}/grant").status_code == 303
    assert items_of(cast, request_id)[0].decision == "granted"


def test_a_top_up_names_the_letter_it_extends_and_prices_the_difference(cast: Cast, visitor: Visitor) -> None:
    from ledger.cli.demo_matter import TARIFF

    quoting.record_tariff(cast.desk, cast.bob, TARIFF)
    request_id = ask_for(cast, own_piece(cast), formats=[{"format": "hardback", "print_run": 400}])
    text, photo = items_of(cast, request_id)
    alice = token_for(cast.desk, "requester", request_id)
    quote_id = quoting.offer(cast.desk, cast.bob, request_id)
    following.answer_offer(cast.desk, alice, quote_id, accept=True)
    fee = {"minor": 9_000, "currency": "CAD"}  # up to 500 copies, half as much again for a commercial use
    deciding.decide(cast.desk, cast.bob, request_id, text.id, "granted", {"fee": fee})
    deciding.decide(cast.desk, cast.bob, request_id, photo.id, "declined", {"reason": "Not ours."})
    letter = issuing.issue(cast.desk, cast.bob, request_id)
    more = {"formats": [{"format": "hardback", "print_run": 3000}]}
    sent = ask_for_top_up(cast.desk, row_of(cast, request_id), letter, more)
    assert quoting.reckon(cast.desk, cast.bob, sent.request_id).total.minor == 18_000 - 9_000
    shown = come_in(cast, visitor, "bob").get(f"/desk/requests/{sent.request_id}").text
    assert f"This extends letter {letter.number}" in shown
    assert "Already paid" in shown


def test_less_than_was_asked_for_is_granted_and_more_is_refused_beside_its_field(
    cast: Cast, visitor: Visitor
) -> None:
    request_id = ask_for(cast, own_piece(cast))
    text_item, _ = items_of(cast, request_id)
    come_in(cast, visitor, "bob")
    place = f"{text_item.id}.grant."
    home = visitor.get(f"/desk/requests/{request_id}").text
    assert "Asked for: 1,500" in home
    for wrong, said in (
        ({"copies.hardback": "1501"}, "more than was asked for"),
        ({"copies.hardback": "lots"}, "as a whole number"),
        ({"territory": "Atlantis"}, "We know no country"),
        ({"end": "tomorrow"}, "end"),
    ):
        fields = {f"{place}{name}": typed for name, typed in wrong.items()}
        refused = send(visitor, request_id, f"items/{text_item.id}/grant", **fields)
        assert refused.status_code == 422
        assert said in refused.text
        assert next(iter(wrong.values())) in refused.text  # what was typed stays
        assert '<details class="narrowing" open>' in refused.text
    less = {f"{place}copies.hardback": "500", f"{place}territory": "Canada", f"{place}end": "2029-12-31"}
    assert send(visitor, request_id, f"items/{text_item.id}/grant", **less).status_code == 303
    granted = items_of(cast, request_id)[0].document
    assert granted is not None
    assert granted["use"]["formats"][0]["print_run"] == 500
    assert granted["grant"]["scope"]["territory"]["included"] == ["CA"]
    assert granted["grant"]["scope"]["period"]["end"] == "2029-12-31"
    status = visitor.get(f"/requests/{token_for(cast.desk, 'requester', request_id)}").text
    told = status.partition("Other than you asked")[2].partition("</ul>")[0]
    for said in ("Format: hardback, 500 copies", "Territory: Canada", "until 31\u00a0December 2029"):
        assert said in told
    assert "Purpose" not in told  # as it was asked
    again = visitor.get(
        f"/desk/requests/{request_id}"
    ).text  # decided anew, the form begins with what was granted
    assert 'value="500"' in again
    assert 'value="Canada"' in again


def test_the_owners_limits_are_filled_in_so_that_the_grant_can_be_given(cast: Cast, visitor: Visitor) -> None:
    request_id = ask_for(cast, wire_piece(cast))
    (item,) = items_of(cast, request_id)
    owner = {"owner": "Meridian Wire", "email": "rights@meridian-wire.example"}
    enquiry = referring.enquire(cast.desk, cast.bob, request_id, [item.id], **owner)
    said = {
        "name": "Pia Stern",
        "words": "Five hundred for Canada, with our line.",
        "territory": ["CA"],
        "copies": "500",
        "credit_line": "Meridian Wire, by leave.",
    }
    owners_door.answer_enquiry(cast.desk, token_for(cast.desk, "owner", enquiry), "grant", said)
    come_in(cast, visitor, "bob")
    page = visitor.get(f"/desk/requests/{request_id}").text
    for shown in ("Only in: Canada", "At most 500 copies", "The owner allows less than was asked for"):
        assert shown in page
    filled = visitor.fields(page, f"/items/{item.id}/grant")
    assert filled[f"{item.id}.grant.credit_line"] == ["Meridian Wire, by leave."]
    assert "exact_credit_line" in filled[f"{item.id}.grant.conditions"]
    fields = {name: values for name, values in filled.items() if name.startswith(item.id)}
    assert send(visitor, request_id, f"items/{item.id}/grant", **fields).status_code == 303
