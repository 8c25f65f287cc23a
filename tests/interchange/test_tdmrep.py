"""TDMRep: what our rows say, read as the report asks a TDM agent to read them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from ledger.interchange.naming import uri_of
from ledger.interchange.tdmrep import TdmRow, tdm_rows, well_known
from ledger.rights.codes import ConditionCode
from ledger.rights.terms import Action, Condition, Effect, Modality, Rule
from tests.interchange.formats import CHECKER
from tests.interchange.samples import (
    BASE,
    CROSS_POST,
    HARBOUR,
    NILS,
    PHOTO,
    TEXT,
    TODAY,
    claim,
    piece,
    rule,
    standing,
)
from tests.interchange.tdm_agent import declared, matches

SCHEMA = Draft202012Validator(
    json.loads((Path(__file__).parent / "data" / "tdmrep.schema.json").read_text("utf-8")),
    format_checker=CHECKER,
)
PAGE = "https://harbour.example/2024/tide-tables"
POLICY = f"{BASE}/pieces/pc_1"


def rows(*terms: Any, **more: Any) -> tuple[TdmRow, ...]:
    return tdm_rows(piece(*terms, **more), today=TODAY, base_url=BASE)


def file(*terms: Any, **more: Any) -> bytes:
    data = well_known(rows(*terms, **more))
    SCHEMA.validate(json.loads(data))
    return data


RESERVED = standing(rule(Effect.RESERVE, Action.AI_TRAIN))
FREE = standing(rule(Effect.PERMIT, Action.AI_TRAIN))


# What stands in the file, and why.


def test_silence_about_mining_makes_no_row() -> None:
    assert rows(CROSS_POST) == ()
    assert file(CROSS_POST) == b"[]\n"
    assert declared(file(CROSS_POST), PAGE) is None


@pytest.mark.parametrize("effect", [Effect.RESERVE, Effect.PROHIBIT])
def test_a_reservation_is_one_with_the_policy(effect: Effect) -> None:
    assert declared(file(standing(rule(effect, Action.AI_TRAIN))), PAGE) == (1, POLICY)


def test_a_condition_against_training_is_a_reservation_too() -> None:
    against = rule(Effect.PERMIT, Action.REPUBLISH_FULL, ConditionCode.AI_TRAINING_PROHIBITED)
    assert declared(file(standing(against)), PAGE) == (1, POLICY)


def test_an_unbounded_permission_is_a_row_of_zero_without_a_policy() -> None:
    (row,) = rows(FREE)
    assert row.as_entry() == {"location": "/2024/tide-tables$", "tdm-reservation": 0}


@pytest.mark.parametrize("modality", [Modality.MUST, Modality.MUST_NOT])
def test_a_permission_with_a_condition_stays_reserved_and_points_to_the_policy(modality: Modality) -> None:
    duty = Condition(code=ConditionCode.NO_ENDORSEMENT, modality=modality)
    bound = Rule(effect=Effect.PERMIT, action=Action.AI_TRAIN, conditions=(duty,))
    assert declared(file(standing(bound)), PAGE) == (1, POLICY)


def test_a_recommended_credit_does_not_reserve() -> None:
    credit = Condition(code=ConditionCode.CREDIT_PUBLISHER, modality=Modality.SHOULD)
    should = Rule(effect=Effect.PERMIT, action=Action.AI_TRAIN, conditions=(credit,))
    assert declared(file(standing(should)), PAGE) == (0, None)


def test_a_permission_for_some_makes_no_row() -> None:
    assert rows(standing(rule(Effect.PERMIT, Action.AI_TRAIN, commercial=False))) == ()


def test_a_photograph_that_is_not_covered_keeps_the_page_from_zero() -> None:
    claims = (claim(1, HARBOUR, "co_text"), claim(2, NILS, "co_photo"))
    assert rows(FREE, components=(TEXT, PHOTO), claims=claims) == ()


def test_a_reservation_that_has_ended_makes_no_row() -> None:
    assert rows(standing(rule(Effect.PROHIBIT, Action.AI_TRAIN), revoked_on=date(2025, 1, 1))) == ()


# The sentences of the report, one by one.


def test_it_is_an_array_even_of_one_rule_and_each_rule_has_its_location_and_its_value() -> None:
    (entry,) = json.loads(file(FREE))
    assert set(entry) == {"location", "tdm-reservation"}
    for wrong in (entry, [{"location": "/"}], [{"tdm-reservation": 1}], [entry | {"note": "x"}]):
        assert not SCHEMA.is_valid(wrong)


@pytest.mark.parametrize("value", [2, -1, "1", True, None, 1.5])
def test_the_value_is_the_integer_zero_or_one(value: Any) -> None:
    wrong = [{"location": "/", "tdm-reservation": value}]
    assert not SCHEMA.is_valid(wrong)
    assert declared(json.dumps(wrong).encode(), PAGE) is None
    assert {type(row.as_entry()["tdm-reservation"]) for row in (*rows(RESERVED), *rows(FREE))} == {int}


@pytest.mark.parametrize("policy", ["policy.json", "/policies/1", "https://x.example/a b", 7])
def test_the_policy_is_an_address_in_full(policy: Any) -> None:
    assert not SCHEMA.is_valid([{"location": "/", "tdm-reservation": 1, "tdm-policy": policy}])


def test_a_policy_beside_zero_is_not_processed_so_none_is_given() -> None:
    beside = b'[{"location": "/", "tdm-reservation": 0, "tdm-policy": "https://x.example/p"}]'
    assert declared(beside, PAGE) == (0, None)
    assert b"tdm-policy" not in file(FREE)


def test_the_first_rule_that_matches_is_used() -> None:
    both = b'[{"location": "/2024/", "tdm-reservation": 0}, {"location": "/", "tdm-reservation": 1}]'
    assert declared(both, PAGE) == (0, None)
    assert declared(both, "https://harbour.example/2025/x") == (1, None)


def test_where_no_rule_matches_the_choice_is_unset() -> None:
    assert declared(file(RESERVED), "https://harbour.example/2024/other") is None


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("/", "/anything", True),
        ("/fish", "/fish.html", True),
        ("/fish", "/Fish", False),
        ("/fish", "/catfish", False),
        ("/fish$", "/fish", True),
        ("/fish$", "/fish/", False),
        ("/fish$", "/fish?x=1", False),
        ("/a/*/b", "/a/x/y/b/c", True),
        ("/a/*/b", "/a/b", False),
        ("/img/*.jpg$", "/img/1/2.jpg", True),
        ("/img/*.jpg$", "/img/2.jpg.txt", False),
        ("/foo-%24", "/foo-$", True),
        ("/foo-%2A", "/foo-*", True),
        ("/foo-%2A", "/foo-x", False),
        ("/a%7Eb", "/a~b", True),
        ("/a~b", "/a%7eb", True),
        ("/a%2Fb", "/a/b", False),
        ("/%C3%BC", "/ü", True),
    ],
)
def test_the_reader_matches_as_the_report_says(pattern: str, path: str, expected: bool) -> None:
    assert matches(pattern, f"https://x.example{path}") is expected


@pytest.mark.parametrize("terms", [RESERVED, FREE])
@pytest.mark.parametrize(
    "neighbour", ["/2024/tide-tables-2", "/2024/tide-tables/print", "/2024/Tide-tables", "/2024/tide", "/"]
)
def test_a_row_is_about_its_page_and_not_about_its_neighbours(terms: Any, neighbour: str) -> None:
    assert declared(file(terms), f"https://harbour.example{neighbour}") is None


def test_a_page_at_the_root_does_not_speak_for_the_whole_site() -> None:
    root = ("https://harbour.example",)
    for terms, value in ((RESERVED, 1), (FREE, 0)):
        found = declared(file(terms, urls=root), "https://harbour.example/")
        assert found is not None
        assert found[0] == value
        assert declared(file(terms, urls=root), "https://harbour.example/2024/x") is None


def test_a_reservation_holds_with_a_query_behind_it_and_leave_does_not() -> None:
    assert declared(file(RESERVED), f"{PAGE}?utm_source=x") == (1, POLICY)
    assert declared(file(FREE), f"{PAGE}?page=2") is None


ADDRESSES = st.text(st.sampled_from("ab/~-._%$*?&=+ü#'\"() 4E[]"), max_size=12).map(
    lambda tail: f"https://harbour.example/{tail}"
)


@given(ADDRESSES, st.booleans())
def test_every_address_of_a_piece_matches_its_own_row(url: str, free: bool) -> None:
    """Special characters stand for themselves."""
    found = declared(file(FREE if free else RESERVED, urls=(url,)), uri_of(url))
    assert found is not None
    assert found[0] == (0 if free else 1)


@given(ADDRESSES, ADDRESSES)
def test_leave_for_one_address_is_leave_for_no_other(url: str, other: str) -> None:
    found = declared(file(FREE, urls=(url,)), uri_of(other))
    if found is not None:
        assert declared(file(FREE, urls=(other,)), uri_of(url)) is not None, (
            "both are the same page to a reader"
        )
