"""From a confirmed draft record to rights: holders with their claims, terms with their words, the basis.

Nothing is taken as true without evidence: a holder is the one a notice names, or one a member of staff states;
otherwise the title stays unknown. The republisher's own terms speak for what the republisher itself holds.
"""

from dataclasses import replace
from datetime import date
from typing import Any

from ledger.desk.register.draft_components import parts_of, public_status
from ledger.desk.register.registration import FindParty, Registration, names, same_name
from ledger.ids import new_id
from ledger.rights.licences import Licence
from ledger.rights.parties import Contact, ContactRole, Party, PartyKind
from ledger.rights.pieces import (
    Author,
    AuthorType,
    Basis,
    Claim,
    ClaimRole,
    Component,
    ComponentKind,
    Evidence,
    LinkStatus,
    Piece,
    Source,
)
from ledger.rights.policies import condition_of
from ledger.rights.presets import licence_from_text, terms_of
from ledger.rights.scope import Scope
from ledger.rights.terms import (
    Action,
    Condition,
    ConditionCode,
    Effect,
    Origin,
    Rule,
    Span,
    Target,
    TargetKind,
    Terms,
    TermsKind,
)
from ledger.rights.uses import Channel

__all__ = ["FindParty", "Registration", "piece_of"]


def piece_of(registration: Registration, piece_id: str) -> Piece:
    """The piece with its components, claims and terms, as ``record`` states them."""
    registration = replace(registration, publisher=_also_called(registration))
    record = registration.record
    holders = _holders(registration)
    text = Component(
        id=new_id("co"),
        kind=ComponentKind.TEXT,
        basis=_basis(registration, holders),
        language=record.get("language"),
        notice=(record.get("copyright") or {}).get("notice"),
    )
    text = _out_of_copyright(registration, text)
    parts = parts_of(registration)
    terms = [
        *_published_terms(registration, holders),
        *_licence_terms(registration, holders, text),
        *parts.terms,
    ]
    source = record.get("source") or {}
    return Piece(
        id=piece_id,
        publisher=registration.publisher,
        title=record["title"],
        subtitle=record.get("subtitle"),
        components=(text, *parts.components),
        urls=tuple(dict.fromkeys(u for u in (record.get("canonical_url"), registration.url) if u)),
        authors=tuple(_author(each) for each in record.get("authors") or []),
        language=record.get("language"),
        published=_day((record.get("republisher") or {}).get("published")),
        source=Source(
            name=source.get("name"),
            url=source.get("url"),
            url_status=LinkStatus(source.get("url_status") or "missing"),
            published=_day(source.get("published")),
            party=_source_party(registration, holders),
        ),
        claims=(*(_claim(registration, holder, text.id) for holder in holders), *parts.claims),
        terms=tuple(terms),
        notice=text.notice,
        exception_notice=_exception_notice(registration),
        content_sha256=registration.snapshot_sha256,
    )


def _also_called(registration: Registration) -> Party:
    """The publisher with the other name its own page gives it: "Harbour Review" of the Harbour Review Foundation."""
    site = registration.record.get("republisher") or {}
    named = [name for name in (site.get("name"), site.get("legal_name")) if name]
    publisher = registration.publisher
    if not any(names(publisher, name) for name in named):
        return publisher
    return replace(publisher, other_names=tuple(dict.fromkeys((*publisher.other_names, *named))))


def _holders(registration: Registration) -> list[Party]:
    if registration.holder_is_publisher:
        return [registration.publisher]
    source = registration.record.get("source") or {}
    names = (registration.record.get("copyright") or {}).get("holders") or []
    return [_party(registration, name, source) for name in names]


def _party(registration: Registration, name: str, source: dict[str, Any]) -> Party:
    if names(registration.publisher, name):
        return registration.publisher
    party = registration.find_party(name, PartyKind.ORGANISATION)
    # Where the holder is the source, the way to the original is also a way to the holder.
    url = source.get("url") if same_name(name, source.get("name")) else None
    if url and not any(contact.url for contact in party.contacts):
        return replace(party, contacts=(*party.contacts, Contact(url=url, roles=(ContactRole.GENERAL,))))
    return party


def _basis(registration: Registration, holders: list[Party]) -> Basis:
    if any(holder.id == registration.publisher.id for holder in holders):
        return Basis.OWN
    if _licence(registration) is not None:
        return Basis.STANDING_TERMS
    if (registration.record.get("fair_use") or {}).get("notice"):
        return Basis.EXCEPTION_CLAIMED
    return Basis.UNKNOWN


def _claim(registration: Registration, holder: Party, component_id: str) -> Claim:
    notice = (registration.record.get("copyright") or {}).get("notice")
    stated = registration.holder_is_publisher or not notice
    words = f"Stated on registration by {registration.stated_by}" if stated else str(notice)
    evidence = Evidence(
        text=words,
        kind="statement" if stated else "notice",
        url=registration.url,
        document_sha256=registration.snapshot_sha256,
        span=None if stated else _span(registration, "copyright"),
        recorded_on=registration.today,
    )
    return Claim(
        id=new_id("cl"), party=holder, role=ClaimRole.HOLDER, component_id=component_id, evidence=evidence
    )


