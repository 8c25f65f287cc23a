"""Sixteen appenders at once, as processes and as threads, on both databases: no gap, no duplicate, no fork."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ledger.journal.note import open_checkpoint
from ledger.journal.tree import leaf_hash, verify_consistency
from ledger.records.journal_publishing import publish
from ledger.records.journal_reading import consistency_proof, entries, size_of
from ledger.records.journal_store import append
from ledger.records.journal_verify import verify_journal
from tests.postgres import postgres_server, postgres_url  # noqa: F401
from tests.records.journal_cast import (  # noqa: F401
    HARBOUR,
    LANTERN,
    NOW,
    Ledger,
    new_ledger,
    quick_path,
)

APPENDERS = 16
DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture
def url(request: pytest.FixtureRequest, quick_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{quick_path}/ledger.db"
    return str(request.getfixturevalue("postgres_url"))


def nothing_is_amiss(ledger: Ledger, committed: list[tuple[int, str]], publisher: str = HARBOUR) -> None:
    numbers = sorted(seq for seq, _ in committed)
    assert numbers == list(range(len(committed))), "a gap or a duplicate"
    with ledger.reading() as connection:
        report = verify_journal(connection, publisher)
        assert report.holds, report.first
        stored = {one.seq: leaf_hash(one.leaf).hex() for one in entries(connection, publisher)}
    assert stored == dict(committed), "somebody was told another story"


@pytest.mark.parametrize("url", DATABASES, indirect=True)
@pytest.mark.parametrize("count", [8, pytest.param(200, marks=pytest.mark.long)])
def test_sixteen_processes_append_at_once(url: str, quick_path: Path, count: int) -> None:
    ledger = new_ledger(url, quick_path)
    arguments = [url, str(quick_path), str(APPENDERS), str(count)]
    program = subprocess.run(
        [sys.executable, "-m", "tests.records.crash_appender", *arguments],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        timeout=600,
        check=False,
    )
    assert program.returncode == 0, program.stderr[-2000:]
    committed = [
        (int(seq), hash_) for seq, hash_ in (line.split(" ") for line in program.stdout.splitlines())
    ]
    assert len(committed) > APPENDERS * count
    nothing_is_amiss(ledger, committed)
    ledger.close()


@pytest.mark.parametrize("url", DATABASES, indirect=True)
def test_sixteen_threads_append_to_two_journals_and_read(url: str, quick_path: Path) -> None:
    ledger = new_ledger(url, quick_path)
    checkpoints: list[bytes] = []

    def appender(number: int) -> list[tuple[str, int, str]]:
        publisher = (HARBOUR, LANTERN)[number % 2]
        done = []
        for turn in range(10):
            with ledger.writing() as connection:
                one = append(connection, publisher, "piece.registered", {"piece": f"pc_{number}"}, {}, NOW)
            done.append((publisher, one.seq, one.leaf_hash.hex()))
            if turn % 3 == 0:
                with ledger.reading() as connection:
                    size_of(connection, HARBOUR)  # SQLite: an older snapshot than the one that is published
                    checkpoints.append(publish(connection, HARBOUR).note)
        return done

    with ThreadPoolExecutor(APPENDERS) as pool:
        done = [one for part in pool.map(appender, range(APPENDERS)) for one in part]
    for publisher in (HARBOUR, LANTERN):
        nothing_is_amiss(ledger, [(seq, hash_) for at, seq, hash_ in done if at == publisher], publisher)
    every_checkpoint_leads_to_the_last(ledger, checkpoints)
    ledger.close()


def every_checkpoint_leads_to_the_last(ledger: Ledger, notes: list[bytes]) -> None:
    keys = ledger.keeper.verifiers(HARBOUR)
    last = open_checkpoint(ledger.checkpoint(), keys)
    with ledger.reading() as connection:
        for note in notes:
            old = open_checkpoint(note, keys)
            proof = consistency_proof(connection, HARBOUR, old.size, last.size)
            assert verify_consistency(old.size, last.size, proof, old.root, last.root)


@pytest.mark.postgres
@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_postgresql_with_a_pooled_number_of_connections(url: str, quick_path: Path) -> None:
    """Sixteen threads over eight pooled connections: waiting for one is not a failure."""
    ledger = new_ledger(url, quick_path)
    run: Callable[[int], int] = lambda number: len(ledger.grow(3))  # noqa: E731
    with ThreadPoolExecutor(APPENDERS) as pool:
        assert sum(pool.map(run, range(48))) == 144
    with ledger.reading() as connection:
        assert size_of(connection, HARBOUR) == 144
    ledger.close()
