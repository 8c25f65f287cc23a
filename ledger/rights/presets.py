"""Ready-made terms: Creative Commons, cross-posting, all rights reserved, staff work."""

from __future__ import annotations

from ledger.rights.codes import ConditionCode
from ledger.rights.licences import Licence, LicenceCode, licence_from_text
from ledger.rights.parties import Contact, Party
from ledger.rights.pieces import Claim, ClaimRole, Evidence
from ledger.rights.policies import COMMUNITY, condition_of, rules_from_codes, site_rules
from ledger.rights.public_domain import WorkFacts, is_free, public_domain_of
from ledger.rights.rights_statements import STATEMENTS, RightsStatement, statement_from_text
from ledger.rights.scope import Scope
from ledger.rights.terms import (
    Action,
    Condition,
    ConditionScope,
    Effect,
    Modality,
    Origin,
    Rule,
    Target,
    TargetKind,
    Terms,
    TermsKind,
)

__all__ = [
    "STATEMENTS",
    "Licence",
    "LicenceCode",
    "RightsStatement",
    "WorkFacts",
    "all_rights_reserved",
    "condition_of",
    "cross_post",
    "is_free",
    "licence_from_text",
    "public_domain_of",
    "recommended",
    "rules_from_codes",
    "site_rules",
    "staff_work",
    "statement_from_text",
    "terms_of",
]

C = ConditionCode
NONCOMMERCIAL_WORDS = (
    "NonCommercial means not primarily intended for or directed towards commercial advantage or monetary "
    "compensation."
)
"""CC BY-NC 4.0, section 1(i). Earlier versions say it in section 4(b) in nearly the same words."""

NO_DERIVATIVES_WORDS = "produce and reproduce, but not Share, Adapted Material"
"""CC BY-ND 4.0, section 2(a)(1)(B): one may adapt for oneself, and share only the unadapted work."""

VERBATIM = (Action.REPUBLISH_FULL, Action.INDEX, Action.LINK)
CHANGED = (Action.ADAPT, Action.TRANSLATE, Action.RECORD_AUDIO)


def terms_of(
    licence: Licence,
    assigner: Party,
    *,
    terms_id: str,
    target: Target | None = None,
    clause: str | None = None,
) -> Terms:
    """The licence as standing Terms of ``assigner``. ``clause`` is the licence notice as it stood on the page.

    The Public Domain Mark grants nothing: its Terms have no rules, and the status belongs on the component.
    """
    said = clause or f"Licensed under {licence.name}" + (f" ({licence.url})" if licence.url else "")
    return Terms(
        id=terms_id,
        kind=TermsKind.STANDING,
        assigner=assigner,
        target=target or Target(kind=TargetKind.PIECE),
        clause=said,
        rules=_rules_of(licence),
        origin=Origin.LICENCE,
        name=licence.name,
        url=licence.url,
    )


def _rules_of(licence: Licence) -> tuple[Rule, ...]:
    if licence.code is LicenceCode.PDM:
        return ()
    elements = licence.elements
    if licence.code is LicenceCode.CC0:
        return tuple(
            Rule(effect=Effect.PERMIT, action=action) for action in Action if action is not Action.PRINT
        )
    bound = Scope(commercial=False) if "nc" in elements else Scope()
    conditions = _conditions_of(licence)
    words = NONCOMMERCIAL_WORDS if "nc" in elements else None
    if words and "nd" in elements:
        words = f"{NONCOMMERCIAL_WORDS} … {NO_DERIVATIVES_WORDS}"
    rules = [
        Rule(effect=Effect.PERMIT, action=action, scope=bound, conditions=conditions, clause=words)
        for action in VERBATIM
    ]
    if "nc" in elements:
        reserved = Scope(commercial=True)
        rules += [
            _asks(action, reserved, NONCOMMERCIAL_WORDS) for action in (Action.REPUBLISH_FULL, Action.SELL)
        ]
    else:
        rules.append(Rule(effect=Effect.PERMIT, action=Action.SELL, conditions=conditions))
    if "nd" in elements:
        rules += [_asks(action, Scope(), NO_DERIVATIVES_WORDS) for action in CHANGED]
    else:
        rules += [_changed(action, bound, conditions, words, "sa" in elements) for action in CHANGED]
    return tuple(rules)


