"""What each term of the trade is called in English: on the form, in the summary, on pages, in mails and letters.

One name for one thing, whoever prints it. The form adds an explanation in plain words; a letter in another
language takes the translation of the code.
"""

from __future__ import annotations

from enum import StrEnum

from ledger.rights.uses import (
    Access,
    AiUse,
    DigitalChannel,
    Display,
    Duration,
    Exclusivity,
    Format,
    Indexing,
    Modification,
    Monetisation,
    Portion,
    Product,
    RequesterType,
)

EVERYWHERE = {
    "republish_full": "full republication",
    "translate": "translation",
    "adapt": "adaptation",
    "sell": "sale",
    "record_audio": "audio recording",
    "ai_train": "training of AI systems",
    "ai_input": "input to AI systems",
    "index": "indexing",
    "nonprofit_site": "non-profit site",
    "email": "e-mail",
    "social": "social media",
    "pdf": "PDF",
    "ebook": "e-book",
    "percent": "per cent",
}
"""Codes that mean the same wherever they stand, where blanks alone do not make English."""

OF: dict[type[StrEnum], dict[str, str]] = {
    Portion: {"other": "another portion"},
    Modification: {
        "none": "no changes",
        "abridge": "shortening",
        "crop": "cropping",
    },
    Duration: {"one_time": "one time only"},
    Product: {
        "coursepack": "course pack",
        "proceedings": "conference proceedings",
        "photocopy": "photocopies",
        "other": "another publication",
    },
    Format: {"print": "other print", "audio": "audio", "other": "another format"},
    DigitalChannel: {
        "email_newsletter": "e-mail newsletter",
        "social_owned": "social media (own accounts)",
        "social_paid": "social media (paid)",
    },
    Access: {
        "open": "open to everybody",
        "registered": "for registered readers",
        "paywalled": "for paying readers",
    },
    Display: {"excerpt_link": "excerpt with a link", "embed": "embedded from the original"},
    Indexing: {
        "none": "may be found",
        "canonical_to_source": "found, naming the original as the main one",
        "noindex": "kept out of search engines",
    },
    Monetisation: {
        "none": "no money earned",
        "adjacent_ads": "advertising beside it",
        "sold_against": "advertising sold for it",
        "resale": "resale of copies",
    },
    AiUse: {
        "none": "no AI use",
        "internal_summary": "internal summaries",
        "retrieval": "answering questions from it",
        "training": "training of AI systems",
    },
    Exclusivity: {"non_exclusive": "non-exclusive"},
    RequesterType: {
        "publisher_commercial": "commercial publisher",
        "publisher_nonprofit": "non-profit publisher",
        "nonprofit": "non-profit organisation",
        "government": "public authority",
    },
}
"""Codes that mean something of their own in one list."""


def term(value: StrEnum) -> str:
    """The name of a term, as it stands in the middle of a line: ``current edition``, ``e-book``."""
    own = OF.get(type(value), {}).get(value.value)
    return own or EVERYWHERE.get(value.value) or value.value.replace("_", " ")


def headed(value: StrEnum) -> str:
    """The same at the head of a line: ``Current edition``."""
    said = term(value)
    return said[:1].upper() + said[1:]
