"""The reference of the JSON door: no call without a word about it, no fact or value left out."""

from html import unescape

import pytest

from ledger.rights.use_reader import ENUMERATED, READERS
from ledger.rights.uses import Action, Channel, DigitalChannel, Format
from ledger.web.public.json_reference import OTHER_SPELLINGS, facts, marked_up
from tests.web.test_tenancy import ROUTES


@pytest.fixture
def reference(visitor):
    answered = visitor.get("/help/json")
    assert answered.status_code == 200
    return unescape(answered.text)


def test_every_call_of_the_json_door_and_of_the_journals_is_told(reference):
    calls = [route for route in ROUTES if route.split()[1].startswith(("/api/", "/journal/"))]
    assert len(calls) > 10
    for route in calls:
        method, path = route.split()
        shown = path.replace(":str", "").replace(":int", "").replace(":path", "")
        told = reference.partition(f"<code>{method} {shown}</code>")[2].partition("</div>")[0]
        assert told, route
        assert "<p>" in told.partition("</h3>")[2], f"{route} says nothing of itself: give it a docstring"
        assert ("For the publisher’s staff" in told) is (ROUTES[route] not in ("public", "token")), route


def test_every_fact_of_a_use_and_each_of_its_values_is_listed(reference):
    listed = {name: values for name, _, values in facts()}
    assert set(listed) | OTHER_SPELLINGS == set(READERS)
    for name, kind in ENUMERATED.items():
        assert listed[name] == list(kind)
    every = {*Action, *Channel, *DigitalChannel, *Format}
    assert every <= {value for values in listed.values() for value in values}
    for name in listed:
        assert f"<code>{name}</code>" in reference


def test_docstrings_are_text_on_the_page():
    assert marked_up("A ``<b>`` & one.\n\nTwo\nlines.") == (
        "<p>A <code>&lt;b&gt;</code> &amp; one.</p><p>Two lines.</p>"
    )


def test_the_example_is_answered_as_it_stands(visitor):
    use = {"action": "republish_full", "channel": "community_site", "is_commercial": False}
    body = {"piece": "https://www.example.org/2026/10/an-article", "use": use}
    assert (
        visitor.client.post("/api/answer", json=body).status_code == 404
    )  # understood; there is no such piece
