"""What must hold for every piece and every use. Each property carries the name it has in the design."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from ledger.rights.answers import STRICTNESS, Answer, Outcome, ReasonCode
from ledger.rights.bounds import Period, Territory
from ledger.rights.condition_words import in_words
from ledger.rights.countries import COUNTRIES
from ledger.rights.evaluation import evaluate
from ledger.rights.facts import countries_of
from ledger.rights.granting import check_grant
from ledger.rights.grants import Grant
from ledger.rights.matching import EDITIONS, language_covers
from ledger.rights.pieces import ClaimRole, Piece, PublicDomain
from ledger.rights.scope import Scope
from ledger.rights.scope_algebra import overlap, reach_of, within
from ledger.rights.terms import Effect, Rule, Target, TargetKind, Terms, TermsKind
from ledger.rights.uses import Action, Channel, Format, ProposedUse, Purpose, RequesterType
from ledger.rights.wire import from_plain, to_plain
from tests.rights import strategies as world
from tests.rights.build import READER, TODAY

DETERMINED = (Outcome.PERMITTED, Outcome.PROHIBITED, Outcome.NO_PERMISSION_NEEDED)


def answer(piece: Piece, use: ProposedUse) -> Answer:
    return evaluate(piece, piece.components[0], use, TODAY)


def holders(piece: Piece) -> set[str]:
    return {
        c.party.id for c in piece.claims if c.role is ClaimRole.HOLDER and c.evidence and c.in_force(TODAY)
    }


@given(world.pieces_maybe_free, world.uses, world.prohibitions, world.randoms)
def test_adding_a_prohibition_never_loosens(
    piece: Piece, use: ProposedUse, prohibition: Rule, r: Random
) -> None:
    # What a licensee may say depends on its inbound Terms; a prohibition there takes its own words away with it.
    candidates = [t for t in piece.terms if t.kind is not TermsKind.INBOUND]
    assume(candidates)
    chosen = r.choice(candidates)
    at = r.randint(0, len(chosen.rules))
    stricter = replace(chosen, rules=(*chosen.rules[:at], prohibition, *chosen.rules[at:]))
    changed = replace(piece, terms=tuple(stricter if t is chosen else t for t in piece.terms))
    before, after = answer(piece, use), answer(changed, use)
    assert STRICTNESS[after.outcome] >= STRICTNESS[before.outcome]


@given(world.pieces, world.uses)
def test_a_prohibition_that_applies_prohibits(piece: Piece, use: ProposedUse) -> None:
    banned = said_to_the_reader(piece, use, Effect.PROHIBIT)
    found = answer(replace(piece, terms=(*piece.terms, banned)), replace(use, licensee=READER.id))
    assert found.outcome is Outcome.PROHIBITED


def said_to_the_reader(piece: Piece, use: ProposedUse, effect: Effect) -> Terms:
    """Words of the one lasting holder to the reader alone, about all that the use needs."""
    assume(len(holders(piece)) == 1)
    held = [c for c in piece.claims if c.party.id in holders(piece) and c.role is ClaimRole.HOLDER]
    assume(all(c.valid_to is None for c in held))
    return Terms(
        id="tm_said",
        kind=TermsKind.OUTBOUND,
        assigner=held[0].party,
        assignee=READER,
        target=Target(kind=TargetKind.PIECE),
        clause="Between you and us.",
        rules=tuple(Rule(effect=effect, action=action) for action in use.actions),
    )


@given(world.pieces, world.uses)
def test_terms_made_for_the_asker_outrank_standing_terms(piece: Piece, use: ProposedUse) -> None:
    permitted = said_to_the_reader(piece, use, Effect.PERMIT)
    standing = tuple(t for t in piece.terms if t.assignee is None)
    found = answer(replace(piece, terms=(*standing, permitted)), replace(use, licensee=READER.id))
    assert found.outcome is Outcome.PERMITTED


@given(world.plain_pieces | world.pieces, world.full_uses)
def test_conditions_are_those_of_one_terms(piece: Piece, use: ProposedUse) -> None:
    """Two Terms are never merged: what is asked for one action on one channel stands in one of them."""
    assume(not any(t.kind is TermsKind.INBOUND for t in piece.terms))
    alone = replace(use, actions=use.actions[:1], channels=use.channels[:1])
    found = answer(piece, alone)
    by_terms = [{c for r in t.rules for c in r.conditions} for t in piece.terms]
    assert not found.conditions or any(set(found.conditions) <= conditions for conditions in by_terms)


@given(world.plain_pieces | world.pieces, world.full_uses)
def test_what_is_permitted_lies_within_a_permission(piece: Piece, use: ProposedUse) -> None:
    """A plain reading of one rule against the use, written without the engine's matchers."""
    if answer(piece, use).outcome is not Outcome.PERMITTED:
        return
    for action in use.actions:
        rules = [rule for terms in piece.terms for rule in terms.rules if plainly_permits(rule, action, use)]
        assert rules, f"nothing permits {action}"


