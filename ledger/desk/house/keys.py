"""What a publisher's signatures are checked with: the keys of its letters and of its journal."""

from dataclasses import dataclass

from ledger.desk.context import Desk
from ledger.desk.letters.signing import signer_of
from ledger.desk.refusals import Unavailable
from ledger.records.journal_publishing import checkpoint_text, earlier_keys, verifier_key
from ledger.records.publishers import PublisherRow


@dataclass(frozen=True)
class PublicKeys:
    """``vkey`` checks the journal (C2SP signed-note); ``fingerprint`` is the SHA-256 of the certificate of letters.

    ``trouble``: why there is no fingerprint; for staff, since it names files.
    """

    vkey: str
    earlier: list[str]
    """The keys of the journal before it was opened anew: letters of that time are checked with them."""
    fingerprint: str
    checkpoint: str
    """The journal's newest checkpoint, a signed note."""
    trouble: str = ""


def public_keys(desk: Desk, publisher: PublisherRow) -> PublicKeys:
    """The keys of a publisher as anybody may know them."""
    with desk.database.reading() as connection:
        vkey = verifier_key(connection, publisher.id).vkey
        earlier = [each.vkey for each in earlier_keys(connection, publisher.id)]
        checkpoint = checkpoint_text(connection, publisher.id).decode()
    try:
        return PublicKeys(vkey, earlier, signer_of(desk, publisher).fingerprint, checkpoint)
    except Unavailable as refusal:
        return PublicKeys(vkey, earlier, "", checkpoint, refusal.message)
