"""The owner is asked, and whatever the owner answers is heard: once, by a link that opens one door for a while."""

import json
from dataclasses import replace

import pytest

from ledger.desk import links
from ledger.desk.house.publishers import update_publisher
from ledger.desk.letters import issuing
from ledger.desk.refusals import BadInput, Clash, NotAllowed, NotFound
from ledger.desk.register import claiming
from ledger.desk.register.registering import register_piece
from ledger.desk.requests import deciding, following, owners_door, referring
from ledger.desk.requests.owners_door import answer_enquiry, owners_view
from ledger.desk.requests.requesting import submit_request
from ledger.ids import new_id
from ledger.records import outbox
from ledger.records.filing import store_terms
from ledger.records.journal_reading import entries, size_of
from ledger.records.offers import load_enquiry
from ledger.records.pieces import load_piece
from ledger.records.requests import load_events, load_items, load_request
from ledger.records.tenant import Tenant
from tests.desk.test_main_job import form, items_of, wire  # noqa: F401

OWNER = {"owner": "Meridian Wire", "email": "rights@meridian-wire.example"}
WORDS = "Fenwick Books may print it once, with our name."
SIGNED = {"name": "Pia Stern"}


@pytest.fixture
def asked(cast, wire):
    """A request for a text of Meridian Wire, which Bob has referred: (request id, item ids, enquiry id)."""
    sent = submit_request(cast.desk, form(cast, wire.id), verified=True)
    items = items_of(cast, sent.request_id)
    enquiry = referring.enquire(cast.desk, cast.bob, sent.request_id, items, **OWNER)
    return sent.request_id, items, enquiry


def door(cast, enquiry):
    return links.token_for(cast.desk, "owner", enquiry)


def mails(cast, request_id, template=None):
    with cast.desk.database.reading() as connection:
        found = outbox.of_request(connection, cast.harbour.id, request_id)
    return [each for each in found if template in (None, each.template)]


def request_row(cast, request_id):
    with cast.desk.database.reading() as connection:
        return load_request(Tenant(connection, cast.harbour.id), request_id)


def enquiry_row(cast, enquiry):
    with cast.desk.database.reading() as connection:
        return load_enquiry(Tenant(connection, cast.harbour.id), enquiry)


def test_the_owner_is_mailed_the_link_and_the_requester_is_told(cast, asked):
    request_id, _, enquiry = asked
    (mail,) = mails(cast, request_id, "owner_enquiry")
    assert mail.recipient == OWNER["email"]
    assert f"/owner/{door(cast, enquiry)}" in mail.text
    (told,) = mails(cast, request_id, "referred")
    assert told.recipient == cast.alice.email
    assert door(cast, enquiry) not in told.text
    row = request_row(cast, request_id)
    assert (row.state, row.turn) == ("awaiting_holder", "holder")


def test_the_use_is_told_to_the_owner_in_the_language_of_the_mail(cast, wire):
    update_publisher(cast.desk, cast.ada, language="es")
    sent = submit_request(cast.desk, form(cast, wire.id), verified=True)
    referring.enquire(cast.desk, cast.bob, sent.request_id, items_of(cast, sent.request_id), **OWNER)
    (mail,) = mails(cast, sent.request_id, "owner_enquiry")
    assert "Parte: artículo completo" in mail.text
    assert "Territorio: Todo el mundo" in mail.text
    assert "Portion" not in mail.text


def test_looking_decides_nothing(cast, asked):
    request_id, _, enquiry = asked
    before = request_row(cast, request_id)
    for _ in range(3):
        assert owners_view(cast.desk, door(cast, enquiry)).requester == "Fenwick Books Ltd"
    assert request_row(cast, request_id) == before
    assert enquiry_row(cast, enquiry).state == "sent"


