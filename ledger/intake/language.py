"""Language of the text: what the page declares, else told from its words."""

from __future__ import annotations

import re

from resiliparse.parse.lang import detect_fast

from ledger.intake.draft import Evidence
from ledger.intake.page import Page

_TAG = re.compile(r"[a-z]{2,3}(?:[-_](?:[a-z]{4}|[a-z]{2}|\d{3}))*", re.I)
_TOO_FAR = 1000
"""resiliparse's distance above which a guess is worth nothing (its own documentation says 1200)."""


def find_language(page: Page) -> tuple[str | None, Evidence | None]:
    """(BCP 47 tag, evidence). The declared language wins unless the words plainly speak another: many sites
    leave their template's "en" on pages of every language."""
    guess, distance = detect_fast(page.text[:20_000]) if len(page.text) > 60 else ("unknown", 9999)
    declared = _declared(page)
    sure = distance < _TOO_FAR and guess != "unknown"
    if declared:
        primary = declared[0].split("-")[0]
        if (
            sure
            and distance < 600
            and guess != primary
            and len(page.text) > 400
            and guess in _TRUSTED
            and primary in _TRUSTED
        ):
            return guess, Evidence(
                extractor="resiliparse", confidence=0.6, start=0, end=min(len(page.text), 20_000)
            )
        return declared
    if not sure:
        return None, None
    confidence = max(0.5, min(0.95, 1.15 - distance / 1500)) if len(page.text) > 200 else 0.5
    return guess, Evidence(
        extractor="resiliparse", confidence=confidence, start=0, end=min(len(page.text), 20_000)
    )


_TRUSTED_NAMES = "en de fr es it pt nl pl ru uk cs sv da fi hu tr el ar he zh ja ko ro bg "
_TRUSTED = frozenset(_TRUSTED_NAMES.split())


def _declared(page: Page) -> tuple[str, Evidence] | None:
    for value, selector in (
        (page.language, "html[lang]"),
        *(
            (content, f'meta[name="{name}"]')
            for name, content in page.meta
            if name in ("content-language", "dc.language", "og:locale", "language")
        ),
    ):
        match = _TAG.fullmatch((value or "").strip().split(",")[0])
        if match:
            parts = match[0].replace("_", "-").split("-")
            tag = "-".join(
                [parts[0].lower(), *(part.upper() if len(part) == 2 else part.title() for part in parts[1:])]
            )
            return tag, Evidence(
                extractor="html-lang" if selector == "html[lang]" else "meta",
                confidence=0.9,
                selector=selector,
            )
    return None
