"""Standing arrangements with sources: what usually holds for pieces from one, applied when a piece is confirmed.

An arrangement is recorded with its exact words; it holds for pieces published from one day to another. It is never
changed: it ends, and another begins. A basis that somebody recorded for a piece is never overwritten by it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from ledger.desk.context import Desk, Who
from ledger.desk.house.publishers import own_publisher, party_of
from ledger.desk.refusals import BadInput, Clash, NotFound
from ledger.desk.register.draft_rights import rule_of
from ledger.desk.register.record_form import Day, TermShape, Words, blank_is_unknown, errors_of
from ledger.ids import new_id
from ledger.journal.entry import document_sha256
from ledger.records import journal_store
from ledger.records.parties import (
    find_party,
    load_party,
    load_source_profiles,
    store_party,
    store_source_profile,
)
from ledger.records.tenant import Tenant
from ledger.rights.parties import Contact, ContactRole, Party
from ledger.rights.pieces import Basis, ComponentKind, Piece
from ledger.rights.scope import Period
from ledger.rights.source_profiles import SourceProfile, apply_profile
from ledger.rights.terms import Origin, Target, TargetKind, Terms, TermsKind
from ledger.rights.wire import from_plain, to_plain

BASES = (Basis.LICENSED, Basis.STANDING_TERMS, Basis.ASSIGNED, Basis.EXCEPTION_CLAIMED, Basis.UNKNOWN)
"""Grounds on which a publisher may carry what a source sends."""


class ProfileShape(BaseModel):
    """A standing arrangement as a member of staff records it."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    source: str = Field(min_length=1, max_length=300)
    email: Words = None
    arrangement: Words = None
    basis: Basis
    to_us: bool = True
    text_only: bool = True
    clause: str = Field(min_length=1, max_length=20_000)
    url: Words = None
    valid_from: Day = None
    valid_to: Day = None
    sublicence: Annotated[bool | None, BeforeValidator(blank_is_unknown)] = None
    terms: list[TermShape] = Field(min_length=1)


@dataclass(frozen=True)
class Profile:
    """An arrangement with the party it is with."""

    profile: SourceProfile
    source: Party


@dataclass(frozen=True)
class Defaults:
    """A piece with the defaults of its source, and what is noted of that: profile, terms and a sentence."""

    piece: Piece
    note: dict[str, Any] | None


def with_defaults(tenant: Tenant, piece: Piece, arrangement: str | None, today: date) -> Defaults:
    """The piece with what usually holds for its source on the day it was published here (or today)."""
    profiles = [from_plain(SourceProfile, document) for _, document in load_source_profiles(tenant)]
    applied = apply_profile(profiles, piece, arrangement, piece.published or today)
    if applied.profile is None:
        return Defaults(piece, None)
    terms = [each.id for each in applied.profile.terms]
    return Defaults(
        applied.piece, {"profile": applied.profile.id, "terms": terms, "sentence": applied.sentence}
    )


def record_profile(desk: Desk, who: Who, given: Mapping[str, Any]) -> SourceProfile:
    """Record an arrangement with a source (the names of ``ProfileShape``). Raises ``BadInput``."""
    who.must_be("officer")
    shape = _read(given)
    now = desk.clock()
    ours = party_of(own_publisher(desk, who.publisher_id))
    with desk.database.writing() as connection:
        tenant = Tenant(connection, who.publisher_id)
        source = _source(tenant, shape)
        profile = SourceProfile(
            id=new_id("sp"),
            source_id=source.id,
            terms=(_terms(shape, source, ours),),
            basis=shape.basis,
            arrangement=shape.arrangement,
            validity=Period(start=shape.valid_from, end=shape.valid_to),
        )
        store_source_profile(tenant, profile.id, source.name, to_plain(profile), now)
        _enter(tenant, profile, source, who, desk)
    return profile


