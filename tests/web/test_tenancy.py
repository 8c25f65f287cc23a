"""Every route of the house, who may come in by it, and that nobody else does.

``ROUTES`` lists each address with the method it takes and who may use it. A route that is not listed fails
``test_every_route_is_listed``: whoever adds one writes down here who may use it.
"""

import re
from dataclasses import dataclass, field

import pytest
from litestar import Litestar
from litestar.routes import ASGIRoute
from litestar.testing import TestClient

from ledger.app import create_app
from ledger.desk.house import people, signing_in
from ledger.desk.letters import issuing
from ledger.desk.register.registering import register_piece
from ledger.desk.requests import deciding
from ledger.desk.requests.requesting import submit_request
from ledger.records.journal_reading import size_of
from ledger.records.letters import load_obligations
from ledger.records.outbox import newest
from ledger.records.requests import load_items
from ledger.records.tenant import Tenant
from tests.cast import Cast, open_cast
from tests.desk.conftest import PAGES
from tests.desk.test_main_job import form
from tests.web.browsing import Visitor

PUBLIC = "public"  # anybody
TOKEN = "token"  # whoever holds the link
ACCOUNT = "account"  # whoever is signed in, for their own account
STAFF = frozenset({"officer", "editor", "admin"})
OFFICER = frozenset({"officer"})
ADMIN = frozenset({"admin"})
OFFICE = frozenset({"officer", "admin"})
WORKERS = frozenset({"officer", "editor"})

