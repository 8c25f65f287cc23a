"""An excerpt finds its text; another text does not."""

import random

from hypothesis import given
from hypothesis import strategies as st

from ledger.intake.shingles import SAMPLE, share, shingles

_WORDS = [
    a + b
    for a in ("har", "ti", "mo", "sel", "qua", "ver", "lun", "pra")
    for b in ("bour", "de", "le", "vin", "ster", "na", "kel", "rup")
]


def _text(seed: int, words: int = 800) -> str:
    chosen = random.Random(seed)
    return " ".join(chosen.choice(_WORDS) for _ in range(words))


def test_a_quarter_of_a_text_is_found_again_and_a_foreign_text_is_not() -> None:
    for seed in range(40):
        whole = _text(seed)
        words = whole.split()
        excerpt = "“" + " ".join(words[300:500]).upper().replace(" ", ",\n", 3) + "”"
        assert share(shingles(excerpt), shingles(whole)) == 1.0
        assert share(shingles(_text(seed + 1000)), shingles(whole)) == 0.0


def test_about_one_run_in_eight_is_kept() -> None:
    assert 1 / 12 < len(shingles(_text(1, 8000))) / 8000 < 1 / 6


def test_short_texts_have_no_hashes() -> None:
    assert shingles("") == shingles("four words are few") == set()
    assert share(set(), {1}) == 0.0


@given(st.text(max_size=400))
def test_hashes_fit_a_signed_64_bit_column(text: str) -> None:
    assert all(-(2**63) <= number < 2**63 and number % SAMPLE == 0 for number in shingles(text))
    assert shingles(text) == shingles("  " + text + "\n")
