"""From matched rules to what the Terms may mean: sets of possible verdicts, so that the unknown stays
unknown."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

from ledger.rights.terms import ConflictStrategy, Effect


class Verdict(IntEnum):
    """Ordered by strictness: joining two Terms of one tier takes the greater."""

    NONE = 0
    PERMIT = 1
    RESERVE = 2
    CLASH = 3
    PROHIBIT = 4


Possible = frozenset[Verdict]
"""Everything that the verdict may turn out to be once the unstated facts are known."""

SILENT: Possible = frozenset({Verdict.NONE})
BIT = {Verdict.PERMIT: 1, Verdict.RESERVE: 2, Verdict.PROHIBIT: 4}
OF_EFFECT = {
    Effect.PERMIT: Verdict.PERMIT,
    Effect.RESERVE: Verdict.RESERVE,
    Effect.PROHIBIT: Verdict.PROHIBIT,
}


def verdict_of(mask: int, strategy: ConflictStrategy) -> Verdict:
    """What one Terms says when exactly the rules of ``mask`` apply.

    Permitting and prohibiting the same thing is a clash, and the Terms are void for it, unless they name a
    strategy
    (ODRL Information Model 2.2, 3.2). A reservation beside a permission is no clash: it is the exception
    to it.
    """
    permits, prohibits = mask & 1, mask & 4
    if permits and prohibits and strategy is ConflictStrategy.INVALID:
        return Verdict.CLASH
    if prohibits and not (permits and strategy is ConflictStrategy.PERMIT):
        return Verdict.PROHIBIT
    if mask & 2:
        return Verdict.RESERVE
    return Verdict.PERMIT if permits else Verdict.NONE


def possible_of(rules: Iterable[Possible], strategy: ConflictStrategy) -> Possible:
    """Every verdict that rules of one Terms may come to, each rule being any of its own possibilities."""
    masks = {0}
    for kinds in rules:
        masks = {mask | BIT.get(kind, 0) for mask in masks for kind in kinds}
    return frozenset(verdict_of(mask, strategy) for mask in masks)


def specific_first(exact: Possible, broader: Possible) -> Possible:
    """A rule about the very action prevails over one that only includes it."""
    if Verdict.NONE not in exact:
        return exact
    return (exact - SILENT) | broader


def strictest(first: Possible, second: Possible) -> Possible:
    """Two Terms of one tier: never merged, the stricter verdict wins."""
    if first is second and len(first) == 1:
        return first
    return frozenset(max(a, b) for a in first for b in second)
