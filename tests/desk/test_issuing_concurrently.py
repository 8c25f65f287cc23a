"""Sixteen issuers at once, on both databases: no gap, no duplicate, no letter sent twice; and one that dies."""

import random
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from ledger.desk.context import Who
from ledger.desk.house import people
from ledger.desk.house.opening import open_desk
from ledger.desk.house.publishers import create_publisher
from ledger.desk.letters import finishing, issuing
from ledger.desk.letters.verifying import verify_file, verify_ledger
from ledger.desk.register.registering import register_piece
from ledger.desk.requests import deciding
from ledger.desk.requests.opened import open_request
from ledger.desk.requests.requesting import submit_request
from ledger.records import outbox, tasks
from ledger.records.letters import letters_of_request
from ledger.records.migrating import migrate
from ledger.records.tenant import Tenant
from ledger.settings import load_settings
from ledger.worker import drain
from tests.cast import Clock
from tests.desk.test_main_job import form, items_of, own  # noqa: F401
from tests.postgres import postgres_server, postgres_url  # noqa: F401

ISSUERS = 16
REQUESTS = 16
DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture
def house(request, tmp_path, cheap_hashing, pages):
    """A publisher of its own on either database, an officer, and a piece whose text it holds."""
    settings = load_settings({}, data=tmp_path / "house")
    settings.data.mkdir()
    if request.param == "postgresql":
        settings = replace(settings, database_url=request.getfixturevalue("postgres_url"))
    migrate(settings.database_url)
    clock = Clock(datetime(2026, 3, 6, 9, 0, tzinfo=UTC))
    desk = open_desk(settings, clock)
    harbour = create_publisher(
        desk, slug="harbour-review", name="Harbour Review", permissions_email="rights@harbour-review.example"
    )
    roles = frozenset({"officer", "editor"})
    email = "bob@harbour-review.example"
    person = people.add_person(desk, harbour.id, email=email, name="Bob Lind", roles=roles, by=None)
    bob = Who(person, "Bob Lind", email, harbour.id, harbour.slug, roles)
    alice = SimpleNamespace(name="Alice Ferro", email="alice@fenwick-books.example", organisation="Fenwick")
    cast = SimpleNamespace(
        settings=settings, desk=desk, clock=clock, harbour=harbour, bob=bob, edith=bob, alice=alice
    )
    cast.piece = register_piece(desk, bob, pages["the-signal-house.html"])
    yield cast
    desk.database.close()


def quick_file(_desk, _publisher, row, _letter, proof):
    """Stands in for drawing and signing, which have tests of their own and take a second each."""
    assert proof.startswith(b"c2sp.org/tlog-proof")
    return f"%PDF- {row.number}\n".encode()


def decided_request(cast, number=0):
    given = {**form(cast, cast.piece.id), "email": f"alice{number}@fenwick-books.example"}
    sent = submit_request(cast.desk, given, verified=True)
    text, *others = items_of(cast, sent.request_id)
    deciding.decide(cast.desk, cast.bob, sent.request_id, text, "granted")
    for item in others:
        deciding.decide(cast.desk, cast.bob, sent.request_id, item, "declined", {"reason": "Not ours."})
    return sent.request_id


def letters_of(cast, request_id):
    with cast.desk.database.reading() as connection:
        return letters_of_request(Tenant(connection, cast.harbour.id), request_id)


def mails_with_letters(cast, request_id):
    with cast.desk.database.reading() as connection:
        found = outbox.of_request(connection, cast.harbour.id, request_id)
    return [each for each in found if each.template == "decided"]


@pytest.mark.parametrize("house", DATABASES, indirect=True)
def test_sixteen_issuers_leave_no_gap_and_no_letter_twice(house, monkeypatch):
    monkeypatch.setattr(finishing, "make_file", quick_file)
    requests = [decided_request(house, number) for number in range(REQUESTS)]
    work = requests * 2  # every request is issued by two at about the same moment
    random.Random(7).shuffle(work)
    together = threading.Barrier(ISSUERS)

    def issuer(index):
        together.wait()
        return [issuing.issue(house.desk, house.bob, each).number for each in work[index::ISSUERS]]

    with ThreadPoolExecutor(ISSUERS) as pool:
        told = [number for numbers in pool.map(issuer, range(ISSUERS)) for number in numbers]
    expected = [f"HARBOUR-REVIEW-2026-{serial:06d}" for serial in range(1, REQUESTS + 1)]
    assert sorted(set(told)) == expected
    assert set(Counter(told).values()) == {2}  # both who issued the same request were told the same letter
    for request_id in requests:
        (letter,) = letters_of(house, request_id)
        assert letter.state == "issued"
        (mail,) = mails_with_letters(house, request_id)
        assert mail.attachments[0]["sha256"] == letter.sha256
        assert verify_file(house.desk, letter.sha256).letter.number == letter.number
    for report in verify_ledger(house.desk):
        assert report.first is None, report.first