def plainly_permits(rule: Rule, action: Action, use: ProposedUse) -> bool:
    """May be more than the rule permits, never less: an axis that the use does not state is passed over."""
    scope = rule.scope
    copies = sum(run.print_run or 0 for run in use.formats)
    consent = {c.code for c in rule.conditions} & {"prior_permission"}
    return (
        rule.effect is Effect.PERMIT
        and (rule.action is Action.PRINT or action in reach_of(rule.action))
        and not consent
        and (scope.channels is None or not use.channels or set(use.channels) <= scope.channels)
        and (scope.commercial is None or use.is_commercial in (None, scope.commercial))
        and (scope.purposes is None or use.purpose is None or use.purpose in scope.purposes)
        and (use.territory is None or _countries(use.territory) <= _countries(scope.territory))
        and (not use.end or not scope.period.end or use.end <= scope.period.end)
        and (not use.formats or all(copies <= cap.at_most for cap in scope.caps))
    )


def _countries(territory: Territory) -> set[str]:
    return set(territory.included or COUNTRIES) - set(territory.excluded)


@given(world.pieces, world.uses, world.territories)
def test_a_mark_never_frees(piece: Piece, use: ProposedUse, territory: Territory) -> None:
    status = PublicDomain(territory=territory, ground="Marked", marked=True)
    text = replace(piece.components[0], public_domain=status)
    found = answer(replace(piece, components=(text,)), use)
    assert found.outcome is not Outcome.NO_PERMISSION_NEEDED
    assert found.outcome is not Outcome.PROHIBITED


@given(world.pieces_maybe_free | world.plain_pieces, world.uses | world.full_uses, world.randoms)
def test_an_unknown_resolved_never_contradicts_a_determined_outcome(
    piece: Piece, use: ProposedUse, r: Random
) -> None:
    """A permission holds on its conditions: a fact that breaks one of those it named contradicts nothing."""
    before = answer(piece, use)
    assume(before.outcome in DETERMINED)
    after = answer(piece, world.resolved(r, use))
    named = {in_words(condition)[1:] for condition in before.conditions}
    broken = any(
        reason.code is ReasonCode.CONDITION_BROKEN and any(words in reason.sentence for words in named)
        for reason in after.reasons
    )
    free = before.outcome is Outcome.PERMITTED and after.outcome is Outcome.NO_PERMISSION_NEEDED
    assert after.outcome is before.outcome or free or (before.outcome is Outcome.PERMITTED and broken)


@given(world.pieces, world.uses)
def test_silence_never_permits(piece: Piece, use: ProposedUse) -> None:
    found = answer(piece, use)
    if found.outcome is Outcome.PERMITTED:
        assert {reason.action for reason in found.reasons if _permits(reason, piece)} >= set(use.actions)
    mute = tuple(
        replace(t, rules=tuple(r for r in t.rules if r.effect is not Effect.PERMIT)) for t in piece.terms
    )
    assert answer(replace(piece, terms=mute), use).outcome in (Outcome.ASK, Outcome.PROHIBITED)


def _permits(reason: Any, piece: Piece) -> bool:
    """A reason that rests on a permission, in force today, in words that stand in the record."""
    if reason.code not in (ReasonCode.RULE_PERMITS, ReasonCode.PAYMENT_FIRST, ReasonCode.RULE_UNKNOWN):
        return False
    terms = next(t for t in piece.terms if t.id == reason.ground.terms_id)
    rule = terms.rules[reason.ground.rule_index]
    return rule.effect is Effect.PERMIT and terms.in_force(TODAY) and reason.ground.clause == terms.clause


