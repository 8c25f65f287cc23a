"""One piece of an invented publisher, with a photograph by somebody else, and terms of three kinds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ledger.rights.grants import Grant
from ledger.rights.parties import Contact, ContactRole, Party, PartyKind
from ledger.rights.pieces import (
    Author,
    AuthorType,
    Basis,
    Claim,
    ClaimRole,
    Component,
    ComponentKind,
    Evidence,
    LinkStatus,
    Piece,
    Source,
)
from ledger.rights.scope import Cap, Period, Scope, Territory
from ledger.rights.tariff import Money
from ledger.rights.terms import (
    Action,
    Condition,
    ConditionCode,
    Effect,
    Modality,
    Origin,
    Rule,
    Target,
    TargetKind,
    Terms,
    TermsKind,
)
from ledger.rights.uses import Channel, Format, QuantityUnit

TODAY = date(2026, 3, 6)
BASE = "https://rights.harbour.example"

HARBOUR = Party(
    id="pa_harbour",
    name="Harbour Review",
    legal_name="Harbour Review Trust",
    contacts=(Contact(email="rights@harbour.example", roles=(ContactRole.REPRINT_PERMISSION,)),),
)
WIRE = Party(id="pa_wire", name="Meridian Wire")
NILS = Party(id="pa_nils", name="Nils Ekdahl", kind=PartyKind.PERSON)
FENWICK = Party(id="pa_fenwick", name="Fenwick Books")

NOTICE = "© 2024 Harbour Review. All other rights reserved."
CLAUSE = "Community sites may repost our articles free of charge with credit and a link. Print: ask us."

TEXT = Component(id="co_text", kind=ComponentKind.TEXT, basis=Basis.OWN, words=900, notice=NOTICE)
PHOTO = Component(
    id="co_photo", kind=ComponentKind.PHOTOGRAPH, label="The harbour at dawn", credit="Nils Ekdahl"
)


def claim(number: int, party: Party, component: str, evidence: bool = True) -> Claim:
    return Claim(
        id=f"cl_{number}",
        party=party,
        role=ClaimRole.HOLDER,
        component_id=component,
        evidence=Evidence(text=f"© {party.name}") if evidence else None,
    )


def rule(effect: Effect, action: Action, *codes: ConditionCode, **scope: object) -> Rule:
    return Rule(
        effect=effect,
        action=action,
        scope=Scope(**scope),
        conditions=tuple(Condition(code=code) for code in codes),
    )


CROSS_POST = Terms(
    id="tm_site",
    kind=TermsKind.STANDING,
    assigner=HARBOUR,
    target=Target(kind=TargetKind.COMPONENTS, component_ids=("co_text",)),
    clause=CLAUSE,
    origin=Origin.SITE_RULES,
    name="Site rules",
    url="https://harbour.example/republish",
    language="en",
    validity=Period(start=date(2024, 1, 1)),
    rules=(
        Rule(
            effect=Effect.PERMIT,
            action=Action.REPUBLISH_FULL,
            scope=Scope(channels=frozenset({Channel.COMMUNITY_SITE}), commercial=False),
            conditions=(
                Condition(code=ConditionCode.CREDIT_PUBLISHER),
                Condition(code=ConditionCode.LINK_ARTICLE, modality=Modality.SHOULD),
            ),
            clause="Community sites may repost our articles free of charge with credit and a link.",
        ),
        Rule(
            effect=Effect.RESERVE, action=Action.PRINT, contact=HARBOUR.contacts[0], clause="Print: ask us."
        ),
        Rule(effect=Effect.PROHIBIT, action=Action.SELL),
    ),
)


def standing(*rules: Rule, components: tuple[str, ...] = ("co_text",), **more: object) -> Terms:
    values: dict[str, object] = {
        "id": "tm_ai",
        "kind": TermsKind.STANDING,
        "assigner": HARBOUR,
        "target": Target(kind=TargetKind.COMPONENTS, component_ids=components),
        "clause": "As said on our site.",
        "rules": rules,
    }
    return Terms(**(values | more))


PIECE = Piece(
    id="pc_1",
    publisher=HARBOUR,
    title="The tide tables & other <secrets>",
    subtitle="A year on the slipway",
    components=(TEXT,),
    urls=("https://harbour.example/2024/tide-tables",),
    authors=(Author(name="Inga Marr", type=AuthorType.PERSON), Author(name="The slipway desk")),
    language="en",
    published=date(2024, 5, 2),
    source=Source(
        name="Meridian Wire", url="https://wire.example/a/1", url_status=LinkStatus.GIVEN, party=WIRE
    ),
    claims=(claim(1, HARBOUR, "co_text"),),
    terms=(CROSS_POST,),
    notice=NOTICE,
)


def piece(*terms: Terms, **more: object) -> Piece:
    return replace(PIECE, terms=terms, **more)


GRANT = Grant(
    id="gr_1",
    piece_id="pc_1",
    grantor=HARBOUR,
    assignee=FENWICK,
    component_ids=("co_text",),
    actions=frozenset({Action.PRINT, Action.EXCERPT}),
    scope=Scope(
        territory=Territory(included=frozenset({"CA", "US"})),
        languages=frozenset({"en"}),
        formats=frozenset({Format.PAPERBACK}),
        caps=(Cap(unit=QuantityUnit.COPIES, at_most=3000),),
        period=Period(start=date(2026, 4, 1), end=date(2031, 3, 31)),
    ),
    conditions=(
        Condition(code=ConditionCode.EXACT_CREDIT_LINE, parameter="First published in Harbour Review"),
        Condition(code=ConditionCode.NO_ENDORSEMENT),
        Condition(code=ConditionCode.VOUCHER_COPY, modality=Modality.SHOULD),
    ),
    credit_line="First published in Harbour Review",
    fee=Money(minor=12550, currency="CAD"),
    granted_on=date(2026, 3, 6),
    letter="HARBOUR-REVIEW-2026-000012",
)
