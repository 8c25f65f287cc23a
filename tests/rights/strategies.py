"""Generated pieces, terms, uses and grants: a small world, so that rules meet, clash and miss each other often.

Hypothesis draws a seed and the world is built from it: a piece takes hundreds of choices, and drawing each of
them singly would make the long run last hours.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

from hypothesis import strategies as st

from ledger.rights.bounds import Period, Territory
from ledger.rights.codes import ConditionCode
from ledger.rights.exceptions import Assessment, Regime
from ledger.rights.grants import Grant
from ledger.rights.pieces import Claim, ClaimRole, Evidence, Piece, PublicDomain
from ledger.rights.policies import condition_of
from ledger.rights.scope import Cap, Scope
from ledger.rights.terms import (
    Action,
    Condition,
    ConflictStrategy,
    Effect,
    Rule,
    Target,
    TargetKind,
    Terms,
    TermsKind,
)
from ledger.rights.uses import (
    Access,
    Channel,
    DigitalChannel,
    Duration,
    ExtentUnit,
    Format,
    FormatRun,
    Modification,
    Monetisation,
    ProposedUse,
    Purpose,
    QuantityUnit,
    RequesterType,
)
from tests.rights.build import HARBOUR, LANTERN, READER, TEXT, TODAY

C = ConditionCode
ACTIONS = [Action.REPUBLISH_FULL, Action.EXCERPT, Action.TRANSLATE, Action.SELL]
RULE_ACTIONS = [*ACTIONS, Action.PRINT]
CHANNELS = [Channel.COMMUNITY_SITE, Channel.COMMERCIAL_SITE, Channel.PRINT, Channel.EMAIL]
COUNTRIES = ["CA", "DE", "US"]
LANGUAGES = ["en", "fr", "fr-CA"]
DAYS = [date(2026, 1, 1), date(2026, 12, 1), date(2027, 6, 1), date(2028, 1, 1)]
PARTIES = [HARBOUR, LANTERN, READER]
seeds = st.integers(0, 2**63 - 1)


def drawn(build: Callable[..., Any], **fixed: Any) -> st.SearchStrategy[Any]:
    """A strategy for what ``build`` makes from a random source."""
    return seeds.map(lambda seed: build(Random(seed), **fixed))


def subset(r: Random, values: list[Any]) -> frozenset[Any]:
    return frozenset(r.sample(values, r.choice([1, 1, 2])))


def maybe(r: Random, build: Callable[[], Any]) -> Any:
    """Unbounded more often than bounded: rules bounded everywhere never meet."""
    return build() if r.random() < 0.3 else None


def period(r: Random) -> Period:
    one, other = maybe(r, lambda: r.choice(DAYS)), maybe(r, lambda: r.choice(DAYS))
    if one and other and other < one:
        one, other = other, one
    return Period(start=one, end=other)


def territory(r: Random) -> Territory:
    return Territory(
        included=maybe(r, lambda: subset(r, COUNTRIES)),
        excluded=maybe(r, lambda: subset(r, COUNTRIES)) or frozenset(),
    )


def scope(r: Random, exclusive: bool = False) -> Scope:
    return Scope(
        channels=maybe(r, lambda: subset(r, CHANNELS)),
        purposes=maybe(r, lambda: subset(r, [Purpose.NEWS, Purpose.EDUCATION])),
        commercial=maybe(r, lambda: r.random() < 0.5),
        requesters=maybe(r, lambda: subset(r, [RequesterType.STUDENT, RequesterType.COMPANY])),
        territory=territory(r) if r.random() < 0.3 else Territory(),
        languages=maybe(r, lambda: subset(r, LANGUAGES)),
        period=period(r) if r.random() < 0.3 else Period(),
        formats=maybe(r, lambda: subset(r, [Format.PAPERBACK, Format.EBOOK])),
        caps=(Cap(unit=QuantityUnit.COPIES, at_most=100),) if r.random() < 0.2 else (),
        editions=maybe(r, lambda: subset(r, [Duration.ONE_TIME, Duration.CURRENT_EDITION])),
        exclusive=exclusive and r.random() < 0.5,
    )


CONDITIONS: list[Condition] = [
    condition_of(C.CREDIT_AUTHOR),
    condition_of(C.NO_EDITS),
    condition_of(C.NO_PAYWALL),
    condition_of(C.NO_RESALE),
    condition_of(C.NONCOMMERCIAL),
    condition_of(C.PRIOR_PERMISSION),
    condition_of(C.COMMERCIAL_ASK),
    condition_of(C.LICENSEE_CLASS, "student"),
    condition_of(C.EXCERPT_LIMIT, "50 words"),
    condition_of(C.CIRCULATION_CAP, "200"),
    condition_of(C.FEE, "EUR 20"),
]


def rule(r: Random, effects: tuple[Effect, ...] = tuple(Effect)) -> Rule:
    effect = r.choice(effects)
    bound = Scope() if r.random() < 0.5 else scope(r)
    conditions = tuple(r.sample(CONDITIONS, r.choice([0, 0, 1, 2]))) if effect is Effect.PERMIT else ()
    return Rule(
        effect=effect,
        action=r.choice(RULE_ACTIONS),
        scope=bound,
        conditions=conditions,
        sublicence=r.choice([None, True, True, False]),
    )


KINDS = [TermsKind.STANDING, TermsKind.STANDING, TermsKind.OUTBOUND, TermsKind.INBOUND]
ASSIGNEES = {TermsKind.STANDING: None, TermsKind.OUTBOUND: READER, TermsKind.INBOUND: HARBOUR}


def terms(r: Random, number: int = 1) -> Terms:
    kind, by = r.choice(KINDS), r.choice(PARTIES)
    return Terms(
        id=f"tm_{number}",
        kind=kind,
        assigner=by,
        assignee=ASSIGNEES[kind],
        target=Target(kind=TargetKind.PIECE),
        clause=f"Terms of {by.name}",
        rules=tuple(rule(r) for _ in range(r.choice([1, 1, 2, 3]))),
        validity=period(r) if r.random() < 0.25 else Period(),
        conflict=r.choice(list(ConflictStrategy)),
    )


def claim(r: Random) -> Claim:
    who = r.choice(PARTIES)
    role = r.choice([ClaimRole.HOLDER, ClaimRole.HOLDER, ClaimRole.AGENT, ClaimRole.LICENSEE])
    return Claim(
        id=f"cl_{who.id}_{role}",
        party=who,
        role=role,
        component_id=TEXT.id,
        evidence=Evidence(text=f"© {who.name}") if r.random() < 0.7 else None,
        principal=r.choice([HARBOUR.id, LANTERN.id]) if role is ClaimRole.AGENT else None,
        valid_to=r.choice(DAYS) if r.random() < 0.3 else None,
    )


def piece(r: Random, public_domain: bool = False) -> Piece:
    text = TEXT
    if public_domain and r.random() < 0.3:
        text = replace(TEXT, public_domain=PublicDomain(territory=territory(r), ground="too old"))
    claims = (_holder(r.choice([HARBOUR, LANTERN])),)
    if r.random() < 0.4:
        claims = tuple(claim(r) for _ in range(r.choice([0, 1, 2, 2])))
    return Piece(
        id="pc_1",
        publisher=HARBOUR,
        title="The quay at night",
        components=(text,),
        claims=claims,
        terms=tuple(terms(r, number) for number in range(r.choice([0, 1, 1, 2, 3, 4]))),
    )


def licensed(r: Random) -> Piece:
    """A piece whose publisher is, more often than not, a licensee of the holder."""
    made = piece(r)
    if r.random() < 0.3:
        return made
    inbound = Terms(
        id="tm_in",
        kind=TermsKind.INBOUND,
        assigner=LANTERN,
        assignee=HARBOUR,
        target=Target(kind=TargetKind.PIECE),
        clause="The Lantern lets Harbour Review use this text.",
        rules=tuple(
            rule(r, (Effect.PERMIT, Effect.PERMIT, Effect.RESERVE)) for _ in range(r.choice([1, 1, 2]))
        ),
    )
    return replace(made, claims=(_holder(LANTERN),), terms=(inbound,))


def _holder(who: Any) -> Claim:
    return Claim(
        id=f"cl_{who.id}",
        party=who,
        role=ClaimRole.HOLDER,
        component_id=TEXT.id,
        evidence=Evidence(text=f"© {who.name}"),
    )


PAPERBACK = (FormatRun(format=Format.PAPERBACK, print_run=50),)
EBOOK = (FormatRun(format=Format.EBOOK, print_run=900),)
FACTS: dict[str, list[Any]] = {
    "channels": [(channel,) for channel in CHANNELS],
    "is_commercial": [True, False],
    "purpose": [Purpose.NEWS, Purpose.EDUCATION, Purpose.OTHER],
    "requester_type": [RequesterType.STUDENT, RequesterType.COMPANY],
    "territory": [territory(Random(number)) for number in range(12)],
    "language": [*LANGUAGES, "de"],
    "start": DAYS,
    "end": DAYS,
    "duration": [duration for duration in Duration if duration is not Duration.PERPETUAL],
    "quantity": [10, 60, 500],
    "formats": [PAPERBACK, EBOOK],
    "modification": [Modification.NONE, Modification.MINOR_EDITS],
    "monetisation": [Monetisation.NONE, Monetisation.ADJACENT_ADS, Monetisation.RESALE],
    "access": list(Access),
}
"""The facts of a use that may be unknown, and what they may turn out to be."""


def use(r: Random) -> ProposedUse:
    known = r.random()  # how much is stated differs from use to use
    values = {name: r.choice(found) if r.random() < known else None for name, found in FACTS.items()}
    values["channels"] = values["channels"] or ()
    values["formats"] = values["formats"] or ()
    if values["start"] and values["end"] and values["end"] < values["start"]:
        values["start"], values["end"] = values["end"], values["start"]
    website = not values["channels"] and r.random() < 0.4
    return ProposedUse(
        **values,
        actions=tuple(r.sample(ACTIONS, r.choice([1, 1, 2]))),
        unit=ExtentUnit.WORDS,
        licensee=r.choice([None, READER.id]),
        digital_channels=(DigitalChannel.PUBLIC_WEBSITE,) if website else (),
    )


def resolved(r: Random, stated: ProposedUse) -> ProposedUse:
    """The same use with some of the unstated facts made known, consistent with what it does state."""
    found = {
        name: r.choice(values)
        for name, values in FACTS.items()
        if getattr(stated, name) in (None, ()) and r.random() < 0.5
    }
    if "channels" in found and stated.digital_channels:
        found["channels"] = r.choice([(Channel.COMMUNITY_SITE,), (Channel.COMMERCIAL_SITE,)])
    start, end = found.get("start", stated.start), found.get("end", stated.end)
    if (start and end and end < start) or (end and end < TODAY):  # a use that is to come has not ended
        found.pop("start", None)
        found.pop("end", None)
    return replace(stated, **found)


def grant(r: Random, exclusive: bool = False) -> Grant:
    return Grant(
        id=f"gr_{r.randrange(10**9)}",
        piece_id="pc_1",
        grantor=r.choice([HARBOUR, HARBOUR, LANTERN]),
        assignee=READER,
        component_ids=(TEXT.id,),
        actions=subset(r, ACTIONS),
        scope=scope(r, exclusive),
        conditions=tuple(CONDITIONS),
        letter=f"HARBOUR-2026-{r.randrange(10**6):06}",
    )


def assessment(component_id: str = TEXT.id) -> Assessment:
    return Assessment(
        id="as_1",
        component_id=component_id,
        regime=Regime.US_FAIR_USE,
        provision="17 U.S.C. § 107",
        jurisdiction="US",
        assessor="Ines Okafor",
        assessor_role="editor",
        made_on=date(2026, 10, 1),
        work_sha256=None,
        purpose="news commentary",
        findings=(),
        conclusion="We rely on it for our own page.",
    )


def plain(r: Random) -> Piece:
    """One holder and one or two permissions to the public: what is permitted here is permitted by one of them."""
    written = tuple(
        Terms(
            id=f"tm_{number}",
            kind=TermsKind.STANDING,
            assigner=HARBOUR,
            target=Target(kind=TargetKind.PIECE),
            clause="As follows.",
            rules=(
                Rule(
                    effect=Effect.PERMIT,
                    action=r.choice(ACTIONS),
                    scope=one_axis(r),
                    conditions=tuple(r.sample(CONDITIONS, r.choice([0, 1, 1, 2]))),
                ),
            ),
        )
        for number in range(r.choice([1, 1, 2]))
    )
    return Piece(
        id="pc_1",
        publisher=HARBOUR,
        title="The quay at night",
        components=(TEXT,),
        claims=(_holder(HARBOUR),),
        terms=written,
    )


def one_axis(r: Random) -> Scope:
    """A scope that is bounded on one axis, or on none."""
    bounds: list[dict[str, Any]] = [
        {},
        {"channels": subset(r, CHANNELS)},
        {"commercial": r.random() < 0.5},
        {"purposes": subset(r, [Purpose.NEWS, Purpose.EDUCATION])},
        {"territory": Territory(excluded=subset(r, COUNTRIES))},
        {"territory": Territory(included=frozenset(COUNTRIES), excluded=subset(r, COUNTRIES))},
        {"period": Period(end=r.choice(DAYS))},
        {"caps": (Cap(unit=QuantityUnit.COPIES, at_most=100),)},
        {"editions": frozenset({Duration.ONE_TIME})},
    ]
    return Scope(**r.choice(bounds))


def full_use(r: Random) -> ProposedUse:
    """One action on one channel with nearly every fact stated: what a permission can be held against."""
    values = {name: r.choice(found) if r.random() < 0.9 else None for name, found in FACTS.items()}
    values["channels"], values["formats"] = values["channels"] or (), values["formats"] or ()
    if values["start"] and values["end"] and values["end"] < values["start"]:
        values["start"], values["end"] = values["end"], values["start"]
    return ProposedUse(**values, actions=(r.choice(ACTIONS),), unit=ExtentUnit.WORDS)


def neighbours(r: Random) -> tuple[Scope, Scope]:
    """Two scopes that differ on one axis at most: inclusion turns on that axis alone."""
    outer = scope(r)
    names = [name for name in Scope.__dataclass_fields__ if name not in ("bounds", "exclusive")]
    name = r.choice(names)
    return outer, replace(outer, **{name: getattr(scope(r), name)})


randoms = seeds.map(Random)
plain_pieces = drawn(plain)
full_uses = drawn(full_use)
neighbouring_scopes = drawn(neighbours)
pieces = drawn(piece)
licensed_pieces = drawn(licensed)
pieces_maybe_free = drawn(piece, public_domain=True)
uses = drawn(use)
scopes = drawn(scope)
territories = drawn(territory)
grants = drawn(grant)
exclusive_grants = drawn(grant, exclusive=True)
prohibitions = drawn(rule, effects=(Effect.PROHIBIT,))
