"""A row that was changed, put in or taken out behind the ledger's back is found, whichever table it is in."""

import hashlib
import json
import shutil
import sqlite3
from dataclasses import replace

import pytest

from ledger.cli.demo_matter import TARIFF
from ledger.desk.house import erasing, publishers
from ledger.desk.letters import issuing, letterhead
from ledger.desk.letters.verifying import verify_ledger
from ledger.desk.register import registering, sources
from ledger.desk.register.assessing import record_assessment
from ledger.desk.register.claiming import drop_claim, end_terms, file_claim, import_terms
from ledger.desk.register.registering import register_piece
from ledger.desk.register.withdrawing import withdraw
from ledger.desk.requests import following, moving, quoting
from ledger.journal.entry import document_sha256
from ledger.records import journal_store
from ledger.records.pieces import load_piece
from ledger.records.requests import load_request
from ledger.records.tenant import Tenant
from ledger.rights.requests import RequestEvent
from ledger.settings import load_settings
from tests.cast import enter, open_cast, populate
from tests.desk import test_assessing, test_claiming, test_paying
from tests.desk.conftest import PAGES
from tests.desk.test_letter_life import granted, owner_grants
from tests.letters import test_hostile
from tests.web.asked import ask_for


@pytest.fixture(scope="module")
def template(cast_template, tmp_path_factory):
    """A house in which nearly everything that can be journaled has happened; closed."""
    cast = open_cast(tmp_path_factory.mktemp("compared") / "house", cast_template)
    desk, bob, edith = cast.desk, cast.bob, cast.edith
    own = register_piece(desk, edith, (PAGES / "the-signal-house.html").read_bytes())
    sources.record_profile(desk, bob, test_assessing.arrangement())
    wire = register_piece(desk, edith, (PAGES / "grain-ships.txt").read_bytes())
    record_assessment(desk, edith, wire.id, test_assessing.given(wire))
    quoting.record_tariff(desk, bob, TARIFF)
    asked = ask_for(cast, own)
    test_paying.accept(cast, asked, first=False)
    test_paying.pay(cast, asked, 18000, "wire 7")
    test_paying.decide_all(cast, asked)
    issuing.issue(desk, bob, asked)
    owner_grants(cast, wire)
    file_claim(desk, bob, own.id, {"party": "Tide Trust", "evidence": "A deed."})
    wrong = file_claim(desk, bob, own.id, {"party": "Nobody", "evidence": "A slip."})
    drop_claim(desk, bob, own.id, wrong.id)
    cast.desk.database.close()
    return cast.settings


@pytest.fixture
def cast(template, tmp_path):
    """A copy of it."""
    shutil.copytree(template.data, tmp_path / "house")
    url = f"sqlite:///{tmp_path / 'house' / 'ledger.db'}"
    made = enter(replace(template, data=tmp_path / "house", database_url=url))
    yield made
    made.desk.database.close()


def read(cast, statement):
    """Through the house's own connection: two SQLite libraries at one file undo each other's locks."""
    with cast.desk.database.reading() as connection:
        return connection.exec_driver_sql(statement).fetchall()


def change(cast, *statements):
    cast.desk.database.close()
    with sqlite3.connect(cast.settings.data / "ledger.db") as raw:
        for statement in statements:
            assert raw.execute(statement).rowcount > 0, statement
    raw.close()


def alarms(cast):
    return [problem.text for report in verify_ledger(cast.desk) for problem in report.problems]


def test_a_house_where_everything_has_happened_agrees_with_its_journal(cast):
    assert alarms(cast) == []
    for table in (
        "piece", "terms", "claim", "assessment", "request", "request_item", "enquiry", "tariff", "invoice",
        "payment", "letter", "obligation", "membership", "source_profile", "party", "quote",
    ):  # fmt: skip
        assert read(cast, f"SELECT count(*) FROM {table}") != [(0,)], f"nothing happened to {table}"


