"""The draft record: what a page says about itself, each reading beside its evidence. A person confirms it.

Unknown is ``None`` (or an empty tuple), never a guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any


class UnreadablePage(ValueError):
    """The bytes are no page that can be read; the message is one plain line: what is wrong, what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Where a value was read. ``start``/``end`` are character offsets [start, end) into ``Draft.text``;
    ``selector`` names a place that has no visible text (a meta tag, a JSON-LD property). ``confidence`` runs
    from 0 to 1 and says how sure the extractor is of its reading, not that the page tells the truth."""

    extractor: str
    confidence: float
    start: int | None = None
    end: int | None = None
    selector: str | None = None

    def as_json(self) -> dict[str, Any]:
        place: dict[str, Any] = {"selector": self.selector} if self.selector else {}
        if self.start is not None:
            place["span"] = [self.start, self.end]
        return {**place, "extractor": self.extractor, "confidence": round(self.confidence, 2)}


@dataclass(frozen=True, slots=True)
class Author:
    name: str
    type: str | None = None
    """"person", "organization", or None where the page does not tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where the text came from. ``url_status``: "given", "missing" (an anchor stripped to "#", or a name
    without a link), None where no source is named."""

    name: str | None = None
    url: str | None = None
    url_status: str | None = None
    published: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Republisher:
    """The site that carries the page."""

    name: str | None = None
    legal_name: str | None = None
    published: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyrightReading:
    """``notice`` is verbatim. ``year`` is the latest year the notice names."""

    notice: str | None = None
    holders: tuple[str, ...] = ()
    year: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceReading:
    """``id`` as in ledger.rights.licences ("CC-BY-4.0"), a RightsStatements code ("InC") or
    "all-rights-reserved". ``scope``: "page", or the component ("image", "video", "audio", "text") it marks."""

    id: str | None = None
    url: str | None = None
    scope: str = "page"
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionReading:
    """One duty. ``code`` is a value of ledger.rights.codes.ConditionCode; ``parameter`` the credit line, the
    number of words and the like, verbatim."""

    code: str
    evidence: Evidence
    parameter: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TermReading:
    """A sentence that permits, reserves or prohibits. Names and values as in ledger.rights (Effect, Action,
    Channel); ``channel`` None is any. ``clause`` is verbatim; ``by`` who speaks; ``covers`` what they speak
    of, in words ("its own articles")."""

    effect: str
    action: str
    channel: str | None
    commercial: bool | None
    conditions: tuple[ConditionReading, ...]
    contact: str | None
    clause: str
    evidence: Evidence
    covers: str | None = None
    by: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "effect": self.effect,
            "action": self.action,
            "channel": self.channel,
            "commercial": self.commercial,
            "conditions": [condition.code for condition in self.conditions],
            "contact": self.contact,
            "clause": self.clause,
            "covers": self.covers,
            "by": self.by,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class FairUseReading:
    """``notice``: whether the page claims fair use or fair dealing. ``grounds`` are the purposes it names;
    ``beyond`` what it asks of those who go further."""

    notice: bool = False
    nonprofit_claim: bool | None = None
    grounds: tuple[str, ...] = ()
    beyond: str | None = None


@dataclass(frozen=True, slots=True)
class ContactReading:
    email: str
    roles: tuple[str, ...] = ()


Stretch = tuple[int, int]
"""Character offsets [start, end) into ``Draft.text``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Everything the reader found. ``text`` is the page's text as the reader shows it; every span points
    into it. ``body`` and ``preamble`` are None where they cannot be told apart from the rest."""

    text: str
    title: str | None = None
    subtitle: str | None = None
    language: str | None = None
    authors: tuple[Author, ...] = ()
    source: Source = Source()
    republisher: Republisher = Republisher()
    canonical_url: str | None = None
    copyright: CopyrightReading = CopyrightReading()
    licence: LicenceReading = LicenceReading()
    terms: tuple[TermReading, ...] = ()
    fair_use: FairUseReading = FairUseReading()
    contacts: tuple[ContactReading, ...] = ()
    evidence: Mapping[str, Evidence] = field(default_factory=lambda: MappingProxyType({}))
    body: Stretch | None = None
    preamble: Stretch | None = None
    components: tuple[LicenceReading, ...] = ()
    """Licences that mark one component (an image's CC mark) and say nothing about the page."""
    remarks: tuple[str, ...] = ()
    """What the person who confirms should look at, in plain words."""

    def as_json(self) -> dict[str, Any]:
        """The contract of ``ledger read --json``: exactly these keys, null where unknown, dates ISO 8601."""
        source, republisher = self.source, self.republisher
        return {
            "title": self.title,
            "subtitle": self.subtitle,
            "language": self.language,
            "authors": [{"name": author.name, "type": author.type} for author in self.authors],
            "source": {
                "name": source.name,
                "url": source.url,
                "url_status": source.url_status,
                "published": _iso(source.published),
            },
            "republisher": {
                "name": republisher.name,
                "legal_name": republisher.legal_name,
                "published": _iso(republisher.published),
            },
            "canonical_url": self.canonical_url,
            "copyright": {
                "notice": self.copyright.notice,
                "holders": list(self.copyright.holders),
                "year": self.copyright.year,
            },
            "licence": {"id": self.licence.id, "url": self.licence.url, "scope": self.licence.scope},
            "terms": [term.as_json() for term in self.terms],
            "fair_use": {
                "notice": self.fair_use.notice,
                "nonprofit_claim": self.fair_use.nonprofit_claim,
                "grounds": list(self.fair_use.grounds),
                "beyond": self.fair_use.beyond,
            },
            "contacts": [{"email": each.email, "roles": list(each.roles)} for each in self.contacts],
            "evidence": {name: found.as_json() for name, found in self.evidence.items()},
        }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
