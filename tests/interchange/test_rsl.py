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
from ledger.interchange.rsl import to_rsl
from ledger.interchange.rsl_vocabulary import NAMESPACE
from ledger.rights.codes import ConditionCode
from ledger.rights.evaluation import evaluate
from ledger.rights.scope import Territory
from ledger.rights.terms import Action, Effect, Target, TargetKind, Timing
from ledger.rights.use_reader import read_use
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
    root = written(CROSS_POST, claims=(claim(1, odd, "co_text"),), urls=("https://x.example/?a=1&b=<2>",))
    assert root.find(".//r:copyright", NS).text == odd.name
    assert root.find("r:content", NS).get("url") == "https://x.example/?a=1&b=%3C2%3E"


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


def test_the_owner_that_the_file_names_is_never_replaced():
    inner = '<license><permits type="usage">search</permits></license>'
    assert from_rsl(file(inner), assigner=HARBOUR)[0].assigner.name == "Meridian Wire"


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
    "a content without a license": (file(""), "<license>"),
    "no type of permits": (file("<license><permits>search</permits></license>"), "type"),
    "unknown child of payment": (file('<license><payment type="use"><price/></payment></license>'), "price"),
    "an amount that is none": (
        file('<license><payment type="use"><amount currency="EUR">much</amount></payment></license>'),
        "much",
    ),
    "an amount without a currency": (
        file('<license><payment type="use"><amount>10</amount></payment></license>'),
        "currency",
    ),
    "two payments": (file('<license><payment type="use"/><payment type="free"/></license>'), "twice"),
    "two owners": (file(PERMITS.format("usage", "search") + "<copyright>A</copyright>"), "twice"),
    "unknown report": (
        file('<license><reporting type="gossip" profile="https://p.example/"/></license>'),
        "gossip",
    ),
    "too many": (file(PERMITS.format("usage", "search") * 201), "more than 200"),
    "nothing": (file("<license/>"), "nothing"),
    "one word of nothing": (b'<rsl xmlns="https://rslstandard.org/rsl"/>', "nothing"),
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


# The way in, sentence by sentence of RSL 1.0 (10 December 2025).


def read(inner, **more):
    (terms,) = from_rsl(file(f"<license>{inner}</license>", **more))
    return terms


def acts(terms, effect):
    return sorted({r.action for r in terms.rules if r.effect is effect})


def said(terms, action=Action.AI_TRAIN, **facts):
    """What the engine makes of the terms for one use of a text that their owner holds."""
    mine = replace(terms, target=Target(kind=TargetKind.PIECE))
    held = piece(mine, claims=(claim(1, terms.assigner, "co_text"),))
    return evaluate(held, held.components[0], read_use({"action": action, **facts}), TODAY)


USAGE = '<permits type="usage">{}</permits>'
AGAINST = '<prohibits type="usage">{}</prohibits>'


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("all", [Action.AI_INPUT, Action.AI_TRAIN, Action.INDEX]),
        ("ai-all", [Action.AI_INPUT, Action.AI_TRAIN]),
        ("ai-train", [Action.AI_TRAIN]),
        ("ai-input", [Action.AI_INPUT]),
        ("search", [Action.INDEX]),
    ],
)
def test_each_usage_token_of_3_4_1_1(token, expected):
    assert acts(read(USAGE.format(token)), Effect.PERMIT) == sorted(expected)
    assert acts(read(AGAINST.format(token)), Effect.PROHIBIT) == sorted(expected)


@pytest.mark.parametrize("token", ["commercial", "non-commercial", "education", "government", "personal"])
def test_each_user_token_of_3_4_1_2_bounds_the_permission(token):
    (rule_,) = read(USAGE.format("search") + f'<permits type="user">{token}</permits>').rules
    assert [axis for axis, _bound in rule_.scope.bounds] in (["commercial"], ["requesters"])


def test_what_permits_does_not_list_is_not_licensed():
    """3.5: where there is a permits, only the listed values are allowed; we ask."""
    assert said(read(USAGE.format("search"))).outcome == "ask"


