"""The main job on the command line: a stable surface for other programs."""

import json
import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from ledger.cli import main

PAGES = Path(__file__).parents[2] / "ledger" / "cli" / "demo_pages"
USE = {"action": "republish_full", "channel": "community_site", "is_commercial": False}
FORM = {
    "name": "Alice Ferro",
    "email": "alice@fenwick-books.example",
    "organisation": "Fenwick Books",
    "use": {
        "product": "book",
        "portion": "full_article",
        "purpose": "editorial",
        "is_commercial": True,
        "territory": "world",
        "language": "en",
    },
}


@pytest.fixture
def ledger(tmp_path):
    """Run a command in one data folder; standard input where ``given`` is set."""

    def run(*words, given=None, code=0):
        result = CliRunner().invoke(main, ["--data", str(tmp_path / "data"), *map(str, words)], input=given)
        assert result.exit_code == code, result.output + (result.stderr or "")
        return result

    return run


def register(ledger, page, *words):
    done = ledger("register", PAGES / page, "--publisher", "harbour-review", "--yes", *words)
    return done.stdout.strip().splitlines()[-1]


def test_a_new_ledger_registers_a_page_and_answers(ledger):
    piece = register(ledger, "grain-ships.txt", "--url", "https://www.harbour-review.example/grain")
    by_id = json.loads(ledger("answer", piece, "--use", "-", "--json", given=json.dumps(USE)).stdout)
    by_url = json.loads(
        ledger(
            "answer",
            "http://harbour-review.example/grain?utm_source=x",
            "--use",
            "-",
            "--json",
            given=json.dumps(USE),
        ).stdout
    )
    assert by_id["outcome"] == by_url["outcome"] == "ask"
    assert by_id["ask"]["party"] == "Meridian Wire"
    (text,) = by_id["components"]
    assert text["outcome"] == "ask"
    left_out = next(reason for reason in text["reasons"] if reason["code"] == "no_claim")
    assert "cross-post" in left_out["clause"]


def test_the_explanation_names_each_rule(ledger):
    piece = register(ledger, "the-signal-house.html")
    said = ledger("answer", piece, "--use", "-", "--explain", given=json.dumps(USE)).stdout
    assert "permit" in said.lower()


def test_stating_that_the_publisher_holds_the_text_changes_whom_to_ask(ledger):
    piece = register(ledger, "grain-ships.txt", "--holder-is-publisher")
    plain = json.loads(ledger("answer", piece, "--use", "-", "--json", given=json.dumps(USE)).stdout)
    assert plain["outcome"] == "permitted"


def test_items_are_decided_all_of_them_or_none(ledger):
    piece = register(
        ledger, "the-signal-house.html"
    )  # the text is the publisher's own, the photograph is not
    sent = json.loads(ledger("request", "-", "--json", given=json.dumps({**FORM, "pieces": [piece]})).stdout)
    refused = ledger("decide", sent["request"], "--decision", "granted", code=2)
    assert "cannot grant this" in refused.stderr
    done = ledger("decide", sent["request"], "--decision", "declined", "--reason", "Not now.", "--json")
    assert [each["decision"] for each in json.loads(done.stdout)["items"]] == ["declined", "declined"]


def test_request_decide_letter_and_verify(ledger, tmp_path):
    piece = register(ledger, "the-signal-house.html")
    sent = json.loads(ledger("request", "-", "--json", given=json.dumps({**FORM, "pieces": [piece]})).stdout)
    text, *others = sent["items"]
    ledger("decide", sent["request"], "--item", text["item"], "--decision", "granted")
    for item in others:
        ledger(
            "decide",
            sent["request"],
            "--item",
            item["item"],
            "--decision",
            "declined",
            "--reason",
            "Not ours.",
        )
    letter = json.loads(ledger("letter", sent["request"], "--out", tmp_path / "out", "--json").stdout)
    assert letter["kind"] == "grant"
    assert Path(letter["path"]).read_bytes().startswith(b"%PDF")
    assert "everything holds" in ledger("verify").stdout
    right = json.dumps({"licensee": "Fenwick Books Limited"})
    shown = ledger("supersede", letter["number"], "-", "--preview", given=right).stdout
    assert "Now: Fenwick Books Limited" in shown
    out = ("--out", tmp_path / "out", "--json")
    new = json.loads(ledger("supersede", letter["number"], "-", *out, given=right).stdout)
    assert new["number"].endswith("-000002")
    assert Path(new["path"]).read_bytes().startswith(b"%PDF")
    again = ledger("supersede", letter["number"], "-", given=right, code=2)
    assert "nothing left to replace" in again.output
    assert "no letter" in ledger("supersede", "HARBOUR-2020-000001", "-", given=right, code=2).output
    assert "everything holds" in ledger("verify").stdout


