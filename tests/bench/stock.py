"""Big ledgers for the benchmarks: invented pieces and requests, written straight into SQLite.

Durability is off while a file is filled (it is thrown away afterwards) and the house's own settings hold when it
is measured. The rows have the size of real ones: about 1.5 KiB a piece with its public record.
"""

import hashlib
import os
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

from ledger.desk.register.piece_record import public_record
from ledger.records.filing import Filing, PieceUrl, store_piece
from ledger.records.migrating import migrate
from ledger.records.publishers import PublisherRow, add_publisher
from ledger.records.request_tables import request, request_item, request_word
from ledger.records.sessions import Database, open_database, sqlite_module
from ledger.records.tables import claim, piece
from ledger.records.tenant import Tenant
from ledger.records.words import words
from ledger.rights.parties import Contact, Party
from ledger.rights.pieces import (
    Author,
    Basis,
    Claim,
    ClaimRole,
    Component,
    ComponentKind,
    Evidence,
    Piece,
    Source,
)
from ledger.rights.terms import Effect, Rule, Target, TargetKind, Terms, TermsKind
from ledger.rights.uses import Action

PUBLISHER = "pb_00000000000000000000000001"
BATCH = 20_000
SHARED = "LEDGER_BENCH_STOCK"
"""The environment variable with the folder of ledgers that the benchmarks of one run fill once."""
SMALL_PIECES, LARGE_PIECES = 10_000, 1_000_000
SMALL_REQUESTS, LARGE_REQUESTS = 2_000, 200_000
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


@contextmanager
def shared_folder() -> Iterator[Path]:
    """Where this run's ledgers lie; a scratch folder for a benchmark that runs by itself."""
    if given := os.environ.get(SHARED):
        yield Path(given)
    else:
        with scratch_folder() as folder:
            yield folder


