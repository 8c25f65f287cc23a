"""Keys and checkpoints that are lost: told from a fresh journal, never made anew in silence, and gone on from."""

import shutil
from pathlib import Path

import pytest

from ledger.journal.entry import read_leaf
from ledger.journal.note import Signer, Verifier, open_checkpoint, sign_checkpoint
from ledger.journal.proof import verify_proof
from ledger.journal.tree import EMPTY_ROOT
from ledger.records.journal_epochs import NothingToReopen, reopen
from ledger.records.journal_keeper import JournalError, Lost
from ledger.records.journal_publishing import earlier_keys, proof_file, tile, verifier_key
from ledger.records.journal_reading import entry_at, root_of_first, size_of
from ledger.records.journal_store import append
from ledger.records.journal_verify import verify_journal
from tests.postgres import postgres_server, postgres_url  # noqa: F401
from tests.records.journal_cast import HARBOUR, LANTERN, NOW, Ledger, open_ledger, quick_path  # noqa: F401
from tests.records.test_journal_store import ledger  # noqa: F401

ISSUED = {"letter": "lt_1", "number": "HARBOUR-2026-000001", "sha256": "0" * 64}


class Before:
    """A journal that gave out a letter, with what is in other people's hands: a proof, a checkpoint, the key."""

    def __init__(self, ledger: Ledger, named: bool = False) -> None:
        with ledger.writing() as connection:
            if named:
                key = verifier_key(connection, HARBOUR).vkey
                append(
                    connection, HARBOUR, "publisher.opened", {"publisher": "p", "journal_key": key}, {}, NOW
                )
        ledger.grow(3)
        with ledger.reading() as connection:
            self.proof = proof_file(connection, HARBOUR, 1)
            self.key = verifier_key(connection, HARBOUR)
        self.checkpoint = ledger.checkpoint()
        with ledger.writing() as connection:
            append(connection, HARBOUR, "letter.issued", ISSUED, {}, NOW)


def anew(ledger: Ledger) -> Ledger:
    """Another process at the same database and folder."""
    return open_ledger(ledger.database.url.render_as_string(hide_password=False), ledger.folder)


def lose_the_folder(ledger: Ledger) -> Ledger:
    shutil.rmtree(ledger.folder / "journal")
    return anew(ledger)


def refused(ledger: Ledger, words: str) -> None:
    """Nothing is written, signed, shown or made; `ledger verify` tells why."""
    for act in (lambda: ledger.grow(1), ledger.checkpoint):
        with pytest.raises(Lost, match=words):
            act()
    with ledger.reading() as connection:
        before = size_of(connection, HARBOUR)
        for ask in (verifier_key, earlier_keys, lambda *given: tile(*given, 0, 0, 1)):
            with pytest.raises(Lost, match="ledger journal reopen"):
                ask(connection, HARBOUR)
        report = verify_journal(connection, HARBOUR)
        assert size_of(connection, HARBOUR) == before
    assert report.first is not None
    assert words in report.first.text


def test_after_a_letter_lost_keys_are_not_replaced_in_silence(ledger: Ledger) -> None:
    """A journal of before 0.4.0 names no key; that a letter was issued tells that there was one."""
    Before(ledger)
    late = lose_the_folder(ledger)
    refused(late, "has no signing key, but entry 3")
    assert not list(late.folder.rglob("*.key"))
    late.grow(1, LANTERN)  # another journal goes on
    late.checkpoint(LANTERN)
    late.close()


def test_a_journal_that_names_its_key_misses_it_before_any_letter(ledger: Ledger) -> None:
    with ledger.writing() as connection:
        key = verifier_key(connection, HARBOUR).vkey
        append(connection, HARBOUR, "publisher.opened", {"publisher": "p", "journal_key": key}, {}, NOW)
    late = lose_the_folder(ledger)
    refused(late, "has not the signing key of ledger.example/journal/harbour that the journal names")
    late.close()


