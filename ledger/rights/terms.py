"""What a party has said about the use of a work: rules, each beside the words it was read from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from ledger.rights.codes import BOUNDING, ConditionCode
from ledger.rights.parties import Contact, Party
from ledger.rights.scope import ALWAYS, ANY_SCOPE, Period, Scope
from ledger.rights.uses import Action

__all__ = [
    "Action",
    "Condition",
    "ConditionCode",
    "ConditionScope",
    "ConflictStrategy",
    "Effect",
    "Ground",
    "Modality",
    "Origin",
    "Rule",
    "Span",
    "Target",
    "TargetKind",
    "Terms",
    "TermsKind",
    "Timing",
    "hash_of",
]


class Effect(StrEnum):
    PERMIT = "permit"
    RESERVE = "reserve"  # ask first
    PROHIBIT = "prohibit"


class Modality(StrEnum):
    MUST = "must"
    SHOULD = "should"
    MAY = "may"
    MUST_NOT = "must_not"


class Timing(StrEnum):
    BEFORE = "before"
    WITH = "with"
    AFTER = "after"


class ConditionScope(StrEnum):
    TEXT = "text"
    IMAGE = "image"
    ALL = "all"


class TermsKind(StrEnum):
    STANDING = "standing"  # to the public
    INBOUND = "inbound"  # to the publisher
    OUTBOUND = "outbound"  # from the publisher: what a letter grants


class ConflictStrategy(StrEnum):
    """ODRL 2.2, 3.2: which rule prevails when one Terms both permits and prohibits. The default makes it
    void."""

    INVALID = "invalid"
    PROHIBIT = "prohibit"
    PERMIT = "perm"


class TargetKind(StrEnum):
    COMPONENTS = "components"  # the named components
    PIECE = "piece"  # every component of the piece
    OWN_ARTICLES = "own_articles"  # whatever the assigner itself holds, site-wide


class Origin(StrEnum):
    """Which layer the Terms come from; two layers on one page are kept apart."""

    NOTICE = "notice"
    LICENCE = "licence"
    SITE_RULES = "site_rules"
    SOURCE_PROFILE = "source_profile"
    CONTRACT = "contract"
    CORRESPONDENCE = "correspondence"
    LETTER = "letter"
    STAFF = "staff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Where in a text something was read: character offsets [start, end), or a CSS selector, or both."""

    start: int | None = None
    end: int | None = None
    selector: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A duty that comes with a rule. ``parameter`` is the credit line, the number of days, the cap: free
    text."""

    code: ConditionCode
    modality: Modality = Modality.MUST
    timing: Timing = Timing.WITH
    parameter: str | None = None
    scope: ConditionScope = ConditionScope.ALL
    evidence: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One permission, reservation or prohibition. ``clause`` is its own sentence where the Terms have
    several.

    ``sublicence`` None means that nothing is said about passing the right on, which is a no.
    """

    effect: Effect
    action: Action
    scope: Scope = ANY_SCOPE
    conditions: tuple[Condition, ...] = ()
    contact: Contact | None = None
    clause: str | None = None
    evidence: Span | None = None
    sublicence: bool | None = None
    sublicensee: str | None = None  # the one party (id) the right may be passed on to; None: whomever
    bounding: tuple[Condition, ...] = field(init=False, repr=False, compare=False, default=())

    def __post_init__(self) -> None:
        """Pick out the duties that bound the permission; recommendations never do."""
        binding = (Modality.MUST, Modality.MUST_NOT)
        picked = tuple(c for c in self.conditions if c.code in BOUNDING and c.modality in binding)
        object.__setattr__(self, "bounding", picked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What the Terms are about. ``component_kinds`` (values of ComponentKind) narrows any kind; None is
    all kinds."""

    kind: TargetKind
    component_ids: tuple[str, ...] = ()
    component_kinds: frozenset[str] | None = None


def hash_of(clause: str) -> str:
    """SHA-256 of the clause in UTF-8, lower-case hexadecimal: proof that these were the words."""
    return hashlib.sha256(clause.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a reason rests on: the Terms, the rule in it (counted from 0), and the words themselves."""

    terms_id: str | None = None
    terms_kind: TermsKind | None = None
    terms_name: str | None = None
    assigner: str | None = None
    rule_index: int | None = None
    clause: str | None = None
    clause_sha256: str | None = None
    origin: Origin | None = None
    url: str | None = None
    claim_id: str | None = None
    assessment_id: str | None = None


Days = tuple[date, date]
"""The first and the last day on which Terms hold; the last before the first where they never do."""


def _days(validity: Period, revoked_on: date | None) -> Days | None:
    """None where they always hold."""
    if revoked_on is None and validity.start is None and validity.end is None:
        return None
    start, end = validity.start or date.min, validity.end or date.max
    if revoked_on is None or revoked_on > end:
        return start, end
    return (start, revoked_on - timedelta(days=1)) if revoked_on > start else (date.max, date.min)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """A set of rules by one assigner, with the verbatim clause. ``assignee`` None is everyone.

    ``clause_sha256`` is filled from the clause when left empty; a hash that does not match raises ValueError.
    """

    id: str
    kind: TermsKind
    assigner: Party
    target: Target
    clause: str
    rules: tuple[Rule, ...]
    assignee: Party | None = None
    validity: Period = ALWAYS
    clause_sha256: str = ""
    conflict: ConflictStrategy = ConflictStrategy.INVALID
    revoked_on: date | None = None
    origin: Origin = Origin.NOTICE
    name: str | None = None  # "CC BY-NC-ND 4.0", "Site rules"
    url: str | None = None
    language: str | None = None  # of the clause, BCP 47
    days: Days | None = field(init=False, repr=False, compare=False, default=None)
    _grounds: dict[int | None, Ground] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        digest = hash_of(self.clause)
        if self.clause_sha256 and self.clause_sha256 != digest:
            raise ValueError(f"terms {self.id}: the clause does not have the hash {self.clause_sha256}")
        object.__setattr__(self, "clause_sha256", digest)
        object.__setattr__(self, "days", _days(self.validity, self.revoked_on))

    def in_force(self, today: date) -> bool:
        """Within its validity and not revoked. A revocation takes effect on its day."""
        return self.days is None or self.days[0] <= today <= self.days[1]

    def ground(self, rule_index: int | None = None) -> Ground:
        """The Terms, or one rule of them, as the ground of a reason. Made once: fifty Terms are read in no
        time."""
        found = self._grounds.get(rule_index)
        if found is None:
            found = self._grounds[rule_index] = self._make_ground(rule_index)
        return found

    def _make_ground(self, rule_index: int | None) -> Ground:
        own = self.rules[rule_index].clause if rule_index is not None else None
        return Ground(
            terms_id=self.id,
            terms_kind=self.kind,
            terms_name=self.name,
            assigner=self.assigner.name,
            rule_index=rule_index,
            clause=own or self.clause,
            clause_sha256=hash_of(own) if own else self.clause_sha256,
            origin=self.origin,
            url=self.url,
        )