def test_prohibition_wins_where_a_use_is_permitted_and_prohibited():
    """3.1.1 and 3.6. "All but training" is the commonest of all."""
    terms = read(USAGE.format("all") + AGAINST.format("ai-train"))
    assert said(terms).outcome == "prohibited"
    assert said(terms, Action.INDEX).outcome == "permitted"
    assert said(read(USAGE.format("search") + AGAINST.format("search")), Action.INDEX).outcome == "prohibited"
    assert said(read(USAGE.format("ai-all") + AGAINST.format("ai-all"))).outcome == "prohibited"


def test_a_narrower_permission_beside_a_wider_prohibition_is_asked_about():
    """3.1.1 says both that the narrower prevails and that doubt is read conservatively: so it is asked about."""
    found = said(read(USAGE.format("ai-train") + AGAINST.format("all")))
    assert (found.outcome, found.ask.reason) == ("ask", "reserved")


def test_a_prohibited_kind_of_user_is_prohibited_even_where_no_usage_is_named():
    terms = read('<prohibits type="user">commercial</prohibits>')
    assert said(terms, is_commercial=True).outcome == "prohibited"
    assert said(terms, is_commercial=False).outcome == "ask"


def test_a_prohibited_country_is_prohibited_and_no_other():
    terms = read(USAGE.format("ai-train") + '<prohibits type="geo">DE</prohibits>')
    assert said(terms, territory="DE").outcome == "prohibited"
    assert said(terms, territory="CA").outcome == "permitted"
    assert said(terms, territory="world").outcome == "prohibited"


def test_the_european_union_is_a_territory():
    terms = read(USAGE.format("ai-train") + '<permits type="geo">EU CH</permits>')
    assert said(terms, territory="DE").outcome == said(terms, territory="CH").outcome == "permitted"
    assert said(terms, territory="US").outcome == "ask"


@pytest.mark.parametrize("kind", ["user", "geo"])
def test_a_list_of_strangers_permits_nobody(kind):
    """3.4.1: a token of another namespace is not interpreted; that must not make the permission unbounded."""
    with pytest.raises(Unreadable, match="nothing"):
        read(USAGE.format("ai-train") + f'<permits type="{kind}">x:anybody</permits>')
    both = read(USAGE.format("ai-train x:other") + '<permits type="user">x:anybody commercial</permits>')
    assert [r.scope.commercial for r in both.rules] == [True]


@pytest.mark.parametrize("kind", ["usage", "user", "geo"])
def test_an_empty_list_is_refused(kind):
    with pytest.raises(Unreadable, match=f"no {kind}"):
        read(USAGE.format("ai-train") + f'<permits type="{kind}"> </permits>')


FEES = ["purchase", "subscription", "training", "crawl", "use", "contribution"]


@pytest.mark.parametrize("kind", FEES)
def test_each_payment_type_of_3_7_is_a_fee_before_the_use(kind):
    inner = USAGE.format("ai-train") + f'<payment type="{kind}"><amount currency="EUR">10</amount></payment>'
    (fee,) = read(inner).rules[0].conditions
    assert (fee.code, fee.timing, fee.parameter) == (ConditionCode.FEE, Timing.BEFORE, f"{kind} 10 EUR")


def test_no_payment_and_a_free_one_are_free():
    for inner in ("", '<payment type="free"/>', "<payment/>"):
        assert read(USAGE.format("ai-train") + inner).rules[0].conditions == ()


@pytest.mark.parametrize("kind", ["", ' type="free"', ' type="attribution"'])
def test_a_price_without_a_paying_type_is_a_fee_all_the_same(kind):
    inner = f'<payment{kind}><amount currency="EUR">10</amount></payment>'
    codes = {c.code for c in read(USAGE.format("ai-train") + inner).rules[0].conditions}
    assert ConditionCode.FEE in codes


def test_a_process_of_the_publishers_own_is_gone_through_first():
    inner = "<payment><custom>https://x.example/ask</custom></payment>"
    found = said(read(USAGE.format("ai-all") + inner))
    assert (found.outcome, found.ask.reason) == ("ask", "reserved")