def _published_terms(registration: Registration, holders: list[Party]) -> list[Terms]:
    """One Terms for each assigner: sentences of one hand are read together, of two hands never."""
    by_assigner: dict[str, list[dict[str, Any]]] = {}
    for each in registration.record.get("terms") or []:
        by_assigner.setdefault(each.get("by") or registration.publisher.name, []).append(each)
    return [_terms(registration, name, rules, holders) for name, rules in by_assigner.items()]


def _terms(
    registration: Registration, assigner_name: str, rules: list[dict[str, Any]], holders: list[Party]
) -> Terms:
    known = [registration.publisher, *holders]
    assigner = next((party for party in known if names(party, assigner_name)), None)
    if assigner is None:
        assigner = registration.find_party(assigner_name, PartyKind.ORGANISATION)
    clauses = dict.fromkeys(rule["clause"] for rule in rules if rule.get("clause"))
    return Terms(
        id=new_id("tm"),
        kind=TermsKind.STANDING,
        assigner=assigner,
        # A site's footer speaks of the site's own articles, whatever page it stands under.
        target=Target(kind=TargetKind.OWN_ARTICLES),
        clause="\n".join(clauses),
        rules=tuple(rule_of(rule) for rule in rules),
        origin=Origin.SITE_RULES,
        language=registration.record.get("language"),
        url=registration.url,
    )


def rule_of(rule: dict[str, Any]) -> Rule:
    """One rule of the record, with its conditions."""
    channel = rule.get("channel")
    contact = rule.get("contact")
    return Rule(
        effect=Effect(rule["effect"]),
        action=Action(rule["action"]),
        scope=Scope(
            channels=frozenset({Channel(channel)}) if channel else None, commercial=rule.get("commercial")
        ),
        conditions=tuple(_condition(code) for code in rule.get("conditions") or []),
        contact=Contact(email=contact, roles=(ContactRole.REPRINT_PERMISSION,)) if contact else None,
        clause=rule.get("clause"),
    )


def _condition(given: Any) -> Condition:
    if isinstance(given, dict):
        return condition_of(ConditionCode(given["code"]), given.get("parameter"))
    return condition_of(ConditionCode(given))


def _licence_terms(registration: Registration, holders: list[Party], text: Component) -> list[Terms]:
    known = _licence(registration)
    if known is None or not holders:
        return []
    target = Target(kind=TargetKind.COMPONENTS, component_ids=(text.id,))
    return [terms_of(known, holder, terms_id=new_id("tm"), target=target) for holder in holders]


def _author(given: dict[str, Any]) -> Author:
    return Author(name=given["name"], type=AuthorType(given["type"]) if given.get("type") else None)


def _span(registration: Registration, field: str) -> Span | None:
    found = (registration.record.get("evidence") or {}).get(field) or {}
    where = found.get("span")
    if not where:
        return Span(selector=found["selector"]) if found.get("selector") else None
    return Span(start=where[0], end=where[1])


def _licence(registration: Registration) -> Licence | None:
    """The Creative Commons licence of the page; "all rights reserved" and the mark of a picture are none."""
    stated = registration.record.get("licence") or {}
    if stated.get("scope") not in (None, "page", "text"):
        return None
    return licence_from_text(stated.get("url") or stated.get("id") or "")


def _out_of_copyright(registration: Registration, text: Component) -> Component:
    evidence = Evidence(
        text=text.notice or f"Stated on registration by {registration.stated_by}",
        kind="notice" if text.notice else "statement",
        url=registration.url,
        document_sha256=registration.snapshot_sha256,
        recorded_on=registration.today,
    )
    facts = registration.record.get("public_domain")
    free = public_status(registration, text.kind, facts, _licence(registration), evidence)
    return replace(text, basis=Basis.PUBLIC_DOMAIN, public_domain=free) if free else text


def _source_party(registration: Registration, holders: list[Party]) -> Party | None:
    name = (registration.record.get("source") or {}).get("name")
    held = next((holder for holder in holders if same_name(holder.name, name)), None)
    if held is not None or not name or registration.find_source is None:
        return held
    return registration.find_source(name)


def _exception_notice(registration: Registration) -> str | None:
    """The words in which the page claims an exception: as a person wrote them, else as they stand on the page."""
    fair_use = registration.record.get("fair_use") or {}
    if not fair_use.get("notice"):
        return None
    if fair_use.get("clause"):
        return str(fair_use["clause"])
    span = _span(registration, "fair_use")
    text = registration.record.get("text") or ""
    if span is not None and span.start is not None and text[span.start : span.end].strip():
        return str(text[span.start : span.end].strip())
    return "The page claims an exception."


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
