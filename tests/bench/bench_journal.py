"""The journal's costs, as ratios of two things measured turn by turn in one run.

Prints: an append against a plain insert of the same bytes in the same settings (SQLite WAL, synchronous=FULL, one
transaction each); the same in batches of 64; an inclusion proof's median at 1,000,000 entries against 10,000.
"""

import os
import random
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Column, Connection, Integer, LargeBinary, String, Table, insert

from ledger.journal import tiles, tree
from ledger.journal.entry import make_leaf
from ledger.records.base import UtcDateTime, metadata
from ledger.records.journal_reading import inclusion_proof, root_of_first
from ledger.records.journal_store import Act, append, append_many
from ledger.records.journal_tables import journal_entry, journal_tile
from tests.bench import goals
from tests.records.journal_cast import HARBOUR, LANTERN, NOW, Ledger, sqlite_ledger

PAYLOAD = {"letter": "lt_01JD8Z00000000000000000000", "number": "HARBOUR-2026-000123", "sha256": "a" * 64}
PERSONAL = {"name": "Alice Asker", "email": "alice@example.org"}
ROUNDS, EACH = 40, 25

# What an application without a journal would keep of an act: the same columns but the hash, and an ordinary key.
plain = Table(
    "bench_plain",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("publisher_id", String(32), nullable=False),
    Column("kind", String(64), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("document", LargeBinary, nullable=False),
)


def per_transaction(ledger: Ledger, act: Callable[[Connection], object], times: int) -> float:
    """Seconds a transaction, over ``times`` of them."""
    start = time.perf_counter()
    for _ in range(times):
        with ledger.writing() as connection:
            act(connection)
    return (time.perf_counter() - start) / times


def interleaved(acts: dict[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """Measure each in turn, in an order that changes: what disturbs the machine disturbs them alike."""
    chance, found = random.Random(1), {name: [] for name in acts}
    for _ in range(rounds):
        for name in chance.sample(list(acts), len(acts)):
            found[name].append(acts[name]())
    return found


def bench_append(folder: Path) -> None:
    ledger = sqlite_ledger(folder)
    with ledger.writing() as connection:
        plain.create(connection)
    document, _ = make_leaf(HARBOUR, "letter.issued", PAYLOAD, {}, NOW)
    row = {"publisher_id": HARBOUR, "kind": "letter.issued", "at": NOW, "document": document}
    statement = insert(plain)
    batch = [Act("letter.issued", PAYLOAD)] * 64
    measured = interleaved(
        {
            "plain": lambda: per_transaction(ledger, lambda c: c.execute(statement, row), EACH),
            "append": lambda: per_transaction(
                ledger, lambda c: append(c, HARBOUR, "letter.issued", PAYLOAD, {}, NOW), EACH
            ),
            "with personal data": lambda: per_transaction(
                ledger, lambda c: append(c, HARBOUR, "letter.issued", PAYLOAD, PERSONAL, NOW), EACH
            ),
            "plain, 64 at once": lambda: per_transaction(
                ledger, lambda c: c.execute(statement, [row] * 64), 3
            ),
            "append, 64 at once": lambda: per_transaction(
                ledger, lambda c: append_many(c, LANTERN, batch, NOW), 3
            ),
        },
        ROUNDS,
    )
    ledger.close()

    def ratio(name: str, to: str) -> float:
        return statistics.median(a / b for a, b in zip(measured[name], measured[to], strict=True))

    for name, values in measured.items():
        print(f"  {name}: median {statistics.median(values) * 1e6:.0f} us a transaction")
    goals.at_most("journal append against a plain insert", ratio("append", "plain"), 1.35)
    goals.no_goal("the same with two personal data", ratio("with personal data", "plain"))
    goals.no_goal("the same, 64 a transaction", ratio("append, 64 at once", "plain, 64 at once"))


def fill(ledger: Ledger, publisher: str, size: int) -> None:
    """A journal of ``size`` entries by rows; leaves made one by one would take minutes and measure nothing."""
    leaf, _ = make_leaf(publisher, "letter.issued", PAYLOAD, {}, NOW)
    hashes = [tree.leaf_hash(leaf + number.to_bytes(8, "big")) for number in range(size)]
    with ledger.writing() as connection:
        # Not what this measures, and a look-up a row.
        connection.exec_driver_sql("DROP TRIGGER IF EXISTS journal_entry_next_seq")
        for start in range(0, size, 50_000):
            rows = [
                {
                    "publisher_id": publisher,
                    "seq": seq,
                    "kind": "letter.issued",
                    "at": NOW,
                    "leaf": leaf + seq.to_bytes(8, "big"),
                    "leaf_hash": hashes[seq],
                }
                for seq in range(start, min(start + 50_000, size))
            ]
            connection.execute(insert(journal_entry), rows)
        level = 0
        while len(hashes) >= tiles.WIDTH:
            roots = []
            for number in range(len(hashes) // tiles.WIDTH):
                tile = hashes[number * tiles.WIDTH : (number + 1) * tiles.WIDTH]
                roots.append(tiles.fold(tile))
                values = {"publisher_id": publisher, "level": level, "number": number}
                connection.execute(
                    insert(journal_tile), {**values, "root": roots[-1], "hashes": b"".join(tile)}
                )
            hashes, level = roots, level + 1


def bench_proofs(folder: Path) -> None:
    ledger = sqlite_ledger(folder)
    sizes = {LANTERN: 10_000, HARBOUR: 1_000_000}
    if os.environ.get("LEDGER_BENCH_SMALL"):
        sizes[HARBOUR] = 100_000
    for publisher, size in sizes.items():
        fill(ledger, publisher, size)
    chance = random.Random(2)
    with ledger.reading() as connection:

        def one(publisher: str) -> float:
            size = sizes[publisher]
            seq = chance.randrange(size)
            start = time.perf_counter()
            inclusion_proof(connection, publisher, seq, size)
            return time.perf_counter() - start

        for publisher, size in sizes.items():
            root_of_first(connection, publisher, size)
        measured = interleaved({publisher: lambda p=publisher: one(p) for publisher in sizes}, 400)
    ledger.close()
    small, large = (statistics.median(measured[publisher]) for publisher in (LANTERN, HARBOUR))
    what = f"inclusion proof p50, {sizes[HARBOUR]:,} entries against {sizes[LANTERN]:,}"
    goals.at_most(what, large / small, 3, f"{large * 1e3:.2f} ms, {small * 1e3:.2f} ms")


def main() -> None:
    with TemporaryDirectory() as folder:
        (Path(folder) / "a").mkdir()
        (Path(folder) / "b").mkdir()
        bench_append(Path(folder) / "a")
        bench_proofs(Path(folder) / "b")


if __name__ == "__main__":
    main()
