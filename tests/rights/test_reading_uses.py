"""The JSON use: every error at once, what follows by definition, and nothing guessed."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.rights.uses import Action, BadUse, Channel, ProposedUse
from ledger.rights.wire import BadPlain, from_plain
from tests.rights.build import use


def errors(**facts: object) -> dict[str, str]:
    with pytest.raises(BadUse) as caught:
        use(**facts)
    return caught.value.errors


def test_all_errors_come_at_once_each_with_its_field() -> None:
    found = errors(
        action="copy",
        teritory="CA",
        territory="UK",
        start="2026-02-01",
        end="2026-01-01",
        is_commercial="perhaps",
    )
    assert set(found) == {"action", "teritory", "territory", "end", "is_commercial"}
    assert "republish_full" in found["action"]
    assert "territory" in found["teritory"]
    assert "UK" in found["territory"]
    assert "before it starts" in found["end"]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"quantity": -3}, "quantity"),
        ({"quantity": "many"}, "quantity"),
        ({"start": "next week"}, "start"),
        ({"language": "français"}, "language"),
        ({"formats": [{"print_run": 10}]}, "formats"),
        ({"formats": [{"format": "paperback", "prise": 3}]}, "formats"),
        ({"formats": [{"format": "paperback", "price": 19.95}]}, "formats"),
        ({"formats": [{"format": "paperback", "currency": "dollars"}]}, "formats"),
        ({"territory": {"include": ["CA"]}}, "territory"),
        ({"duration": "perpetual", "end": "2030-01-01"}, "end"),
        ({"channels": ["website"]}, "channels"),
        ({"title": "A\x00B"}, "title"),
        ({"title": "Tide \u202etables"}, "title"),
        ({"title": "Half a \ud800"}, "title"),
        ({"context": "x" * 5_001}, "context"),
        ({"language": "aa" + "-aa" * 20}, "language"),
        ({"urls": ["https://one.example"] * 301}, "urls"),
        ({"action": ["excerpt"] * 301}, "action"),
        ({"formats": [{"format": "paperback", "price": "1.5e999999"}]}, "formats"),
        ({"formats": [{"format": "paperback", "price": "1.0e9999999"}]}, "formats"),
        ({"formats": [{"format": "paperback", "price": "-19.95"}]}, "formats"),
    ],
)
def test_a_wrong_value_is_named(facts: dict[str, object], field: str) -> None:
    assert list(errors(**facts)) == [field]


def test_lines_and_marks_of_any_language_are_kept() -> None:
    said = "Two lines,\n\tone with a tab; a name: \u200fמיכל\u200f, a flag: 🇨🇦"
    assert use(context=said.replace("\n", "\r\n")).context == said
    assert use(formats=[{"format": "paperback", "price": "19.95"}]).formats[0].price == 1995


def test_what_is_not_stated_stays_unknown() -> None:
    found = use(action="excerpt", is_commercial="", territory=None)
    assert (found.is_commercial, found.territory, found.channels) == (None, None, ())


def test_form_values_are_read() -> None:
    found = use(action="excerpt", is_commercial="on", quantity="80", unit="words", territory="ca, US")
    assert found.is_commercial is True
    assert found.quantity == 80
    assert found.territory is not None
    assert found.territory.included == {"CA", "US"}


@pytest.mark.parametrize(
    ("facts", "actions", "channels"),
    [
        ({"product": "book"}, {"republish_full"}, {"print"}),
        ({"action": "print"}, {"republish_full"}, {"print"}),
        ({"action": "print", "portion": "excerpt"}, {"excerpt"}, {"print"}),
        ({"action": ["print", "translate"]}, {"republish_full", "translate"}, {"print"}),
        ({"action": ["print", "excerpt"]}, {"excerpt"}, {"print"}),
        ({"portion": "quotation"}, {"excerpt"}, set()),
        ({"portion": "full_article", "translated": True}, {"republish_full", "translate"}, set()),
        ({"portion": "full_article", "modification": "crop"}, {"republish_full", "adapt"}, set()),
        ({"ai_use": "retrieval"}, {"ai_input"}, set()),
        ({"action": "excerpt", "monetisation": "resale"}, {"excerpt", "sell"}, set()),
        ({"channels": ["social_paid", "intranet"], "action": "link"}, {"link"}, {"social", "intranet"}),
        ({"channels": ["public_website"], "is_commercial": False, "action": "link"}, {"link"}, set()),
        (
            {"channels": ["public_website"], "is_commercial": True, "action": "link"},
            {"link"},
            {"commercial_site"},
        ),
        (
            {"channels": ["public_website"], "requester_type": "nonprofit", "action": "link"},
            {"link"},
            {"nonprofit_site"},
        ),
    ],
)
def test_what_follows_by_definition(facts: dict[str, Any], actions: set[str], channels: set[str]) -> None:
    found = use(**facts)
    assert (set(found.actions), set(found.channels)) == (actions, channels)
    follows = {("action", a) for a in actions} | {("channel", c) for c in channels}
    said = facts.get("action", [])
    follows -= {("action", action) for action in ([said] if isinstance(said, str) else said)}
    follows -= {("channel", channel) for channel in facts.get("channels", [])}
    assert {(d.fact, d.value) for d in found.derived} == follows


def test_a_price_makes_it_a_sale_unless_it_is_given_away() -> None:
    paid = {"format": "paperback", "price": "19.95", "currency": "CAD"}
    assert Action.SELL in use(product="book", formats=[paid]).actions
    assert Action.SELL not in use(product="book", formats=[{**paid, "free_distribution": True}]).actions
    assert use(formats=[paid]).formats[0].price == 1995


def test_names_of_the_requester_are_let_through() -> None:
    assert use(action="link", email="a@example.org", name="Ana").actions == (Action.LINK,)


def test_the_wire_names_the_place_of_a_fault() -> None:
    with pytest.raises(BadPlain, match=r"channels\[1\].*allowed: community_site"):
        from_plain(ProposedUse, {"channels": ["print", "web"]})
    with pytest.raises(BadPlain, match="unknown name"):
        from_plain(ProposedUse, {"chanel": []})
    assert from_plain(ProposedUse, {"channels": ["print"]}).channels == (Channel.PRINT,)