def test_a_new_epoch_goes_on_without_the_lost_keys(ledger: Ledger) -> None:
    before = Before(ledger)
    late = lose_the_folder(ledger)
    published = reopen(late.writing, HARBOUR, NOW, reason="the disk with the keys is gone")
    assert (published.checkpoint.size, published.checkpoint.origin) == (
        5,
        "ledger.example/journal/harbour/epoch-2",
    )
    with late.reading() as connection:
        payload = read_leaf(entry_at(connection, HARBOUR, 4).leaf).payload
        key = verifier_key(connection, HARBOUR)
    assert payload["previous"] == ""
    assert payload["lost"] is True
    assert payload["journal_key"] == key.vkey
    [appended] = late.grow(1)
    with late.reading() as connection:
        assert verify_proof(proof_file(connection, HARBOUR, appended.seq), [key]).index == 5
        report = verify_journal(connection, HARBOUR)
        assert report.holds, report.first
        assert "Epoch 2 begins at entry 4: the keys or the last checkpoint" in report.warnings[0]
        report = verify_journal(connection, HARBOUR, checkpoints=[before.checkpoint])
        assert report.first is not None
        assert "not by a key of this journal" in report.first.text
        report = verify_journal(connection, HARBOUR, checkpoints=[before.checkpoint], known=[before.key])
        assert report.holds, report.first
    assert verify_proof(before.proof, [before.key]).index == 1  # the letter, by the key in somebody's hands
    with pytest.raises(NothingToReopen):
        reopen(late.writing, HARBOUR, NOW, reason="again")
    late.close()


def test_the_lost_key_is_still_shown_where_the_journal_names_it(ledger: Ledger) -> None:
    before = Before(ledger, named=True)
    late = lose_the_folder(ledger)
    with late.reading() as connection:
        [only] = verify_journal(connection, HARBOUR, checkpoints=[before.checkpoint]).problems
    assert (
        "has not the signing key" in only.text
    )  # the checkpoint itself is checked with the named key, and holds
    late.keeper.host = "moved.example"
    reopen(late.writing, HARBOUR, NOW, reason="lost")
    with late.reading() as connection:
        assert earlier_keys(connection, HARBOUR) == [before.key]
        assert verify_journal(connection, HARBOUR, checkpoints=[before.checkpoint]).holds
    again = lose_the_folder(late)  # and once more: the entry of the second epoch names both
    refused(again, "has not the signing key of ledger.example/journal/harbour/epoch-2")
    published = reopen(again.writing, HARBOUR, NOW, reason="lost again")
    assert published.checkpoint.origin.endswith("/epoch-3")
    with again.reading() as connection:
        assert before.key in earlier_keys(connection, HARBOUR)
        assert len(earlier_keys(connection, HARBOUR)) == 2
        report = verify_journal(connection, HARBOUR, checkpoints=[before.checkpoint])
        assert report.holds, report.first
    late.close()
    again.close()


def test_a_checkpoint_that_somebody_holds_is_committed_to(ledger: Ledger) -> None:
    """Its key is unknown, but what it says of the entries is true: nobody could have guessed the root."""
    before = Before(ledger)
    late = lose_the_folder(ledger)
    lying = before.checkpoint.replace(b"\n3\n", b"\n2\n")
    empty = sign_checkpoint(Signer("anybody.example/journal/harbour", bytes(32)), 0, EMPTY_ROOT)
    for nobodys in (lying, empty):
        with pytest.raises(JournalError, match="--key"):
            reopen(late.writing, HARBOUR, NOW, reason="lost", newer=nobodys)
    reopen(late.writing, HARBOUR, NOW, reason="lost", newer=before.checkpoint)
    with late.reading() as connection:
        assert (
            read_leaf(entry_at(connection, HARBOUR, 4).leaf).payload["previous"] == before.checkpoint.decode()
        )
        report = verify_journal(connection, HARBOUR)
        assert report.holds, report.first
        assert "the newest that somebody held is over 3 entries" in report.warnings[0]
        root = root_of_first(connection, HARBOUR, 3)
    again = lose_the_folder(late)
    fifth = Signer("ledger.example/journal/harbour/epoch-5", bytes(32))
    published = reopen(again.writing, HARBOUR, NOW, reason="lost", newer=sign_checkpoint(fifth, 3, root))
    assert published.checkpoint.origin.endswith("/epoch-6")
    again.close()
    late.close()