def test_a_price_is_reckoned_for_no_more_than_was_asked(ledger):
    piece = register(ledger, "the-signal-house.html")
    sent = json.loads(ledger("request", "-", "--json", given=json.dumps({**FORM, "pieces": [piece]})).stdout)
    less = json.dumps({"copies": {"paperback": 10}})
    assert "was not asked for" in ledger("quote", sent["request"], "--less", "-", given=less, code=2).stderr
    assert "no tariff" in ledger("quote", sent["request"], "--less", "-", given="{}", code=2).stderr


def test_a_claim_is_filed_with_its_document_and_withdrawn_and_so_is_the_piece(ledger, tmp_path):
    url = "https://www.harbour-review.example/grain"
    piece = register(ledger, "grain-ships.txt", "--url", url)
    (tmp_path / "deed.pdf").write_bytes(b"%PDF-1.7 a deed")
    form = json.dumps({"party": "Tide Trust", "evidence": "A deed of 2019."})
    filed = json.loads(
        ledger("claim", url, "-", "--document", tmp_path / "deed.pdf", "--json", given=form).stdout
    )
    document = filed["evidence"]["document_sha256"]
    kept = tmp_path / "data" / "evidence" / document[:2] / document[2:]
    assert kept.read_bytes() == b"%PDF-1.7 a deed"
    assert "no such field" in ledger("claim", piece, "-", given='{"holder": "X"}', code=2).stderr
    assert "no letter rests" in ledger("withdraw-claim", piece, filed["claim"]).stdout
    assert "no such claim" in ledger("withdraw-claim", piece, filed["claim"], code=2).stderr
    assert "Say why" in ledger("withdraw", piece, code=2).stderr
    ledger("withdraw", url, "--reason", "Taken down at the owner's wish.")
    assert "withdrawn already" in ledger("withdraw", piece, "--reason", "Again.", code=2).stderr
    assert "no piece" in ledger("withdraw", "pc_unknown", "--reason", "x", code=2).stderr
    assert "everything holds" in ledger("verify").stdout


def test_an_owner_who_was_asked_is_erased_once_the_request_is_closed(ledger):
    piece = register(ledger, "grain-ships.txt")
    sent = json.loads(ledger("request", "-", "--json", given=json.dumps({**FORM, "pieces": [piece]})).stdout)
    request, owner = sent["request"], ("--owner", "ines@quill.example")
    ledger("decide", request, "--decision", "ask-owner", *owner[:1], "Ines Quill", "--contact", owner[1])
    erase = ("erase", *owner, "--publisher", "harbour-review", "--reason", "Her wish.")
    assert "still open" in ledger(*erase, code=2).stderr
    ledger("decide", request, "--decision", "declined", "--reason", "No answer.")
    assert "erased: 1." in ledger(*erase).stdout
    assert "erased already" in ledger(*erase, code=2).stderr
    assert "Name a request" in ledger("erase", "--reason", "x", code=2).stderr
    assert "Name a request" in ledger("erase", request, *owner, "--reason", "x", code=2).stderr
    assert "personal data erased" in ledger("erase", request, "--reason", "Their wish.").stdout
    assert "everything holds" in ledger("verify").stdout


def test_a_person_is_disabled_and_enabled(ledger):
    ledger("publisher", "add", "harbour", "--name", "Harbour", "--email", "rights@harbour.example")
    for name, role in (("ada", "admin"), ("bob", "officer")):
        ledger("person", "add", f"{name}@h.example", "--name", name, "--publisher", "harbour", "--role", role)
    at = ("--publisher", "harbour")
    ledger("person", "disable", "bob@h.example", *at)
    assert "disabled" in ledger("person", "link", "bob@h.example", code=2).stderr
    assert "disabled" in ledger("person", "token", "bob@h.example", code=2).stderr
    assert "left to administer" in ledger("person", "disable", "ada@h.example", *at, code=2).stderr
    assert "nobody with the address" in ledger("person", "disable", "x@h.example", *at, code=2).stderr
    ledger("person", "enable", "bob@h.example", *at)
    assert "/sign-in/link/" in ledger("person", "link", "bob@h.example").stdout


