"""Who may grant. Yes only as holder, as agent with a mandate, or as licensee whose inbound Terms allow
passing the
right on for every axis of what is wanted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ledger.rights.bounds import Period
from ledger.rights.codes import ConditionCode
from ledger.rights.matching import Truth
from ledger.rights.parties import Party
from ledger.rights.pieces import Claim, Component, Piece
from ledger.rights.scope import Axis, Scope
from ledger.rights.terms import Condition, Effect, Ground, Modality, Rule, Terms
from ledger.rights.title import Standing, covers, last_day_of, proven_holders, standing_of
from ledger.rights.uses import Action, ProposedUse
from ledger.rights.wanted import Wanted, WantedScope, WantedUse, pairs_of

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


class Authorised(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One link of the chain that proves authority, nearest the holder last."""

    party: Party
    role: str  # holder, agent, licensee
    sentence: str
    ground: Ground | None = None
    claim_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """Where authority ends: the axis and one line."""

    axis: Axis
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    verdict: Authorised
    chain: tuple[Link, ...] = ()
    shortfall: tuple[Shortfall, ...] = ()
    unknown_facts: tuple[str, ...] = ()
    duties: tuple[Condition, ...] = ()  # what a licensee is bound to, and those it licenses with it


SPEAKERS = frozenset({Standing.HOLDER, Standing.AGENT})
ORDER = {Authorised.NO: 0, Authorised.UNKNOWN: 1, Authorised.YES: 2}


def may_grant(party: Party, piece: Piece, component: Component, use: ProposedUse, today: date) -> Authority:
    """Whether ``party`` may grant ``use`` of the component today, on what chain, or where it falls short."""
    wanted = [WantedUse(use, component, action, channel, today) for action, channel in pairs_of(use)]
    return _joined([authority_over(party, piece, component, one, today) for one in wanted])


def may_grant_scope(
    party: Party,
    piece: Piece,
    component: Component,
    actions: frozenset[Action],
    scope: Scope,
    today: date,
    licensee: str | None = None,
) -> Authority:
    """The same for a whole scope, as a grant gives it to ``licensee`` (id): set inclusion on every axis."""
    wanted = [WantedScope(action, scope, component, licensee) for action in sorted(actions)]
    return _joined([authority_over(party, piece, component, one, today) for one in wanted])


def authority_over(
    party: Party,
    piece: Piece,
    component: Component,
    wanted: Wanted,
    today: date,
    seen: frozenset[str] = frozenset(),
) -> Authority:
    """One action, one channel. ``seen`` holds the parties already in the chain: a circle proves nothing."""
    standing, claim = standing_of(party, piece, component, today)
    if claim is not None and standing in SPEAKERS:
        until = last_day_of(claim, piece, component, today)
        holders = proven_holders(piece, component, today) if standing is Standing.AGENT else ()
        return _by_claim(claim, until, [c for c in holders if c.party.id == claim.principal], wanted)
    if standing is Standing.LICENSEE and party.id not in seen:
        return _by_licence(party, piece, component, wanted, today, seen | {party.id})
    if standing is Standing.UNPROVEN:
        message = f"{party.name} claims this component, but nothing on record shows it is the only holder"
        return _short(Authorised.UNKNOWN, Axis.TITLE, message)
    return _short(Authorised.NO, Axis.TITLE, f"{party.name} has no claim to this component on record")


def _by_claim(claim: Claim, until: date | None, behind: list[Claim], wanted: Wanted) -> Authority:
    """As holder, or as its agent; ``behind`` are the claims of the holder that an agent speaks for."""
    truth = wanted.within_period(Period(end=until))
    if truth is not True:
        verdict = Authorised.UNKNOWN if truth is None else Authorised.NO
        unknown = ("end",) if truth is None else ()
        return _short(verdict, Axis.PERIOD, f"the claim of {claim.party.name} ends on {until}", unknown)
    return Authority(verdict=Authorised.YES, chain=tuple(_link(each) for each in (claim, *behind[:1])))


def _link(claim: Claim) -> Link:
    name, role = claim.party.name, claim.role.value
    evidence = claim.evidence.text if claim.evidence else ""
    return Link(
        party=claim.party,
        role=role,
        sentence=f"{name} is the {role}, as shown by: “{evidence}”",
        ground=Ground(claim_id=claim.id, assigner=name, clause=evidence),
        claim_id=claim.id,
    )


def _by_licence(
    party: Party, piece: Piece, component: Component, wanted: Wanted, today: date, seen: frozenset[str]
) -> Authority:
    inbound = [
        terms
        for terms in piece.terms
        if terms.assignee is not None
        and terms.assignee.id == party.id
        and covers(terms, component)
        and terms.in_force(today)
    ]
    if not inbound:
        message = f"{party.name} is a licensee, but no inbound Terms in force are on record"
        return _short(Authorised.UNKNOWN, Axis.TITLE, message)
    kept = [(terms, *_kept_back(terms, wanted)) for terms in inbound]
    for terms, truth, _facts in kept:  # what one agreement keeps back, another does not give
        if truth:
            message = f"{terms.assigner.name} keeps {wanted.words} to itself"
            return _short(Authorised.NO, Axis.ACTION, message)
    found = [_through(party, terms, piece, component, wanted, today, seen) for terms in inbound]
    best = max(found, key=lambda a: (ORDER[a.verdict], -len(a.shortfall)))
    unsure = [fact for _terms, truth, facts in kept if truth is None for fact in facts]
    if unsure and best.verdict is Authorised.YES:
        message = f"{inbound[0].assigner.name} may keep {wanted.words} to itself"
        return _short(Authorised.UNKNOWN, Axis.ACTION, message, tuple(unsure))
    return best


