"""One license of an RSL file as Rules (RSL 1.0, sections 3.1.1 and 3.4 to 3.13). In doubt, less is permitted.

* Where a usage is permitted and prohibited, the prohibition wins; all but training is said in this way. A narrower
  permission beside a wider prohibition ("ai-train" beside "all") is read in two ways, so it is asked about.
* A list with nobody on it that we know permits nobody; it does not make the permission unbounded.
* A payment that names a price is a fee whatever its type says; the publisher's own process is gone through first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import product

from ledger.interchange.errors import Unreadable
from ledger.interchange.rsl_vocabulary import (
    BREADTH,
    FREE_OF_CHARGE,
    KINDS,
    LEGAL,
    LICENSE,
    NAMESPACE,
    PAYMENT,
    PAYMENTS,
    REPORTS,
    USAGE,
    USERS,
)
from ledger.interchange.safe_xml import Element
from ledger.rights.bounds import WORLD, Territory
from ledger.rights.codes import ConditionCode
from ledger.rights.countries import EUROPEAN_UNION
from ledger.rights.parties import Contact
from ledger.rights.scope import Scope
from ledger.rights.terms import Action, Condition, Effect, Rule, Timing

Lists = dict[tuple[str, str], list[str]]  # by element and type


def rules_of(license_: Element, contact: Contact | None, first: tuple[Condition, ...]) -> list[Rule]:
    """The rules of a <license>; ``first`` are conditions that its content puts before every use.

    Raises Unreadable with the line: an unknown element, type or token, an empty list, a country that does not exist.
    """
    lists: Lists = {}
    for element in children(license_, LICENSE):
        if local(element) in ("permits", "prohibits"):
            kind = _one_of(element, "type", KINDS)
            lists.setdefault((local(element), kind), []).extend(_tokens(element, kind))
        elif local(element) == "legal":
            _one_of(element, "type", LEGAL)
    conditions = (*first, *_payment(license_), *_reports(license_))
    permitted, prohibited = _breadths(lists, "permits"), _breadths(lists, "prohibits")
    rules = [
        Rule(effect=Effect.PERMIT, action=action, scope=scope, conditions=conditions)
        for action, scope in product(
            [a for a in permitted if a not in prohibited], _permitted_scopes(lists, license_)
        )
    ]
    for action, breadth in prohibited.items():
        doubtful = action in permitted and permitted[action] < breadth
        effect = Effect.RESERVE if doubtful else Effect.PROHIBIT
        rules.append(Rule(effect=effect, action=action, contact=contact))
    for action, scope in product(permitted or USAGE["all"], _prohibited_scopes(lists, license_)):
        if action not in prohibited:
            rules.append(Rule(effect=Effect.PROHIBIT, action=action, scope=scope, contact=contact))
    return rules


def _breadths(lists: Lists, element: str) -> dict[Action, int]:
    """Each action with the narrowest token that names it."""
    found: dict[Action, int] = {}
    for token in lists.get((element, "usage"), []):
        for action in USAGE[token]:
            found[action] = min(BREADTH.get(token, 0), found.get(action, 9))
    return found


def _permitted_scopes(lists: Lists, license_: Element) -> list[Scope]:
    """One scope for each kind of user; the countries bound all of them. None at all where nobody known is listed."""
    geo = lists.get(("permits", "geo"))
    users = lists.get(("permits", "user"))
    if geo == [] or users == []:
        return []
    excluded = _countries(lists.get(("prohibits", "geo"), []), license_)
    included = None if geo is None else _countries(geo, license_)
    territory = Territory(included=included, excluded=excluded)
    bounds = [Scope()] if users is None else [USERS[user] for user in users]
    return [replace(each, territory=territory) for each in bounds]


def _prohibited_scopes(lists: Lists, license_: Element) -> Iterator[Scope]:
    for user in lists.get(("prohibits", "user"), []):
        yield USERS[user]
    if geo := lists.get(("prohibits", "geo")):
        yield Scope(territory=replace(WORLD, included=_countries(geo, license_)))


def _countries(codes: Iterable[str], license_: Element) -> frozenset[str]:
    """ISO 3166-1 alpha-2, and EU for its member states (3.5)."""
    found: set[str] = set()
    for code in codes:
        found |= EUROPEAN_UNION if code == "EU" else {code}
    try:
        return Territory(included=frozenset(found)).included or frozenset()
    except ValueError as error:
        raise Unreadable(f"line {license_.line}", str(error), "correct the country") from error


def _tokens(element: Element, kind: str) -> list[str]:
    """The tokens we know; those of another namespace ("x:thing") are not interpreted (3.4.1)."""
    found = [token for token in re.split(r"[\s,]+", element.text) if token]
    if not found:
        raise Unreadable(f"line {element.line}", f"names no {kind}", "name one, or remove the element")
    known = {"usage": tuple(USAGE), "user": tuple(USERS)}.get(kind)
    for token in found:
        if known is not None and ":" not in token and token.lower() not in known:
            raise Unreadable(
                f"line {element.line}", f'the {kind} "{token}" is unknown', f"use {', '.join(known)}"
            )
    return [token.lower() if known else token.upper() for token in found if ":" not in token]


def _payment(license_: Element) -> Iterator[Condition]:
    """No payment is free, and one without a type is too (3.7), unless it names a price or a process."""
    element = once(license_, "payment")
    if element is None:
        return
    kind = _one_of(element, "type", PAYMENTS) if "type" in element.attributes else "free"
    parts = {name: once(element, name) for name in PAYMENT}
    children(element, PAYMENT)
    price = _price(parts["amount"])
    addresses = {name: (parts[name].text.strip() if parts[name] else "") for name in ("standard", "custom")}  # type: ignore[union-attr]
    if kind == "attribution":
        yield Condition(code=ConditionCode.CREDIT_PUBLISHER)
        yield Condition(code=ConditionCode.LINK_ARTICLE)
    if kind not in FREE_OF_CHARGE or price:
        said = " ".join(part for part in (kind, price, *addresses.values()) if part)
        yield Condition(code=ConditionCode.FEE, timing=Timing.BEFORE, parameter=said)
        return
    if addresses["standard"]:
        yield Condition(code=ConditionCode.LICENCE_NOTICE, parameter=addresses["standard"])
    if addresses["custom"]:
        own = addresses["custom"]
        yield Condition(code=ConditionCode.PRIOR_PERMISSION, timing=Timing.BEFORE, parameter=own)


def _price(amount: Element | None) -> str:
    """ "10.00 EUR" (3.10); nothing where there is no amount, or it is nought."""
    if amount is None:
        return ""
    text, currency = amount.text.strip(), amount.attributes.get("currency", "")
    place = f"line {amount.line}"
    if not re.fullmatch(r"\d{1,15}(\.\d{1,9})?", text):
        raise Unreadable(place, f'the amount "{text[:40]}" is not a number', "write it as 10.00")
    if not re.fullmatch(r"[A-Z]{3}", currency):
        raise Unreadable(place, f'the currency "{currency[:40]}" is unknown', "use a code such as EUR")
    return f"{text} {currency}" if float(text) else ""


def _reports(license_: Element) -> Iterator[Condition]:
    """A use that is not reported as asked is not licensed (3.12)."""
    for element in [each for each in license_.children if local(each) == "reporting"]:
        kind = _one_of(element, "type", REPORTS)
        profile, endpoint = element.attributes.get("profile", "").strip(), element.attributes.get("endpoint")
        if not profile:
            raise Unreadable(f"line {element.line}", "<reporting> has no profile", "name the profile")
        said = f"{kind} as in {profile}" + (f", to {endpoint}" if endpoint else "")
        yield Condition(code=ConditionCode.NOTIFY, timing=Timing.AFTER, parameter=said)


def _one_of(element: Element, name: str, allowed: Iterable[str]) -> str:
    value = element.attributes.get(name, "")
    if value not in allowed:
        raise Unreadable(
            f"line {element.line}",
            f'the {local(element)} {name} "{value}" is unknown',
            f"use {', '.join(allowed)}",
        )
    return value


def once(element: Element, name: str) -> Element | None:
    """The one child of the name, or None. Raises Unreadable where it stands twice."""
    found = [child for child in element.children if child.name == f"{NAMESPACE} {name}"]
    if len(found) > 1:
        raise Unreadable(f"line {found[1].line}", f"<{name}> stands twice", "keep one of them")
    return found[0] if found else None


def children(element: Element, allowed: tuple[str, ...]) -> list[Element]:
    """The children in RSL's namespace; an extension of another namespace is passed over."""
    found = [child for child in element.children if child.name.startswith(f"{NAMESPACE} ")]
    for child in found:
        if local(child) not in allowed:
            raise Unreadable(
                f"line {child.line}",
                f"<{local(child)}> does not belong in <{local(element)}>",
                f"only {', '.join(allowed)} do",
            )
    return found


def local(element: Element) -> str:
    return element.name.rpartition(" ")[2]
