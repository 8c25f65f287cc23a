"""Who can speak for a component. A claim counts only with its evidence; without it, title is unknown."""

from __future__ import annotations

from datetime import date
from enum import Enum

from ledger.rights.parties import Party
from ledger.rights.pieces import Claim, ClaimRole, Component, Piece
from ledger.rights.terms import TargetKind, Terms, TermsKind

BY_COMPONENT = TargetKind.COMPONENTS


class Standing(Enum):
    """How a party stands to a component."""

    HOLDER = "holder"
    AGENT = "agent"
    LICENSEE = "licensee"  # whether it may pass a right on depends on its inbound Terms
    UNPROVEN = "unproven"  # it claims, but nothing on record shows it, or others claim the same
    NONE = "none"


def claims_on(piece: Piece, component: Component, today: date) -> tuple[Claim, ...]:
    return tuple(c for c in piece.claims if c.component_id == component.id and c.in_force(today))


def proven_holders(piece: Piece, component: Component, today: date) -> tuple[Claim, ...]:
    return tuple(c for c in claims_on(piece, component, today) if c.role is ClaimRole.HOLDER and c.proven)


def standing_of(
    party: Party, piece: Piece, component: Component, today: date
) -> tuple[Standing, Claim | None]:
    """How the party stands to the component today, and the claim that shows it."""
    claims = claims_on(piece, component, today)
    holders = {c.party.id for c in claims if c.role is ClaimRole.HOLDER and c.proven}
    mine = sorted((c for c in claims if c.party.id == party.id), key=_strength)
    for claim in mine:
        if claim.proven and claim.role is ClaimRole.HOLDER:
            return (Standing.HOLDER if holders == {party.id} else Standing.UNPROVEN), claim
        if claim.proven and claim.role is ClaimRole.AGENT and holders == {claim.principal}:
            return Standing.AGENT, claim
    for claim in mine:
        if claim.role is ClaimRole.LICENSEE:
            return Standing.LICENSEE, claim
    if any(t.kind is TermsKind.INBOUND and t.assignee and t.assignee.id == party.id for t in piece.terms):
        return Standing.LICENSEE, None
    return (Standing.UNPROVEN, mine[0]) if mine else (Standing.NONE, None)


def _strength(claim: Claim) -> tuple[bool, int]:
    """A title before a mandate, and what lasts longest first."""
    return claim.role is not ClaimRole.HOLDER, -(claim.valid_to or date.max).toordinal()


def last_day_of(claim: Claim, piece: Piece, component: Component, today: date) -> date | None:
    """The last day on which the claim lets its party speak; None is open. A mandate ends with its holder's title."""
    ends = [claim.valid_to or date.max]
    if claim.role is ClaimRole.AGENT:
        held = [c for c in proven_holders(piece, component, today) if c.party.id == claim.principal]
        ends.append(max((c.valid_to or date.max for c in held), default=date.max))
    return None if min(ends) == date.max else min(ends)


def whom_to_ask(piece: Piece, component: Component, today: date) -> tuple[Party, bool]:
    """The party to ask for leave, and whether it is shown to hold the component.

    In order: the proven holder, an unproven one, the source, and last the publisher, who may know.
    """
    holders = proven_holders(piece, component, today)
    if holders:
        return holders[0].party, True
    claimed = [c for c in claims_on(piece, component, today) if c.role is ClaimRole.HOLDER]
    if claimed:
        return claimed[0].party, False
    return piece.source.party or piece.publisher, False


def covers(terms: Terms, component: Component) -> bool:
    """Whether the Terms are about this component; who may speak for it is another question."""
    target = terms.target
    if target.kind is BY_COMPONENT and component.id not in target.component_ids:
        return False
    return target.component_kinds is None or component.kind in target.component_kinds
