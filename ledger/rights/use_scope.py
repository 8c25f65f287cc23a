"""A proposed use as a scope: what a grant of just that use would bound, and whether another use goes beyond it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ledger.rights.granting import reached
from ledger.rights.scope import Axis, Cap, Extent, Period, Scope
from ledger.rights.scope_algebra import shortfalls
from ledger.rights.uses import Duration, Exclusivity, ProposedUse, QuantityUnit


def scope_of(use: ProposedUse) -> Scope:
    """The scope of a use as asked: no axis wider than what the use says."""
    copies = sum(run.print_run or 0 for run in use.formats)
    caps = [Cap(unit=QuantityUnit.COPIES, at_most=copies)] if copies else []
    if use.audience and use.audience_unit:
        caps.append(Cap(unit=use.audience_unit, at_most=use.audience))
    extents = (Extent(unit=use.unit, at_most=use.quantity),) if use.unit and use.quantity else ()
    return Scope(
        channels=frozenset(use.channels),
        purposes=frozenset({use.purpose}) if use.purpose else None,
        commercial=use.is_commercial,
        products=frozenset({use.product}) if use.product else None,
        territory=use.territory or Scope().territory,
        languages=frozenset({use.language}) if use.language else None,
        period=Period(start=use.start, end=use.end),
        formats=frozenset(run.format for run in use.formats) or None,
        caps=tuple(caps),
        extents=extents,
        editions=frozenset({use.duration or Duration.ONE_TIME}),
        exclusive=use.exclusivity is Exclusivity.EXCLUSIVE,
    )


def beyond_asked(asked: ProposedUse, granted: ProposedUse) -> Iterator[tuple[Axis, str]]:
    """Every axis on which a use to be granted goes beyond the one that was asked for.

    What the asking left open bounds nothing here: a person settles it before granting. Exclusivity and
    sublicensing are never settled that way: unsaid, they were not asked for.
    """
    if asked.actions and (more := reached(granted.actions) - reached(asked.actions)):
        yield Axis.ACTION, f"{', '.join(sorted(more))} was not asked for"
    if granted.sublicensing and not asked.sublicensing:
        yield Axis.SUBLICENSING, "passing the right on was not asked for"
    scope = scope_of(asked)
    outer = replace(
        scope,
        channels=scope.channels or None,
        editions=scope.editions if asked.duration else None,
    )
    yield from shortfalls(outer, scope_of(granted))
