"""The public lookup: does it stay as quick in a large ledger? And what does the house add to bare SQL?

    PYTHONPATH=. python tests/bench/bench_lookup.py

Prints ratios of medians, all from one interleaved run on one thread.
"""

import random
from pathlib import Path

from ledger.intake.urls import normalise_url, url_key
from ledger.records.lookups import Lookup
from ledger.records.sessions import open_database, sqlite_module
from tests.bench import goals, stock

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


def measure(large: Path, small: Path, count: int) -> None:
    """Ask both ledgers in turns, print."""
    databases = [open_database(f"sqlite:///{each}/ledger.db") for each in (large, small)]
    lookups = {
        "small": (Lookup(databases[1]), stock.SMALL_PIECES),
        "large": (Lookup(databases[0]), count),
    }
    bare = sqlite_module().connect(large / "ledger.db")
    dice = random.Random(3)
    times: dict[str, list[float]] = {"small": [], "large": [], "bare": []}
    for _ in range(ROUNDS):
        for name, (lookup, of) in lookups.items():
            asked = questions(of, dice)
            assert all(lookup.find(*one) for one in asked)
            times[name].append(stock.median_microseconds(asked, lambda one, of=lookup: of.find(*one)))
        asked = questions(count, dice)
        run = stock.median_microseconds(asked, lambda one: bare.execute(BARE, one[::-1]).fetchall())
        times["bare"].append(run)
    best = {name: sorted(found)[len(found) // 2] for name, found in times.items()}
    sizes = f"{best['large']:.1f} us, {best['small']:.1f} us; SQLite {stock.sqlite_version()}"
    what = f"lookup in SQL, p50, {count:,} pieces against {stock.SMALL_PIECES:,}"
    goals.at_most(what, best["large"] / best["small"], 3, sizes)
    against = best["large"] / best["bare"]
    goals.no_goal("lookup in SQL, p50 against the bare statement", against, f"{best['bare']:.1f} us")
    bare.close()
    for each in databases:
        each.close()


def main() -> None:
    """Measure on the ledgers of this run."""
    with stock.shared_folder() as folder:
        measure(*stock.piece_ledgers(folder))


if __name__ == "__main__":
    main()
