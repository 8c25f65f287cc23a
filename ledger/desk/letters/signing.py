"""Which key signs a publisher's letters."""

from ledger.desk.context import Desk
from ledger.letters.certificates import LetterSigner, load_or_make_signer, load_signer
from ledger.records.publishers import PublisherRow


def signer_of(desk: Desk, publisher: PublisherRow) -> LetterSigner:
    """The key and certificate for letters: the operator's where they are set, else ours, made on first use."""
    if desk.letter_key is not None and desk.letter_certificate is not None:
        return load_signer(desk.letter_key, desk.letter_certificate)
    return load_or_make_signer(desk.keys / "letters" / publisher.slug, publisher.legal_name)