@pytest.mark.parametrize(
    ("reply", "details", "state"),
    [
        ("grant", {"words": WORDS}, "granted"),
        ("decline", {}, "declined"),
        ("quote", {"words": "For 80 dollars."}, "quoted"),
        ("not_mine", {"ask": "The Lantern", "contact": "desk@lantern.example"}, "not_mine"),
    ],
)
def test_each_answer_is_kept_told_to_the_requester_and_left_for_staff_to_decide(
    cast, asked, reply, details, state
):
    request_id, items, enquiry = asked
    answer_enquiry(cast.desk, door(cast, enquiry), reply, {**SIGNED, **details})
    kept = enquiry_row(cast, enquiry)
    assert (kept.state, kept.answered_from, kept.answered_at) == (state, OWNER["email"], cast.clock())
    evidence = json.loads(cast.desk.evidence.get(kept.answer["evidence_sha256"]))
    assert (evidence["reply"], evidence["from"], evidence["name"]) == (reply, OWNER["email"], "Pia Stern")
    row = request_row(cast, request_id)
    assert (row.state, row.turn) == ("in_review", "staff")
    with cast.desk.database.reading() as connection:
        tenant = Tenant(connection, cast.harbour.id)
        assert all(item.decision is None for item in load_items(tenant, request_id))
        assert [each.actor for each in load_events(tenant, request_id)][-1] == "holder"
    (told,) = mails(cast, request_id, "owner_answered")
    assert told.recipient == cast.alice.email
    assert details.get("words", "Meridian Wire") in told.text
    assert "Nothing is permitted until" in " ".join(told.text.split())
    seen = following.status(cast.desk, links.token_for(cast.desk, "requester", request_id))
    assert [each.state for each in seen.enquiries] == [state]
    if reply != "grant":  # nothing but the owner's leave makes the publisher able to grant
        with pytest.raises(Clash, match="cannot grant"):
            deciding.decide(cast.desk, cast.bob, request_id, items[0], "granted")


def test_a_second_answer_is_refused_and_changes_nothing(cast, asked):
    request_id, _, enquiry = asked
    answer_enquiry(cast.desk, door(cast, enquiry), "decline", SIGNED)
    first = enquiry_row(cast, enquiry)
    with pytest.raises(Clash, match="answered already"):
        answer_enquiry(cast.desk, door(cast, enquiry), "grant", {**SIGNED, "words": WORDS})
    assert enquiry_row(cast, enquiry) == first
    assert len(mails(cast, request_id, "owner_answered")) == 1


@pytest.mark.parametrize(
    ("reply", "details", "field"),
    [
        ("maybe", SIGNED, "reply"),
        ("grant", SIGNED, "words"),
        ("quote", SIGNED, "words"),
        ("decline", {}, "name"),
        ("decline", {**SIGNED, "words": "a" * 10_001}, "words"),
        ("not_mine", {**SIGNED, "contact": "nobody"}, "contact"),
    ],
)
def test_a_wrong_answer_is_refused_by_its_field(cast, asked, reply, details, field):
    *_, enquiry = asked
    with pytest.raises(BadInput) as refused:
        answer_enquiry(cast.desk, door(cast, enquiry), reply, details)
    assert field in refused.value.errors
    assert enquiry_row(cast, enquiry).state == "sent"


def test_the_letter_gives_the_owners_words_with_their_address_and_day(cast, asked):
    request_id, items, enquiry = asked
    answer_enquiry(cast.desk, door(cast, enquiry), "grant", {**SIGNED, "words": WORDS})
    for item in items:
        deciding.decide(cast.desk, cast.bob, request_id, item, "granted")
    (letter,) = issuing.preview(cast.desk, cast.bob, request_id)
    said = "".join(str(run.text) for section in letter.sections for run in _runs(section))
    assert f"“{WORDS}” ({OWNER['email']}, 6\u00a0March 2026)" in said


def _runs(section):
    return [run for clause in section.clauses for paragraph in clause.paragraphs for run in paragraph]


def test_the_link_opens_its_one_door_for_sixty_days(cast, asked):
    *_, enquiry = asked
    for purpose in ("requester", "verify"):
        with pytest.raises(NotFound):
            owners_view(cast.desk, links.token_for(cast.desk, purpose, enquiry))
    with pytest.raises(NotFound):
        following.status(cast.desk, door(cast, enquiry))
    cast.clock.go_on(days=59)
    owners_view(cast.desk, door(cast, enquiry))
    cast.clock.go_on(days=2)
    with pytest.raises(NotFound, match="does not open"):
        owners_view(cast.desk, door(cast, enquiry))
    with pytest.raises(NotFound, match="does not open"):
        answer_enquiry(cast.desk, door(cast, enquiry), "grant", {**SIGNED, "words": WORDS})


