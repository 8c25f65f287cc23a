"""A letter with an error replaced by a corrected one: nothing wider, duties carried over, everybody told."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest

from ledger.desk.letters import finishing, issuing, revoking, superseding
from ledger.desk.letters.letter_life import complete_obligation, expire_letters, matter_of
from ledger.desk.letters.letter_view import letter_view
from ledger.desk.letters.verifying import verify_file, verify_ledger, verify_number
from ledger.desk.links import token_for
from ledger.desk.refusals import BadInput, Clash, NotAllowed, NotFound
from ledger.desk.register.claiming import end_terms
from ledger.desk.register.registering import confirm_piece, draft_piece, draft_record
from ledger.desk.requests import deciding, quoting, topping_up
from ledger.desk.requests.following import answer_offer, status
from ledger.desk.requests.quoting import by_hand
from ledger.desk.requests.requesting import submit_request
from ledger.journal.entry import read_leaf
from ledger.letters import standalone
from ledger.letters.verify import verify_letter
from ledger.records import outbox
from ledger.records.granted import grants_about
from ledger.records.journal_publishing import verifier_key
from ledger.records.journal_reading import entries
from ledger.records.letters import load_letter, load_obligations
from ledger.records.requests import load_request
from ledger.records.tenant import Tenant
from tests.desk.test_issuing_concurrently import DATABASES, decided_request, house, quick_file  # noqa: F401
from tests.desk.test_letter_life import granted, owner_grants, terms_given
from tests.desk.test_main_job import PRINT, form, items_of, own, wire  # noqa: F401
from tests.postgres import postgres_server, postgres_url  # noqa: F401

RIGHT_NAME = {"licensee": "Fenwick Books Limited", "use": {"title": "Waiting at the Narrows, a Reader"}}


def tenant_of(cast, connection):
    return Tenant(connection, cast.harbour.id)


def letter_of(cast, letter_id):
    with cast.desk.database.reading() as connection:
        return load_letter(tenant_of(cast, connection), letter_id)


def duties_of(cast, letter_id):
    with cast.desk.database.reading() as connection:
        return load_obligations(tenant_of(cast, connection), letter_id)


def said_in(letter):
    return {clause["code"]: clause["text"] for clause in letter}


def clauses_of(cast, letter):
    return said_in(json.loads(cast.desk.evidence.get(letter.document["grant_sha256"]))["lg:clauses"])


def test_the_corrected_letter_says_which_one_it_replaces_and_what_it_corrects(cast, own):
    _, old = granted(cast, own)
    new = superseding.supersede(cast.desk, cast.bob, old.id, {**RIGHT_NAME, "reason": "A slip of ours."})
    assert (new.kind, new.state, new.replaces) == ("grant", "issued", old.id)
    said = clauses_of(cast, new)
    assert f"This letter replaces letter {old.number} of" in said["opening"]
    assert said["change_licensee"] == "Before: Fenwick Books Ltd\nNow: Fenwick Books Limited"
    assert "Now: Waiting at the Narrows, a Reader" in said["change_publication"]
    assert said["replacement_reason"] == "A slip of ours."
    assert (said["licensee"], said["publication"]) == (
        "Fenwick Books Limited",
        "Waiting at the Narrows, a Reader",
    )
    assert new.assignee == "Fenwick Books Limited"
    assert letter_of(cast, old.id) == replace(old, state="superseded")  # nothing but its state


def test_whoever_verifies_the_old_letter_is_sent_to_the_new_and_both_files_are_whole(cast, own):
    _, first = granted(cast, own)
    second = superseding.supersede(cast.desk, cast.bob, first.id, RIGHT_NAME)
    third = superseding.supersede(cast.desk, cast.bob, second.id, {"credit_line": "© Harbour Review"})
    for found in (verify_file(cast.desk, first.sha256), verify_number(cast.desk, first.number)):
        assert (found.state, found.later.number) == ("superseded", third.number)
    assert verify_file(cast.desk, third.sha256).state == "valid"
    with cast.desk.database.reading() as connection:
        key = verifier_key(connection, cast.harbour.id).vkey
    for letter, replaces in ((first, None), (second, first.number), (third, second.number)):
        pdf = cast.desk.evidence.get(letter.sha256)
        report = standalone.check(pdf, key)
        assert (report["state"], report.get("replaces")) == ("valid", replaces)
        verdict = verify_letter(pdf, vkey=key)
        assert (verdict.code, verdict.facts.get("replaces")) == (0, replaces)
    assert all(report.holds for report in verify_ledger(cast.desk))


def test_the_journal_tells_the_whole_story_and_a_state_put_back_is_found_out(cast, own):
    _, old = granted(cast, own)
    new = superseding.supersede(cast.desk, cast.bob, old.id, RIGHT_NAME)
    with cast.desk.database.reading() as connection:
        told = [read_leaf(each.leaf) for each in entries(connection, cast.harbour.id)]
    kinds = [(e.kind, e.payload["number"]) for e in told if e.kind.startswith("letter.")]
    assert kinds == [
        ("letter.decided", old.number),
        ("letter.issued", old.number),
        ("letter.decided", new.number),
        ("letter.superseded", old.number),
        ("letter.issued", new.number),
    ]
    (entry,) = [e for e in told if e.kind == "letter.superseded"]
    assert (entry.payload["by_letter"], entry.payload["by"]) == (new.number, cast.bob.person_id)
    with cast.desk.database.writing() as connection:
        connection.exec_driver_sql("UPDATE letter SET state = 'issued'")
    problems = [report.first.text for report in verify_ledger(cast.desk) if report.first]
    assert problems == [f"letter {old.number} is issued in the register but superseded in the journal"]


def test_a_letter_that_expired_or_was_revoked_agrees_with_its_journal(cast, own):
    _, one = granted(cast, own)
    revoking.revoke(cast.desk, cast.bob, one.id, "Granted by mistake.")
    _, two = granted_until(cast, own, date(2027, 1, 31))
    cast.clock.now += timedelta(days=800)
    assert expire_letters(cast.desk) == 1
    assert all(report.holds for report in verify_ledger(cast.desk))
    with cast.desk.database.writing() as connection:
        connection.exec_driver_sql("UPDATE letter SET state = 'issued' WHERE state IN ('revoked', 'expired')")
    (report,) = [report for report in verify_ledger(cast.desk) if report.problems]
    assert {problem.text.split(" is ")[0] for problem in report.problems} == {
        f"letter {one.number}",
        f"letter {two.number}",
    }


def granted_until(cast, piece, end, **details):
    use = {**PRINT, "duration": "fixed_term", "start": "2026-11-20", "end": end.isoformat()}
    other = {**form(cast, piece.id, use=use), "email": "carol@ash.example", "name": "Carol Ash"}
    sent = submit_request(cast.desk, other, verified=True)
    text, *rest = items_of(cast, sent.request_id)
    if "fee" in details:
        priced = by_hand([("Flat fee", details["fee"]["minor"])], details["fee"]["currency"])
        quote = quoting.offer(cast.desk, cast.bob, sent.request_id, priced)
        answer_offer(cast.desk, token_for(cast.desk, "requester", sent.request_id), quote, accept=True)
    deciding.decide(cast.desk, cast.bob, sent.request_id, text, "granted", details)
    for item in rest:
        deciding.decide(cast.desk, cast.bob, sent.request_id, item, "declined", {"reason": "Not ours."})
    return sent.request_id, issuing.issue(cast.desk, cast.bob, sent.request_id)


def test_the_holder_is_told_with_the_new_file_and_in_the_letters_language(cast, own):
    request_id, old = granted(cast, own)
    new = superseding.supersede(cast.desk, cast.bob, old.id, {**RIGHT_NAME, "reason": "A slip of ours."})
    with cast.desk.database.reading() as connection:
        mails = outbox.of_request(connection, cast.harbour.id, request_id)
    (mail,) = [each for each in mails if each.template == "letter_replaced"]
    assert [each["sha256"] for each in mail.attachments] == [new.sha256]
    assert mail.subject == f"Letter {new.number} replaces letter {old.number}"
    assert "A slip of ours." in mail.text
    assert "Fenwick" not in mail.subject
    assert len([each for each in mails if each.template == "decided"]) == 1
    seen = status(cast.desk, token_for(cast.desk, "requester", request_id))
    assert [(each.number, each.state) for each in seen.letters] == [
        (old.number, "superseded"),
        (new.number, "issued"),
    ]


def test_duties_are_carried_over_and_not_doubled(cast, own):
    fee = {"minor": 25000, "currency": "EUR"}
    conditions = [{"code": "voucher_copy", "modality": "must", "timing": "after"}]
    _, old = granted_until(cast, own, date(2028, 1, 31), fee=fee, conditions=conditions)
    before = {duty.code: duty for duty in duties_of(cast, old.id)}
    assert set(before) == {"fee", "voucher_copy", "takedown"}
    complete_obligation(cast.desk, cast.bob, old.id, before["fee"].id, "Paid.")
    new = superseding.supersede(cast.desk, cast.bob, old.id, {"use": {"end": "2027-12-31"}})
    assert duties_of(cast, old.id) == []
    after = {duty.code: duty for duty in duties_of(cast, new.id)}
    assert {code: duty.id for code, duty in after.items()} == {code: each.id for code, each in before.items()}
    assert after["fee"].done_note == "Paid."
    assert (after["takedown"].due, after["takedown"].text) == (
        date(2027, 12, 31),
        "Take the copies down",
    )
    assert new.valid_until == date(2027, 12, 31)
    said = clauses_of(cast, new)
    assert "on the date of this letter" in said["effect"]  # the fee is paid: nothing waits for it any more
    assert "once the fee has been paid" in clauses_of(cast, old)["effect"]


WIDER = [
    {"use": {"end": "2029-01-31"}},
    {"use": {"start": "2026-01-01"}},
    {"use": {"territory": "world"}},
    {"use": {"language": "fr"}},
    {"use": {"formats": [{"format": "hardback", "print_run": 2001}]}},
    {"use": {"formats": [{"format": "ebook", "print_run": 10}]}},
    {"use": {"formats": [{"format": "hardback"}]}},
]


@pytest.mark.parametrize("corrections", WIDER, ids=str)
def test_a_correction_grants_nothing_wider(cast, own, corrections):
    use = {"territory": ["CA", "GB"]}
    _, old = granted_until(cast, own, date(2028, 1, 31), use=use)
    with pytest.raises(superseding.Wider, match="top-up") as refused:
        superseding.supersede(cast.desk, cast.bob, old.id, corrections)
    assert set(refused.value.fields) == {f"use.{name}" for name in corrections["use"]}
    assert letter_of(cast, old.id).state == "issued"
    assert all(report.holds for report in verify_ledger(cast.desk))


def test_a_correction_may_grant_less(cast, own):
    _, old = granted(cast, own)
    fewer = {"territory": ["CA"], "formats": [{"format": "hardback", "print_run": 1500}]}
    new = superseding.supersede(cast.desk, cast.bob, old.id, {"use": fewer})
    said = clauses_of(cast, new)
    assert said["change_territory"] == "Before: Worldwide\nNow: Canada"
    assert said["change_print_run"] == "Before: At most 2,000 copies\nNow: At most 1,500 copies"
    with cast.desk.database.reading() as connection:
        (standing,) = grants_about(tenant_of(cast, connection), own.id, cast.desk.today())
    assert (standing.letter, standing.scope.territory.included) == (new.number, {"CA"})


BAD = [
    ({}, "licensee"),
    ({"licensee": "Fenwick Books Ltd"}, "licensee"),
    ({"licensee": ""}, "licensee"),
    ({"licensee": "A\u202eB"}, "licensee"),
    ({"fee": 3}, "fee"),
    ({"use": {"portion": "excerpt"}}, "use.portion"),
    ({"use": {"identifier": "978-1-4028-9462-7"}}, "use.identifier"),
    ({"use": {"end": "soon"}}, "use.end"),
    ({"use": 7}, "use"),
    ({"use": {"territory": ""}}, "use.territory"),
    ({"use": {"territory": ["XX"]}}, "use.territory"),
    ({"use": {"language": None}}, "use.language"),
    ({"use": {"formats": []}}, "use.formats"),
]


@pytest.mark.parametrize(("corrections", "field"), BAD, ids=str)
def test_what_cannot_be_used_is_said_beside_its_field(cast, own, corrections, field):
    _, old = granted(cast, own)
    with pytest.raises(BadInput) as refused:
        superseding.supersede(cast.desk, cast.bob, old.id, corrections)
    assert field in refused.value.errors
    assert letter_of(cast, old.id).state == "issued"


def test_only_a_letter_that_grants_and_stands_can_be_replaced(cast, own, wire):
    _, old = granted(cast, own)
    with pytest.raises(NotAllowed):
        superseding.supersede(cast.desk, cast.edith, old.id, RIGHT_NAME)
    with pytest.raises(NotFound):
        superseding.supersede(cast.desk, cast.bob, "lt_none", RIGHT_NAME)
    new = superseding.supersede(cast.desk, cast.bob, old.id, RIGHT_NAME)
    with pytest.raises(Clash, match=f"superseded by letter {new.number}"):
        superseding.supersede(cast.desk, cast.bob, old.id, RIGHT_NAME)
    with pytest.raises(Clash, match="nothing left to revoke"):
        revoking.revoke(cast.desk, cast.bob, old.id, "Too late.")
    notice = revoking.revoke(cast.desk, cast.bob, new.id, "The terms were broken.")
    with pytest.raises(Clash, match="grants something"):
        superseding.supersede(cast.desk, cast.bob, notice.id, RIGHT_NAME)
    found = verify_number(cast.desk, old.number)
    assert (found.state, found.later.number) == ("superseded", new.number)
    with cast.desk.database.reading() as connection:
        assert grants_about(tenant_of(cast, connection), own.id, cast.desk.today()) == []


def test_issuing_again_gives_the_letter_that_holds(cast, own):
    request_id, old = granted(cast, own)
    new = superseding.supersede(cast.desk, cast.bob, old.id, RIGHT_NAME)
    assert issuing.issue(cast.desk, cast.bob, request_id).number == new.number


def test_a_letter_whose_ground_has_ended_is_not_replaced(cast, wire):
    request_id, (item,), *_ = owner_grants(cast, wire)
    deciding.decide(cast.desk, cast.bob, request_id, item, "granted")
    old = issuing.issue(cast.desk, cast.bob, request_id)
    end_terms(cast.desk, cast.bob, next(iter(terms_given(cast, wire.id))), "The owner has sold the rights.")
    with pytest.raises(Clash, match="may no longer be given"):
        superseding.supersede(cast.desk, cast.bob, old.id, RIGHT_NAME)


def test_what_was_put_right_in_the_register_is_put_right_in_the_letter(cast, pages):
    made = draft_piece(cast.desk, cast.edith, pages["the-signal-house.html"])
    record = draft_record(made.draft)
    piece = confirm_piece(cast.desk, cast.edith, made.piece_id, record)
    _, old = granted(cast, piece)
    confirm_piece(cast.desk, cast.edith, piece.id, {**record, "title": "The Signal House at Night"})
    new = superseding.supersede(cast.desk, cast.bob, old.id, {"reason": "The title was wrong."})
    assert clauses_of(cast, new)["change_title"].endswith("Now: The Signal House at Night")


def test_an_exclusive_letter_is_not_in_the_way_of_its_own_correction(cast, own):
    use = {**PRINT, "exclusivity": "exclusive"}
    sent = submit_request(cast.desk, form(cast, own.id, use=use), verified=True)
    text, *rest = items_of(cast, sent.request_id)
    deciding.decide(cast.desk, cast.bob, sent.request_id, text, "granted")
    for item in rest:
        deciding.decide(cast.desk, cast.bob, sent.request_id, item, "declined", {"reason": "Not ours."})
    old = issuing.issue(cast.desk, cast.bob, sent.request_id)
    new = superseding.supersede(cast.desk, cast.bob, old.id, RIGHT_NAME)
    with pytest.raises(Clash, match=new.number):  # to others it still is, under its new number
        granted_until(cast, own, date(2028, 1, 31))


def amended(cast, own):
    request_id, letter = granted(cast, own)
    with cast.desk.database.reading() as connection:
        row = load_request(tenant_of(cast, connection), request_id)
    sent = ask_for_more(cast, row, letter)
    return letter, issue_amendment(cast, own, sent)


def ask_for_more(cast, row, letter):
    more = {"formats": [{"format": "hardback", "print_run": 5000}]}
    return topping_up.ask_for_top_up(cast.desk, row, letter, more)


def issue_amendment(cast, own, sent):
    for item in items_of(cast, sent.request_id):
        with cast.desk.database.reading() as connection:
            from ledger.records.requests import load_items

            mine = next(i for i in load_items(tenant_of(cast, connection), sent.request_id) if i.id == item)
        if mine.component_id == own.components[0].id:
            deciding.decide(cast.desk, cast.bob, sent.request_id, item, "granted")
        else:
            deciding.decide(cast.desk, cast.bob, sent.request_id, item, "declined", {"reason": "Not ours."})
    return issuing.issue(cast.desk, cast.bob, sent.request_id)


def test_an_amendment_is_corrected_and_the_amended_letter_points_past_it(cast, own):
    first, amendment = amended(cast, own)
    with pytest.raises(Clash, match=f"amended by letter {amendment.number}"):
        superseding.supersede(cast.desk, cast.bob, first.id, RIGHT_NAME)
    new = superseding.supersede(
        cast.desk, cast.bob, amendment.id, {"use": {"formats": [{"format": "hardback", "print_run": 4000}]}}
    )
    assert new.kind == "amendment"
    said = clauses_of(cast, new)
    assert f"This letter replaces letter {amendment.number}" in said["opening"]
    assert f"Letter {first.number}" in said["opening"]
    texts = json.loads(cast.desk.evidence.get(new.document["grant_sha256"]))["lg:clauses"]
    runs = [clause["text"] for clause in texts if clause["code"] == "change_print_run"]
    assert runs == [
        "Before: At most 5,000 copies\nNow: At most 4,000 copies",
        "Before: At most 2,000 copies\nNow: At most 4,000 copies",
    ]
    found = verify_number(cast.desk, first.number)
    assert (found.state, found.later.number) == ("valid", new.number)
    assert letter_view(cast.desk, cast.bob, amendment.id).before.number == first.number


def test_what_is_wrong_in_an_amended_letter_is_put_right_by_way_of_its_amendment(cast, own):
    """The amendment says what holds; its correction names the right licensee, and whoever verifies either sees it."""
    first, amendment = amended(cast, own)
    with pytest.raises(Clash, match=f"amended by letter {amendment.number}. Correct that one"):
        superseding.supersede(cast.desk, cast.bob, first.id, RIGHT_NAME)
    new = superseding.supersede(cast.desk, cast.bob, amendment.id, RIGHT_NAME)
    said = clauses_of(cast, new)
    assert said["change_licensee"] == "Before: Fenwick Books Ltd\nNow: Fenwick Books Limited"
    assert f"Letter {first.number} of" in said["opening"]
    assert new.assignee == "Fenwick Books Limited"
    assert verify_number(cast.desk, first.number).later.number == new.number
    with cast.desk.database.reading() as connection:
        standing = {
            each.letter: each for each in grants_about(tenant_of(cast, connection), own.id, cast.desk.today())
        }
    assert set(standing) == {first.number, new.number}
    assert standing[new.number].assignee.name == "Fenwick Books Limited"
    assert all(report.holds for report in verify_ledger(cast.desk))


def test_a_top_up_extends_the_corrected_letter_not_the_faulty_one(cast, own):
    request_id, old = granted(cast, own)
    with cast.desk.database.reading() as connection:
        row = load_request(tenant_of(cast, connection), request_id)
    asked_before = ask_for_more(cast, row, old)
    new = superseding.supersede(cast.desk, cast.bob, old.id, {**RIGHT_NAME, "use": {"territory": ["CA"]}})
    with pytest.raises(Clash, match="still stands"):
        ask_for_more(cast, row, letter_of(cast, old.id))
    asked_after = ask_for_more(cast, row, letter_of(cast, new.id))
    with cast.desk.database.reading() as connection:
        again = load_request(tenant_of(cast, connection), asked_after.request_id)
    assert again.document["requester"]["licensee"] == "Fenwick Books Limited"
    assert again.document["use"]["territory"]["included"] == ["CA"]
    amendment = issue_amendment(cast, own, asked_before)
    assert matter_of(amendment).earlier.number == new.number
    assert letter_of(cast, new.id).state == "amended"
    assert letter_of(cast, old.id).state == "superseded"


def test_a_letter_of_two_parts_that_was_revoked_is_in_nobodys_way(cast, own):
    """Its letter carries one grant for both parts; both have to end with it."""
    use = {**PRINT, "exclusivity": "exclusive"}
    sent = submit_request(cast.desk, form(cast, own.id, use=use), verified=True)
    with cast.desk.database.reading() as connection:
        before = grants_about(tenant_of(cast, connection), own.id, cast.desk.today())
    assert before == []
    text, *_rest = items_of(cast, sent.request_id)
    deciding.decide(cast.desk, cast.bob, sent.request_id, text, "granted")
    with cast.desk.database.writing() as connection:  # the second part, decided alike
        connection.exec_driver_sql(
            "UPDATE request_item SET decision = 'granted', document = "
            '(SELECT replace(document, \'"id":"gr_\', \'"id":"gr_x\') FROM request_item WHERE position = 0) '
            "WHERE position > 0"
        )
        connection.exec_driver_sql("UPDATE request SET state = 'decided'")
    letter = issuing.issue(cast.desk, cast.bob, sent.request_id)
    with cast.desk.database.reading() as connection:
        standing = grants_about(tenant_of(cast, connection), own.id, cast.desk.today())
    assert [each.letter for each in standing] == [letter.number] * len(standing)
    assert len({each.id for each in standing}) == len(standing) > 1
    revoking.revoke(cast.desk, cast.bob, letter.id, "Granted by mistake.")
    with cast.desk.database.reading() as connection:
        assert grants_about(tenant_of(cast, connection), own.id, cast.desk.today()) == []


def test_what_is_revoked_from_a_later_day_on_is_in_the_way_until_then(cast, own):
    _, letter = granted(cast, own)
    effective = cast.desk.today() + timedelta(days=10)
    revoking.revoke(cast.desk, cast.bob, letter.id, "Granted by mistake.", effective)
    with cast.desk.database.reading() as connection:
        tenant = tenant_of(cast, connection)
        for days, ends in (
            (0, effective - timedelta(days=1)),
            (9, effective - timedelta(days=1)),
            (10, None),
        ):
            standing = grants_about(tenant, own.id, cast.desk.today() + timedelta(days=days))
            assert [each.scope.period.end for each in standing] == ([ends] if ends else [])


@pytest.mark.parametrize("house", DATABASES, indirect=True)
def test_of_two_officers_who_replace_a_letter_at_once_one_wins(house, monkeypatch):
    monkeypatch.setattr(finishing, "make_file", quick_file)
    for number in range(4):
        request_id = decided_request(house, number)
        old = issuing.issue(house.desk, house.bob, request_id)
        together = threading.Barrier(6)

        def officer(index, old=old, together=together):
            together.wait()
            try:
                return superseding.supersede(
                    house.desk, house.bob, old.id, {"licensee": f"Fenwick Books {index}"}
                )
            except Clash as refusal:
                return refusal

        with ThreadPoolExecutor(6) as pool:
            told = list(pool.map(officer, range(6)))
        (new,) = [each for each in told if not isinstance(each, Clash)]
        assert all("nothing left to replace" in each.message for each in told if isinstance(each, Clash))
        assert verify_number(house.desk, old.number).later.id == new.id
    for report in verify_ledger(house.desk):
        assert report.first is None, report.first


@pytest.mark.parametrize("house", DATABASES, indirect=True)
def test_a_ledger_at_work_is_verified_without_a_false_alarm(house, monkeypatch):
    monkeypatch.setattr(finishing, "make_file", quick_file)
    requests = [decided_request(house, number) for number in range(12)]

    def work():
        for request_id in requests:
            old = issuing.issue(house.desk, house.bob, request_id)
            superseding.supersede(house.desk, house.bob, old.id, {"licensee": "Fenwick Books Limited"})

    worker = threading.Thread(target=work)
    worker.start()
    looked = 0
    while worker.is_alive() or looked == 0:
        for report in verify_ledger(house.desk):
            # A file is put into the store before its entry, so nothing that is half done may show.
            assert report.first is None, report.first
        looked += 1
    worker.join()
    assert looked > 1
