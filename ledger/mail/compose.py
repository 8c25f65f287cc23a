"""Writes a mail from its template, in plain text and in HTML, in the reader's language.

A template in ``templates/mail`` holds the words once; ``parts.txt.j2`` and ``parts.html.j2`` say how a
paragraph, a link, a list or a quotation looks in either form. So both forms always say the same.
"""

import textwrap
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from gettext import NullTranslations
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency, get_currency_precision
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import InternationalizationExtension

from ledger.catalogues import compiled, read_catalogue
from ledger.ids import new_id
from ledger.mail.message import Attachment, Mail, as_header
from ledger.settings import shipped_folder

LANGUAGES = {"en": "en", "fr": "fr", "es": "es", "de": "de", "ru": "ru", "ar": "ar", "zh-Hans": "zh_Hans"}
"""The languages mail is written in (BCP 47), each with the name of its catalogue."""

TEMPLATES = (
    "magic_link",
    "verify_address",
    "request_received",
    "needs_info",
    "message",
    "quote",
    "quote_reminder",
    "payment_due",
    "payment_received",
    "payment_reminder",
    "referred",
    "owner_enquiry",
    "owner_chaser",
    "owner_silent",
    "owner_answered",
    "decided",
    "declined",
    "withdrawn",
    "lapsed",
    "obligations_reminder",
    "letter_revoked",
    "letter_replaced",
    "upstream_change",
    "daily_checkpoint",
)
"""The name of every mail. What each one's context must hold stands at the top of its template."""

_WIDTH = 76
_CATALOGUES = Path(__file__).parent / "locale"
Form = Literal["txt", "html"]


def compose(
    name: str,
    language: str,
    context: Mapping[str, Any],
    *,
    to: str,
    key: str,
    created: datetime,
    thread: str | None = None,
    from_name: str | None = None,
    reply_to: str | None = None,
    attachments: tuple[Attachment, ...] = (),
) -> Mail:
    """The mail ``name`` to one address. ``language`` is a BCP 47 tag; see ``written_in``.

    Raises ``KeyError`` for an unknown name, ``jinja2.UndefinedError`` when the context lacks something the
    template uses, ``ValueError`` for a link that is no web address, ``UnsafeHeader`` for a bad address.
    """
    if name not in TEMPLATES:
        raise KeyError(f"There is no mail called {name!r}.")
    spoken = written_in(language)
    shared = {"publisher": "", "contact": reply_to, **context}
    subject, text = _render(name, spoken, "txt", shared)
    _, html = _render(name, spoken, "html", shared)
    return Mail(
        id=new_id("ml"),
        to=to,
        subject=as_header(subject),
        text=text,
        html=html,
        created=created,
        key=key,
        template=name,
        language=spoken,
        thread=thread,
        from_name=as_header(from_name, 80) if from_name else None,
        reply_to=reply_to,
        attachments=attachments,
    )


def nearest(language: str) -> str | None:
    """The nearest language we write: ``fr`` for ``fr-CA``, ``zh-Hans`` for ``zh-CN``; None for others."""
    tag = language.replace("_", "-").lower()
    for known in LANGUAGES:
        if tag == known.lower() or tag.startswith(known.lower() + "-"):
            return known
    return "zh-Hans" if tag.split("-")[0] == "zh" else None


def written_in(language: str) -> str:
    """The nearest language we write, English where there is none near."""
    return nearest(language) or "en"


def _render(name: str, language: str, form: Form, context: Mapping[str, Any]) -> tuple[str, str]:
    """Subject and whole body of one form."""
    environment = _environment(language, form)
    module: Any = environment.get_template(f"{name}.j2").make_module(dict(context))
    whole = environment.get_template(f"base.{form}.j2")
    body = whole.render(
        {**context, "subject": module.subject, "body": str(module).strip("\n"), "language": language}
    )
    return str(module.subject), _printable(body)


def _printable(text: str) -> str:
    """Without control characters and halves of characters, which databases and mail servers choke on."""
    return "".join(mark for mark in text if mark in "\n\t" or unicodedata.category(mark) not in ("Cc", "Cs"))


@cache
def _environment(language: str, form: Form) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(shipped_folder("templates") / "mail"),
        autoescape=form == "html",  # noqa: S701 - plain text has nothing to escape
        undefined=StrictUndefined,
        extensions=[InternationalizationExtension],
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    words: Any = environment
    words.install_gettext_translations(_catalogue(language), newstyle=True)
    environment.globals["parts"] = f"parts.{form}.j2"
    environment.globals["direction"] = "rtl" if language == "ar" else "ltr"
    locale = Locale.parse(LANGUAGES[language])
    # Days as on the web and in letters: en-001, international English, writes 4 May 2026.
    calendar = Locale.parse("en_001") if language == "en" else locale
    environment.filters["day"] = lambda value: _day(value, calendar)
    environment.filters["money"] = lambda minor, currency: _money(minor, currency, locale)
    environment.filters["web_address"] = _web_address
    environment.filters["wrapped"] = _wrapped
    environment.filters["quoted"] = _quoted
    return environment


@cache
def _catalogue(language: str) -> NullTranslations:
    if language == "en":
        return NullTranslations()
    return compiled(read_catalogue(_CATALOGUES, "mail", LANGUAGES[language]))


def _day(value: date | datetime, locale: Locale) -> str:
    return format_date(value, format="long", locale=locale)


def _money(minor: int, currency: str, locale: Locale) -> str:
    """Minor units as an amount: 12050 USD is $120.50, 12050 JPY is ¥12,050."""
    amount = Decimal(minor).scaleb(-get_currency_precision(currency))
    return format_currency(amount, currency, locale=locale)


def _web_address(url: str) -> str:
    """The URL, when a mail may link to it; else ``ValueError``: javascript: must never get out."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or set(url) & set(' \t\r\n<>"'):
        raise ValueError(f"{url!r} is no web address.")
    return url


def _wrapped(value: str, indent: str = "") -> str:
    """One paragraph, whatever line ends a stranger put into it."""
    return textwrap.fill(
        " ".join(value.split()),
        _WIDTH,
        initial_indent="" if not indent else "- ",
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _quoted(value: str) -> str:
    """Somebody's own words, each line marked as theirs."""
    lines = []
    for line in value.strip().splitlines():
        lines += textwrap.wrap(line, _WIDTH - 2, break_long_words=False) or [""]
    return "\n".join(f"> {line}".rstrip() for line in lines)