def test_a_checkpoint_that_counts_more_than_is_left_needs_its_key(ledger: Ledger, tmp_path: Path) -> None:
    """The database is an old copy and the folder is gone: what is handed in is all that tells."""
    before = Before(ledger)
    signer = Signer.parse(next(ledger.folder.rglob("*.key")).read_text())
    newest = signer.sign(f"{signer.name}\n9\n{'A' * 43}=\n").encode()
    late = lose_the_folder(ledger)
    with pytest.raises(JournalError, match="hand in the public key that signed it too"):
        reopen(late.writing, HARBOUR, NOW, reason="lost", newer=newest)
    stranger = Signer("ledger.example/journal/lantern", bytes(32)).verifier.vkey
    for key, words in ((stranger, "is of ledger.example/journal/lantern"), ("x", "cannot be read")):
        with pytest.raises(JournalError, match=words):
            reopen(late.writing, HARBOUR, NOW, reason="lost", newer=newest, key=key)
    forged = newest.replace(b"\n9\n", b"\n8\n")
    with pytest.raises(JournalError, match="not this journal's"):
        reopen(late.writing, HARBOUR, NOW, reason="lost", newer=forged, key=before.key.vkey)
    reopen(late.writing, HARBOUR, NOW, reason="lost", newer=newest, key=before.key.vkey)
    with late.reading() as connection:
        assert earlier_keys(connection, HARBOUR) == [before.key]
        assert verify_journal(connection, HARBOUR, checkpoints=[before.checkpoint]).holds
        report = verify_journal(connection, HARBOUR, checkpoints=[newest])
        assert report.first is not None
        assert "the entries 4 to 8 were lost; epoch 2 goes on from entry 4" in report.first.text
    again = lose_the_folder(late)  # what was handed in once is known from then on
    reopen(again.writing, HARBOUR, NOW, reason="lost again")
    with again.reading() as connection:
        assert before.key in earlier_keys(connection, HARBOUR)
    late.close()
    again.close()


def test_an_epoch_that_was_opened_before_keys_were_named_counts(ledger: Ledger) -> None:
    ledger.grow(1)
    opened = {"epoch": 2, "previous": ledger.checkpoint().decode()}
    with ledger.writing() as connection:
        append(connection, HARBOUR, "epoch.opened", opened, {}, NOW)
    late = lose_the_folder(ledger)
    refused(late, "has no signing key, but entry 1")
    published = reopen(late.writing, HARBOUR, NOW, reason="lost")
    assert published.checkpoint.origin.endswith("/epoch-3")
    late.close()


def test_a_key_that_is_lost_beside_its_checkpoint_is_missed(ledger: Ledger) -> None:
    before = Before(ledger)
    for path in ledger.folder.rglob("*.key"):
        path.unlink()
    late = anew(ledger)
    refused(late, "no signature by a known key")
    reopen(late.writing, HARBOUR, NOW, reason="lost")
    with late.reading() as connection:
        payload = read_leaf(entry_at(connection, HARBOUR, 4).leaf).payload
        report = verify_journal(connection, HARBOUR)
    assert payload["previous"] == before.checkpoint.decode()
    assert report.holds, report.first
    assert (late.keeper.place(HARBOUR) / "epoch-1").read_bytes() == before.checkpoint
    late.close()


def test_a_checkpoint_that_is_lost_beside_its_key_is_missed(ledger: Ledger) -> None:
    """Signing on as if there had been none would hide that an old copy of the database was restored."""
    before = Before(ledger)
    note = (late := anew(ledger)).keeper.place(HARBOUR) / "checkpoint"
    note.unlink()
    refused(late, "keeps no checkpoint, but entry 3")
    note.write_bytes(before.checkpoint)
    late.grow(1)  # put back, it goes on as before
    note.unlink()
    late.close()
    late = anew(ledger)
    published = reopen(late.writing, HARBOUR, NOW, reason="lost")
    assert published.checkpoint.origin.endswith("/epoch-2")
    with late.reading() as connection:
        assert earlier_keys(connection, HARBOUR) == [before.key]
        assert verify_journal(connection, HARBOUR, checkpoints=[before.checkpoint]).holds
    assert not list(late.folder.rglob("*.vkey"))  # its signing key is there
    late.close()


def test_the_newer_of_what_is_kept_and_what_is_handed_in_counts(ledger: Ledger) -> None:
    before = Before(ledger)
    newest = ledger.checkpoint()
    for path in ledger.folder.rglob("*.key"):
        path.unlink()
    late = anew(ledger)
    reopen(late.writing, HARBOUR, NOW, reason="lost", newer=before.checkpoint)
    with late.reading() as connection:
        assert read_leaf(entry_at(connection, HARBOUR, 4).leaf).payload["previous"] == newest.decode()
    late.close()


