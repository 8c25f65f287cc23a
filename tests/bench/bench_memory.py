"""The memory of the web process: does it stay what it was over twenty thousand questions?

    PYTHONPATH=. python tests/bench/bench_memory.py

Lookups, rights pages, the finder and pages that are not there, spread over the whole ledger; resident memory after
a tenth of them and after all. (What the letters' engine keeps is measured in bench_letters.)
"""

import random

from tests.bench import goals, stock
from tests.bench.load import Server, ask_all, serving

QUESTIONS = stock.fewer(20_000, 6_000)


def questions(count: int, dice: random.Random) -> list[str]:
    """One in four of each kind."""
    kinds = (
        lambda number: f"/api/pieces?url={stock.address(number)}",
        lambda number: f"/pieces/{stock.piece_id(number)}",
        lambda number: f"/api/pieces/{stock.piece_id(number)}",
        lambda number: f"/api/pieces/{stock.piece_id(number)}/as/rsl",
    )
    return [kinds[turn % len(kinds)](dice.randrange(count)) for turn in range(QUESTIONS)]


def measure(server: Server, count: int) -> None:
    """Ask all, print."""
    asked = questions(count, random.Random(9))
    first = QUESTIONS // 10
    ask_all(server, asked[:first])
    early = server.resident_bytes()
    ask_all(server, asked[first:])
    late = server.resident_bytes()
    what = f"web, memory after {QUESTIONS:,} questions against after {first:,}"
    goals.at_most(what, late / early, 1.1, f"{early / 1e6:.0f} MB, {late / 1e6:.0f} MB")


def main() -> None:
    """Measure on the small ledger of this run, whose file the process cannot keep growing into."""
    with stock.shared_folder() as folder:
        ledger = stock.small_piece_ledger(folder)
        with serving("tests.bench.house_server", str(ledger)) as server:
            measure(server, stock.SMALL_PIECES)


if __name__ == "__main__":
    main()
