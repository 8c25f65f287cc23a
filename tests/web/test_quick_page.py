"""A stranger's rights page is made before the framework; it is the very page that the framework would answer."""

from datetime import timedelta

import pytest
from litestar.testing import TestClient

import ledger.app
from ledger.app import create_app
from ledger.web.security import HEADERS
from tests.desk.conftest import pages  # noqa: F401
from tests.desk.test_main_job import own, wire  # noqa: F401


@pytest.fixture
def short_ways(monkeypatch):
    """How often the short way answered."""
    answered = []

    async def watched(*given):
        answered.append(await quick_page(*given))
        return answered[-1]

    quick_page = ledger.app.quick_page
    monkeypatch.setattr(ledger.app, "quick_page", watched)
    return answered


def test_both_ways_answer_the_same(visitor, wire, short_ways):
    path = f"/pieces/{wire.id}"
    quick = visitor.client.get(path)
    ordinary = visitor.client.get(path, headers={"cookie": "theme=dark"})
    assert short_ways == [True, False]
    assert quick.status_code == ordinary.status_code == 200
    assert quick.text == ordinary.text
    assert sorted(quick.headers.multi_items()) == sorted(ordinary.headers.multi_items())
    assert {name: quick.headers[name] for name in HEADERS} == HEADERS
    assert "as/odrl" in quick.headers["link"]
    assert visitor.client.head(path).headers["content-length"] == quick.headers["content-length"]


def test_over_tls_the_browser_is_told_to_stay_there(cast, wire, short_ways):
    cast.settings = type(cast.settings)(**{**vars(cast.settings), "base_url": "https://permissions.example"})
    app = create_app(cast.settings, cast.desk, cast.enqueue)
    with TestClient(app, base_url="https://permissions.example") as client:
        answer = client.get(f"/pieces/{wire.id}")
    assert short_ways == [True]
    assert "max-age" in answer.headers["strict-transport-security"]


def test_who_is_signed_in_is_shown_the_way_to_the_desk(cast, visitor, wire, short_ways):
    assert "Sign in" in visitor.get(f"/pieces/{wire.id}").text
    visitor.client.cookies.set("ledger", cast.token("bob"))
    seen = visitor.get(f"/pieces/{wire.id}").text
    assert "Your desk" in seen
    assert "Sign in" not in seen
    assert short_ways == [True, False]


@pytest.mark.parametrize("piece", ["pc_none", "pc_", "pc_%00", "pc_a%2Fb", "pc_none/may-i"])
def test_what_is_not_here_is_answered_as_ever(visitor, piece, short_ways):
    answer = visitor.get(f"/pieces/{piece}")
    assert answer.status_code == 404
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert not any(short_ways)


def test_what_was_typed_is_escaped(visitor, cast, wire, short_ways):
    with cast.desk.database.writing() as connection:
        connection.exec_driver_sql(
            "UPDATE piece SET document = replace(document, ?, ?)", (wire.title, "<script>alert(1)</script>")
        )
    seen = visitor.get(f"/pieces/{wire.id}").text
    assert short_ways == [True]
    assert "<script>alert" not in seen
    assert "&lt;script&gt;alert(1)" in seen


def test_a_changed_record_shows_at_once_and_the_day_is_todays(visitor, cast, wire, short_ways):
    path = f"/pieces/{wire.id}"
    assert "No longer in force" not in visitor.get(path).text
    ends = cast.desk.today() + timedelta(days=2)
    with cast.desk.database.writing() as connection:
        connection.exec_driver_sql("UPDATE terms SET revoked_on = ?", (ends.isoformat(),))
    assert "No longer in force from" in visitor.get(path).text
    cast.clock.go_on(days=2)
    assert "No longer in force since" in visitor.get(path).text
    assert short_ways == [True] * 3