@given(world.pieces, world.uses)
def test_expiry_only_narrows(piece: Piece, use: ProposedUse) -> None:
    """A permission that runs out gives nothing more than before; when all have run out, nothing is permitted."""
    before = answer(piece, use)
    yesterday = Period(end=TODAY - timedelta(days=1))
    only_permitting = [t for t in piece.terms if {r.effect for r in t.rules} == {Effect.PERMIT}]
    for chosen in only_permitting:
        if any(
            c.code == "prior_permission" or c.code == "commercial_ask"
            for r in chosen.rules
            for c in r.conditions
        ):
            continue  # asking first is a reservation
        if chosen.kind is TermsKind.INBOUND:
            continue  # its licensee's own reservations fall with it
        expired = tuple(replace(t, validity=yesterday) if t is chosen else t for t in piece.terms)
        assert STRICTNESS[answer(replace(piece, terms=expired), use).outcome] >= STRICTNESS[before.outcome]
    none_left = tuple(replace(t, validity=yesterday) for t in piece.terms)
    assert answer(replace(piece, terms=none_left), use).outcome is Outcome.ASK


@given(world.pieces_maybe_free, world.uses, world.randoms)
def test_evaluation_does_not_depend_on_rule_order(piece: Piece, use: ProposedUse, r: Random) -> None:
    shuffled = tuple(replace(t, rules=tuple(r.sample(t.rules, len(t.rules)))) for t in piece.terms)
    one, other = answer(piece, use), answer(replace(piece, terms=shuffled), use)
    assert (one.outcome, one.ask, one.conditions) == (other.outcome, other.ask, other.conditions)
    assert sorted(one.unknown_facts) == sorted(other.unknown_facts)
    assert sorted(r.sentence for r in one.reasons) == sorted(r.sentence for r in other.reasons)


@given(world.pieces, world.uses)
def test_an_assessment_never_changes_an_outcome(piece: Piece, use: ProposedUse) -> None:
    with_one = replace(piece, assessments=(world.assessment(),))
    one, other = answer(piece, use), answer(with_one, use)
    assert (one.outcome, one.ask, one.conditions) == (other.outcome, other.ask, other.conditions)
    assert other.exception_claimed == ("as_1",)


@given(world.pieces, world.uses)
def test_without_evidence_nobody_speaks(piece: Piece, use: ProposedUse) -> None:
    bare = replace(piece, claims=tuple(replace(claim, evidence=None) for claim in piece.claims))
    assert answer(bare, use).outcome is Outcome.ASK


# Grants: compared point by point with a plain reading of the rules, written without the engine's set algebra.

POINTS: dict[str, list[Any]] = {
    "channel": [Channel.COMMUNITY_SITE, Channel.COMMERCIAL_SITE, Channel.PRINT, Channel.EMAIL, Channel.APP],
    "purpose": [Purpose.NEWS, Purpose.EDUCATION, Purpose.ARCHIVAL],
    "commercial": [True, False],
    "requester": [RequesterType.STUDENT, RequesterType.COMPANY, RequesterType.AUTHOR],
    "country": ["CA", "DE", "US", "JP"],
    "language": ["en", "fr", "fr-CA", "ja"],
    "day": [date(2026, 1, 1), date(2026, 6, 1), date(2027, 1, 1), date(2027, 12, 31), date(2031, 1, 1)],
    "format": [Format.PAPERBACK, Format.EBOOK, Format.AUDIO],
    "copies": [1, 100, 101, 5000],
    "edition": list(EDITIONS),
}
points = world.seeds.map(
    lambda seed: {name: Random(seed + n).choice(v) for n, (name, v) in enumerate(POINTS.items())}
)


def lies_in(scope: Scope, point: dict[str, Any]) -> bool:
    return (
        (scope.channels is None or point["channel"] in scope.channels)
        and (scope.purposes is None or point["purpose"] in scope.purposes)
        and (scope.commercial is None or point["commercial"] is scope.commercial)
        and (scope.requesters is None or point["requester"] in scope.requesters)
        and point["country"] in countries_of(scope.territory)
        and (
            scope.languages is None or any(language_covers(tag, point["language"]) for tag in scope.languages)
        )
        and (scope.period.start is None or scope.period.start <= point["day"])
        and (scope.period.end is None or point["day"] <= scope.period.end)
        and (scope.formats is None or point["format"] in scope.formats)
        and all(point["copies"] <= cap.at_most for cap in scope.caps)
        and (
            scope.editions is None or any(point["edition"] in EDITIONS[edition] for edition in scope.editions)
        )
    )


