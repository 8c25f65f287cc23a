"""Generated Terms with every field in play, and pieces of odd titles, addresses and credits."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from ledger.rights.codes import ConditionCode
from ledger.rights.countries import COUNTRIES
from ledger.rights.parties import Contact, ContactRole, Identifier, IdentifierScheme, Party, PartyKind
from ledger.rights.pieces import Author, AuthorType, Component, ComponentKind, LinkStatus, Piece, Source
from ledger.rights.scope import Cap, Extent, Period, Scope, Territory
from ledger.rights.terms import (
    Condition,
    ConditionScope,
    ConflictStrategy,
    Effect,
    Modality,
    Origin,
    Rule,
    Span,
    Target,
    TargetKind,
    Terms,
    TermsKind,
    Timing,
)
from ledger.rights.uses import (
    Action,
    Channel,
    Duration,
    ExtentUnit,
    Format,
    Product,
    Purpose,
    QuantityUnit,
    RequesterType,
)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
words = st.text("abc xyz/%#é\n\"'<", min_size=1, max_size=8)
maybe_text = st.none() | texts
days = st.dates(date(1900, 1, 1), date(2150, 12, 31))
countries = st.frozensets(st.sampled_from(sorted(COUNTRIES)), max_size=3)
numbers = st.integers(0, 10**12)


def sets_of(kind):
    return st.none() | st.frozensets(st.sampled_from(list(kind)), max_size=3)


@st.composite
def periods(draw):
    start, end = draw(st.none() | days), draw(st.none() | days)
    if start and end and end < start:
        start, end = end, start
    return Period(start=start, end=end)


contacts = st.builds(
    Contact,
    email=maybe_text,
    name=maybe_text,
    url=maybe_text,
    phone=maybe_text,
    roles=st.lists(st.sampled_from(list(ContactRole)), max_size=2).map(tuple),
)
spans = st.builds(Span, start=st.none() | numbers, end=st.none() | numbers, selector=maybe_text)
identifiers = st.builds(Identifier, scheme=st.sampled_from(list(IdentifierScheme)), value=texts)


def parties(prefix: str):
    return st.builds(
        Party,
        id=words.map(lambda text: prefix + text),
        name=texts,
        kind=st.sampled_from(list(PartyKind)),
        legal_name=maybe_text,
        other_names=st.lists(texts, max_size=2).map(tuple),
        country=st.none() | st.sampled_from(["CA", "FR"]),
        contacts=st.lists(contacts, max_size=2).map(tuple),
        identifiers=st.lists(identifiers, max_size=2).map(tuple),
    )


territories = st.builds(Territory, included=st.none() | countries, excluded=countries)
caps = st.builds(Cap, unit=st.sampled_from(list(QuantityUnit)), at_most=numbers)
extents = st.builds(Extent, unit=st.sampled_from(list(ExtentUnit)), at_most=st.integers(0, 100))
scopes = st.builds(
    Scope,
    channels=sets_of(Channel),
    purposes=sets_of(Purpose),
    commercial=st.none() | st.booleans(),
    requesters=sets_of(RequesterType),
    products=sets_of(Product),
    territory=territories,
    languages=st.none() | st.frozensets(st.sampled_from(["en", "fr", "fr-CA", "zh-Hant"]), max_size=2),
    period=periods(),
    formats=sets_of(Format),
    caps=st.lists(caps, max_size=2).map(tuple),
    extents=st.lists(extents, max_size=2).map(tuple),
    editions=sets_of(Duration),
    exclusive=st.booleans(),
)
conditions = st.builds(
    Condition,
    code=st.sampled_from(list(ConditionCode)),
    modality=st.sampled_from(list(Modality)),
    timing=st.sampled_from(list(Timing)),
    parameter=maybe_text,
    scope=st.sampled_from(list(ConditionScope)),
    evidence=st.none() | spans,
)
rules = st.builds(
    Rule,
    effect=st.sampled_from(list(Effect)),
    action=st.sampled_from(list(Action)),
    scope=scopes,
    conditions=st.lists(conditions, max_size=3).map(tuple),
    contact=st.none() | contacts,
    clause=maybe_text,
    evidence=st.none() | spans,
    sublicence=st.none() | st.booleans(),
    sublicensee=maybe_text,
)
targets = st.builds(
    Target,
    kind=st.sampled_from(list(TargetKind)),
    component_ids=st.lists(words, max_size=3).map(tuple),
    component_kinds=st.none() | st.frozensets(st.sampled_from([k.value for k in ComponentKind]), max_size=2),
)
terms = st.builds(
    Terms,
    id=words,
    kind=st.sampled_from(list(TermsKind)),
    assigner=parties("pa_giver"),
    target=targets,
    clause=texts,
    rules=st.lists(rules, min_size=1, max_size=3).map(tuple),
    assignee=st.none() | parties("pa_taker"),
    validity=periods(),
    conflict=st.sampled_from(list(ConflictStrategy)),
    revoked_on=st.none() | days,
    origin=st.sampled_from(list(Origin)),
    name=maybe_text,
    url=maybe_text,
    language=st.none() | st.sampled_from(["en", "fr-CA"]),
)

addresses = st.one_of(
    st.none(),
    texts,
    texts.map(lambda text: f"https://wire.example/{text}"),
    texts.map(lambda text: f"http://{text}.example/?q={text}#{text}"),
)
components = st.builds(
    Component,
    id=words,
    kind=st.sampled_from(list(ComponentKind)),
    label=maybe_text,
    credit=maybe_text,
    notice=maybe_text,
)
sources = st.builds(
    Source,
    name=maybe_text,
    url=addresses,
    url_status=st.sampled_from(list(LinkStatus)),
    party=st.none() | parties("pa_source"),
)


@st.composite
def _pieces(draw):
    text = Component(id="co_text", kind=ComponentKind.TEXT, notice=draw(maybe_text))
    beside = draw(st.lists(components, max_size=3, unique_by=lambda c: c.id))
    written = draw(st.lists(terms, max_size=2))
    return Piece(
        id=draw(words),
        publisher=draw(parties("pa_publisher")),
        title=draw(texts),
        subtitle=draw(maybe_text),
        components=(text, *(c for c in beside if c.id != "co_text")),
        urls=tuple(draw(st.lists(addresses.filter(bool), max_size=2))),
        authors=tuple(
            draw(
                st.lists(
                    st.builds(Author, name=texts, type=st.none() | st.sampled_from(AuthorType)), max_size=2
                )
            )
        ),
        language=draw(st.none() | st.sampled_from(["en", "fr-CA"])),
        source=draw(sources),
        terms=tuple(t for t in written if t.assignee is None or t.assignee.id != t.assigner.id),
        notice=draw(maybe_text),
    )


pieces = _pieces()
