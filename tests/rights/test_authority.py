"""Who may grant, how far, and which grants collide."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ledger.rights.authority import Authorised, may_grant
from ledger.rights.bounds import Period, Territory
from ledger.rights.codes import ConditionCode
from ledger.rights.granting import check_grant
from ledger.rights.grants import Grant, GrantState, Refusal
from ledger.rights.pieces import ClaimRole, Piece
from ledger.rights.policies import condition_of
from ledger.rights.scope import Axis, Scope
from ledger.rights.terms import Action, TermsKind
from ledger.rights.uses import Channel
from tests.rights.build import HARBOUR, LANTERN, MERIDIAN, READER, TEXT, TODAY, holds, piece, rule, terms, use

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


def test_duties_from_above_must_be_handed_down() -> None:
    above = licensed(EUROPE, True, ConditionCode.CREDIT_AUTHOR)
    refused = check_grant(grant(EUROPE), above, TODAY)
    assert axes(refused) == {Axis.CONDITION}
    assert "credit_author" in refused[0].message
    carried = grant(EUROPE, conditions=(condition_of(ConditionCode.CREDIT_AUTHOR),))
    assert check_grant(carried, above, TODAY) == ()


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
