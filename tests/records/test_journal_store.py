"""Appending, reading back, publishing and erasing, on both databases."""

import stat
from collections.abc import Iterator
from pathlib import Path
from unicodedata import normalize

import pytest
from sqlalchemy import create_engine

from ledger.journal import note, tiles, tree
from ledger.journal.entry import InvalidEntry, commit, read_leaf
from ledger.journal.proof import verify_proof
from ledger.records.journal_keeper import (
    JournalError,
    JournalNotAttached,
    Keeper,
    attach,
    load_or_make_signing_key,
)
from ledger.records.journal_publishing import (
    NothingThere,
    checkpoint_text,
    proof_file,
    publish,
    tile,
    verifier_key,
)
from ledger.records.journal_reading import (
    consistency_proof,
    entries,
    entry_at,
    personal_of,
    root_of_first,
    size_of,
)
from ledger.records.journal_store import Act, WrongIsolation, append, append_many, erase
from ledger.records.journal_verify import verify_journal
from tests.postgres import PostgresServer, postgres_server, postgres_url  # noqa: F401
from tests.records.journal_cast import HARBOUR, LANTERN, NOW, Ledger, new_ledger, quick_path, sqlite_ledger  # noqa: F401


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def ledger(request: pytest.FixtureRequest, quick_path: Path) -> Iterator[Ledger]:
    if request.param == "sqlite":
        made = sqlite_ledger(quick_path)
    else:
        made = new_ledger(request.getfixturevalue("postgres_url"), quick_path)
    yield made
    made.close()


def test_entries_are_numbered_and_read_back(ledger: Ledger) -> None:
    with ledger.writing() as connection:
        first = append(connection, HARBOUR, "piece.registered", {"piece": "pc_1"}, {"author": "Ann"}, NOW)
        second = append(connection, HARBOUR, "piece.corrected", {"piece": "pc_1"}, {}, NOW)
        other = append(connection, LANTERN, "piece.registered", {"piece": "pc_2"}, {}, NOW)
    assert [first.seq, second.seq, other.seq] == [0, 1, 0]
    with ledger.reading() as connection:
        stored = list(entries(connection, HARBOUR))
        assert [entry.leaf for entry in stored] == [first.leaf, second.leaf]
        assert stored[0].leaf_hash == first.leaf_hash == tree.leaf_hash(first.leaf)
        assert stored[0].at == NOW
        read = read_leaf(stored[0].leaf)
        assert read.payload == {"piece": "pc_1"}
        assert read.personal == first.commitments
        assert personal_of(connection, HARBOUR, 0) == {"author": "Ann"}
        assert entry_at(connection, HARBOUR, 1).kind == "piece.corrected"
        with pytest.raises(LookupError):
            entry_at(connection, HARBOUR, 2)


def test_an_act_that_is_rolled_back_leaves_nothing(ledger: Ledger) -> None:
    ledger.grow(3)

    def act() -> None:
        with ledger.writing() as connection:
            append(connection, HARBOUR, "piece.registered", {"piece": "pc_1"}, {"author": "Ann"}, NOW)
            append(connection, HARBOUR, "no.such", {}, {}, NOW)

    with pytest.raises(InvalidEntry):
        act()
    with ledger.reading() as connection:
        assert size_of(connection, HARBOUR) == 3
    assert ledger.grow(1)[0].seq == 3


def test_what_is_no_entry_is_refused_and_the_act_may_go_on(ledger: Ledger) -> None:
    with ledger.writing() as connection:
        with pytest.raises(InvalidEntry):
            append_many(
                connection, HARBOUR, [Act("piece.registered", {"piece": "pc_1"}), Act("no.such", {})], NOW
            )
        append(connection, HARBOUR, "piece.registered", {"piece": "pc_2"}, {}, NOW)
    with ledger.reading() as connection:
        assert [read_leaf(entry.leaf).payload["piece"] for entry in entries(connection, HARBOUR)] == ["pc_2"]


