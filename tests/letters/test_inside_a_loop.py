"""Letters are signed and checked by whoever asks, also from inside an event loop."""

import asyncio
from datetime import UTC, datetime

import pytest

from ledger.letters.certificates import load_or_make_signer
from ledger.letters.outside import outside_any_loop
from ledger.letters.render import render_letter
from ledger.letters.sign import sign_pdf
from tests.letters.samples import plain_letter


def test_a_letter_is_signed_inside_a_running_loop(tmp_path, pool):
    pdf = render_letter(plain_letter(), attachments=(), pool=pool)
    signer = load_or_make_signer(tmp_path, "Harbour Review")
    at = datetime(2026, 3, 6, tzinfo=UTC)

    async def sign() -> bytes:
        return sign_pdf(pdf, signer, at=at)

    signed = outside_any_loop(lambda: asyncio.run(sign()))  # a browser's loop may run in this very thread
    assert signed == sign_pdf(pdf, signer, at=at)


def test_what_is_raised_comes_back():
    def wrong() -> None:
        raise ValueError("as it was")

    with pytest.raises(ValueError, match="as it was"):
        outside_any_loop(wrong)
