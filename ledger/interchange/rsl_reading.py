"""Really Simple Licensing 1.0 to Terms: the way in.

Each license of each content becomes one standing Terms whose clause is the file itself. Token lists are
space-separated; commas, as in the drafts, are accepted. ``all`` and ``ai-all`` cover the automated uses that we
know; ``ai-index`` has no counterpart and is left out, so that it stays a thing to ask. A payment other than free or
attribution is a fee to pay first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product

from ledger.interchange.errors import Unreadable
from ledger.interchange.rsl import NAMESPACE
from ledger.interchange.safe_xml import Element, parse
from ledger.rights.bounds import Territory
from ledger.rights.codes import ConditionCode
from ledger.rights.parties import Contact, ContactRole, Party, PartyKind
from ledger.rights.scope import Scope
from ledger.rights.terms import (
    Condition,
    Effect,
    Origin,
    Rule,
    Target,
    TargetKind,
    Terms,
    TermsKind,
    Timing,
)
from ledger.rights.uses import Action, RequesterType

_AI = (Action.AI_TRAIN, Action.AI_INPUT)
USAGE: dict[str, tuple[Action, ...]] = {
    "all": (*_AI, Action.INDEX),
    "ai-all": _AI,
    "ai-train": (Action.AI_TRAIN,),
    "train-ai": (Action.AI_TRAIN,),
    "ai-input": (Action.AI_INPUT,),
    "ai-index": (),
    "search": (Action.INDEX,),
}
USERS = {
    "commercial": Scope(commercial=True),
    "non-commercial": Scope(commercial=False),
    "education": Scope(requesters=frozenset({RequesterType.ACADEMIC_INSTITUTION, RequesterType.STUDENT})),
    "government": Scope(requesters=frozenset({RequesterType.GOVERNMENT})),
    "personal": Scope(requesters=frozenset({RequesterType.INDIVIDUAL})),
}
PAYMENTS = (
    "purchase",
    "subscription",
    "training",
    "crawl",
    "use",
    "contribution",
    "inference",
    "attribution",
    "free",
)
MAX_TERMS = 200
"""Each license is hashed with the whole file."""

CONTENT = ("license", "schema", "copyright", "terms", "alternate")
LICENSE = ("permits", "prohibits", "payment", "legal")
KINDS = ("usage", "user", "geo")


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
    country that does not exist, a content without url or owner, a usage permitted and prohibited at once.
    """
    root = parse(data)
    if root.name != f"{NAMESPACE} rsl":
        raise Unreadable(
            f"line {root.line}", f"the root is <{_local(root)}>", f'it should be <rsl xmlns="{NAMESPACE}">'
        )
    text = data.decode("utf-8", errors="replace")
    found: list[Terms] = []
    for content in _children(root, ("content",)):
        frame = _frame(content, text, assigner)
        for license_ in [each for each in content.children if _local(each) == "license"]:
            terms = _terms(license_, frame, len(found) + 1)
            if terms is not None:
                found.append(terms)
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
    parts = {_local(each): each for each in _children(content, CONTENT)}
    url = content.attributes.get("url")
    if url is None:
        raise Unreadable(f"line {content.line}", "<content> has no url", "say which pages it is about")
    owner = assigner or _owner(parts.get("copyright"))
    if owner is None:
        raise Unreadable(f"line {content.line}", "no <copyright> names an owner", "say whose terms these are")
    terms_url = parts["terms"].text.strip() or None if "terms" in parts else None
    return _Frame(url, owner, source, terms_url, content.attributes.get("server"))


def _owner(element: Element | None) -> Party | None:
    name = element.text.strip() if element else ""
    if element is None or not name:
        return None
    email, url = element.attributes.get("contactEmail"), element.attributes.get("contactUrl")
    contacts = (Contact(email=email, url=url, roles=(ContactRole.RIGHTS,)),) if email or url else ()
    kind = PartyKind.PERSON if element.attributes.get("type") == "person" else PartyKind.ORGANISATION
    return Party(id=f"rsl:{name}", name=name, kind=kind, contacts=contacts)


def _terms(license_: Element, frame: _Frame, number: int) -> Terms | None:
    lists: dict[tuple[str, str], list[str]] = {}
    for element in _children(license_, LICENSE):
        if _local(element) in ("permits", "prohibits"):
            kind = element.attributes.get("type", "")
            if kind not in KINDS:
                raise Unreadable(
                    f"line {element.line}", f'the type "{kind}" is unknown', f"use {', '.join(KINDS)}"
                )
            lists.setdefault((_local(element), kind), []).extend(_tokens(element, kind))
    conditions = (*_licence_first(frame), *_conditions(license_))
    permitted = _acts(lists.get(("permits", "usage"), []))
    prohibited = _acts(lists.get(("prohibits", "usage"), []))
    both = sorted(set(permitted) & set(prohibited))
    if both:
        raise Unreadable(
            f"line {license_.line}",
            f"{', '.join(both)} is permitted and prohibited at once",
            "keep one of them",
        )
    contact = frame.assigner.permissions_contact()
    rules = [
        Rule(effect=Effect.PERMIT, action=action, scope=scope, conditions=conditions)
        for action, scope in product(permitted, _scopes(lists, "permits", license_))
    ]
    rules += [Rule(effect=Effect.PROHIBIT, action=action, contact=contact) for action in prohibited]
    for scope in _prohibited_users(lists):
        rules += [Rule(effect=Effect.PROHIBIT, action=action, scope=scope) for action in permitted]
    if not rules:
        return None
    return _standing(frame, number, tuple(rules))


