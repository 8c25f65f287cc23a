"""The questions about a use, in plain words: their choices, and what was answered as the desk reads it.

The names of the fields are the names of ``ProposedUse``; the same names stand in the address of the answer page
and in the request form, so that nothing is asked twice. "Not sure" is sent as ``unsure`` and left out: what was
not stated stays unknown.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from babel import Locale

from ledger.rights.countries import COUNTRIES
from ledger.web.forms import Form

UNSURE = "unsure"
Choices = tuple[tuple[str, ...], ...]

PORTIONS: Choices = (
    ("full_article", "The whole text"),
    ("excerpt", "A part of it", "Some paragraphs or sentences; say how much below."),
    ("quotation", "A short quotation", "A sentence or two, inside a text of your own."),
    ("photograph", "A photograph from it"),
    ("figure", "A figure, table or chart from it"),
    ("headline", "Only the headline, or a link"),
    ("other", "Something else"),
)
CHANNELS: Choices = (
    ("community_site", "A community website", "Run by its readers or members, without profit."),
    ("nonprofit_site", "The website of a charity, school or public body"),
    ("commercial_site", "The website of a company, or one that earns money"),
    ("public_website", "A website, and I am not sure which kind"),
    ("email", "A newsletter by e-mail"),
    ("social", "Social media"),
    ("print", "On paper", "Book, magazine, newspaper, poster, photocopies."),
    ("classroom", "A class or course"),
    ("intranet", "Inside one organisation", "An intranet or shared folder."),
    ("app", "An app"),
    ("broadcast", "Radio, television, streaming or podcast"),
    ("other", "Somewhere else"),
)
COMMERCIAL: Choices = (
    ("yes", "Yes", "It is sold, advertises something, or serves a business."),
    ("no", "No", "Nobody earns anything by it."),
    (UNSURE, "I am not sure", "The answer then says what depends on it."),
)
REQUESTERS: Choices = (
    ("individual", "Myself, a private person"),
    ("author", "An author of the piece"),
    ("student", "A student"),
    ("academic_institution", "A school, university or library"),
    ("nonprofit", "A non-profit organisation"),
    ("government", "A public authority"),
    ("news_media", "A newspaper, broadcaster or news site"),
    ("publisher_commercial", "A book or journal publisher"),
    ("publisher_nonprofit", "A publisher without profit"),
    ("company", "A company"),
    ("agency", "An agency, for a client"),
)
CHANGES: Choices = (
    ("none", "None: word for word"),
    ("minor_edits", "Small edits", "House style, a new headline."),
    ("abridge", "Shortened"),
    ("translate", "Translated"),
    ("adapt", "Rewritten or turned into something else"),
    ("crop", "A picture cropped"),
    (UNSURE, "I am not sure"),
)
PURPOSES: Choices = (
    ("editorial", "To be read: publishing it for its content"),
    ("news", "News reporting"),
    ("education", "Teaching"),
    ("research", "Research or study"),
    ("criticism", "Comment, criticism or review"),
    ("archival", "Keeping it in an archive"),
    ("promotion", "Promoting an organisation or event"),
    ("advertising", "Advertising"),
    ("resale", "Selling copies of it"),
    ("other", "Something else"),
)
UNITS: Choices = (
    ("words", "words"),
    ("paragraphs", "paragraphs"),
    ("pages", "pages"),
    ("percent", "percent"),
    ("items", "pictures"),
    ("seconds", "seconds"),
)
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
def _codes() -> dict[str, str]:
    known = {name.lower(): code for code, name in countries()}
    known |= {code.lower(): code for code in COUNTRIES}
    return known | {"uk": "GB", "usa": "US", "great britain": "GB", "england": "GB", "holland": "NL"}


def read_territory(text: str) -> Any:
    """``world``, or codes of the countries named. Raises ``ValueError`` naming one that is not known."""
    if _WORLD.fullmatch(text.strip()):
        return "world"
    codes = []
    for name in filter(None, (part.strip() for part in re.split(r"[,;\n]", text))):
        code = _codes().get(name.lower())
        if code is None:
            raise ValueError(f"We know no country “{name}”. Write its English name, commas between several.")
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
            form.errors["territory"] = str(error)
    return use


def unanswered(form: Form) -> bool:
    """Whether nothing at all has been answered yet."""
    return not any(form.value(name).strip() for name in (*SINGLE, "channels", "territory"))


def plain_errors(errors: Mapping[str, str]) -> dict[str, str]:
    """The desk's errors under the names of the form's fields, as sentences."""
    plain = {}
    for name, message in errors.items():
        said = message[:1].upper() + message[1:]
        plain[name.removeprefix("use.")] = said if said.endswith((".", "?", "!")) else f"{said}."
    return plain


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
