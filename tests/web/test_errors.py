"""What goes wrong becomes a page for people and problem+json for programs, and tells no secrets."""

import logging
from typing import Any

import pytest
from litestar import get
from litestar.params import FromPath
from litestar.testing import TestClient

import ledger.web.home
from ledger.app import create_app
from ledger.desk.house.signing_in import SignInNeeded
from ledger.desk.refusals import BadInput, Clash, NotAllowed, NotFound, TooMany, Unavailable
from ledger.records.failures import RecordsUnavailable, Stale
from ledger.web.errors import problem_of
from tests.cast import PASSWORD, Cast
from tests.web.browsing import Visitor


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (BadInput({"email": "Write it so."}), 422),
        (NotAllowed("No."), 403),
        (NotFound("None."), 404),
        (Clash("Late."), 409),
        (Stale("The request"), 409),
        (Unavailable("Full."), 503),
        (RecordsUnavailable("Busy.", "Wait."), 503),
        (SignInNeeded("Sign in."), 401),
        (TooMany("Wait.", 60), 429),
        (ValueError("a secret detail"), 500),
    ],
)
def test_each_refusal_has_its_status(error: Exception, status: int) -> None:
    found, detail, headers, _ = problem_of(error)
    assert found == status
    assert detail
    assert "secret" not in detail
    assert ("Retry-After" in headers) == (status in {429} or isinstance(error, RecordsUnavailable))


def test_a_program_gets_problem_json(visitor: Visitor) -> None:
    for path, headers in (("/api/none", {"accept": "text/html"}), ("/none", {"accept": "application/json"})):
        answer = visitor.get(path, headers=headers)
        assert answer.headers["content-type"].startswith("application/problem+json")
        body = answer.json()
        assert {key: body[key] for key in ("type", "status", "instance")} == {
            "type": "about:blank",
            "status": 404,
            "instance": path,
        }


def test_a_reader_gets_a_page(visitor: Visitor) -> None:
    answer = visitor.get("/none")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "<h1>There is nothing here</h1>" in answer.text


def test_headers_of_the_error_are_passed_on(visitor: Visitor) -> None:
    answer = visitor.client.put("/sign-in", headers={"accept": "text/html"})
    assert answer.status_code == 405
    assert "POST" in answer.headers["allow"]


def test_closed_pages_lead_to_the_sign_in_page_and_back(visitor: Visitor) -> None:
    answer = visitor.get("/account?x=1&y=2")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/account%3Fx%3D1%26y%3D2")
    assert 'value="/account?x=1&amp;y=2"' in visitor.get(answer.headers["location"]).text
    part = visitor.get("/account", headers={"accept": "text/html", "hx-request": "true"})
    assert (part.status_code, part.headers["hx-redirect"]) == (401, "/sign-in")
    program = visitor.get("/account", headers={"accept": "application/json"})
    assert (program.status_code, program.headers["www-authenticate"]) == (401, "Bearer")


def test_too_large_a_body_is_refused_in_words(visitor: Visitor) -> None:
    answer = visitor.client.post(
        "/sign-in",
        content=b"x" * (26 * 1024 * 1024),
        headers={"content-type": "application/x-www-form-urlencoded", "accept": "text/html"},
    )
    assert answer.status_code == 413
    assert "25 MB" in answer.text


def test_an_accident_shows_a_number_and_logs_no_secret(
    cast: Cast, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    @get("/accident/{token:str}", sync_to_thread=False)
    def accident(token: FromPath[str]) -> Any:
        raise RuntimeError("the wire is cut")

    monkeypatch.setattr(ledger.web.home, "handlers", [*ledger.web.home.handlers, accident])
    app = create_app(cast.settings, cast.desk, cast.enqueue)
    with caplog.at_level(logging.DEBUG), TestClient(app, raise_server_exceptions=False) as client:
        client.cookies.set("ledger", "cookie-secret")
        answer = client.get("/accident/link-secret?q=query-secret", headers={"accept": "text/html"})
    assert answer.status_code == 500
    assert "the wire is cut" not in answer.text
    number = answer.text.partition("er_")[2][:26]
    logged = "\n".join(
        record.getMessage() + str(record.exc_info) for record in caplog.records if record.name == "ledger.web"
    )
    assert number in logged
    assert "the wire is cut" in logged
    for secret in ("cookie-secret", "link-secret", "query-secret"):
        assert secret not in logged


def test_signing_in_logs_neither_password_nor_token(
    cast: Cast, visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        visitor.sign_in(cast.email("bob"), PASSWORD + " wrong")
        visitor.sign_in(cast.email("bob"), PASSWORD)
    ours = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("httpx"))
    assert PASSWORD not in ours
    assert visitor.cookies["ledger"] not in ours


def test_the_error_page_needs_no_database(cast: Cast, visitor: Visitor) -> None:
    visitor.sign_in(cast.email("bob"), PASSWORD)
    cast.desk.database.close()
    database = cast.settings.data / "ledger.db"
    database.rename(database.with_suffix(".gone"))
    (cast.settings.data / "ledger.db-wal").unlink(missing_ok=True)
    (cast.settings.data / "ledger.db-shm").unlink(missing_ok=True)
    answer = visitor.get("/account")
    assert answer.status_code == 503
    assert "ledger migrate" in answer.text or "database" in answer.text
    assert "retry-after" in answer.headers
