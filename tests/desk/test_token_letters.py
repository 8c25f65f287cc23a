"""Letters signed by a hardware token: issued by the door, finished by the worker, and whole after a crash."""

import logging
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ledger.desk.house.opening import open_desk
from ledger.desk.letters import issuing
from ledger.desk.letters.signing import signer_of
from ledger.desk.letters.verifying import verify_file, verify_ledger
from ledger.desk.refusals import NotFound, Unavailable
from ledger.letters.verify import verify_letter
from ledger.records.journal_publishing import verifier_key
from ledger.settings import BadSetting, load_settings
from ledger.worker import drain
from ledger.worker.background import _environment
from tests.desk.test_issuing_concurrently import decided_request, letters_of, mails_with_letters
from tests.desk.test_main_job import own  # noqa: F401
from tests.softhsm import PIN, soft_token  # noqa: F401


@pytest.fixture
def house(cast, own, soft_token):
    """The cast, whose letters the token signs."""
    settings = replace(cast.settings, letter_token=soft_token.key, letter_certificate=soft_token.certificate)
    desk = open_desk(settings, cast.clock)
    yield replace(cast, settings=settings, desk=desk)
    desk.database.close()


@pytest.fixture
def request_id(house, own):
    house.piece = own
    return decided_request(house)


def verified(house, letter):
    with house.desk.database.reading() as connection:
        vkey = verifier_key(connection, house.harbour.id).vkey
    return verify_letter(house.desk.evidence.get(letter.sha256), vkey=vkey)


def test_a_letter_is_signed_by_the_token_and_names_its_certificate(house, request_id, soft_token):
    letter = issuing.issue(house.desk, house.bob, request_id)
    verdict = verified(house, letter)
    assert (verdict.code, verdict.facts["fingerprint"]) == (0, soft_token.signer.fingerprint)
    assert signer_of(house.desk, house.harbour).fingerprint == soft_token.signer.fingerprint


def test_a_letter_waits_for_a_token_that_was_pulled_and_the_worker_finishes_it(
    house,
    request_id,
    soft_token,
    caplog,
):
    caplog.set_level(logging.DEBUG)
    house.clock.now = datetime.now(UTC).replace(microsecond=0)  # jobs for later are not begun by then
    soft_token.pull()
    with pytest.raises(Unavailable, match="could not be signed: There is no token Harbour"):
        issuing.issue(house.desk, house.bob, request_id)
    (waiting,) = letters_of(house, request_id)
    assert waiting.state == "preparing"
    assert "plug it in" in waiting.delayed
    assert waiting.delayed_at == house.clock()
    drain(house.settings, now=house.clock())  # its job fails as well, and writes down the next attempt
    assert not mails_with_letters(house, request_id)
    soft_token.put_back()
    house.clock.go_on(minutes=2)
    drain(house.settings, now=house.clock())
    (letter,) = letters_of(house, request_id)
    assert (letter.number, letter.state, letter.delayed) == (waiting.number, "issued", None)
    assert verified(house, letter).code == 0
    assert len(mails_with_letters(house, request_id)) == 1
    assert all(report.first is None for report in verify_ledger(house.desk))
    assert PIN not in caplog.text


def test_a_file_made_again_after_a_crash_is_the_letter_though_its_bytes_differ(
    house, request_id, monkeypatch
):
    made = []
    put = type(house.desk.evidence).put

    def put_and_die(store, content):
        sha256 = put(store, content)
        if content.startswith(b"%PDF"):
            made.append(sha256)
            if len(made) == 1:
                raise KeyboardInterrupt  # after the file is on the disk, before the journal names it
        return sha256

    monkeypatch.setattr(type(house.desk.evidence), "put", put_and_die)
    with pytest.raises(KeyboardInterrupt):
        issuing.issue(house.desk, house.bob, request_id)
    drain(house.settings, now=house.clock())
    (letter,) = letters_of(house, request_id)
    assert letter.state == "issued"
    assert made[0] != made[1] == letter.sha256
    assert verify_file(house.desk, letter.sha256).letter.number == letter.number
    with pytest.raises(NotFound):
        verify_file(house.desk, made[0])
    (mail,) = mails_with_letters(house, request_id)
    assert mail.attachments[0]["sha256"] == letter.sha256
    assert all(report.first is None for report in verify_ledger(house.desk))


def test_the_settings_name_the_key_by_its_uri_and_hand_it_to_the_worker(soft_token):
    given = {
        "LEDGER_LETTER_KEY": soft_token.key.uri,
        "LEDGER_LETTER_CERTIFICATE": str(soft_token.certificate),
    }
    settings = load_settings(given)
    assert settings.letter_token == soft_token.key
    assert load_settings(_environment(settings)).letter_token == soft_token.key
    assert PIN not in repr(settings)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("module-path=", "module-path=/nowhere"), "module-path: there is no file /nowhere"),
        (("pin-source=file:", "pin-source=file:/nowhere"), "pin-source: there is no file /nowhere"),
        (("pin-source=file:", "pin-value="), "never written here"),
        (("token=", "other="), "'other' is not understood"),
    ],
)
def test_a_uri_that_cannot_be_used_is_refused_at_the_start(soft_token, change, says):
    uri = soft_token.key.uri.replace(*change)
    with pytest.raises(BadSetting, match=says) as refusal:
        load_settings({"LEDGER_LETTER_KEY": uri, "LEDGER_LETTER_CERTIFICATE": str(soft_token.certificate)})
    assert "LEDGER_LETTER_KEY" in str(refusal.value)
