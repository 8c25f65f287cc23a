"""An intruder who can write to the database file: takes the triggers down, changes rows, mends what shows.

``rehash`` makes the changed journal fit together again, as somebody would who knows how it works: leaf hashes,
numbers, full tiles. Only a checkpoint from before can tell then.
"""

import random
import sqlite3
from collections.abc import Callable
from pathlib import Path

from ledger.journal import tiles, tree
from ledger.journal.entry import canonical, strict_json
from ledger.records.journal_tables import drop_triggers_ddl, triggers_ddl
from tests.records.journal_cast import HARBOUR

Rows = list[tuple[str, str, bytes, bytes]]  # kind, at, leaf_hash, leaf, in order


class Intruder:
    """Opens the file past the application; everything it does is committed when the block ends."""

    def __init__(self, file: Path) -> None:
        self.raw = sqlite3.connect(file, isolation_level=None)

    def __enter__(self) -> "Intruder":
        self.raw.execute("PRAGMA synchronous = OFF")
        self.raw.execute("BEGIN IMMEDIATE")
        for statement in drop_triggers_ddl("sqlite"):
            self.raw.execute(statement)
        return self

    def __exit__(self, *_: object) -> None:
        for statement in triggers_ddl("sqlite"):
            self.raw.execute(statement)
        self.raw.execute("COMMIT")
        self.raw.close()

    def rows(self) -> Rows:
        return self.raw.execute("SELECT kind, at, leaf_hash, leaf FROM journal_entry ORDER BY seq").fetchall()

    def replace(self, rows: Rows) -> None:
        """The whole journal anew, numbered from 0, with the tiles that belong to it."""
        self.raw.execute("DELETE FROM journal_entry")
        self.raw.execute("DELETE FROM journal_tile")
        self.raw.executemany(
            "INSERT INTO journal_entry (publisher_id, seq, kind, at, leaf_hash, leaf) VALUES (?, ?, ?, ?, ?, ?)",
            [(HARBOUR, seq, *row) for seq, row in enumerate(rows)],
        )
        hashes, level = [row[2] for row in rows], 0
        while len(hashes) >= tiles.WIDTH:
            full = [
                hashes[at : at + tiles.WIDTH] for at in range(0, len(hashes) - tiles.WIDTH + 1, tiles.WIDTH)
            ]
            roots = [tiles.fold(tile) for tile in full]
            for number, tile in enumerate(full):
                self.raw.execute(
                    "INSERT INTO journal_tile (publisher_id, level, number, root, hashes) VALUES (?, ?, ?, ?, ?)",
                    (HARBOUR, level, number, roots[number], b"".join(tile)),
                )
            hashes, level = roots, level + 1


def another(leaf: bytes) -> bytes:
    """The same entry with another payload, well-formed."""
    value = strict_json(leaf)
    value["payload"] = {**value["payload"], "piece": "pc_FORGED"}
    return canonical(value)


def with_hash(row: tuple[str, str, bytes, bytes], leaf: bytes) -> tuple[str, str, bytes, bytes]:
    return row[0], row[1], tree.leaf_hash(leaf), leaf


def edit(intruder: Intruder, at: int, chance: random.Random) -> None:
    """Change an entry's bytes and leave the recorded hash."""
    [(leaf,)] = intruder.raw.execute("SELECT leaf FROM journal_entry WHERE seq = ?", (at,)).fetchall()
    intruder.raw.execute("UPDATE journal_entry SET leaf = ? WHERE seq = ?", (another(leaf), at))


def edit_columns(intruder: Intruder, at: int, chance: random.Random) -> None:
    """Change what is looked up by, and leave the bytes."""
    column, value = chance.choice([("kind", "letter.revoked"), ("at", "2020-01-01 00:00:00.000000")])
    intruder.raw.execute(f"UPDATE journal_entry SET {column} = ? WHERE seq = ?", (value, at))


def edit_and_rehash(intruder: Intruder, at: int, chance: random.Random) -> None:
    rows = intruder.rows()
    rows[at] = with_hash(rows[at], another(rows[at][3]))
    intruder.replace(rows)


def delete(intruder: Intruder, at: int, chance: random.Random) -> None:
    intruder.raw.execute("DELETE FROM journal_entry WHERE seq = ?", (at,))


def delete_and_renumber(intruder: Intruder, at: int, chance: random.Random) -> None:
    rows = intruder.rows()
    intruder.replace(rows[:at] + rows[at + 1 :])


def truncate(intruder: Intruder, at: int, chance: random.Random) -> None:
    intruder.replace(intruder.rows()[:at])


def reorder(intruder: Intruder, at: int, chance: random.Random) -> None:
    rows = intruder.rows()
    other = chance.choice([place for place in range(len(rows)) if place != at])
    rows[at], rows[other] = rows[other], rows[at]
    intruder.replace(rows)


def insert(intruder: Intruder, at: int, chance: random.Random) -> None:
    rows = intruder.rows()
    intruder.replace([*rows[:at], with_hash(rows[at], another(rows[at][3])), *rows[at:]])


def change_a_tile(intruder: Intruder, at: int, chance: random.Random) -> None:
    column = chance.choice(["hashes", "root"])
    [(value,)] = intruder.raw.execute(f"SELECT {column} FROM journal_tile LIMIT 1").fetchall()
    place = chance.randrange(len(value))
    changed = value[:place] + bytes([value[place] ^ 1]) + value[place + 1 :]
    intruder.raw.execute(f"UPDATE journal_tile SET {column} = ?", (changed,))


def drop_a_tile(intruder: Intruder, at: int, chance: random.Random) -> None:
    intruder.raw.execute("DELETE FROM journal_tile")


def change_personal_data(intruder: Intruder, at: int, chance: random.Random) -> None:
    seq = chance.choice([row[0] for row in intruder.raw.execute("SELECT DISTINCT seq FROM personal_datum")])
    statement = chance.choice(
        [
            "UPDATE personal_datum SET value = 'Mallory' WHERE seq = ? AND field = 'name'",
            "DELETE FROM personal_datum WHERE seq = ? AND field = 'name'",
            "UPDATE personal_datum SET field = 'nickname' WHERE seq = ? AND field = 'name'",
            "UPDATE personal_datum SET salt = zeroblob(32) WHERE seq = ? AND field = 'name'",
        ]
    )
    intruder.raw.execute(statement, (seq,))


TAMPERINGS: list[Callable[[Intruder, int, random.Random], None]] = [
    edit,
    edit_columns,
    edit_and_rehash,
    delete,
    delete_and_renumber,
    truncate,
    reorder,
    insert,
    change_a_tile,
    drop_a_tile,
    change_personal_data,
]
