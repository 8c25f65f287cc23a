"""What translated pages say: every sentence in the code, and every entry of the catalogues."""

import re
from collections.abc import Iterable
from functools import cache

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from selectolax.lexbor import LexborHTMLParser

from ledger.catalogues import read_catalogue
from ledger.web.tongues import CATALOGUES, LANGUAGES
from tests.web.kitchen import ROOT

OTHERS = [language for language in LANGUAGES if language != "en"]
KEYWORDS = {"_": None, "N_": None, "said": None, "say": None, "ngettext": (1, 2), "plural": (1, 2)}
SLOT = re.compile(r"%\(\w+\)s")
MARKUP = re.compile(r"<[^>]*>")
_WHERE = (
    ("templates", ("**.html", "jinja2")),
    ("ledger/desk", ("**.py", "python")),
    ("ledger/web", ("**.py", "python")),
)
Message = str | tuple[str, ...]


@cache
def messages() -> dict[Message, str]:
    """Every sentence of templates and code that is marked as one, with the first file that has it."""
    found: dict[Message, str] = {}
    for folder, method in _WHERE:
        for file, _, message, _, _ in extract_from_dir(ROOT / folder, [method], keywords=KEYWORDS):
            if message:
                found.setdefault(message, f"{folder}/{file}")
    return found


@cache
def catalogue_of(language: str) -> Catalog:
    return read_catalogue(CATALOGUES, "pages", language.replace("-", "_"))


def latin_words(page: str, known: Iterable[str]) -> set[str]:
    """Words in Latin letters that a reader of ``page`` meets and that are none of the ``known`` names and titles.

    The house's own name and the names of languages are left out, as are attributes that nobody reads.
    """
    tree = LexborHTMLParser(page)
    title = tree.css_first("title").text()
    for node in tree.css("head, script, nav.tongues, .wordmark"):
        node.decompose()
    spoken = ("aria-label", "title", "placeholder", "data-label", "alt")
    told = [
        node.attributes[name] or "" for node in tree.css("*") for name in spoken if name in node.attributes
    ]
    for node in tree.css("form, [data-copy]"):  # what scripts say
        spoken_by_script = ("data-says", "data-done", "data-by-hand")
        told += [value or "" for name, value in node.attributes.items() if name.startswith(spoken_by_script)]
    text = " ".join([title.replace("Permissions Ledger", ""), tree.body.text(separator=" "), *told])
    for name in sorted(filter(None, known), key=len, reverse=True):
        text = text.replace(name, " ")
    return set(re.findall(r"[A-Za-zÀ-ÿ]{2,}", text))
