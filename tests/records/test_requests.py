"""Requests: one form is one request, the first decision stands, and the queue shows who has waited longest."""

from dataclasses import fields, replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.ids import new_id
from ledger.records import offers, request_rows, request_tables, requests
from ledger.records.failures import Stale
from ledger.records.paging import COUNT_CAP, BadCursor
from ledger.records.queue import QueueFilter, median_time, queue, turn_counts
from ledger.records.request_rows import AttachmentRow, EnquiryRow, EventRow, QuoteRow, TokenRow, to_row
from ledger.records.request_tables import request
from ledger.records.sessions import Database
from tests.records.rows import NOW, a_piece, a_request, an_item, put_piece, put_publisher, put_request

ROWS = {
    "request": request_rows.RequestRow,
    "request_item": request_rows.ItemRow,
    "request_event": request_rows.EventRow,
    "attachment": request_rows.AttachmentRow,
    "quote": request_rows.QuoteRow,
    "invoice": request_rows.InvoiceRow,
    "payment": request_rows.PaymentRow,
    "enquiry": request_rows.EnquiryRow,
    "request_token": request_rows.TokenRow,
    "letter": request_rows.LetterRow,
    "obligation": request_rows.ObligationRow,
}


@pytest.mark.parametrize("name", ROWS)
def test_a_row_has_the_columns_of_its_table(name: str) -> None:
    columns = set(getattr(request_tables, name).c.keys())
    assert {field.name for field in fields(ROWS[name])} == columns


def test_a_request_comes_back_as_it_was_sent(database: Database) -> None:
    with database.writing() as connection:
        tenant = put_publisher(connection)
        piece = put_piece(tenant, a_piece())
        row = a_request()
        items = [an_item(row, piece, 1), an_item(row, piece, 0)]
        requests.add_request(tenant, row, items)
        loaded = requests.load_request(tenant, row.id)
        assert loaded == replace(row, publisher_id=tenant.publisher_id)
        found = requests.load_items(tenant, row.id)
        assert found == [replace(one, publisher_id=tenant.publisher_id) for one in reversed(items)]
        assert requests.requests_about(tenant, [piece.id]) == [loaded]
        assert requests.requests_of(tenant, "alice0@press.example") == [loaded]
        stranger = put_publisher(connection, "meridian-wire")
        assert requests.load_request(stranger, row.id) is None
        assert requests.load_items(stranger, row.id) == []
        assert requests.requests_about(stranger, [piece.id]) == []
        assert queue(stranger, QueueFilter()).rows == []


def test_the_same_form_sent_twice_is_one_request(database: Database) -> None:
    with database.writing() as connection:
        tenant = put_publisher(connection)
        first = put_request(tenant, form_key="f" * 64)
        with pytest.raises(requests.AlreadySent) as refusal:
            put_request(tenant, form_key="f" * 64)
        assert refusal.value.request_id == first.id
        assert queue(tenant, QueueFilter()).count == 1
        assert put_request(put_publisher(connection, "meridian-wire"), form_key="f" * 64)


def test_of_two_who_change_a_request_at_once_one_wins(database: Database) -> None:
    with database.writing() as connection:
        tenant = put_publisher(connection)
        row = put_request(tenant)
        assert requests.update_request(tenant, row.id, 1, state="in_review", assigned_to="pe_bob") == 2
        with pytest.raises(Stale):
            requests.update_request(tenant, row.id, 1, state="withdrawn")
        loaded = requests.load_request(tenant, row.id)
    assert loaded is not None
    assert (loaded.state, loaded.version, loaded.assigned_to) == ("in_review", 2, "pe_bob")


def test_an_item_is_decided_once(database: Database) -> None:
    with database.writing() as connection:
        tenant = put_publisher(connection)
        piece = put_piece(tenant, a_piece())
        row = a_request()
        item = an_item(row, piece)
        requests.add_request(tenant, row, [item])
        requests.decide_item(tenant, item.id, "granted", {"fee": 0}, "pe_bob", NOW, 7)
        with pytest.raises(Stale):
            requests.decide_item(tenant, item.id, "declined", None, "pe_eve", NOW, 8)
        requests.decide_item(tenant, item.id, "declined", None, "pe_eve", NOW, 9, expected="granted")
        (found,) = requests.load_items(tenant, row.id)
    assert (found.decision, found.document, found.decision_seq) == ("declined", None, 9)