def _standing(frame: _Frame, number: int, rules: tuple[Rule, ...]) -> Terms:
    everywhere = frame.url in ("", "/") or frame.url.endswith("*")
    kind = TargetKind.OWN_ARTICLES if everywhere else TargetKind.COMPONENTS
    return Terms(
        id=f"rsl:{frame.url}#{number}",
        kind=TermsKind.STANDING,
        assigner=frame.assigner,
        target=Target(kind=kind, component_ids=() if everywhere else (frame.url,)),
        clause=frame.source,
        rules=rules,
        origin=Origin.LICENCE,
        name="RSL 1.0",
        url=frame.terms_url,
    )


def _scopes(lists: dict[tuple[str, str], list[str]], element: str, license_: Element) -> list[Scope]:
    """One scope for each kind of user; the countries bound all of them."""
    included = lists.get((element, "geo"))
    excluded = frozenset(lists.get(("prohibits", "geo"), []))
    try:
        territory = Territory(included=frozenset(included) if included else None, excluded=excluded)
    except ValueError as error:
        raise Unreadable(f"line {license_.line}", str(error), "correct the country") from error
    bounds = [USERS[user] for user in lists.get((element, "user"), [])] or [Scope()]
    return [
        Scope(commercial=each.commercial, requesters=each.requesters, territory=territory) for each in bounds
    ]


def _prohibited_users(lists: dict[tuple[str, str], list[str]]) -> list[Scope]:
    return [USERS[user] for user in lists.get(("prohibits", "user"), [])]


def _acts(tokens: list[str]) -> list[Action]:
    return list(dict.fromkeys(action for token in tokens for action in USAGE[token]))


def _tokens(element: Element, kind: str) -> list[str]:
    found = [token for token in re.split(r"[\s,]+", element.text) if token]
    known = {"usage": tuple(USAGE), "user": tuple(USERS)}.get(kind)
    for token in found:
        if known is not None and token.lower() not in known:
            raise Unreadable(
                f"line {element.line}", f'the {kind} "{token}" is unknown', f"use {', '.join(known)}"
            )
    return [token.lower() if known else token.upper() for token in found]


def _conditions(license_: Element) -> tuple[Condition, ...]:
    found = []
    for element in [each for each in license_.children if _local(each) == "payment"]:
        kind = element.attributes.get("type", "free")
        if kind not in PAYMENTS:
            raise Unreadable(
                f"line {element.line}", f'the payment "{kind}" is unknown', f"use {', '.join(PAYMENTS)}"
            )
        if kind == "attribution":
            found.append(Condition(code=ConditionCode.CREDIT_PUBLISHER))
            found.append(Condition(code=ConditionCode.LINK_ARTICLE))
        elif kind != "free":
            parameter = f"{kind} {_amount(element)}".strip()
            found.append(Condition(code=ConditionCode.FEE, timing=Timing.BEFORE, parameter=parameter))
    return tuple(found)


def _licence_first(frame: _Frame) -> tuple[Condition, ...]:
    """A content with a licence server may be used only with a licence from it, even a free one."""
    if frame.server is None:
        return ()
    code = ConditionCode.PRIOR_PERMISSION
    return (Condition(code=code, timing=Timing.BEFORE, parameter=frame.server),)


def _amount(payment: Element) -> str:
    parts = [
        f"{child.text.strip()} {child.attributes.get('currency', '')}".strip()
        for child in payment.children
        if _local(child) in ("amount", "standard", "custom")
    ]
    return ", ".join(part for part in parts if part)


def _children(element: Element, allowed: tuple[str, ...]) -> list[Element]:
    """The children in RSL's namespace; an extension of another namespace is passed over."""
    found = [child for child in element.children if child.name.startswith(f"{NAMESPACE} ")]
    for child in found:
        if _local(child) not in allowed:
            raise Unreadable(
                f"line {child.line}",
                f"<{_local(child)}> does not belong in <{_local(element)}>",
                f"only {', '.join(allowed)} do",
            )
    return found


def _local(element: Element) -> str:
    return element.name.rpartition(" ")[2]
