"""The two checks no grant may fail: it lies within authority, and no exclusive grant meets another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from ledger.rights.authority import NOT_CARRIED, SPEAKERS, Authorised, may_grant_scope
from ledger.rights.codes import ConditionCode
from ledger.rights.grants import LIVE, Grant, Refusal
from ledger.rights.pieces import Component, Piece
from ledger.rights.scope import Axis, Scope
from ledger.rights.scope_algebra import overlap, reach_of, shortfalls
from ledger.rights.terms import Condition, Effect, Modality, Terms
from ledger.rights.title import Standing, covers, standing_of
from ledger.rights.uses import Action, Channel


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
    end = grant.scope.period.end
    if end is not None and end < today:
        found.append(Refusal(axis=Axis.PERIOD, message=f"the use would end on {end}, which is over"))
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
    as_licensee = standing_of(grant.grantor, piece, component, today)[0] is Standing.LICENSEE
    found = _not_handed_down(grant, piece, component, today) if as_licensee else []
    if as_licensee and grant.sublicence:
        message = (
            f"{grant.grantor.name} holds a licence itself; nothing says that others may pass the right on"
        )
        found.append(Refusal(axis=Axis.SUBLICENSING, message=message, component_id=component.id))
    if grant.scope.exclusive:
        found += [
            _given(grant, t, component) for t in piece.terms if _is_given(grant, t, piece, component, today)
        ]
    return found


def _not_handed_down(grant: Grant, piece: Piece, component: Component, today: date) -> list[Refusal]:
    """Duties of the Terms that a licensee grants under, missing in the grant or worded differently."""
    found = []
    for terms in piece.terms:
        if not terms.assignee or terms.assignee.id != grant.grantor.id:
            continue
        if covers(terms, component) and terms.in_force(today):
            for code, words in _missing(grant, terms):
                said = f"{code} (“{words}”)" if words else code
                message = f"{terms.assigner.name} requires {said}: add it to the conditions of the grant"
                found.append(Refusal(axis=Axis.CONDITION, message=message, component_id=component.id))
    return found


def _missing(grant: Grant, terms: Terms) -> list[tuple[ConditionCode, str]]:
    """Each duty with its words, where the Terms have any: those words are the duty.

    What another licensee has to keep is no matter.
    """
    carried = {(c.code, words) for c in grant.conditions for words in (_words(c), "")}
    wanted = {
        (condition.code, _words(condition))
        for rule in terms.rules
        if rule.effect is Effect.PERMIT
        and reached(grant.actions) & reach_of(rule.action)
        and rule.sublicensee in (None, grant.assignee.id)
        for condition in rule.conditions
        if condition.modality in (Modality.MUST, Modality.MUST_NOT) and condition.code not in NOT_CARRIED
    }
    return sorted(wanted - carried)


def _words(condition: Condition) -> str:
    return " ".join((condition.parameter or "").split())


def _is_given(grant: Grant, terms: Terms, piece: Piece, component: Component, today: date) -> bool:
    """Whether these Terms give the public, for good reason, a part of what the grant would give to one alone."""
    if terms.assignee is not None or not terms.in_force(today) or not covers(terms, component):
        return False
    if standing_of(terms.assigner, piece, component, today)[0] not in SPEAKERS:
        return False
    return any(
        rule.effect is Effect.PERMIT and _meet((rule.action,), rule.scope, grant.actions, grant.scope)
        for rule in terms.rules
    )


def _given(grant: Grant, terms: Terms, component: Component) -> Refusal:
    whose = f"{terms.assigner.name} lets the public do a part of it ({terms.name or terms.id})"
    message = f"{whose}: narrow the grant or make it non-exclusive"
    return Refusal(axis=Axis.EXCLUSIVITY, message=message, component_id=component.id)


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
    return bool(set(grant.component_ids) & set(other.component_ids)) and _meet(
        grant.actions, grant.scope, other.actions, other.scope
    )


def _meet(actions: Iterable[Action], scope: Scope, others: Iterable[Action], other: Scope) -> bool:
    """Set intersection on the actions and on every axis of the scope."""
    return any(
        bool(mine & theirs) and overlap(here, there)
        for mine, here in _parts(frozenset(actions), scope)
        for theirs, there in _parts(frozenset(others), other)
    )


def _parts(actions: frozenset[Action], scope: Scope) -> Iterator[tuple[frozenset[Action], Scope]]:
    """Printing is republishing on paper."""
    if Action.PRINT in actions and (scope.channels is None or Channel.PRINT in scope.channels):
        yield reached({Action.REPUBLISH_FULL}), replace(scope, channels=frozenset({Channel.PRINT}))
    yield reached(actions), scope


def _collision(grant: Grant, other: Grant) -> Refusal:
    which = "an exclusive grant" if other.scope.exclusive else "a grant"
    named = f"letter {other.letter}" if other.letter else f"grant {other.id}"
    message = (
        f"meets {which} to {other.assignee.name} ({named}) on every axis: narrow it or choose another scope"
    )
    return Refusal(axis=Axis.EXCLUSIVITY, message=message, letter=other.letter)
