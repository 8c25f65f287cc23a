"""How values are put into words on a page: the filters every template has."""

import re
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from urllib.parse import urlsplit

from babel.numbers import format_currency, get_currency_precision
from markupsafe import Markup

from ledger.desk.register.rules_in_words import rules_in_words
from ledger.desk.requests.owners_limits import limit_sentences
from ledger.letters.fees import line_name, working_words
from ledger.letters.language import Speaker, capital
from ledger.rights.sentences import FACTS
from ledger.rights.vocabulary import headed
from ledger.web.condition_words import (
    condition_in,
    condition_sentence,
    duty_in,
    split_conditions,
    split_in,
)
from ledger.web.tongues import N_, Tongue

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip

_CODE_THEN_DIGIT = re.compile(r"(?<=[A-Z])(?=\d)")  # "KWD12.050" reads badly

OUTCOMES = {
    "no_permission_needed": N_("No permission needed"),
    "permitted": N_("Permitted"),
    "ask": N_("Ask first"),
    "prohibited": N_("Not permitted"),
}
"""The four outcomes of an Answer, in the words of every page."""

SPOKEN_CODES = (
    N_("Grant"), N_("Decline"), N_("Referral"), N_("No permission needed"), N_("Enquiry"), N_("Amendment"),
    N_("Revocation"), N_("Open"), N_("Issued"), N_("Amended"), N_("Superseded"), N_("Revoked"), N_("Expired"),
)  # fmt: skip
"""What ``words`` makes of the kinds and states of letters: the codes that translated pages print."""


def code(value: Any) -> str:
    """The value an enum member or a text stands for in the database: ``Outcome.ASK`` is ``ask``."""
    return str(value.value) if isinstance(value, Enum) else str(value)


def words(value: Any) -> str:
    """A code in plain words: ``publisher_commercial`` is ``Publisher commercial``."""
    text = code(value).replace("_", " ")
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """A line of the rights or the desk as a sentence: ``missing: fill it in`` is ``Missing: fill it in.``"""
    said = text[:1].upper() + text[1:]
    return said if said.endswith((".", "?", "!")) else f"{said}."


def language_name(tag: str) -> str:
    """A language by its English name: ``zh-Hans`` is ``Chinese (Simplified)``; the tag itself for an unknown one."""
    return Speaker("en").tongue(tag)


def outcome_words(value: Any) -> str:
    """An outcome in words."""
    return OUTCOMES.get(code(value), words(value))


def fact(name: str) -> str:
    """A fact that a use left open, as one would say it: ``action`` is ``what is to be done``."""
    return FACTS.get(name) or words(name).lower()


def day(value: date | datetime | None) -> str | Markup:
    """``6 March 2022``, marked up as a time; nothing for none. Times are UTC."""
    if value is None:
        return ""
    text = f"{value.day} {_MONTHS[value.month - 1]} {value.year}"
    return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), text)


def moment(value: datetime | None) -> str | Markup:
    """``6 March 2022, 14:05 UTC``."""
    if value is None:
        return ""
    text = f"{value.day} {_MONTHS[value.month - 1]} {value.year}, {value:%H:%M} UTC"
    return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), text)


def money(minor: int | None, currency: str, language: str = "en") -> str:
    """An amount in minor units of an ISO 4217 code, with the decimals that currency has: ``€120.50``."""
    if minor is None:
        return ""
    exact = Decimal(minor).scaleb(-get_currency_precision(currency))
    text = str(format_currency(exact, currency, locale=language))
    return _CODE_THEN_DIGIT.sub("\u00a0", text)


def working(text: str, currency: str) -> str:
    """How a calculation line was reckoned, in money and not in minor units, as the letter prints it."""
    return working_words(Speaker("en"), text, currency)


def safe_url(value: Any) -> str:
    """The address if a browser may follow it (web, mail, or within this site); else ``#``.

    Escaping alone does not stop ``javascript:`` in an attribute.
    """
    text = str(value or "").strip()
    if any(ord(character) < 33 for character in text):
        return "#"
    try:
        scheme = urlsplit(text).scheme.lower()
    except ValueError:
        return "#"
    if scheme in {"http", "https", "mailto"} or (not scheme and text.startswith(("/", "#", "?"))):
        return "#" if text.startswith(("//", "/\\")) else text
    return "#"


FILTERS = {
    "code": code,
    "condition": condition_sentence,
    "split_conditions": split_conditions,
    "limit_sentences": limit_sentences,
    "rules_in_words": rules_in_words,
    "words": words,
    "outcome_words": outcome_words,
    "fact": fact,
    "day": day,
    "moment": moment,
    "money": money,
    "working": working,
    "fee_line": lambda line: line.label,
    "duty": lambda duty: duty.text,
    "term": headed,
    "safe_url": safe_url,
    "apart": lambda value: value,
}
"""The filters of English pages."""


def filters(spoken: Tongue) -> dict[str, Any]:
    """The filters of pages in one language."""
    if spoken.language == "en":
        return FILTERS
    speaker = spoken.speaker
    return FILTERS | {
        "condition": lambda one: condition_in(spoken, one),
        "split_conditions": lambda found: split_in(spoken, found),
        "limit_sentences": lambda kept: limit_sentences(kept, speaker),
        "words": lambda value: spoken.say(words(value)),
        "outcome_words": lambda value: spoken.say(outcome_words(value)),
        "day": spoken.day,
        "moment": spoken.moment,
        "money": spoken.money,
        "fee_line": lambda line: speaker.apart(line_name(speaker, line)),
        "duty": lambda duty: duty_in(spoken, duty.code, duty.text),
        "working": lambda text, currency: working_words(speaker, text, currency),
        "apart": spoken.apart,
        "term": lambda value: capital(speaker.label(value)),
    }
