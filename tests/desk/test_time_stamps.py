"""Letters with time stamps: asked for over HTTP, waited for through an outage, never claimed where there is none."""

import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from litestar.testing import TestClient

from ledger.app import create_app
from ledger.desk.house.opening import open_desk
from ledger.desk.letters import issuing, time_stamping
from ledger.desk.letters.verifying import verify_ledger
from ledger.desk.refusals import Unavailable
from ledger.letters import standalone
from ledger.letters.verify import verify_letter
from ledger.records.journal_publishing import verifier_key
from ledger.settings import BadSetting, load_settings
from ledger.worker import drain
from ledger.worker.background import _environment
from tests.desk.test_issuing_concurrently import decided_request, letters_of, mails_with_letters
from tests.desk.test_main_job import own  # noqa: F401
from tests.tsa import authority, send  # noqa: F401


@pytest.fixture
def tsa(authority):
    with authority.served() as served:
        yield served


def stamped_house(cast, tsa, **changes):
    """The cast, whose letters the authority stamps."""
    given = {
        "LEDGER_TIMESTAMP_URL": tsa.url,
        "LEDGER_TIMESTAMP_ROOTS": str(tsa.authority.roots),
        "LEDGER_TIMESTAMP_NETWORK": "127.0.0.0/8",
        **changes,
    }
    settings = load_settings({name: value for name, value in given.items() if value}, data=cast.settings.data)
    made = replace(cast, settings=settings, desk=open_desk(settings, cast.clock))
    made.piece = getattr(cast, "piece", None)
    return made


@pytest.fixture
def house(cast, own, tsa):
    made = stamped_house(cast, tsa)
    made.piece = own
    yield made
    made.desk.database.close()


def verdict(house, letter, **given):
    with house.desk.database.reading() as connection:
        vkey = verifier_key(connection, house.harbour.id).vkey
    return verify_letter(house.desk.evidence.get(letter.sha256), vkey=vkey, **given)


def test_a_letter_is_stamped_and_all_its_readers_say_so(house, tsa):
    letter = issuing.issue(house.desk, house.bob, decided_request(house))
    found = verdict(house, letter, stamp_roots=[tsa.authority.root])
    assert (found.code, found.facts["time_stamped_by"], found.facts["time_stamp_trusted"]) == (
        0,
        "Tides TSA",
        True,
    )
    stamp = time_stamping.letter_stamp(house.desk, letter)
    assert (stamp.by, stamp.trusted) == ("Tides TSA", True)
    assert stamp.at.isoformat().replace("+00:00", "Z") == found.facts["time_stamped_at"]
    (headers,) = tsa.asked
    assert headers["Content-Type"] == "application/timestamp-query"
    assert headers["Accept"] == "application/timestamp-reply"
    with TestClient(create_app(house.settings, house.desk)) as reader:
        assert "by Tides TSA" in reader.get(f"/verify?sha256={letter.sha256}").text
        assert "Tides TSA" not in reader.get(f"/verify/{letter.number}").text
    assert all(report.first is None for report in verify_ledger(house.desk))


def test_a_letter_waits_through_an_outage_and_is_stamped_when_it_is_over(cast, own, authority):
    cast.piece = own
    cast.clock.now = datetime.now(UTC).replace(microsecond=0)  # jobs for later are not begun by then
    with authority.served() as first:
        house = stamped_house(cast, first)
        port = first.server_address[1]
        request_id = decided_request(house)
    with pytest.raises(Unavailable, match="could not be time-stamped"):
        issuing.issue(house.desk, house.bob, request_id)
    (waiting,) = letters_of(house, request_id)
    assert waiting.state == "preparing"
    assert f"127.0.0.1:{port}" in waiting.delayed
    drain(house.settings, now=house.clock())
    assert not mails_with_letters(house, request_id)
    with authority.served(port):
        house.clock.go_on(minutes=2)
        drain(house.settings, now=house.clock())
    (letter,) = letters_of(house, request_id)
    assert (letter.number, letter.state, letter.delayed) == (waiting.number, "issued", None)
    assert verdict(house, letter).facts["time_stamped_by"] == "Tides TSA"
    assert len(mails_with_letters(house, request_id)) == 1
    assert all(report.first is None for report in verify_ledger(house.desk))
    house.desk.database.close()


def test_where_stamps_are_optional_a_letter_goes_without_and_claims_none(cast, own, tsa, caplog):
    cast.piece = own
    house = stamped_house(cast, tsa, LEDGER_TIMESTAMP_OPTIONAL="1")
    tsa.instead = lambda handler, question: send(handler, b"", 503)
    letter = issuing.issue(house.desk, house.bob, decided_request(house))
    assert (letter.state, time_stamping.letter_stamp(house.desk, letter)) == ("issued", None)
    found = verdict(house, letter)
    assert found.code == 0
    assert not [name for name in found.facts if "stamp" in name]
    assert "time_stamp" not in standalone.check(house.desk.evidence.get(letter.sha256))
    assert f"{letter.number} goes without a time stamp" in caplog.text
    house.desk.database.close()


