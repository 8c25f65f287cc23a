"""The public lookup: does it stay as quick in a large ledger? And what does the house add to bare SQL?

    PYTHONPATH=. python tests/bench/bench_lookup.py [pieces]

Prints ratios of medians, all from one interleaved run on one thread.
"""

import random
import sys
from pathlib import Path

from ledger.intake.urls import normalise_url, url_key
from ledger.records.lookups import Lookup
from ledger.records.sessions import sqlite_module
from tests.bench import stock

SMALL = 10_000
ROUNDS = 8
PER_ROUND = 1_000
BARE = (
    "SELECT piece_url.publisher_id, piece_url.piece_id, piece_url.kind, piece.public_record FROM piece_url "
    "JOIN piece ON piece.publisher_id = piece_url.publisher_id AND piece.id = piece_url.piece_id "
    "WHERE piece_url.url_key = ? AND piece_url.url = ? AND piece.state = 'confirmed' LIMIT 20"
)


def questions(count: int, dice: random.Random) -> list[tuple[str, int]]:
    """Addresses in their normal form with their keys, spread over the whole ledger."""
    chosen = (stock.address(dice.randrange(count)) for _ in range(PER_ROUND))
    return [(normalise_url(url), url_key(url)) for url in chosen]


def measure(folder: Path, large: int) -> None:
    """Fill both ledgers, ask both in turns, print."""
    lookups = {}
    for name, count in (("small", SMALL), ("large", large)):
        database = stock.make_ledger(folder / f"{name}.db")
        stock.fill_pieces(database, count)
        lookups[name] = (Lookup(database), count)
    bare = sqlite_module().connect(folder / "large.db")
    dice = random.Random(3)
    times: dict[str, list[float]] = {"small": [], "large": [], "bare": []}
    for _ in range(ROUNDS):
        for name, (lookup, count) in lookups.items():
            asked = questions(count, dice)
            assert all(lookup.find(*one) for one in asked)
            times[name].append(stock.median_microseconds(asked, lambda one, of=lookup: of.find(*one)))
        asked = questions(large, dice)
        run = stock.median_microseconds(asked, lambda one: bare.execute(BARE, one[::-1]).fetchall())
        times["bare"].append(run)
    best = {name: sorted(found)[len(found) // 2] for name, found in times.items()}
    sizes = f"{large:,} pieces {best['large']:.1f} us, {SMALL:,} pieces {best['small']:.1f} us"
    print(f"lookup p50, large against small: {best['large'] / best['small']:.2f} (at most 3; {sizes})")
    print(
        f"lookup p50 against the bare statement: {best['large'] / best['bare']:.2f} ({best['bare']:.1f} us)"
    )
    print(f"SQLite {stock.sqlite_version()}")


def main() -> None:
    """Measure with as many pieces as were asked for, or as fit on the disk."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else stock.wanted("LEDGER_BENCH_PIECES", 1_000_000, 50_000)
    with stock.scratch_folder() as folder:
        large = stock.fitting(folder, wanted, bytes_each=4_000)
        if large < wanted:
            print(f"the disk has room for {large:,} pieces only")
        measure(folder, large)


if __name__ == "__main__":
    main()