def _asks(action: Action, scope: Scope, words: str) -> Rule:
    return Rule(effect=Effect.RESERVE, action=action, scope=scope, clause=words)


def _changed(
    action: Action, scope: Scope, conditions: tuple[Condition, ...], words: str | None, share_alike: bool
) -> Rule:
    codes = (C.DISCLOSE_CHANGES, C.SHARE_ALIKE) if share_alike else (C.DISCLOSE_CHANGES,)
    more = tuple(condition_of(code) for code in codes)
    return Rule(
        effect=Effect.PERMIT, action=action, scope=scope, conditions=(*conditions, *more), clause=words
    )


def _conditions_of(licence: Licence) -> tuple[Condition, ...]:
    """Attribution (4.0, section 3(a)): author, notice, licence and a link; no endorsement (section 2(a)(6))."""
    found = [
        condition_of(C.CREDIT_AUTHOR),
        condition_of(C.ACKNOWLEDGE_COPYRIGHT),
        condition_of(C.LICENCE_NOTICE, licence.url or licence.name),
        condition_of(C.LINK_ARTICLE),
        condition_of(C.NO_ENDORSEMENT),
    ]
    if "nc" in licence.elements:
        found.append(condition_of(C.NONCOMMERCIAL, NONCOMMERCIAL_WORDS))
    if "nd" in licence.elements:
        found.append(condition_of(C.NO_EDITS, NO_DERIVATIVES_WORDS))
        found.append(condition_of(C.STYLE_EDITS_OK))
    return tuple(found)


def all_rights_reserved(
    assigner: Party,
    *,
    terms_id: str,
    clause: str,
    contact: Contact | None = None,
    target: Target | None = None,
) -> Terms:
    """Every use is kept back: ask. Nothing is prohibited that the law allows."""
    rules = tuple(
        Rule(effect=Effect.RESERVE, action=action, contact=contact)
        for action in Action
        if action not in (Action.LINK, Action.PRINT)
    )
    chosen = target or Target(kind=TargetKind.PIECE)
    return site_rules(
        terms_id=terms_id, assigner=assigner, clause=clause, rules=rules, target=chosen, origin=Origin.NOTICE
    )


def cross_post(
    assigner: Party, *, terms_id: str, clause: str, contact: Contact | None = None, scope: Scope = COMMUNITY
) -> Terms:
    """Cross-posting with credit and link on community sites; print, commerce and the rest reserved."""
    codes = (C.CREDIT_PUBLISHER, C.ACKNOWLEDGE_COPYRIGHT, C.LINK_ARTICLE, C.COMMERCIAL_ASK, C.PRINT_ASK)
    rules = rules_from_codes(codes, scope=scope, contact=contact)
    return site_rules(terms_id=terms_id, assigner=assigner, clause=clause, rules=rules)


def staff_work(publisher: Party, *, claim_id: str, component_id: str, evidence: Evidence) -> Claim:
    """The holder's claim of a publisher in what its own staff made. The evidence is the contract or the byline."""
    return Claim(
        id=claim_id,
        party=publisher,
        role=ClaimRole.HOLDER,
        component_id=component_id,
        evidence=evidence,
    )


def recommended(code: ConditionCode, parameter: str | None = None) -> Condition:
    """A condition as a recommendation (should): it never bounds a permission."""
    base = condition_of(code, parameter)
    return Condition(
        code=base.code,
        modality=Modality.SHOULD,
        timing=base.timing,
        parameter=parameter,
        scope=ConditionScope.ALL,
    )
