"""The desk's queue: as quick with a long archive as with a short one?

    PYTHONPATH=. python tests/bench/bench_queue.py [requests]

Prints the ratio of medians of each view, from one interleaved run on one thread.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection

from ledger.records.queue import QueueFilter, median_time, queue, turn_counts
from ledger.records.tenant import Tenant
from tests.bench import stock

SMALL = 2_000
TIMES = 40
ROUNDS = 5
View = Callable[[Tenant], object]


def _second_page(tenant: Tenant) -> object:
    return queue(tenant, QueueFilter(turn="staff"), after=queue(tenant, QueueFilter(turn="staff")).next)


VIEWS: dict[str, View] = {
    "queue page, all": lambda tenant: queue(tenant, QueueFilter()),
    "queue page, staff's turn": lambda tenant: queue(tenant, QueueFilter(turn="staff")),
    "queue, first and second page": _second_page,
    "queue page, one state": lambda tenant: queue(tenant, QueueFilter(state="awaiting_holder")),
    "queue page, nobody's": lambda tenant: queue(tenant, QueueFilter(assigned_to="")),
    "queue page, one asker": lambda tenant: queue(tenant, QueueFilter(text="asker1999@press")),
    "queue page, a common word": lambda tenant: queue(tenant, QueueFilter(text="press")),
    "queue page, two words": lambda tenant: queue(tenant, QueueFilter(text="harbour press")),
    "archive page, a common word": lambda tenant: queue(tenant, QueueFilter(text="press", closed=True)),
    "archive page": lambda tenant: queue(tenant, QueueFilter(closed=True)),
    "counts by turn": turn_counts,
    "median time to a decision": median_time,
}


def whole_page(tenant: Tenant) -> None:
    """All that the desk's first page asks of the records."""
    queue(tenant, QueueFilter(turn="staff"))
    turn_counts(tenant)
    median_time(tenant)


def timed(connection: Connection, view: View) -> float:
    """Median time of a view in microseconds."""
    tenant = Tenant(connection, stock.PUBLISHER)
    view(tenant)
    return stock.median_microseconds([tenant] * TIMES, view)


def measure(folder: Path, large: int) -> None:
    """Fill both ledgers, ask both in turns, print."""
    databases = {}
    for name, count in (("small", SMALL), ("large", large)):
        databases[name] = stock.make_ledger(folder / f"{name}.db")
        stock.fill_requests(databases[name], count)
    print(f"{large:,} requests against {SMALL:,} (at most 2 for the whole page)")
    with databases["small"].reading() as small, databases["large"].reading() as big:
        for name, view in {"the whole first page": whole_page, **VIEWS}.items():
            pairs = [(timed(big, view), timed(small, view)) for _ in range(ROUNDS)]
            large_time, small_time = (sorted(times)[ROUNDS // 2] for times in zip(*pairs, strict=True))
            print(f"{name}: {large_time / small_time:.2f} ({large_time:.0f} us, {small_time:.0f} us)")


def main() -> None:
    """Measure with as many requests as were asked for."""
    given = stock.wanted("LEDGER_BENCH_REQUESTS", 200_000, 20_000)
    large = int(sys.argv[1]) if len(sys.argv) > 1 else given
    with stock.scratch_folder() as folder:
        measure(folder, large)


if __name__ == "__main__":
    main()
