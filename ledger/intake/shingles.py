"""Is this ours? Sampled hashes of five-word runs, for finding the piece a pasted text was taken from.

A text is known by the 64-bit hashes of all its runs of five words; of these the ones that divide by eight are
kept, on either side alike, so that an excerpt keeps its share of the original's (Manber 1994, "mod p" sampling).
"""

from __future__ import annotations

import hashlib
import re

WORDS = 5
SAMPLE = 8
_WORD = re.compile(r"\w+")


def shingles(text: str) -> set[int]:
    """The sampled hashes of *text*: signed 64-bit integers, all divisible by eight. Case, punctuation and white
    space do not count. A text under five words has none; one of a few words more may have none either."""
    words = _WORD.findall(text.lower())
    return {
        number
        for start in range(len(words) - WORDS + 1)
        if (number := _hash(" ".join(words[start : start + WORDS]))) % SAMPLE == 0
    }


def _hash(run: str) -> int:
    return int.from_bytes(
        hashlib.blake2b(run.encode("utf-8", "replace"), digest_size=8).digest(), "big", signed=True
    )


def share(excerpt: set[int], whole: set[int]) -> float:
    """What part of the excerpt's hashes the whole has: 0 (nothing, or nothing to compare) to 1."""
    return len(excerpt & whole) / len(excerpt) if excerpt else 0.0
