"""A piece leaves the register: no public view has it, letters stand, and the journal says so."""

import pytest

from ledger.desk.answers.asking import find_piece, look_up, may_i
from ledger.desk.answers.public_view import public_view
from ledger.desk.letters import issuing
from ledger.desk.letters.verifying import verify_ledger
from ledger.desk.refusals import BadInput, Clash, NotAllowed, NotFound
from ledger.desk.register import shelf
from ledger.desk.register.registering import confirm_piece, draft_piece, draft_record, register_piece
from ledger.desk.register.withdrawing import withdraw
from ledger.desk.requests import deciding
from ledger.records.journal_reading import entries, size_of
from ledger.records.letters import load_letter
from ledger.records.tenant import Tenant
from tests.desk.test_main_job import items_of
from tests.web.asked import ask_for

WHY = "Taken down at the wish of Ines Ferro."


@pytest.fixture
def piece(cast, pages):
    return register_piece(cast.desk, cast.edith, pages["the-signal-house.html"])


def kinds(cast):
    with cast.desk.database.reading() as connection:
        size = size_of(connection, cast.harbour.id)
        return [(each.kind, each.leaf) for each in entries(connection, cast.harbour.id, 0, size)]


def alarms(cast):
    return [problem.text for report in verify_ledger(cast.desk) for problem in report.problems]


def test_no_public_view_has_it_and_the_journal_says_so(cast, piece):
    url = piece.urls[0]
    assert look_up(cast.desk, url)
    withdraw(cast.desk, cast.bob, piece.id, WHY)
    for gone in (
        lambda: look_up(cast.desk, url),
        lambda: public_view(find_piece(cast.desk, piece.id)),
        lambda: may_i(cast.desk, piece.id, {"actions": ["link"]}),
        lambda: ask_for(cast, piece),
    ):
        with pytest.raises((NotFound, BadInput)):
            gone()
    kind, leaf = kinds(cast)[-1]
    assert kind == "piece.withdrawn"
    assert b"Ines" not in leaf, "the reason may name somebody"
    assert alarms(cast) == []
    assert shelf.own_pieces(cast.desk, cast.bob, state="withdrawn").lines[0].id == piece.id


def test_confirming_it_again_brings_it_back(cast, piece):
    withdraw(cast.desk, cast.bob, piece.id, WHY)
    draft = shelf.piece_file(cast.desk, cast.edith, piece.id).loaded.draft
    confirm_piece(cast.desk, cast.edith, piece.id, draft)
    assert look_up(cast.desk, piece.urls[0])
    assert [kind for kind, _ in kinds(cast)][-2:] == ["piece.withdrawn", "piece.registered"]
    assert alarms(cast) == []


def test_letters_stand_and_requests_stay_on_the_desk(cast, piece):
    asked, open_ = ask_for(cast, piece), ask_for(cast, piece, name="Birch")
    first, *others = items_of(cast, asked)
    deciding.decide(cast.desk, cast.bob, asked, first, "granted")
    for other in others:
        deciding.decide(cast.desk, cast.bob, asked, other, "declined", {"reason": "Not ours."})
    letter = issuing.issue(cast.desk, cast.bob, asked)
    withdraw(cast.desk, cast.bob, piece.id, WHY)
    with cast.desk.database.reading() as connection:
        stands = load_letter(Tenant(connection, cast.harbour.id), letter.id)
    assert stands is not None
    assert stands.state == "issued"
    deciding.decide(
        cast.desk, cast.bob, open_, items_of(cast, open_)[0], "declined", {"reason": "Taken down."}
    )
    assert alarms(cast) == []


def test_only_officers_withdraw_what_is_public_and_say_why(cast, piece):
    for reason in ("", "  ", "x" * 5_001):
        with pytest.raises(BadInput):
            withdraw(cast.desk, cast.bob, piece.id, reason)
    with pytest.raises(NotAllowed):
        withdraw(cast.desk, cast.edith, piece.id, WHY)
    with pytest.raises(NotFound):
        withdraw(cast.desk, cast.charlie, piece.id, WHY)
    assert look_up(cast.desk, piece.urls[0])
    withdraw(cast.desk, cast.bob, piece.id, WHY)
    with pytest.raises(Clash):
        withdraw(cast.desk, cast.bob, piece.id, WHY)


def test_an_editor_discards_a_draft_without_an_entry(cast, pages):
    drafted = draft_piece(cast.desk, cast.edith, pages["the-signal-house.html"])
    before = len(kinds(cast))
    withdraw(cast.desk, cast.edith, drafted.piece_id, "")
    assert len(kinds(cast)) == before
    assert not shelf.to_do(cast.desk, cast.edith).drafts.lines
    confirm_piece(cast.desk, cast.edith, drafted.piece_id, draft_record(drafted.draft))
    assert alarms(cast) == []
