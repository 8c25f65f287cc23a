"""The check before the first letter: each part tried in earnest, named when it does not work, and nothing left."""

import json
import os
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from ledger.cli import main
from ledger.desk.house.checking import check_house
from ledger.desk.house.publishers import create_publisher
from ledger.desk.letters import trial
from ledger.desk.letters.letterhead import set_picture
from ledger.desk.letters.verifying import verify_ledger
from ledger.letters.certificates import load_or_make_signer
from ledger.letters.engine import REMEDY
from ledger.letters.pool import RenderFailed
from ledger.records.journal_publishing import checkpoint_text
from ledger.settings import load_settings
from tests.desk.test_time_stamps import stamped_house, tsa  # noqa: F401
from tests.softhsm import PIN, soft_token  # noqa: F401
from tests.test_mail import server
from tests.tsa import authority, send  # noqa: F401


def now():
    return datetime.now(UTC)


def checked(settings, clock=now, **given):
    """What was found, by what was tried."""
    return {each.what: each for each in check_house(settings, clock=clock, **given)}


def states(found):
    return {what: each.state.value for what, each in found.items()}


WELL = {
    "settings": "note",
    "data folder": "ok",
    "database": "ok",
    "journals": "ok",
    "signing key": "ok",
    "certificate": "ok",
    "time stamp": "skipped",
    "letter": "ok",
    "mail": "note",
}