def piece_ledgers(folder: Path) -> tuple[Path, Path, int]:
    """Data folders of a large and of a small ledger of pieces, with rights and finder, and the size of the large.

    LEDGER_BENCH_PIECES changes it, LEDGER_BENCH_SMALL=1 makes it small; it never fills more than half of the disk.
    """
    large = wanted("LEDGER_BENCH_PIECES", LARGE_PIECES, 50_000)
    if not (folder / f"pieces-{large}").exists():
        fits = min(large, shutil.disk_usage(folder).free // 2 // 6_000)
        if fits < large:
            print(f"the disk has room for {fits:,} pieces only")
            large = fits
    return _pieces(folder, large), _pieces(folder, SMALL_PIECES), large


def request_ledgers(folder: Path) -> tuple[Path, Path, int]:
    """The same of a desk with many requests, LEDGER_BENCH_REQUESTS of them, and of one with few."""
    large = wanted("LEDGER_BENCH_REQUESTS", LARGE_REQUESTS, 20_000)
    return _requests(folder, large), _requests(folder, SMALL_REQUESTS), large


def small_piece_ledger(folder: Path) -> Path:
    """The small one alone."""
    return _pieces(folder, SMALL_PIECES)


def fewer(many: int, few: int) -> int:
    """How often to do something: ``few`` times for a quick look (LEDGER_BENCH_SMALL)."""
    return few if os.environ.get("LEDGER_BENCH_SMALL") else many


def _pieces(folder: Path, count: int) -> Path:
    made = folder / f"pieces-{count}"
    if not made.exists():
        made.mkdir()
        fill_pieces(make_ledger(made / "ledger.db"), count, finder=True, rights=True)
    return made


def _requests(folder: Path, count: int) -> Path:
    made = folder / f"requests-{count}"
    if not made.exists():
        made.mkdir()
        fill_requests(make_ledger(made / "ledger.db"), count)
    return made


def wanted(variable: str, most: int, small: int) -> int:
    """How much to measure with: what the variable says, else ``small`` for a quick look, else ``most``.

    ``make bench QUICK=1`` is the quick look (LEDGER_BENCH_SMALL); it tells less than the whole size does.
    """
    given = os.environ.get(variable)
    return int(given) if given else small if os.environ.get("LEDGER_BENCH_SMALL") else most


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


def fill_pieces(database: Database, count: int, *, finder: bool = False, rights: bool = False) -> None:
    """``count`` confirmed pieces with their addresses; if asked for, their words in the finder and their rights.

    The first is filed as the house does it and copied inside SQLite, which is ten times as fast. Rights are a
    claim and two Terms, which all pieces share as those of one source do.
    """
    first = bench_piece()
    address_0 = PieceUrl(address(0), url_key_of(address(0)), "own")
    with filling(database) as connection, connection.begin():
        filing = Filing("confirmed", None, START, [address_0], public_record(first))
        store_piece(Tenant(connection, PUBLISHER), first, filing)
        connection.exec_driver_sql("DELETE FROM piece_url")
        connection.exec_driver_sql("DELETE FROM piece_text")
        raw = connection.connection.driver_connection
        raw.create_function("title_of", 1, title_of, deterministic=True)
        raw.create_function("address_of", 1, address, deterministic=True)
        raw.create_function("key_of", 1, lambda number: url_key_of(address(number)), deterministic=True)
        raw.execute("DROP INDEX ix_piece_url_url_key")
        copies = [_COPY_PIECES, _COPY_ADDRESSES]
        copies += ([_COPY_WORDS] if finder else []) + (list(_COPY_RIGHTS) if rights else [])
        for statement in copies:
            raw.execute(statement, {"most": count - 1, "publisher": PUBLISHER})
        raw.execute("CREATE INDEX ix_piece_url_url_key ON piece_url (url_key)")


_NUMBERS = "WITH RECURSIVE n (i) AS (SELECT {} UNION ALL SELECT i + 1 FROM n WHERE i < :most) "
_ID = "printf('pc_%026d', i)"
_OWN = ("id", "title", "url", "public_record", "document")
_COPIED = [column.name for column in piece.c if column.name not in _OWN]
_TITLE_AND_URL = "replace(replace({}, title_of(0), title_of(i)), address_of(0), address_of(i))"
_REWRITTEN = f"replace({_TITLE_AND_URL}, 'pc_{0:026d}', {_ID})"
_COPY_PIECES = (
    f"{_NUMBERS.format(1)} INSERT INTO piece ({', '.join(_OWN)}, {', '.join(_COPIED)}) "
    f"SELECT {_ID}, title_of(i), address_of(i), "
    f"{_REWRITTEN.format('public_record')}, {_REWRITTEN.format('document')}, "
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
_CLAIM = [column.name for column in claim.c if column.name not in ("id", "piece_id")]
_COPY_RIGHTS = (
    f"{_NUMBERS.format(1)} INSERT INTO claim (id, piece_id, {', '.join(_CLAIM)}) "
    f"SELECT printf('cl_%026d', i), {_ID}, {', '.join(_CLAIM)} FROM n, claim "
    f"WHERE claim.piece_id = 'pc_{0:026d}' AND :most > 0 AND :publisher <> ''",
    f"{_NUMBERS.format(1)} INSERT INTO piece_terms (publisher_id, piece_id, terms_id) "
    f"SELECT :publisher, {_ID}, terms_id FROM n, piece_terms "
    f"WHERE piece_terms.piece_id = 'pc_{0:026d}' AND :most > 0",
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


def bench_piece() -> Piece:
    """The piece that is copied: taken over from The Lantern, which lets excerpts go and keeps print to itself."""
    lantern = Party(
        id="pa_00000000000000000000000000",
        name="The Lantern",
        contacts=(Contact(email="rights@lantern.example"),),
    )
    text = Component(id="co_0", kind=ComponentKind.TEXT, basis=Basis.STANDING_TERMS, words=900)
    clauses = {
        Action.EXCERPT: (Effect.PERMIT, "Excerpts of up to 100 words may be reprinted with a link to us."),
        Action.REPUBLISH_FULL: (
            Effect.RESERVE,
            "Ask us before you reprint a whole piece, on paper or off it.",
        ),
    }
    return Piece(
        id=piece_id(0),
        publisher=Party(id=PUBLISHER, name="Harbour Review"),
        title=title_of(0),
        components=(text,),
        urls=(address(0),),
        authors=(Author(name="Ada Okafor"),),
        language="en",
        published=START.date(),
        source=Source(name="The Lantern", url="https://lantern.example/night-trains"),
        claims=(
            Claim(
                id=f"cl_{0:026d}",
                party=lantern,
                role=ClaimRole.HOLDER,
                component_id=text.id,
                evidence=Evidence(text="© The Lantern 2026. All rights reserved."),
            ),
        ),
        terms=tuple(
            Terms(
                id=f"tm_{number:026d}",
                kind=TermsKind.STANDING,
                assigner=lantern,
                target=Target(kind=TargetKind.PIECE),
                clause=clause,
                rules=(Rule(effect=effect, action=action),),
            )
            for number, (action, (effect, clause)) in enumerate(clauses.items())
        ),
        notice="© The Lantern 2026. All rights reserved.",
    )


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