def test_a_shared_licence_is_named_with_the_credit():
    inner = '<payment type="attribution"><standard>https://creativecommons.org/licenses/by/4.0/</standard></payment>'
    (rule_,) = read(USAGE.format("ai-train") + inner).rules
    assert {c.code: c.parameter for c in rule_.conditions} == {
        ConditionCode.CREDIT_PUBLISHER: None,
        ConditionCode.LINK_ARTICLE: None,
        ConditionCode.LICENCE_NOTICE: "https://creativecommons.org/licenses/by/4.0/",
    }


def test_a_demand_to_report_is_a_condition():
    inner = '<reporting type="telemetry" profile="https://p.example/1" endpoint="https://t.example/"/>'
    (rule_,) = read(USAGE.format("ai-input") + inner).rules
    (duty,) = rule_.conditions
    assert (duty.code, duty.timing) == (ConditionCode.NOTIFY, Timing.AFTER)
    assert duty.parameter == "telemetry as in https://p.example/1, to https://t.example/"


def test_every_element_of_the_standard_is_known():
    inner = (
        USAGE.format("search")
        + '<payment type="crawl"><standard>https://s.example/</standard><custom>/ask</custom>'
        + '<amount currency="USD">0.015</amount><accepts type="application/x402+json">{}</accepts></payment>'
        + '<reporting type="audit" profile="https://p.example/"/>'
        + '<legal type="warranty">ownership authority</legal><legal type="attestation">true</legal>'
    )
    owner = (
        '<alternate type="text/markdown">/index.md</alternate><schema>/site.jsonld</schema>'
        '<copyright type="organization">Meridian Wire</copyright><terms>https://x.example/t</terms>'
    )
    assert read(inner, owner=owner).url == "https://x.example/t"


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("/", TargetKind.OWN_ARTICLES),
        ("/*", TargetKind.OWN_ARTICLES),
        ("", TargetKind.OWN_ARTICLES),
        ("/images/*", TargetKind.COMPONENTS),
        ("/articles/", TargetKind.COMPONENTS),
        ("/a/*.html$", TargetKind.COMPONENTS),
        ("https://x.example/a/1", TargetKind.COMPONENTS),
    ],
)
def test_only_terms_for_the_whole_site_are_for_the_whole_site(url, kind):
    assert read(USAGE.format("search"), content=f'url="{url}"').target.kind is kind


# The way out, against the same sentences.


def test_a_pattern_character_in_an_address_stands_for_itself():
    root = written(CROSS_POST, urls=("https://x.example/a*b$",))
    assert root.find("r:content", NS).get("url") == "https://x.example/a%2Ab%24"


def test_one_permits_and_one_prohibits_of_each_type_in_a_license():
    within = rule(
        Effect.PERMIT,
        Action.AI_TRAIN,
        commercial=False,
        territory=Territory(excluded=frozenset({"DE"})),
    )
    root = written(standing(within, rule(Effect.PERMIT, Action.INDEX)))
    for license_ in root.findall(".//r:license", NS):
        names = [(etree.QName(each).localname, each.get("type")) for each in license_]
        assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("warranty", "ownership authority no-infringement privacy-consent no-malware"),
        ("disclaimer", "as-is no-warranty no-liability no-indemnity"),
        ("attestation", "true"),
        ("contact", "mailto:rights@harbour.example"),
        ("proof", "https://proof.example/1 https://proof.example/2"),
    ],
)
def test_legal_statements_have_their_own_words(kind, value):
    data = to_rsl(PIECE, today=TODAY, base_url=BASE, legal={kind: tuple(value.split())})
    root = etree.fromstring(data)
    SCHEMA.assertValid(root)
    assert root.find(f".//r:legal[@type='{kind}']", NS).text == value


@pytest.mark.parametrize(
    ("kind", "value"),
    [("warranty", "as-is"), ("disclaimer", "ownership"), ("attestation", "TRUE"), ("proof", "seen it")],
)
def test_other_words_in_a_legal_statement_are_refused(kind, value):
    with pytest.raises(ValueError, match=f"{kind}"):
        to_rsl(PIECE, today=TODAY, base_url=BASE, legal={kind: tuple(value.split())})
