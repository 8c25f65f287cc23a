"""How much a stranger may send in an hour: said clearly, nothing lost, no address kept, lookups free."""

import re
from dataclasses import replace

import pytest
from litestar.testing import TestClient
from sqlalchemy import text

from ledger.app import create_app
from ledger.desk.refusals import TooMany
from ledger.desk.requests import limiting
from tests.web.asking import DETAILS, USE, hidden_fields, mails, own_piece
from tests.web.browsing import Visitor


@pytest.fixture(autouse=True)
def _few(monkeypatch):
    monkeypatch.setattr(limiting, "MOST", {"files": 3, "drafts": 2, "mails": 2})


@pytest.fixture
def filled(cast):
    return {**USE, **DETAILS, "pieces": own_piece(cast).id}


def send(visitor, form, number):
    looked = visitor.post("/request", {**form, "form_key": f"key-{number}", "action": "check"})
    return visitor.post("/request", {**hidden_fields(looked.text), "action": "send"})


def test_requests_that_mail_a_link_are_counted_and_the_form_stays_filled(cast, visitor, filled):
    for number in range(2):
        assert send(visitor, {**filled, "email": f"a{number}@elsewhere.example"}, number).status_code == 303
    cast.clock.go_on(minutes=25)
    refused = send(visitor, {**filled, "email": "a3@elsewhere.example"}, 3)
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "2100"
    assert "Try again in 35 minutes, after 10:00 UTC." in refused.text
    assert 'value="Waiting at the Narrows"' in refused.text
    assert len(mails(cast)) == 2
    cast.clock.go_on(minutes=36)
    assert send(visitor, {**filled, "email": "a3@elsewhere.example"}, 3).status_code == 303


def test_drafts_and_files_are_counted_apart(visitor, filled):
    for _ in range(2):
        assert visitor.post("/request", {**filled, "action": "save"}).status_code == 303
    assert visitor.post("/request", {**filled, "action": "save"}).status_code == 429
    files = [("files", (f"{number}.txt", b"text %d" % number, "text/plain")) for number in range(2)]
    first = visitor.post("/request", {**filled, "action": "update"}, files=files)
    assert len(hidden_fields(first.text)["kept"]) == 2
    kept = hidden_fields(first.text)["kept"]
    second = visitor.post("/request", {**filled, "kept": kept, "action": "update"}, files=files)
    assert second.status_code == 429
    assert hidden_fields(second.text)["kept"] == kept


def test_programs_get_429_with_the_time_to_wait(visitor, filled):
    body = {"pieces": [filled["pieces"]], "name": "A", "use": {}}
    answers = [
        visitor.client.post("/api/requests", json={**body, "email": f"a{number}@b.example"})
        for number in range(3)
    ]
    assert [answer.status_code for answer in answers[:2]] == [201, 201]
    assert (answers[2].status_code, answers[2].headers["retry-after"]) == (429, "3600")
    assert "Try again in 60 minutes" in answers[2].json()["detail"]


def test_looking_things_up_is_never_counted(cast, visitor, filled):
    for _ in range(30):
        assert visitor.get("/find?q=signal").status_code == 200
        assert visitor.client.get("/api/pieces", params={"url": "https://a.example"}).status_code in {
            200,
            404,
        }
        visitor.post("/request", {**filled, "action": "check"})
    with cast.desk.database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM throttle")).scalar() == 0


def test_a_network_is_counted_as_well_as_an_address(cast):
    for host in range(5):
        for _ in range(2):
            limiting.count(cast.desk, "mails", f"203.0.113.{host}")
    with pytest.raises(TooMany):
        limiting.count(cast.desk, "mails", "203.0.113.99")
    limiting.count(cast.desk, "mails", "203.0.114.99")


@pytest.mark.parametrize(
    ("address", "places"),
    [
        ("203.0.113.7", ("203.0.113.7/32", "203.0.113.0/24")),
        ("::ffff:203.0.113.7", ("203.0.113.7/32", "203.0.113.0/24")),
        ("2001:db8:1:2:3::4", ("2001:db8:1:2::/64", "2001:db8:1::/48")),
        ("unknown", ("unknown", "unknown")),
    ],
)
def test_an_address_and_its_network(address, places):
    assert limiting.places(address) == places


def test_no_address_is_kept(cast):
    limiting.count(cast.desk, "mails", "203.0.113.7")
    with cast.desk.database.reading() as connection:
        kept = connection.execute(text("SELECT key FROM throttle")).scalars().all()
    assert len(kept) == 2
    assert all(re.fullmatch(r"mails:[0-9a-f]{64}", key) for key in kept)
    other = replace(cast.desk, secret=b"x" * 32)
    limiting.count(other, "mails", "203.0.113.7")
    with cast.desk.database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM throttle")).scalar() == 4, "keyed by the house"


def test_behind_a_proxy_readers_are_told_apart(cast, filled):
    settings = replace(cast.settings, behind_proxy=True)
    with TestClient(create_app(settings, cast.desk, cast.enqueue), base_url=settings.base_url) as client:
        visitor = Visitor(client)

        def save(address):
            return visitor.post(
                "/request", {**filled, "action": "save"}, headers={"x-forwarded-for": address}
            )

        assert [save("198.51.100.1").status_code for _ in range(3)] == [303, 303, 429]
        assert save("192.0.2.1").status_code == 303