def test_a_crash_after_the_entry_of_the_new_epoch_is_gone_on_from(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    Before(ledger)
    late = lose_the_folder(ledger)

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(late.keeper, "keep", crash)
        with pytest.raises(KeyboardInterrupt):
            reopen(late.writing, HARBOUR, NOW, reason="lost")
    with pytest.raises(Lost):
        late.grow(1)
    reopen(late.writing, HARBOUR, NOW, reason="lost")
    late.grow(1)
    with late.reading() as connection:
        report = verify_journal(connection, HARBOUR)
        assert report.holds, report.first
    late.close()


@pytest.mark.parametrize("left", ["key", "end"])
def test_the_number_of_a_lost_epoch_is_not_given_to_another(ledger: Ledger, left: str) -> None:
    """The database was restored to before the second epoch, whose checkpoint is lost; a trace of it is there."""
    ledger.grow(3)
    first = ledger.checkpoint()
    (ledger.keeper.place(HARBOUR) / "checkpoint").unlink()
    if left == "key":
        ledger.keeper.signer(HARBOUR, "ledger.example/journal/harbour/epoch-2")
    else:
        ledger.keeper.keep_aside(HARBOUR, 1, first)
    late = anew(ledger)
    with pytest.raises(Lost, match="is missing"):
        late.grow(1)
    published = reopen(late.writing, HARBOUR, NOW, reason="lost", newer=first)
    assert published.checkpoint.origin.endswith("/epoch-3")
    with late.reading() as connection:
        report = verify_journal(connection, HARBOUR)
        assert report.holds, report.first
    late.close()


def test_a_fresh_journal_makes_its_key(ledger: Ledger) -> None:
    """Nothing was given out: whatever the settings call it now is its name."""
    with ledger.writing() as connection:
        named = verifier_key(connection, HARBOUR).vkey
        append(connection, HARBOUR, "publisher.opened", {"publisher": "p", "journal_key": named}, {}, NOW)
    late = anew(ledger)
    late.keeper.host = "permissions.example"
    late.grow(1)
    with late.reading() as connection:
        key = verifier_key(connection, HARBOUR)
        assert key.name == "permissions.example/journal/harbour"
    assert open_checkpoint(late.checkpoint(), [key]).size == 2
    late.close()
    late = anew(ledger)
    late.grow(1)
    with late.reading() as connection:
        report = verify_journal(connection, HARBOUR)
        assert report.holds, report.first
    late.close()


def test_a_first_letter_that_comes_while_somebody_looks_is_no_loss(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger.grow(1)
    late, look = anew(ledger), ledger.keeper.published
    found = late.keeper.published(HARBOUR)
    answers = [found]
    ledger.checkpoint()
    with ledger.writing() as connection:
        append(connection, HARBOUR, "letter.issued", ISSUED, {}, NOW)
    monkeypatch.setattr(
        late.keeper, "published", lambda publisher: answers.pop() if answers else look(publisher)
    )
    assert found is None
    late.checkpoint()
    late.close()


def test_a_signing_key_that_was_exchanged_is_found(ledger: Ledger) -> None:
    """Whoever can write to the folder puts a key of their own in, and signs anew what is there."""
    Before(ledger, named=True)
    place = ledger.keeper.place(HARBOUR)
    [path] = place.glob("*.key")
    path.write_text(Signer("ledger.example/journal/harbour", bytes(32)).to_text())
    (place / "checkpoint").unlink()
    late = anew(ledger)
    refused(late, "has not the signing key")
    with late.reading() as connection:
        signed = sign_checkpoint(Signer.parse(path.read_text()), 5, root_of_first(connection, HARBOUR, 5))
        (place / "checkpoint").write_text(signed)
        report = verify_journal(connection, HARBOUR)
    assert report.first is not None
    assert "in the data folder is not the one that entry 0 names" in report.first.text
    late.close()


def test_an_epoch_that_nothing_is_signed_for_is_found(ledger: Ledger) -> None:
    """Whoever can write to the database might open one to explain away what is missing."""
    Before(ledger)
    payload = {"epoch": 2, "previous": "", "lost": True}
    with ledger.writing() as connection:
        append(connection, HARBOUR, "epoch.opened", payload, {}, NOW)
    with ledger.reading() as connection:
        report = verify_journal(connection, HARBOUR)
    assert report.first is not None
    assert "epoch 2 is open, but epoch 1 is signed for" in report.first.text


def test_what_names_no_key_does_not_stop_anything(ledger: Ledger) -> None:
    odd = {"publisher": "p", "journal_key": "no key", "earlier_keys": ["x", 7]}
    with ledger.writing() as connection:
        append(connection, HARBOUR, "publisher.opened", odd, {}, NOW)
    ledger.checkpoint()
    with ledger.reading() as connection:
        assert verify_journal(connection, HARBOUR).holds
        assert Verifier.parse(verifier_key(connection, HARBOUR).vkey).name.endswith("/harbour")