@given(st.tuples(world.scopes, world.scopes) | world.neighbouring_scopes, points)
def test_inclusion_is_inclusion_of_every_point(scopes: tuple[Scope, Scope], point: dict[str, Any]) -> None:
    outer, inner = scopes
    if within(outer, inner) and lies_in(inner, point):
        assert lies_in(outer, point)


@given(world.scopes, world.scopes, points)
def test_scopes_with_a_point_in_common_overlap(one: Scope, other: Scope, point: dict[str, Any]) -> None:
    assert overlap(one, other) == overlap(other, one)
    if lies_in(one, point) and lies_in(other, point):
        assert overlap(one, other)


def may_pass_on(
    piece: Piece, party_id: str, action: Action, point: dict[str, Any], seen: tuple[str, ...]
) -> bool:
    """A plain reading: holder or its agent, or licensee under words that allow passing on at this very point."""
    proven = holders(piece)
    for claim in piece.claims:
        if claim.party.id != party_id or not claim.evidence or not claim.in_force(TODAY):
            continue
        over = claim.valid_to is not None and point["day"] > claim.valid_to
        if claim.role is ClaimRole.HOLDER and proven == {party_id}:
            return not over
        if claim.role is ClaimRole.AGENT and proven == {claim.principal}:
            return not over
    return party_id not in seen and any(
        terms.assignee is not None
        and terms.assignee.id == party_id
        and terms.in_force(TODAY)
        and (terms.validity.end is None or point["day"] <= terms.validity.end)
        and any(_lets_pass(rule, action, point) for rule in terms.rules)
        and may_pass_on(piece, terms.assigner.id, action, point, (*seen, party_id))
        for terms in piece.terms
    )


def _lets_pass(rule: Rule, action: Action, point: dict[str, Any]) -> bool:
    on_paper = rule.action is Action.PRINT and action in (Action.REPUBLISH_FULL, Action.EXCERPT)
    if not (on_paper and point["channel"] is Channel.PRINT) and action not in reach_of(rule.action):
        return False
    consent = any(c.code == "prior_permission" for c in rule.conditions)
    return (
        rule.effect is Effect.PERMIT
        and rule.sublicence is True
        and not consent
        and lies_in(rule.scope, point)
    )


@given(world.licensed_pieces, world.grants, points)
def test_a_grant_never_exceeds_authority(piece: Piece, grant: Grant, point: dict[str, Any]) -> None:
    if check_grant(grant, piece, TODAY) or not lies_in(grant.scope, point):
        return
    for action in grant.actions:
        assert may_pass_on(piece, grant.grantor.id, action, point, ())


@given(world.exclusive_grants, world.exclusive_grants, points)
def test_an_exclusive_grant_overlaps_no_other(grant: Grant, other: Grant, point: dict[str, Any]) -> None:
    assume(grant.id != other.id)
    piece = Piece(id="pc_1", publisher=grant.grantor, title="t", components=(world.TEXT,))
    refusals = check_grant(grant, piece, TODAY, [other])
    shared = lies_in(grant.scope, point) and lies_in(other.scope, point)
    same = {r for a in grant.actions for r in reach_of(a)} & {r for a in other.actions for r in reach_of(a)}
    if shared and same and (grant.scope.exclusive or other.scope.exclusive):
        assert [r.letter for r in refusals if r.axis == "exclusivity" and r.letter] == [other.letter]


@given(world.pieces_maybe_free, world.uses, world.exclusive_grants)
def test_the_wire_gives_back_what_it_was_given(piece: Piece, use: ProposedUse, grant: Grant) -> None:
    assert from_plain(Piece, to_plain(piece)) == piece
    assert from_plain(ProposedUse, to_plain(use)) == use
    assert from_plain(Grant, to_plain(grant)) == grant
    found = answer(piece, use)
    assert from_plain(Answer, to_plain(found)) == found
