"""Who may grant, how far, and which grants collide."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from ledger.rights.authority import Authorised, may_grant
from ledger.rights.bounds import Period, Territory
from ledger.rights.codes import ConditionCode
from ledger.rights.granting import check_grant
from ledger.rights.grants import Grant, GrantState, Refusal
from ledger.rights.pieces import ClaimRole, Piece
from ledger.rights.policies import condition_of
from ledger.rights.scope import Axis, Extent, Scope
from ledger.rights.terms import Action, Target, TargetKind, TermsKind
from ledger.rights.title import Standing, standing_of
from ledger.rights.uses import Channel, ExtentUnit
from tests.rights.build import (
    HARBOUR,
    LANTERN,
    MERIDIAN,
    PHOTO,
    READER,
    TEXT,
    TODAY,
    holds,
    piece,
    rule,
    terms,
    use,
)

EUROPE = Scope(territory=Territory(included=frozenset({"DE", "FR"})))
PRINT = Scope(channels=frozenset({Channel.PRINT}))


def grant(scope: Scope, **more: object) -> Grant:
    values: dict[str, object] = {
        "id": "gr_new",
        "actions": frozenset({Action.REPUBLISH_FULL}),
        "grantor": HARBOUR,
    }
    return Grant(
        piece_id="pc_1", assignee=READER, component_ids=(TEXT.id,), scope=scope, **{**values, **more}
    )  # type: ignore[arg-type]


def licensed(scope: Scope = EUROPE, sublicence: bool | None = True, *conditions: ConditionCode) -> Piece:
    inbound = terms(
        rule("permit", "republish_full", scope, *map(condition_of, conditions), sublicence=sublicence),
        by=LANTERN,
        kind=TermsKind.INBOUND,
        assignee=HARBOUR,
    )
    return piece(inbound, claims=(holds(LANTERN), holds(HARBOUR, role=ClaimRole.LICENSEE)))


def axes(refusals: tuple[Refusal, ...]) -> set[Axis]:
    return {refusal.axis for refusal in refusals}


def test_the_holder_may_grant_and_the_chain_says_why() -> None:
    found = may_grant(HARBOUR, piece(), TEXT, use(action="print"), TODAY)
    assert found.verdict is Authorised.YES
    assert [link.role for link in found.chain] == ["holder"]
    assert "Copyright © Harbour Review, 2026" in found.chain[0].sentence


def test_a_republisher_without_a_claim_may_not() -> None:
    found = may_grant(HARBOUR, piece(claims=(holds(LANTERN),)), TEXT, use(action="print"), TODAY)
    assert found.verdict is Authorised.NO
    assert [s.axis for s in found.shortfall] == [Axis.TITLE]


def test_a_claim_without_evidence_is_unknown() -> None:
    found = may_grant(
        HARBOUR, piece(claims=(holds(HARBOUR, proven=False),)), TEXT, use(action="print"), TODAY
    )
    assert found.verdict is Authorised.UNKNOWN


def test_an_agent_may_grant_with_a_mandate() -> None:
    claims = (holds(LANTERN), holds(MERIDIAN, role=ClaimRole.AGENT, principal=LANTERN.id))
    found = may_grant(MERIDIAN, piece(claims=claims), TEXT, use(action="print"), TODAY)
    assert found.verdict is Authorised.YES
    assert found.chain[0].role == "agent"


def test_a_licensee_passes_on_what_it_may_sublicense() -> None:
    asked = use(action="republish_full", channel="print", territory="DE")
    found = may_grant(HARBOUR, licensed(), TEXT, asked, TODAY)
    assert found.verdict is Authorised.YES
    assert [link.role for link in found.chain] == ["licensee", "holder"]


def test_a_licensee_whose_terms_do_not_speak_of_sublicensing_may_not() -> None:
    asked = use(action="republish_full", channel="print", territory="DE")
    for said in (None, False):
        found = may_grant(HARBOUR, licensed(EUROPE, said), TEXT, asked, TODAY)
        assert found.verdict is Authorised.NO
        assert found.shortfall[0].axis is Axis.SUBLICENSING


def test_an_unstated_territory_leaves_a_licensee_in_doubt() -> None:
    found = may_grant(HARBOUR, licensed(), TEXT, use(action="republish_full", channel="print"), TODAY)
    assert found.verdict is Authorised.UNKNOWN
    assert found.unknown_facts == ("territory",)


def test_a_circle_of_licensees_proves_nothing() -> None:
    one = terms(rule("permit", "republish_full", sublicence=True), by=HARBOUR, id="tm_a", assignee=LANTERN)
    other = terms(rule("permit", "republish_full", sublicence=True), by=LANTERN, id="tm_b", assignee=HARBOUR)
    found = may_grant(HARBOUR, piece(one, other, claims=()), TEXT, use(action="print"), TODAY)
    assert found.verdict is not Authorised.YES


def test_a_grant_within_authority_passes() -> None:
    assert check_grant(grant(EUROPE), licensed(), TODAY) == ()
    assert check_grant(grant(Scope()), piece(), TODAY) == ()


def test_a_grant_beyond_authority_is_refused_on_each_axis() -> None:
    bounded = replace(EUROPE, channels=PRINT.channels, period=Period(end=date(2028, 1, 1)), commercial=False)
    found = check_grant(grant(Scope()), licensed(bounded), TODAY)
    assert axes(found) == {Axis.TERRITORY, Axis.CHANNEL, Axis.PERIOD, Axis.COMMERCIAL}


def test_a_grant_may_not_outlast_the_title_it_rests_on() -> None:
    ending = piece(claims=(holds(HARBOUR, valid_to=date(2027, 1, 1)),))
    assert axes(check_grant(grant(Scope()), ending, TODAY)) == {Axis.PERIOD}
    within = Scope(period=Period(start=TODAY, end=date(2026, 12, 31)))
    assert check_grant(grant(within), ending, TODAY) == ()


def test_a_grant_that_would_have_ended_already_is_refused() -> None:
    last = Scope(period=Period(end=TODAY))
    assert check_grant(grant(last), piece(), TODAY) == ()
    (refusal,) = check_grant(grant(last), piece(), TODAY + timedelta(days=1))
    assert (refusal.axis, refusal.message) == (Axis.PERIOD, "the use would end on 2026-11-22, which is over")


def test_duties_from_above_must_be_handed_down() -> None:
    above = licensed(EUROPE, True, ConditionCode.CREDIT_AUTHOR)
    refused = check_grant(grant(EUROPE), above, TODAY)
    assert axes(refused) == {Axis.CONDITION}
    assert "credit_author" in refused[0].message
    carried = grant(EUROPE, conditions=(condition_of(ConditionCode.CREDIT_AUTHOR),))
    assert check_grant(carried, above, TODAY) == ()


@pytest.mark.parametrize(
    "idle",
    [
        {"target": Target(kind=TargetKind.COMPONENTS, component_ids=(PHOTO.id,))},
        {"validity": Period(end=TODAY - timedelta(days=1))},
    ],
)
def test_duties_of_terms_for_another_part_or_time_are_not_demanded(idle: dict[str, Any]) -> None:
    more = terms(
        rule("permit", "republish_full", EUROPE, condition_of(ConditionCode.CREDIT_AUTHOR), sublicence=True),
        by=LANTERN,
        id="tm_2",
        **{"kind": TermsKind.INBOUND, "assignee": HARBOUR, **idle},
    )
    above = licensed(EUROPE)
    assert check_grant(grant(EUROPE), replace(above, terms=(*above.terms, more)), TODAY) == ()


def test_the_standing_of_each_claim() -> None:
    for claims, standing in (
        ((holds(HARBOUR),), Standing.HOLDER),
        ((holds(HARBOUR, proven=False),), Standing.UNPROVEN),
        ((holds(HARBOUR), holds(LANTERN)), Standing.UNPROVEN),
        ((holds(LANTERN), holds(HARBOUR, role=ClaimRole.LICENSEE)), Standing.LICENSEE),
        ((holds(LANTERN), holds(HARBOUR, role=ClaimRole.AGENT, principal=LANTERN.id)), Standing.AGENT),
        ((holds(LANTERN), holds(HARBOUR, role=ClaimRole.AGENT, principal=READER.id)), Standing.UNPROVEN),
        ((holds(LANTERN),), Standing.NONE),
    ):
        found, claim = standing_of(HARBOUR, piece(claims=claims), TEXT, TODAY)
        assert found is standing
        assert (claim is None) is (standing is Standing.NONE)


def test_an_exclusive_grant_names_the_letter_it_collides_with() -> None:
    existing = grant(PRINT, id="gr_old", letter="HARBOUR-2026-000007")
    asked = grant(Scope(exclusive=True))
    (refusal,) = check_grant(asked, piece(), TODAY, [existing])
    assert (refusal.axis, refusal.letter) == (Axis.EXCLUSIVITY, "HARBOUR-2026-000007")
    assert "HARBOUR-2026-000007" in refusal.message


def test_exclusive_grants_that_miss_each_other_on_one_axis_stand_side_by_side() -> None:
    existing = grant(replace(PRINT, exclusive=True), id="gr_old", letter="HARBOUR-2026-000007")
    online = grant(Scope(channels=frozenset({Channel.EMAIL}), exclusive=True))
    assert check_grant(online, piece(), TODAY, [existing]) == ()


def test_revoked_grants_and_the_one_amended_are_in_nobodys_way() -> None:
    existing = grant(replace(PRINT, exclusive=True), id="gr_old", letter="HARBOUR-2026-000007")
    assert check_grant(grant(PRINT), piece(), TODAY, [replace(existing, state=GrantState.REVOKED)]) == ()
    assert check_grant(grant(PRINT, amends="HARBOUR-2026-000007"), piece(), TODAY, [existing]) == ()


def test_an_empty_or_misdirected_grant_is_refused() -> None:
    assert axes(check_grant(grant(PRINT, actions=frozenset()), piece(), TODAY)) == {Axis.ACTION}
    assert axes(check_grant(replace(grant(PRINT), component_ids=("co_none",)), piece(), TODAY)) == {
        Axis.COMPONENT
    }
    assert axes(check_grant(replace(grant(PRINT), piece_id="pc_2"), piece(), TODAY)) == {Axis.COMPONENT}


def test_a_right_given_for_one_asker_is_passed_on_to_nobody_else() -> None:
    inbound = terms(
        rule("permit", "republish_full", EUROPE, sublicence=True, sublicensee=READER.id),
        by=LANTERN,
        kind=TermsKind.INBOUND,
        assignee=HARBOUR,
    )
    held = piece(inbound, claims=(holds(LANTERN), holds(HARBOUR, role=ClaimRole.LICENSEE)))
    mine = grant(EUROPE)
    assert check_grant(mine, held, TODAY) == ()
    other = replace(mine, assignee=replace(READER, id="pa_other"))
    assert axes(check_grant(other, held, TODAY)) == {Axis.SUBLICENSING}
    anybody = may_grant(HARBOUR, held, TEXT, use(action="republish_full", territory="FR"), TODAY)
    assert anybody.verdict is Authorised.NO


def test_a_mandate_shows_whose_it_is_and_ends_with_that_title() -> None:
    ending = holds(LANTERN, valid_to=date(2027, 1, 1))
    mandate = holds(MERIDIAN, role=ClaimRole.AGENT, principal=LANTERN.id)
    held = piece(claims=(ending, mandate))
    soon = may_grant(MERIDIAN, held, TEXT, use(action="republish_full", end="2026-12-31"), TODAY)
    assert soon.verdict is Authorised.YES
    assert [link.role for link in soon.chain] == ["agent", "holder"]
    late = may_grant(MERIDIAN, held, TEXT, use(action="republish_full", end="2028-12-31"), TODAY)
    assert late.verdict is Authorised.NO
    assert [s.axis for s in late.shortfall] == [Axis.PERIOD]


def test_a_use_that_outlasts_the_inbound_terms_is_beyond_them() -> None:
    until = replace(licensed().terms[0], validity=Period(end=date(2026, 12, 31)))
    held = replace(licensed(), terms=(until,))
    asked = {"action": "republish_full", "channel": "print", "territory": "DE"}
    assert may_grant(HARBOUR, held, TEXT, use(**asked, end="2026-12-31"), TODAY).verdict is Authorised.YES
    assert may_grant(HARBOUR, held, TEXT, use(**asked, end="2027-01-01"), TODAY).verdict is Authorised.NO
    unstated = may_grant(HARBOUR, held, TEXT, use(**asked), TODAY)
    assert (unstated.verdict, unstated.unknown_facts) == (Authorised.UNKNOWN, ("start",))
    announced = replace(licensed().terms[0], revoked_on=date(2027, 6, 1))
    held = replace(licensed(), terms=(announced,))
    assert axes(check_grant(grant(EUROPE), held, TODAY)) == {Axis.PERIOD}


def test_a_licensee_of_a_licensee_may_not_pass_on_what_was_let_on_once() -> None:
    passed_on = rule("permit", "republish_full", sublicence=True)
    first = terms(passed_on, by=LANTERN, id="tm_a", kind=TermsKind.INBOUND, assignee=HARBOUR)
    second = terms(passed_on, by=HARBOUR, id="tm_b", kind=TermsKind.INBOUND, assignee=READER)
    held = piece(first, second, claims=(holds(LANTERN),))
    asked = use(action="republish_full", channel="email")
    assert may_grant(HARBOUR, held, TEXT, asked, TODAY).verdict is Authorised.YES
    further = may_grant(READER, held, TEXT, asked, TODAY)
    assert (further.verdict, further.chain) == (Authorised.UNKNOWN, ())
    assert [s.axis for s in further.shortfall] == [Axis.SUBLICENSING]


def test_a_licensee_grants_nobody_a_right_to_pass_on() -> None:
    found = check_grant(grant(EUROPE, sublicence=True), licensed(), TODAY)
    assert axes(found) == {Axis.SUBLICENSING}
    assert check_grant(grant(EUROPE, sublicence=True), piece(), TODAY) == ()


def test_what_one_agreement_keeps_back_the_other_does_not_give() -> None:
    kept = terms(rule("reserve", "republish_full", PRINT), by=LANTERN, id="tm_2", assignee=HARBOUR)
    held = replace(licensed(), terms=(*licensed().terms, kept))
    assert axes(check_grant(grant(replace(EUROPE, channels=PRINT.channels)), held, TODAY)) == {Axis.ACTION}
    online = replace(EUROPE, channels=frozenset({Channel.EMAIL}))
    assert check_grant(grant(online), held, TODAY) == ()


def excerpts(parameter: str) -> Piece:
    limit = condition_of(ConditionCode.EXCERPT_LIMIT, parameter)
    inbound = terms(
        rule("permit", "excerpt", EUROPE, limit, sublicence=True),
        by=LANTERN,
        kind=TermsKind.INBOUND,
        assignee=HARBOUR,
    )
    return piece(inbound, claims=(holds(LANTERN), holds(HARBOUR, role=ClaimRole.LICENSEE)))


def test_a_limit_on_excerpts_binds_what_is_granted_under_it() -> None:
    actions = frozenset({Action.EXCERPT})
    short = replace(EUROPE, extents=(Extent(unit=ExtentUnit.WORDS, at_most=50),))
    assert check_grant(grant(short, actions=actions), excerpts("50 words"), TODAY) == ()
    for scope in (EUROPE, replace(EUROPE, extents=(Extent(unit=ExtentUnit.WORDS, at_most=51),))):
        assert axes(check_grant(grant(scope, actions=actions), excerpts("50 words"), TODAY)) == {Axis.EXTENT}
    assert axes(check_grant(grant(short, actions=actions), excerpts("a little"), TODAY)) == {Axis.EXTENT}


def test_whoever_must_publish_in_full_lets_nobody_take_an_excerpt() -> None:
    above = licensed(EUROPE, True, ConditionCode.FULL_TEXT_REQUIRED)
    carried = (condition_of(ConditionCode.FULL_TEXT_REQUIRED),)
    excerpt = grant(EUROPE, actions=frozenset({Action.EXCERPT}), conditions=carried)
    assert axes(check_grant(excerpt, above, TODAY)) == {Axis.CONDITION}
    assert check_grant(grant(EUROPE, conditions=carried), above, TODAY) == ()


def test_an_exact_credit_line_is_handed_down_to_the_letter() -> None:
    line = condition_of(ConditionCode.EXACT_CREDIT_LINE, "First published by The Lantern.")
    inbound = terms(
        rule("permit", "republish_full", EUROPE, line, sublicence=True),
        by=LANTERN,
        kind=TermsKind.INBOUND,
        assignee=HARBOUR,
    )
    held = piece(inbound, claims=(holds(LANTERN), holds(HARBOUR, role=ClaimRole.LICENSEE)))
    assert check_grant(grant(EUROPE, conditions=(line,)), held, TODAY) == ()
    (refusal,) = check_grant(grant(EUROPE, conditions=(replace(line, parameter="By us."),)), held, TODAY)
    assert "First published by The Lantern." in refusal.message


def test_printing_is_republishing_on_paper_when_grants_collide() -> None:
    printed = grant(
        Scope(exclusive=True), id="gr_old", letter="HARBOUR-2026-000007", actions=frozenset({Action.PRINT})
    )
    whole = grant(PRINT)
    assert axes(check_grant(whole, piece(), TODAY, [printed])) == {Axis.EXCLUSIVITY}
    assert axes(check_grant(printed, piece(), TODAY, [replace(whole, letter="HARBOUR-2026-000008")])) == {
        Axis.EXCLUSIVITY
    }
    online = grant(Scope(channels=frozenset({Channel.EMAIL})))
    assert check_grant(online, piece(), TODAY, [printed]) == ()


def test_nothing_is_exclusive_that_the_public_already_has() -> None:
    free = terms(rule("permit", "republish_full", Scope(channels=frozenset({Channel.EMAIL}))))
    (refusal,) = check_grant(grant(Scope(exclusive=True)), piece(free), TODAY)
    assert refusal.axis is Axis.EXCLUSIVITY
    assert "tm_1" in refusal.message
    assert check_grant(grant(replace(PRINT, exclusive=True)), piece(free), TODAY) == ()
    assert check_grant(grant(Scope()), piece(free), TODAY) == ()
    by_a_stranger = replace(free, assigner=LANTERN)
    assert check_grant(grant(Scope(exclusive=True)), piece(by_a_stranger), TODAY) == ()
