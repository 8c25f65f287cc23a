"""The finder: words are words whatever they look like, and both databases find the same."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.records import search as search_module
from ledger.records.filing import Filing
from ledger.records.paging import COUNT_CAP, BadCursor
from ledger.records.search import find_by_shingles, index_piece, search, unindex_piece
from ledger.records.search_tables import piece_text
from ledger.records.sessions import Database
from ledger.records.tables import piece
from ledger.records.tenant import Tenant
from ledger.records.words import MAX_WORD, folded, words
from tests.records.rows import NOW, a_filing, a_piece, address, put_piece, put_publisher

TITLES = (
    "Night trains along the harbour",
    "The harbour at dawn",
    "Harbour",
    "Grain ships wait off the coast",
    "Über die Häfen der Ostsee",
    "Гавань ночью",
    "港口的夜晚",
    "الميناء ليلا",
    "C++ and the 3rd tide: 50% off, NEAR/2 OR NOT",
)


def found(database: Database, asked: str, publisher_id: str | None = None) -> list[str]:
    with database.reading() as connection:
        return [hit.title for hit in search(connection, asked, publisher_id).rows]


@pytest.fixture
def stocked(database: Database) -> Database:
    with database.writing() as connection:
        tenant = put_publisher(connection)
        for title in TITLES:
            put_piece(tenant, a_piece(title=title))
    return database


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("harbour", "Harbour"),
        ("the harbour at", "The harbour at dawn"),
        ("HARB", "Harbour"),
        ("night harbour", "Night trains along the harbour"),
        ("uber hafen", "Über die Häfen der Ostsee"),
        ("ГАВАНЬ", "Гавань ночью"),
        ("夜晚", "港口的夜晚"),
        ("الميناء", "الميناء ليلا"),
        ("NEAR OR NOT", "C++ and the 3rd tide: 50% off, NEAR/2 OR NOT"),
        ("c++", "C++ and the 3rd tide: 50% off, NEAR/2 OR NOT"),
    ],
)
def test_the_best_match_comes_first(stocked: Database, asked: str, first: str) -> None:
    assert found(stocked, asked)[0] == first


def test_every_word_must_be_there(stocked: Database) -> None:
    assert found(stocked, "harbour grain") == []
    assert found(stocked, "") == []
    assert found(stocked, "  ?! ") == []


def test_author_and_source_are_searched_too(stocked: Database) -> None:
    assert len(found(stocked, "okafor")) == len(TITLES)
    assert found(stocked, "okafor lantern grain") == ["Grain ships wait off the coast"]


@pytest.mark.parametrize(
    "hostile",
    [
        '"', '""', "'", "harbour'", 'harbour"', "title : harbour", "harbour*", "har*our", "^harbour", "(", ")",
        "harbour AND", "NOT harbour", "harbour OR", "NEAR(harbour)", "{title} : x", "-harbour", "harbour & !",
        "harbour:*", "harbour:A", "<->", "\\", "harbour\\'", "'; DROP TABLE piece; --", "_public", "_pb", "%",
        "\x00", "harbour\x00", "\ud800", "\u202e", "a" * 100_000, "a " * 100_000, "夜" * 10_000,
    ],
)  # fmt: skip
def test_no_text_is_a_query_language(stocked: Database, hostile: str) -> None:
    assert all(title in TITLES for title in found(stocked, hostile))
    assert found(stocked, "grain") == ["Grain ships wait off the coast"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.text(max_size=60))
def test_any_text_may_be_asked_and_any_title_found_by_itself(stocked: Database, text: str) -> None:
    found(stocked, text)
    with stocked.write_engine.connect() as connection:
        any_piece = connection.execute(piece.select().limit(1)).mappings().one()
        tenant = Tenant(connection, any_piece["publisher_id"])
        index_piece(tenant, any_piece["id"], is_public=True, title=text)
        if 0 < len(words(text)) <= 12:
            assert any_piece["id"] in {hit.piece_id for hit in search(connection, text, limit=100).rows}
        connection.rollback()


def test_one_publisher_is_searched_at_a_time_if_wished(stocked: Database) -> None:
    with stocked.writing() as connection:
        other = put_publisher(connection, "meridian-wire")
        put_piece(other, a_piece(title="Another harbour"))
    assert found(stocked, "harbour", other.publisher_id) == ["Another harbour"]
    assert len(found(stocked, "harbour")) == 4
    with pytest.raises(ValueError, match="one publisher"), stocked.reading() as connection:
        search(connection, "harbour", drafts=True)


def test_a_piece_that_changes_is_found_by_its_new_words_only(stocked: Database) -> None:
    with stocked.writing() as connection:
        hit = search(connection, "grain").rows[0]
        tenant = Tenant(connection, hit.publisher_id)
        index_piece(tenant, hit.piece_id, is_public=True, title="Wheat")
        assert search(connection, "grain").rows == []
        assert search(connection, "wheat").count == 1
        unindex_piece(tenant, hit.piece_id)
        assert search(connection, "wheat").rows == []


def test_an_act_undone_leaves_no_trace_in_the_finder(stocked: Database) -> None:
    hit_words = "lighthouse"
    with stocked.write_engine.connect() as connection, connection.begin():
        put_piece(put_publisher(connection, "meridian-wire"), a_piece(title=hit_words))
        assert search(connection, hit_words).count == 1
        connection.rollback()
    assert found(stocked, hit_words) == []


def test_pages_follow_one_another_without_gap_or_double(database: Database) -> None:
    with database.writing() as connection:
        tenant = put_publisher(connection)
        titles = [f"harbour {number}" for number in range(23)]
        for title in titles:
            put_piece(tenant, a_piece(title=title))
        seen: list[str] = []
        after = None
        while True:
            page = search(connection, "harbour", after=after, limit=5)
            assert page.count == 23
            seen += [hit.title for hit in page.rows]
            if (after := page.next) is None:
                break
        assert sorted(seen) == sorted(titles)
        with pytest.raises(BadCursor):
            search(connection, "harbour", after="zzz")


def test_counting_stops_at_the_cap(sqlite_database: Database) -> None:
    with sqlite_database.writing() as connection:
        tenant = put_publisher(connection)
        only = put_piece(tenant, a_piece())
        row = tenant.all(tenant.select(piece).where(piece.c.id == only.id))[0]
        copies = [{**row, "id": f"pc_{number:026}"} for number in range(1_200)]
        tenant.insert(piece, *copies)
        texts = [
            {"scope": "_public", "title": "tide", "authors": "", "source": "", "is_public": True}
        ] * 1_200
        tenant.insert(piece_text, *({**t, "piece_id": c["id"]} for t, c in zip(texts, copies, strict=True)))
        page = search(connection, "tide")
    assert page.count == COUNT_CAP
    assert page.many


@pytest.mark.parametrize(
    "asked",
    ["night har", "harbour daw", "ada okaf", "night arb", "okafor night tra", "the harb", "night zzz"],
)
def test_a_beginning_finds_the_same_whichever_words_are_read_through(
    stocked: Database, asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = found(stocked, asked)
    assert bool(few) is (asked not in ("night zzz", "night arb"))
    newest = search_module._newest
    taken: list[bool] = []

    def watched(*given: object, open_ended: bool) -> object:
        taken.append(open_ended)
        rows = newest(*given, open_ended=open_ended)  # type: ignore[arg-type]
        return rows if len(given[2]) == len(words(asked)) else [*rows, *rows * COUNT_CAP]  # type: ignore[arg-type]

    monkeypatch.setattr(search_module, "_newest", watched)
    many = found(stocked, asked)
    assert many == few
    assert taken == [False, False, True]


def test_pasted_text_leads_to_the_pieces_it_is_from(database: Database) -> None:
    with database.writing() as connection:
        mine, other = put_publisher(connection), put_publisher(connection, "meridian-wire")
        whole = put_piece(mine, a_piece(), shingles=range(-50, 50))
        part = put_piece(other, a_piece(), shingles=range(40, 60))
        put_piece(mine, a_piece(), state="draft", shingles=range(-50, 50))
        assert find_by_shingles(connection, list(range(0, 50))) == [(whole.id, 1.0), (part.id, 0.2)]
        assert find_by_shingles(connection, list(range(0, 50)), other.publisher_id) == [(part.id, 0.2)]
        assert find_by_shingles(connection, []) == []
        assert find_by_shingles(connection, [999]) == []
        (best,) = find_by_shingles(connection, list(range(-50, 40)) * 2 + list(range(1_000, 6_000)))
        assert best[0] == whole.id


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)
    assert all(0 < len(word) <= MAX_WORD and not set(word) & set(" \"'_*:&|!()") for word in words(text))


def test_filing_needs_no_address(database: Database) -> None:
    filing: Filing = a_filing(address("https://harbour.example/a"))
    assert filing.at == NOW


def test_marks_without_end_are_folded_in_no_time() -> None:
    """A page that heaps a hundred thousand marks on one letter took most of a minute to fold."""
    started = time.process_time()
    assert folded("Tide" + "\u0323\u0301" * 50_000 + " at Noon") == "tide at noon"
    assert time.process_time() - started < 1
