"""``read``: the bytes of one page in, the draft record out."""

# ruff: noqa: E501 - patterns are read by the row, not by the line

from __future__ import annotations

import re
from dataclasses import replace
from types import MappingProxyType

from ledger.intake.body import find_body
from ledger.intake.contacts import find_contacts
from ledger.intake.datelines import datelines
from ledger.intake.decode import decode
from ledger.intake.draft import (
    CopyrightReading,
    Draft,
    Evidence,
    LicenceReading,
    Republisher,
    Source,
    UnreadablePage,
)
from ledger.intake.fairuse import find_fair_use
from ledger.intake.html import page_from_html
from ledger.intake.language import find_language
from ledger.intake.licences import find_licences
from ledger.intake.names import find_authors
from ledger.intake.notices import find_copyright, only_of_the_site
from ledger.intake.origins import find_canonical, find_source
from ledger.intake.page import GAP, Page, shortened
from ledger.intake.phrases import looks_like_person, same_name
from ledger.intake.plain import page_from_text
from ledger.intake.rules import Speakers
from ledger.intake.second import second_opinion
from ledger.intake.sites import find_legal_name, find_published, find_site
from ledger.intake.terms import find_terms
from ledger.intake.titles import find_subtitle, find_title

_MARKUP = re.compile(
    r"<(?:!doctype\s+html|html|head|body|title|meta|div|article|section|main|p|h[1-6]|table|ul|a|span|br|img|link|script)\b[^<>]*>",
    re.I,
)
MAX_TEXT = 3_000_000
"""Characters of plain text. Longer text is no article."""


def read(data: bytes, *, content_type: str | None = None, url: str | None = None) -> Draft:
    """Read one page (HTML or text, told by *content_type* or by its look) as found at *url*.

    Raises UnreadablePage, with one plain line, for what is no page, is empty, is too large or is garbled.
    """
    markup = decode(data, content_type)
    if _is_html(markup, content_type):
        page = page_from_html(markup, url)
    else:
        if len(markup) > MAX_TEXT:
            raise UnreadablePage(
                f"The text has {len(markup)} characters, at most {MAX_TEXT} are read: give one article."
            )
        page = page_from_text(markup, url)
    if not page.text.strip() and not page.title_tag and not page.meta:
        raise UnreadablePage(
            "The page has no text: it may be built by a script. Save it from a browser and retry."
        )
    if len(page.text) > MAX_TEXT:
        raise UnreadablePage(
            f"The page has {len(page.text)} characters of text, at most {MAX_TEXT} are read: give one article."
        )
    return read_page(page, markup if page.kind == "html" else None)


def _is_html(markup: str, content_type: str | None) -> bool:
    bare = (content_type or "").split(";")[0].strip().lower()
    if bare in ("text/html", "application/xhtml+xml"):
        return True
    if bare in ("text/plain", "text/markdown"):
        return bool(re.match(r"\s*<(?:!doctype\s+html|html)\b", markup, re.I))
    return bool(_MARKUP.search(markup[:50_000]))


def read_page(page: Page, markup: str | None = None) -> Draft:
    """The draft of an already parsed page. *markup* allows a second opinion where the first is unsure."""
    places: Places = {}
    page = shortened(page)
    page.language, places["language"] = find_language(page)
    title, title_index = find_title(page)
    subtitle = find_subtitle(page, title_index)
    source, republisher = _origins(page, title_index, places)
    notice, places["copyright"] = _copyright(page, source, republisher)
    known = (source.name, republisher.name, republisher.legal_name, *notice.holders)
    authors, places["authors"] = find_authors(page, title_index, _organisations(known))
    canonical = find_canonical(page)
    body, preamble = find_body(page, title_index, republisher.name)
    places["title"] = title.evidence if title else None
    places["subtitle"] = subtitle.evidence if subtitle else None
    places["canonical_url"] = canonical[1] if canonical else None
    draft = Draft(
        text=page.text,
        title=title.value if title else None,
        subtitle=subtitle.value if subtitle else None,
        language=page.language,
        authors=authors,
        source=source,
        republisher=republisher,
        canonical_url=canonical[0] if canonical else None,
        copyright=notice,
        body=body,
        preamble=preamble,
    )
    return second_opinion(_with_rights(draft, page, places), markup, page.url)


