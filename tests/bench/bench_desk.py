"""The desk's queue page over HTTP, signed in: as quick with a long archive as with a short one?

    PYTHONPATH=. python tests/bench/bench_desk.py

Two houses run at once, each in one process, and are asked in turns of a shuffled order over one connection.
"""

import random
import statistics
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ledger.desk.house.signing_in import fresh_sign_in
from ledger.ids import new_id
from ledger.records.people_store import PersonRow, insert_person, set_roles
from ledger.records.sessions import open_database
from tests.bench import goals, stock
from tests.bench.load import Run, fetch, run, serving

ROUNDS = stock.fewer(12, 5)
SECONDS = 0.7
PAGES = {
    "the first page": "/desk",
    "all open": "/desk?show=all",
    "the archive": "/desk?show=closed",
    "a common word": "/desk?show=all&q=press",
}
GOAL = 2


def signed_in(ledger: Path) -> str:
    """The cookie of an officer of the ledger's publisher."""
    database = open_database(f"sqlite:///{ledger}/ledger.db")
    now = datetime.now(UTC)
    officer = PersonRow(
        new_id("pe"), f"{new_id('pe')}@press.example".lower(), "Bob Tanaka", None, "en", now, None
    )
    with database.writing() as connection:
        insert_person(connection, officer)
        set_roles(connection, stock.PUBLISHER, officer.id, frozenset({"officer"}))
        token = fresh_sign_in(connection, officer.id, now + timedelta(seconds=1))
    database.close()
    return f"ledger={token}"


def main() -> None:
    """Measure on the ledgers of this run."""
    dice = random.Random(7)
    with stock.shared_folder() as folder, ExitStack() as stack:
        big, little, count = stock.request_ledgers(folder)
        ledgers = {"large": big, "small": little}
        cookies = {name: signed_in(ledger) for name, ledger in ledgers.items()}
        servers = {
            name: stack.enter_context(serving("tests.bench.house_server", str(ledger)))
            for name, ledger in ledgers.items()
        }
        for name, server in servers.items():
            body = fetch(server, "/desk", cookies[name])[1].decode()
            assert body.count("/desk/requests/rq_") >= 25, body
        for page, target in PAGES.items():
            runs: dict[str, list[Run]] = {name: [] for name in servers}
            for _ in range(ROUNDS):
                for name in dice.sample(list(servers), 2):
                    runs[name].append(run(servers[name], [target], SECONDS, 1, cookies[name]))
            tell(page, runs, count)


def tell(page: str, runs: dict[str, list[Run]], count: int) -> None:
    """The median of the rounds' ratios of p50, and the processor time behind it."""
    pairs = zip(runs["large"], runs["small"], strict=True)
    ratio = statistics.median(a.p50_microseconds / b.p50_microseconds for a, b in pairs)
    cpu = [statistics.median(each.cpu_microseconds for each in runs[name]) for name in ("large", "small")]
    figures = f"by processor time {cpu[0] / cpu[1]:.2f}x; {cpu[0] / 1e3:.1f} ms, {cpu[1] / 1e3:.1f} ms"
    what = f"desk over HTTP, {page}, {count:,} requests against {stock.SMALL_REQUESTS:,}"
    goals.at_most(what, ratio, GOAL, figures)


if __name__ == "__main__":
    main()
