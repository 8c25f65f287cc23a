"""Identifiers: a two-letter kind, an underscore, and a ULID (time-ordered, 26 Crockford base-32 characters)."""

import secrets
import threading
import time

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_lock = threading.Lock()
_last = 0


def new_id(prefix: str) -> str:
    """A fresh id such as ``pc_01JD8Z...``: 48 bits of milliseconds, then 80 random bits, so that keys sort by age.

    Within one process each is greater than the one before, also within one millisecond.
    """
    global _last
    with _lock:
        number = max((time.time_ns() // 1_000_000 << 80) | secrets.randbits(80), _last + 1)
        _last = number
    return f"{prefix}_" + "".join(_ALPHABET[(number >> shift) & 31] for shift in range(125, -1, -5))
