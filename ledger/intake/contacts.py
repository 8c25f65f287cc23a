"""Addresses on a page and what they are for."""

# ruff: noqa: E501 - patterns are read by the row, not by the line

from __future__ import annotations

import re
from itertools import islice

from ledger.intake.draft import ContactReading, Evidence
from ledger.intake.page import Block, Page
from ledger.intake.sentences import sentences_of

EMAIL = re.compile(
    r"(?<![\w.+@-])(?P<local>[A-Za-z0-9][A-Za-z0-9._%+-]{0,63})\s?(?:@|\(at\)|\[at\]|\{at\})\s?"
    r"(?P<domain>(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.|\s?(?:\(dot\)|\[dot\])\s?)){1,6}[A-Za-z]{2,24})(?![\w@-])"
)
_ROLES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("reprint_permission", re.compile(r"permission|re-?print|re-?publi|publication of|licen[cs]|syndicat|reproduc|copyright|\brights\b|reuse|cross-?post"
                                      r"|nachdruck|abdruck|genehmigung|lizenz|nutzungsrecht|autorisation|reproduction|droits|autorización|reproducción|derechos"
                                      r"|przedruk|zgod[ęayą]|licencj|разрешени|перепечат|воспроизвед|riprodu|autorizza|reproduç|overname", re.I)),
    ("media", re.compile(r"media inquir|media enquir|media contact|press inquir|press enquir|press office|press contact|for media|medienanfragen|presseanfragen"
                         r"|pressekontakt|contact presse|demandes (?:des )?médias|prensa|kontakt dla mediów|для прессы|для сми", re.I)),
    ("corrections", re.compile(r"correction|report an error|berichtigung|fehler melden|rectificat|sprostowani|исправлени|опечатк", re.I)),
    ("editorial", re.compile(r"\beditors?\b|editorial|letters to|submi(?:t|ssion)|redaktion|rédaction|redacción|redakcj|редакци|redazione", re.I)),
    ("advertising", re.compile(r"advertis|anzeigen|werbung|publicité|publicidad|reklam|реклам", re.I)),
    ("privacy", re.compile(r"privacy|data protection|datenschutz|rgpd|gdpr|prywatno|персональн", re.I)),
)  # fmt: skip


_MOST = 200


def email_in(text: str) -> str | None:
    """The first e-mail address in *text*, written out plainly; None where there is none."""
    match = EMAIL.search(text)
    return _plain(match) if match else None


def _plain(match: re.Match[str]) -> str:
    domain = re.sub(r"\s?(?:\(dot\)|\[dot\])\s?", ".", match["domain"], flags=re.I)
    return f"{match['local']}@{domain.lower()}"


def find_contacts(page: Page) -> tuple[tuple[ContactReading, ...], Evidence | None]:
    """Every address once, in order, with the roles that the sentences around it name."""
    if "@" not in page.text and "at)" not in page.text and "at]" not in page.text and not any(
        link.href.lower().startswith("mailto:") for link in page.links
    ):  # fmt: skip
        return (), None
    roles: dict[str, set[str]] = {}
    spelled: dict[str, str] = {}
    evidence: Evidence | None = None
    for match in islice(EMAIL.finditer(page.text), _MOST):
        address = _plain(match)
        spelled.setdefault(address.lower(), address)
        roles.setdefault(address.lower(), set()).update(_roles_at(page, match.start()))
        evidence = evidence or Evidence(
            extractor="email", confidence=0.95, start=match.start(), end=match.end()
        )
    for link in page.links:
        if link.href.lower().startswith("mailto:") and (found := EMAIL.search(link.href[7:])):
            address = _plain(found)
            spelled.setdefault(address.lower(), address)
            roles.setdefault(address.lower(), set()).update(_roles_at(page, link.start))
            place = Evidence(extractor="mailto", confidence=0.95, start=link.start, end=link.end)
            evidence = evidence or (place if link.end > link.start else Evidence(
                extractor="mailto", confidence=0.95, selector='a[href^="mailto:"]'))  # fmt: skip
    order = [name for name, _ in _ROLES]
    found_all = [
        ContactReading(spelled[key], tuple(sorted(named, key=order.index))) for key, named in roles.items()
    ]
    return tuple(found_all[:40]), evidence


def _roles_at(page: Page, offset: int) -> set[str]:
    block = page.block_at(offset)
    if block is None:
        return set()
    near = Block(max(block.start, offset - 400), min(block.end, offset + 300), block.kind, block.region)
    for sentence in sentences_of(page, 0, near):
        if sentence.start <= offset < sentence.end:
            before = (
                page.text[max(block.start, sentence.start - 200) : sentence.start]
                if len(sentence.text) < 60
                else ""
            )
            words = EMAIL.sub(" ", sentence.text)
            named = {name for name, pattern in _ROLES if pattern.search(words)}
            return named or {name for name, pattern in _ROLES if pattern.search(before)}
    return set()
