"""Commands for keeping the ledger: verify, back up, restore, migrate, reopen a journal."""

import json
import shlex
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from ledger.cli.house import House, show
from ledger.desk.house.checkpoints import checkpoint_stamp
from ledger.desk.house.keeping import make_backup, reopen_journal
from ledger.desk.house.publishers import list_publishers
from ledger.desk.letters.verifying import verify_ledger
from ledger.desk.requests.undelivered import take_back
from ledger.letters.stamping import NotStamped
from ledger.records import migrating
from ledger.records.backup import bring_back
from ledger.records.roles import grant_to
from ledger.records.sessions import open_database

MAX_MAIL = 10 << 20


@click.command()
@click.option(
    "--checkpoint",
    "checkpoints",
    multiple=True,
    type=click.File("rb"),
    help="An older checkpoint that you hold (may be repeated). A time stamp FILE.tsr beside it is checked too.",
)
@click.option(
    "--key",
    "keys",
    multiple=True,
    help="A public key of a journal whose own copy is lost (may be repeated): older checkpoints are checked with it.",
)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def verify(house: House, checkpoints: tuple[Any, ...], keys: tuple[str, ...], as_json: bool) -> None:
    """Re-hash the journals, compare rows with entries and files with hashes. Exit code 1 if anything does not hold."""
    notes = [(each.name, each.read(1 << 20)) for each in checkpoints]
    reports = verify_ledger(house.desk, [note for _, note in notes], keys)
    slugs = {row.id: row.slug for row in list_publishers(house.desk)}
    lines: list[str] = []
    plain: list[dict[str, Any]] = []
    for report in reports:
        first = report.first
        place = f" (entry {first.seq})" if first and first.seq is not None else ""
        slug = slugs.get(report.publisher_id)
        name = f"{slug} ({report.publisher_id})" if slug else report.publisher_id
        lines.append(
            f"{name}: {report.size} entries, "
            + (f"DOES NOT HOLD: {first.where}{place}: {first.text}" if first else "everything holds")
        )
        lines += [f"  note: {warning}" for warning in report.warnings]
        plain.append(
            {
                "publisher": report.publisher_id,
                "slug": slug,
                "entries": report.size,
                "root": report.root.hex(),
                "checkpoints": report.checkpoints,
                "holds": first is None,
                "problems": [{"where": p.where, "entry": p.seq, "text": p.text} for p in report.problems],
                "notes": list(report.warnings),
            }
        )
    stamps = [found for name, note in notes if (found := _time_stamp(house, name, note))]
    lines += [line for line, _ in stamps]
    plain += [each for _, each in stamps]
    show(plain, as_json, "\n".join(lines) or "The ledger is empty; there is nothing to verify.")
    sys.exit(0 if all(each["holds"] for each in plain) else 1)


def _time_stamp(house: House, name: str, note: bytes) -> tuple[str, dict[str, Any]] | None:
    """(line, the same as JSON) about the time stamp in the file beside a checkpoint, if there is one."""
    file = Path(f"{name}.tsr")
    if not file.is_file():
        return None
    try:
        stamp = checkpoint_stamp(house.desk, note, file.read_bytes())
    except NotStamped as error:
        return f"{file}: DOES NOT HOLD: {error}", {
            "time_stamp": str(file),
            "holds": False,
            "problem": str(error),
        }
    at = stamp.at.isoformat().replace("+00:00", "Z")
    doubt = "" if stamp.trusted else "; whose certificate that is, LEDGER_TIMESTAMP_ROOTS would tell"
    said = {"time_stamp": str(file), "holds": True, "by": stamp.by, "at": at, "trusted": stamp.trusted}
    return f"{file}: the checkpoint was time-stamped by {stamp.by}, {at}{doubt}", said


@click.group()
def journal() -> None:
    """The journals. Their keys lie in the data folder, under journal/; `ledger backup` copies them."""


@journal.command("reopen")
@click.argument("publisher")
@click.option("--reason", required=True, help="Why; the journal tells it.")
@click.option(
    "--checkpoint",
    "--newer",
    "newer",
    type=click.File("rb"),
    help="The newest checkpoint that somebody outside still holds, such as the one mailed last.",
)
@click.option("--key", help="The public key it was signed with, where the journal's keys are lost.")
@click.pass_obj
def reopen(house: House, publisher: str, reason: str, newer: Any, key: str | None) -> None:
    """Open a new epoch of a journal that refuses to be written: after a restore, or when its keys are lost.

    The new epoch has a new key and commits to the last checkpoint given out, or to the newest that is left. Where the
    data folder was lost, bring it back from a backup instead if there is one: then everything stays as it was. Without
    one the earlier keys are gone for good. What they signed is checked with the public key that was given out then; the
    publisher's page shows it among the earlier keys if the journal names it or you give it with --key.
    """
    note = newer.read(1 << 20) if newer else None
    click.echo(reopen_journal(house.desk, publisher, reason, note, key))


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.pass_obj
def backup(house: House, folder: Path) -> None:
    """Copy the whole ledger to a new FOLDER while it works. The copy holds the private keys."""
    manifest = make_backup(house.desk, folder)
    click.echo(f"Backed up to {folder}: {manifest['database']}, {manifest['evidence']} files of evidence.")


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.pass_obj
def restore(house: House, folder: Path) -> None:
    """Bring a backup back into the data folder, whose database must not exist. Then run `ledger verify`."""
    database = open_database(house.settings.database_url)
    try:
        manifest = bring_back(folder, database, house.settings.data)
    finally:
        database.close()
    made = datetime.fromisoformat(manifest["made"]).astimezone(UTC)
    there = shlex.quote(str(house.settings.data))
    click.echo(f"Restored the backup of {made:%Y-%m-%d %H:%M} UTC. Now run `ledger --data {there} verify`.")


@click.command()
@click.option("--down", help="Take the database back to this revision (base: to nothing).")
@click.option(
    "--role", help="PostgreSQL: the role the ledger runs as; it may append to the journal, not change it."
)
@click.pass_obj
def migrate(house: House, down: str | None, role: str | None) -> None:
    """Bring the database to the shape this version needs.

    On PostgreSQL, run it as the role that owns the tables, and the ledger itself as another, named with --role.
    """
    url = house.settings.database_url
    if down:
        click.echo(json.dumps({"revision": migrating.downgrade(url, down)}))
        return
    house.settings.data.mkdir(parents=True, exist_ok=True)
    revision = migrating.migrate(url)
    if role:
        grant_to(url, role)
    click.echo(json.dumps({"revision": revision}))


@click.command()
@click.argument("mail", type=click.File("rb"), default="-")
@click.pass_obj
def bounce(house: House, mail: Any) -> None:
    """Note that a mail came back: give it the report of the mail server, as a file or on standard input.

    Let the mail server pipe what arrives for LEDGER_MAIL_FROM into it. Any other mail is passed over.
    """
    mail_id = take_back(house.desk, mail.read(MAX_MAIL))
    click.echo(
        f"Recorded: mail {mail_id} came back." if mail_id else "This reports no mail of ours; passed over."
    )
