"""Which key signs a publisher's letters, and the signing: by a key in a file or on a token, time-stamped or not."""

import logging

from ledger.desk.context import Desk
from ledger.desk.letters.time_stamping import stamper_of
from ledger.desk.refusals import Unavailable
from ledger.letters.certificates import (
    LetterSigner,
    load_or_make_signer,
    load_signer,
    load_token_signer,
)
from ledger.letters.sign import sign_pdf
from ledger.letters.signing_keys import BadCertificate
from ledger.letters.stamping import NotStamped
from ledger.records.publishers import PublisherRow
from ledger.records.request_rows import LetterRow

log = logging.getLogger("ledger.desk")


def signer_of(desk: Desk, publisher: PublisherRow) -> LetterSigner:
    """The key and certificate for letters: the operator's where they are set, else ours, made on first use.

    Raises ``Unavailable`` where they are out of order.
    """
    try:
        if desk.letter_token is not None and desk.letter_certificate is not None:
            return load_token_signer(desk.letter_token, desk.letter_certificate)
        if desk.letter_key is not None and desk.letter_certificate is not None:
            return load_signer(desk.letter_key, desk.letter_certificate)
        return load_or_make_signer(desk.keys / "letters" / publisher.slug, publisher.legal_name)
    except BadCertificate as error:
        raise Unavailable(f"Letters cannot be signed: {error}") from error


def signed(desk: Desk, publisher: PublisherRow, pdf: bytes, row: LetterRow) -> bytes:
    """A letter's PDF with its signature, and a time stamp where an authority is set.

    Raises ``Unavailable`` while the key or the authority cannot be had; where stamps are optional it goes without.
    """
    signer = signer_of(desk, publisher)
    try:
        try:
            return sign_pdf(pdf, signer, at=row.issued_at, stamper=stamper_of(desk))
        except NotStamped as error:
            if desk.time_stamping is None or not desk.time_stamping.optional:
                raise Unavailable(f"The letter could not be time-stamped: {error}.") from error
            log.warning("Letter %s goes without a time stamp: %s.", row.number, error)
        return sign_pdf(pdf, signer, at=row.issued_at)
    except BadCertificate as error:
        raise Unavailable(f"The letter could not be signed: {error}") from error