@pytest.mark.parametrize("house", DATABASES, indirect=True)
def test_two_who_issue_the_very_same_request_at_once_get_one_letter(house, monkeypatch):
    monkeypatch.setattr(finishing, "make_file", quick_file)
    for number in range(4):
        request_id = decided_request(house, number)
        together = threading.Barrier(6)

        def issuer(_index, request_id=request_id, together=together):
            together.wait()
            return issuing.issue(house.desk, house.bob, request_id).id

        with ThreadPoolExecutor(6) as pool:
            told = set(pool.map(issuer, range(6)))
        assert told == {each.id for each in letters_of(house, request_id)}
        assert len(told) == 1
        assert len(mails_with_letters(house, request_id)) == 1


@pytest.mark.parametrize("house", DATABASES, indirect=True)
def test_a_letter_whose_door_died_after_its_number_is_finished_by_the_worker_and_sent_once(house):
    tasks.prepare(house.settings.database_url)
    request_id = decided_request(house)
    with house.desk.database.writing() as connection:
        opened = open_request(connection, house.bob, request_id)
        (prepared,) = issuing.prepare(house.desk, opened.tenant, opened.row, house.bob.person_id)
    # The process dies here: there is a number and a journal entry, and no file.
    assert prepared.state == "preparing"
    assert [each.state for each in letters_of(house, request_id)] == ["preparing"]
    assert not mails_with_letters(house, request_id)
    for _ in range(2):
        drain(house.settings, now=house.clock())
        (letter,) = letters_of(house, request_id)
        assert (letter.number, letter.state) == (prepared.number, "issued")
        (mail,) = mails_with_letters(house, request_id)
        assert mail.state == "sent"
    assert house.desk.evidence.get(letter.sha256).startswith(b"%PDF-")
    assert issuing.issue(house.desk, house.bob, request_id) == letter
    assert all(report.first is None for report in verify_ledger(house.desk))


@pytest.mark.parametrize("house", DATABASES, indirect=True)
def test_a_number_that_was_not_committed_is_given_to_the_next(house, monkeypatch):
    monkeypatch.setattr(finishing, "make_file", quick_file)
    first, second = decided_request(house, 1), decided_request(house, 2)

    def issue_and_die():
        with house.desk.database.writing() as connection:
            opened = open_request(connection, house.bob, first)
            issuing.prepare(house.desk, opened.tenant, opened.row, house.bob.person_id)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        issue_and_die()
    assert not letters_of(house, first)
    assert issuing.issue(house.desk, house.bob, second).number.endswith("-000001")
    assert issuing.issue(house.desk, house.bob, first).number.endswith("-000002")


@pytest.mark.parametrize("house", ["sqlite"], indirect=True)
def test_the_worker_and_the_door_that_make_the_same_file_send_one_letter(house, monkeypatch):
    request_id = decided_request(house)
    with house.desk.database.writing() as connection:
        opened = open_request(connection, house.bob, request_id)
        (prepared,) = issuing.prepare(house.desk, opened.tenant, opened.row, house.bob.person_id)
    together = threading.Barrier(4)

    def at_the_same_time(*given):
        together.wait(30)
        return quick_file(*given)

    monkeypatch.setattr(finishing, "make_file", at_the_same_time)
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: finishing.finish(house.desk, house.harbour.id, prepared.id), range(4)))
    assert len({each.sha256 for each in made}) == 1
    assert len(mails_with_letters(house, request_id)) == 1
    with house.desk.database.reading() as connection:
        from ledger.records.journal_reading import entries

        kinds = [b"letter.issued" in each.leaf for each in entries(connection, house.harbour.id)]
    assert sum(kinds) == 1