def _kept_back(terms: Terms, wanted: Wanted) -> tuple[Truth, list[str]]:
    """Whether a rule that reserves or prohibits touches what is wanted, and the facts on which that turns."""
    verdict: Truth = False
    unsure: list[str] = []
    for rule in terms.rules:
        if rule.effect is Effect.PERMIT or not wanted.concerns(rule.action):
            continue
        touched, facts = wanted.touches(rule)
        if touched:
            return True, []
        if touched is None:
            verdict = None
            unsure += facts
    return verdict, unsure


def _through(
    party: Party,
    terms: Terms,
    piece: Piece,
    component: Component,
    wanted: Wanted,
    today: date,
    seen: frozenset[str],
) -> Authority:
    """What one inbound Terms lets the party pass on, and whether its assigner could give that much."""
    here, index = _permission_to_pass_on(terms, wanted)
    if here.verdict is Authorised.NO:
        return here
    above = authority_over(terms.assigner, piece, component, wanted, today, seen)
    link = Link(
        party=party,
        role=Standing.LICENSEE.value,
        sentence=f"{terms.assigner.name} licensed {party.name} and allowed it to pass the right on",
        ground=terms.ground(index),
    )
    if above.verdict is not Authorised.YES:
        return Authority(
            verdict=above.verdict,
            shortfall=here.shortfall + above.shortfall,
            unknown_facts=here.unknown_facts + above.unknown_facts,
        )
    if above.chain[0].role == Standing.LICENSEE.value:
        once = above.chain[0].party.name
        message = f"{once} was allowed to pass the right on once; nothing says that it goes further"
        return _short(Authorised.UNKNOWN, Axis.SUBLICENSING, message)
    if here.verdict is not Authorised.YES or index is None:
        return here
    binding = (Modality.MUST, Modality.MUST_NOT)
    duties = tuple(
        c for c in terms.rules[index].conditions if c.modality in binding and c.code not in NOT_CARRIED
    )
    return Authority(verdict=Authorised.YES, chain=(link, *above.chain), duties=duties)


def _permission_to_pass_on(terms: Terms, wanted: Wanted) -> tuple[Authority, int | None]:
    """The best that any one rule of the Terms gives."""
    name = terms.assigner.name
    best, at = _short(Authorised.NO, Axis.ACTION, f"{name} did not license {wanted.words}"), None
    for index, rule in enumerate(terms.rules):
        if rule.effect is Effect.PERMIT and wanted.concerns(rule.action):
            reached = _passed_on_by(rule, terms, wanted)
            if at is None or _rank(reached) > _rank(best):
                best, at = reached, index
    return best, at


def _passed_on_by(rule: Rule, terms: Terms, wanted: Wanted) -> Authority:
    """What one permission lets its licensee pass on."""
    if not sublicence_allowed(rule.sublicence):
        message = f"{terms.assigner.name} did not allow the right to be passed on"
        return _short(Authorised.NO, Axis.SUBLICENSING, message)
    if rule.sublicensee is not None and rule.sublicensee != wanted.licensee:
        message = f"{terms.assigner.name} allowed the right to be passed on to another party only"
        return _short(Authorised.NO, Axis.SUBLICENSING, message)
    truth, beyond, unknown = wanted.lies_within(rule, terms)
    return Authority(
        verdict={True: Authorised.YES, False: Authorised.NO, None: Authorised.UNKNOWN}[truth],
        shortfall=tuple(Shortfall(axis=axis, message=message) for axis, message in beyond),
        unknown_facts=tuple(unknown) if truth is None else (),
    )


def _rank(reached: Authority) -> tuple[int, int]:
    """Better verdicts first, then the smaller shortfall."""
    return ORDER[reached.verdict], -len(reached.shortfall)


def sublicence_allowed(said: bool | None) -> bool:
    """Only what is said counts: silence about passing a right on is a no."""
    return said is True


def _short(verdict: Authorised, axis: Axis, message: str, unknown: tuple[str, ...] = ()) -> Authority:
    shortfall = (Shortfall(axis=axis, message=message),)
    return Authority(verdict=verdict, shortfall=shortfall, unknown_facts=unknown)


def _joined(parts: list[Authority]) -> Authority:
    """Every part of the use must be covered; the weakest part decides."""
    if not parts:
        return _short(Authorised.UNKNOWN, Axis.ACTION, "the use does not say what is to be done")
    verdict = min((part.verdict for part in parts), key=lambda v: ORDER[v])
    chains = dict.fromkeys(link for part in parts for link in part.chain)
    return Authority(
        verdict=verdict,
        chain=tuple(chains) if verdict is Authorised.YES else (),
        shortfall=tuple(dict.fromkeys(s for part in parts for s in part.shortfall)),
        unknown_facts=tuple(dict.fromkeys(f for part in parts for f in part.unknown_facts)),
    )
