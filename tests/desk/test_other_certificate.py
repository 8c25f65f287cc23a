"""A letter waits for its file while the certificate is renewed, or is out of order: it stays valid, and says why."""

from dataclasses import replace

import pytest
from litestar.testing import TestClient

from ledger.app import create_app
from ledger.desk.letters import finishing, issuing
from ledger.desk.letters.signing import signer_of
from ledger.desk.letters.verifying import verify_ledger
from ledger.desk.refusals import Unavailable
from ledger.letters import standalone
from ledger.letters.certificates import load_or_make_signer
from ledger.records.journal_publishing import verifier_key
from tests.desk.test_issuing_concurrently import decided_request, letters_of
from tests.desk.test_main_job import own  # noqa: F401


@pytest.fixture
def waiting(cast, own, monkeypatch):
    """The id of a letter that was decided, and could not be drawn yet."""

    def cannot(*_given, **_named):
        raise Unavailable("the machine is busy")

    cast.piece = own
    request_id = decided_request(cast)
    with monkeypatch.context() as patched:
        patched.setattr(finishing, "make_file", cannot)
        with pytest.raises(Unavailable, match="busy"):
            issuing.issue(cast.desk, cast.bob, request_id)
    (letter,) = letters_of(cast, request_id)
    return letter


def renewed(cast, folder):
    """The desk under another certificate, as after its operator bought one."""
    load_or_make_signer(folder, "Harbour Review Foundation")
    files = {"letter_key": folder / "letters-key.pem", "letter_certificate": folder / "letters-cert.pem"}
    return replace(cast.desk, **files)


def test_a_letter_that_waited_is_decided_again_under_the_new_certificate(cast, waiting, tmp_path):
    desk = renewed(cast, tmp_path / "bought")
    assert signer_of(desk, cast.harbour).fingerprint != signer_of(cast.desk, cast.harbour).fingerprint
    letter = finishing.finish(desk, cast.harbour.id, waiting.id)
    assert (letter.number, letter.state, letter.issued_at) == (waiting.number, "issued", waiting.issued_at)
    with desk.database.reading() as connection:
        key = verifier_key(connection, cast.harbour.id).vkey
    report = standalone.check(desk.evidence.get(letter.sha256), key)
    assert report["state"] == "valid", report["reason"]
    assert report["fingerprint"] == signer_of(desk, cast.harbour).fingerprint
    assert all(each.first is None for each in verify_ledger(desk))


def test_who_drew_it_under_the_old_certificate_meanwhile_comes_too_late(cast, waiting, tmp_path, monkeypatch):
    desk = renewed(cast, tmp_path / "bought")
    make = finishing.make_file

    def while_another_decides_again(*given):
        with monkeypatch.context() as patched:
            patched.setattr(finishing, "make_file", make)
            finishing.under_this_certificate(desk, cast.harbour, waiting)
            return make(*given)

    monkeypatch.setattr(finishing, "make_file", while_another_decides_again)
    assert finishing.finish(cast.desk, cast.harbour.id, waiting.id).state == "preparing"
    monkeypatch.undo()
    letter = finishing.finish(desk, cast.harbour.id, waiting.id)
    with desk.database.reading() as connection:
        key = verifier_key(connection, cast.harbour.id).vkey
    assert standalone.check(desk.evidence.get(letter.sha256), key)["state"] == "valid"
    assert all(each.first is None for each in verify_ledger(desk))


def test_a_certificate_out_of_order_is_told_where_the_letter_waits(cast, waiting):
    place = cast.desk.keys / "letters" / cast.harbour.slug / "letters-key.pem"
    place.chmod(0o644)
    with pytest.raises(Unavailable, match="can be read by others"):
        finishing.finish(cast.desk, cast.harbour.id, waiting.id)
    (letter,) = letters_of(cast, waiting.request_id)
    assert "can be read by others" in letter.delayed
    with pytest.raises(Unavailable, match="can be read by others"):
        issuing.issue(cast.desk, cast.bob, decided_request(cast))
    with TestClient(create_app(cast.settings, cast.desk)) as reader:
        page = reader.get(f"/publishers/{cast.harbour.slug}")
    assert page.status_code == 200
    assert "cannot be read just now" in page.text
    assert str(place) not in page.text
    place.chmod(0o600)
    assert finishing.finish(cast.desk, cast.harbour.id, waiting.id).state == "issued"
