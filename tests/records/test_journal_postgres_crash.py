"""PostgreSQL killed in the middle of acts: after its recovery nothing acknowledged is lost, and no fork is left."""

import random
import threading
from pathlib import Path

import pytest

from ledger.records.journal_publishing import publish
from ledger.records.journal_reading import entries
from ledger.records.journal_verify import verify_journal
from tests.postgres import PostgresServer, PostgresUnavailable
from tests.records.journal_cast import HARBOUR, Ledger, new_ledger, open_ledger, quick_path  # noqa: F401

WRITERS = 4


class Crowd:
    """Writers that append until the server goes away under them."""

    def __init__(self, ledger: Ledger, enough: int) -> None:
        self.ledger, self.enough = ledger, enough
        self.acknowledged: dict[int, str] = {}
        self.checkpoints: list[bytes] = []
        self.lock, self.reached = threading.Lock(), threading.Event()
        self.threads = [threading.Thread(target=self.write) for _ in range(WRITERS)]

    def write(self) -> None:
        try:
            while True:
                made = self.ledger.grow(2, personal=True)
                with self.lock:
                    self.acknowledged.update({one.seq: one.leaf_hash.hex() for one in made})
                    if len(self.acknowledged) >= self.enough:
                        self.reached.set()
                if made[0].seq % 5 == 0:
                    with self.ledger.reading() as connection:
                        self.checkpoints.append(publish(connection, HARBOUR).note)
        except Exception:  # whatever a client says whose server is gone
            return

    def until_killed(self, server: PostgresServer) -> None:
        for thread in self.threads:
            thread.start()
        assert self.reached.wait(60)
        server.stop(immediate=True)
        for thread in self.threads:
            thread.join(60)
            assert not thread.is_alive()


def crash_again_and_again(folder: Path, times: int) -> None:
    try:
        server = PostgresServer(durable=True)
    except PostgresUnavailable as reason:
        pytest.skip(str(reason))
    try:
        url, chance = server.fresh_database(), random.Random(times)
        new_ledger(url, folder).close()
        acknowledged: dict[int, str] = {}
        checkpoints: list[bytes] = []
        for _ in range(times):
            ledger = open_ledger(url, folder)
            crowd = Crowd(ledger, chance.randrange(4, 40))
            crowd.until_killed(server)
            ledger.close()
            server.start()
            acknowledged |= crowd.acknowledged
            checkpoints += crowd.checkpoints
            ledger = open_ledger(url, folder)
            with ledger.reading() as connection:
                report = verify_journal(connection, HARBOUR, checkpoints=checkpoints[-20:])
                assert report.holds, report.first
                found = {one.seq: one.leaf_hash.hex() for one in entries(connection, HARBOUR)}
            assert acknowledged.items() <= found.items()
            ledger.close()
    finally:
        server.close()


@pytest.mark.postgres
def test_a_killed_server_loses_nothing(quick_path: Path) -> None:
    crash_again_and_again(quick_path, 1)


@pytest.mark.postgres
@pytest.mark.long
def test_a_server_killed_50_times_loses_nothing(quick_path: Path) -> None:
    crash_again_and_again(quick_path, 50)
