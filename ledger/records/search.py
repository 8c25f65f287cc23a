"""Finding pieces by the words of title, author or source, and by pasted text.

A question is a list of words, all of which must be there (the last may be the beginning of one); it is
never a query language, so nothing in it can mean anything else. The first 1,000 matches, newest first, are
ranked here in Python, by the same rule on both databases: bm25 would read every match of a common word.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, literal, literal_column, select
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.sql.elements import ColumnElement

from ledger.records.paging import COUNT_CAP, Page, mark, unmark
from ledger.records.search_tables import piece_text
from ledger.records.tables import piece, piece_shingle
from ledger.records.tenant import Tenant
from ledger.records.words import MAX_QUERY_WORDS, folded, words

RANKED = 1_000
"""How many matches are ranked."""
MIN_BEGINNING = 3
"""Letters from which the last word may be the beginning of one."""
MAX_SHINGLES = 2_000
"""How many shingles of a pasted text are looked up; a long text is thinned evenly."""
Match = tuple[int, str, str, str]
"""A match before it is ranked: its number in the finder, and its title, authors and source, folded."""


@dataclass(frozen=True)
class Hit:
    """A piece found: what a list needs to show it."""

    publisher_id: str
    piece_id: str
    title: str
    url: str | None
    source_name: str | None
    state: str


def index_piece(
    tenant: Tenant,
    piece_id: str,
    *,
    is_public: bool,
    title: str,
    authors: Sequence[str] = (),
    source: str | None = None,
) -> None:
    """Write what the finder knows of a piece, in the transaction of the act that changed it."""
    unindex_piece(tenant, piece_id)
    row = {
        "piece_id": piece_id,
        "is_public": is_public,
        "scope": " ".join(_scope(tenant.publisher_id, public=is_public)),
        "title": folded(title),
        "authors": folded(" ".join(authors)),
        "source": folded(source),
    }
    tenant.insert(piece_text, row)


def unindex_piece(tenant: Tenant, piece_id: str) -> None:
    """Take a piece out of the finder."""
    tenant.change(tenant.delete(piece_text).where(piece_text.c.piece_id == piece_id))


def search(
    connection: Connection,
    asked_for: str,
    publisher_id: str | None = None,
    after: str | None = None,
    limit: int = 20,
    *,
    drafts: bool = False,
) -> Page[Hit]:
    """A page of the pieces that have every word asked for, best first; ``after`` is the former ``next``.

    Without ``publisher_id``: the public pieces of all. ``drafts`` adds a publisher's unpublished ones, and
    needs its id (``ValueError``). A text without a word finds nothing. Raises ``BadCursor``.
    """
    if drafts and publisher_id is None:
        raise ValueError("Unpublished pieces are listed for one publisher only.")
    asked = words(asked_for)[:MAX_QUERY_WORDS]
    if not asked:
        return Page([], None, 0)
    found = _matches(connection, _scope(publisher_id, public=not drafts), asked)
    ranked = _ranked(found[:RANKED], asked)
    seen = tuple(unmark(after, (int, int))) if after else None
    rest = [place for place in ranked if seen is None or place > seen]
    chosen = rest[:limit]
    following = mark(*chosen[-1]) if len(rest) > limit else None
    return Page(_hits(connection, [-number for _, number in chosen]), following, min(len(found), COUNT_CAP))


def find_by_shingles(
    connection: Connection, hashes: Sequence[int], publisher_id: str | None = None, limit: int = 20
) -> list[tuple[str, float]]:
    """The confirmed pieces that share sampled shingles with a pasted text, with the share (0 to 1) of its
    shingles found in them, the largest first. ``hashes`` are signed 64-bit."""
    distinct = sorted(set(hashes))
    asked = distinct[:: -(-len(distinct) // MAX_SHINGLES)] if distinct else []
    if not asked:
        return []
    hits = func.count()
    same = (piece.c.publisher_id == piece_shingle.c.publisher_id) & (piece.c.id == piece_shingle.c.piece_id)
    statement = (
        select(piece_shingle.c.piece_id, hits)
        .join(piece, same)
        .where(piece_shingle.c.shingle.in_(asked), piece.c.state == "confirmed")
        .group_by(piece_shingle.c.publisher_id, piece_shingle.c.piece_id)
        .order_by(hits.desc(), piece_shingle.c.piece_id)
        .limit(limit)
    )
    if publisher_id:
        statement = statement.where(piece_shingle.c.publisher_id == publisher_id)
    return [(piece_id, count / len(asked)) for piece_id, count in connection.execute(statement)]


def _scope(publisher_id: str | None, *, public: bool) -> list[str]:
    """Whose piece it is and whether it is public, as words that nobody can type: they begin with "_"."""
    owner = [f"_{publisher_id.lower()}"] if publisher_id else []
    return [*owner, "_public"] if public else owner


def _matches(connection: Connection, scope: list[str], asked: list[str]) -> Sequence[Match]:
    """The newest matches, one more than are counted exactly.

    The last word is first taken as a whole one, and as a beginning only when that finds few: to merge all
    words that begin alike costs 100 times as much in a large ledger. So where the other words find few, those
    are read through instead.
    """
    found = _newest(connection, scope, asked, open_ended=False)
    if len(found) >= COUNT_CAP or len(asked[-1]) < MIN_BEGINNING:
        return found
    if len(asked) > 1:
        others = _newest(connection, scope, asked[:-1], open_ended=False)
        if len(others) < COUNT_CAP:
            begins = f" {asked[-1]}"
            return [row for row in others if begins in f" {row[1]} {row[2]} {row[3]}"]
    return _newest(connection, scope, asked, open_ended=True)


def _newest(
    connection: Connection, scope: list[str], asked: list[str], *, open_ended: bool
) -> Sequence[Match]:
    if connection.dialect.name == "postgresql":
        columns = piece_text.c
        statement = select(columns.number, columns.title, columns.authors, columns.source)
        matching = literal_column("piece_text.words").op("@@")(_tsquery([*scope, *asked], open_ended))
        newest = statement.where(matching).order_by(columns.number.desc()).limit(COUNT_CAP)
        return [tuple(row) for row in connection.execute(newest)]
    parameters = (_fts_query([*scope, *asked], open_ended), COUNT_CAP)
    return connection.exec_driver_sql(_NEWEST, parameters).cursor.fetchall()


# CROSS JOIN: the index first, whose order this is, so that it stops at the limit. The rows come as they are read:
# a thousand of them through the ORM's hands took five times as long as finding them.
_NEWEST = """
    SELECT piece_text.number, piece_text.title, piece_text.authors, piece_text.source
    FROM piece_fts CROSS JOIN piece_text ON piece_text.number = piece_fts.rowid
    WHERE piece_fts MATCH ? ORDER BY piece_fts.rowid DESC LIMIT ?
