"""Components that the record marks apart from the text: each with its own holder, licence and status.

A licence mark on a picture is a statement by whoever holds the picture. Where nobody says who that is, the mark is
kept as the component's notice, and the title stays unknown.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ledger.desk.register.registration import Registration, names
from ledger.ids import new_id
from ledger.rights.licences import Licence, LicenceCode
from ledger.rights.parties import Party, PartyKind
from ledger.rights.pieces import Basis, Claim, ClaimRole, Component, ComponentKind, Evidence, PublicDomain
from ledger.rights.presets import licence_from_text, terms_of
from ledger.rights.public_domain import COUNTRIES_WITH_A_RULE, WorkFacts, public_domain_of
from ledger.rights.scope import WORLD
from ledger.rights.terms import Target, TargetKind, Terms


@dataclass(frozen=True)
class Parts:
    """Components with the claims and terms that came with them."""

    components: tuple[Component, ...] = ()
    claims: tuple[Claim, ...] = ()
    terms: tuple[Terms, ...] = ()


def parts_of(registration: Registration) -> Parts:
    """Every component of the record but the text."""
    found = [_part(registration, each) for each in registration.record.get("components") or []]
    return Parts(
        tuple(component for part in found for component in part.components),
        tuple(claim for part in found for claim in part.claims),
        tuple(terms for part in found for terms in part.terms),
    )


def _part(registration: Registration, given: Mapping[str, Any]) -> Parts:
    licence = licence_from_text(given.get("licence") or "")
    component = Component(
        id=new_id("co"),
        kind=ComponentKind(given["kind"]),
        label=given.get("label"),
        credit=given.get("credit"),
        notice=given.get("notice") or _mark(given.get("licence"), licence),
    )
    evidence = _evidence(registration, given)
    free = public_status(registration, component.kind, given.get("public_domain"), licence, evidence)
    if free is not None:
        component = replace(component, basis=Basis.PUBLIC_DOMAIN, public_domain=free)
    holder = _holder(registration, given.get("holder"))
    if holder is None:
        return Parts((component,))
    role = ClaimRole.HOLDER
    claim = Claim(id=new_id("cl"), party=holder, role=role, component_id=component.id, evidence=evidence)
    if free is not None:  # free somewhere, or said to be; elsewhere the holder is the one to ask
        basis = Basis.PUBLIC_DOMAIN
    elif holder.id == registration.publisher.id:
        basis = Basis.OWN
    else:
        basis = Basis.STANDING_TERMS if licence else Basis.UNKNOWN
    target = Target(kind=TargetKind.COMPONENTS, component_ids=(component.id,))
    grants = licence is not None and licence.code is not LicenceCode.PDM
    terms = (terms_of(licence, holder, terms_id=new_id("tm"), target=target),) if licence and grants else ()
    return Parts((replace(component, basis=basis),), (claim,), terms)


def public_status(
    registration: Registration,
    kind: ComponentKind,
    facts: Mapping[str, Any] | None,
    licence: Licence | None,
    evidence: Evidence,
) -> PublicDomain | None:
    """Public domain where it is stated: by the years of the authors' deaths and of publication, reckoned by each
    country's rule; or, as a mere statement, by the Public Domain Mark. None where the years decide nothing."""
    if facts:
        work = WorkFacts(
            deaths=tuple(facts.get("deaths") or ()),
            published=facts.get("published"),
            anonymous=bool(facts.get("anonymous")),
            kind=kind,
        )
        reckoned = public_domain_of(work, COUNTRIES_WITH_A_RULE, registration.today, evidence)
        if reckoned is not None:
            return reckoned
    if licence is not None and licence.code is LicenceCode.PDM:
        ground = "Marked with the Public Domain Mark"
        return PublicDomain(territory=WORLD, ground=ground, evidence=evidence, marked=True)
    return None


def _holder(registration: Registration, name: str | None) -> Party | None:
    if not name:
        return None
    if names(registration.publisher, name):
        return registration.publisher
    return registration.find_party(name, PartyKind.ORGANISATION)


def _mark(stated: str | None, licence: Licence | None) -> str | None:
    if not stated:
        return None
    return f"Marked {licence.name}" + (f" ({licence.url})" if licence.url else "") if licence else stated


def _evidence(registration: Registration, given: Mapping[str, Any]) -> Evidence:
    said: Iterable[Any] = (given.get("notice"), given.get("credit"))
    words = next((text for text in said if text), None)
    return Evidence(
        text=words or f"Stated on registration by {registration.stated_by}",
        kind="byline" if words else "statement",
        url=registration.url,
        document_sha256=registration.snapshot_sha256,
        recorded_on=registration.today,
    )
