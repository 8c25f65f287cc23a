"""The writers that are killed: each appends without end, and says so on the pipe once an act is committed.

Run as a program it forks one writer for each folder named on its standard input: Python and the ledger are loaded
once, and nothing is forked out of the test process, which may have threads. On the shared standard output::

    p <pid>             a writer was forked
    s                   it has opened its ledger and begins
    a <seq> <hash>      an entry is committed
    c <note in hex>     a checkpoint was published
"""

import os
import signal
import sys
from itertools import count
from pathlib import Path

from ledger.records.journal_publishing import publish
from ledger.records.journal_store import append_many
from tests.records.journal_cast import HARBOUR, NOW, an_act, open_ledger


def write_without_end(folder: str) -> None:
    ledger = open_ledger(f"sqlite:///{folder}/ledger.db", Path(folder))
    os.write(1, b"s\n")
    for turn in count():
        with ledger.writing() as connection:
            acts = [an_act(turn, personal=turn % 3 == 0) for _ in range(1 + turn % 4)]
            made = append_many(connection, HARBOUR, acts, NOW)
        os.write(1, b"".join(b"a %d %s\n" % (one.seq, one.leaf_hash.hex().encode()) for one in made))
        if turn % 5 == 0:
            with ledger.reading() as connection:
                note = publish(connection, HARBOUR).note
            os.write(1, b"c " + note.hex().encode() + b"\n")


def main() -> None:
    signal.signal(
        signal.SIGCHLD, signal.SIG_IGN
    )  # the dead are not kept: the parent asks whether one is gone
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            try:
                write_without_end(line.strip())
            finally:
                os._exit(1)
        os.write(1, b"p %d\n" % child)


if __name__ == "__main__":
    main()