ROUTES = {
    # -- everybody ---------------------------------------------------------------------------------------------
    "GET /": PUBLIC,
    "GET /static/{name:path}": PUBLIC,
    "GET /help": PUBLIC,
    "GET /help/json": PUBLIC,
    "GET /find": PUBLIC,
    "GET /pieces/{piece:str}": PUBLIC,
    "GET /pieces/{piece:str}/may-i": PUBLIC,
    "GET /request": PUBLIC,
    "POST /request": PUBLIC,
    "GET /publishers/{slug:str}": PUBLIC,
    "GET /verify": PUBLIC,
    "GET /verify/program": PUBLIC,
    "GET /verify/{number:str}": PUBLIC,
    "GET /verify/{sha256:str}/proof": PUBLIC,
    "GET /journal/{publisher:str}/checkpoint": PUBLIC,
    "GET /journal/{publisher:str}/key": PUBLIC,
    "GET /journal/{publisher:str}/proof/{entry:int}": PUBLIC,
    "GET /journal/{publisher:str}/tile/{place:path}": PUBLIC,
    "GET /journal/{publisher:str}/{epoch:str}/checkpoint": PUBLIC,
    "GET /journal/{publisher:str}/{epoch:str}/proof/{entry:int}": PUBLIC,
    "GET /journal/{publisher:str}/{epoch:str}/tile/{place:path}": PUBLIC,
    "GET /sign-in": PUBLIC,
    "POST /sign-in": PUBLIC,
    "POST /sign-in/link": PUBLIC,
    "POST /sign-out": PUBLIC,
    "GET /api/pieces": PUBLIC,
    "GET /api/pieces/{piece:str}": PUBLIC,
    "GET /api/pieces/{piece:str}/as/{standard:str}": PUBLIC,
    "POST /api/answer": PUBLIC,
    "POST /api/requests": PUBLIC,
    # -- whoever holds a link ----------------------------------------------------------------------------------
    "GET /set-up": TOKEN,
    "POST /set-up": TOKEN,
    "GET /sign-in/link/{token:str}": TOKEN,
    "POST /sign-in/link/{token:str}": TOKEN,
    "GET /confirm/{token:str}": TOKEN,
    "POST /confirm/{token:str}": TOKEN,
    "GET /owner/{token:str}": TOKEN,
    "POST /owner/{token:str}": TOKEN,
    "GET /requests/{token:str}": TOKEN,
    "POST /requests/{token:str}/messages": TOKEN,
    "POST /requests/{token:str}/quotes/{quote_id:str}": TOKEN,
    "GET /requests/{token:str}/invoice": TOKEN,
    "GET /requests/{token:str}/withdraw": TOKEN,
    "POST /requests/{token:str}/withdraw": TOKEN,
    "POST /requests/{token:str}/link": TOKEN,
    "POST /requests/{token:str}/duties/{duty_id:str}": TOKEN,
    "GET /requests/{token:str}/letters/{name:str}": TOKEN,
    "GET /requests/{token:str}/extend/{letter_id:str}": TOKEN,
    "POST /requests/{token:str}/extend/{letter_id:str}": TOKEN,
    "GET /api/requests/{token:str}": TOKEN,
    "GET /api/requests/{token:str}/invoice": TOKEN,
    # -- one's own account -------------------------------------------------------------------------------------
    "GET /account": ACCOUNT,
    "POST /account/password": ACCOUNT,
    "POST /account/publisher": ACCOUNT,
    "POST /account/sign-out-everywhere": ACCOUNT,
    # -- the staff of a publisher ------------------------------------------------------------------------------
    "GET /desk": STAFF,
    "GET /desk/requests": STAFF,
    "GET /desk/requests/{request_id:str}": STAFF,
    "GET /desk/requests/{request_id:str}/files/{file_id:str}": STAFF,
    "GET /desk/requests/{request_id:str}/letter": OFFICER,
    "POST /desk/requests/{request_id:str}/letter": OFFICER,
    "POST /desk/requests/{request_id:str}/items/{item_id:str}/{which:str}": OFFICER,
    "POST /desk/requests/{request_id:str}/assign": OFFICER,
    "POST /desk/requests/{request_id:str}/ask": OFFICER,
    "POST /desk/requests/{request_id:str}/message": WORKERS,
    "POST /desk/requests/{request_id:str}/note": STAFF,
    "POST /desk/requests/{request_id:str}/quote": OFFICER,
    "GET /desk/requests/{request_id:str}/invoice": STAFF,
    "POST /desk/requests/{request_id:str}/payments": OFFICER,
    "POST /desk/requests/{request_id:str}/payments/waiting": OFFICER,
    "GET /desk/letters": STAFF,
    "GET /desk/letters/{letter_id:str}": STAFF,
    "GET /desk/letters/{letter_id:str}/file": STAFF,
    "POST /desk/letters/{letter_id:str}/file": OFFICER,
    "POST /desk/letters/{letter_id:str}/duties/{duty_id:str}": WORKERS,
    "POST /desk/letters/{letter_id:str}/revoke": OFFICER,
    "GET /desk/letters/{letter_id:str}/supersede": OFFICER,
    "POST /desk/letters/{letter_id:str}/supersede/preview": OFFICER,
    "POST /desk/letters/{letter_id:str}/supersede": OFFICER,
    "GET /desk/mails": OFFICE,
    "GET /desk/pieces": STAFF,
    "GET /desk/pieces/new": WORKERS,
    "POST /desk/pieces/new": WORKERS,
    "POST /desk/pieces/several": WORKERS,
    "GET /desk/pieces/{piece:str}": STAFF,
    "GET /desk/pieces/{piece:str}/snapshot": STAFF,
    "GET /desk/pieces/{piece:str}/confirm": WORKERS,
    "POST /desk/pieces/{piece:str}/confirm": WORKERS,
    "GET /desk/pieces/{piece:str}/claim": WORKERS,
    "POST /desk/pieces/{piece:str}/claim": WORKERS,
    "POST /desk/pieces/{piece:str}/claims/{claim:str}/withdraw": OFFICER,
    "POST /desk/pieces/{piece:str}/withdraw": WORKERS,
    "POST /desk/pieces/{piece:str}/terms": WORKERS,
    "GET /desk/pieces/{piece:str}/assess": WORKERS,
    "POST /desk/pieces/{piece:str}/assess": WORKERS,
    "GET /desk/pieces/{piece:str}/assessments/{assessment:str}": STAFF,
    "GET /desk/pieces/{piece:str}/terms/{terms:str}/end": OFFICER,
    "POST /desk/pieces/{piece:str}/terms/{terms:str}/end": OFFICER,
    "GET /desk/settings": STAFF,
    "POST /desk/settings": OFFICE,
    "GET /desk/settings/letterhead": STAFF,
    "GET /desk/settings/letterhead/{which:str}": STAFF,
    "POST /desk/settings/letterhead/{which:str}": OFFICE,
    "GET /desk/settings/wording": STAFF,
    "POST /desk/settings/wording": OFFICE,
    "GET /desk/settings/tariff": STAFF,
    "POST /desk/settings/tariff": OFFICE,
    "GET /desk/settings/payment": STAFF,
    "POST /desk/settings/payment": OFFICE,
    "GET /desk/settings/keys": STAFF,
    "GET /desk/sources": STAFF,
    "GET /desk/sources/new": OFFICER,
    "POST /desk/sources/new": OFFICER,
    "POST /desk/sources/{profile:str}/end": OFFICER,
    "GET /desk/people": ADMIN,
    "POST /desk/people": ADMIN,
    "POST /desk/people/{person:str}": ADMIN,
    "POST /desk/people/{person:str}/disable": ADMIN,
    "POST /desk/people/{person:str}/enable": ADMIN,
    "POST /api/publishers/{publisher:str}/pieces": WORKERS,
    "POST /api/publishers/{publisher:str}/pieces/{piece:str}/claims": WORKERS,
    "POST /api/publishers/{publisher:str}/pieces/{piece:str}/claims/{claim:str}/withdraw": OFFICER,
    "POST /api/publishers/{publisher:str}/pieces/{piece:str}/withdraw": WORKERS,
    "GET /api/publishers/{publisher:str}/requests/{request_id:str}": STAFF,
    "POST /api/publishers/{publisher:str}/requests/{request_id:str}/decisions": OFFICER,
    "POST /api/publishers/{publisher:str}/requests/{request_id:str}/quotes": OFFICER,
    "GET /api/publishers/{publisher:str}/requests/{request_id:str}/invoice": STAFF,
    "POST /api/publishers/{publisher:str}/requests/{request_id:str}/payments": OFFICER,
    "POST /api/publishers/{publisher:str}/requests/{request_id:str}/letter": OFFICER,
    "POST /api/publishers/{publisher:str}/letters/{letter_id:str}/supersede": OFFICER,
    "GET /api/publishers/{publisher:str}/letters/{letter_id:str}/file": STAFF,
}
FORMS = {
    "POST /desk/requests/{request_id:str}/ask": {"question": "Which edition?"},
    "POST /desk/requests/{request_id:str}/message": {"text": "We are at it."},
    "POST /desk/requests/{request_id:str}/note": {"text": "Looks good."},
    "POST /desk/sources/{profile:str}/end": {"last_day": "2026-12-31"},
    "POST /desk/letters/{letter_id:str}/revoke": {"reason": "Granted by mistake."},
    "POST /desk/letters/{letter_id:str}/supersede/preview": {"licensee": "Fenwick Books Limited"},
    "POST /desk/letters/{letter_id:str}/supersede": {"licensee": "Fenwick Books Limited"},
    "POST /api/publishers/{publisher:str}/letters/{letter_id:str}/supersede": {"licensee": "Fenwick Limited"},
    "POST /desk/settings/letterhead/{which:str}": {"remove": "1"},
    "POST /api/publishers/{publisher:str}/pieces": {"html": "<p>Text</p>"},
    "POST /api/publishers/{publisher:str}/pieces/{piece:str}/claims": {
        "party": "Tide",
        "evidence": "A deed.",
    },
    "POST /api/publishers/{publisher:str}/requests/{request_id:str}/payments": {
        "amount": 100,
        "currency": "CAD",
        "received_on": "2026-03-01",
    },
}
FILES = {
    "POST /desk/pieces/{piece:str}/terms": {"terms_file": ("terms.jsonld", b"{}", "application/ld+json")},
}
"""What is posted where an empty form would be refused before anybody asks whose it is."""
GUARDED = sorted(route for route, who in ROUTES.items() if isinstance(who, frozenset))


