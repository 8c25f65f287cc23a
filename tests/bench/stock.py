"""Big ledgers for the benchmarks: invented pieces and requests, written straight into SQLite.

Durability is off while a file is filled (it is thrown away afterwards) and the house's own settings hold when it
is measured. The rows have the size of real ones: about 1.5 KiB a piece with its public record.
"""

import hashlib
import json
import random
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from ledger.records.migrating import migrate
from ledger.records.publishers import PublisherRow, add_publisher
from ledger.records.request_tables import request, request_item, request_word
from ledger.records.sessions import Database, open_database, sqlite_module
from ledger.records.tables import piece
from ledger.records.words import words

PUBLISHER = "pb_00000000000000000000000001"
BATCH = 20_000
START = datetime(2024, 1, 1, tzinfo=UTC)
NOUNS = (
    *("harbour", "ferry", "lighthouse", "grain", "tide", "winter", "market", "council", "river", "bridge"),
    *("station", "archive", "orchard", "signal", "island", "workshop", "library", "tram", "glacier", "mill"),
    *("quarry", "canal", "festival", "strike", "court", "census", "drought"),
)


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder for big files, removed afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="ledger-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def fitting(folder: Path, wanted: int, bytes_each: int) -> int:
    """``wanted``, or as many as fit on half of the free disk."""
    return min(wanted, shutil.disk_usage(folder).free // 2 // bytes_each)


def address(number: int) -> str:
    """The address of the piece with this number."""
    return f"https://harbour-review.example/{2024 + number % 3}/{number:08d}-night-trains"


def make_ledger(path: Path) -> Database:
    """An empty ledger with one publisher, opened to be filled fast."""
    migrate(f"sqlite:///{path}")
    database = open_database(f"sqlite:///{path}")
    with database.writing() as connection:
        add_publisher(
            connection,
            PublisherRow(
                id=PUBLISHER,
                slug="harbour-review",
                name="Harbour Review",
                legal_name="Harbour Review Ltd",
                permissions_email="rights@harbour-review.example",
                number_prefix="HARBOUR",
                created_at=START,
            ),
        )
    return database


@contextmanager
def filling(database: Database) -> Iterator[Any]:
    """A connection that writes without waiting for the disk."""
    with database.write_engine.connect() as connection:
        for pragma in ("synchronous=OFF", "cache_size=-524288", "foreign_keys=OFF"):
            connection.connection.execute(f"PRAGMA {pragma}")
        yield connection
    database.close()


def fill_pieces(database: Database, count: int, *, finder: bool = False) -> None:
    """``count`` confirmed pieces with their addresses, and their words in the finder if asked for.

    The first is written by the house's own tables and copied inside SQLite, which is ten times as fast.
    """
    with filling(database) as connection, connection.begin():
        connection.execute(insert(piece), _piece())
        raw = connection.connection.driver_connection
        raw.create_function("title_of", 1, title_of, deterministic=True)
        raw.create_function("address_of", 1, address, deterministic=True)
        raw.create_function("key_of", 1, lambda number: url_key_of(address(number)), deterministic=True)
        raw.execute("DROP INDEX ix_piece_url_url_key")
        for statement in (_COPY_PIECES, _COPY_ADDRESSES, *([_COPY_WORDS] if finder else [])):
            raw.execute(statement, {"most": count - 1, "publisher": PUBLISHER})
        raw.execute("CREATE INDEX ix_piece_url_url_key ON piece_url (url_key)")


_NUMBERS = "WITH RECURSIVE n (i) AS (SELECT {} UNION ALL SELECT i + 1 FROM n WHERE i < :most) "
_ID = "printf('pc_%026d', i)"
_COPIED = [column.name for column in piece.c if column.name not in ("id", "title", "url", "public_record")]
_COPY_PIECES = (
    f"{_NUMBERS.format(1)} INSERT INTO piece (id, title, url, public_record, {', '.join(_COPIED)}) "
    f"SELECT {_ID}, title_of(i), address_of(i), "
    f"replace(replace(public_record, title_of(0), title_of(i)), address_of(0), address_of(i)), "
    f"{', '.join(_COPIED)} FROM n, piece WHERE piece.id = 'pc_{0:026d}' AND :most > 0 AND :publisher <> ''"
)
_COPY_ADDRESSES = (
    f"{_NUMBERS.format(0)} INSERT INTO piece_url (publisher_id, piece_id, url, url_key, kind) "
    f"SELECT :publisher, {_ID}, address_of(i), key_of(i), 'own' FROM n"
)
_COPY_WORDS = (
    f"{_NUMBERS.format(0)} INSERT INTO piece_text "
    "(publisher_id, piece_id, is_public, scope, title, authors, source) "
    f"SELECT :publisher, {_ID}, 1, lower('_' || :publisher) || ' _public', lower(title_of(i)), "
    "'ada okafor', 'the lantern' FROM n"
)


def piece_id(number: int) -> str:
    """The id of the piece with this number."""
    return f"pc_{number:026d}"


def title_of(number: int) -> str:
    """Four words of the vocabulary and a number."""
    dice = number * 2_654_435_761
    chosen = (NOUNS[(dice >> shift) % len(NOUNS)] for shift in (4, 9, 14, 19))
    return f"The {' '.join(chosen)} {number}"


def url_key_of(normal_form: str) -> int:
    """As ``intake.urls.url_key``, for what is in normal form already (a test of the generator compares)."""
    return int.from_bytes(hashlib.blake2b(normal_form.encode(), digest_size=8).digest(), "big", signed=True)


def _piece() -> dict[str, Any]:
    terms = {"effect": "reserve", "action": "print", "clause": "Ask us before you print this. " * 8}
    record = {
        "title": title_of(0),
        "url": address(0),
        "publisher": "Harbour Review",
        "holder": "The Lantern",
        "notice": "© The Lantern 2026. All rights reserved.",
        "terms": [terms, terms],
        "ask": {"party": "The Lantern", "email": "rights@lantern.example"},
    }
    return {
        "publisher_id": PUBLISHER,
        "id": piece_id(0),
        "state": "confirmed",
        "url": address(0),
        "title": title_of(0),
        "language": "en",
        "source_name": "The Lantern",
        "document": {"title": title_of(0), "components": [{"id": "co_0", "kind": "text"}], "urls": []},
        "public_record": json.dumps(record, ensure_ascii=False),
        "registered_at": START,
    }


def fill_requests(database: Database, count: int, *, open_share: float = 0.2) -> None:
    """``count`` requests for a hundred pieces, of which a share is open and waits."""
    fill_pieces(database, 100)
    dice = random.Random(2)
    with filling(database) as connection:
        for start in range(0, count, BATCH):
            numbers = range(start, min(count, start + BATCH))
            rows = [_request(number, dice, open_share) for number in numbers]
            with connection.begin():
                connection.execute(insert(request), rows)
                connection.execute(insert(request_item), [_item(row, dice) for row in rows])
                texts = [
                    {"publisher_id": PUBLISHER, "request_id": row["id"], "word": word}
                    for row in rows
                    for word in set(words(f"{row['name']} {row['organisation']} {row['email']}"))
                ]
                connection.execute(insert(request_word), texts)


def _request(number: int, dice: random.Random, open_share: float) -> dict[str, Any]:
    is_open = dice.random() < open_share
    since = START + timedelta(minutes=number)
    turn = dice.choice(("staff", "staff", "holder", "requester")) if is_open else "nobody"
    states = {"staff": "in_review", "holder": "awaiting_holder", "requester": "quoted", "nobody": "decided"}
    return {
        "publisher_id": PUBLISHER,
        "id": f"rq_{number:026d}",
        "state": states[turn],
        "turn": turn,
        "turn_since": since,
        "document": {"purpose": "education", "context": "A reader for secondary schools. " * 10},
        "email": f"asker{number}@press.example",
        "name": f"Asker {dice.choice(NOUNS)}",
        "organisation": f"{dice.choice(NOUNS)} press",
        "language": "en",
        "created_at": since,
        "submitted_at": since,
        "closed_at": None if is_open else since + timedelta(days=dice.randint(1, 30)),
    }


def _item(row: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    number = dice.randrange(100)
    return {
        "publisher_id": PUBLISHER,
        "id": f"it_{row['id'][3:]}",
        "request_id": row["id"],
        "position": 0,
        "piece_id": piece_id(number),
        "component_id": f"co_{number}",
        "use": {"action": "print"},
        "answer": {"outcome": "ask"},
    }


def median_microseconds(work: list[Any], run: Any) -> float:
    """The median time of ``run(one)`` over the list, in microseconds."""
    times = []
    for one in work:
        start = time.perf_counter_ns()
        run(one)
        times.append(time.perf_counter_ns() - start)
    return sorted(times)[len(times) // 2] / 1_000


def sqlite_version() -> str:
    """Of the library the house uses."""
    return str(sqlite_module().sqlite_version)
