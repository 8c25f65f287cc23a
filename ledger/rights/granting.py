"""The two checks no grant may fail: it lies within authority, and no exclusive grant meets another."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ledger.rights.authority import Authorised, may_grant_scope
from ledger.rights.codes import ConditionCode
from ledger.rights.grants import LIVE, Grant, Refusal
from ledger.rights.pieces import Component, Piece
from ledger.rights.scope import Axis
from ledger.rights.scope_algebra import overlap, reach_of, shortfalls
from ledger.rights.terms import Effect, Modality, Terms
from ledger.rights.title import Standing, covers, standing_of
from ledger.rights.uses import Action

NOT_CARRIED = frozenset(
    {
        ConditionCode.NONCOMMERCIAL,
        ConditionCode.CIRCULATION_CAP,
        ConditionCode.LICENSEE_CLASS,
        ConditionCode.EXCERPT_LIMIT,
        ConditionCode.IMAGES_EXCLUDED,
        ConditionCode.IMAGES_SEPARATE_RIGHTS,
        ConditionCode.THIRD_PARTY_EXCLUDED,
        ConditionCode.FEE,
        ConditionCode.CONTACT,
        ConditionCode.REVOCABLE,
    }
)
"""Conditions of inbound Terms that bind the licensee itself or are already an axis of the scope."""


def check_grant(
    grant: Grant, piece: Piece, today: date, existing_grants: Iterable[Grant] = ()
) -> tuple[Refusal, ...]:
    """Every reason why this grant may not be issued; empty when it may."""
    if grant.piece_id != piece.id:
        message = f"the grant is for {grant.piece_id}, not {piece.id}"
        return (Refusal(axis=Axis.COMPONENT, message=message),)
    if not grant.actions or not grant.component_ids:
        axis = Axis.COMPONENT if grant.actions else Axis.ACTION
        return (Refusal(axis=axis, message=f"the grant names no {axis}: name at least one"),)
    found: list[Refusal] = []
    for component_id in grant.component_ids:
        try:
            found += _beyond_authority(grant, piece, piece.component(component_id), today)
        except KeyError as error:
            found.append(Refusal(axis=Axis.COMPONENT, message=error.args[0], component_id=component_id))
    found += [_collision(grant, other) for other in existing_grants if _collide(grant, other)]
    return tuple(dict.fromkeys(found))


def wider_than(earlier: Grant, grant: Grant) -> tuple[Refusal, ...]:
    """Every axis on which ``grant`` gives what ``earlier`` did not; empty when it lies within it.

    A condition that was laid down and is left out widens a grant too.
    """
    found: list[Refusal] = []
    if beyond := sorted(set(grant.component_ids) - set(earlier.component_ids)):
        found.append(Refusal(axis=Axis.COMPONENT, message=f"{', '.join(beyond)} was not granted"))
    if more := sorted(reached(grant.actions) - reached(earlier.actions)):
        found.append(Refusal(axis=Axis.ACTION, message=f"{', '.join(more)} was not granted"))
    if grant.sublicence and not earlier.sublicence:
        found.append(Refusal(axis=Axis.SUBLICENSING, message="sublicensing was not granted"))
    dropped = [duty.code for duty in earlier.conditions if duty not in grant.conditions]
    if dropped:
        found.append(Refusal(axis=Axis.CONDITION, message=f"leaves out {', '.join(sorted(dropped))}"))
    found += [Refusal(axis=axis, message=says) for axis, says in shortfalls(earlier.scope, grant.scope)]
    return tuple(found)


def _beyond_authority(grant: Grant, piece: Piece, component: Component, today: date) -> list[Refusal]:
    authority = may_grant_scope(
        grant.grantor, piece, component, grant.actions, grant.scope, today, grant.assignee.id
    )
    if authority.verdict is not Authorised.YES:
        return [
            Refusal(axis=s.axis, message=s.message, component_id=component.id) for s in authority.shortfall
        ]
    return [
        Refusal(
            axis=Axis.CONDITION,
            message=f"{terms.assigner.name} requires {code}: add it to the conditions of the grant",
            component_id=component.id,
        )
        for terms in _inbound(grant, piece, component, today)
        for code in _missing(grant, terms)
    ]


def _inbound(grant: Grant, piece: Piece, component: Component, today: date) -> list[Terms]:
    """The Terms a licensee grants under; a holder or its agent needs none."""
    if standing_of(grant.grantor, piece, component, today)[0] is not Standing.LICENSEE:
        return []
    return [
        t
        for t in piece.terms
        if t.assignee and t.assignee.id == grant.grantor.id and covers(t, component) and t.in_force(today)
    ]


def _missing(grant: Grant, terms: Terms) -> list[ConditionCode]:
    """Duties that must be handed down and are not in the grant."""
    carried = {condition.code for condition in grant.conditions}
    wanted = {
        condition.code
        for rule in terms.rules
        if rule.effect is Effect.PERMIT and reached(grant.actions) & reach_of(rule.action)
        for condition in rule.conditions
        if condition.modality in (Modality.MUST, Modality.MUST_NOT)
    }
    return sorted(wanted - carried - NOT_CARRIED)


def reached(actions: Iterable[Action]) -> frozenset[Action]:
    """The actions with everything they include."""
    return frozenset().union(*(reach_of(action) for action in actions))


def _collide(grant: Grant, other: Grant) -> bool:
    """Exclusivity: do the two meet on all axes at once? A letter that this one amends is not in its way."""
    if other.id == grant.id or other.state not in LIVE or other.piece_id != grant.piece_id:
        return False
    if not (grant.scope.exclusive or other.scope.exclusive):
        return False
    if grant.amends is not None and grant.amends == other.letter:
        return False
    return (
        bool(set(grant.component_ids) & set(other.component_ids))
        and bool(reached(grant.actions) & reached(other.actions))
        and overlap(grant.scope, other.scope)
    )


def _collision(grant: Grant, other: Grant) -> Refusal:
    which = "an exclusive grant" if other.scope.exclusive else "a grant"
    named = f"letter {other.letter}" if other.letter else f"grant {other.id}"
    message = (
        f"meets {which} to {other.assignee.name} ({named}) on every axis: narrow it or choose another scope"
    )
    return Refusal(axis=Axis.EXCLUSIVITY, message=message, letter=other.letter)