def handlers(app):
    """Every handler by its line in the table; HEAD goes with GET, OPTIONS tells nothing."""
    found = {}
    for route in app.routes:
        if isinstance(route, ASGIRoute):
            found[f"GET {route.path}"] = route.route_handler
            continue
        for method, (handler, *_) in route.route_handler_map.items():
            if method not in ("HEAD", "OPTIONS"):
                found[f"{method} {route.path}"] = handler
    return found


@dataclass
class Harbour:
    """Harbour Review with one of everything, and whoever may knock at its doors."""

    cast: Cast
    app: Litestar
    ids: dict[str, str]
    secrets: tuple[str, ...]
    """Words that only Harbour's staff may read."""
    visitors: dict[str | None, Visitor] = field(default_factory=dict)
    csrf: dict[str | None, str] = field(default_factory=dict)

    def knock(self, name, route):
        """``name`` (None: nobody) comes to a route with Harbour's ids in the address, and posts what may be posted."""
        method, _, path = route.partition(" ")
        ids = {**self.ids, "which": "grant"} if "/items/" in path else self.ids
        path = re.sub(r"\{(\w+):\w+\}", lambda found: ids[found[1]], path)
        visitor, given = self._visitor(name), FORMS.get(route, {})
        if path.startswith("/api/"):
            headers = {"authorization": f"Bearer {self.token(name)}"} if name else {}
            body = {"json": given} if method == "POST" else {}
            return visitor.client.request(method, path, headers=headers, follow_redirects=False, **body)
        if method == "GET":
            return visitor.get(path)
        if name not in self.csrf:
            self.csrf[name] = visitor.token("/account" if name else "/sign-in")
        headers = {
            "accept": "text/html",
            "origin": self.cast.settings.base_url,
            "sec-fetch-site": "same-origin",
        }
        posted = {"csrf": self.csrf[name], **given}
        return visitor.client.post(
            path, data=posted, files=FILES.get(route), headers=headers, follow_redirects=False
        )

    def _visitor(self, name):
        if name not in self.visitors:
            client = TestClient(self.app, base_url=self.cast.settings.base_url)
            self.visitors[name] = Visitor(client)
            if name:
                self.visitors[name].plant("ledger", self.token(name))
        return self.visitors[name]

    def token(self, name):
        if name != "carla":
            return self.cast.token(name)
        with self.cast.desk.database.writing() as connection:
            person = signing_in.store.person_by_email(connection, "carla@the-lantern.example")
            return signing_in.fresh_sign_in(connection, person.id, self.cast.clock())

    def written(self):
        """How much Harbour's journal holds, and how many mails lie with it: what any act would add to."""
        with self.cast.desk.database.reading() as connection:
            mails = len(newest(connection, self.cast.harbour.id))
            return size_of(connection, self.cast.harbour.id), mails


