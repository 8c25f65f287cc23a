"""What somebody wants to be granted: one action of a described use, or one action over a whole scope."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Protocol

from ledger.rights.bounding import Bearing, bearing, bears_on, copies_of, extent_of
from ledger.rights.bounds import Period
from ledger.rights.codes import ConditionCode
from ledger.rights.facts import Facts
from ledger.rights.matching import MATCHERS, Truth, match_rule, period_of, within_days
from ledger.rights.pieces import IMAGES, Component
from ledger.rights.scope import Axis, Cap, Extent, Scope
from ledger.rights.scope_algebra import overlap, period_within, reach_of, shortfalls
from ledger.rights.sentences import ACTIONS
from ledger.rights.terms import Rule, Terms
from ledger.rights.uses import Action, Channel, ExtentUnit, ProposedUse, QuantityUnit, RequesterType

Beyond = list[tuple[Axis, str]]
CONSENT = frozenset({ConditionCode.PRIOR_PERMISSION, ConditionCode.COMMERCIAL_ASK, ConditionCode.PRINT_ASK})
NOT_IMAGES = frozenset(
    {
        ConditionCode.IMAGES_EXCLUDED,
        ConditionCode.IMAGES_SEPARATE_RIGHTS,
        ConditionCode.IMAGES_ONLY_WHERE_MARKED,
    }
)
AXIS_OF = {
    "channels": Axis.CHANNEL,
    "purposes": Axis.PURPOSE,
    "commercial": Axis.COMMERCIAL,
    "requesters": Axis.REQUESTER,
    "products": Axis.PRODUCT,
    "territory": Axis.TERRITORY,
    "languages": Axis.LANGUAGE,
    "period": Axis.PERIOD,
    "formats": Axis.FORMAT,
    "caps": Axis.QUANTITY,
    "extents": Axis.EXTENT,
    "editions": Axis.EDITION,
}


def pairs_of(use: ProposedUse) -> Iterator[tuple[Action, Channel | None]]:
    """Every action on every channel: a use may need several, and all must be answered."""
    for action in use.actions:
        for channel in use.channels or (None,):
            yield action, channel


class Wanted(Protocol):
    words: str
    licensee: str | None  # who would be given the right, if that is known

    def concerns(self, action: Action) -> bool:
        """Whether a rule about ``action`` bears on what is wanted."""

    def touches(self, rule: Rule) -> tuple[Truth, list[str]]:
        """Whether any part of what is wanted falls under the rule, and the facts that are unknown."""

    def lies_within(self, rule: Rule, terms: Terms) -> tuple[Truth, Beyond, list[str]]:
        """Whether all that is wanted lies within the permission; where not; and the facts that are
        unknown."""

    def within_period(self, period: Period) -> Truth:
        """Whether what is wanted is over before the period is."""


class WantedUse:
    """One action of a described use on one channel."""

    def __init__(
        self, use: ProposedUse, component: Component, action: Action, channel: Channel | None, today: date
    ) -> None:
        self.facts = Facts(use, component, action, channel, today)
        self.words = ACTIONS[action]
        self.licensee = use.licensee

    def concerns(self, action: Action) -> bool:
        return level_of(action, self.facts) is not None

    def touches(self, rule: Rule) -> tuple[Truth, list[str]]:
        unknown: list[str] = []
        return match_rule(rule, self.facts, True, unknown)[0], unknown

    def lies_within(self, rule: Rule, terms: Terms) -> tuple[Truth, Beyond, list[str]]:
        unknown: list[str] = []
        truth, axis = match_rule(rule, self.facts, False, unknown)
        if truth is not False and terms.days is not None:
            lasting, fact = within_days(terms.days, self.facts, False)
            if lasting is None:
                unknown.append(fact)
            truth, axis = (False, "period") if lasting is False else (truth and lasting, axis)
        beyond: Beyond = []
        if truth is False and axis:
            beyond.append((AXIS_OF[axis], f"the {AXIS_OF[axis]} wanted is not the one held"))
        if self.facts.use.exclusivity == "exclusive" and not rule.scope.exclusive:
            truth, beyond = False, [*beyond, (Axis.EXCLUSIVITY, "a non-exclusive right is held")]
        for condition in rule.bounding:
            if not bears_on(condition, self.facts.component):
                continue
            verdict, fact = bearing(condition, rule, self.facts)
            if verdict in (Bearing.BROKEN, Bearing.CONSENT):
                truth = False
                beyond.append((Axis.CONDITION, f"the Terms held set the condition {condition.code}"))
            elif verdict in (Bearing.UNKNOWN, Bearing.CONSENT_UNKNOWN):
                truth = None if truth else truth
                unknown.append(fact)
        return truth, beyond, unknown

    def within_period(self, period: Period) -> Truth:
        if period == Period():
            return True
        return MATCHERS["period"](Period(end=period.end), self.facts, False)[0]


class WantedScope:
    """One action over a whole scope, as a grant gives it."""

    def __init__(
        self, action: Action, scope: Scope, component: Component, licensee: str | None = None
    ) -> None:
        self.action, self.scope, self.component, self.licensee = action, scope, component, licensee
        self.words = ACTIONS[action]

    def concerns(self, action: Action) -> bool:
        if action is Action.PRINT:
            channels = self.scope.channels
            paper = channels is None or Channel.PRINT in channels
            return paper and self.action in (Action.REPUBLISH_FULL, Action.EXCERPT, Action.PRINT)
        return self.action in reach_of(action)

    def touches(self, rule: Rule) -> tuple[Truth, list[str]]:
        bound = rule.scope
        if rule.action is Action.PRINT:
            bound = replace(bound, channels=frozenset({Channel.PRINT}))
        return overlap(bound, self.scope), []

    def lies_within(self, rule: Rule, terms: Terms) -> tuple[Truth, Beyond, list[str]]:
        beyond = list(shortfalls(effective_scope(rule), self.scope))
        held = period_of(terms.days)
        if not period_within(self.scope.period, held):
            beyond.append((Axis.PERIOD, f"the Terms held end on {held.end}"))
        for condition in rule.bounding:
            if condition.code in NOT_IMAGES and self.component.kind in IMAGES:
                beyond.append((Axis.COMPONENT, f"the Terms held leave images out ({condition.code})"))
            if condition.code is ConditionCode.FULL_TEXT_REQUIRED and self.action is Action.EXCERPT:
                beyond.append((Axis.CONDITION, "the Terms held ask for the full text (full_text_required)"))
            if condition.code in CONSENT:
                beyond.append((Axis.CONDITION, f"the Terms held ask for consent first ({condition.code})"))
        return not beyond, beyond, []

    def within_period(self, period: Period) -> Truth:
        return period_within(Period(end=self.scope.period.end), Period(end=period.end))


def effective_scope(rule: Rule) -> Scope:
    """The scope of a permission with the bounds that stand among its conditions."""
    scope = rule.scope
    if rule.action is Action.PRINT:
        scope = replace(scope, channels=frozenset({Channel.PRINT}))
    for condition in rule.bounding:
        if condition.code is ConditionCode.NONCOMMERCIAL:
            scope = replace(scope, commercial=False)
        elif condition.code is ConditionCode.CIRCULATION_CAP:
            cap = Cap(unit=QuantityUnit.COPIES, at_most=copies_of(condition) or 0)
            scope = replace(scope, caps=(*scope.caps, cap))
        elif condition.code is ConditionCode.EXCERPT_LIMIT and rule.action is Action.EXCERPT:
            limit = extent_of(condition) or Extent(unit=ExtentUnit.WORDS, at_most=0)
            scope = replace(scope, extents=(*scope.extents, limit))
        elif condition.code is ConditionCode.LICENSEE_CLASS:
            named = re.split(r"[\s,;]+", condition.parameter or "")
            kinds = frozenset(RequesterType(word) for word in named if word in set(RequesterType))
            scope = replace(scope, requesters=kinds)
    return scope


def level_of(rule_action: Action, facts: Facts) -> int | None:
    """0: the very action, print on paper included; 1: an action that includes it; None: another matter.

    A rule about print concerns copying on paper, wherever the channel may still turn out to be print.
    """
    action = facts.action
    if rule_action is action:
        return 0
    if rule_action is Action.PRINT:
        paper = Channel.PRINT in facts.channels
        return 0 if paper and action in (Action.REPUBLISH_FULL, Action.EXCERPT) else None
    return 1 if action in reach_of(rule_action) else None
