"""Default terms by source, arrangement and date, applied when a piece is registered and shown as applied."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from ledger.rights.bounds import ALWAYS, Period
from ledger.rights.pieces import Basis, Piece
from ledger.rights.terms import Origin, Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceProfile:
    """What usually holds for pieces from ``source_id`` (a party), under an arrangement such as "syndication"."""

    id: str
    source_id: str
    terms: tuple[Terms, ...]
    basis: Basis
    arrangement: str | None = None
    validity: Period = ALWAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """The piece with the defaults, the profile they came from (None: none fits), and the sentence that says so."""

    piece: Piece
    profile: SourceProfile | None
    sentence: str


def profile_for(
    profiles: Iterable[SourceProfile], source_id: str, arrangement: str | None, on: date
) -> SourceProfile | None:
    """The profile in force on the day; one for the very arrangement before a general one, the newest first."""
    fitting = [
        profile
        for profile in profiles
        if profile.source_id == source_id
        and profile.arrangement in (arrangement, None)
        and (profile.validity.start is None or profile.validity.start <= on)
        and (profile.validity.end is None or on <= profile.validity.end)
    ]
    order = [(p.arrangement is not None, p.validity.start or date.min, p.id) for p in fitting]
    return fitting[order.index(max(order))] if fitting else None


def apply_profile(
    profiles: Iterable[SourceProfile], piece: Piece, arrangement: str | None, on: date
) -> Applied:
    """Add the profile's Terms to the piece. A basis somebody already recorded is never overwritten."""
    source = piece.source.party
    profile = profile_for(profiles, source.id, arrangement, on) if source else None
    if source is None or profile is None:
        return Applied(piece=piece, profile=None, sentence="No source profile applies")
    known = {terms.id for terms in piece.terms}
    added = tuple(replace(t, origin=Origin.SOURCE_PROFILE) for t in profile.terms if t.id not in known)
    components = tuple(
        replace(component, basis=profile.basis) if component.basis is Basis.UNKNOWN else component
        for component in piece.components
    )
    return Applied(
        piece=replace(piece, terms=(*piece.terms, *added), components=components),
        profile=profile,
        sentence=f"{len(added)} default terms from the profile of {source.name}, applied on {on}",
    )
