"""From the condition codes of a published policy to Terms: the bridge between what was read and what is
reckoned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from ledger.rights.codes import ConditionCode
from ledger.rights.parties import Contact, Party
from ledger.rights.scope import Scope
from ledger.rights.terms import (
    Action,
    Condition,
    ConditionScope,
    ConflictStrategy,
    Effect,
    Modality,
    Origin,
    Rule,
    Target,
    TargetKind,
    Terms,
    TermsKind,
    Timing,
)
from ledger.rights.uses import Channel

C = ConditionCode
FREEDOMS = frozenset(
    {
        C.STYLE_EDITS_OK,
        C.DERIVATIVES_OK,
        C.TRANSLATION_OK,
        C.HEADLINE_MAY_CHANGE,
        C.SHORTENING_OK,
        C.PRINT_OK,
        C.EXCERPT_OK,
        C.IMAGES_OK_WITH_CREDIT,
        C.ADS_OK,
        C.COMMERCIAL_OK,
        C.PAYWALL_OK,
    }
)
"""Codes that give rather than ask: modality may."""

BANS = frozenset(
    {
        C.NO_EDITS,
        C.NO_RESALE,
        C.NO_ADS_SOLD_AGAINST,
        C.NO_PAYWALL,
        C.NO_BULK,
        C.NO_FRAMING,
        C.NO_SUBLICENSING,
        C.NO_ENDORSEMENT,
        C.NONCOMMERCIAL,
        C.AI_TRAINING_PROHIBITED,
    }
)
"""Codes that forbid: modality must_not. The code names what must not be done or the state to be kept."""

IMAGE_CODES = frozenset(
    {
        C.IMAGES_SEPARATE_RIGHTS,
        C.IMAGES_EXCLUDED,
        C.IMAGES_ONLY_WITH_STORY,
        C.IMAGES_OK_WITH_CREDIT,
        C.IMAGES_ONLY_WHERE_MARKED,
    }
)
BEFORE = frozenset({C.PRIOR_PERMISSION, C.EDITS_NEED_APPROVAL, C.COMMERCIAL_ASK, C.PRINT_ASK, C.FEE})
AFTER = frozenset({C.NOTIFY, C.UPDATE_CORRECTIONS, C.VOUCHER_COPY, C.TAKEDOWN_DATE})
MADE_INTO_RULES = frozenset({C.COMMERCIAL_ASK, C.PRINT_ASK, C.CONTACT, C.AI_TRAINING_PROHIBITED})


def condition_of(code: ConditionCode, parameter: str | None = None) -> Condition:
    """A condition with the modality, timing and scope its code usually has."""
    modality = Modality.MAY if code in FREEDOMS else Modality.MUST_NOT if code in BANS else Modality.MUST
    return Condition(
        code=code,
        modality=modality,
        timing=Timing.BEFORE if code in BEFORE else Timing.AFTER if code in AFTER else Timing.WITH,
        parameter=parameter,
        scope=ConditionScope.IMAGE if code in IMAGE_CODES else ConditionScope.ALL,
    )


def rules_from_codes(
    codes: Iterable[ConditionCode],
    *,
    scope: Scope | None = None,
    parameters: Mapping[ConditionCode, str] | None = None,
    contact: Contact | None = None,
    action: Action = Action.REPUBLISH_FULL,
) -> tuple[Rule, ...]:
    """The rules of a policy that permits ``action`` on these conditions.

    Codes that speak of another use become rules of their own: ``commercial_ask`` and ``print_ask`` reserve,
    ``translation_ok`` and ``derivatives_ok`` permit, ``ai_training_prohibited`` prohibits.
    """
    listed = tuple(dict.fromkeys(codes))
    values = parameters or {}
    carried = tuple(condition_of(c, values.get(c)) for c in listed if c not in MADE_INTO_RULES)
    main = Rule(
        effect=Effect.PERMIT, action=action, scope=scope or Scope(), conditions=carried, contact=contact
    )
    return (main, *_permissions_beside(listed, main), *_reservations(listed, contact))


def _permissions_beside(codes: tuple[ConditionCode, ...], main: Rule) -> list[Rule]:
    beside = []
    if C.TRANSLATION_OK in codes:
        beside.append(replace(main, action=Action.TRANSLATE, conditions=_unedited(main)))
    if C.DERIVATIVES_OK in codes:
        beside.append(replace(main, action=Action.ADAPT, conditions=_unedited(main)))
        if C.TRANSLATION_OK not in codes:  # a translation is an adaptation: Berne art. 2(3), 8 and 12
            beside.append(replace(main, action=Action.TRANSLATE, conditions=_unedited(main)))
    if C.EXCERPT_OK in codes or C.EXCERPT_LIMIT in codes:
        kept = tuple(c for c in main.conditions if c.code not in (C.FULL_TEXT_REQUIRED, C.FEE))
        beside.append(replace(main, action=Action.EXCERPT, conditions=kept))
    if C.COMMERCIAL_OK in codes and C.NO_RESALE not in codes:
        beside.append(replace(main, action=Action.SELL))
    return beside


def _unedited(main: Rule) -> tuple[Condition, ...]:
    return tuple(c for c in main.conditions if c.code not in (C.NO_EDITS, C.FULL_TEXT_REQUIRED))


def _reservations(codes: tuple[ConditionCode, ...], contact: Contact | None) -> list[Rule]:
    reserved = []
    if C.COMMERCIAL_ASK in codes:
        bound = Scope(commercial=True)
        for action in (Action.REPUBLISH_FULL, Action.EXCERPT):
            reserved.append(Rule(effect=Effect.RESERVE, action=action, scope=bound, contact=contact))
    if C.PRINT_ASK in codes:
        reserved.append(Rule(effect=Effect.RESERVE, action=Action.PRINT, contact=contact))
    if C.AI_TRAINING_PROHIBITED in codes:
        reserved.append(Rule(effect=Effect.PROHIBIT, action=Action.AI_TRAIN, contact=contact))
    return reserved


def site_rules(
    *,
    terms_id: str,
    assigner: Party,
    clause: str,
    rules: tuple[Rule, ...],
    target: Target | None = None,
    origin: Origin = Origin.SITE_RULES,
) -> Terms:
    """Standing Terms a site sets for its own articles. A particular ban prevails over its general
    permission."""
    return Terms(
        id=terms_id,
        kind=TermsKind.STANDING,
        assigner=assigner,
        target=target or Target(kind=TargetKind.OWN_ARTICLES),
        clause=clause,
        rules=rules,
        conflict=ConflictStrategy.PROHIBIT,
        origin=origin,
    )


COMMUNITY = Scope(channels=frozenset({Channel.COMMUNITY_SITE}), commercial=False)
"""A community site and no commerce: the usual bound of a cross-post permission."""
