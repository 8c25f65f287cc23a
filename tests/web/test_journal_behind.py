"""A journal that was restored from an old copy or has lost its keys: refused plainly, then both keys shown."""

import shutil

import pytest
from click.testing import CliRunner
from litestar.testing import TestClient

from ledger.app import create_app
from ledger.cli.group import main
from ledger.desk.house.keeping import reopen_journal
from ledger.desk.house.opening import open_desk
from ledger.desk.house.publishers import update_publisher
from ledger.journal.note import Verifier, open_checkpoint
from ledger.journal.proof import verify_proof
from ledger.records.journal_publishing import checkpoint_text, verifier_key
from tests.desk.conftest import pages  # noqa: F401


@pytest.fixture
def behind(cast):
    """The database of an earlier moment beside a checkpoint of a later one; the proof of what was lost."""
    update_publisher(cast.desk, cast.ada, address="1 Signal Stairs")
    cast.desk.database.close()
    data = cast.settings.data
    old = {path: path.read_bytes() for path in data.glob("ledger.db*") if path.is_file()}
    update_publisher(cast.desk, cast.ada, address="2 Signal Stairs")
    with cast.desk.database.reading() as connection:
        cast.lost = checkpoint_text(connection, cast.harbour.id)
    cast.desk.database.close()
    for path in data.glob("ledger.db*"):
        path.unlink()
    for path, content in old.items():
        path.write_bytes(content)
    return cast


@pytest.fixture
def reader(behind):
    app = create_app(behind.settings, behind.desk, behind.enqueue)
    with TestClient(app, base_url=behind.settings.base_url) as client:
        yield client


def test_readers_are_told_without_the_houses_secrets(behind, reader):
    answered = reader.get("/journal/harbour-review/checkpoint")
    assert answered.status_code == 503
    assert "do not agree" in answered.text
    assert str(behind.settings.data) not in answered.text
    assert reader.get("/journal/the-lantern/checkpoint").status_code == 200


def test_the_command_line_says_it_in_one_line(behind):
    behind.desk.database.close()
    person = [
        "kim@harbour-review.example",
        "--name",
        "Kim",
        "--publisher",
        "harbour-review",
        "--role",
        "editor",
    ]
    told = CliRunner().invoke(main, ["--data", str(behind.settings.data), "person", "add", *person])
    assert told.exit_code == 2, told.output
    assert "a checkpoint over" in told.output
    assert "Traceback" not in told.output


def test_after_reopening_the_earlier_key_is_still_given_out(behind, reader):
    old_key = reader.get("/journal/harbour-review/key").text.strip()
    reopen_journal(behind.desk, "harbour-review", "restored")
    newest, earlier = reader.get("/journal/harbour-review/key").text.splitlines()
    assert earlier == old_key
    assert newest.split("+")[0].endswith("/journal/harbour-review/epoch-2")
    page = reader.get("/publishers/harbour-review").text
    assert newest in page
    assert earlier in page
    assert "Earlier keys of the journal" in page
    assert open_checkpoint(behind.lost, [Verifier.parse(earlier)]).size
    proof = reader.get("/journal/harbour-review/proof/0").content
    assert verify_proof(proof, [Verifier.parse(newest)]).index == 0


def test_a_later_epoch_is_served_under_its_own_prefix_and_the_first_ones_is_not_kept(behind, reader):
    """Caches hold tiles of the first epoch for good: under its prefix the later one's would be mixed with them."""
    first, second = "/journal/harbour-review", "/journal/harbour-review/epoch-2"
    assert reader.get(f"{second}/checkpoint").status_code == 404
    reopen_journal(behind.desk, "harbour-review", "restored")
    note = reader.get(f"{second}/checkpoint").content
    origin, size = note.decode().split("\n")[:2]
    assert origin.endswith(second)
    assert reader.get(f"{first}/checkpoint").content == note
    for place in (f"tile/0/000.p/{size}", f"tile/entries/000.p/{size}"):
        new, old = reader.get(f"{second}/{place}"), reader.get(f"{first}/{place}")
        assert new.content == old.content
        assert "immutable" in new.headers["cache-control"]
        assert old.headers["cache-control"] == "no-cache"
    assert reader.get(f"{second}/proof/0").content == reader.get(f"{first}/proof/0").content
    for other in ("epoch-1", "epoch-3", "epoch-02", "elsewhere"):
        for place in ("checkpoint", "tile/0/000.p/1", "proof/0"):
            assert reader.get(f"{first}/{other}/{place}").status_code == 404, (other, place)


@pytest.fixture
def keyless(cast):
    """A house that has given out checkpoints and whose journal folder is gone; the key as somebody noted it."""
    with cast.desk.database.reading() as connection:
        cast.noted = verifier_key(connection, cast.harbour.id)
        cast.mailed = checkpoint_text(connection, cast.harbour.id)
    cast.desk.database.close()
    shutil.rmtree(cast.settings.data / "journal")
    cast.desk = open_desk(cast.settings, cast.clock)
    yield cast
    cast.desk.database.close()


def test_a_lost_key_is_not_replaced_under_the_same_name(keyless):
    app = create_app(keyless.settings, keyless.desk, keyless.enqueue)
    with TestClient(app, base_url=keyless.settings.base_url) as client:
        for path in (
            "/journal/harbour-review/key",
            "/journal/harbour-review/checkpoint",
            "/publishers/harbour-review",
        ):
            assert client.get(path).status_code == 503
        assert not list(keyless.settings.data.rglob("*.key"))
        keyless.desk.database.close()
        data = ["--data", str(keyless.settings.data)]
        told = CliRunner().invoke(main, [*data, "verify"])
        assert told.exit_code == 1
        assert "has not the signing key" in told.output
        (keyless.settings.data / "mailed.note").write_bytes(keyless.mailed)
        held = ["--checkpoint", str(keyless.settings.data / "mailed.note")]
        told = CliRunner().invoke(
            main, [*data, "journal", "reopen", "harbour-review", "--reason", "lost", *held]
        )
        assert told.exit_code == 0, told.output
        told = CliRunner().invoke(main, [*data, "journal", "reopen", "the-lantern", "--reason", "lost"])
        assert told.exit_code == 0, told.output
        told = CliRunner().invoke(main, [*data, "verify", *held])
        assert told.exit_code == 0, told.output
        assert "Epoch 2 begins" in told.output
        assert client.get("/journal/harbour-review/key").text.splitlines()[1] == keyless.noted.vkey
        assert keyless.noted.vkey in client.get("/publishers/harbour-review").text


def test_a_journal_that_was_never_reopened_shows_one_key(cast):
    app = create_app(cast.settings, cast.desk, cast.enqueue)
    with TestClient(app, base_url=cast.settings.base_url) as client:
        assert len(client.get("/journal/harbour-review/key").text.splitlines()) == 1
        assert "Earlier keys" not in client.get("/publishers/harbour-review").text