def test_history_files_and_links(database: Database) -> None:
    with database.writing() as connection:
        tenant = put_publisher(connection)
        row = put_request(tenant)
        events = [
            EventRow(new_id("ev"), row.id, "message", "staff", NOW + timedelta(minutes=n), body=str(n))
            for n in (2, 0, 1)
        ]
        for event in events:
            requests.add_event(tenant, event)
        assert [event.body for event in requests.load_events(tenant, row.id)] == ["0", "1", "2"]
        file = AttachmentRow(new_id("at"), row.id, "cover.pdf", "application/pdf", 12, "c" * 64, NOW)
        requests.add_attachment(tenant, file)
        assert [one.name for one in requests.load_attachments(tenant, row.id)] == ["cover.pdf"]
        token = TokenRow("d" * 64, row.id, "requester", NOW, expires_at=NOW + timedelta(days=1))
        requests.add_token(tenant, token)
        assert requests.find_token(connection, "d" * 64, NOW) == replace(
            token, publisher_id=tenant.publisher_id
        )
        assert requests.find_token(connection, "d" * 64, NOW + timedelta(days=1)) is None
        assert requests.find_token(connection, "e" * 64, NOW) is None
        assert requests.drop_tokens(tenant, row.id, "requester") == 1
        assert requests.find_token(connection, "d" * 64, NOW) is None


def test_erasing_a_requester_leaves_the_act(database: Database) -> None:
    with database.writing() as connection:
        tenant = put_publisher(connection)
        row = put_request(tenant, put_piece(tenant, a_piece()))
        requests.add_event(
            tenant, EventRow(new_id("ev"), row.id, "message", "requester", NOW, body="I am Alice")
        )
        assert queue(tenant, QueueFilter(text="nandu")).count == 1
        requests.erase_requester(tenant, row.id, {"purpose": "education"})
        loaded = requests.load_request(tenant, row.id)
        assert loaded is not None
        assert (loaded.email, loaded.name, loaded.organisation, loaded.state) == (
            None,
            None,
            None,
            "submitted",
        )
        assert [event.body for event in requests.load_events(tenant, row.id)] == [None]
        assert queue(tenant, QueueFilter(text="nandu")).count == 0
        assert queue(tenant, QueueFilter(text="trains")).count == 1


def test_the_queue_shows_who_has_waited_longest(database: Database) -> None:
    with database.writing() as connection:
        tenant = put_publisher(connection)
        piece = put_piece(tenant, a_piece())
        late, early = put_request(tenant, piece, 5), put_request(tenant, piece, 1)
        holder = put_request(tenant, piece, 0, turn="holder", state="awaiting_holder", assigned_to="pe_bob")
        put_request(tenant, piece, 0, submitted_at=None, state="draft")
        closed = put_request(tenant, piece, 0, closed_at=NOW + timedelta(days=4), state="decided")

        def ids(**wanted: object) -> list[str]:
            return [line.request.id for line in queue(tenant, QueueFilter(**wanted)).rows]  # type: ignore[arg-type]

        assert ids() == [holder.id, early.id, late.id]
        assert ids(turn="staff") == [early.id, late.id]
        assert ids(state="awaiting_holder") == ids(assigned_to="pe_bob") == [holder.id]
        assert ids(assigned_to="") == [early.id, late.id]
        assert ids(closed=True) == [closed.id]
        assert ids(text="NÁNDU press alice5") == [late.id]
        assert ids(text=early.id.lower()) == [early.id]
        assert ids(text="night trains", turn="holder") == [holder.id]
        assert ids(text="nobody") == []
        assert turn_counts(tenant) == {"staff": 2, "holder": 1, "requester": 0, "nobody": 0}
        (line, *_) = queue(tenant, QueueFilter()).rows
        assert (line.items, line.titles) == (1, [piece.title])


