"""Letters: numbers without a gap whoever issues, and a way from a ground to all that rests on it."""

import threading
from dataclasses import replace
from datetime import date, timedelta

import pytest

from ledger.ids import new_id
from ledger.records import letters
from ledger.records.failures import Stale
from ledger.records.letters import next_letter_number
from ledger.records.paging import BadCursor
from ledger.records.request_rows import ObligationRow
from ledger.records.sessions import Database
from ledger.records.tenant import Tenant
from tests.records.rows import NOW, a_letter, put_publisher, put_request

ISSUERS = 16


def test_numbers_run_without_gap_for_sixteen_issuers_at_once(database: Database) -> None:
    with database.writing() as connection:
        publisher_id = put_publisher(connection).publisher_id
    taken: list[int] = []
    errors: list[BaseException] = []
    start = threading.Barrier(ISSUERS)

    def issue(issuer: int) -> None:
        start.wait()
        try:
            for turn in range(5):
                with database.writing() as connection:
                    number = next_letter_number(connection, publisher_id, 2026)
                    letter = a_letter(f"HARBOUR-2026-{number:06}")
                    letters.add_letter(Tenant(connection, publisher_id), letter)
                    if (issuer + turn) % 4 == 0:  # an act that fails after it took its number
                        connection.rollback()
                        continue
                taken.append(number)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=issue, args=(issuer,)) for issuer in range(ISSUERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert sorted(taken) == list(range(1, len(taken) + 1))
    with database.reading() as connection:
        assert letters.list_letters(Tenant(connection, publisher_id)).count == len(taken)
        assert letters.letter_by_number(connection, f"HARBOUR-2026-{len(taken):06}") is not None


def test_numbers_begin_anew_each_year_and_for_each_publisher(database: Database) -> None:
    with database.writing() as connection:
        one, two = put_publisher(connection), put_publisher(connection, "meridian-wire")
        got = [
            next_letter_number(connection, publisher, year)
            for publisher, year in (
                (one.publisher_id, 2026),
                (one.publisher_id, 2026),
                (one.publisher_id, 2027),
                (two.publisher_id, 2026),
            )
        ]
    assert got == [1, 2, 1, 1]


def test_a_letter_is_found_by_number_and_by_file(database: Database) -> None:
    with database.writing() as connection:
        tenant = put_publisher(connection)
        row = put_request(tenant)
        letter = a_letter("H-2026-000001", state="preparing", sha256=None, issued_seq=None, request_id=row.id)
        letters.add_letter(tenant, letter)
        letters.decide_letter_again(tenant, letter, 11)
        with pytest.raises(Stale):
            letters.finish_letter(tenant, letter, "d" * 64, 12)
        letter = replace(letter, decision_seq=11)
        letters.finish_letter(tenant, letter, "e" * 64, 12)
        with pytest.raises(Stale):
            letters.finish_letter(tenant, letter, "f" * 64, 13)
        with pytest.raises(Stale):
            letters.decide_letter_again(tenant, letter, 14)
        found = letters.load_letter(tenant, letter.id)
        assert found is not None
        assert (found.state, found.sha256, found.issued_seq) == ("issued", "e" * 64, 12)
        assert letters.letter_by_number(connection, "H-2026-000001") == found
        assert letters.letter_by_sha256(connection, "e" * 64) == found
        assert letters.letters_of_request(tenant, row.id) == [found]
        assert letters.letter_by_number(connection, "H-2026-000002") is None
        assert letters.letter_by_sha256(connection, "0" * 64) is None
        assert letters.load_letter(put_publisher(connection, "meridian-wire"), letter.id) is None


def test_what_rests_on_a_ground_is_found(database: Database) -> None:
    with database.writing() as connection:
        tenant, other = put_publisher(connection), put_publisher(connection, "meridian-wire")
        first, second, third = (a_letter(f"H-{n}") for n in range(3))
        letters.add_letter(tenant, first, ["tm_1", "cl_1", "tm_1"], ["pc_1"])
        letters.add_letter(tenant, second, ["cl_1"], ["pc_1", "pc_2"])
        letters.add_letter(tenant, third, ["tm_2"], ["pc_2"])
        letters.set_letter_state(tenant, second.id, "revoked")
        with pytest.raises(Stale):
            letters.set_letter_state(tenant, second.id, "revoked")

        def by_ground(*grounds: str) -> list[str]:
            return [letter.number for letter in letters.letters_by_ground(tenant, grounds)]

        assert by_ground("tm_1") == by_ground("cl_1") == ["H-0"]
        assert by_ground("tm_1", "tm_2") == ["H-0", "H-2"]
        assert letters.letters_by_ground(other, ["tm_1"]) == []
        assert len(letters.letters_by_ground(tenant, ["cl_1"], ("issued", "revoked"))) == 2
        assert [letter.number for letter in letters.letters_about(tenant, ["pc_2"])] == ["H-2"]


def test_letters_are_listed_newest_first(database: Database) -> None:
    with database.writing() as connection:
        tenant = put_publisher(connection)
        made = [a_letter(f"H-{n}", id=f"lt_{n}") for n in range(5)]
        for letter in made:
            letters.add_letter(tenant, letter)
        page = letters.list_letters(tenant, limit=3)
        rest = letters.list_letters(tenant, after=page.next, limit=3)
        assert [letter.id for letter in (*page.rows, *rest.rows)] == ["lt_4", "lt_3", "lt_2", "lt_1", "lt_0"]
        assert (page.count, rest.next) == (5, None)
        assert letters.list_letters(tenant, "revoked").rows == []
        with pytest.raises(BadCursor):
            letters.list_letters(tenant, after="!")


def test_what_has_run_out_is_listed_for_the_worker(database: Database) -> None:
    with database.writing() as connection:
        tenant = put_publisher(connection)
        letters.add_letter(tenant, a_letter("H-1", valid_until=date(2026, 3, 6)))
        letters.add_letter(tenant, a_letter("H-2"))
        assert letters.letters_past(connection, date(2026, 3, 6)) == []
        (past,) = letters.letters_past(connection, date(2026, 3, 7))
        letters.set_letter_state(Tenant(connection, past.publisher_id), past.id, "expired")
        assert letters.letters_past(connection, date(2026, 3, 7)) == []


def test_obligations_are_reminded_of_and_ticked_off_once(database: Database) -> None:
    with database.writing() as connection:
        tenant = put_publisher(connection)
        letter = a_letter("H-1")
        letters.add_letter(tenant, letter)
        copy = ObligationRow(new_id("ob"), letter.id, "voucher_copy", "Send one copy.", due=date(2026, 4, 1))
        credit = ObligationRow(new_id("ob"), letter.id, "credit", "Credit The Lantern.")
        letters.add_obligations(tenant, [copy, credit])
        assert [one.code for one in letters.obligations_due(connection, date(2026, 4, 1))] == ["voucher_copy"]
        letters.note_reminder(tenant, copy.id, NOW)
        assert letters.obligations_due(connection, date(2026, 4, 1)) == []
        letters.finish_obligation(tenant, copy.id, NOW + timedelta(days=1), "copy received")
        with pytest.raises(Stale):
            letters.finish_obligation(tenant, copy.id, NOW)
        done = {one.code: one.done_note for one in letters.load_obligations(tenant, letter.id)}
    assert done == {"voucher_copy": "copy received", "credit": None}
