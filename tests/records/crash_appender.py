"""Processes that append at once: ``python -m tests.records.crash_appender URL FOLDER APPENDERS COUNT``.

Loads the ledger once and forks the appenders, which begin together. Each appends COUNT times, one transaction
each, some of them rolled back, publishes now and then, and says what it committed: ``<seq> <leaf hash>``.
"""

import os
import sys
from pathlib import Path

from ledger.records.journal_publishing import publish
from ledger.records.journal_store import append_many
from tests.records.journal_cast import HARBOUR, NOW, an_act, open_ledger


class Withdrawn(Exception):
    """The act did not come about: its transaction is rolled back."""


def append_often(url: str, folder: str, count: int, starting_shot: int) -> None:
    ledger = open_ledger(url, Path(folder))
    with ledger.reading() as connection:
        connection.exec_driver_sql("SELECT 1")
    os.read(starting_shot, 1)  # returns once the parent has closed the other end
    for turn in range(count):
        try:
            with ledger.writing() as connection:
                made = append_many(connection, HARBOUR, [an_act(turn, turn % 4 == 0)] * (1 + turn % 3), NOW)
                if turn % 5 == 4:
                    raise Withdrawn
        except Withdrawn:
            continue
        os.write(1, b"".join(b"%d %s\n" % (one.seq, one.leaf_hash.hex().encode()) for one in made))
        if turn % 7 == 0:
            with ledger.reading() as connection:
                publish(connection, HARBOUR)
    ledger.close()


def main(url: str, folder: str, appenders: str, count: str) -> None:
    starting_shot, trigger = os.pipe()
    children = []
    for _ in range(int(appenders)):
        child = os.fork()
        if child == 0:
            os.close(trigger)
            append_often(url, folder, int(count), starting_shot)
            os._exit(0)
        children.append(child)
    os.close(trigger)
    failed = [child for child in children if os.waitpid(child, 0)[1] != 0]
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