CHANGES = [
    ("piece", "UPDATE piece SET title = 'Another' WHERE title LIKE '%Signal%'"),
    ("piece", "UPDATE piece SET document = json_set(document, '$.title', 'Another') WHERE title LIKE '%Signal%'"),
    ("piece", "UPDATE piece SET state = 'withdrawn' WHERE title LIKE '%Signal%'"),
    ("terms", "UPDATE terms SET document = json_set(document, '$.rules', json('[]'))"),
    ("terms", "UPDATE terms SET clause_sha256 = 'x'"),
    ("claim", "UPDATE claim SET piece_id = (SELECT id FROM piece WHERE id <> claim.piece_id LIMIT 1)"),
    ("claim", "UPDATE claim SET document = json_set(document, '$.party.name', 'Mallory')"),
    ("claim", "UPDATE claim SET document = json_set(document, '$.role', 'agent')"),
    ("claim", "UPDATE claim SET withdrawn_at = NULL WHERE withdrawn_at IS NOT NULL"),
    ("assessment", "UPDATE assessment SET document = json_set(document, '$.conclusion', 'Surely fair.')"),
    ("request", "UPDATE request SET state = 'declined' WHERE state = 'decided'"),
    ("request", "UPDATE request SET document = json_set(document, '$.use.title', 'Another') WHERE state = 'decided'"),
    ("item", "UPDATE request_item SET decision = 'granted' WHERE decision = 'declined'"),
    ("item", "UPDATE request_item SET document = json_set(document, '$.grant.id', 'x') WHERE decision = 'granted'"),
    ("item", "UPDATE request_item SET decision_seq = 1 WHERE decision = 'granted'"),
    ("tariff", "UPDATE tariff SET document = json_set(document, '$.currency', 'XXX')"),
    ("invoice", "UPDATE invoice SET total = total - 1"),
    ("invoice", "UPDATE invoice SET due = '2031-01-01'"),
    ("payment", "UPDATE payment SET amount = amount - 1"),
    ("payment", "UPDATE payment SET received_on = '2031-01-01'"),
    ("letter", "UPDATE letter SET state = 'revoked'"),
    ("letter", "UPDATE letter SET number = 'HARBOUR-REVIEW-2026-000999'"),
    ("letter", "UPDATE letter SET kind = 'revocation'"),
    ("letter", "UPDATE letter SET document = json_set(document, '$.grant_sha256', 'x')"),
    ("letter", "UPDATE letter SET document = json_set(document, '$.matter.grant.credit_line', 'Mallory')"),
    ("letter", "UPDATE letter SET sha256 = (SELECT max(snapshot_sha256) FROM piece)"),
    ("letter", "UPDATE letter SET decision_seq = 1"),
    ("letter", "UPDATE letter SET issued_seq = 1"),
    ("duty", "UPDATE obligation SET done_at = NULL WHERE done_at IS NOT NULL"),
    ("piece", "UPDATE piece SET public_record = replace(public_record, 'Harbour', 'Mallory')"),
    ("piece", "UPDATE piece SET public_record = NULL WHERE title LIKE '%Signal%'"),
    ("party", "UPDATE party SET name = 'Mallory' WHERE name = 'Tide Trust'"),
    ("party", "UPDATE party SET document = json_set(document, '$.contacts', json('[{\"email\":\"m@m.example\"}]'))"),
    ("quote", "UPDATE quote SET document = json_set(document, '$.lines[0].minor', 1)"),
    ("quote", "UPDATE quote SET total = total - 1"),
    ("quote", "UPDATE quote SET currency = 'USD'"),
    ("quote", "UPDATE quote SET payment_first = NOT payment_first"),
    ("quote", "UPDATE quote SET valid_until = '2031-01-01'"),
    ("quote", "UPDATE quote SET state = 'declined'"),
    ("quote", "UPDATE quote SET request_id = (SELECT id FROM request WHERE id <> quote.request_id LIMIT 1)"),
    *(("publisher", f"UPDATE publisher SET {each} WHERE slug = 'harbour-review'") for each in (
        "slug = 'mallory'", "name = 'Mallory'", "legal_name = 'Mallory Ltd'", "permissions_email = 'm@m.example'",
        "address = '1 Elsewhere'", "signatory = 'Mallory'", "url = 'https://m.example'", "country = 'FR'",
        "language = 'fr'", "number_prefix = 'M'", "vat_id = 'M'", "payment_instructions = 'To Mallory.'",
        "payment_first = NOT payment_first", "payment_days = 1", "logo_sha256 = 'x'", "signature_sha256 = 'x'",
        "wording = json('{\"en\":[\"Or not.\"]}')",
    )),
    ("person", "UPDATE membership SET role = 'admin' WHERE role = 'editor'"),
    ("arrangement", "UPDATE source_profile SET document = json_set(document, '$.validity.end', '2031-01-01')"),
    ("arranged terms", "UPDATE source_profile SET document = json_set(document, '$.terms[0].clause', 'All of it.')"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "statement"), CHANGES, ids=[each for _, each in CHANGES])
