"""A piece as one publisher republished it, its components, and who says what is theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ledger.rights.exceptions import Assessment
from ledger.rights.parties import Party
from ledger.rights.scope import Territory
from ledger.rights.terms import Span, Terms


class ComponentKind(StrEnum):
    TEXT = "text"
    PHOTOGRAPH = "photograph"
    ILLUSTRATION = "illustration"
    CHART = "chart"
    AUDIO = "audio"
    VIDEO = "video"
    QUOTATION = "quotation"
    TRANSLATION = "translation"


IMAGES = frozenset({ComponentKind.PHOTOGRAPH, ComponentKind.ILLUSTRATION, ComponentKind.CHART})


class Basis(StrEnum):
    """On what ground the publisher carries a component."""

    OWN = "own"
    ASSIGNED = "assigned"
    LICENSED = "licensed"
    STANDING_TERMS = "standing_terms"
    PUBLIC_DOMAIN = "public_domain"
    EXCEPTION_CLAIMED = "exception_claimed"
    UNKNOWN = "unknown"


class ClaimRole(StrEnum):
    HOLDER = "holder"
    AGENT = "agent"
    LICENSEE = "licensee"


class LinkStatus(StrEnum):
    """State of the link to the original."""

    GIVEN = "given"
    MISSING = "missing"
    DEAD = "dead"
    ARCHIVED = "archived"


class AuthorType(StrEnum):
    PERSON = "person"
    ORGANIZATION = "organization"


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    name: str
    type: AuthorType | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a statement rests on: the words, where they stood, and the hash of the document that holds
    them."""

    text: str
    kind: str = "notice"  # notice, contract, mail, byline, register, statement, letter
    url: str | None = None
    document_sha256: str | None = None
    span: Span | None = None
    recorded_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One link in the chain of title. Without ``evidence`` it is unknown, never taken as true.

    For an agent, ``principal`` is the id of the party it speaks for; for a licensee ``terms_id`` names the
    inbound
    Terms, where they are on record.
    """

    id: str
    party: Party
    role: ClaimRole
    component_id: str
    valid_from: date | None = None
    valid_to: date | None = None
    evidence: Evidence | None = None
    principal: str | None = None
    terms_id: str | None = None

    @property
    def proven(self) -> bool:
        """Whether anything on record shows it: words, or a document that is kept."""
        found = self.evidence
        return found is not None and bool(found.text.strip() or found.document_sha256)

    def in_force(self, today: date) -> bool:
        return (self.valid_from is None or self.valid_from <= today) and (
            self.valid_to is None or today <= self.valid_to
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicDomain:
    """Where the term of protection is over, and why: the statute and the facts it was reckoned from.

    ``marked``: nothing was reckoned; somebody says so with a mark. A Public Domain Mark is a label, no licence, and
    who puts it on a work says nothing about other countries; it is evidence of a statement and determines nothing.
    """

    territory: Territory
    ground: str
    evidence: Evidence | None = None
    marked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a piece came from. ``party`` is the source as a party once it is known as one."""

    name: str | None = None
    url: str | None = None
    url_status: LinkStatus = LinkStatus.MISSING
    published: date | None = None
    party: Party | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    id: str
    kind: ComponentKind
    basis: Basis = Basis.UNKNOWN
    label: str | None = None  # "Photograph 2: the harbour at dawn"
    credit: str | None = None
    notice: str | None = None
    words: int | None = None  # length of a text, for percentages
    language: str | None = None
    work_status: str | None = None  # a RightsStatements.org id such as "InC"
    public_domain: PublicDomain | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One article as one publisher republished it. Raises ValueError when no component is a text."""

    id: str
    publisher: Party
    title: str
    components: tuple[Component, ...]
    subtitle: str | None = None
    urls: tuple[str, ...] = ()
    authors: tuple[Author, ...] = ()
    language: str | None = None
    published: date | None = None  # by this publisher
    source: Source = Source()
    claims: tuple[Claim, ...] = ()
    terms: tuple[Terms, ...] = ()
    assessments: tuple[Assessment, ...] = ()
    notice: str | None = None  # the copyright notice, verbatim
    exception_notice: str | None = None  # the publisher's own "fair use" words, verbatim
    content_sha256: str | None = None

    def __post_init__(self) -> None:
        if not any(c.kind is ComponentKind.TEXT for c in self.components):
            raise ValueError(f"piece {self.id} has no text component: add one of kind text")
        if len({c.id for c in self.components}) != len(self.components):
            raise ValueError(f"piece {self.id} names one component id twice: give each its own")

    def component(self, component_id: str) -> Component:
        """Raises KeyError with the ids there are."""
        for component in self.components:
            if component.id == component_id:
                return component
        known = ", ".join(c.id for c in self.components)
        raise KeyError(f"piece {self.id} has no component {component_id}; it has {known}")
