"""One act behind three doors: a real page through the command line, the JSON door and the web gives one outcome.

The page is somebody else's and is not part of the project; without it these tests are skipped.
"""

import json
import re
from collections.abc import Iterator
from html import escape, unescape
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from litestar.testing import TestClient

from ledger.cli.group import main
from ledger.desk.house import people, publishers, signing_in
from ledger.desk.register.reading import read_page
from tests.application import application
from tests.cast import Cast
from tests.web.browsing import Visitor
from tests.web.test_desk_pieces import fields

SAMPLES = Path(__file__).parents[3] / "shared" / "samples"
PAGE = SAMPLES / "global-research-2022-03-06.txt"
EXPECTED = PAGE.with_suffix(".expected.json")
SLUG = "republisher"
CROSS_POST: dict[str, Any] = {"action": "republish_full", "channel": "community_site", "is_commercial": False}
PRINT: dict[str, Any] = {"action": "republish_full", "channel": "print", "is_commercial": True}
_ID = re.compile(r"pc_[0-9A-Z]{26}")

pytestmark = pytest.mark.skipif(
    not (PAGE.exists() and EXPECTED.exists()), reason="the sample page is not beside the checkout"
)


@pytest.fixture
def token(cast: Cast) -> str:
    """A member of staff of the sample's publisher, signed in."""
    draft, _, _ = read_page(PAGE.read_bytes())
    row = publishers.open_from_page(cast.desk, SLUG, draft.as_json())
    roles = frozenset({"editor", "officer"})
    email = "vera@republisher.example"
    person = people.add_person(cast.desk, row.id, email=email, name="Vera Holm", roles=roles, by=None)
    with cast.desk.database.writing() as connection:
        return signing_in.fresh_sign_in(connection, person, cast.clock())


@pytest.fixture
def client(cast: Cast) -> Iterator[TestClient[Any]]:
    app = application(cast)
    with TestClient(app, base_url=cast.settings.base_url) as opened:
        yield opened


@pytest.fixture
def holder() -> str:
    """Who the page says holds the text."""
    name: str = json.loads(EXPECTED.read_text())["copyright"]["holders"][0]
    return name


def command(cast: Cast, *arguments: str, given: str | None = None) -> Any:
    done = CliRunner().invoke(main, ["--data", str(cast.settings.data), *arguments, "--json"], input=given)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def told(answer: dict[str, Any]) -> tuple[Any, ...]:
    return (
        answer["outcome"],
        answer["ask"]["party"],
        answer["ask"]["reason"],
        answer["components"][0]["basis"],
    )


def test_three_doors_register_it_and_give_the_same_answers(
    cast: Cast, token: str, client: TestClient[Any], holder: str
) -> None:
    by_command = command(cast, "register", str(PAGE), "--publisher", SLUG, "--yes")["piece"]
    bearer = {"authorization": f"Bearer {token}"}
    sent = client.post(
        f"/api/publishers/{SLUG}/pieces",
        content=PAGE.read_bytes(),
        headers={**bearer, "content-type": "text/plain; charset=utf-8"},
    )
    assert sent.status_code == 201, sent.text
    pieces = {by_command, sent.json()["piece"], _by_web(Visitor(client), token)}
    assert len(pieces) == 3

    answers: dict[str, set[tuple[Any, ...]]] = {"cross-post": set(), "print": set()}
    for piece in pieces:
        for name, use in (("cross-post", CROSS_POST), ("print", PRINT)):
            said = command(cast, "answer", piece, "--use", "-", given=json.dumps(use))
            asked = client.post("/api/answer", json={"piece": piece, "use": use}, headers=bearer).json()
            assert said == asked
            answers[name].add(told(said))
            _same_on_the_page(client, piece, use, said)
    # Not simply permitted, although the site's own words allow cross-posting: it is not the holder of this text.
    (cross_post,), (printed,) = answers["cross-post"], answers["print"]
    for outcome, party, _reason, basis in (cross_post, printed):
        assert (outcome, party, basis) == ("ask", holder, "exception_claimed")


def _by_web(visitor: Visitor, token: str) -> str:
    """Pasted, and confirmed as it was read; it is known by then, and registered all the same."""
    visitor.plant("ledger", token)
    new = "/desk/pieces/new"
    first = visitor.post(new, {"pasted": PAGE.read_text()}, seen_on=new)
    if first.status_code == 409:
        assert "the very same page" in first.text
        first = visitor.post(new, {"pasted": PAGE.read_text(), "again": "on"}, seen_on=new)
    assert first.status_code == 303
    path = first.headers["location"]
    done = visitor.post(path, fields(visitor.get(path).text, path), seen_on=path)
    assert done.status_code == 303
    found = _ID.search(path)
    assert found
    return found[0]


def _same_on_the_page(
    client: TestClient[Any], piece: str, use: dict[str, Any], answer: dict[str, Any]
) -> None:
    asked = {
        "portion": "full_article",
        "channels": use["channel"],
        "is_commercial": "yes" if use["is_commercial"] else "no",
    }
    page = client.get(f"/pieces/{piece}/may-i", params=asked, headers={"accept": "text/html"})
    assert page.status_code == 200
    text = page.text[page.text.index('id="answer-title"') :]
    assert "Ask first" in text
    assert f"Ask {escape(answer['ask']['party'])}" in text
    decisive = answer["components"][0]["reasons"][-1]["sentence"]
    assert decisive in unescape(text)