def test_a_request_that_was_withdrawn_needs_no_answer_any_more(cast, asked):
    request_id, _, enquiry = asked
    following.withdraw(cast.desk, links.token_for(cast.desk, "requester", request_id))
    assert owners_view(cast.desk, door(cast, enquiry)).closed
    with pytest.raises(Clash, match="closed in the meantime"):
        answer_enquiry(cast.desk, door(cast, enquiry), "grant", {**SIGNED, "words": WORDS})
    assert enquiry_row(cast, enquiry).state == "sent"


def test_an_enquiry_needs_an_owner_an_address_something_to_ask_about_and_an_officer(cast, wire):
    request_id = submit_request(cast.desk, form(cast, wire.id), verified=True).request_id
    items = items_of(cast, request_id)
    ask = referring.enquire
    with pytest.raises(BadInput, match="Name the owner"):
        ask(cast.desk, cast.bob, request_id, items, owner=" ", email=OWNER["email"])
    with pytest.raises(BadInput, match="address"):
        ask(cast.desk, cast.bob, request_id, items, owner="Meridian Wire", email="a@b\nBcc: c@d.example")
    with pytest.raises(BadInput, match="Choose what"):
        ask(cast.desk, cast.bob, request_id, [], **OWNER)
    with pytest.raises(NotAllowed):
        ask(cast.desk, cast.edith, request_id, items, **OWNER)
    with pytest.raises(NotFound):
        ask(cast.desk, cast.charlie, request_id, items, **OWNER)
    assert not mails(cast, request_id, "owner_enquiry")
    ask(cast.desk, cast.bob, request_id, items, **OWNER)
    with pytest.raises(Clash, match="asked about this already"):
        ask(cast.desk, cast.bob, request_id, items, **OWNER)
    assert len(mails(cast, request_id, "owner_enquiry")) == 1


def test_two_owners_may_be_asked_and_both_are_heard(cast, asked):
    request_id, items, first = asked
    second = referring.enquire(
        cast.desk, cast.bob, request_id, items, owner="The Lantern", email="desk@lantern.example"
    )
    answer_enquiry(cast.desk, door(cast, first), "not_mine", SIGNED)
    answer_enquiry(cast.desk, door(cast, second), "decline", SIGNED)
    with cast.desk.database.reading() as connection:
        events = load_events(Tenant(connection, cast.harbour.id), request_id)
    assert [each.document["reply"] for each in events if each.actor == "holder"] == ["not_mine", "decline"]


def test_when_an_owners_terms_end_their_letters_are_named_and_no_further_grant_rests_on_them(
    cast, asked, wire
):
    request_id, (item,), enquiry = asked
    answer_enquiry(cast.desk, door(cast, enquiry), "grant", {**SIGNED, "words": WORDS})
    terms = for_any_asker(cast, wire.id)
    deciding.decide(cast.desk, cast.bob, request_id, item, "granted")
    own = issuing.issue(cast.desk, cast.bob, request_id)
    first, second, third = (another_asks(cast, wire, name) for name in ("Ash", "Birch", "Cedar"))
    deciding.decide(cast.desk, cast.bob, *first, "granted")
    letter = issuing.issue(cast.desk, cast.bob, first[0])
    deciding.decide(cast.desk, cast.bob, *second, "granted")
    with pytest.raises(BadInput):
        claiming.end_terms(cast.desk, cast.bob, terms.id, " ")
    ended = claiming.end_terms(cast.desk, cast.bob, terms.id, "Meridian Wire has sold the rights.")
    assert letter.number in [each.number for each in ended.letters]
    (notice,) = mails(cast, first[0], "upstream_change")
    assert notice.recipient == "ash@ash.example"
    assert letter.number in notice.text
    assert "Meridian Wire has sold the rights." in notice.text
    assert own.number not in notice.text
    with pytest.raises(Clash, match="cannot grant"):
        deciding.decide(cast.desk, cast.bob, *third, "granted")
    with pytest.raises(Clash, match="may no longer be given"):  # decided before, not issued after
        issuing.issue(cast.desk, cast.bob, second[0])