def test_a_changed_row_is_found(cast, what, statement):
    change(cast, statement)
    found = alarms(cast)
    assert found
    assert all(text.startswith(f"{what} ") or "register names" in text for text in found), found


COPY = {
    "piece": ("piece", "id = 'pc_new'"),
    "terms": ("terms", "id = 'tm_new'"),
    "claim": ("claim", "id = 'cl_new', withdrawn_at = NULL"),
    "assessment": ("assessment", "id = 'as_new'"),
    "request": ("request", "id = 'rq_new', form_key = 'x'"),
    "item": ("request_item", "id = 'it_new', decision = 'granted', position = 99"),
    "enquiry": ("enquiry", "id = 'en_new'"),
    "tariff": ("tariff", "version = 99"),
    "party": ("party", "id = 'pa_new'"),
    "quote": ("quote", "id = 'qu_new'"),
    "invoice": ("invoice", "id = 'in_new', request_id = 'rq_other', number = 'HARBOUR-REVIEW-NEW'"),
    "payment": ("payment", "id = 'pm_new'"),
    "letter": ("letter", "id = 'lt_new', number = 'HARBOUR-REVIEW-2026-000999'"),
    "duty": ("obligation", "id = 'ob_new', done_at = '2026-03-06 00:00:00'"),
    "person": ("membership", "role = 'admin'"),
    "arrangement": ("source_profile", "id = 'sp_new'"),
}


@pytest.mark.parametrize("what", COPY)
def test_a_row_that_no_entry_speaks_of_is_found(cast, what):
    table, changes = COPY[what]
    condition = "role = 'editor'" if what == "person" else "1"
    condition = "decision IS NOT NULL" if what == "item" else condition
    change(
        cast,
        copied(cast, table, changes, condition),
    )
    found = alarms(cast)
    assert found
    assert all(text.startswith(f"{what} ") for text in found), found
    if what != "person":
        assert "is in the register but not in the journal" in found[0]


def copied(cast, table, changes, condition):
    """The statement that puts a row in which is like another but for ``changes``."""
    names = [row[1] for row in read(cast, f"PRAGMA table_info({table})")]
    new = dict(each.split(" = ", 1) for each in changes.split(", "))
    values = ", ".join(new.get(name, f'"{name}"') for name in names)
    return f"INSERT INTO {table} SELECT {values} FROM {table} WHERE {condition} LIMIT 1"


@pytest.mark.parametrize(
    ("what", "table"),
    [(what, table) for what, (table, _) in COPY.items()],
)
def test_a_row_that_is_gone_is_found(cast, what, table):
    change(cast, f"DELETE FROM {table}")  # no foreign keys on this connection
    found = [text for text in alarms(cast) if text.startswith(f"{what} ")]
    assert found
    assert all("not in the register" in text or "but not in the" in text for text in found)


def test_a_letters_file_that_is_another_genuine_letters_file_is_found(cast):
    """Both files are whole and known; only the journal tells which belongs to which."""
    _, other = granted(
        cast,
        register_piece(
            cast.desk,
            cast.edith,
            (PAGES / "the-signal-house.html").read_bytes(),
            url="https://harbour.example/again",
        ),
    )
    assert alarms(cast) == []
    change(cast, f"UPDATE letter SET sha256 = '{other.sha256}' WHERE id <> '{other.id}'")
    (said,) = alarms(cast)
    assert "sha256 is" in said


def test_terms_that_were_changed_are_found_after_an_honest_correction_too(cast):
    """Its entry takes the terms on record as they now are; what was entered of them first is what counts."""
    made = registering.draft_piece(cast.desk, cast.edith, (PAGES / "river-survey.html").read_bytes())
    record = registering.draft_record(made.draft)
    registering.confirm_piece(cast.desk, cast.edith, made.piece_id, record)
    assert alarms(cast) == []
    change(cast, "UPDATE terms SET document = json_set(document, '$.name', 'Another')")
    before = alarms(cast)
    registering.confirm_piece(cast.desk, cast.edith, made.piece_id, {**record, "title": "The survey, again"})
    assert alarms(cast) == before != []


