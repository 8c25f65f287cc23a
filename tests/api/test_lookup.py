"""The public lookup by address, which is answered below the framework's own requests and responses."""

from urllib.parse import quote

import pytest

from ledger.web.security import HEADERS
from tests.api.test_doors import api  # noqa: F401
from tests.desk.conftest import pages  # noqa: F401
from tests.desk.test_main_job import own, wire  # noqa: F401


@pytest.mark.parametrize(
    "question", ["url={}", "url={}&", "x=1&url={}", "url=&url={}", "url={}%3Futm_source%3Dletter%23part"]
)
def test_the_address_is_found_however_the_question_is_put(api, wire, question):
    found = api.get("/api/pieces?" + question.format(quote(wire.urls[0], safe="")))
    assert (found.status_code, found.json()["id"]) == (200, wire.id)


def test_the_answer_carries_the_houses_headers_and_its_length(api, wire):
    found = api.get("/api/pieces", params={"url": wire.urls[0]})
    assert found.headers["content-type"] == "application/json"
    assert found.headers["cache-control"] == "public, max-age=60"
    assert int(found.headers["content-length"]) == len(found.content)
    assert {name: found.headers.get(name) for name in HEADERS} == HEADERS


def test_head_answers_the_same_without_the_body(api, wire):
    found = api.head("/api/pieces", params={"url": wire.urls[0]})
    assert (found.status_code, found.content) == (200, b"")
    assert int(found.headers["content-length"]) > 100


@pytest.mark.parametrize(
    ("question", "status"),
    [
        ("", 422),
        ("?url=", 422),
        ("?url=mailto:x@y.example", 422),
        ("?other=1", 422),
        ("?url=%FF%00", 422),
        ("?url=https://nowhere.example/a", 404),
    ],
)
def test_a_question_that_finds_nothing_says_why(api, question, status):
    refused = api.get(f"/api/pieces{question}")
    assert refused.status_code == status
    assert refused.headers["content-type"].startswith("application/problem+json")
    assert "url" in refused.text


def test_nothing_but_questions_is_taken(api):
    refused = api.post("/api/pieces", json={})
    assert refused.status_code == 405
    assert refused.headers["allow"] == "GET, HEAD"
