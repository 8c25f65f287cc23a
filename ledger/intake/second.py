"""A second, slower opinion for doubtful pages: trafilatura for title and authors, htmldate for the date.

Asked only where the fast pass found no title or no date at all; what it says is marked with low confidence.
"""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from ledger.intake.dates import parse_stamp
from ledger.intake.draft import Draft, Evidence

_MAX_MARKUP = 400_000
_MAX_TAGS = 15_000
_DATED = re.compile(r"\d\D{0,14}(?:19|20)\d\d|(?:19|20)\d\d\D{0,3}\d|(?:19|20)\d{6}|[年년]")
"""A year with a day or a month in numbers beside it. A page without any ("© 2026") has no date to be found."""


def second_opinion(draft: Draft, markup: str | None, url: str | None) -> Draft:
    """*draft* with an unknown title or publication date filled where the slower readers are agreed on one."""
    doubtful = draft.title is None or draft.republisher.published is None
    if (
        not doubtful
        or not markup
        or len(draft.text) < 400
        or len(markup) > _MAX_MARKUP
        or markup.count("<") > _MAX_TAGS
    ):
        return draft
    evidence = dict(draft.evidence)
    if draft.title is None:
        title = _title(markup, url)
        if title:
            evidence["title"] = Evidence(extractor="trafilatura", confidence=0.5, selector="html")
            draft = replace(draft, title=title)
    if draft.republisher.published is None and _DATED.search(markup):
        day = parse_stamp(_date(markup, url) or "")
        if day:
            evidence["republisher.published"] = Evidence(
                extractor="htmldate", confidence=0.5, selector="html"
            )
            draft = replace(draft, republisher=replace(draft.republisher, published=day))
    return replace(draft, evidence=MappingProxyType(dict(sorted(evidence.items()))))


def _title(markup: str, url: str | None) -> str | None:
    from trafilatura import extract_metadata  # a second to import: only where it is needed

    found = _quietly(extract_metadata, markup, default_url=url)
    title = getattr(found, "title", None)
    return title if isinstance(title, str) and title.strip() else None


def _date(markup: str, url: str | None) -> str | None:
    from htmldate import find_date

    found = _quietly(find_date, markup, original_date=True, extensive_search=False, url=None)
    return found if isinstance(found, str) else None


def _quietly(reader: Any, *arguments: Any, **options: Any) -> Any:
    """Third-party readers raise many things on broken markup; none of them is worth losing the draft for."""
    try:
        return reader(*arguments, **options)
    except Exception:
        logging.getLogger(__name__).debug("second opinion failed", exc_info=True)
        return None
