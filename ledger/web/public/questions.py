"""The questions about a use, in plain words: their choices, and what was answered as the desk reads it.

The names of the fields are the names of ``ProposedUse``; the same names stand in the address of the answer page
and in the request form, so that nothing is asked twice. "Not sure" is sent as ``unsure`` and left out: what was
not stated stays unknown.
"""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache
from typing import Any

from babel import Locale

from ledger.rights.countries import COUNTRIES
from ledger.rights.uses import (
    Channel,
    DigitalChannel,
    ExtentUnit,
    Modification,
    Portion,
    Purpose,
    RequesterType,
)
from ledger.rights.vocabulary import headed, term
from ledger.said import said
from ledger.web.forms import Form
from ledger.web.tongues import tongue
from ledger.web.words import sentence

UNSURE = "unsure"
Choices = tuple[tuple[str, ...], ...]


def named(value: StrEnum, more: str = "", *, inline: bool = False) -> tuple[str, ...]:
    """A choice under the name the whole house uses. ``more`` explains it: below it, or behind it in a list."""
    if inline:
        return (value.value, f"{headed(value)}: {more}" if more else headed(value))
    return (value.value, headed(value), more) if more else (value.value, headed(value))


PORTIONS: Choices = (
    named(Portion.FULL_ARTICLE, "The whole text."),
    named(Portion.EXCERPT, "A part of it: some paragraphs or sentences. Say how much below."),
    named(Portion.QUOTATION, "A sentence or two, inside a text of your own."),
    named(Portion.PHOTOGRAPH),
    named(Portion.ILLUSTRATION),
    named(Portion.FIGURE),
    named(Portion.TABLE),
    named(Portion.CHART),
    named(Portion.HEADLINE, "Only the headline, or a link."),
    named(Portion.OTHER),
)
CHANNELS: Choices = (
    named(Channel.COMMUNITY_SITE, "A website run by its readers or members, without profit."),
    named(Channel.NONPROFIT_SITE, "The website of a charity, school or public body."),
    named(Channel.COMMERCIAL_SITE, "The website of a company, or one that earns money."),
    named(DigitalChannel.PUBLIC_WEBSITE, "A website, and you are not sure which kind."),
    named(Channel.EMAIL, "A newsletter, for instance."),
    named(Channel.SOCIAL),
    named(Channel.PRINT, "On paper: book, magazine, newspaper, poster, photocopies."),
    named(Channel.CLASSROOM, "A class or course."),
    named(Channel.INTRANET, "Inside one organisation."),
    named(Channel.APP),
    named(Channel.BROADCAST, "Radio, television, streaming or podcast."),
    named(Channel.OTHER),
)
COMMERCIAL: Choices = (
    ("yes", "Yes", "It is sold, advertises something, or serves a business."),
    ("no", "No", "Nobody earns anything by it."),
    (UNSURE, "I am not sure", "The answer then says what depends on it."),
)
REQUESTERS: Choices = (
    named(RequesterType.INDIVIDUAL, "myself, a private person", inline=True),
    named(RequesterType.AUTHOR, "an author of the piece", inline=True),
    named(RequesterType.STUDENT),
    named(RequesterType.ACADEMIC_INSTITUTION, "school, university, library", inline=True),
    named(RequesterType.NONPROFIT),
    named(RequesterType.GOVERNMENT),
    named(RequesterType.NEWS_MEDIA, "newspaper, broadcaster, news site", inline=True),
    named(RequesterType.PUBLISHER_COMMERCIAL, "of books or journals", inline=True),
    named(RequesterType.PUBLISHER_NONPROFIT),
    named(RequesterType.COMPANY),
    named(RequesterType.AGENCY, "for a client", inline=True),
)
CHANGES: Choices = (
    named(Modification.NONE, "Word for word."),
    named(Modification.MINOR_EDITS, "House style, a new headline."),
    named(Modification.ABRIDGE),
    named(Modification.TRANSLATE),
    named(Modification.ADAPT, "Rewritten, or turned into something else."),
    named(Modification.CROP, "Of a picture."),
    (UNSURE, "I am not sure"),
)
PURPOSES: Choices = (
    named(Purpose.EDITORIAL, "to be read for its content", inline=True),
    named(Purpose.NEWS, "reporting", inline=True),
    named(Purpose.EDUCATION, "teaching", inline=True),
    named(Purpose.RESEARCH, "research or study", inline=True),
    named(Purpose.CRITICISM, "comment or review", inline=True),
    named(Purpose.ARCHIVAL, "keeping it in an archive", inline=True),
    named(Purpose.PROMOTION, "of an organisation or event", inline=True),
    named(Purpose.ADVERTISING),
    named(Purpose.RESALE, "selling copies of it", inline=True),
    named(Purpose.OTHER),
)
UNITS: Choices = tuple((each.value, term(each)) for each in ExtentUnit)
SINGLE = (
    "portion",
    "quantity",
    "unit",
    "locator",
    "is_commercial",
    "requester_type",
    "modification",
    "purpose",
    "language",
)
"""What the answer page asks that has one value; ``channels`` has several, ``territory`` is read by itself."""
COMMON_LANGUAGES = (
    "ar bg bn cs da de el en es fa fi fr he hi hr hu id it "
    "ja ko nl no pl pt ro ru sk sr sv sw th tr uk ur vi zh"
)
_SEPARATORS = re.compile("[,;\n،؛，、；]")
_WORLD = re.compile(r"(the )?(whole )?world|world ?wide|everywhere", re.IGNORECASE)


