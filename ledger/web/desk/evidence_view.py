"""The evidence beside each field, and the page's text with the places where it was found."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from markupsafe import Markup, escape

DOUBTFUL_BELOW = 0.85
"""A reading less sure than this is to be checked by a person."""
SHOWN = 200_000
"""Characters of a page's text that are shown."""
WHOLE = 0.8
"""A span of more than this share of the text is the page as a whole, and is not quoted."""

LABELS = {
    "title": "Title",
    "subtitle": "Subtitle",
    "authors": "Author",
    "source.name": "Source",
    "source.url": "Link to the original",
    "source.published": "First published",
    "republisher.name": "Site",
    "republisher.legal_name": "Legal name",
    "republisher.published": "Published here",
    "canonical_url": "Address",
    "copyright": "Copyright notice",
    "licence": "Licence",
    "fair_use": "Exception claimed",
    "contacts": "Contact",
}
"""The evidence that is marked in the text, with the name of its field."""
FALL_BACK = {
    "copyright.notice": "copyright",
    "copyright.holders": "copyright",
    "copyright.year": "copyright",
    "source.url_status": "source.url",
}
FIELD_OF = {
    "authors": "authors.0.name",
    "copyright": "copyright.notice",
    "licence": "licence.id",
    "fair_use": "fair_use.notice",
    "contacts": "contacts.0.email",
}


@dataclass(frozen=True)
class Found:
    """Where a field was read: the words, who read them, how sure, and where they stand."""

    span: str = ""
    extractor: str = ""
    confidence: float | None = None
    source: str | Markup = ""
    doubtful: bool = False


NOTHING = Found()

EXTRACTORS = {
    "resiliparse": "the look of the words",
    "html-lang": "the page's own code",
    "meta": "the page's own code",
    "link-canonical": "the page's own code",
    "json-ld": "the page's own data",
    "h1": "the heading",
    "first-line": "the first line",
    "line-under-title": "the line under the title",
    "byline": "the byline",
    "dateline": "the dateline",
    "source-statement": "the line that names the source",
    "source-link": "the line that names the source",
    "visible-notice": "the notice",
    "legal-entity": "the small print",
    "rel-license": "a link marked as the licence",
    "rights-reserved": "the notice",
    "clause-patterns": "a sentence about reuse",
    "fair-use-notice": "the notice about fair use",
    "email": "an address of mail",
    "feed": "the feed",
    "csv": "the sheet",
    "wxr": "the WordPress export",
}
"""How a reading was come by, in words; others are named as they are."""


@dataclass(frozen=True)
class Evidence:
    """The evidence of a draft, asked for by the name of a field."""

    text: str
    readings: Mapping[str, Any]
    unseen: Mapping[str, Any]

    def of(self, name: str) -> Found:
        """What a field rests on; ``NOTHING`` where the page says nothing."""
        kept = self.readings.get(name) or self.readings.get(FALL_BACK.get(name, ""))
        if not kept:
            return NOTHING
        found = kept.get("span")
        confidence = float(kept.get("confidence") or 0)
        facts: dict[str, Any] = {"extractor": _by(kept), "confidence": confidence}
        doubtful = confidence < DOUBTFUL_BELOW
        if found is None:
            return Found(_plain(self.unseen.get(name)), **facts, source=_in_code(kept), doubtful=doubtful)
        if _is_whole(found, self.text):
            return Found("The page as a whole.", **facts, doubtful=doubtful)
        words = self.text[found[0] : found[1]]
        return Found(words, **facts, source=_in_text(found), doubtful=doubtful)

    def words(self, words: str, name: str = "") -> Found:
        """Where these very words stand on the page: a clause, an address of mail."""
        start = self.text.find(words) if words.strip() else -1
        if start < 0:
            return NOTHING
        kept = self.readings.get(name) or {}
        confidence = kept.get("confidence")
        return Found(
            words,
            _by(kept),
            confidence,
            _in_text((start, start + len(words))),
            confidence is not None and confidence < DOUBTFUL_BELOW,
        )


def evidence_of(draft: Mapping[str, Any]) -> Evidence:
    """The evidence kept with a draft."""
    return Evidence(
        (draft.get("text") or "")[:SHOWN], draft.get("evidence") or {}, draft.get("as_read") or {}
    )


def marked_text(draft: Mapping[str, Any]) -> Markup:
    """The page's text with each place marked where something was found, and named by its field."""
    text = (draft.get("text") or "")[:SHOWN]
    return _marked(text, _places(draft, text))


@dataclass(frozen=True)
class _Place:
    start: int
    end: int
    label: str
    field: str


def _places(draft: Mapping[str, Any], text: str) -> list[_Place]:
    found: dict[tuple[int, int], _Place] = {}
    for name, kept in (draft.get("evidence") or {}).items():
        span = kept.get("span")
        if name in LABELS and span and span[1] <= len(text) and not _is_whole(span, text):
            place = _Place(span[0], span[1], LABELS[name], FIELD_OF.get(name, name))
            found.setdefault((span[0], span[1]), place)
    clauses = [
        (f"terms.{number}.clause", "Term", each.get("clause"))
        for number, each in enumerate(draft.get("terms") or ())
    ]
    mails = [
        (f"contacts.{number}.email", "Contact", each.get("email"))
        for number, each in enumerate(draft.get("contacts") or ())
    ]
    for field, label, words in (*clauses, *mails):
        start = text.find(words) if words else -1
        if start >= 0:
            end = start + len(words)
            found.setdefault((start, end), _Place(start, end, label, field))
    return sorted(found.values(), key=lambda each: (each.start, -each.end))


def _marked(text: str, places: Iterable[_Place]) -> Markup:
    """Overlapping places are cut at every edge: marks may not cross in HTML."""
    all_places = list(places)
    edges = sorted({0, len(text), *(p.start for p in all_places), *(p.end for p in all_places)})
    parts: list[Markup] = []
    for start, end in pairwise(edges):
        for place in all_places:
            if place.start == start:
                parts.append(Markup('<span id="found-{}-{}"></span>').format(place.start, place.end))
        inside = any(place.start <= start and end <= place.end for place in all_places)
        words = escape(text[start:end])
        parts.append(Markup("<mark>{}</mark>").format(words) if inside else words)
        for place in all_places:
            if place.end == end:
                field = place.field.replace(".", "-")
                back = Markup('<a class="found-as" href="#f-{}">{}</a>').format(field, place.label)
                parts.append(back)
    return Markup("").join(parts)


def _by(kept: Mapping[str, Any]) -> str:
    name = str(kept.get("extractor", ""))
    return EXTRACTORS.get(name, name.replace("-", " "))


def _is_whole(span: Any, text: str) -> bool:
    return bool(text) and (span[1] - span[0]) > WHOLE * len(text)


def _in_text(span: Any) -> Markup:
    return Markup('<a href="#found-{}-{}">Show it in the text</a>').format(span[0], span[1])


def _in_code(kept: Mapping[str, Any]) -> Markup:
    return Markup("From the page's code, not its text: <code>{}</code>").format(kept.get("selector", ""))


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(filter(None, (_plain(each) for each in value)))
    if isinstance(value, dict):
        return next(
            (str(value[key]) for key in ("notice", "name", "id", "email", "url") if value.get(key)), ""
        )
    return "" if value is None else str(value)
