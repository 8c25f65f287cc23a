"""The desk's queue: as quick with a long archive as with a short one?

    PYTHONPATH=. python tests/bench/bench_queue.py

Prints the ratio of medians of each view, from one interleaved run on one thread.
"""

from collections.abc import Callable

from sqlalchemy import Connection

from ledger.records.queue import QueueFilter, median_time, queue, turn_counts
from ledger.records.sessions import Database, open_database
from ledger.records.tenant import Tenant
from tests.bench import goals, stock

TIMES = 40
ROUNDS = stock.fewer(5, 3)
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


def measure(large: Database, little: Database, count: int) -> None:
    """Ask both ledgers in turns, print."""
    sizes = f"{count:,} requests against {stock.SMALL_REQUESTS:,}"
    with little.reading() as small, large.reading() as big:
        for name, view in {"all of the first page": whole_page, **VIEWS}.items():
            pairs = [(timed(big, view), timed(small, view)) for _ in range(ROUNDS)]
            large_time, small_time = (sorted(times)[ROUNDS // 2] for times in zip(*pairs, strict=True))
            figures = f"{large_time:.0f} us, {small_time:.0f} us"
            if view is whole_page:
                goals.at_most(f"queue in SQL, {name}, {sizes}", large_time / small_time, 2, figures)
            else:
                goals.no_goal(f"queue in SQL, {name}", large_time / small_time, figures)


def main() -> None:
    """Measure on the ledgers of this run."""
    with stock.shared_folder() as folder:
        big, little, count = stock.request_ledgers(folder)
        databases = [open_database(f"sqlite:///{each}/ledger.db") for each in (big, little)]
        measure(*databases, count)
        for each in databases:
            each.close()


if __name__ == "__main__":
    main()