def another_asks(cast, wire, name):
    given = {
        **form(cast, wire.id),
        "email": f"{name.lower()}@{name.lower()}.example",
        "licensee": f"{name} Ltd",
    }
    request_id = submit_request(cast.desk, given, verified=True).request_id
    return request_id, items_of(cast, request_id)[0]


def for_any_asker(cast, piece_id):
    """The owner's answer, recorded once more as an agreement that names nobody."""
    with cast.desk.database.writing() as connection:
        given = next(each for each in load_piece(connection, piece_id).piece.terms if each.kind == "inbound")
        rules = tuple(replace(rule, sublicensee=None) for rule in given.rules)
        terms = replace(given, id=new_id("tm"), rules=rules, name="Agreement of 2026")
        store_terms(Tenant(connection, cast.harbour.id), terms, cast.clock(), piece_ids=(piece_id,))
    return terms


def test_the_owners_address_is_not_shown_with_the_piece(cast, asked, wire):
    *_, enquiry = asked
    answer_enquiry(cast.desk, door(cast, enquiry), "grant", {**SIGNED, "words": WORDS})
    with cast.desk.database.reading() as connection:
        piece = load_piece(connection, wire.id).piece
    assert not any(OWNER["email"] in str(claim.evidence) for claim in piece.claims)


def test_the_states_of_the_door_are_those_of_the_rights(cast):
    assert set(owners_door.STATE_OF) == set(owners_door.HolderReply)


def test_the_journal_anybody_may_read_names_no_owner_who_was_asked(cast, asked):
    _, items, _ = asked
    with cast.desk.database.reading() as connection:
        leaves = [
            each.leaf
            for each in entries(connection, cast.harbour.id, 0, size_of(connection, cast.harbour.id))
        ]
    referred = [each for each in leaves if b"item.referred" in each]
    assert len(referred) == len(items)
    assert not any(OWNER["owner"].encode() in each or OWNER["email"].encode() in each for each in referred)


@pytest.mark.parametrize("name", ["Pia\u202e Stern", "Pia\nStern", "\u200b", "\x9b31mPia"])
def test_an_owner_signs_with_a_name_that_can_be_seen(cast, asked, name):
    *_, enquiry = asked
    with pytest.raises(BadInput) as refused:
        answer_enquiry(cast.desk, door(cast, enquiry), "not_mine", {"name": name, "ask": name})
    assert set(refused.value.errors) == {"name", "ask"}


def test_when_a_claim_is_withdrawn_the_holders_of_letters_on_it_are_told(cast, pages):
    piece = register_piece(cast.desk, cast.edith, pages["the-signal-house.html"])
    request_id, item = another_asks(cast, piece, "Ash")
    deciding.decide(cast.desk, cast.bob, request_id, item, "granted")
    for other in items_of(cast, request_id)[1:]:  # the photograph is somebody else's
        deciding.decide(cast.desk, cast.bob, request_id, other, "declined", {"reason": "Not ours to give."})
    letter = issuing.issue(cast.desk, cast.bob, request_id)
    claim = piece.claims[0]
    for reason in ("", "x" * 5_001):
        with pytest.raises(BadInput) as told:
            claiming.drop_claim(cast.desk, cast.bob, piece.id, claim.id, reason)
        assert set(told.value.errors) == {"reason"}
    found = claiming.drop_claim(cast.desk, cast.bob, piece.id, claim.id, "The author never signed it over.")
    assert [each.number for each in found] == [letter.number]
    (notice,) = mails(cast, request_id, "upstream_change")
    assert notice.recipient == "ash@ash.example"
    assert "our record of who holds" in " ".join(notice.text.split())
    assert "The author never signed it over." in notice.text
    assert "terms of another owner" not in " ".join(notice.text.split())


def test_a_claim_that_no_letter_rests_on_is_withdrawn_without_a_word(cast, wire):
    assert claiming.drop_claim(cast.desk, cast.bob, wire.id, wire.claims[0].id) == []
