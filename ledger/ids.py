"""Identifiers: a two-letter kind, an underscore, and a ULID (time-ordered, 26 Crockford base-32 characters)."""

import secrets
import time

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_id(prefix: str) -> str:
    """A fresh id such as ``pc_01JD8Z...``: 48 bits of milliseconds, then 80 random bits, so that keys sort by age."""
    number = (time.time_ns() // 1_000_000 << 80) | secrets.randbits(80)
    return f"{prefix}_" + "".join(_ALPHABET[(number >> shift) & 31] for shift in range(125, -1, -5))
