"""A piece's rights taken elsewhere, in another standard's form: what everybody may see of them, and no more."""

from ledger import interchange
from ledger.desk.answers.asking import find_piece
from ledger.desk.answers.public_view import public_view
from ledger.desk.context import Desk
from ledger.desk.refusals import NotFound


def export_piece(desk: Desk, reference: str, standard: str) -> tuple[bytes, str]:
    """The file and its media type. ``standard``: odrl, schema.org, ninjs, rsl or tdmrep. Raises ``NotFound``."""
    found = public_view(find_piece(desk, reference))
    if standard not in interchange.FORMATS:
        known = ", ".join(interchange.FORMATS)
        raise NotFound(f"There is no form {standard}; there are {known}.", "standard")
    return interchange.export(found, standard, desk.base_url, today=desk.today())
