"""ODRL 2.2 (W3C Recommendation, 15 February 2018) as JSON-LD, out and in.

Standing terms become a Set, terms for a named assignee and grants an Agreement, a priced quote an Offer, a
request a Request, an assessment an Assertion. The context is named by its W3C address and is held in the
package; nothing is ever fetched.
"""

from __future__ import annotations

from typing import Any

from ledger.interchange.naming import BASE_URL, Names
from ledger.interchange.odrl_acts import (
    assessment_policy,
    grant_policy,
    grant_to_odrl,
    quote_to_odrl,
    request_to_odrl,
)
from ledger.interchange.odrl_reading import from_odrl
from ledger.interchange.odrl_terms import CONTEXT, dump, piece_document, terms_policy
from ledger.rights.exceptions import Assessment
from ledger.rights.grants import Grant
from ledger.rights.pieces import Piece
from ledger.rights.terms import Terms

__all__ = ["dump", "from_odrl", "grant_to_odrl", "quote_to_odrl", "request_to_odrl", "to_odrl"]


def to_odrl(value: Terms | Piece | Grant | Assessment, *, base_url: str = BASE_URL) -> dict[str, Any]:
    """The JSON-LD document of a value; ``dump`` makes bytes of it.

    Raises Inexpressible for Terms without a rule (ODRL asks for one). A quote and a request need to be told who
    and what: see ``quote_to_odrl`` and ``request_to_odrl``.
    """
    names = Names(base_url)
    if isinstance(value, Terms):
        return {"@context": CONTEXT} | terms_policy(value, names)
    if isinstance(value, Piece):
        return piece_document(value, names)
    if isinstance(value, Grant):
        uid = names.letter(value.letter) if value.letter else names.of("grants", value.id)
        return {"@context": CONTEXT} | grant_policy(value, names, uid)
    return {"@context": CONTEXT} | assessment_policy(value, names)