def everything_in(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_house_that_works_is_said_to_work_and_nothing_stays_of_the_trials(cast):
    assert states(checked(cast.settings)) == WELL
    before = everything_in(cast.settings.data / "keys"), verify_ledger(cast.desk)
    assert states(checked(cast.settings)) == WELL
    assert (everything_in(cast.settings.data / "keys"), verify_ledger(cast.desk)) == before
    assert not any((cast.settings.data / name).exists() for name in ("mail", "evidence/tmp"))
    assert not list((cast.settings.data / "evidence").rglob("*.*"))


def test_a_house_that_is_not_set_up_yet_is_told_what_comes_next_and_not_migrated(tmp_path):
    settings = load_settings({"LEDGER_BASE_URL": "https://permissions.example.org"}, data=tmp_path / "new")
    found = checked(settings)
    expected = WELL | {"settings": "ok", "database": "wrong", "journals": "skipped"}
    assert states(found) == expected
    assert "ledger migrate" in found["database"].said
    assert not (tmp_path / "new" / "ledger.db").exists()
    assert not (tmp_path / "new" / "keys" / "letters").exists()


@pytest.mark.parametrize("cause", ["not a database", "of another version"])
def test_a_database_that_cannot_be_used_is_named_and_the_rest_is_tried_all_the_same(cast, cause):
    cast.desk.database.close()
    file = cast.settings.data / "ledger.db"
    if cause == "not a database":
        file.write_bytes(b"something else entirely" * 100)
    else:
        with cast.desk.database.writing() as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0003'")
    found = checked(cast.settings)
    assert states(found) == WELL | {"database": "wrong", "journals": "skipped"}
    assert {"not a database": "backup", "of another version": "migrate"}[cause] in found["database"].said


def test_a_journal_that_may_not_be_written_is_named_with_its_publisher(cast):
    with cast.desk.database.reading() as connection:
        checkpoint_text(connection, cast.lantern.id)  # its first reader has the key made
    (key,) = (cast.settings.data / "journal" / cast.lantern.id).glob("*.key")
    key.chmod(0o644)
    found = checked(cast.settings)
    assert found["journal of the-lantern"].state == "wrong"
    assert "can be read by others" in found["journal of the-lantern"].said
    assert "1 of 2" in found["journals"].said


def test_a_data_folder_that_is_full_or_not_ours_is_named(cast, tmp_path, monkeypatch):
    (tmp_path / "in the way").write_text("")
    assert (
        states(checked(replace(cast.settings, data=tmp_path / "in the way" / "x")))["data folder"] == "wrong"
    )
    usage = shutil.disk_usage(tmp_path)
    for free, state in ((10 << 20, "wrong"), (500 << 20, "note")):
        monkeypatch.setattr(shutil, "disk_usage", lambda _, free=free: usage._replace(free=free))
        assert states(checked(cast.settings))["data folder"] == state


def test_what_cannot_be_drawn_says_what_to_install(cast, monkeypatch):
    def refuse(*_, **__):
        raise RenderFailed("refused", REMEDY)

    monkeypatch.setattr("ledger.desk.letters.letter_file.render_letter", refuse)
    found = checked(cast.settings)["letter"]
    assert (found.state, "libharfbuzz-subset0" in found.said) == ("wrong", True)


def test_a_letter_in_foreign_fonts_or_that_our_own_verifier_refuses_is_wrong(cast, monkeypatch):
    monkeypatch.setattr(trial, "FONTS", "Other")
    assert "other fonts than its own (/" in checked(cast.settings)["letter"].said
    monkeypatch.undo()
    monkeypatch.setattr(trial, "sign_pdf", lambda pdf, *_, **__: pdf)
    found = checked(cast.settings)["letter"]
    assert (found.state, "carries no signature" in found.said) == ("wrong", True)


def test_a_logo_that_is_gone_is_found_before_a_letter_misses_it(cast):
    picture = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>Sea</title><path d="M0 0h9v9z"/></svg>'
    set_picture(cast.desk, cast.ada, "logo", picture)
    assert states(checked(cast.settings))["letter"] == "ok"
    (kept,) = (path for path in (cast.settings.data / "evidence").rglob("*") if path.is_file())
    kept.unlink()
    assert states(checked(cast.settings))["letter"] == "wrong"


@pytest.mark.parametrize(
    ("years", "state", "says"),
    [
        (-11, "wrong", "Expired on"),
        (-9.95, "note", "Order the next one now"),
        (1, "wrong", "Valid only from"),
    ],
)
def test_a_certificate_is_looked_at_before_it_ends(cast, years, state, says):
    cast.desk.database.close()
    folder = cast.settings.data / "keys" / "letters" / "harbour-review"
    shutil.rmtree(folder, ignore_errors=True)
    load_or_make_signer(folder, "Harbour Review", now=now() + timedelta(days=365 * years))
    found = checked(cast.settings)["certificate"]
    assert (found.state, says in found.said) == (state, True)


def test_the_key_on_a_token_is_tried_and_its_pin_is_not_told(cast, soft_token):
    settings = replace(cast.settings, letter_token=soft_token.key, letter_certificate=soft_token.certificate)
    found = checked(settings)
    assert states(found) == WELL
    assert "token Harbour" in found["signing key"].said
    soft_token.pull()
    pulled = checked(settings)
    assert (pulled["signing key"].state, pulled["letter"].state) == ("wrong", "skipped")
    assert "plug it in" in pulled["signing key"].said
    assert PIN not in str(found) + str(pulled)


def test_the_authority_is_asked_once_and_its_absence_is_as_grave_as_the_settings_make_it(cast, tsa):
    house = stamped_house(cast, tsa)
    found = checked(house.settings)
    assert states(found) == WELL | {"time stamp": "ok"}
    assert (len(tsa.asked), "Tides TSA" in found["time stamp"].said) == (1, True)
    assert checked(house.settings, lambda: now() + timedelta(hours=1))["time stamp"].state == "note"
    tsa.instead = lambda handler, question: send(handler, b"", 503)
    found = checked(house.settings)
    assert states(found) == WELL | {"time stamp": "wrong"}
    assert "status 503" in found["time stamp"].said
    optional = stamped_house(cast, tsa, LEDGER_TIMESTAMP_OPTIONAL="1")
    assert states(checked(optional.settings)) == WELL | {"time stamp": "note"}
    for each in (house, optional):
        each.desk.database.close()


def test_the_mail_server_is_tried_without_a_mail_and_with_one_where_it_is_asked_for(cast):
    with server() as (taker, port):
        settings = replace(cast.settings, smtp_url=f"smtp://127.0.0.1:{port}?security=none")
        found = checked(settings)["mail"]
        assert (found.state, "not encrypted" in found.said, taker.envelopes) == ("note", True, [])
        assert checked(settings, mail_to="ada@harbour-review.example")["mail"].state == "ok"
        [(_, envelope)] = taker.envelopes
        assert envelope.rcpt_tos == ["ada@harbour-review.example"]
        starttls = replace(settings, smtp_url=f"smtp://127.0.0.1:{port}")
        assert checked(starttls)["mail"].state == "wrong"
    gone = checked(settings)["mail"]
    assert (gone.state, "refused" in gone.said) == ("wrong", True)
    assert "LEDGER_SMTP_URL" in checked(replace(settings, smtp_url="http://x"))["mail"].said
    assert "LEDGER_MAIL_FROM" in checked(replace(cast.settings, mail_from="no address"))["mail"].said


def test_a_server_that_takes_no_mail_from_this_sender_is_found_without_sending(cast, monkeypatch):
    async def refuse(_self, _server, _session, envelope, _address, _options):
        return "553 5.7.1 not your address"

    with server() as (taker, port):
        monkeypatch.setattr(type(taker), "handle_MAIL", refuse, raising=False)
        settings = replace(cast.settings, smtp_url=f"smtp://127.0.0.1:{port}?security=none")
        found = checked(settings)["mail"]
    assert (found.state, "553 5.7.1 not your address" in found.said) == ("wrong", True)


def test_mails_that_wait_for_a_worker_are_counted(cast):
    from ledger.desk.house.checkpoints import mail_checkpoints

    mail_checkpoints(cast.desk, "2026-03-06")
    assert "outbox" not in checked(cast.settings, cast.clock)
    cast.clock.go_on(minutes=16)
    assert "2 mails wait" in checked(cast.settings, cast.clock)["outbox"].said


def test_the_command_says_it_in_lines_and_in_json_and_by_its_exit_code(tmp_path):
    def run(*words):
        return CliRunner().invoke(main, ["--data", str(tmp_path / "data"), *words])

    first = run("check")
    assert first.exit_code == 1
    assert "WRONG  database: It has not been set up" in first.output
    assert run("migrate").exit_code == 0
    done = run("check", "--json")
    assert done.exit_code == 0
    assert {each["check"]: each["state"] for each in json.loads(done.output)}["publishers"] == "note"
    assert run("check", "--mail", "nobody at all").exit_code == 2


def test_every_publisher_has_its_journal_and_its_key_tried_and_one_of_them_a_letter(cast):
    create_publisher(cast.desk, slug="third", name="Third", permissions_email="rights@third.example")
    found = checked(cast.settings)
    assert "3 of 3" in found["journals"].said
    assert "Drawn for Harbour Review" in found["letter"].said
    assert "Drawn for Third" in checked(cast.settings, publisher="third")["letter"].said
    (cast.settings.data / "keys" / "letters" / "third" / "letters-key.pem").chmod(0o644)
    found = checked(cast.settings)
    assert (found["signing key"].state, found["signing key of third"].state) == ("ok", "wrong")
    assert "chmod 600" in found["signing key of third"].said
    assert "no publisher called fourth" in checked(cast.settings, publisher="fourth")["publishers"].said


def test_whoever_is_not_the_user_of_the_data_folder_is_told(cast, monkeypatch):
    monkeypatch.setattr("os.geteuid", lambda: os.getuid() + 1)
    found = [each for each in check_house(cast.settings, clock=now) if each.what == "data folder"]
    assert [each.state.value for each in found] == ["note", "ok"]
    assert "belongs to another user" in found[0].said