def test_verify_names_what_does_not_hold_and_exits_1(ledger, tmp_path):
    register(ledger, "river-survey.html")
    import sqlite3

    connection = sqlite3.connect(tmp_path / "data" / "ledger.db")
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f'DROP TRIGGER "{name}"')
    connection.execute("UPDATE journal_entry SET kind = 'piece.corrected' WHERE kind = 'piece.registered'")
    connection.commit()
    connection.close()
    assert "DOES NOT HOLD" in ledger("verify", code=1).output


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ('{"colour": "blue", "weather": 1}', "weather"),
        ('{"territory": "Atlantis"}', "Atlantis"),
        ('{"start": "2027-02-01", "end": "2027-01-01"}', "before"),
        ("[]", "object"),
        ("{", "JSON"),
    ],
)
def test_a_wrong_use_is_one_clear_line_and_exit_2(ledger, given, said):
    piece = register(ledger, "river-survey.html")
    assert said in ledger("answer", piece, "--use", "-", given=given, code=2).stderr


def test_a_wrong_page_writes_nothing(ledger, tmp_path):
    for name, content in (("empty.html", b""), ("program", b"\x7fELF" + bytes(5000))):
        (tmp_path / name).write_bytes(content)
        refused = ledger("register", tmp_path / name, "--publisher", "harbour-review", "--yes", code=2)
        assert len(refused.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "data").exists()


def test_every_command_is_documented(ledger):
    from ledger.cli.group import COMMANDS

    said = ledger("--help").stdout
    for name in COMMANDS:
        assert name in said
        assert ledger(name, "--help").stdout


BEGINNERS = {"register", "publisher add", "serve", "migrate", "restore", "demo"}
NO_HOUSE = {"read", "verify-letter", "check"}


def _commands(group, *before):
    for name in group.list_commands(None):
        command = group.get_command(None, name)
        if isinstance(command, click.Group):
            yield from _commands(command, *before, name)
        else:
            yield " ".join([*before, name]), command


def _as_little_as_needed(command):
    for each in command.params:
        if not each.required and each.name != "request_id":
            continue
        value = each.type.choices[0] if isinstance(each.type, click.Choice) else "-"
        yield from ([value] if isinstance(each, click.Argument) else [each.opts[0], value])


@pytest.mark.parametrize("folder", ["missing", "empty"])
def test_no_command_but_a_beginning_one_takes_a_folder_without_a_ledger(ledger, tmp_path, folder):
    if folder == "empty":
        (tmp_path / "data").mkdir()
    tried = 0
    for name, command in _commands(main):
        if name not in BEGINNERS | NO_HOUSE:
            refused = ledger(*name.split(), *_as_little_as_needed(command), given="{}", code=2)
            assert refused.stderr.startswith(f"There is no ledger in {tmp_path / 'data'}."), name
            assert len(refused.stderr.splitlines()) == 1
            tried += 1
    assert tried > 20
    assert list(tmp_path.rglob("*")) == ([tmp_path / "data"] if folder == "empty" else [])


def test_a_ledger_begun_is_one_that_the_others_take(ledger):
    ledger("migrate")
    assert ledger("publisher", "list").stdout == "There is no publisher yet.\n"
    assert ledger("verify").stdout.startswith("The ledger is empty")


def test_a_restored_ledger_is_verified_by_the_command_it_names(ledger, tmp_path):
    ledger("publisher", "add", "the-lantern", "--name", "The Lantern", "--email", "p@lantern.example")
    ledger("backup", tmp_path / "copy")
    (tmp_path / "data").rename(tmp_path / "lost")
    said = ledger("restore", tmp_path / "copy").stdout
    assert re.match(r"Restored the backup of \d{4}-\d\d-\d\d \d\d:\d\d UTC\. Now run `ledger --data ", said)
    *_, folder, command = said.split("`")[1].split()
    told = CliRunner().invoke(main, ["--data", folder, command])
    assert told.output.startswith("the-lantern (pb_")
    assert "everything holds" in told.output
