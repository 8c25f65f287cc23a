"""Really Simple Licensing 1.0 to Terms: the way in.

Each license of each content becomes one standing Terms whose clause is the file itself. Token lists are
space-separated; commas and names of the drafts are accepted, and so is a list written in two elements.
"""

from __future__ import annotations

from dataclasses import dataclass

from ledger.interchange.errors import Unreadable
from ledger.interchange.rsl_rules import children, local, once, rules_of
from ledger.interchange.rsl_vocabulary import CONTENT, NAMESPACE
from ledger.interchange.safe_xml import Element, parse
from ledger.rights.codes import ConditionCode
from ledger.rights.parties import Contact, ContactRole, Party, PartyKind
from ledger.rights.terms import (
    Condition,
    ConflictStrategy,
    Origin,
    Rule,
    Target,
    TargetKind,
    Terms,
    TermsKind,
    Timing,
)

MAX_TERMS = 200
"""Each license is hashed with the whole file."""

WHOLE_SITE = ("", "/", "*", "/*")
"""Patterns that match every path (RFC 9309, 2.2.2); any other is about some pages, and not about all of them."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """What all licenses of one content share."""

    url: str
    assigner: Party
    source: str
    terms_url: str | None
    server: str | None


def from_rsl(data: bytes, *, assigner: Party | None = None) -> tuple[Terms, ...]:
    """The Terms of an RSL file, in its order. ``assigner`` is whose terms they are, where the file does not say.

    Raises Unreadable with the line: not XML, a document type, another root, an unknown element or token, a
    country that does not exist, a content without url, owner or license.
    """
    root = parse(data)
    if root.name != f"{NAMESPACE} rsl":
        raise Unreadable(
            f"line {root.line}", f"the root is <{local(root)}>", f'it should be <rsl xmlns="{NAMESPACE}">'
        )
    text = data.decode("utf-8", errors="replace")
    found: list[Terms] = []
    for content in children(root, ("content",)):
        licenses = [each for each in children(content, CONTENT) if local(each) == "license"]
        if not licenses:
            raise Unreadable(f"line {content.line}", "<content> has no <license>", "add one, or remove it")
        frame = _frame(content, text, assigner)
        for license_ in licenses:
            rules = rules_of(license_, frame.assigner.permissions_contact(), _licence_first(frame))
            if rules:
                found.append(_standing(frame, len(found) + 1, tuple(rules)))
            if len(found) > MAX_TERMS:
                raise Unreadable(
                    f"line {license_.line}", f"more than {MAX_TERMS} licenses", "split the file by content"
                )
    if not found:
        raise Unreadable(
            "the file", "grants and prohibits nothing that is known here", "there is nothing to import"
        )
    return tuple(found)


def _frame(content: Element, source: str, assigner: Party | None) -> _Frame:
    url = content.attributes.get("url")
    if url is None:
        raise Unreadable(f"line {content.line}", "<content> has no url", "say which pages it is about")
    owner = _owner(once(content, "copyright")) or assigner
    if owner is None:
        raise Unreadable(f"line {content.line}", "no <copyright> names an owner", "say whose terms these are")
    terms = once(content, "terms")
    terms_url = terms.text.strip() or None if terms else None
    return _Frame(url, owner, source, terms_url, content.attributes.get("server"))


def _owner(element: Element | None) -> Party | None:
    name = element.text.strip() if element else ""
    if element is None or not name:
        return None
    email, url = element.attributes.get("contactEmail"), element.attributes.get("contactUrl")
    contacts = (Contact(email=email, url=url, roles=(ContactRole.RIGHTS,)),) if email or url else ()
    kind = PartyKind.PERSON if element.attributes.get("type") == "person" else PartyKind.ORGANISATION
    return Party(id=f"rsl:{name}", name=name, kind=kind, contacts=contacts)


def _licence_first(frame: _Frame) -> tuple[Condition, ...]:
    """A content with a licence server may be used only with a licence from it, even a free one (3.3)."""
    if frame.server is None:
        return ()
    code = ConditionCode.PRIOR_PERMISSION
    return (Condition(code=code, timing=Timing.BEFORE, parameter=frame.server),)


def _standing(frame: _Frame, number: int, rules: tuple[Rule, ...]) -> Terms:
    everywhere = frame.url.strip() in WHOLE_SITE
    kind = TargetKind.OWN_ARTICLES if everywhere else TargetKind.COMPONENTS
    return Terms(
        id=f"rsl:{frame.url}#{number}",
        kind=TermsKind.STANDING,
        assigner=frame.assigner,
        target=Target(kind=kind, component_ids=() if everywhere else (frame.url,)),
        clause=frame.source,
        rules=rules,
        conflict=ConflictStrategy.PROHIBIT,  # 3.1.1
        origin=Origin.LICENCE,
        name="RSL 1.0",
        url=frame.terms_url,
    )
