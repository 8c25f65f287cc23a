"""How much a stranger may send in an hour: files, drafts, and requests that mail somebody a link.

Counted by address and by network, and only where something is kept or mailed; looking things up is free. What is
kept is a keyed hash of the address, for an hour or so: no address can be read back from it.
"""

import hmac
import ipaddress
from datetime import datetime, timedelta

from ledger.desk.context import Desk
from ledger.desk.refusals import TooMany
from ledger.records.people_store import count_attempt, window_began

WINDOW = timedelta(hours=1)
MOST = {"files": 30, "drafts": 30, "mails": 12}
"""What one address may do within an hour; a network five times as much."""
MAILBOX_WINDOW = timedelta(days=1)
MAILBOX_MOST = 12
"""Mails to one mailbox within a day, before its owner has followed a link in one of them."""
NETWORK_SHARE = 5
_SAID = {
    "files": "Too many files have come from your network within the hour.",
    "drafts": "Too many requests have been saved from your network within the hour.",
    "mails": "Too many requests have been sent from your network within the hour.",
}


def count(desk: Desk, what: str, address: str, times: int = 1) -> None:
    """Count something a stranger does. Raises ``TooMany``, which says when to try again.

    ``what``: files, drafts or mails. ``address``: where it comes from, as the door knows it.
    """
    here, network = places(address)
    allowed = {f"here:{here}": MOST[what], f"net:{network}": MOST[what] * NETWORK_SHARE}
    now = desk.clock()
    began: list[datetime] = []
    with desk.database.writing() as connection:  # of its own, so that a refusal does not undo it
        for place, most in allowed.items():
            key = _key(desk, what, place)
            counted = [count_attempt(connection, key, now, WINDOW) for _ in range(times)]
            if counted and counted[-1] > most:
                began.append(window_began(connection, key) or now)
    if began:
        again = max(began) + WINDOW
        seconds = max(1, int((again - now).total_seconds()))
        minutes = -(-seconds // 60)
        wait = "a minute" if minutes == 1 else f"{minutes} minutes"
        raise TooMany(f"{_SAID[what]} Try again in {wait}, after {again:%H:%M} UTC.", seconds)


def count_mailbox(desk: Desk, email: str) -> None:
    """Count a mail to an address that nobody has confirmed, at whichever publisher. Raises ``TooMany``.

    What stands after a plus leads to the same mailbox (RFC 5233).
    """
    name, _, domain = email.strip().lower().rpartition("@")
    key = _key(desk, "mailbox", f"{name.partition('+')[0]}@{domain}")
    with desk.database.writing() as connection:
        counted = count_attempt(connection, key, desk.clock(), MAILBOX_WINDOW)
    if counted > MAILBOX_MOST:
        said = "Too many requests have been sent under this address within a day. Try again tomorrow."
        raise TooMany(said, int(MAILBOX_WINDOW.total_seconds()))


def places(address: str) -> tuple[str, str]:
    """An address and its network: a host has a whole /64 in IPv6 (RFC 6177), a site a /48; in IPv4 a /24."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:  # not known, as from a socket file
        return address, address
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    host, site = (64, 48) if found.version == 6 else (32, 24)
    return tuple(str(ipaddress.ip_network(f"{found}/{bits}", strict=False)) for bits in (host, site))  # type: ignore[return-value]


def _key(desk: Desk, what: str, place: str) -> str:
    return f"{what}:{hmac.digest(desk.secret, f'limit:{place}'.encode(), 'sha256').hex()}"
