"""One use against fifty Terms; growth with the Terms that cover the component, and not with those that do not.

Prints the time of one evaluation and ratios; run by ``make bench``. The machine's own speed is printed beside it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from ledger.rights.evaluation import evaluate
from ledger.rights.parties import Party
from ledger.rights.pieces import Basis, Claim, ClaimRole, Component, ComponentKind, Evidence, Piece
from ledger.rights.policies import condition_of
from ledger.rights.scope import Scope
from ledger.rights.terms import (
    Action,
    ConditionCode,
    Effect,
    Rule,
    Target,
    TargetKind,
    Terms,
    TermsKind,
)
from ledger.rights.use_reader import read_use
from ledger.rights.uses import Channel, ProposedUse
from tests.bench import goals

TODAY = date(2026, 11, 22)
HOLDER = Party(id="pa_1", name="Harbour Review")
TEXT = Component(id="co_1", kind=ComponentKind.TEXT, basis=Basis.OWN, words=1000)
PHOTO = Component(id="co_2", kind=ComponentKind.PHOTOGRAPH)
CHANNELS = list(Channel)
GOAL_MICROSECONDS = 200


def _terms(number: int, component_id: str) -> Terms:
    """A permission on one channel, without commerce, with two conditions: the shape of a site's rules."""
    rule = Rule(
        effect=Effect.PERMIT,
        action=Action.REPUBLISH_FULL,
        scope=Scope(channels=frozenset({CHANNELS[number % len(CHANNELS)]}), commercial=False),
        conditions=(condition_of(ConditionCode.CREDIT_AUTHOR), condition_of(ConditionCode.NO_PAYWALL)),
    )
    return Terms(
        id=f"tm_{number}",
        kind=TermsKind.STANDING,
        assigner=HOLDER,
        target=Target(kind=TargetKind.COMPONENTS, component_ids=(component_id,)),
        clause=f"Clause {number}.",
        rules=(rule,),
    )


def piece_with(covering: int, elsewhere: int = 0) -> Piece:
    claim = Claim(
        id="cl_1",
        party=HOLDER,
        role=ClaimRole.HOLDER,
        component_id="co_1",
        evidence=Evidence(text="© Harbour"),
    )
    terms = [_terms(number, "co_1") for number in range(covering)]
    terms += [_terms(1000 + number, "co_2") for number in range(elsewhere)]
    return Piece(
        id="pc_1",
        publisher=HOLDER,
        title="t",
        components=(TEXT, PHOTO),
        claims=(claim,),
        terms=tuple(terms),
    )


def microseconds(act: Callable[[], object], rounds: int = 9, repeat: int = 60) -> float:
    """The best of several rounds, in time of this process alone: other work on the machine does not count."""
    act()
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        for _ in range(repeat):
            act()
        best = min(best, (time.process_time() - start) / repeat)
    return best * 1e6


def yardstick() -> float:
    """Fifty thousand additions: how fast this core is just now."""
    return microseconds(lambda: sum(number for number in range(50_000)), rounds=5, repeat=3)


def naive(piece: Piece, use: ProposedUse) -> list[Terms]:
    """The opponent: copy each Terms and compare every axis, as a reading without any preparation does."""
    found = []
    for terms in piece.terms:
        copy = replace(terms)
        for rule in copy.rules:
            scope = rule.scope
            holds = rule.action in use.actions and (
                scope.channels is None or set(use.channels) <= scope.channels
            )
            if holds and (scope.commercial is None or use.is_commercial is scope.commercial):
                found.append(copy)
    return found


def main() -> None:
    use = read_use(
        {"action": "republish_full", "channel": "community_site", "is_commercial": False, "territory": "CA"}
    )
    measured = {n: piece_with(n) for n in (25, 50, 100)}
    times = {n: microseconds(lambda p=p: evaluate(p, TEXT, use, TODAY)) for n, p in measured.items()}  # type: ignore[misc]
    beside = piece_with(50, elsewhere=500)
    with_others = microseconds(lambda: evaluate(beside, TEXT, use, TODAY), repeat=20)
    opponent = microseconds(lambda: naive(measured[50], use))
    print(f"yardstick: 50,000 additions take {yardstick():.0f} us on this core")
    goals.at_most("one use against 50 terms", times[50], GOAL_MICROSECONDS, unit=" us")
    goals.no_goal("one use, 50 terms against 25", times[50] / times[25])
    goals.no_goal("one use, 100 terms against 50", times[100] / times[50])
    each = (with_others - times[50]) / 500
    share = each / (times[50] / 50)
    goals.no_goal("a Terms about another component against one that covers it", share, f"{each:.2f} us")
    goals.no_goal("one use against a naive reading without reasons", times[50] / opponent)


if __name__ == "__main__":
    main()