@pytest.fixture(scope="module")
def harbour(cast_template, tmp_path_factory):
    cast = open_cast(tmp_path_factory.mktemp("tenancy") / "house", cast_template)
    desk, bob = cast.desk, cast.bob
    roles = frozenset({"officer", "editor", "admin"})
    people.add_person(  # Carla may do anything at The Lantern, so no refusal of hers is for want of a role
        desk, cast.lantern.id, email="carla@the-lantern.example", name="Carla Ruiz", roles=roles, by=None
    )
    fay = people.add_person(
        desk,
        cast.harbour.id,
        email="fay@harbour-review.example",
        name="Fay Orr",
        roles=frozenset({"editor"}),
        by=None,
    )
    piece = register_piece(desk, cast.edith, (PAGES / "the-signal-house.html").read_bytes())
    asked, waiting = (
        submit_request(
            desk, {**form(cast, piece.id), "context": "A secret plan"}, form_key=key, verified=True
        )
        for key in ("one", "two")
    )
    with desk.database.reading() as connection:
        first = load_items(Tenant(connection, cast.harbour.id), asked.request_id)
        second = load_items(Tenant(connection, cast.harbour.id), waiting.request_id)
    deciding.decide(desk, bob, asked.request_id, first[0].id, "granted")
    for item in first[1:]:
        deciding.decide(desk, bob, asked.request_id, item.id, "declined", {"reason": "Not ours."})
    letter = issuing.issue(desk, bob, asked.request_id)
    with desk.database.reading() as connection:
        duties = load_obligations(Tenant(connection, cast.harbour.id), letter.id)
    ids = {
        "publisher": "harbour-review",
        "piece": piece.id,
        "request_id": waiting.request_id,
        "item_id": second[0].id,
        "letter_id": letter.id,
        "duty_id": duties[0].id if duties else "ob_none",
        "claim": piece.claims[0].id,
        "terms": piece.terms[0].id,
        "person": fay,
        "which": "logo",
        "file_id": "fi_none",
        "assessment": "as_none",
        "profile": "sp_none",
        "token": "A" * 32,
        "quote_id": "qu_none",
        "name": "ledger.css",
        "slug": "harbour-review",
        "number": letter.number,
        "sha256": letter.sha256,
        "entry": "0",
        "place": "0/000",
        "epoch": "epoch-2",
        "standard": "odrl",
    }
    app = create_app(cast.settings, desk, cast.enqueue)
    yield Harbour(cast, app, ids, (cast.alice.email, cast.alice.name, "A secret plan", letter.assignee))
    desk.database.close()


