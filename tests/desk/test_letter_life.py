"""After the letter: the owner's door, top-up, revocation, upstream change, verification."""

import json

import pytest

from ledger.desk.letters import finishing, issuing, letter_life, revoking
from ledger.desk.letters.verifying import verify_file, verify_ledger, verify_number
from ledger.desk.links import token_for
from ledger.desk.refusals import BadInput, Clash, NotFound, Unavailable
from ledger.desk.register import claiming
from ledger.desk.register.registering import register_piece
from ledger.desk.requests import deciding, owners_door, referring, topping_up
from ledger.desk.requests.requesting import submit_request
from ledger.letters import standalone
from ledger.records import outbox
from ledger.records.journal_publishing import verifier_key
from ledger.records.letters import letters_waiting
from ledger.records.requests import load_items, load_request
from ledger.records.tenant import Tenant
from tests.desk.test_main_job import PRINT, form, items_of, own, wire  # noqa: F401


def granted(cast, piece):
    sent = submit_request(cast.desk, form(cast, piece.id), verified=True)
    text = piece.components[0].id
    with cast.desk.database.reading() as connection:
        items = load_items(Tenant(connection, cast.harbour.id), sent.request_id)
    for item in items:
        if item.component_id == text:
            deciding.decide(cast.desk, cast.bob, sent.request_id, item.id, "granted")
        else:
            deciding.decide(
                cast.desk, cast.bob, sent.request_id, item.id, "declined", {"reason": "Not ours."}
            )
    return sent.request_id, issuing.issue(cast.desk, cast.bob, sent.request_id)


def owner_grants(cast, wire, use=PRINT, **limits):
    sent = submit_request(cast.desk, form(cast, wire.id, use=use), verified=True)
    items = items_of(cast, sent.request_id)
    enquiry = referring.enquire(
        cast.desk, cast.bob, sent.request_id, items, owner="Meridian Wire", email="rights@meridian.example"
    )
    words = "Fenwick Books may print it once, with our name."
    token = token_for(cast.desk, "owner", enquiry)
    owners_door.answer_enquiry(cast.desk, token, "grant", {"name": "Pia Stern", "words": words, **limits})
    return sent.request_id, items, token, words


def test_the_letter_cites_the_words_the_owner_gave_at_the_door(cast, wire):
    request_id, items, token, words = owner_grants(cast, wire)
    for item in items:
        deciding.decide(cast.desk, cast.bob, request_id, item, "granted")
    letter = issuing.issue(cast.desk, cast.bob, request_id)
    grant = json.loads(cast.desk.evidence.get(letter.document["grant_sha256"]))
    assert any(words in ground["quote"] for clause in grant["lg:clauses"] for ground in clause["grounds"])
    with pytest.raises(Clash, match="answered already"):
        owners_door.answer_enquiry(cast.desk, token, "decline", {"name": "Pia Stern"})


def test_what_the_owner_gave_to_one_asker_is_not_passed_on_to_another(cast, wire):
    owner_grants(cast, wire)
    other = {
        **form(cast, wire.id),
        "name": "Carol Ash",
        "email": "carol@ash.example",
        "licensee": "Ash & Sons",
    }
    sent = submit_request(cast.desk, other, verified=True)
    (item,) = items_of(cast, sent.request_id)
    with pytest.raises(Clash, match="cannot grant"):
        deciding.decide(cast.desk, cast.bob, sent.request_id, item, "granted")


def test_a_grant_wider_than_what_the_owner_allows_is_refused(cast, wire):
    request_id, (item,), *_ = owner_grants(cast, wire, territory=["CA"])
    with pytest.raises(Clash, match="cannot grant"):
        deciding.decide(cast.desk, cast.bob, request_id, item, "granted")
    less = {"use": {"territory": ["CA"]}}
    assert deciding.decide(cast.desk, cast.bob, request_id, item, "granted", less).state == "decided"


def test_when_the_ground_ends_its_letters_are_named_and_no_new_grant_rests_on_it(cast, wire):
    request_id, (item,), *_ = owner_grants(cast, wire)
    deciding.decide(cast.desk, cast.bob, request_id, item, "granted")
    letter = issuing.issue(cast.desk, cast.bob, request_id)
    inbound = next(iter(terms_given(cast, wire.id)))
    ended = claiming.end_terms(cast.desk, cast.bob, inbound, "The owner has sold the rights.")
    assert [each.number for each in ended.letters] == [letter.number]


def terms_given(cast, piece_id):
    from ledger.records.pieces import load_piece

    with cast.desk.database.reading() as connection:
        piece = load_piece(connection, piece_id).piece
    return [terms.id for terms in piece.terms if terms.kind == "inbound"]


def test_a_revoked_letter_says_so_to_whoever_checks_it(cast, own):
    _, letter = granted(cast, own)
    assert verify_file(cast.desk, letter.sha256).state == "valid"
    with pytest.raises(BadInput):
        revoking.revoke(cast.desk, cast.bob, letter.id, " ")
    notice = revoking.revoke(cast.desk, cast.bob, letter.id, "Granted by mistake.")
    assert (notice.kind, notice.state) == ("revocation", "issued")
    assert verify_file(cast.desk, letter.sha256).state == "revoked"
    assert verify_number(cast.desk, letter.number).state == "revoked"
    with pytest.raises(Clash, match="nothing left"):
        revoking.revoke(cast.desk, cast.bob, letter.id, "Again.")


def revocation_mails(cast, request_id):
    with cast.desk.database.reading() as connection:
        mails = outbox.of_request(connection, cast.harbour.id, request_id)
    return [each for each in mails if each.template == "letter_revoked"]