"""


def _fts_query(all_words: list[str], open_ended: bool) -> str:
    """FTS5: each word is a quoted string (sqlite.org/fts5.html, 3.1), so that no word is an operator."""
    return " AND ".join(f'"{word}"' for word in all_words) + (" *" if open_ended else "")


def _tsquery(all_words: list[str], open_ended: bool) -> ColumnElement[str]:
    """PostgreSQL: each word is a quoted lexeme, read by the type's own input and by no parser of language."""
    query = " & ".join(f"'{word}'" for word in all_words) + (":*" if open_ended else "")
    return literal(query).cast(TSQUERY())


def _ranked(found: Sequence[Match], asked: list[str]) -> list[tuple[int, int]]:
    """(score, number), both negative, best and newest first.

    Each word counts once in each field that has it, most in a title; the last one, which may be the beginning
    of another, as half as much. More when all stand side by side in the title, most when they are the title.
    """
    whole = [f" {word} " for word in asked]
    beginning, phrase = f" {asked[-1]}", f" {' '.join(asked)} "
    ranked = []
    for number, title, authors, source in found:
        score = 0
        padded = f" {title} "
        for weight, field in ((4, padded), (2, f" {authors} "), (1, f" {source} ")):
            if beginning in field:
                score += weight
            for word in whole:
                if word in field:
                    score += 2 * weight
        if phrase in padded:
            score += 24 if phrase == padded else 12
        ranked.append((-score, -number))
    return sorted(ranked)


def _hits(connection: Connection, numbers: list[int]) -> list[Hit]:
    same = (piece.c.publisher_id == piece_text.c.publisher_id) & (piece.c.id == piece_text.c.piece_id)
    statement = select(
        piece_text.c.number,
        piece.c.publisher_id,
        piece.c.id.label("piece_id"),
        piece.c.title,
        piece.c.url,
        piece.c.source_name,
        piece.c.state,
    ).join(piece, same)
    rows = connection.execute(statement.where(piece_text.c.number.in_(numbers))).mappings()
    by_number = {row["number"]: row for row in rows}
    found = [by_number[number] for number in numbers if number in by_number]
    return [Hit(**{name: row[name] for name in Hit.__dataclass_fields__}) for row in found]