def test_every_route_is_listed(harbour):
    have = handlers(harbour.app)
    unlisted = sorted(set(have) - set(ROUTES))
    assert not unlisted, f"write down in ROUTES who may use {', '.join(unlisted)}"
    gone = sorted(set(ROUTES) - set(have))
    assert not gone, f"take out of ROUTES what the house no longer has: {', '.join(gone)}"


def test_what_is_listed_for_staff_takes_who_and_nothing_else_does(harbour):
    wrong = []
    for route, handler in handlers(harbour.app).items():
        names = handler.parsed_fn_signature.parameters
        if isinstance(ROUTES.get(route), frozenset) != ("who" in names):
            wrong.append(route)
        if ROUTES.get(route) == ACCOUNT and "visitor" not in names:
            wrong.append(route)
    assert not wrong, f"listed for other people than the handler asks for: {wrong}"


@pytest.mark.parametrize("route", GUARDED)
def test_an_outsider_is_shown_the_sign_in_page_and_a_program_gets_401(harbour, route):
    before = harbour.written()
    answer = harbour.knock(None, route)
    if route.startswith("GET /desk"):
        assert (answer.status_code, answer.headers["location"][:14]) == (303, "/sign-in?next=")
    else:
        assert answer.status_code == 401
    if "/api/" in route:
        assert answer.headers["content-type"].startswith("application/problem+json")
    assert harbour.written() == before
    assert not any(secret in answer.text for secret in harbour.secrets)


@pytest.mark.parametrize("route", GUARDED)
def test_another_publishers_staff_find_nothing_of_ours(harbour, route):
    before = harbour.written()
    answer = harbour.knock("carla", route)
    if re.search(r"\{(?!which)", route):  # an address that names something of Harbour's
        assert answer.status_code == 404
    assert harbour.written() == before
    assert not any(secret in answer.text for secret in harbour.secrets)


@pytest.mark.parametrize("route", [route for route in GUARDED if ROUTES[route] != STAFF])
def test_a_colleague_without_the_role_is_refused_and_nothing_is_written(harbour, route):
    before = harbour.written()
    for name, role in (("bob", "officer"), ("edith", "editor"), ("ada", "admin")):
        if role not in ROUTES[route]:
            assert harbour.knock(name, route).status_code == 403, f"{name} at {route}"
    assert harbour.written() == before


@pytest.mark.parametrize("route", [route for route in GUARDED if route.startswith("GET")])
def test_those_who_may_read_a_page_can(harbour, route):
    for name, role in (("bob", "officer"), ("edith", "editor"), ("ada", "admin")):
        if role in ROUTES[route]:
            answer = harbour.knock(name, route)
            assert answer.status_code in {200, 303, 404, 409}, f"{name} at {route}: {answer.status_code}"
            assert "/sign-in" not in answer.headers.get("location", "")


@pytest.mark.parametrize("route", sorted(route for route, who in ROUTES.items() if who == ACCOUNT))
def test_ones_account_is_closed_to_whoever_is_not_signed_in(harbour, route):
    answer = harbour.knock(None, route)
    assert answer.status_code in {303, 401}
    assert route.startswith("POST") or answer.headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("route", sorted(r for r, who in ROUTES.items() if who == TOKEN and "{token" in r))
def test_a_wrong_link_opens_nothing(harbour, route):
    before = harbour.written()
    for name in (None, "carla", "bob"):
        answer = harbour.knock(name, route)
        assert answer.status_code in {404, 410} or "too old" in answer.text, (name, answer.status_code)
        assert not any(secret in answer.text for secret in harbour.secrets)
    assert harbour.written() == before


@pytest.mark.parametrize("route", sorted(r for r, who in ROUTES.items() if who == PUBLIC and r[:3] == "GET"))
def test_public_pages_tell_nothing_about_who_asked(harbour, route):
    answer = harbour.knock(None, route)
    assert answer.status_code in {200, 303, 404, 422}, answer.status_code
    assert not any(secret in answer.text for secret in harbour.secrets[:3])