def test_terms_that_ended_are_held_to_their_day(cast):
    [(terms_id,)] = read(cast, "SELECT id FROM terms WHERE kind = 'inbound' LIMIT 1")
    end_terms(cast.desk, cast.bob, terms_id, "The owner took it back.")
    assert alarms(cast) == []
    change(cast, f"UPDATE terms SET revoked_on = NULL WHERE id = '{terms_id}'")
    (said,) = alarms(cast)
    assert said.startswith(f"terms {terms_id}: ended is None in the register")


def test_after_an_erasure_the_rows_still_agree(cast):
    """The form and the licensee's addresses are gone; what was granted is as it was decided."""
    page = (PAGES / "the-signal-house.html").read_bytes()
    piece = register_piece(cast.desk, cast.edith, page, url="https://harbour.example/again")
    request_id, _ = granted(cast, piece)
    asked = f"FROM request_item WHERE request_id = '{request_id}' AND decision = 'granted'"
    contacts = f"SELECT json_extract(document, '$.grant.assignee.contacts') {asked}"
    assert "@" in read(cast, contacts)[0][0]
    erasing.erase_person(cast.desk, cast.bob, request_id, "their wish")
    assert read(cast, contacts) == [("[]",)]
    assert alarms(cast) == []
    change(
        cast,
        "UPDATE request_item SET document = json_set(document, '$.grant.id', 'x') "
        f"WHERE request_id = '{request_id}' AND decision = 'granted'",
    )
    (said,) = alarms(cast)
    assert "has not the content" in said


def test_every_act_that_writes_what_is_compared_says_so(cast):
    """An act that wrote a party, a price, a detail or what is public without its entry would look like tampering."""
    desk, bob, ada = cast.desk, cast.bob, cast.ada
    publishers.update_publisher(desk, ada, address="1 Signal Stairs", signatory="Ada Quist", url=None)
    publishers.set_payment(desk, ada, instructions="By transfer.", first=True, days=14, vat_id="CA 77")
    letterhead.set_wording(desk, ada, {"en": "With kind regards."})
    letterhead.set_picture(desk, ada, "logo", test_hostile.PNG)
    [(piece,)] = read(cast, "SELECT id FROM piece WHERE title LIKE '%Signal%' AND state = 'confirmed'")
    file_claim(
        desk, bob, piece, {"party": "Tide Trust", "evidence": "Another deed.", "email": "t@tide.example"}
    )
    import_terms(desk, bob, test_claiming.RSL, piece_ids=(piece,))
    sources.record_profile(desk, bob, test_assessing.arrangement(email="new@wire.example"))
    with desk.database.reading() as connection:
        loaded = load_piece(connection, piece, cast.harbour.id)
    asked = ask_for(cast, loaded.piece)
    quoting.offer(desk, bob, asked, quoting.by_hand([("Reprint", 100)], "CAD"))
    with (
        desk.database.writing() as connection
    ):  # a reopened request may get a new price while the old one stands
        tenant = Tenant(connection, cast.harbour.id)
        for event in (RequestEvent.LAPSE, RequestEvent.REOPEN):
            moving.move(tenant, load_request(tenant, asked), event, cast.clock(), actor="system")
    last = quoting.offer(desk, bob, asked, quoting.by_hand([("Reprint", 200)], "CAD"))
    following.answer_offer(desk, test_paying.token_of(cast, asked), last, accept=False)
    states = [
        row[0] for row in read(cast, f"SELECT state FROM quote WHERE request_id = '{asked}' ORDER BY state")
    ]
    assert states == ["declined", "replaced"]
    assert alarms(cast) == []
    withdraw(desk, bob, piece, "Taken down.")
    assert alarms(cast) == []


