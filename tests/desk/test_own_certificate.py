"""An operator's own certificate signs the letters where it is set."""

from dataclasses import replace

import pytest

from ledger.desk.letters.signing import signer_of
from ledger.letters.certificates import load_or_make_signer
from ledger.settings import BadSetting, load_settings


def test_letters_are_signed_with_the_certificate_that_is_set(cast, tmp_path):
    bought = load_or_make_signer(tmp_path / "bought", "Harbour Review Foundation")
    files = {
        "letter_key": tmp_path / "bought" / "letters-key.pem",
        "letter_certificate": tmp_path / "bought" / "letters-cert.pem",
    }
    settings = load_settings({}, data=cast.settings.data, **files)
    desk = replace(cast.desk, letter_key=settings.letter_key, letter_certificate=settings.letter_certificate)
    assert signer_of(desk, cast.harbour).fingerprint == bought.fingerprint
    assert signer_of(cast.desk, cast.harbour).fingerprint != bought.fingerprint


def test_half_a_setting_or_a_missing_file_is_refused_in_a_line(tmp_path):
    with pytest.raises(BadSetting, match="there is no file"):
        load_settings(
            {}, data=tmp_path, letter_key=tmp_path / "no.pem", letter_certificate=tmp_path / "no.pem"
        )
    with pytest.raises(BadSetting, match="or neither"):
        load_settings({}, data=tmp_path, letter_key=__file__)
