"""The factors of each exception, one at a time, with the neutral questions and examples of the guided page.

The examples show what usually weighs for and against. They decide nothing: no score is kept and no verdict drawn.
"""

from __future__ import annotations

from dataclasses import dataclass

from ledger.rights.exceptions import Factor, Regime

F = Factor


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One factor as it is asked: its question, and an example each way."""

    factor: Factor
    title: str
    question: str
    example_for: str
    example_against: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegimeGuide:
    """``extra_fields`` are names of Assessment fields that this regime needs filled in."""

    regime: Regime
    name: str
    provision: str
    jurisdiction: str
    questions: tuple[Question, ...]
    extra_fields: tuple[str, ...]
    note: str


def _ask(factor: Factor, title: str, question: str, example_for: str, example_against: str) -> Question:
    return Question(
        factor=factor,
        title=title,
        question=question,
        example_for=example_for,
        example_against=example_against,
    )


US = RegimeGuide(
    regime=Regime.US_FAIR_USE,
    name="Fair use (United States)",
    provision="17 U.S.C. § 107",
    jurisdiction="US",
    questions=(
        _ask(
            F.US_PURPOSE,
            "Purpose and character",
            "What is the use for, is it commercial, and what does it add that the original does not?",
            "A review quotes three sentences to answer them.",
            "The article is shown again for the same readers and the same purpose.",
        ),
        _ask(
            F.US_NATURE,
            "Nature of the work",
            "Is the work factual or imaginative, and was it published?",
            "A published report of facts.",
            "An unpublished poem.",
        ),
        _ask(
            F.US_AMOUNT,
            "Amount and substantiality",
            "How much is taken, of how much, and is it the heart of the work?",
            "Forty words out of two thousand, none of them the main finding.",
            "The whole text, or the few lines everybody came for.",
        ),
        _ask(
            F.US_MARKET,
            "Effect on the market",
            "Does the use stand in for the work, or for a licence that is on offer?",
            "Nobody would read the excerpt instead of the work.",
            "The holder sells reprints, and this takes the place of one.",
        ),
    ),
    extra_fields=("transformation", "heart_of_the_work", "market_search", "licensing_search"),
    note="The four factors are weighed together; the list is not closed.",
)
CANADA = RegimeGuide(
    regime=Regime.CA_FAIR_DEALING,
    name="Fair dealing (Canada)",
    provision="Copyright Act, R.S.C. 1985, c. C-42, ss. 29 to 29.2",
    jurisdiction="CA",
    questions=(
        _ask(
            F.CA_ENUMERATED_PURPOSE,
            "An enumerated purpose",
            "Is it for research, private study, education, parody, satire, criticism, review or news reporting?",
            "A class handout for a course.",
            "Decoration of a brochure.",
        ),
        _ask(
            F.CA_PURPOSE,
            "Purpose of the dealing",
            "What is the real purpose or motive behind the dealing?",
            "Study of the argument by students.",
            "Filling a page that carries advertising.",
        ),
        _ask(
            F.CA_CHARACTER,
            "Character of the dealing",
            "How many copies are made, how widely do they go, and are they destroyed afterwards?",
            "One copy, discarded after use.",
            "An open page that anybody may copy for years.",
        ),
        _ask(
            F.CA_AMOUNT,
            "Amount of the dealing",
            "How much is taken, and how important is it?",
            "A short extract.",
            "All of it, with no need for more than a part.",
        ),
        _ask(
            F.CA_ALTERNATIVES,
            "Alternatives",
            "Could a work free of copyright, or a link, have served as well?",
            "The text itself is what is discussed.",
            "A link to the freely readable original would have done.",
        ),
        _ask(
            F.CA_NATURE,
            "Nature of the work",
            "Was the work published, and does its spread serve the public?",
            "A published report.",
            "A confidential letter.",
        ),
        _ask(
            F.CA_EFFECT,
            "Effect of the dealing on the work",
            "Does the dealing compete with the work in its market?",
            "No reader is lost to the original.",
            "Readers come here in place of the original.",
        ),
    ),
    extra_fields=("alternatives", "market_search", "audience"),
    note="First the enumerated purpose, then the six factors of CCH v. Law Society of Upper Canada, 2004 SCC 13. "
    "For criticism, review and news the source must be named (ss. 29.1, 29.2).",
)
AUSTRALIA = RegimeGuide(
    regime=Regime.AU_FAIR_DEALING,
    name="Fair dealing for research or study (Australia)",
    provision="Copyright Act 1968 (Cth) s. 40(2)",
    jurisdiction="AU",
    questions=(
        _ask(
            F.AU_PURPOSE_CHARACTER,
            "Purpose and character of the dealing",
            "Is it for research or study, and of what kind?",
            "A thesis chapter that works on the text.",
            "A public page that simply carries it.",
        ),
        _ask(
            F.AU_NATURE,
            "Nature of the work",
            "What kind of work is it, and how much skill went into it?",
            "A short factual notice.",
            "A long literary essay.",
        ),
        _ask(
            F.AU_COMMERCIAL_AVAILABILITY,
            "Possibility of obtaining it",
            "Can the work be had within a reasonable time at an ordinary commercial price?",
            "It is out of print and not offered.",
            "It is on sale today.",
        ),
        _ask(
            F.AU_MARKET,
            "Effect on the market",
            "What does the dealing do to the potential market for the work, or to its value?",
            "None that can be seen.",
            "It replaces a sale.",
        ),
        _ask(
            F.AU_AMOUNT,
            "Amount and substantiality",
            "Where only a part is copied, how much is it of the whole?",
            "A paragraph.",
            "The central chapter.",
        ),
    ),
    extra_fields=("market_search", "portion_percent"),
    note="A reasonable portion (10% or a chapter) is deemed fair for research or study: s. 40(3) to (5).",
)


def _uk(
    regime: Regime, name: str, provision: str, purpose: Question, more: tuple[Question, ...], note: str
) -> RegimeGuide:
    return RegimeGuide(
        regime=regime,
        name=name,
        provision=provision,
        jurisdiction="GB",
        questions=(purpose, *more),
        extra_fields=("credit", "market_search"),
        note=note,
    )


_PUBLIC = _ask(
    F.UK_PUBLICLY_AVAILABLE,
    "Made available to the public",
    "Was the work lawfully made available to the public?",
    "It was published with leave.",
    "It was leaked.",
)
_FAIR = _ask(
    F.UK_FAIRNESS,
    "Fair dealing",
    "Would a fair-minded and honest person have dealt with the work so?",
    "It does not compete with the original.",
    "It takes the place of buying the original.",
)
_NO_MORE = _ask(
    F.UK_NO_MORE_THAN_REQUIRED,
    "No more than required",
    "Is more taken than the specific purpose requires?",
    "Only the lines that are discussed.",
    "The full text, where a paragraph is discussed.",
)
_ACKNOWLEDGED = _ask(
    F.UK_ACKNOWLEDGEMENT,
    "Sufficient acknowledgement",
    "Are title and author identified, unless that is impossible in practice?",
    "Author and title stand beside the quotation.",
    "Only “the internet” is named.",
)
_CRITICISM = _ask(
    F.UK_PURPOSE,
    "Criticism, review or current events",
    "Is the use for criticism or review of a work, or for reporting current events (not photographs)?",
    "An article that reviews the report it quotes.",
    "A photograph used to report the event it shows.",
)
_QUOTE = _ask(
    F.UK_PURPOSE,
    "Quotation",
    "Is it a quotation, for criticism, review or otherwise?",
    "Words set apart and answered.",
    "The whole text without a word on it.",
)
_PARODY = _ask(
    F.UK_PARODY_CHARACTER,
    "Caricature, parody or pastiche",
    "Does it evoke the work while being noticeably different, with humour or mockery?",
    "A mock editorial in the same style.",
    "The same text with a new headline.",
)
UK_QUOTATION = _uk(
    Regime.UK_QUOTATION,
    "Quotation (United Kingdom)",
    "Copyright, Designs and Patents Act 1988 s. 30(1ZA)",
    _QUOTE,
    (_PUBLIC, _FAIR, _NO_MORE, _ACKNOWLEDGED),
    "All of the conditions must be met.",
)
UK_CRITICISM_NEWS = _uk(
    Regime.UK_CRITICISM_NEWS,
    "Criticism, review and news reporting (United Kingdom)",
    "Copyright, Designs and Patents Act 1988 s. 30(1), (2)",
    _CRITICISM,
    (_PUBLIC, _FAIR, _NO_MORE, _ACKNOWLEDGED),
    "Photographs are outside the news exception.",
)
UK_PARODY = _uk(
    Regime.UK_PARODY,
    "Caricature, parody or pastiche (United Kingdom)",
    "Copyright, Designs and Patents Act 1988 s. 30A",
    _PARODY,
    (_FAIR, _NO_MORE),
    "No acknowledgement is asked for; moral rights remain.",
)
EU = RegimeGuide(
    regime=Regime.EU_QUOTATION,
    name="Quotation (European Union, Berne)",
    provision="Directive 2001/29/EC art. 5(3)(d); Berne Convention art. 10(1)",
    jurisdiction="EU",
    questions=(
        _ask(
            F.EU_LAWFULLY_PUBLIC,
            "Lawfully public",
            "Was the work already lawfully made available to the public?",
            "It was published by its author.",
            "It is a draft that was never released.",
        ),
        _ask(
            F.EU_QUOTATION_PURPOSE,
            "Purposes such as criticism or review",
            "Is there a dialogue with the work quoted?",
            "The quotation supports or answers an argument.",
            "The quotation stands alone.",
        ),
        _ask(
            F.EU_SOURCE_NAMED,
            "Source and author named",
            "Are the source and the author's name given, unless that is impossible?",
            "Both stand in the text.",
            "Neither is named, although both are known.",
        ),
        _ask(
            F.EU_FAIR_PRACTICE,
            "Fair practice",
            "Is the use in accordance with fair practice?",
            "It does not harm the ordinary exploitation of the work.",
            "It lets readers do without the work.",
        ),
        _ask(
            F.EU_EXTENT,
            "Extent",
            "Is the extent what the specific purpose requires?",
            "Two sentences to show a contradiction.",
            "Ten pages where two sentences are discussed.",
        ),
    ),
    extra_fields=("credit", "portion"),
    note="The exception stands in national law: check the member state's own text.",
)
GUIDES: dict[Regime, RegimeGuide] = {
    guide.regime: guide for guide in (US, CANADA, AUSTRALIA, UK_QUOTATION, UK_CRITICISM_NEWS, UK_PARODY, EU)
}
"""Every regime with its questions, in the order they are asked."""