def test_a_row_that_no_entry_had_spoken_of_before_is_compared_from_the_act_that_writes_it(
    cast_template, tmp_path, monkeypatch
):
    """A house of before 0.4.0: no false alarm, and what is written from now on is covered."""
    whole = journal_store.append

    def as_it_was(connection, publisher_id, kind, payload, personal, now, **more):
        new = ("journal_key", "quote", "quote_state", "replaced")
        payload = {key: value for key, value in payload.items() if key not in new}
        new = ("party.", "public.", "quote.", "publisher.")
        personal = {key: value for key, value in personal.items() if not key.startswith(new)}
        return whole(connection, publisher_id, kind, payload, personal, now, **more)

    monkeypatch.setattr(journal_store, "append", as_it_was)
    folder = tmp_path / "old"
    populate(load_settings({}, data=folder))
    cast = enter(load_settings({}, data=folder))
    own = register_piece(cast.desk, cast.edith, (PAGES / "the-signal-house.html").read_bytes())
    file_claim(cast.desk, cast.bob, own.id, {"party": "Tide Trust", "evidence": "A deed."})
    asked = ask_for(cast, own)
    test_paying.accept(cast, asked, first=False, lines=[("Reprint", 100)])
    monkeypatch.undo()
    assert alarms(cast) == []
    changes = (
        "UPDATE party SET name = 'Mallory'",
        "UPDATE quote SET total = 1",
        "UPDATE publisher SET vat_id = 'M'",
    )
    change_within(cast, *changes, "UPDATE piece SET public_record = '{}'")
    assert alarms(cast) == []  # nothing had been said of them
    publishers.update_publisher(cast.desk, cast.ada, address="1 Signal Stairs")
    again = ask_for(cast, own, name="Nan")
    quoting.offer(cast.desk, cast.bob, again, quoting.by_hand([("Reprint", 200)], "CAD"))
    file_claim(cast.desk, cast.bob, own.id, {"party": "Somebody New", "evidence": "A deed."})
    assert alarms(cast) == []
    change_within(
        cast,
        "UPDATE party SET name = 'Mallory' WHERE name = 'Somebody New'",
        "UPDATE quote SET total = 1 WHERE state = 'offered'",
        "UPDATE publisher SET address = 'x'",
        "UPDATE piece SET public_record = '{}'",
    )
    assert sorted({text.split(" ")[0] for text in alarms(cast)}) == ["party", "piece", "publisher", "quote"]
    cast.desk.database.close()


def change_within(cast, *statements):
    """Through the house's own connection, where the house goes on afterwards."""
    with cast.desk.database.writing() as connection:
        for statement in statements:
            assert connection.exec_driver_sql(statement).rowcount > 0, statement


def test_an_honest_act_does_not_vouch_for_a_party_that_was_changed_behind_it(cast):
    """A claim by a party on record writes no party: its entry must not commit to the name that stands there now."""
    change(cast, "UPDATE party SET name = 'Tyde Trust' WHERE name = 'Tide Trust'")
    before = alarms(cast)
    [(piece,)] = read(cast, "SELECT id FROM piece WHERE title LIKE '%Signal%' AND state = 'confirmed'")
    file_claim(cast.desk, cast.bob, piece, {"party": "Tyde Trust", "evidence": "A deed."})
    assert alarms(cast) == before != []


def alike(cast):
    [(piece,)] = read(cast, "SELECT id FROM piece WHERE title LIKE '%Signal%'")
    return piece


def test_no_leaf_lets_anybody_check_a_guess_at_who_asked(cast):
    """A bare hash of the form would: whoever suspects a name and an address hashes the form with them."""
    forms = [json.loads(document) for (document,) in read(cast, "SELECT document FROM request")]
    leaves = b"".join(leaf for (leaf,) in read(cast, "SELECT leaf FROM journal_entry"))
    for each in forms:
        for made in (
            document_sha256(each),
            hashlib.sha256(json.dumps(each, sort_keys=True).encode()).hexdigest(),
        ):
            assert made.encode() not in leaves


def test_a_journal_of_the_first_version_raises_no_alarm(cast, monkeypatch):
    """Its entries do not list the claims of a piece, and name no hash of a document."""

    def as_it_was(piece, who, applied):
        return {"piece": piece.id, "title": piece.title, "by": who.person_id}

    monkeypatch.setattr(registering, "payload_of", as_it_was)
    monkeypatch.setattr(registering, "committed", lambda claims: {})
    page = (PAGES / "river-survey.html").read_bytes()
    piece = register_piece(cast.desk, cast.edith, page)
    assert piece.claims
    found = [text for text in alarms(cast) if not text.startswith("terms ")]
    assert found == []


def test_no_leaf_names_a_party(cast):
    """Leaves are there for good and for everybody; names stand in rows that can be erased."""
    names = {row[0] for row in read(cast, "SELECT name FROM party")} - {"Harbour Review"}
    assert {"Tide Trust", "Meridian Wire"} <= names
    leaves = [bytes(row[0]) for row in read(cast, "SELECT leaf FROM journal_entry")]
    assert [(name, leaf) for name in names for leaf in leaves if name.encode() in leaf] == []
