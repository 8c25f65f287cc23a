"""What the page of a piece says about credit: never "nothing is required" beside terms that require it."""

from dataclasses import replace

import pytest

from ledger.desk.answers.rights_view import rights_view
from ledger.rights.bounds import Period, Territory
from ledger.rights.pieces import ClaimRole
from ledger.rights.policies import condition_of
from ledger.rights.scope import Scope
from ledger.rights.terms import ConditionCode as C
from ledger.rights.uses import Channel
from tests.rights.build import HARBOUR, LANTERN, PHOTO, TEXT, TODAY, holds, piece, rule, terms

COMMUNITY = Scope(channels=frozenset({Channel.COMMUNITY_SITE}))
CROSS_POST = rule("permit", "republish_full", COMMUNITY, condition_of(C.CREDIT_PUBLISHER))
FOR_COMMUNITY = "Republish it on a community or non-profit site"


def test_a_photograph_in_the_way_does_not_hide_the_credit_that_the_text_requires():
    article = piece(terms(CROSS_POST), components=(TEXT, PHOTO))
    view = rights_view(article, TODAY)
    assert view.answers[0][1].outcome == "ask"
    assert view.credit.required.text == "“The quay at night”, Harbour Review."
    assert view.credit_required_for == FOR_COMMUNITY


def test_a_condition_that_turns_on_a_fact_is_shown_too():
    in_canada = replace(COMMUNITY, territory=Territory(included=frozenset({"CA"})))
    ported = rule("permit", "republish_full", in_canada, condition_of(C.CREDIT_PUBLISHER))
    view = rights_view(piece(terms(ported)), TODAY)
    assert view.credit.required is not None
    assert view.credit_required_for == FOR_COMMUNITY


@pytest.mark.parametrize(
    "written",
    [
        terms(CROSS_POST, by=LANTERN),
        terms(CROSS_POST, validity=Period(end=TODAY.replace(year=2025))),
        terms(CROSS_POST, rule("prohibit", "republish_full", COMMUNITY)),
        terms(rule("permit", "republish_full", COMMUNITY)),
    ],
    ids=["not the holder's", "run out", "contradicted", "no credit asked"],
)
def test_what_does_not_hold_requires_nothing(written):
    view = rights_view(piece(written), TODAY)
    assert view.credit.required is None
    assert view.credit_required_for == ""


def test_an_unproven_holder_requires_nothing():
    view = rights_view(piece(terms(CROSS_POST), claims=(holds(HARBOUR, proven=False),)), TODAY)
    assert view.credit.required is None


@pytest.mark.parametrize(
    ("claims", "contested"),
    [
        ((holds(HARBOUR),), False),
        ((holds(HARBOUR), holds(LANTERN)), True),
        ((holds(HARBOUR), replace(holds(HARBOUR), id="cl_again")), False),
        ((holds(LANTERN), holds(HARBOUR, role=ClaimRole.AGENT, principal=LANTERN.id)), False),
    ],
)
def test_a_part_with_two_holders_is_called_unsettled(claims, contested):
    article = piece(terms(CROSS_POST), claims=claims)
    (part,) = rights_view(article, TODAY).parts
    assert part.contested is contested
    if contested:
        assert rights_view(article, TODAY).answers[0][1].outcome == "ask"
