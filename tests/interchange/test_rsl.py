"""RSL 1.0, out and in."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from ledger.interchange import Unreadable, from_rsl
from ledger.interchange.rsl import NAMESPACE, to_rsl
from ledger.rights.codes import ConditionCode
from ledger.rights.scope import Territory
from ledger.rights.terms import Action, Effect, TargetKind, Timing
from tests.interchange.samples import (
    BASE,
    CROSS_POST,
    HARBOUR,
    PHOTO,
    PIECE,
    TEXT,
    TODAY,
    WIRE,
    claim,
    piece,
    rule,
    standing,
)

SCHEMA = etree.XMLSchema(etree.parse(Path(__file__).parent / "data" / "rsl-1.0.xsd"))
NS = {"r": NAMESPACE}


def written(*terms, **more):
    data = to_rsl(piece(*terms, **more), today=TODAY, base_url=BASE)
    root = etree.fromstring(data)
    SCHEMA.assertValid(root)
    return root


def tokens(root, element, kind="usage"):
    return [each.text for each in root.findall(f".//r:{element}[@type='{kind}']", NS)]


def test_silence_permits_nothing_and_leaves_search_alone():
    root = written(CROSS_POST)
    assert tokens(root, "permits") == []
    assert tokens(root, "prohibits") == ["ai-all"]
    assert root.find(".//r:terms", NS).text == f"{BASE}/pieces/pc_1"


def test_what_is_permitted_is_permitted_with_the_rest_beside_it():
    root = written(standing(rule(Effect.PERMIT, Action.AI_TRAIN), rule(Effect.PERMIT, Action.INDEX)))
    assert tokens(root, "permits") == ["ai-train search"]
    assert tokens(root, "prohibits") == ["ai-index ai-input"]
    assert root.find(".//r:payment", NS).get("type") == "free"


def test_a_reserved_search_is_prohibited():
    assert tokens(written(standing(rule(Effect.RESERVE, Action.INDEX))), "prohibits") == ["ai-all search"]


def test_credit_is_the_payment_attribution():
    root = written(standing(rule(Effect.PERMIT, Action.AI_INPUT, ConditionCode.CREDIT_PUBLISHER)))
    assert root.find(".//r:payment", NS).get("type") == "attribution"


def test_a_fee_points_to_where_it_is_asked():
    root = written(standing(rule(Effect.PERMIT, Action.AI_TRAIN, ConditionCode.FEE)))
    assert root.find(".//r:payment[@type='purchase']/r:custom", NS).text == f"{BASE}/pieces/pc_1/ask"


def test_a_condition_that_rsl_cannot_say_keeps_the_use_out():
    root = written(standing(rule(Effect.PERMIT, Action.AI_TRAIN, ConditionCode.UPDATE_CORRECTIONS)))
    assert tokens(root, "permits") == []


def test_bounds_are_said_as_user_and_geo():
    within = rule(
        Effect.PERMIT,
        Action.AI_TRAIN,
        commercial=False,
        territory=Territory(included=frozenset({"CA", "FR"})),
    )
    root = written(standing(within))
    assert tokens(root, "permits", "user") == ["non-commercial"]
    assert tokens(root, "permits", "geo") == ["CA FR"]


def test_terms_of_somebody_who_does_not_hold_the_text_permit_nothing():
    root = written(standing(rule(Effect.PERMIT, Action.AI_TRAIN)), claims=(claim(1, WIRE, "co_text"),))
    assert tokens(root, "permits") == []


def test_a_photograph_that_is_not_covered_keeps_the_page_out():
    root = written(standing(rule(Effect.PERMIT, Action.AI_TRAIN)), components=(TEXT, PHOTO))
    assert tokens(root, "permits") == []


def test_the_owner_is_named_only_with_evidence():
    assert written(CROSS_POST).find(".//r:copyright", NS).get("contactEmail") == "rights@harbour.example"
    assert written(CROSS_POST, claims=()).find(".//r:copyright", NS) is None


def test_markup_in_names_and_addresses_is_escaped():
    odd = replace(HARBOUR, name='A & "B" <c>')
    root = written(CROSS_POST, claims=(claim(1, odd, "co_text"),), urls=("https://x.example/?a=1&b='2'",))
    assert root.find(".//r:copyright", NS).text == odd.name
    assert root.find("r:content", NS).get("url") == "https://x.example/?a=1&b='2'"


def test_legal_statements_are_only_those_that_were_made():
    data = to_rsl(PIECE, today=TODAY, base_url=BASE, legal={"disclaimer": ("as-is",)})
    assert etree.fromstring(data).find(".//r:legal[@type='disclaimer']", NS).text == "as-is"
    assert b"<legal" not in to_rsl(PIECE, today=TODAY, base_url=BASE)
    with pytest.raises(ValueError, match="no legal type"):
        to_rsl(PIECE, today=TODAY, base_url=BASE, legal={"promise": ("x",)})


def file(inner, content='url="/"', owner="<copyright>Meridian Wire</copyright>"):
    return f'<rsl xmlns="{NAMESPACE}"><content {content}>{inner}{owner}</content></rsl>'.encode()


def test_what_goes_out_comes_in_again():
    out = to_rsl(
        piece(standing(rule(Effect.PERMIT, Action.AI_INPUT, commercial=False))), today=TODAY, base_url=BASE
    )
    (terms,) = from_rsl(out)
    assert [(r.effect, r.action, r.scope.commercial) for r in terms.rules] == [
        (Effect.PERMIT, Action.AI_INPUT, False),
        (Effect.PROHIBIT, Action.AI_TRAIN, None),
    ]
    assert terms.target.component_ids == PIECE.urls
    assert terms.clause == out.decode()


def test_commas_are_accepted_and_names_of_the_drafts():
    (terms,) = from_rsl(file('<license><permits type="usage">train-ai,search , ai-input</permits></license>'))
    assert [r.action for r in terms.rules] == [Action.AI_TRAIN, Action.INDEX, Action.AI_INPUT]
    assert terms.target.kind is TargetKind.OWN_ARTICLES


def test_payment_and_server_come_first():
    inner = (
        '<license><permits type="usage">ai-train</permits><payment type="subscription">'
        '<amount currency="EUR">10.00</amount></payment></license>'
    )
    (terms,) = from_rsl(file(inner, 'url="/" server="https://l.example/"'))
    assert {c.code: (c.timing, c.parameter) for c in terms.rules[0].conditions} == {
        ConditionCode.PRIOR_PERMISSION: (Timing.BEFORE, "https://l.example/"),
        ConditionCode.FEE: (Timing.BEFORE, "subscription 10.00 EUR"),
    }


def test_each_license_is_terms_of_its_own():
    one = '<license><permits type="usage">search</permits></license>'
    assert len(from_rsl(file(one + one.replace("search", "ai-train")))) == 2


def test_a_use_without_counterpart_stays_a_thing_to_ask():
    (terms,) = from_rsl(file('<license><permits type="usage">ai-index search</permits></license>'))
    assert [r.action for r in terms.rules] == [Action.INDEX]


def test_an_owner_can_be_told():
    inner = '<license><permits type="usage">search</permits></license>'
    assert from_rsl(file(inner, owner=""), assigner=WIRE)[0].assigner == WIRE


LAUGHS = b"""<!DOCTYPE rsl [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><rsl xmlns="https://rslstandard.org/rsl">&b;</rsl>"""
PERMITS = '<license><permits type="{}">{}</permits></license>'
BAD = {
    "entities": (LAUGHS, "document type"),
    "external entity": (b'<!DOCTYPE rsl SYSTEM "file:///etc/passwd"><rsl/>', "document type"),
    "not XML": (b"<rsl", "well-formed"),
    "empty": (b"", "well-formed"),
    "odd encoding": (b'<?xml version="1.0" encoding="x-none"?><rsl/>', "encoding"),
    "other root": (b"<rss/>", "root"),
    "no namespace": (b"<rsl><content/></rsl>", "root"),
    "too large": (b"<rsl>" + b" " * 1_000_001, "bytes"),
    "too deep": (b"<a>" * 30 + b"</a>" * 30, "deep"),
    "no url": (file(PERMITS.format("usage", "search"), content=""), "url"),
    "no owner": (file(PERMITS.format("usage", "search"), owner=""), "owner"),
    "unknown usage": (file(PERMITS.format("usage", "everything")), "everything"),
    "unknown user": (file(PERMITS.format("user", "friends")), "friends"),
    "unknown type": (file(PERMITS.format("mood", "good")), "mood"),
    "unknown payment": (file('<license><payment type="barter"/></license>'), "barter"),
    "unknown element": (file("<license><allows/></license>"), "allows"),
    "a country that is none": (
        file('<license><permits type="usage">search</permits><permits type="geo">UK</permits></license>'),
        "UK",
    ),
    "both at once": (
        file(
            '<license><permits type="usage">all</permits><prohibits type="usage">search</prohibits></license>'
        ),
        "at once",
    ),
    "too many": (file(PERMITS.format("usage", "search") * 201), "more than 200"),
    "nothing": (file("<license/>"), "nothing"),
}


@pytest.mark.parametrize("case", BAD)
def test_it_is_refused_with_the_place_and_the_remedy(case):
    data, word = BAD[case]
    with pytest.raises(Unreadable) as caught:
        from_rsl(data)
    assert word in str(caught.value)
    assert caught.value.place
    assert caught.value.remedy


@given(st.binary(max_size=60) | st.text(max_size=60).map(lambda t: file(f"<license>{t}</license>")))
def test_any_bytes_are_read_or_refused(data):
    with contextlib.suppress(Unreadable):
        assert from_rsl(data)
