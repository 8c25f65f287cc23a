"""The first-run page, and the page of people."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from litestar.testing import TestClient

from ledger.app import create_app
from ledger.records.migrating import migrate
from ledger.settings import Settings, load_settings
from tests.cast import PASSWORD, Cast
from tests.web.browsing import Visitor

GOOD = {
    "publisher_name": "Meridian Wire",
    "publisher_slug": "meridian-wire",
    "permissions_email": "rights@meridian.example",
    "name": "Mira Sand",
    "email": "mira@meridian.example",
    "password": PASSWORD,
    "again": PASSWORD,
}


@pytest.fixture
def open_house(tmp_path: Path, cheap_hashing: None) -> Iterator[Callable[..., tuple[Visitor, Settings]]]:
    """An empty house, for a visitor."""
    clients = []

    def open_it(**changes: str) -> tuple[Visitor, Settings]:
        settings = load_settings({}, data=tmp_path, **changes)
        migrate(settings.database_url)
        client = TestClient(create_app(settings), base_url=settings.base_url)
        clients.append(client.__enter__())
        return Visitor(client), settings

    yield open_it
    for client in clients:
        client.__exit__(None, None, None)


def test_an_empty_house_leads_to_its_first_run_page_and_opens_once(
    open_house: Callable[..., tuple[Visitor, Settings]],
) -> None:
    visitor, _ = open_house()
    assert visitor.get("/").headers["location"] == "/set-up"
    assert "Set-up code" not in visitor.get("/set-up").text
    answer = visitor.post("/set-up", GOOD, seen_on="/set-up")
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk")
    account = visitor.get("/account").text
    assert "Mira Sand" in account
    assert "Meridian Wire" in account
    assert visitor.get("/").status_code == 200
    assert visitor.get("/set-up").status_code == 404
    visitor.client.cookies.clear()
    again = visitor.post("/set-up", {**GOOD, "publisher_slug": "mine", "email": "evil@else.example"})
    assert again.status_code == 403


def test_every_mistake_is_shown_beside_its_field_and_nothing_typed_is_lost(
    open_house: Callable[..., tuple[Visitor, Settings]],
) -> None:
    visitor, _ = open_house()
    answer = visitor.post("/set-up", {**GOOD, "name": "", "email": ""}, seen_on="/set-up")
    assert answer.status_code == 422
    assert 'href="#f-name"' in answer.text
    assert 'href="#f-email"' in answer.text
    assert 'value="Meridian Wire"' in answer.text
    assert PASSWORD not in answer.text
    for slug in ("Not a slug", "a" * 41):  # the number of a letter has room for forty characters
        answer = visitor.post("/set-up", {**GOOD, "publisher_slug": slug}, seen_on="/set-up")
        assert answer.status_code == 422
        assert 'id="f-publisher_slug-error"' in answer.text
    assert visitor.get("/").headers["location"] == "/set-up"


def test_reached_from_elsewhere_it_asks_for_the_code_on_the_server(
    open_house: Callable[..., tuple[Visitor, Settings]],
) -> None:
    visitor, settings = open_house(base_url="https://permissions.example.org")
    assert "Set-up code" in visitor.get("/set-up").text
    code_file = settings.data / "keys" / "set-up-code"
    assert code_file.stat().st_mode & 0o777 == 0o600
    headers = {"origin": settings.base_url}
    for code in ("", "0" * 64):
        answer = visitor.post("/set-up", {**GOOD, "code": code}, seen_on="/set-up", headers=headers)
        assert answer.status_code == 422
        assert 'id="f-code-error"' in answer.text
    code = code_file.read_text()
    answer = visitor.post("/set-up", {**GOOD, "code": code}, seen_on="/set-up", headers=headers)
    assert answer.status_code == 303


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7"])
def test_a_house_that_listens_to_others_asks_for_it_whatever_its_address(
    open_house: Callable[..., tuple[Visitor, Settings]], host: str
) -> None:
    visitor, _ = open_house(host=host)  # its base URL is still this machine's own
    assert "Set-up code" in visitor.get("/set-up").text
    assert visitor.post("/set-up", GOOD, seen_on="/set-up").status_code == 422


def test_ada_lets_dora_in_and_takes_bob_off(cast: Cast, visitor: Visitor) -> None:
    visitor.sign_in(cast.email("ada"), PASSWORD)
    fields = {"name": "Dora Finch", "email": "dora@harbour-review.example", "roles": ["editor", "officer"]}
    assert visitor.post("/desk/people", fields, seen_on="/desk/people").status_code == 303
    assert "dora@harbour-review.example" in visitor.get("/desk/people").text
    bob = cast.bob.person_id
    assert visitor.post(f"/desk/people/{bob}", {}, seen_on="/desk/people").status_code == 303
    assert cast.email("bob") not in visitor.get("/desk/people").text
    wrong = visitor.post("/desk/people", {"name": "X", "email": "x"}, seen_on="/desk/people")
    assert wrong.status_code == 422
    assert "Role is needed." in wrong.text
    alone = visitor.post(f"/desk/people/{cast.ada.person_id}", {"roles": "editor"}, seen_on="/desk/people")
    assert alone.status_code == 409
    assert "left to administer" in alone.text


def test_ada_shuts_bob_out_and_lets_him_in_again(cast: Cast, visitor: Visitor) -> None:
    visitor.sign_in(cast.email("ada"), PASSWORD)
    bob, ada = (f"/desk/people/{who.person_id}" for who in (cast.bob, cast.ada))
    assert visitor.post(f"{bob}/disable", {}, seen_on="/desk/people").status_code == 303
    text = visitor.get("/desk/people").text
    assert "shut out" in text.partition("Bob Lind")[2].partition("</tr>")[0]
    assert f'action="{bob}/enable"' in text
    assert visitor.post(f"{bob}/disable", {}, seen_on="/desk/people").status_code == 409
    last = visitor.post(f"{ada}/disable", {}, seen_on="/desk/people")
    assert (last.status_code, "left to administer" in last.text) == (409, True)
    assert visitor.post(f"{bob}/enable", {}, seen_on="/desk/people").status_code == 303
    assert f'action="{bob}/disable"' in visitor.get("/desk/people").text
    visitor.client.cookies.clear()
    assert visitor.sign_in(cast.email("bob"), PASSWORD).status_code == 303


def test_people_are_an_administrators_matter_and_stay_in_the_house(cast: Cast, visitor: Visitor) -> None:
    assert visitor.get("/desk/people").headers["location"].startswith("/sign-in")
    visitor.sign_in(cast.email("bob"), PASSWORD)
    assert visitor.get("/desk/people").status_code == 403
    visitor.client.cookies.clear()
    visitor.sign_in(cast.email("charlie"), PASSWORD)
    text = visitor.get("/desk/people").text
    assert "harbour-review" not in text
    edith = cast.edith.person_id
    assert (
        visitor.post(f"/desk/people/{edith}", {"roles": "admin"}, seen_on="/desk/people").status_code == 404
    )
    assert cast.edith.roles == {"editor"}
    assert visitor.get("/desk/people?publisher=harbour-review").status_code == 404


def test_ada_cannot_let_herself_in_as_somebody_else(cast: Cast, visitor: Visitor) -> None:
    visitor.sign_in(cast.email("ada"), PASSWORD)
    fields = {"name": "Ada Quist", "email": cast.email("ada"), "roles": ["editor"]}
    answer = visitor.post("/desk/people", fields, seen_on="/desk/people")
    assert answer.status_code == 409
    assert "Nobody would be left to administer" in answer.text