def endless(handler, _question):
    handler.send_response(200)
    handler.send_header("Content-Type", "application/timestamp-reply")
    handler.end_headers()
    while True:
        handler.wfile.write(b"0" * 4096)


def dripping(handler, _question):
    handler.send_response(200)
    handler.send_header("Content-Type", "application/timestamp-reply")
    handler.end_headers()
    while True:
        handler.wfile.write(b"0")
        time.sleep(0.05)


def another_kind(handler, question):
    send(handler, handler.server.authority.answer(question), kind="text/html")


def moved(handler, question):
    if handler.path == "/tsr":
        send(handler, b"", 307, Location="/elsewhere")
    else:
        send(handler, handler.server.authority.answer(question))


@pytest.mark.parametrize(
    ("instead", "says"),
    [
        (endless, "larger than 0.016 MB"),
        (dripping, "not received in time|did not answer in time"),
        (another_kind, "something else than a time stamp"),
        (moved, "status 307"),
        (lambda handler, question: send(handler, b"", 500), "status 500"),
        (lambda handler, question: send(handler, b"<html>"), "no time stamp response"),
    ],
)
def test_a_hostile_answer_leaves_the_letter_waiting_and_nothing_half_done(
    house, tsa, monkeypatch, instead, says
):
    # What drips is cut off by the clock, the others by what they say: a laden machine may take its time with them.
    monkeypatch.setattr(time_stamping, "TIMEOUT", 1.0 if instead is dripping else 30.0)
    tsa.instead = instead
    request_id = decided_request(house)
    before = set(house.desk.evidence.hashes())
    begun = time.monotonic()
    with pytest.raises(Unavailable, match=says):
        issuing.issue(house.desk, house.bob, request_id)
    assert time.monotonic() - begun < 20
    (waiting,) = letters_of(house, request_id)
    assert (waiting.state, waiting.sha256) == ("preparing", None)
    added = [house.desk.evidence.get(each) for each in set(house.desk.evidence.hashes()) - before]
    assert not [each for each in added if each.startswith(b"%PDF")]
    tsa.instead = None
    monkeypatch.setattr(time_stamping, "TIMEOUT", 15.0)
    made = issuing.finish(house.desk, house.harbour.id, waiting.id)
    assert time_stamping.letter_stamp(house.desk, made)


def test_an_authority_on_a_private_network_is_reached_only_where_the_network_is_named(cast, own, tsa):
    cast.piece = own
    house = stamped_house(cast, tsa, LEDGER_TIMESTAMP_NETWORK="10.0.0.0/8")
    with pytest.raises(Unavailable, match="private or reserved address"):
        issuing.issue(house.desk, house.bob, decided_request(house))
    assert not tsa.asked
    house.desk.database.close()


def test_without_the_setting_nobody_is_asked(cast, own, tsa):
    cast.piece = own
    letter = issuing.issue(cast.desk, cast.bob, decided_request(cast))
    assert (letter.state, tsa.asked) == ("issued", [])
    assert time_stamping.letter_stamp(cast.desk, letter) is None


def test_the_settings_reach_the_worker(cast, tsa):
    settings = stamped_house(cast, tsa, LEDGER_TIMESTAMP_OPTIONAL="yes").settings
    assert load_settings(_environment(settings)).time_stamping == settings.time_stamping
    assert settings.time_stamping.optional


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"LEDGER_TIMESTAMP_URL": ""}, "LEDGER_TIMESTAMP_URL is missing"),
        ({"LEDGER_TIMESTAMP_URL": "ftp://tsa.example"}, "is no address"),
        ({"LEDGER_TIMESTAMP_URL": "http://tsa.example:port"}, "is no address"),
        ({"LEDGER_TIMESTAMP_URL": "http://me:secret@tsa.example"}, "is no address"),
        ({"LEDGER_TIMESTAMP_ROOTS": ""}, "LEDGER_TIMESTAMP_ROOTS is missing"),
        ({"LEDGER_TIMESTAMP_ROOTS": "/nowhere.pem"}, "there is no file /nowhere.pem"),
        ({"LEDGER_TIMESTAMP_NETWORK": "10.0.0.1/8"}, "no network"),
        ({"LEDGER_TIMESTAMP_NETWORK": "inside"}, "no network"),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused_in_a_line(cast, tsa, changes, says):
    with pytest.raises(BadSetting, match=says) as refusal:
        stamped_house(cast, tsa, **changes)
    assert "\n" not in str(refusal.value)
    assert "secret" not in str(refusal.value)
