"""A reader of /.well-known/tdmrep.json as the TDMRep report (10 May 2024) asks of one, written from its sentences
alone: section "TDM File on the Origin Server" and "Use of regular expressions". It knows nothing of our writer."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlsplit

UNRESERVED = re.compile(r"[A-Za-z0-9\-._~]")
Declared = tuple[int, str | None] | None  # None: unset


def declared(file: bytes, url: str) -> Declared:
    """What the file says of the address: the first rule that matches, and unset where none does."""
    rules = json.loads(file)
    if not isinstance(rules, list):
        raise TypeError("the file is an array, even of one rule")
    for rule in rules:
        if matches(rule["location"], url):
            return _values(rule)
    return None


def _values(rule: dict[str, Any]) -> Declared:
    reservation = rule["tdm-reservation"]
    if type(reservation) is not int or reservation not in (0, 1):
        return None  # any other value is an error of protocol: unset
    return reservation, rule.get("tdm-policy") if reservation == 1 else None


def matches(pattern: str, url: str) -> bool:
    """Whether the end of the pattern is reached before a difference in octets; case counts."""
    parts = urlsplit(url)
    target = _compared((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
    until_the_end = pattern.endswith("$")
    stretches = (pattern[:-1] if until_the_end else pattern).split("*")
    expression = ".*".join(re.escape(_compared(stretch)) for stretch in stretches)
    found = re.compile(expression, re.DOTALL)
    return bool(found.fullmatch(target) if until_the_end else found.match(target))


def _compared(text: str) -> str:
    """ASCII that is percent-encoded is decoded unless it is reserved; what is not ASCII is compared encoded."""
    encoded = "".join(c if c.isascii() else "".join(f"%{octet:02X}" for octet in c.encode()) for c in text)
    return re.sub(r"%([0-9A-Fa-f]{2})", _decoded, encoded.replace("$", "%24").replace("*", "%2A"))


def _decoded(found: re.Match[str]) -> str:
    character = chr(int(found[1], 16))
    return character if UNRESERVED.fullmatch(character) else found[0].upper()
