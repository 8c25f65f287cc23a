"""The command that tries everything before the first letter does."""

import sys

import click

from ledger.cli.house import House, show
from ledger.desk.house.checking import check_house
from ledger.desk.house.findings import State

WORDS = {State.OK: "ok", State.NOTE: "note", State.WRONG: "WRONG", State.SKIPPED: "-"}


@click.command()
@click.option("--mail", "mail_to", metavar="TO", help="Send a test mail to this address.")
@click.option("--publisher", help="Draw the letter under this one's letterhead; else the first's.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def check(house: House, mail_to: str | None, publisher: str | None, as_json: bool) -> None:
    """Try all that a letter and a mail need, and say in a line each how it went. Exit code 1 if anything does not work.

    Data folder, database, journals, the key and certificate of letters, the authority for time stamps, one letter
    drawn, signed and verified, and the mail server. Nothing stays of it, and nothing is sent but with --mail.
    """
    found = []
    for each in check_house(house.settings, mail_to=mail_to, publisher=publisher):
        found.append(each)
        if not as_json:
            click.echo(f"{WORDS[each.state]:<6} {each.what}: {each.said}")
    if as_json:
        show([{"check": each.what, "state": each.state, "said": each.said} for each in found], True, "")
    sys.exit(1 if any(each.state is State.WRONG for each in found) else 0)
