"""The words of a copyright notice: which years and which holders stand behind its mark."""

from __future__ import annotations

import re

from ledger.intake.draft import CopyrightReading
from ledger.intake.page import squeeze
from ledger.intake.phrases import COMPANY_SUFFIX, RESERVED, looks_like_person, same_name

YEARS = re.compile(
    r"(?<!\d)(?P<first>(?:19|20)\d\d)(?:\s*(?:[-–—/]|to|until|bis|à)\s*(?P<last>(?:19|20)\d\d|\d\d(?!\d)|present|today|heute|now))?"
    r"(?!\d)(?:\s*(?:гг?\.|r\.|год[а]?|年))?",
    re.I,
)
_END = re.compile(
    r"\s[|•·▪]|\s[-–—]\s|[|;<>]|\.\s+(?=[^\W\d_])|\.$|\s{2,}|\s\(?(?:licen[cs]ed|lizenziert|republished|reprinted|published)"
    r"\s(?:under|by|with|unter|from|in)\b|\b(?:under\s(?:a\s)?)?(?:creative\scommons|CC\sBY|CC0)\b|\b(?:this|the)\s(?:work|article|site|page|content)\b"
    r"|\bwww\.|https?:|\bterms\b|\bprivacy\b|\bcookies?\b|\bimprint\b|\bimpressum\b|\bdatenschutz\b|\bcontact\s?us\b"
    r"|\bpowered\sby\b|\bdesigned\sby\b|\bwebsite\sby\b|\bsite\smap\b|\bmentions\slégales\b|\baviso\slegal\b|\bISSN\b|\bunless\b|\bexcept\b"
    r"|\bworldwide\b|\bDistributed\sby\b",
    re.I,
)
_ABBREVIATED = re.compile(
    r"(?:\b(?:inc|ltd|co|corp|jr|sr|st|dr|prof|mr|mrs|ms|no|vol|gmbh|bros|mfg|e|\w)|\be\.\s?v|o\.\s?o)$", re.I
)
_DOTTED = re.compile(
    r"\b(?:inc|ltd|co|corp|bros|jr|sr|e\.\s?v|o\.o|s\.a|s\.l|s\.r\.l|b\.v|n\.v|s\.p\.a|a\.s)\.$", re.I
)


def parse_notice(text: str) -> tuple[CopyrightReading, int]:
    """Years and holders in what follows a copyright mark, in either order, and how many characters they fill."""
    end = len(text)
    reserved = RESERVED.search(text)
    if reserved:
        end = min(end, reserved.start())
    for stop in _END.finditer(text):
        if stop.start() >= end:
            break
        before = text[: stop.start()]
        if stop[0].startswith(".") and _ABBREVIATED.search(before):
            continue
        if _rest_is_years(before, text[stop.end() :]):
            continue
        if re.search(r"\w", YEARS.sub("", before)):
            end = stop.start()
            break
    body = text[:end]
    latest = [_latest(match) for match in YEARS.finditer(body)]
    names = YEARS.sub(" , ", body)
    holders = split_holders(names)
    used = len(body.rstrip())
    return CopyrightReading(holders=holders, year=max(latest) if latest else None), used


def _rest_is_years(before: str, rest: str) -> bool:
    """ "Harbour Review – 2022": the dash does not end the notice."""
    return not YEARS.search(before) and bool(YEARS.match(rest.lstrip()))


def _latest(match: re.Match[str]) -> int:
    last = match["last"] or ""
    if last.isdigit():
        return int(last) if len(last) == 4 else int(match["first"][:2] + last)
    return int(match["first"])


def split_holders(names: str) -> tuple[str, ...]:
    """The names in a notice, commas and dashes between them: at most eight, none of them twice."""
    parts: list[str] = []
    for part in re.split(r"\s*[,/\n]\s*|\s+(?:-|–|—)\s+", squeeze(names)):
        if parts and COMPANY_SUFFIX.fullmatch(part):
            parts[-1] = f"{parts[-1]}, {part}"
        else:
            parts.append(part)
    holders: list[str] = []
    for part in parts:
        for name in _persons(_clean(part)):
            if (
                name
                and len(name) <= 90
                and len(name.split()) <= 12
                and not any(same_name(name, h) for h in holders)
            ):
                holders.append(name)
    return tuple(holders[:8])


def _persons(part: str) -> list[str]:
    pieces = re.split(r"\s+(?:and|&|und|et|y|e|i|и)\s+", part)
    return pieces if len(pieces) > 1 and all(looks_like_person(piece) for piece in pieces) else [part]


def _clean(name: str) -> str:
    name = re.sub(
        r"^(?:by|von|par|por|para|the\s+authors?|copyright|©|\(c\)|all content|all material|text)\s+",
        "",
        name.strip(' "“”„»«:*()[]'),
        flags=re.I,
    )
    name = name.strip(' "“”„»«:*()[]-–—·•|')
    if name.endswith(".") and not _DOTTED.search(name) and not re.search(r"\b\w\.$", name):
        name = name[:-1]
    if not re.search(r"[^\W\d_]{2}", name) or name.lower() in (
        "copyright",
        "by",
        "and",
        "the",
        "present",
        "reserved",
    ):
        return ""
    return name
