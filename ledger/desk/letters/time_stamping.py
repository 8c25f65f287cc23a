"""Time stamps for letters: asks the authority of the settings, by the one way out."""

import ipaddress
from functools import lru_cache

from cryptography import x509

from ledger.addresses import is_public
from ledger.desk.context import Desk
from ledger.fetch import PORTS, FetchFailed, FetchRefused, Guard, post
from ledger.letters.stamping import MAX_ANSWER, NotStamped, Stamp, Stamper, stamp_of
from ledger.letters.standalone import STAMP
from ledger.records.evidence import EvidenceDamaged, EvidenceMissing, EvidenceStore
from ledger.records.request_rows import LetterRow
from ledger.signing_settings import TimeStamping

QUESTION, ANSWER = "application/timestamp-query", "application/timestamp-reply"
TIMEOUT = 15.0
"""Seconds for one question: a person may be waiting for the letter."""


def stamper_of(desk: Desk) -> Stamper | None:
    """The authority that stamps this house's letters, or None. Raises NotStamped for roots that cannot be read."""
    authority = desk.time_stamping
    if authority is None:
        return None
    guard = guard_of(authority)

    def ask(question: bytes) -> bytes:
        return _ask(authority, guard, question)

    return Stamper(ask, roots_of(authority))


def roots_of(authority: TimeStamping) -> tuple[x509.Certificate, ...]:
    """The certificates that a stamp has to lead to. Raises NotStamped."""
    try:
        return tuple(x509.load_pem_x509_certificates(authority.roots.read_bytes()))
    except (OSError, ValueError) as error:
        raise NotStamped(f"{authority.roots}: {error}; give the authority's root as a PEM file") from None


def guard_of(authority: TimeStamping) -> Guard:
    """What may be reached: the public internet and the network that the operator named, on the address's own port."""
    named = ipaddress.ip_network(authority.network) if authority.network else None
    return Guard(
        allow=lambda address: is_public(address) or (named is not None and address in named),
        ports=PORTS | {authority.port},
    )


def letter_stamp(desk: Desk, letter: LetterRow) -> Stamp | None:
    """The time stamp in a letter's file; None where it carries none that holds. Nothing but the file is believed."""
    if letter.sha256 is None:
        return None
    return _stamp(desk.evidence, letter.sha256, desk.time_stamping)


@lru_cache(maxsize=256)
def _stamp(evidence: EvidenceStore, sha256: str, authority: TimeStamping | None) -> Stamp | None:
    """Kept, because a file that goes by its hash never changes."""
    try:
        file = evidence.get(sha256)
        if STAMP.upper().encode() not in file:  # spares most letters a second look
            return None
        return stamp_of(file, roots_of(authority) if authority else ())
    except (NotStamped, EvidenceMissing, EvidenceDamaged):
        return None


def _ask(authority: TimeStamping, guard: Guard, question: bytes) -> bytes:
    try:
        answer = post(
            authority.url,
            question,
            content_type=QUESTION,
            accept=ANSWER,
            max_bytes=MAX_ANSWER,
            timeout=TIMEOUT,
            guard=guard,
        )
    except (FetchFailed, FetchRefused) as error:
        raise NotStamped(str(error).rstrip(".")) from error
    if answer.status != 200:
        raise NotStamped(f"{authority.url} answered with status {answer.status}")
    if (answer.content_type or "").split(";")[0].strip().lower() != ANSWER:
        raise NotStamped(f"{authority.url} answered with something else than a time stamp")
    return answer.body
