"""Correcting a piece: what stays the same keeps its identity.

A record read anew makes new components, claims and terms. Those that say what is on record already keep their id,
so that assessments, letters and claims filed since go on pointing at them; what a member of staff filed by hand,
imported or took over from an owner is never dropped by a correction of the record.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from ledger.rights.pieces import Claim, Component, Piece
from ledger.rights.terms import Origin, TargetKind, Terms

Row = TypeVar("Row", Claim, Terms)


@dataclass(frozen=True)
class Made:
    """The ids of claims and terms that the former confirmation made from the record."""

    claims: frozenset[str]
    terms: frozenset[str]

    def as_json(self) -> dict[str, list[str]]:
        """As it is noted beside the record."""
        return {"claims": sorted(self.claims), "terms": sorted(self.terms)}


@dataclass(frozen=True)
class Kept:
    """The corrected piece, and what in it was made from the record."""

    piece: Piece
    made: Made


def made_by(stored: Mapping[str, list[str]] | None, old: Piece) -> Made:
    """What a former confirmation made: as noted then, else what looks as if it had."""
    if stored is not None:
        return Made(frozenset(stored.get("claims", ())), frozenset(stored.get("terms", ())))
    claims = (each.id for each in old.claims if _read_from_page(each))
    terms = (each.id for each in old.terms if each.origin in (Origin.SITE_RULES, Origin.LICENCE))
    return Made(frozenset(claims), frozenset(terms))


def _read_from_page(claim: Claim) -> bool:
    evidence = claim.evidence
    return evidence is not None and (
        evidence.kind == "notice" or evidence.text.startswith("Stated on registration by ")
    )


def keep_identity(old: Piece, new: Piece, made: Made) -> Kept:
    """``new`` under the ids of ``old`` where it says the same, with what was filed by hand since."""
    ids = _same_components(old.components, new.components)
    components = tuple(replace(each, id=ids.get(each.id, each.id)) for each in new.components)
    claims = [_known_claim(_moved_claim(each, ids), old.claims) for each in new.claims]
    terms = [_known_terms(_moved_terms(each, ids), old.terms) for each in new.terms]
    on_record = {each.id for each in old.claims} | {each.id for each in old.terms}
    by_hand = on_record - made.claims - made.terms
    now = Made(
        frozenset(each.id for each in claims if each.id not in by_hand),
        frozenset(each.id for each in terms if each.id not in by_hand),
    )
    present = {each.id for each in components}
    claims += [each for each in old.claims if each.id in by_hand and each.component_id in present]
    # The defaults of a source are applied anew: the source may have been corrected.
    filed = (each for each in old.terms if each.origin is not Origin.SOURCE_PROFILE)
    terms += [each for each in filed if each.id in by_hand]
    piece = replace(
        new,
        components=components,
        claims=tuple(_once(claims)),
        terms=tuple(_once(terms)),
        assessments=old.assessments,
    )
    return Kept(piece, now)


def _same_components(old: Iterable[Component], new: Iterable[Component]) -> dict[str, str]:
    """New id to old id: the same kind and label first, then the same kind in order."""
    free, ids = list(old), {}
    waiting = list(new)
    for same in (lambda a, b: a.kind is b.kind and a.label == b.label, lambda a, b: a.kind is b.kind):
        for component in list(waiting):
            match = next((each for each in free if same(each, component)), None)
            if match is not None:
                ids[component.id] = match.id
                free.remove(match)
                waiting.remove(component)
    return ids


def _moved_claim(claim: Claim, ids: Mapping[str, str]) -> Claim:
    return replace(claim, component_id=ids.get(claim.component_id, claim.component_id))


def _moved_terms(terms: Terms, ids: Mapping[str, str]) -> Terms:
    if terms.target.kind is not TargetKind.COMPONENTS:
        return terms
    there = tuple(ids.get(each, each) for each in terms.target.component_ids)
    return replace(terms, target=replace(terms.target, component_ids=there))


def _known_claim(claim: Claim, old: Iterable[Claim]) -> Claim:
    return next((each for each in old if _claim_says(each) == _claim_says(claim)), claim)


def _claim_says(claim: Claim) -> tuple[object, ...]:
    words = claim.evidence.text if claim.evidence else None
    return claim.party.id, claim.role, claim.component_id, claim.valid_from, claim.valid_to, words


def _known_terms(terms: Terms, old: Iterable[Terms]) -> Terms:
    """The same terms as on record, ended ones too: a correction does not bring them back to life."""
    return next((each for each in old if _terms_say(each) == _terms_say(terms)), terms)


def _terms_say(terms: Terms) -> tuple[object, ...]:
    return terms.clause_sha256, terms.assigner.id, terms.kind, terms.target, terms.rules


def _once(rows: Iterable[Row]) -> list[Row]:
    return list({each.id: each for each in rows}.values())
