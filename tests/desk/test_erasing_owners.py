"""Erasing an owner who was asked: nothing names them any more, but for what they allowed, which letters rest on."""

from datetime import timedelta

import pytest

from ledger.desk import links
from ledger.desk.house.erasing_owners import erase_owner
from ledger.desk.letters import issuing
from ledger.desk.letters.verifying import verify_file, verify_ledger
from ledger.desk.refusals import BadInput, Clash, NotAllowed, NotFound
from ledger.desk.requests import deciding, following, owners_door, referring
from ledger.desk.requests.dossier import dossier
from ledger.desk.requests.requesting import submit_request
from ledger.records import tasks
from ledger.records.offers import load_enquiry
from ledger.records.parties import find_party
from ledger.records.tenant import Tenant
from ledger.worker import drain
from tests.desk.test_main_job import form, items_of, wire  # noqa: F401

INES = {"owner": "Ines Quill", "email": "ines@quill.example"}
NAMES = ("Quill", "quill.example", "Stern", "Otto Vane", "vane.example", "slack water")
"""What names her, who signed, whom she sends us to, and what she wrote."""
WISH = "Her own wish."


def ask(cast, wire, **owner):
    """A request in which she was asked: (its id, the enquiry's id)."""
    sent = submit_request(cast.desk, form(cast, wire.id), verified=True)
    items = items_of(cast, sent.request_id)
    enquiry = referring.enquire(cast.desk, cast.bob, sent.request_id, items, **{**INES, **owner})
    return sent.request_id, enquiry


def answer(cast, enquiry, reply, **said):
    details = {"name": "Pia Stern", "words": "Not before slack water.", **said}
    owners_door.answer_enquiry(cast.desk, links.token_for(cast.desk, "owner", enquiry), reply, details)


def close(cast, request_id, decision="declined"):
    for item in items_of(cast, request_id):
        deciding.decide(cast.desk, cast.bob, request_id, item, decision, {"reason": "Not now."})


def naming(cast):
    cast.desk.database.close()  # what waits in the write-ahead log goes into the file
    for path in cast.settings.data.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            yield from (f"{path.name}: {name}" for name in NAMES if name.encode() in content)


def holds(cast):
    return all(report.first is None for report in verify_ledger(cast.desk))


def test_no_file_of_the_house_names_them_any_more_and_the_journal_holds(cast, wire):
    """Rows and what was freed, mails in the folder and those that wait, the statement that was kept, the journal."""
    tasks.prepare(cast.settings.database_url)
    request_id, enquiry = ask(cast, wire)
    drain(cast.settings, now=cast.clock() + timedelta(minutes=1))  # the question goes into the folder
    answer(cast, enquiry, "not_mine", ask="Otto Vane", contact="otto@vane.example")
    drain(cast.settings, now=cast.clock() + timedelta(minutes=2))  # so does what the requester is told
    with pytest.raises(Clash, match="still open"):
        erase_owner(cast.desk, cast.bob, INES["email"], WISH)
    close(cast, request_id)
    assert set(NAMES) == {found.partition(": ")[2] for found in naming(cast)}
    done = erase_owner(cast.desk, cast.bob, INES["email"].upper(), WISH)
    assert (done.erased, done.kept) == (1, [])
    assert list(naming(cast)) == []
    assert holds(cast)
    with pytest.raises(NotFound):
        owners_door.owners_view(cast.desk, links.token_for(cast.desk, "owner", enquiry))
    with cast.desk.database.reading() as connection:
        row = load_enquiry(Tenant(connection, cast.harbour.id), enquiry)
    assert (row.state, row.owner["name"], row.answer) == ("not_mine", "(erased)", None)
    assert dossier(cast.desk, cast.bob, request_id).enquiries[0].email == "(erased)"
    assert following.status(cast.desk, links.token_for(cast.desk, "requester", request_id)).enquiries
    with pytest.raises(NotFound, match="erased already"):
        erase_owner(cast.desk, cast.bob, INES["email"], WISH)


def test_what_they_allowed_is_kept_with_the_letter_that_rests_on_it_and_it_is_said(cast, wire):
    granted, enquiry = ask(cast, wire, owner="Meridian Wire")  # the holder by the page itself
    answer(cast, enquiry, "grant")
    close(cast, granted, "granted")
    declined, other = ask(cast, wire, owner="Meridian Wire")
    answer(cast, other, "decline", words="No.")
    close(cast, declined)
    waits = erase_owner(cast.desk, cast.bob, INES["email"], WISH)
    (kept,) = waits.kept
    assert (waits.erased, kept.letters) == (1, [])
    assert "they allowed this use (GDPR, art. 17(3)(e))" in kept.why
    letter = issuing.issue(cast.desk, cast.bob, granted)
    (kept,) = erase_owner(cast.desk, cast.bob, INES["email"], WISH).kept
    assert kept.letters == [letter.number]
    assert f"{letter.number} rests on it" in kept.why
    assert verify_file(cast.desk, letter.sha256).state == "valid"
    assert holds(cast)
    statuses = [
        following.status(cast.desk, links.token_for(cast.desk, "requester", each)).enquiries[0]
        for each in (granted, declined)
    ]
    assert [each.owner["name"] for each in statuses] == ["Meridian Wire", "(erased)"]


def test_an_owner_on_a_public_page_stays_on_record_and_only_their_answer_goes(cast, wire):
    holder = wire.claims[0].party.name
    request_id, enquiry = ask(cast, wire, owner=holder)
    answer(cast, enquiry, "decline")
    close(cast, request_id)
    erase_owner(cast.desk, cast.bob, INES["email"], WISH)
    assert list(naming(cast)) == []
    shown = dossier(cast.desk, cast.bob, request_id)
    assert [claim.party.name for claim in shown.parts[0].claims] == [holder]
    assert holds(cast)


def test_a_party_asked_at_two_addresses_stays_on_record_until_both_are_erased(cast, wire):
    """The second question's entry is the first that commits to a party: the request waits for another owner already."""
    request_id, _ = ask(cast, wire, owner="Otto Vane", email="otto@vane.example")
    items = items_of(cast, request_id)
    for email in ("ines@quill.example", "ines@home.quill.example"):
        referring.enquire(cast.desk, cast.bob, request_id, items, owner="Ines Quill", email=email)
    close(cast, request_id)
    for email, gone in (("ines@quill.example", False), ("ines@home.quill.example", True)):
        erase_owner(cast.desk, cast.bob, email, WISH)
        assert holds(cast)
        with cast.desk.database.reading() as connection:
            found = find_party(Tenant(connection, cast.harbour.id), "Ines Quill")
        assert (found is None) is gone


def test_who_may_erase_and_what_is_refused(cast, wire):
    request_id, _ = ask(cast, wire)
    close(cast, request_id)
    for who, address, reason, refusal in (
        (cast.edith, INES["email"], WISH, NotAllowed),
        (cast.charlie, INES["email"], WISH, NotFound),
        (cast.bob, INES["email"], " ", BadInput),
        (cast.bob, "nobody@quill.example", WISH, NotFound),
        (cast.bob, " ", WISH, NotFound),
    ):
        with pytest.raises(refusal):
            erase_owner(cast.desk, who, address, reason)
    assert dossier(cast.desk, cast.bob, request_id).enquiries[0].email == INES["email"]
    assert erase_owner(cast.desk, cast.ada, INES["email"], WISH).erased == 1
