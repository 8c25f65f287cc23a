"""The group of commands. Each command lives in the module of its trade and is loaded only when it is called."""

import importlib
import sys
from pathlib import Path
from typing import Any

import click

from ledger.cli.house import House
from ledger.desk.refusals import BadInput, Refusal
from ledger.records.failures import RecordsUnavailable, Stale
from ledger.records.journal_keeper import JournalError
from ledger.settings import BadSetting

COMMANDS = {
    "read": "ledger.cli.read:read",
    "register": "ledger.cli.pieces:register",
    "answer": "ledger.cli.pieces:answer",
    "export": "ledger.cli.pieces:export",
    "import-terms": "ledger.cli.pieces:import_terms",
    "claim": "ledger.cli.pieces:claim",
    "withdraw-claim": "ledger.cli.pieces:withdraw_claim",
    "withdraw": "ledger.cli.pieces:withdraw",
    "request": "ledger.cli.requests:request",
    "decide": "ledger.cli.requests:decide",
    "quote": "ledger.cli.requests:quote",
    "payment": "ledger.cli.requests:payment",
    "letter": "ledger.cli.requests:letter",
    "supersede": "ledger.cli.requests:supersede",
    "erase": "ledger.cli.requests:erase",
    "verify-letter": "ledger.cli.verify_letter:verify_letter",
    "check": "ledger.cli.checking:check",
    "verify": "ledger.cli.keeping:verify",
    "journal": "ledger.cli.keeping:journal",
    "backup": "ledger.cli.keeping:backup",
    "restore": "ledger.cli.keeping:restore",
    "migrate": "ledger.cli.keeping:migrate",
    "bounce": "ledger.cli.keeping:bounce",
    "publisher": "ledger.cli.people:publisher",
    "person": "ledger.cli.people:person",
    "work": "ledger.cli.serving:work",
    "serve": "ledger.cli.serving:serve",
    "demo": "ledger.cli.demo:demo",
}


class _Group(click.Group):
    """Loads commands by name, and turns a refusal into one line and exit code 2."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        module, _, name = place.partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BadInput as refusal:
            for field, message in refusal.errors.items():
                click.echo(f"{field}: {message}", err=True)
        except Refusal as refusal:
            click.echo(refusal.message, err=True)
        except (RecordsUnavailable, JournalError, Stale, BadSetting) as failure:
            click.echo(str(failure), err=True)
        sys.exit(2)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of everything kept (LEDGER_DATA, default ./var).",
)
@click.option("--database", help="SQLAlchemy URL (LEDGER_DATABASE, default ledger.db in the data folder).")
@click.version_option(package_name="permissions-ledger")
@click.pass_context
def main(ctx: click.Context, data: Path | None, database: str | None) -> None:
    """A copyright and fair-use permissions ledger.

    Exit codes: 0 done; 1 a check did not hold; 2 something given cannot be used (one line says what).
    """
    ctx.obj = House(data, database)
