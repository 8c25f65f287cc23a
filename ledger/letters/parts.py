"""Sections that several kinds of letter share: the work, the use, words quoted, whom to ask, and the frame itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from ledger.letters.language import Speaker, capital
from ledger.letters.matters import Frame, Material
from ledger.letters.model import (
    Clause,
    Ground,
    GroundKind,
    Layout,
    Letter,
    LetterKind,
    Run,
    Section,
    Style,
    Text,
)
from ledger.letters.wording import fill
from ledger.rights.parties import Contact, Party
from ledger.rights.pieces import Component, Piece

Row = tuple[str, str, Text | list[Text], tuple[Ground, ...]]
"""Code, English label, value, grounds. A list of values is printed one below the other."""


def value(text: str) -> Text:
    """A fact standing alone."""
    return (Run(text, Style.VALUE),)


def term_value(text: str) -> Text:
    """Terms of the trade standing alone: they start with a capital."""
    return value(capital(text))


def web(url: str) -> Text:
    """An address, printed in full and clickable."""
    return (Run(url, Style.LINK, url),)


def identifier(number: str) -> Run:
    """The number of a letter or a request within a sentence: it is not divided."""
    return Run(number, Style.CODE)


def form(field: str) -> Ground:
    """A field of the request form."""
    return Ground(GroundKind.FORM_FIELD, field)


def record(ref: str, quote: str = "") -> Ground:
    """A fact of the register."""
    return Ground(GroundKind.RECORD, ref, quote)


def house(ref: str) -> Ground:
    """The publisher's standing wording."""
    return Ground(GroundKind.HOUSE, ref)


def table(speaker: Speaker, code: str, heading: str, rows: Iterable[Row]) -> Section:
    """A table of label and value; rows without a value are left out."""
    clauses = []
    for row_code, label, said, grounds in rows:
        texts = [
            text for text in (said if isinstance(said, list) else [said]) if any(run.text for run in text)
        ]
        if texts:
            clauses.append(Clause(row_code, tuple(texts), label=speaker.message(label), grounds=grounds))
    return Section(code, speaker.message(heading), Layout.TABLE, tuple(clauses))


def prose(code: str, heading: str, clauses: Sequence[Clause]) -> Section:
    """Paragraphs; ``heading`` is already in the letter's language."""
    return Section(code, heading, Layout.PROSE, tuple(clauses))


def saying(speaker: Speaker, code: str, english: str, *grounds: Ground, **values: str | Run) -> Clause:
    """One sentence as a clause."""
    return Clause(code, (speaker.say(english, **values),), grounds=grounds)


def title_run(piece: Piece) -> Run:
    """The title as a title."""
    return Run(piece.title, Style.TITLE)


def component_name(speaker: Speaker, piece: Piece, component_id: str) -> str:
    """How a component is called in a letter: its label, else its kind."""
    component = piece.component(component_id)
    return component.label or speaker.label(component.kind)


def credited(speaker: Speaker, component: Component, *, first: bool = False) -> Text:
    """A component with the credit it carries, so that an exclusion names whose it is."""
    name = component.label or speaker.label(component.kind)
    return (*(term_value(name) if first else value(name)), *speaker.remark(component.credit or ""))


def the_work(speaker: Speaker, piece: Piece) -> Section:
    """The full citation: title, authors, who published it when and where, the content hash, the notice."""
    ground = (record(piece.id),)
    source = piece.source
    rows: list[Row] = [
        ("title", "Title", (title_run(piece),), ground),
        ("author", "Author", speaker.series(*(author.name for author in piece.authors)), ground),
        ("published_by", "Published by", value(piece.publisher.name), ground),
        (
            "published",
            "Publication date",
            value(speaker.date(piece.published) if piece.published else ""),
            ground,
        ),
        ("url", "Web address", web(piece.urls[0]) if piece.urls else (), ground),
        ("source", "First published by", _first(speaker, source.name, source.published), ground),
        ("source_url", "Original at", web(source.url) if source.url else (), ground),
        ("notice", "Copyright notice", value(piece.notice or ""), (record(piece.id, piece.notice or ""),)),
        ("content_sha256", "Content hash (SHA-256)", _code(piece.content_sha256), ground),
    ]
    return table(speaker, "work", "The work", rows)


def _first(speaker: Speaker, name: str | None, published: date | None) -> Text:
    return speaker.series(name, speaker.date(published) if published else "") if name else ()


def _code(text: str | None) -> Text:
    return (Run(text, Style.CODE),) if text else ()


def the_material(speaker: Speaker, piece: Piece, included: Sequence[str], material: Material) -> list[Row]:
    """Exactly what the letter is about, components left out named as such."""
    names = [component_name(speaker, piece, one) for one in included]
    inside = [term_value(name) if name is names[0] else name for name in names]
    left_out = [one for one in piece.components if one.id not in included]
    outside = [credited(speaker, one, first=one is left_out[0]) for one in left_out]
    return [
        ("included", "Included", speaker.series(*inside), (form("components"),)),
        ("excluded", "Not included", speaker.series(*outside), (record(piece.id),)),
        ("pages", "Pages", value(material.pages), (form("locator"),)),
        (
            "words",
            "Words",
            value(speaker.number(material.words) if material.words else ""),
            (form("quantity"),),
        ),
        ("opening", "Opening words", _quoted(speaker, material.opening), (form("portion"),)),
        ("closing", "Closing words", _quoted(speaker, material.closing), (form("portion"),)),
    ]


def _quoted(speaker: Speaker, words: str) -> Text:
    return value(speaker.quoted(words)) if words else ()


