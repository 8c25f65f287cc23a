"""The finder on common words: against ranking every match, as ``ORDER BY rank`` does, and against a small ledger.

    PYTHONPATH=. python tests/bench/bench_search.py

All turns are taken in one interleaved run on one thread; times are this thread's own processor time.
"""

import random
import statistics
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection

from ledger.records.search import search
from ledger.records.sessions import open_database
from tests.bench import goals, stock

ROUNDS = 15
ASKED = {
    "one common word": "ferry",
    "two common words": "ferry harbour",
    "author and source of all": "ada okafor lantern",
    "a common and a rare word": "harbour 4711",
    "the beginning of a common word": "harbo",
}
NAIVE = (
    "SELECT piece.id, piece.title FROM piece_fts JOIN piece_text ON piece_text.number = piece_fts.rowid "
    "JOIN piece ON piece.publisher_id = piece_text.publisher_id AND piece.id = piece_text.piece_id "
    "WHERE piece_fts MATCH ? AND piece_text.is_public ORDER BY rank LIMIT 20"
)


def naive(connection: Connection, words: str) -> list[Any]:
    """What the manual of FTS5 shows."""
    query = " AND ".join(f'"{word}"' for word in words.split()) + " *"
    return list(connection.exec_driver_sql(NAIVE, (query,)))


def milliseconds(act: Callable[[], object]) -> float:
    """Processor time of one call."""
    start = time.thread_time_ns()
    act()
    return (time.thread_time_ns() - start) / 1e6


def measure(large: Connection, small: Connection, count: int) -> None:
    """Ask both ledgers and the naive statement in turns, print."""
    dice = random.Random(6)
    for name, words in ASKED.items():
        assert search(large, words).rows, words
        acts = {
            "ours": lambda words=words: search(large, words),
            "small": lambda words=words: search(small, words),
            "naive": lambda words=words: naive(large, words),
        }
        times: dict[str, list[float]] = {each: [] for each in acts}
        for _ in range(ROUNDS):
            for each in dice.sample(list(acts), len(acts)):
                times[each].append(milliseconds(acts[each]))
        ours, little, theirs = (statistics.median(times[each]) for each in acts)
        figures = f"{ours:.1f} ms, {theirs:.1f} ms"
        if name == "one common word":
            goals.at_most(f"search, {name}, {count:,} pieces", ours, 4, unit=" ms")
        goals.no_goal(f"search, {name}, against ORDER BY rank", ours / theirs, figures)
        goals.no_goal(f"search, {name}, {count:,} pieces against {stock.SMALL_PIECES:,}", ours / little)


def main() -> None:
    """Measure on the ledgers of this run."""
    with stock.shared_folder() as folder:
        big, little, count = stock.piece_ledgers(folder)
        databases = [open_database(f"sqlite:///{each}/ledger.db") for each in (big, little)]
        with databases[0].reading() as large, databases[1].reading() as small:
            measure(large, small, count)
        for each in databases:
            each.close()


if __name__ == "__main__":
    main()