def end_profile(desk: Desk, who: Who, profile_id: str, last_day: date) -> None:
    """From the day after, the arrangement is applied to no piece. What was applied stays as it was."""
    who.must_be("officer")
    with desk.database.writing() as connection:
        tenant = Tenant(connection, who.publisher_id)
        profile = _profile(tenant, profile_id)
        end = profile.validity.end
        if end is not None and end <= desk.today():
            raise Clash("This arrangement has ended already.")
        if profile.validity.start is not None and last_day < profile.validity.start:
            raise BadInput(
                {"last_day": f"It began on {profile.validity.start}; choose that day or a later one."}
            )
        ended = replace(profile, validity=replace(profile.validity, end=last_day))
        source = load_party(tenant, profile.source_id)
        if source is None:
            raise NotFound("There is no such source at this publisher.", "profile")
        store_source_profile(tenant, profile.id, source.name, to_plain(ended), desk.clock())
        _enter(tenant, ended, source, who, desk)


def list_profiles(desk: Desk, who: Who) -> list[Profile]:
    """Every arrangement of the publisher, those in force first, by the name of the source."""
    with desk.database.reading() as connection:
        tenant = Tenant(connection, who.publisher_id)
        read = [from_plain(SourceProfile, document) for _, document in load_source_profiles(tenant)]
        found = [Profile(each, source) for each in read if (source := load_party(tenant, each.source_id))]
    return sorted(
        found, key=lambda each: (not in_force(each.profile, desk.today()), each.source.name.casefold())
    )


def in_force(profile: SourceProfile, today: date) -> bool:
    """Whether it is applied to a piece published today."""
    start, end = profile.validity.start, profile.validity.end
    return (start is None or start <= today) and (end is None or today <= end)


def _read(given: Mapping[str, Any]) -> ProfileShape:
    try:
        shape = ProfileShape.model_validate(dict(given))
    except ValidationError as error:
        raise BadInput(errors_of(error)) from error
    if shape.valid_from and shape.valid_to and shape.valid_to < shape.valid_from:
        raise BadInput({"valid_to": "The last day falls before the first: change one of the two."})
    return shape


def _source(tenant: Tenant, shape: ProfileShape) -> Party:
    party = find_party(tenant, shape.source) or Party(id=new_id("pa"), name=shape.source)
    if shape.email and shape.email not in {contact.email for contact in party.contacts}:
        contact = Contact(email=shape.email, roles=(ContactRole.RIGHTS,))
        party = replace(party, contacts=(contact, *party.contacts))
    store_party(tenant, party)
    return party


def _terms(shape: ProfileShape, source: Party, ours: Party) -> Terms:
    kinds = frozenset({ComponentKind.TEXT.value}) if shape.text_only else None
    rules = tuple(
        replace(rule_of(each.model_dump(mode="json")), sublicence=shape.sublicence) for each in shape.terms
    )
    return Terms(
        id=new_id("tm"),
        kind=TermsKind.INBOUND if shape.to_us else TermsKind.STANDING,
        assigner=source,
        assignee=ours if shape.to_us else None,
        target=Target(kind=TargetKind.PIECE, component_kinds=kinds),
        clause=shape.clause,
        rules=rules,
        origin=Origin.SOURCE_PROFILE,
        name=shape.arrangement or f"Arrangement with {source.name}",
        url=shape.url,
    )


def _profile(tenant: Tenant, profile_id: str) -> SourceProfile:
    for found, document in load_source_profiles(tenant):
        if found == profile_id:
            return from_plain(SourceProfile, document)
    raise NotFound("There is no such arrangement at this publisher.", "profile")


def _enter(tenant: Tenant, profile: SourceProfile, source: Party, who: Who, desk: Desk) -> None:
    """One entry for each Terms of the arrangement: who it is with, and for which days."""
    start, end = profile.validity.start, profile.validity.end
    for terms in profile.terms:
        payload = {
            "terms": terms.id,
            "clause_sha256": terms.clause_sha256,
            "document_sha256": document_sha256(to_plain(terms)),
            "source_profile": profile.id,
            "from": start.isoformat() if start else None,
            "until": end.isoformat() if end else None,
            "by": who.person_id,
        }
        journal_store.append(
            tenant.connection, who.publisher_id, "terms.recorded", payload, tenant.written(), desk.clock()
        )
