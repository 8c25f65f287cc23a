"""What a check of the house found: one line each."""

from dataclasses import dataclass
from enum import StrEnum

from ledger.desk.refusals import Refusal
from ledger.letters.signing_keys import BadCertificate
from ledger.letters.stamping import NotStamped
from ledger.mail import MailNotSent, UnsafeHeader
from ledger.records.failures import RecordsUnavailable
from ledger.records.journal_keeper import JournalError
from ledger.settings import BadSetting

_SPOKEN = (
    BadCertificate,
    BadSetting,
    JournalError,
    MailNotSent,
    NotStamped,
    RecordsUnavailable,
    Refusal,
    UnsafeHeader,
)
"""What says by itself, in a line for people, what is wrong and what to do."""


class State(StrEnum):
    """``NOTE``: it works, but look at it. ``SKIPPED``: not tried, or not set, and why."""

    OK = "ok"
    NOTE = "note"
    WRONG = "wrong"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Finding:
    """``what`` was tried, and in ``said`` how it went: where it does not work, what to do."""

    what: str
    state: State
    said: str


def trouble(what: str, error: Exception) -> Finding:
    """What went wrong, in a line."""
    words = str(error) if isinstance(error, _SPOKEN) else f"{type(error).__name__}: {error}"
    return Finding(what, State.WRONG, " ".join(words.split())[:500])
