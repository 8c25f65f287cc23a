"""What keeps other people's pages from acting in a reader's name, and what every answer carries."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from litestar import Litestar, Request
from litestar.routes import HTTPRoute
from litestar.testing import TestClient
from sqlalchemy import event

from ledger.app import create_app
from ledger.settings import load_settings
from ledger.web.forms import read_pairs
from ledger.web.security import HEADERS, MAX_FIELDS, SAFE_METHODS, Security
from tests.application import application
from tests.cast import PASSWORD, Cast
from tests.web.browsing import Visitor

HERE = {"origin": "http://127.0.0.1:8000", "sec-fetch-site": "same-origin"}


def unsafe_routes(app: Litestar) -> Iterator[tuple[str, str]]:
    """Every method and path of the application that could change something."""
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            filled = re.sub(r"\{[^}]*\}", "x1", route.path_format)
            for method in sorted(set(route.methods) - SAFE_METHODS):
                yield method, filled


def test_no_unsafe_route_anywhere_takes_a_form_without_its_token(cast: Cast) -> None:
    app = application(cast)
    seen = 0
    with TestClient(app, base_url=cast.settings.base_url) as client:
        client.cookies.set("ledger", cast.token("bob"))
        for method, path in unsafe_routes(app):
            plain = client.request(method, path, data={"a": "b"}, headers=HERE)
            wrong = client.request(method, path, data={"csrf": "0" * 64}, headers=HERE)
            as_json = client.request(method, path, json={"a": "b"}, headers=HERE)
            bare = client.request(method, path, headers=HERE)
            answers = [plain.status_code, wrong.status_code, as_json.status_code, bare.status_code]
            assert answers == [403] * 4, f"{method} {path}: {answers}"
            seen += 1
    assert seen >= 7  # a change of the framework must not make this test pass by finding nothing


def test_no_unsafe_route_anywhere_listens_to_another_site(cast: Cast) -> None:
    app = application(cast)
    with TestClient(app, base_url=cast.settings.base_url) as client:
        client.cookies.set("ledger", cast.token("bob"))
        token = Visitor(client).token("/account")
        for method, path in unsafe_routes(app):
            for headers in (
                {"origin": "https://elsewhere.example"},
                {"origin": "null"},
                {"sec-fetch-site": "cross-site"},
                {"sec-fetch-site": "same-site"},
            ):
                answer = client.request(method, path, data={"csrf": token}, headers=headers)
                assert answer.status_code == 403, f"{method} {path} {headers}"


def test_another_sites_name_that_leads_here_is_not_this_site(cast: Cast) -> None:
    app = application(cast)
    fields = {"email": cast.email("bob"), "password": PASSWORD}
    with TestClient(app, base_url="http://rebound.example:8000") as client:
        token = Visitor(client).token()
        headers = {"origin": "http://rebound.example:8000", "sec-fetch-site": "same-origin"}
        assert client.post("/sign-in", data={"csrf": token, **fields}, headers=headers).status_code == 403


def test_on_this_machine_its_names_are_one(cast: Cast) -> None:
    app = application(cast)
    with TestClient(app, base_url="http://localhost:8000") as client:
        headers = {"origin": "http://localhost:8000"}
        fields = {"email": cast.email("bob"), "password": PASSWORD}
        answer = Visitor(client).post("/sign-in", fields, headers=headers)
        assert answer.status_code == 303
        other_port = Visitor(client).post("/sign-in", fields, headers={"origin": "http://localhost:9000"})
        assert other_port.status_code == 403


def test_json_from_nobody_in_particular_needs_no_token_but_still_no_other_site(cast: Cast) -> None:
    security = Security(b"s" * 32, "http://127.0.0.1:8000")
    assert security.origin == "http://127.0.0.1:8000"
    app = application(cast)
    with TestClient(app, base_url=cast.settings.base_url) as client:
        answer = client.post("/sign-in", json={"email": "x"}, headers={"content-type": "application/json"})
        assert answer.status_code == 403  # JSON is for /api; a form without a token is refused


def test_a_token_of_another_browser_is_worthless(cast: Cast, visitor: Visitor) -> None:
    app = application(cast)
    with TestClient(app, base_url=cast.settings.base_url) as other:
        theirs = Visitor(other).token()
    visitor.get("/sign-in")
    answer = visitor.post("/sign-in", {"csrf": theirs, "email": cast.email("bob"), "password": PASSWORD})
    assert answer.status_code == 403


def test_the_token_from_before_signing_in_is_worthless_after(cast: Cast, visitor: Visitor) -> None:
    before = visitor.token()
    visitor.sign_in(cast.email("bob"), PASSWORD)
    answer = visitor.client.post("/sign-out", data={"csrf": before}, headers=HERE)
    assert answer.status_code == 403


def test_the_same_form_with_its_token_is_taken(cast: Cast, visitor: Visitor) -> None:
    assert visitor.sign_in(cast.email("bob"), PASSWORD).status_code == 303


def test_a_bearer_needs_no_form_token_and_its_cookies_count_for_nothing(cast: Cast, visitor: Visitor) -> None:
    visitor.plant("ledger", cast.token("bob"))
    answer = visitor.client.post(
        "/account/sign-out-everywhere",
        headers={"authorization": "Bearer made-up", "accept": "application/json"},
    )
    assert answer.status_code == 401


@pytest.mark.parametrize("path", ["/", "/sign-in", "/no/such/page", "/static/base.css", "/static/no.css"])
def test_every_answer_carries_the_headers(visitor: Visitor, path: str) -> None:
    answer = visitor.get(path)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "server" not in answer.headers


def test_pages_hold_no_inline_script_and_no_inline_style(visitor: Visitor) -> None:
    for path in ("/", "/sign-in", "/no/such/page"):
        text = visitor.get(path).text
        assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son[a-z]+=", text), path
        assert not re.search(r'(?:src|href)="(?:https?:)?//', text), f"{path} loads from elsewhere"


def test_on_a_real_host_cookies_are_bound_to_it_and_to_tls(cast: Cast) -> None:
    settings = load_settings({}, data=cast.settings.data, base_url="https://permissions.example.org")
    app = create_app(settings, cast.desk, cast.enqueue)
    with TestClient(app, base_url=settings.base_url) as client:
        page = client.get("/sign-in")
        assert page.headers["strict-transport-security"].startswith("max-age=")
        form_cookie = page.headers["set-cookie"]
        assert form_cookie.startswith("__Host-ledger-form=")
        token = Visitor(client).token()
        answer = client.post(
            "/sign-in",
            data={"csrf": token, "email": cast.email("bob"), "password": PASSWORD},
            headers={"origin": settings.base_url},
            follow_redirects=False,
        )
    assert answer.status_code == 303
    cookies = [value for name, value in answer.headers.multi_items() if name == "set-cookie"]
    session = next(value for value in cookies if value.startswith("__Host-ledger="))
    for cookie in (form_cookie, session):
        attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert {"secure", "httponly", "path=/", "samesite=lax"} <= attributes
        assert not any(attribute.startswith("domain") for attribute in attributes)


def test_static_files_are_kept_for_ever_under_their_fingerprint_only(visitor: Visitor) -> None:
    address = re.search(r'"(/static/base\.css\?v=[0-9a-f]{12})"', visitor.get("/").text)
    assert address is not None
    kept = visitor.get(address[1])
    assert kept.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert kept.headers["content-type"] == "text/css; charset=utf-8"
    bare = visitor.get("/static/base.css")
    assert bare.headers["cache-control"] == "public, no-cache"
    again = visitor.get("/static/base.css", headers={"if-none-match": bare.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path", ["/static/../app.py", "/static/%2e%2e/app.py", "/static//etc/passwd", "/static/"]
)
def test_static_files_lead_nowhere_else(visitor: Visitor, path: str) -> None:
    assert visitor.get(path).status_code == 404


def test_guards_and_pages_do_not_break_on_odd_requests(visitor: Visitor) -> None:
    odd: list[dict[str, Any]] = [
        {"content": b"csrf=%ff%fe", "headers": {"content-type": "application/x-www-form-urlencoded"}},
        {"content": b"x", "headers": {"content-type": "multipart/form-data"}},
        {"content": b"--b\r\nbroken", "headers": {"content-type": "multipart/form-data; boundary=b"}},
        {"content": b"", "headers": {"content-type": "application/x-www-form-urlencoded"}},
        {"content": b"csrf=1&csrf=2", "headers": {"content-type": "application/x-www-form-urlencoded"}},
    ]
    for request in odd:
        request["headers"] |= HERE
        answer = visitor.client.post("/sign-in", **request)
        assert answer.status_code in {400, 403}, request


def _part(head: bytes, value: bytes = b"x") -> bytes:
    return (
        b'--b\r\nContent-Disposition: form-data; name="file"' + head + b"\r\n\r\n" + value + b"\r\n--b--\r\n"
    )


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(_part(b"", b"\xed\xa0\x80\xff"), id="no text"),
        pytest.param(_part(b"\r\nContent-Type: text/plain; charset=bogus"), id="no charset"),
        pytest.param(_part(b'; filename="\xed\xa0\x80\r\nx.txt"'), id="no name"),
    ],
)
def test_a_form_that_cannot_be_taken_apart_is_refused_in_words(visitor: Visitor, body: bytes) -> None:
    headers = {**HERE, "content-type": "multipart/form-data; boundary=b", "accept": "text/html"}
    for more in (
        {},
        {"authorization": "Bearer made-up"},
    ):  # whoever shows a bearer is not asked for a form token
        answer = visitor.client.post("/sign-in", content=body, headers=headers | more)
        assert answer.status_code == 400, answer.text


def test_a_flood_of_fields_is_refused_before_it_is_taken_apart(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken_apart: list[int] = []
    real = Request.form

    async def form(self: Any) -> Any:
        taken_apart.append(1)
        return await real(self)

    monkeypatch.setattr(Request, "form", form)
    headers = {**HERE, "content-type": "application/x-www-form-urlencoded", "accept": "text/html"}
    for more in ({}, {"authorization": "Bearer made-up"}):
        answer = visitor.client.post("/sign-in", content=b"a=b&" * MAX_FIELDS, headers=headers | more)
        assert (answer.status_code, taken_apart) == (400, [])
        assert "5,000 fields" in answer.text
    assert visitor.sign_in("nobody@example.org", PASSWORD).status_code == 403  # as ever
    assert taken_apart


@pytest.mark.parametrize(
    "path",
    [
        "/publishers/%00",
        "/pieces/pc_%00",
        "/verify/%00",
        "/verify?number=%00",
        "/find?q=a%00b",
        "/desk?q=%00",
    ],
)
def test_no_nul_reaches_the_database_which_would_not_take_it(cast: Cast, visitor: Visitor, path: str) -> None:
    asked: list[str] = []
    event.listen(
        cast.desk.database.read_engine,
        "before_cursor_execute",
        lambda *a: asked.append(str(a[2]) + str(a[3])),
    )
    visitor.plant("ledger", cast.token("bob"))
    visitor.get(path)
    visitor.get("/publishers/harbour-review")
    assert asked  # the ear is on the wire
    assert not any("\0" in each or "\\x00" in each for each in asked), asked


def test_no_nul_in_json_or_in_the_name_of_a_field(visitor: Visitor) -> None:
    for field in ("piece", "use"):
        answer = visitor.client.post("/api/answer", json={field: "a\0b"})
        assert answer.status_code == 400
        assert "NUL" in answer.json()["detail"]
    assert read_pairs([("na\0me", "va\0lue")]).data == {"name": ["value"]}