def test_the_letter_of_revocation_goes_to_the_holder(cast, own):
    request_id, letter = granted(cast, own)
    notice = revoking.revoke(cast.desk, cast.bob, letter.id, "Granted by mistake.")
    (mail,) = revocation_mails(cast, request_id)
    assert mail.subject == f"Letter {letter.number} has been revoked"
    assert [each["sha256"] for each in mail.attachments] == [notice.sha256]
    assert "The letter of revocation is attached." in mail.text
    assert f"/verify/{letter.number}" in mail.text


def test_the_holder_is_told_at_once_where_the_file_has_to_wait(cast, own, monkeypatch):
    request_id, letter = granted(cast, own)

    def broken(*_):
        raise Unavailable("The token is not plugged in.")

    with monkeypatch.context() as patch:
        patch.setattr(finishing, "make_file", broken)
        with pytest.raises(Unavailable):
            revoking.revoke(cast.desk, cast.bob, letter.id, "Granted by mistake.")
    (first,) = revocation_mails(cast, request_id)
    assert (first.attachments, "is attached" in first.text) == ([], False)
    with cast.desk.database.reading() as connection:
        (notice,) = letters_waiting(Tenant(connection, cast.harbour.id))
    finishing.finish(cast.desk, cast.harbour.id, notice.id)
    assert [len(each.attachments) for each in revocation_mails(cast, request_id)] == [0, 1]


def test_a_top_up_is_an_amendment_that_names_what_changes(cast, own):
    request_id, letter = granted(cast, own)
    with cast.desk.database.reading() as connection:
        row = load_request(Tenant(connection, cast.harbour.id), request_id)
    with pytest.raises(BadInput):
        topping_up.ask_for_top_up(cast.desk, row, letter, {"portion": "excerpt"})
    more = {"formats": [{"format": "hardback", "print_run": 5000}]}
    sent = topping_up.ask_for_top_up(cast.desk, row, letter, more)
    with cast.desk.database.reading() as connection:
        items = load_items(Tenant(connection, cast.harbour.id), sent.request_id)
    for item in items:
        mine = item.component_id == own.components[0].id
        details = {} if mine else {"reason": "Not ours."}
        deciding.decide(
            cast.desk, cast.bob, sent.request_id, item.id, "granted" if mine else "declined", details
        )
    amendment = issuing.issue(cast.desk, cast.bob, sent.request_id)
    assert amendment.kind == "amendment"
    assert [change["after"] for change in amendment.document["matter"]["changes"]] == ["5000 copies"]
    assert verify_number(cast.desk, letter.number).letter.state == "amended"


def test_a_letter_is_believed_without_us_by_its_own_proof(cast, own):
    _, letter = granted(cast, own)
    pdf = cast.desk.evidence.get(letter.sha256)
    with cast.desk.database.reading() as connection:
        key = verifier_key(connection, cast.harbour.id).vkey
    report = standalone.check(pdf, key)
    assert (report["state"], report["letter"]) == ("valid", letter.number), report["reason"]
    assert standalone.check(pdf)["state"] == "unknown_key"
    at = pdf.rindex(b"startxref") - 40
    changed = pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :]
    assert standalone.check(changed, key)["state"] == "tampered"
    with pytest.raises(NotFound):
        verify_file(cast.desk, "0" * 64)


def test_the_ledger_verifies_itself_and_names_a_changed_file(cast, own):
    _, letter = granted(cast, own)
    assert all(report.first is None for report in verify_ledger(cast.desk))
    path = cast.desk.evidence.path(letter.sha256)
    path.chmod(0o600)
    path.write_bytes(path.read_bytes() + b" ")
    problems = [report.first.text for report in verify_ledger(cast.desk) if report.first]
    assert any(letter.number in problem for problem in problems)


def test_a_use_that_needs_no_leave_is_confirmed_in_writing_at_once(cast, pages):
    river = register_piece(cast.desk, cast.edith, pages["river-survey.html"])
    free = {"action": "republish_full", "channel": "community_site", "is_commercial": False}
    sent = submit_request(cast.desk, form(cast, river.id, use=free), verified=True)
    letter = issuing.issue(cast.desk, cast.bob, sent.request_id)
    assert letter.kind == "no_permission_needed"


@pytest.mark.parametrize(
    ("language", "said"),
    [("fr", "31 décembre 2026"), ("de", "31. Dezember 2026"), ("en", "taken down by 31 December 2026")],
)
def test_a_holder_is_reminded_of_a_duty_in_the_language_they_wrote_in(cast, own, language, said):
    use = {**PRINT, "duration": "fixed_term", "end": "2026-12-31"}
    asked = {**form(cast, own.id, use=use), "language": language}
    sent = submit_request(cast.desk, asked, verified=True)
    for item in items_of(cast, sent.request_id):
        decision = "granted" if item == items_of(cast, sent.request_id)[0] else "declined"
        deciding.decide(cast.desk, cast.bob, sent.request_id, item, decision, {"reason": "Not ours."})
    issuing.issue(cast.desk, cast.bob, sent.request_id)
    cast.clock.now = cast.clock().replace(month=12, day=20)
    assert letter_life.remind_of_obligations(cast.desk) == 1
    with cast.desk.database.reading() as connection:
        mails = outbox.of_request(connection, cast.harbour.id, sent.request_id)
    (mail,) = [each for each in mails if each.template == "obligations_reminder"]
    text = " ".join(mail.text.split())  # as it reads, wherever its lines end
    assert said in text
    assert ("taken down" in text) is (language == "en")