def quotes(speaker: Speaker, grounds: Iterable[Ground]) -> Section:
    """The exact words a letter rests on, each once; words that stand within others are not printed again."""
    once: dict[str, list[Ground]] = {}
    for ground in grounds:
        if ground.quote and ground not in once.get(ground.quote, ()):
            once.setdefault(ground.quote, []).append(ground)
    clauses = []
    for words, first in once.items():
        if any(words in other for other in once if other != words):
            continue
        within = [g for other, those in once.items() if other != words and other in words for g in those]
        clauses.append(Clause("quoted_words", (value(words),), grounds=(*first, *within)))
    return Section("quotes", speaker.message("The words on which this rests"), Layout.QUOTE, tuple(clauses))


def whom_to_ask(speaker: Speaker, owner: Party, contact: Contact | None, *grounds: Ground) -> Section:
    """The owner and how to reach them."""
    contact = contact or Contact()
    rows: list[Row] = [
        ("owner", "Name", speaker.series(owner.name, contact.name or ""), grounds),
        ("owner_email", "E-mail", mail(contact.email), grounds),
        ("owner_url", "Web address", web(contact.url) if contact.url else (), grounds),
        ("owner_phone", "Telephone", value(contact.phone or ""), grounds),
    ]
    return table(speaker, "owner", "Whom to ask", rows)


def mail(address: str | None) -> Text:
    """An e-mail address, printed in full and clickable."""
    return (Run(address, Style.LINK, f"mailto:{address}"),) if address else ()


def own_words(speaker: Speaker, frame: Frame, values: dict[str, str]) -> Section:
    """The publisher's own paragraphs, their placeholders filled."""
    known = {
        "publisher": frame.letterhead.publisher.name,
        "number": frame.number,
        "date": speaker.date(frame.date),
    }
    clauses = [
        Clause("own_wording", (value(fill(wording, {**known, **values})),), grounds=(house("own_wording"),))
        for wording in frame.own_wording
    ]
    return prose("own", speaker.message("Further information"), clauses)


def opening(
    speaker: Speaker, frame: Frame, *sentences: Text, grounds: tuple[Ground, ...] = (), again: bool = False
) -> Section:
    """The first paragraph: thanks for the request (not ``again``), then what this letter does."""
    if again:
        return statement(speaker, *sentences, grounds=grounds)
    thanks = speaker.say("Thank you for your request {reference}.", reference=identifier(frame.request_ref))
    return statement(speaker, *((thanks,) if frame.request_ref else ()), *sentences, grounds=grounds)


def statement(speaker: Speaker, *sentences: Text, grounds: tuple[Ground, ...] = ()) -> Section:
    """The first paragraph of a letter to somebody who has not asked for anything."""
    joined: Text = ()
    for sentence in sentences:
        joined = (
            (*joined, Run(" "), *sentence)
            if joined and speaker.language != "zh-Hans"
            else (*joined, *sentence)
        )
    return prose("opening", "", [Clause("opening", (joined,), grounds=grounds)])


def finish(
    speaker: Speaker, frame: Frame, kind: LetterKind, subject: Text, sections: Sequence[Section]
) -> Letter:
    """The Letter: sections that turned out empty are left out."""
    return Letter(
        number=frame.number,
        kind=kind,
        date=frame.date,
        issued_at=frame.issued_at,
        language=frame.language,
        letterhead=frame.letterhead,
        addressee=frame.addressee,
        subject=subject,
        salutation=_salutation(speaker, frame.addressee.attention),
        sections=tuple(section for section in sections if section.clauses),
        closing=speaker.say("Yours sincerely,"),
        signatory=frame.signatory,
        verification=frame.verification,
        verify_texts=_how_to_verify(speaker, frame),
        words=_page_words(speaker, frame),
    )


def _salutation(speaker: Speaker, person: str) -> Text:
    """The person by name; a house without a named person is not greeted like one."""
    return speaker.say("Dear {name},", name=person) if person else speaker.say("Dear Sir or Madam,")


def _how_to_verify(speaker: Speaker, frame: Frame) -> tuple[Text, ...]:
    check = frame.verification
    lines = []
    if check.url:
        address = Run(check.url, Style.LINK, check.url)
        lines.append(
            speaker.say(
                "Open {url} (or scan the code) and drop this file there. "
                "It is checked in your browser and sent nowhere.",
                url=address,
            )
        )
        lines.append(
            speaker.say("The number alone shows only that the letter exists and what state it is in.")
        )
    if check.entry is not None:
        lines.append(
            speaker.say(
                "The decision is entry {entry} of the journal {log}; its proof is attached to this file.",
                entry=str(check.entry),
                log=Run(check.log, Style.CODE),
            )
        )
    if check.fingerprint:
        print_ = Run(" ".join(_fours(check.fingerprint)), Style.CODE)
        lines.append(
            speaker.say(
                "Signed with the certificate whose SHA-256 fingerprint is {fingerprint}.", fingerprint=print_
            )
        )
    return tuple(lines)


def _fours(text: str) -> list[str]:
    return [text[at : at + 8] for at in range(0, len(text), 8)]


def _page_words(speaker: Speaker, frame: Frame) -> dict[str, str]:
    return {
        "to": speaker.message("To"),
        "number": speaker.message("Letter number"),
        "date": speaker.date(frame.date),
        "page": speaker.message("Page {page} of {pages}"),
        "verify": speaker.message("Check this letter"),
        "qr_title": speaker.message("Web address of the page that checks this letter"),
        "signature_of": speaker.words("Signature of {name}", name=frame.signatory.name),
    }
