"""The same rights in other people's formats. Pure but for rdflib: no file is written, nothing is fetched.

``export`` is the one way out for the doors, ``import_terms`` the one way in; ``FORMATS`` lists what a piece's page
may offer as alternates.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from ledger.interchange.errors import Inexpressible, Unreadable
from ledger.interchange.naming import BASE_URL
from ledger.interchange.ninjs import to_ninjs
from ledger.interchange.odrl import dump, from_odrl, grant_to_odrl, to_odrl
from ledger.interchange.rsl import to_rsl
from ledger.interchange.rsl_reading import from_rsl
from ledger.interchange.schema_org import to_schema_org
from ledger.interchange.tdmrep import tdm_rows, well_known
from ledger.rights.parties import Party
from ledger.rights.pieces import Piece
from ledger.rights.terms import Terms

__all__ = [
    "FORMATS",
    "Format",
    "Inexpressible",
    "Unreadable",
    "export",
    "from_odrl",
    "from_rsl",
    "grant_to_odrl",
    "import_terms",
    "to_odrl",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A format that a piece can be written in. ``suffix`` is the file name's ending, without the dot."""

    name: str
    media_type: str
    title: str
    suffix: str
    write: Callable[[Piece, str, date], bytes]


_ALL = (
    Format(
        name="odrl",
        media_type="application/ld+json",
        title="ODRL 2.2 policies (JSON-LD)",
        suffix="odrl.jsonld",
        write=lambda piece, base, today: dump(to_odrl(piece, base_url=base)),
    ),
    Format(
        name="schema.org",
        media_type="application/ld+json",
        title="schema.org NewsArticle (JSON-LD)",
        suffix="schema.jsonld",
        write=lambda piece, base, today: dump(to_schema_org(piece, today=today, base_url=base)),
    ),
    Format(
        name="ninjs",
        media_type="application/json",
        title="IPTC ninjs 3.1",
        suffix="ninjs.json",
        write=lambda piece, base, today: dump(to_ninjs(piece, today=today, base_url=base)),
    ),
    Format(
        name="rsl",
        media_type="application/rsl+xml",
        title="Really Simple Licensing 1.0",
        suffix="rsl.xml",
        write=lambda piece, base, today: to_rsl(piece, today=today, base_url=base),
    ),
    Format(
        name="tdmrep",
        media_type="application/json",
        title="TDM Reservation Protocol",
        suffix="tdmrep.json",
        write=lambda piece, base, today: well_known(tdm_rows(piece, today=today, base_url=base)),
    ),
)
FORMATS = {each.name: each for each in _ALL}


def export(piece: Piece, as_: str, base_url: str = BASE_URL, *, today: date) -> tuple[bytes, str]:
    """The piece in one of FORMATS, and its media type.

    Raises ValueError that lists the formats when ``as_`` is none of them.
    """
    if as_ not in FORMATS:
        raise ValueError(f'"{as_}" is no format: use one of {", ".join(FORMATS)}')
    chosen = FORMATS[as_]
    return chosen.write(piece, base_url, today), chosen.media_type


def import_terms(data: bytes, *, assigner: Party | None = None) -> tuple[Terms, ...]:
    """The Terms of an ODRL (JSON-LD) or RSL (XML) file, told apart by their first character.

    ``assigner`` serves an RSL file that names no owner. The targets are the asset IRIs or addresses of the file:
    the caller puts its own components in their place. Raises Unreadable.
    """
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return from_rsl(data, assigner=assigner) if start == b"<" else from_odrl(data)