@pytest.mark.parametrize("size", [0, 1, 2, 3, 255, 256, 257, 511, 512, 513, 1025])
def test_roots_and_tiles_at_the_edges(ledger: Ledger, size: int) -> None:
    hashes = []
    grown = 0
    while grown < size:  # singly and in batches, across the edges of tiles
        step = min(1 if grown % 3 else 200, size - grown)
        hashes += [appended.leaf_hash for appended in ledger.grow(step)]
        grown += step
    checkpoint = note.open_checkpoint(ledger.checkpoint(), ledger.keeper.verifiers(HARBOUR))
    assert (checkpoint.size, checkpoint.root) == (size, tree.root_of(hashes))
    with ledger.reading() as connection:
        level0 = b"".join(
            tile(connection, HARBOUR, 0, index, tiles.width_at(0, index, size))
            for index in range((size + 255) // 256)
        )
        assert level0 == b"".join(hashes)
        if size >= 256:
            width = tiles.width_at(1, 0, size)
            assert tile(connection, HARBOUR, 1, 0, width)[:32] == tree.root_of(hashes[:256])
        for level, index, width in [
            (0, size // 256, size % 256 + 1),
            (0, 999, 1),
            (2, 0, 1),
            (0, 0, 0),
            (64, 0, 1),
            (-1, 0, 1),
            (0, -1, 256),
            (None, -1, 256),
        ]:
            with pytest.raises(NothingThere):
                tile(connection, HARBOUR, level, index, width)


def test_nothing_is_given_out_that_no_checkpoint_covers_yet(ledger: Ledger) -> None:
    ledger.grow(3)
    with ledger.reading() as connection, pytest.raises(NothingThere):
        tile(connection, HARBOUR, 0, 0, 1)
    ledger.checkpoint()
    ledger.grow(2)
    with ledger.reading() as connection:
        for level in (0, None):
            assert tile(connection, HARBOUR, level, 0, 3)
            with pytest.raises(NothingThere):
                tile(connection, HARBOUR, level, 0, 4)


def test_level_two_of_a_large_journal(tmp_path: Path) -> None:
    ledger = sqlite_ledger(tmp_path)
    hashes: list[bytes] = []
    with ledger.writing() as connection:  # 256 * 256 + some, by rows: making the leaves would take a minute
        connection.exec_driver_sql("DROP TRIGGER journal_entry_next_seq")
    total = 256 * 256 + 300
    from sqlalchemy import insert

    from ledger.records.journal_store import _fill_tiles
    from ledger.records.journal_tables import journal_entry

    with ledger.writing() as connection:
        leaves = [b"leaf %d" % number for number in range(total)]
        hashes = [tree.leaf_hash(leaf) for leaf in leaves]
        connection.execute(
            insert(journal_entry),
            [
                {
                    "publisher_id": HARBOUR,
                    "seq": at,
                    "kind": "k",
                    "at": NOW,
                    "leaf": leaf,
                    "leaf_hash": hashes[at],
                }
                for at, leaf in enumerate(leaves)
            ],
        )
        _fill_tiles(connection, HARBOUR, 0, 0, total - 100)
        _fill_tiles(connection, HARBOUR, 0, total - 100, total)
    with ledger.reading() as connection:
        root = root_of_first(connection, HARBOUR, total)
        assert root == tree.root_of(hashes)
        publish(connection, HARBOUR)
        assert tile(connection, HARBOUR, 2, 0, 1) == tree.root_of(hashes[: 256 * 256])
        assert len(tile(connection, HARBOUR, 1, 0, 256)) == 8192
        proof = consistency_proof(connection, HARBOUR, 65_535, total)
        assert tree.verify_consistency(65_535, total, proof, tree.root_of(hashes[:65_535]), root)
    ledger.close()


def test_the_entry_bundle_hashes_to_the_tile(ledger: Ledger) -> None:
    ledger.grow(300)
    ledger.checkpoint()
    with ledger.reading() as connection:
        for index, width in ((0, 256), (1, 44)):
            leaves = tiles.unbundle(tile(connection, HARBOUR, None, index, width))
            assert b"".join(map(tree.leaf_hash, leaves)) == tile(connection, HARBOUR, 0, index, width)


def test_every_entry_is_proven_by_its_file(ledger: Ledger) -> None:
    appended = [*ledger.grow(258, personal=True), *ledger.grow(2)]
    with ledger.reading() as connection:
        vkey = note.Verifier.parse(verifier_key(connection, HARBOUR).vkey)
        assert vkey.name == "ledger.example/journal/harbour"
        for entry in (appended[0], appended[255], appended[256], appended[259]):
            proven = verify_proof(proof_file(connection, HARBOUR, entry.seq), [vkey])
            assert (proven.leaf, proven.index, proven.checkpoint.size) == (entry.leaf, entry.seq, 260)
        for seq in (-1, 260):
            with pytest.raises(NothingThere):
                proof_file(connection, HARBOUR, seq)


def test_nothing_is_proven_that_could_still_be_rolled_back(ledger: Ledger) -> None:
    ledger.grow(1)
    with ledger.writing() as connection:
        append(connection, HARBOUR, "piece.registered", {"piece": "pc_1"}, {}, NOW)
        with pytest.raises(JournalError, match="commit first"):
            proof_file(connection, HARBOUR, 1)
        with pytest.raises(JournalError, match="commit first"):
            checkpoint_text(connection, HARBOUR)
    with ledger.writing() as connection:  # a later transaction on the same connection may
        assert proof_file(connection, HARBOUR, 1)


def test_a_checkpoint_is_signed_once_for_each_size(ledger: Ledger) -> None:
    ledger.grow(2)
    one = ledger.checkpoint()
    assert ledger.checkpoint() == one
    ledger.grow(1)
    assert ledger.checkpoint() != one


def test_a_reader_with_an_old_snapshot_gets_the_newest(ledger: Ledger) -> None:
    ledger.grow(2)
    with ledger.reading() as connection:
        assert size_of(connection, HARBOUR) == 2  # SQLite: the snapshot begins here
        ledger.grow(3)
        newest = ledger.checkpoint()
        assert checkpoint_text(connection, HARBOUR) == newest


def test_erasure_leaves_proofs_whole(ledger: Ledger) -> None:
    appended = ledger.grow(9, personal=True)  # subjects pt_0, pt_1, pt_2 in turn
    with ledger.reading() as connection:
        before = proof_file(connection, HARBOUR, 4)
        key = verifier_key(connection, HARBOUR)
    with ledger.writing() as connection:
        erased = erase(connection, HARBOUR, NOW, subject="pt_1", reason="asked to be forgotten")
        assert erased.count == 6  # three entries, a name and an address each
        again = erase(connection, HARBOUR, NOW, subject="pt_1")
        assert (again.count, again.entries) == (0, ())
        one = erase(connection, HARBOUR, NOW, commitments=[appended[0].commitments["email"]])
        assert one.count == 1
    said = read_leaf(erased.entries[0].leaf)
    assert said.kind == "person.erased"
    assert b"forgotten" not in erased.entries[0].leaf, "why may name somebody"
    assert sorted(said.payload["commitments"]) == sorted(
        commitment.hex() for at in (1, 4, 7) for commitment in appended[at].commitments.values()
    )
    with ledger.reading() as connection:
        assert personal_of(connection, HARBOUR, 4) == {}
        assert personal_of(connection, HARBOUR, 9) == {"reason": "asked to be forgotten"}
        assert personal_of(connection, HARBOUR, 0) == {"name": "Alice 0"}
        assert personal_of(connection, HARBOUR, 3) == {"name": "Alice 3", "email": "alice3@example.org"}
        assert verify_proof(before, [key]).leaf == appended[4].leaf
        assert verify_proof(proof_file(connection, HARBOUR, 4), [key]).leaf == appended[4].leaf
        report = verify_journal(connection, HARBOUR, checkpoints=[ledger.checkpoint()])
        assert report.holds, report.first


@pytest.mark.parametrize(
    "name", ["Ame\u0301lie", "Am\u00e9lie", "\u212bsa", "\U0001f58b Ann", " Ann ", "\u202eAnn", ""]
)
def test_a_name_is_committed_to_as_it_is_written(ledger: Ledger, name: str) -> None:
    """No form of Unicode is taken for another, neither by the commitment nor on the way through the database."""
    with ledger.writing() as connection:
        made = append(connection, HARBOUR, "request.submitted", {"request": "rq_1"}, {"name": name}, NOW)
    assert name.encode() not in made.leaf or not name
    with ledger.reading() as connection:
        assert personal_of(connection, HARBOUR, made.seq) == {"name": name}
        assert verify_journal(connection, HARBOUR).holds
    salt = bytes(32)
    others = {normalize(form, name) for form in ("NFC", "NFD", "NFKC")} - {name}
    assert commit("name", name, salt) not in {commit("name", other, salt) for other in others}


def test_erased_data_is_gone_from_the_file(tmp_path: Path) -> None:
    ledger = sqlite_ledger(tmp_path)
    ledger.grow(3, personal=True)
    with ledger.writing() as connection:
        erase(connection, HARBOUR, NOW, subject="pt_1")
    ledger.close()  # the last connection folds the write-ahead log into the file
    data = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    assert b"alice0@example.org" in data
    assert b"alice1@example.org" not in data


@pytest.mark.postgres
@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
def test_appending_asks_for_read_committed(postgres_url: str, tmp_path: Path, level: str) -> None:
    ledger = new_ledger(postgres_url, tmp_path)
    engine = create_engine(postgres_url, isolation_level=level)
    attach(engine, ledger.keeper)
    with pytest.raises(WrongIsolation), engine.begin() as connection:
        append(connection, HARBOUR, "piece.registered", {"piece": "p"}, {}, NOW)
    engine.dispose()
    ledger.close()


def test_an_engine_without_a_keeper_is_a_clear_fault(tmp_path: Path) -> None:
    ledger = sqlite_ledger(tmp_path)
    bare = create_engine(f"sqlite:///{tmp_path}/ledger.db")
    with pytest.raises(JournalNotAttached, match="attach"), bare.begin() as connection:
        append(connection, HARBOUR, "piece.registered", {"piece": "p"}, {}, NOW)
    bare.dispose()
    ledger.close()


@pytest.mark.parametrize("publisher", ["", "..", "a/b", "x" * 65])
def test_an_id_that_is_no_file_name_is_refused(tmp_path: Path, publisher: str) -> None:
    ledger = sqlite_ledger(tmp_path)
    with pytest.raises(ValueError, match="not a publisher's id"), ledger.writing() as connection:
        append(connection, publisher, "piece.registered", {"piece": "p"}, {}, NOW)
    ledger.close()


def test_signing_keys_are_kept_for_their_owner_alone(tmp_path: Path) -> None:
    signer = load_or_make_signing_key(tmp_path, "ledger.example/journal/the-lantern")
    assert load_or_make_signing_key(tmp_path, signer.name).to_text() == signer.to_text()
    assert load_or_make_signing_key(tmp_path, signer.name + "/epoch-2").to_text() != signer.to_text()
    [path] = tmp_path.glob("*the-lantern-*.key")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    with pytest.raises(JournalError, match="chmod 600"):
        load_or_make_signing_key(tmp_path, signer.name)
    path.chmod(0o600)
    path.write_text(note.Signer("ledger.example/journal/another", bytes(32)).to_text())
    with pytest.raises(JournalError, match=r"is the key of ledger\.example/journal/another, not of"):
        load_or_make_signing_key(tmp_path, signer.name)
    path.write_text("PRIVATE+KEY+x")
    with pytest.raises(JournalError, match="no signing key"):
        load_or_make_signing_key(tmp_path, signer.name)


def test_a_damaged_checkpoint_file_is_not_believed(tmp_path: Path) -> None:
    ledger = sqlite_ledger(tmp_path)
    ledger.grow(2)
    ledger.checkpoint()
    path = ledger.keeper.place(HARBOUR) / "checkpoint"
    path.write_bytes(path.read_bytes().replace(b"\n2\n", b"\n1\n"))
    with pytest.raises(JournalError, match="does not hold"):
        ledger.grow(1)
    ledger.close()


def test_the_origin_is_the_publishers_slug(tmp_path: Path) -> None:
    from ledger.records.tables import publisher

    ledger = sqlite_ledger(tmp_path)
    keeper = Keeper(tmp_path, "ledger.example/")
    with ledger.writing() as connection:
        connection.execute(
            publisher.insert().values(
                id=HARBOUR, slug="harbour-review", name="Harbour Review", legal_name="Harbour Review Ltd",
                permissions_email="rights@harbour.example", number_prefix="HARBOUR", created_at=NOW,
            )
        )  # fmt: skip
        assert keeper.first_origin(connection, HARBOUR) == "ledger.example/journal/harbour-review"
        assert keeper.first_origin(connection, LANTERN) == f"ledger.example/journal/{LANTERN}"
    ledger.close()
