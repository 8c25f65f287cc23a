"""Signing in through the pages: cookies, fixation, links, limits, and whose desk one stands at."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from litestar import get
from litestar.testing import TestClient

from ledger.app import create_app
from ledger.desk.house import people, signing_in
from ledger.records.tables import magic_link, sign_in, throttle
from ledger.settings import load_settings
from ledger.web.context import AnyRequest, client_ip
from tests.cast import PASSWORD, REAL_HASHER, Cast
from tests.web.browsing import Visitor


def link_of(cast: Cast) -> str:
    """The path of the link that the last job would mail."""
    name, payload = cast.posted[-1]
    assert name == "sign_in_link"
    mail = signing_in.sign_in_mail(cast.desk, payload)
    assert mail is not None
    return mail.link.removeprefix(cast.settings.base_url)


def test_the_cookie_is_fresh_hidden_from_scripts_and_not_kept_in_clear(cast: Cast, visitor: Visitor) -> None:
    answer = visitor.sign_in(cast.email("bob"), PASSWORD)
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk")
    cookie = next(value for value in answer.headers.get_list("set-cookie") if value.startswith("ledger="))
    attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"httponly", "samesite=lax", "path=/"} <= attributes
    token = visitor.cookies["ledger"]
    assert len(token) == 43  # 256 random bits
    with cast.desk.database.reading() as connection:
        kept = [tuple(row) for row in connection.execute(sign_in.select())]
    assert token not in str(kept)
    assert signing_in.store.token_hash(token) in str(kept)


def test_a_token_planted_by_an_attacker_is_never_taken_over(cast: Cast, visitor: Visitor) -> None:
    planted = "attackers-own-choice-of-a-session-identifier"
    visitor.plant("ledger", planted)
    visitor.sign_in(cast.email("bob"), PASSWORD)
    assert visitor.cookies["ledger"] != planted
    assert signing_in.signed_in(cast.desk, planted) is None


def test_an_attackers_live_session_does_not_become_bobs(cast: Cast, visitor: Visitor) -> None:
    charlies = cast.token("charlie")
    visitor.plant("ledger", charlies)
    visitor.sign_in(cast.email("bob"), PASSWORD)
    fresh = visitor.cookies["ledger"]
    assert fresh != charlies
    assert signing_in.signed_in(cast.desk, charlies) is None  # the one it replaced has ended
    signed = signing_in.signed_in(cast.desk, fresh)
    assert signed is not None
    assert signed.email == cast.email("bob")


def test_every_sign_in_gets_a_token_of_its_own(cast: Cast, visitor: Visitor) -> None:
    tokens = set()
    for _ in range(3):
        visitor.client.cookies.clear()
        visitor.sign_in(cast.email("bob"), PASSWORD)
        tokens.add(visitor.cookies["ledger"])
    assert len(tokens) == 3


def test_signing_out_ends_it_for_whoever_holds_the_token(cast: Cast, visitor: Visitor) -> None:
    visitor.sign_in(cast.email("bob"), PASSWORD)
    stolen = visitor.cookies["ledger"]
    answer = visitor.post("/sign-out", seen_on="/account")
    assert answer.headers["location"] == "/"
    assert "ledger" not in visitor.cookies
    assert signing_in.signed_in(cast.desk, stolen) is None


def test_a_new_password_ends_every_other_sign_in_and_every_link(cast: Cast, visitor: Visitor) -> None:
    elsewhere = cast.token("bob")
    visitor.post("/sign-in/link", {"email": cast.email("bob")})
    link = link_of(cast)
    visitor.sign_in(cast.email("bob"), PASSWORD)
    before = visitor.cookies["ledger"]
    new = "five herons on a sandbank"
    answer = visitor.post("/account/password", {"password": new, "again": new}, seen_on="/account")
    assert answer.headers["location"] == "/account?saved"
    assert signing_in.signed_in(cast.desk, elsewhere) is None
    assert signing_in.signed_in(cast.desk, before) is None
    assert signing_in.signed_in(cast.desk, visitor.cookies["ledger"]) is not None
    assert visitor.get(link).status_code == 404
    visitor.client.cookies.clear()
    assert visitor.sign_in(cast.email("bob"), PASSWORD).status_code == 403
    assert visitor.sign_in(cast.email("bob"), new).status_code == 303


@pytest.mark.parametrize(
    ("password", "again", "says"),
    [
        ("short", "short", "at least 15 characters"),
        ("aaaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaaa", "too easy"),
        ("five herons on a sandbank", "five herons on a sandbar", "differ"),
        ("x" * 300 + "abcd", "x" * 300 + "abcd", "at most 200"),
    ],
)
def test_a_poor_password_is_refused_beside_its_field(
    cast: Cast, visitor: Visitor, password: str, again: str, says: str
) -> None:
    visitor.sign_in(cast.email("bob"), PASSWORD)
    answer = visitor.post("/account/password", {"password": password, "again": again}, seen_on="/account")
    assert answer.status_code == 422
    assert says in answer.text
    assert password not in answer.text


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(cast: Cast, visitor: Visitor) -> None:
    answers = []
    for email in (cast.email("bob"), "nobody@nowhere.example"):
        visitor.client.cookies.clear()
        answer = visitor.sign_in(email, "not the right one at all")
        text = re.sub(r'value="[^"]*"', "", answer.text)
        answers.append((answer.status_code, text))
    assert answers[0] == answers[1]
    assert answers[0][0] == 403


def test_asking_for_a_link_answers_alike_for_known_and_unknown(cast: Cast, visitor: Visitor) -> None:
    answers = []
    for email in (cast.email("bob"), "nobody@nowhere.example"):
        answer = visitor.post("/sign-in/link", {"email": email})
        answers.append((answer.status_code, answer.text.replace(email, "X")))
    assert answers[0] == answers[1]
    assert [name for name, _ in cast.posted] == ["sign_in_link", "sign_in_link"]
    assert signing_in.sign_in_mail(cast.desk, cast.posted[1][1]) is None


def test_a_link_to_no_address_is_refused_in_its_own_form(visitor: Visitor) -> None:
    answer = visitor.post("/sign-in/link", {"email": " "})
    assert answer.status_code == 422
    assert 'href="#f-link-email"' in answer.text
    assert 'id="f-link-email-error"' in answer.text
    assert 'id="f-email-error"' not in answer.text


def test_a_job_for_a_link_holds_neither_token_nor_address(cast: Cast, visitor: Visitor) -> None:
    visitor.post("/sign-in/link", {"email": cast.email("bob")})
    _, payload = cast.posted[-1]
    assert set(payload) == {"person_id", "target"}
    with cast.desk.database.reading() as connection:
        assert connection.execute(magic_link.select()).first() is None  # made when the mail is written


def test_opening_a_link_signs_nobody_in_and_pressing_the_button_does_once(
    cast: Cast, visitor: Visitor
) -> None:
    visitor.post("/sign-in/link", {"email": cast.email("edith"), "next": "/account"})
    link = link_of(cast)
    for _ in range(2):  # a mail scanner, then the reader
        page = visitor.get(link)
        assert "Sign in as edith@harbour-review.example" in page.text
        assert "ledger" not in visitor.cookies
    answer = visitor.post(link, seen_on=link)
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    assert "Edith Amsel" in visitor.get("/account").text
    visitor.client.cookies.clear()
    assert visitor.post(link).status_code == 404
    assert "ledger" not in visitor.cookies


def test_a_link_is_too_old_after_a_quarter_of_an_hour(cast: Cast, visitor: Visitor) -> None:
    visitor.post("/sign-in/link", {"email": cast.email("edith")})
    link = link_of(cast)
    cast.clock.go_on(minutes=14)
    assert visitor.get(link).status_code == 200
    cast.clock.go_on(minutes=1)
    assert visitor.get(link).status_code == 404
    assert visitor.post(link).status_code == 404


@pytest.mark.parametrize(
    "target",
    [
        "https://elsewhere.example/",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "javascript:alert(1)",
        "/a\nb",
    ],
)
def test_nobody_is_sent_elsewhere_after_signing_in(cast: Cast, visitor: Visitor, target: str) -> None:
    answer = visitor.post("/sign-in", {"email": cast.email("bob"), "password": PASSWORD, "next": target})
    assert answer.headers["location"] == "/desk"
    assert "elsewhere" not in visitor.get("/sign-in", params={"next": target}).text


def test_guessing_is_stopped_even_with_the_right_password(cast: Cast, visitor: Visitor) -> None:
    for _ in range(10):
        assert visitor.sign_in(cast.email("bob"), "guess after guess after guess").status_code == 403
    stopped = visitor.sign_in(cast.email("bob"), PASSWORD)
    assert stopped.status_code == 429
    assert int(stopped.headers["retry-after"]) == 900
    assert visitor.sign_in(cast.email("edith"), PASSWORD).status_code == 303  # others are not shut out
    visitor.client.cookies.clear()
    cast.clock.go_on(minutes=15)
    assert visitor.sign_in(cast.email("bob"), PASSWORD).status_code == 303


def test_a_success_starts_the_count_anew(cast: Cast, visitor: Visitor) -> None:
    for _ in range(2):
        for _ in range(9):
            visitor.sign_in(cast.email("bob"), "guess after guess after guess")
        assert visitor.sign_in(cast.email("bob"), PASSWORD).status_code == 303
        visitor.client.cookies.clear()


def test_links_to_one_address_are_limited(cast: Cast, visitor: Visitor) -> None:
    statuses = [visitor.post("/sign-in/link", {"email": cast.email("bob")}).status_code for _ in range(6)]
    assert statuses == [200] * 5 + [429]
    assert len(cast.posted) == 5


def test_the_count_of_attempts_holds_no_address(cast: Cast, visitor: Visitor) -> None:
    visitor.sign_in(cast.email("bob"), "guess after guess after guess")
    with cast.desk.database.reading() as connection:
        kept = str([tuple(row) for row in connection.execute(throttle.select())])
    assert "bob" not in kept
    assert "testclient" not in kept


def test_an_idle_and_an_old_sign_in_end(cast: Cast) -> None:
    idle = cast.token("bob")
    cast.clock.go_on(days=7)
    assert signing_in.signed_in(cast.desk, idle) is None
    busy = cast.token("bob")
    for _ in range(29):
        cast.clock.go_on(days=1)
        assert signing_in.signed_in(cast.desk, busy) is not None
    cast.clock.go_on(days=1)
    assert signing_in.signed_in(cast.desk, busy) is None


def test_charlie_cannot_stand_at_harbour_reviews_desk(cast: Cast, visitor: Visitor) -> None:
    visitor.sign_in(cast.email("charlie"), PASSWORD)
    refused = visitor.post("/account/publisher", {"publisher": "harbour-review"}, seen_on="/account")
    unknown = visitor.post("/account/publisher", {"publisher": "no-such-house"}, seen_on="/account")
    assert refused.status_code == unknown.status_code == 404
    assert refused.text.replace("harbour-review", "") == unknown.text.replace("no-such-house", "")
    visitor.plant("ledger-publisher", "harbour-review")
    assert "Harbour Review" not in visitor.get("/account").text


def test_a_person_shut_out_is_out_at_once(cast: Cast, visitor: Visitor) -> None:
    visitor.sign_in(cast.email("bob"), PASSWORD)
    people.disable(cast.desk, cast.harbour.id, cast.bob.person_id, cast.ada)
    assert visitor.get("/account").status_code == 303
    visitor.client.cookies.clear()
    assert visitor.sign_in(cast.email("bob"), PASSWORD).status_code == 403


def test_behind_a_proxy_the_last_forwarded_address_counts(cast: Cast) -> None:
    settings = load_settings({"LEDGER_BEHIND_PROXY": "1"}, data=cast.settings.data)
    app = create_app(settings, cast.desk, cast.enqueue)
    with TestClient(app, base_url=settings.base_url) as client:
        reader = Visitor(client)
        statuses = [
            reader.post(
                "/sign-in",
                {"email": cast.email("bob"), "password": "guess after guess after guess"},
                headers={"x-forwarded-for": f"198.51.100.{number}, 203.0.113.9"},
            ).status_code
            for number in range(11)
        ]
    assert statuses == [403] * 10 + [429]


def test_how_long_things_last_is_what_the_pages_say() -> None:
    assert timedelta(minutes=15) == signing_in.LINK_LASTS


def test_passwords_are_kept_as_argon2id_at_the_full_cost() -> None:
    kept = REAL_HASHER().hash(PASSWORD)
    found = re.match(r"\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$", kept)
    assert found is not None
    memory, passes, lanes = map(int, found.groups())
    assert memory >= 65536
    assert (passes, lanes) >= (3, 4)  # RFC 9106, 4: the second recommended option


@pytest.mark.parametrize(
    ("lines", "counted"),
    [
        (["198.51.100.1, 203.0.113.9"], "203.0.113.9"),
        (["203.0.113.9", "198.51.100.1"], "198.51.100.1"),  # a line of the proxy's own, after the reader's
        (["2001:db8:1:2:aaaa::1"], "2001:db8:1:2::/64"),
        (["2001:db8:1:2:bbbb::2"], "2001:db8:1:2::/64"),
        (["::ffff:203.0.113.9"], "203.0.113.9"),
        (["unknown"], "unknown"),
        ([""], "testclient"),
    ],
)
def test_whose_attempts_are_counted(cast: Cast, lines: list[str], counted: str) -> None:
    seen: list[str] = []

    @get("/whose", sync_to_thread=False)
    def whose(request: AnyRequest) -> None:
        seen.append(client_ip(request))

    settings = replace(cast.settings, behind_proxy=True)
    app = create_app(settings, cast.desk, cast.enqueue)
    app.register(whose)
    with TestClient(app, base_url=settings.base_url) as client:
        client.get("/whose", headers=[("x-forwarded-for", line) for line in lines])
    assert seen == [counted]
