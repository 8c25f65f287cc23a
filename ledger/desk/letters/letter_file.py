"""From a letter in words to its file: attachments, PDF, signature."""

import json
from dataclasses import replace
from functools import cache
from typing import Any

from ledger.desk.context import Desk
from ledger.desk.letters.letter_matter import Matter
from ledger.desk.letters.signing import signed
from ledger.desk.refusals import Unavailable
from ledger.interchange.odrl_acts import grant_to_odrl
from ledger.journal.entry import canonical
from ledger.letters.engine import LettersUnavailable
from ledger.letters.model import Attachment, Letter, ground_list
from ledger.letters.pool import RenderFailed, RenderPool
from ledger.letters.render import render_letter
from ledger.records.publishers import PublisherRow
from ledger.records.request_rows import LetterRow

GRANT_NAME, PROOF_NAME = "grant.jsonld", "proof.tlog"


@cache
def pool() -> RenderPool:
    """The house's letter renderers: processes of their own, kept warm. Raises ``Unavailable`` with the remedy."""
    try:
        return RenderPool(size=2)
    except LettersUnavailable as error:
        raise Unavailable(str(error)) from error


def grant_file(desk: Desk, matter: Matter, letter: Letter) -> bytes:
    """The letter's content for machines: the ODRL Agreement where it grants, and every clause with its grounds."""
    value: dict[str, Any] = {}
    if matter.grant is not None:
        granted = replace(matter.grant, letter=letter.number)
        value = json.loads(grant_to_odrl(granted, base_url=desk.base_url))
    if matter.replaced is not None:
        value["lg:replaces"] = matter.replaced.number
    return canonical(
        {
            **value,
            "lg:letter": letter.number,
            "lg:kind": letter.kind.value,
            "lg:addressee": letter.addressee.name,
            "lg:title": matter.piece.title,
            "lg:clauses": ground_list(letter),
        }
    )


def drawn(letter: Letter, grant: bytes, proof: bytes) -> bytes:
    """The unsigned PDF with its attachments. Raises ``Unavailable`` when it cannot be drawn just now."""
    files = (
        (GRANT_NAME, grant, "application/ld+json", "What this letter says, for machines (ODRL 2.2)"),
        (
            PROOF_NAME,
            proof,
            "text/plain",
            "Proof that the decision is in the publisher's journal (C2SP tlog-proof)",
        ),
    )
    attachments = [Attachment(name, data, kind, about, letter.issued_at) for name, data, kind, about in files]
    try:
        return render_letter(letter, attachments=attachments, pool=pool())
    except RenderFailed as error:
        raise Unavailable(f"The letter could not be drawn: {error}") from error


def make_file(desk: Desk, publisher: PublisherRow, row: LetterRow, letter: Letter, proof: bytes) -> bytes:
    """The signed PDF with its attachments. Raises ``Unavailable`` when it cannot be drawn or signed just now."""
    grant = desk.evidence.get(row.document["grant_sha256"])
    return signed(desk, publisher, drawn(letter, grant, proof), row)
