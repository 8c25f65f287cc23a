"""Terms in plain words: nothing that bounds a rule goes unsaid, and what acts share is said once."""

from dataclasses import fields, replace
from datetime import date

import pytest

from ledger.desk.register.rules_in_words import rules_in_words, scope_bounds
from ledger.rights.licences import licence_from_text
from ledger.rights.presets import terms_of
from ledger.rights.scope import Cap, Extent, Period, Scope, Territory
from ledger.rights.terms import Action, Condition, ConditionCode, Effect, Modality, Rule
from ledger.rights.uses import (
    Channel,
    Duration,
    ExtentUnit,
    Format,
    Product,
    Purpose,
    QuantityUnit,
    RequesterType,
)
from tests.rights import build

BOUNDS = {
    "channels": (frozenset({Channel.PRINT, Channel.EMAIL}), "only by email or in print"),
    "purposes": (frozenset({Purpose.RESEARCH}), "only for the purpose: research"),
    "commercial": (False, "only non-commercial uses"),
    "requesters": (frozenset({RequesterType.STUDENT}), "only for users of the kind: student"),
    "products": (frozenset({Product.BOOK}), "only in the publication: book"),
    "territory": (Territory(included=frozenset({"CA", "FR"})), "only in: Canada, France"),
    "languages": (frozenset({"fr"}), "only in the language: French"),
    "period": (Period(end=date(2027, 3, 1)), "until 2027-03-01"),
    "formats": (frozenset({Format.HARDBACK}), "only in the format: hardback"),
    "caps": ((Cap(unit=QuantityUnit.COPIES, at_most=1500),), "at most 1,500 copies"),
    "extents": ((Extent(unit=ExtentUnit.PERCENT, at_most=10),), "at most 10 per cent of it"),
    "editions": (frozenset({Duration.CURRENT_EDITION}), "only for the edition: current edition"),
    "exclusive": (True, "exclusively"),
}


def test_every_axis_of_a_scope_is_among_these() -> None:
    assert {one.name for one in fields(Scope) if one.init} == set(BOUNDS)


@pytest.mark.parametrize("axis", BOUNDS)
def test_each_bound_is_said(axis: str) -> None:
    value, words = BOUNDS[axis]
    assert list(scope_bounds(replace(Scope(), **{axis: value}))) == [words]


def test_no_bound_no_words() -> None:
    assert list(scope_bounds(Scope())) == []


def test_acts_that_share_everything_share_a_line() -> None:
    credit = Condition(code=ConditionCode.CREDIT_AUTHOR)
    advice = Condition(code=ConditionCode.LINK_ARTICLE, modality=Modality.SHOULD)
    allowed = [
        Rule(effect=Effect.PERMIT, action=act, conditions=(credit, advice))
        for act in (Action.LINK, Action.REPUBLISH_FULL)
    ]
    kept = Rule(effect=Effect.RESERVE, action=Action.PRINT)
    free = Rule(effect=Effect.PERMIT, action=Action.EXCERPT, sublicence=False)
    found = rules_in_words(build.terms(allowed[0], kept, allowed[1], free))
    assert [(one.effect, one.acts) for one in found] == [
        ("Allows", ["linking", "republishing the whole"]),
        ("Reserves (ask first)", ["printing"]),
        ("Allows", ["using an excerpt"]),
    ]
    assert found[0].duties == {
        "Required": ["Name the author."],
        "Recommended, not required": ["Link to the original article."],
    }
    assert found[2].bounds == ["the right may not be passed on"]


def test_a_right_within_a_bound_is_never_joined_with_one_without() -> None:
    here = Rule(
        effect=Effect.PERMIT, action=Action.LINK, scope=Scope(territory=Territory(included=frozenset({"CA"})))
    )
    found = rules_in_words(build.terms(here, Rule(effect=Effect.PERMIT, action=Action.PRINT)))
    assert [(one.acts, one.bounds) for one in found] == [
        (["linking"], ["only in: Canada"]),
        (["printing"], []),
    ]


def test_a_licence_is_read_in_a_few_lines() -> None:
    licence = licence_from_text("https://creativecommons.org/licenses/by-nc-nd/4.0/")
    assert licence is not None
    found = rules_in_words(terms_of(licence, build.LANTERN, terms_id="tm_1"))
    assert [(one.effect, len(one.acts), one.bounds) for one in found] == [
        ("Allows", 3, ["only non-commercial uses"]),
        ("Reserves (ask first)", 2, ["only commercial uses"]),
        ("Reserves (ask first)", 3, []),
    ]
