"""Catalogues of wording: what is shipped is what translators edit, compiled in memory when it is first wanted."""

import io
from gettext import GNUTranslations
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def read_catalogue(folder: Path, name: str, locale: str) -> Catalog:
    """The entries of ``folder/LOCALE/LC_MESSAGES/NAME.po``. ``locale`` is Babel's: ``zh_Hans``."""
    with (folder / locale / "LC_MESSAGES" / f"{name}.po").open("rb") as opened:
        return read_po(opened, locale=locale)


def compiled(catalogue: Catalog) -> GNUTranslations:
    """The same for looking up, plurals by the rules of the catalogue's language."""
    written = io.BytesIO()
    write_mo(written, catalogue)
    written.seek(0)
    return GNUTranslations(written)
