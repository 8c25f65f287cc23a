"""Small builders shared by the tests of the rights engine. All parties are invented."""

from __future__ import annotations

from datetime import date
from typing import Any

from ledger.rights.parties import Contact, ContactRole, Party
from ledger.rights.pieces import Basis, Claim, ClaimRole, Component, ComponentKind, Evidence, Piece
from ledger.rights.scope import Scope
from ledger.rights.terms import (
    Action,
    Condition,
    Effect,
    Rule,
    Target,
    TargetKind,
    Terms,
    TermsKind,
)
from ledger.rights.use_reader import read_use
from ledger.rights.uses import ProposedUse

TODAY = date(2026, 11, 22)


def party(name: str, id: str | None = None) -> Party:
    slug = name.lower().replace(" ", "-")
    email = f"rights@{slug}.example"
    contact = Contact(email=email, roles=(ContactRole.RIGHTS,))
    return Party(id=id or f"pa_{slug}", name=name, contacts=(contact,))


HARBOUR = party("Harbour Review")
LANTERN = party("The Lantern")
MERIDIAN = party("Meridian Wire")
READER = party("Reader Press")
PARTIES = {"harbour": HARBOUR, "lantern": LANTERN, "meridian": MERIDIAN, "reader": READER}
TEXT = Component(id="co_text", kind=ComponentKind.TEXT, basis=Basis.OWN, words=1000)
PHOTO = Component(id="co_photo", kind=ComponentKind.PHOTOGRAPH)


def holds(
    who: Party,
    component: Component = TEXT,
    role: ClaimRole = ClaimRole.HOLDER,
    proven: bool = True,
    **more: Any,
) -> Claim:
    evidence = Evidence(text=f"Copyright © {who.name}, 2026") if proven else None
    claim_id = f"cl_{who.id}_{component.id}_{role}"
    return Claim(id=claim_id, party=who, role=role, component_id=component.id, evidence=evidence, **more)


def rule(effect: str, action: str, scope: Scope | None = None, *conditions: Condition, **more: Any) -> Rule:
    return Rule(
        effect=Effect(effect), action=Action(action), scope=scope or Scope(), conditions=conditions, **more
    )


def terms(*rules: Rule, by: Party = HARBOUR, id: str = "tm_1", **more: Any) -> Terms:
    values: dict[str, Any] = {
        "kind": TermsKind.STANDING,
        "target": Target(kind=TargetKind.PIECE),
        "clause": f"The terms {id} of {by.name}.",
    }
    return Terms(id=id, assigner=by, rules=rules, **{**values, **more})


def piece(*written: Terms, claims: tuple[Claim, ...] | None = None, **more: Any) -> Piece:
    values: dict[str, Any] = {"publisher": HARBOUR, "title": "The quay at night", "components": (TEXT,)}
    given = claims if claims is not None else (holds(HARBOUR),)
    return Piece(id="pc_1", terms=written, claims=given, **{**values, **more})


def use(**facts: Any) -> ProposedUse:
    return read_use(facts)