@cache
def languages() -> Choices:
    """Languages by their English names, for a list to choose from."""
    names = Locale("en").languages
    return tuple(sorted(((code, names[code]) for code in COMMON_LANGUAGES.split()), key=lambda row: row[1]))


@cache
def countries() -> Choices:
    """Countries by their English names, for a list to choose from."""
    names = Locale("en").territories
    return tuple(sorted(((code, names.get(code, code)) for code in COUNTRIES), key=lambda row: row[1]))


@cache
def _codes(language: str) -> dict[str, str]:
    names = Locale.parse(language, sep="-").territories
    known = {names[code].lower(): code for code in COUNTRIES if code in names}
    known |= {name.lower(): code for code, name in countries()}
    known |= {code.lower(): code for code in COUNTRIES}
    return known | {"uk": "GB", "usa": "US", "great britain": "GB", "england": "GB", "holland": "NL"}


def read_territory(text: str, language: str = "en") -> Any:
    """``world``, or codes of the countries named, in English or in ``language`` (one of ``tongues.LANGUAGES``).

    Raises ``ValueError`` naming one that is not known.
    """
    world = tongue(language).speaker.message("Worldwide")
    if _WORLD.fullmatch(text.strip()) or text.strip().lower() == world.lower():
        return "world"
    codes = []
    for name in filter(None, (part.strip() for part in _SEPARATORS.split(text))):
        code = _codes(language).get(name.lower())
        if code is None:
            raise ValueError(
                said(
                    "We know no country “%(name)s”. Write its English name, commas between several.",
                    name=name,
                )
            )
        codes.append(code)
    return codes


def stated(form: Form, names: Iterable[str]) -> dict[str, Any]:
    """The single values under ``names`` that say something."""
    found = {name: form.value(name).strip() for name in names}
    return {name: value for name, value in found.items() if value and value != UNSURE}


def asked_use(form: Form) -> dict[str, Any]:
    """The use as the four or five questions describe it, for ``asking.may_i``. Errors go to ``form.errors``."""
    use = stated(form, SINGLE)
    channels = [value for value in form.values("channels") if value]
    if channels:
        use["channels"] = channels
    if "quantity" not in use:
        use.pop("unit", None)
    territory = form.value("territory").strip()
    if territory:
        try:
            use["territory"] = read_territory(territory)
        except ValueError as error:
            form.errors["territory"] = error.args[0]
    return use


def unanswered(form: Form) -> bool:
    """Whether nothing at all has been answered yet."""
    return not any(form.value(name).strip() for name in (*SINGLE, "channels", "territory"))


def plain_errors(errors: Mapping[str, str]) -> dict[str, str]:
    """The desk's errors under the names of the form's fields, as sentences."""
    return {name.removeprefix("use."): sentence(message) for name, message in errors.items()}


CHOICES: dict[str, Any] = {
    "PORTIONS": PORTIONS,
    "CHANNELS": CHANNELS,
    "COMMERCIAL": COMMERCIAL,
    "REQUESTERS": REQUESTERS,
    "CHANGES": CHANGES,
    "PURPOSES": PURPOSES,
    "UNITS": UNITS,
}
"""For the templates, under the name ``choices``."""