def _copyright(
    page: Page, source: Source, republisher: Republisher
) -> tuple[CopyrightReading, Evidence | None]:
    """The notice; without a holder where it is the site's own under a text that came from elsewhere."""
    notice, place = find_copyright(page)
    if not only_of_the_site(page, notice, place, source.name, (republisher.name, republisher.legal_name)):
        return notice, place
    return replace(notice, holders=()), replace(place, confidence=UNSURE) if place else None


UNSURE = 0.4
"""The confidence of what a person has to look at."""
Places = dict[str, Evidence | None]
"""Where each field was read, by its name in the draft's evidence; None where it was not found."""


def _with_rights(draft: Draft, page: Page, places: Places) -> Draft:
    """The draft with what the page says of its use, with every place, and what a person should look at."""
    licence, components = find_licences(page)
    terms = find_terms(page, Speakers(draft.republisher.name, draft.republisher.legal_name))
    fair_use, places["fair_use"] = find_fair_use(page)
    contacts, places["contacts"] = find_contacts(page)
    places["licence"] = licence.evidence
    places["terms"] = terms[0].evidence if terms else None
    places.update({f"terms.{number}": term.evidence for number, term in enumerate(terms)})
    is_cut = GAP in page.text
    return replace(
        draft,
        licence=licence,
        components=components,
        terms=terms,
        fair_use=fair_use,
        contacts=contacts,
        evidence=MappingProxyType({name: place for name, place in sorted(places.items()) if place}),
        remarks=_remarks(draft.source, draft.copyright, draft.republisher, licence, components, is_cut),
    )


def _organisations(names: tuple[str | None, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name and not looks_like_person(name))


def _origins(page: Page, title_index: int, places: Places) -> tuple[Source, Republisher]:
    lines = datelines(page, title_index)
    first = find_site(page, [], None)
    found = find_source(page, lines, first[0] if first else None)
    site = find_site(page, lines, found.source.name)
    site_name = site[0] if site else None
    legal = find_legal_name(page, site_name, found.source.name)
    published = find_published(page, lines, site_name, found.source)
    places |= {
        "source.name": found.name_evidence,
        "source.url": found.url_evidence if found.source.url else None,
        "source.url_status": found.url_evidence if found.source.url_status else None,
        "source.published": found.date_evidence,
        "source": found.name_evidence or found.url_evidence,
        "republisher": site[1] if site else None,
        "republisher.name": site[1] if site else None,
        "republisher.legal_name": legal[1] if legal else None,
        "republisher.published": published[1] if published else None,
    }
    republisher = Republisher(
        name=site_name, legal_name=legal[0] if legal else None, published=published[0] if published else None
    )
    return found.source, republisher


def _remarks(
    source: Source,
    notice: CopyrightReading,
    republisher: Republisher,
    licence: LicenceReading,
    components: tuple[LicenceReading, ...],
    cut: bool,
) -> tuple[str, ...]:
    remarks, holders = [], notice.holders
    if source.url_status == "missing":
        remarks.append("The source is named but its link is lost: ask for the original address.")
    own = (republisher.name, republisher.legal_name)
    if holders and any(own) and not any(same_name(holder, name) for holder in holders for name in own):
        remarks.append(
            f"The stated holder ({', '.join(holders)}) is not the site: its standing permissions may not cover this text."
        )
    if notice.notice and not holders and source.name:
        remarks.append(
            f"The notice “{notice.notice}” is the site's, and the text comes from {source.name}: find out who holds it."
        )
    if cut:
        remarks.append("The page is very long: its middle was not read.")
    if components and licence.id is None:
        remarks.append("A picture on the page carries a licence of its own; the page states none.")
    return tuple(remarks)