def test_the_queue_is_paged_without_gap_or_double(database: Database) -> None:
    with database.writing() as connection:
        tenant = put_publisher(connection)
        made = [put_request(tenant, number=number // 3) for number in range(20)]
        gone = [
            put_request(tenant, closed_at=NOW + timedelta(days=n // 2), state="decided") for n in range(9)
        ]
        for closed, rows in ((False, made), (True, gone)):
            seen: list[str] = []
            after = None
            while True:
                page = queue(tenant, QueueFilter(closed=closed), after, limit=4)
                assert page.count == len(rows)
                seen += [line.request.id for line in page.rows]
                if (after := page.next) is None:
                    break
            assert sorted(seen) == sorted(row.id for row in rows)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40))
def test_any_text_may_be_asked_and_any_mark_refused(sqlite_database: Database, text: str) -> None:
    with sqlite_database.write_engine.connect() as connection:
        tenant = put_publisher(connection)
        queue(tenant, QueueFilter(text=text))
        with pytest.raises(BadCursor):
            queue(tenant, QueueFilter(), after=text or "x")
        connection.rollback()


@pytest.mark.parametrize(
    "hostile",
    [
        "WyJhIl0",
        "W251bGwsbnVsbF0",
        "W3sidCI6Ilx1MDAwMCJ9LCAiYSJd",
        "W3sidCI6MX0sImEiXQ",
        "W1tdXQ",
        "W3sidCI6IjAwMDEtMDEtMDFUMDA6MDA6MDArMjM6NTkifSwieCJd",
    ],
)
def test_a_mark_of_another_list_is_refused(database: Database, hostile: str) -> None:
    with pytest.raises(BadCursor), database.reading() as connection:
        queue(replace(put_empty(), connection=connection), QueueFilter(), after=hostile)


def put_empty() -> requests.Tenant:
    """A publisher without rows."""
    return requests.Tenant(None, "pb_none")  # type: ignore[arg-type]


def test_the_median_is_taken_from_the_rows(database: Database) -> None:
    with database.writing() as connection:
        tenant = put_publisher(connection)
        assert median_time(tenant).days is None
        for days in (1, 2, 9):
            put_request(tenant, closed_at=NOW + timedelta(days=days), state="decided")
        put_request(tenant, closed_at=NOW + timedelta(days=90), state="withdrawn")
        found = median_time(tenant)
    assert (found.days, found.sample) == (2.0, 3)


def test_counts_stop_at_the_cap(sqlite_database: Database) -> None:
    with sqlite_database.writing() as connection:
        tenant = put_publisher(connection)
        tenant.insert(request, *(to_row(a_request(number)) for number in range(1_200)))
        assert queue(tenant, QueueFilter()).count == COUNT_CAP
        assert turn_counts(tenant)["staff"] == COUNT_CAP


def test_quotes_replace_one_another_and_are_answered_once(database: Database) -> None:
    with database.writing() as connection:
        tenant = put_publisher(connection)
        row = put_request(tenant)
        one, two = (
            QuoteRow(
                new_id("qu"), row.id, "offered", {"lines": []}, total, "EUR", NOW, valid_until=NOW.date()
            )
            for total in (12_000, 9_000)
        )
        offers.add_quote(tenant, one)
        offers.add_quote(tenant, two)
        with pytest.raises(Stale):
            offers.answer_quote(tenant, one.id, "accepted", NOW)
        assert [
            q.id for q in offers.quotes_ending(connection, NOW.date(), NOW.date() + timedelta(days=60))
        ] == [two.id]
        offers.answer_quote(tenant, two.id, "accepted", NOW)
        states = {quote.total: quote.state for quote in offers.load_quotes(tenant, row.id)}
        assert offers.quotes_ending(connection, NOW.date(), NOW.date() + timedelta(days=60)) == []
    assert states == {12_000: "replaced", 9_000: "accepted"}


def test_tariffs_have_versions(database: Database) -> None:
    with database.writing() as connection:
        tenant = put_publisher(connection)
        assert offers.load_tariff(tenant) is None
        assert [offers.add_tariff(tenant, {"n": n}, NOW) for n in (1, 2)] == [1, 2]
        assert offers.load_tariff(tenant) == (2, {"n": 2})
        assert offers.load_tariff(tenant, 1) == (1, {"n": 1})
        assert offers.load_tariff(tenant, 3) is None


def test_an_owner_answers_once(database: Database) -> None:
    with database.writing() as connection:
        tenant = put_publisher(connection)
        row = put_request(tenant)
        sent = EnquiryRow(
            new_id("en"), row.id, ["it_1"], {"name": "The Lantern"}, "desk@lantern.example", "sent", NOW
        )
        offers.add_enquiry(tenant, sent)
        later = NOW + timedelta(days=8)
        assert [one.id for one in offers.enquiries_waiting(connection, later)] == [sent.id]
        offers.update_enquiry(tenant, sent.id, chased=1)
        offers.update_enquiry(tenant, sent.id, state="granted", answer={"terms": []}, answered_at=later)
        with pytest.raises(Stale):
            offers.update_enquiry(tenant, sent.id, state="declined")
        (found,) = offers.load_enquiries(tenant, row.id)
        assert offers.load_enquiry(tenant, sent.id) == found
        assert offers.enquiries_waiting(connection, later) == []
    assert (found.state, found.chased, found.answered_at) == ("granted", 1, later)
