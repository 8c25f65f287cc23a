"""Who acts, and with what: the two values every act of the desk starts from."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path

from ledger.desk.refusals import NotAllowed
from ledger.records.evidence import EvidenceStore
from ledger.records.lookups import Lookup
from ledger.records.own_connection import ThreadsOwn
from ledger.records.public_pieces import PublicPieces
from ledger.records.sessions import Database
from ledger.records.uploads import UploadStore
from ledger.signing_settings import TimeStamping
from ledger.token_uri import TokenKey


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Who:
    """A signed-in member of a publisher's staff, with the roles held there."""

    person_id: str
    name: str
    email: str
    publisher_id: str
    publisher_slug: str
    roles: frozenset[str]

    def must_be(self, *roles: str) -> None:
        """Raise ``NotAllowed`` unless one of ``roles`` is held. The one place where roles are checked."""
        if not self.roles.intersection(roles):
            wanted = " or ".join(roles)
            raise NotAllowed(
                f"This needs the role of {wanted} at {self.publisher_slug}; ask its administrator."
            )


@dataclass(frozen=True)
class Desk:
    """The house an act is done in: its database, its data folder and its clock."""

    database: Database
    folder: Path
    base_url: str
    evidence: EvidenceStore
    clock: Callable[[], datetime] = field(default=_now)
    secret: bytes = field(default=b"", repr=False)  # signs the links that are mailed
    letter_key: Path | None = None  # an operator's own key and certificate for letters, instead of ours
    letter_token: TokenKey | None = None  # where that key lies, if it is not in a file
    letter_certificate: Path | None = None
    time_stamping: TimeStamping | None = None  # the authority that stamps letters
    draft_days: int = 90  # after how many days what was only begun is deleted

    @cached_property
    def lookup(self) -> Lookup:
        """The public lookup, its statement compiled once for the life of the process."""
        return Lookup(self.database, self._own)

    @cached_property
    def public_pieces(self) -> PublicPieces:
        """The confirmed pieces, likewise."""
        return PublicPieces(self.database, self._own)

    @cached_property
    def _own(self) -> ThreadsOwn:
        return ThreadsOwn(self.database)

    @cached_property
    def uploads(self) -> UploadStore:
        """Files of requests that have not reached the desk yet."""
        return UploadStore(self.folder / "uploads")

    @property
    def keys(self) -> Path:
        """Where private keys lie, 0600, never in the database."""
        return self.folder / "keys"

    def today(self) -> date:
        """The day, in UTC, on which an act is judged."""
        return self.clock().date()
