"""One-purpose links: what is mailed to a requester or to an owner, and opens just one thing.

The token is made from the house's secret, so that a reminder can carry the same link; the database keeps only
its hash, so that a copy of the database opens nothing.
"""

import base64
import hashlib
import hmac

from ledger.desk.context import Desk
from ledger.desk.refusals import NotFound
from ledger.records.request_rows import TokenRow
from ledger.records.requests import find_token
from ledger.said import said


def token_for(desk: Desk, purpose: str, subject: str) -> str:
    """The token of a link: 32 URL-safe characters (192 bits). ``purpose``: requester, verify or owner."""
    if len(desk.secret) < 32:
        raise ValueError("The house has no secret; links cannot be made.")
    digest = hmac.digest(desk.secret, f"{purpose}:{subject}".encode(), "sha256")
    return base64.urlsafe_b64encode(digest[:24]).decode()


def hash_of(token: str) -> str:
    """What the database keeps of a token: its SHA-256, hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()


def opened_by(desk: Desk, token: str, purpose: str) -> TokenRow:
    """What a link opens. Raises ``NotFound``, alike for a wrong link and for one that has expired."""
    with desk.database.reading() as connection:
        row = find_token(connection, hash_of(token[:128]), desk.clock())
    if row is None or row.purpose != purpose:
        raise NotFound(said("This link does not open anything (any more). Check that it was copied whole."))
    return row


def status_url(desk: Desk, request_id: str) -> str:
    """Where a requester follows a request."""
    return f"{desk.base_url}/requests/{token_for(desk, 'requester', request_id)}"


def verify_url(desk: Desk, request_id: str) -> str:
    """Where a requester confirms the address."""
    return f"{desk.base_url}/confirm/{token_for(desk, 'verify', request_id)}"


def owner_url(desk: Desk, enquiry_id: str) -> str:
    """The owner's door for one enquiry."""
    return f"{desk.base_url}/owner/{token_for(desk, 'owner', enquiry_id)}"
