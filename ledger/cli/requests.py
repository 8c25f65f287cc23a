"""Commands of the main job: file a request, decide it, issue its letter, replace one that has an error."""

import json
from pathlib import Path
from typing import Any

import click

from ledger.cli.house import House, read_json, show
from ledger.desk.amounts import major_units, minor_units
from ledger.desk.context import Who
from ledger.desk.house.erasing import erase_person
from ledger.desk.house.erasing_owners import erase_owner
from ledger.desk.letters import issuing, superseding
from ledger.desk.refusals import BadInput, NotFound
from ledger.desk.requests import deciding, paying, quoting, referring
from ledger.desk.requests.invoicing import invoice_of, plain_account
from ledger.desk.requests.opened import publisher_of
from ledger.desk.requests.request_plain import request_plain
from ledger.desk.requests.requesting import submit_request
from ledger.letters.model import ground_list
from ledger.records.letters import letter_by_number
from ledger.records.request_rows import LetterRow


@click.command()
@click.argument("form", type=click.File("r", encoding="utf-8"), metavar="FILE|-")
@click.option("--form-key", help="The same key sent twice is one request.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def request(house: House, form: Any, form_key: str | None, as_json: bool) -> None:
    """File a request: {"pieces": [id or address], "name", "email", "organisation", "licensee", "use": {...}}.

    You vouch for the address: no confirmation is mailed.
    """
    sent = submit_request(house.desk, read_json(form, "form"), form_key=form_key, verified=True)
    plain = request_plain(house.desk, _operator(house, sent.request_id), sent.request_id)
    value = {"request": sent.request_id, "status_url": sent.status_url, "items": plain["items"]}
    lines = [sent.request_id, *(f"  {item['item']}  {item['outcome']}" for item in value["items"])]
    show(value, as_json, "\n".join(lines))


def _operator(house: House, request_id: str) -> Who:
    """The operator, acting for the publisher whose request it is. Raises ``NotFound``."""
    return house.operator_of(publisher_of(house.desk, request_id))


@click.command()
@click.argument("request_id", metavar="REQUEST")
@click.option(
    "--item", "item_ids", multiple=True, help="Only this item (may be repeated); else all undecided."
)
@click.option(
    "--decision",
    required=True,
    type=click.Choice(["granted", "declined", "referred", "not_needed", "ask-owner"]),
    help="ask-owner mails the owner a one-purpose link instead of deciding.",
)
@click.option("--reason", help="Why it is declined; the letter states it.")
@click.option("--owner", help="Who has to be asked (referred, ask-owner).")
@click.option("--contact", help="The owner's address.")
@click.option(
    "--details",
    type=click.File("r", encoding="utf-8"),
    help="JSON: use, copies, conditions, credit_line, fee, price_seen.",
)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def decide(
    house: House,
    request_id: str,
    item_ids: tuple[str, ...],
    decision: str,
    reason: str | None,
    owner: str | None,
    contact: str | None,
    details: Any,
    as_json: bool,
) -> None:
    """Decide items of a request alike: all of them or, where one cannot be decided so, none. A fee is charged once."""
    who = _operator(house, request_id)
    items = request_plain(house.desk, who, request_id)["items"]
    chosen = list(item_ids) or [each["item"] for each in items if each["decision"] is None]
    if not chosen:
        raise BadInput({"item": "Every item of this request has been decided already."})
    if decision == "ask-owner":
        referring.enquire(house.desk, who, request_id, chosen, owner=owner or "", email=contact or "")
    else:
        more = read_json(details, "details") if details else {}
        given = {"reason": reason, "owner": owner, "contact": contact, **more}
        deciding.decide_items(house.desk, who, request_id, chosen, decision, given)
    items = request_plain(house.desk, who, request_id)["items"]
    lines = [f"{item['item']}  {item['decision'] or 'undecided'}" for item in items]
    show({"request": request_id, "items": items}, as_json, "\n".join(lines))


@click.command()
@click.argument("request_id", metavar="REQUEST")
@click.option(
    "--line", "lines", multiple=True, metavar="WHAT=AMOUNT", help="By hand: Reprint=120.00 (may be repeated)."
)
@click.option("--currency", default="", help="Of a price by hand, such as CAD.")
@click.option("--payment-first/--payment-later", default=None, help="Whether the letter waits for the money.")
@click.option(
    "--less",
    type=click.File("r", encoding="utf-8"),
    help="JSON: the use and copies to price by the tariff, where they are less than was asked.",
)
@click.pass_obj
def quote(
    house: House,
    request_id: str,
    lines: tuple[str, ...],
    currency: str,
    payment_first: bool | None,
    less: Any,
) -> None:
    """Offer a price: the tariff's, or one made by hand."""
    who = _operator(house, request_id)
    price = quoting.read_lines([_line(each, currency) for each in lines], currency) if lines else None
    narrower = read_json(less, "less") if less else None
    click.echo(quoting.offer(house.desk, who, request_id, price, less=narrower, payment_first=payment_first))


def _line(text: str, currency: str) -> dict[str, Any]:
    label, _, amount = text.rpartition("=")
    try:
        return {"label": label, "amount": minor_units(amount, currency)}
    except ValueError as error:
        raise BadInput({"line": f"{text}: {error}"}) from error


@click.command()
@click.argument("request_id", metavar="REQUEST")
@click.option(
    "--amount", help="What arrived, such as 180.00; below zero: paid back. Left out, nothing is recorded."
)
@click.option("--on", "day", help="The day it arrived, as 2026-03-31; today by default.")
@click.option("--reference", default="", help="As the bank gives it; the same transfer is recorded once.")
@click.option("--note", default="", help="Something to remember about it.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def payment(
    house: House,
    request_id: str,
    amount: str | None,
    day: str | None,
    reference: str,
    note: str,
    as_json: bool,
) -> None:
    """Record a payment for a request, or show what it owes."""
    who = _operator(house, request_id)
    account = invoice_of(house.desk, who, request_id).account
    currency = account.invoice.currency
    if amount is not None:
        try:
            minor = minor_units(amount, currency)
        except ValueError as error:
            raise BadInput({"amount": str(error)}) from error
        on = day or house.desk.today().isoformat()
        given = {"amount": minor, "currency": currency, "received_on": on}
        received = paying.read_received({**given, "reference": reference, "note": note})
        account = paying.record_payment(house.desk, who, request_id, received)
    left = f"left to pay: {major_units(account.balance.open, currency)} {currency}"
    value = json.loads(json.dumps(plain_account(account), default=str))
    show(value, as_json, f"{account.invoice.number}  {left}")


@click.command()
@click.argument("request_id", metavar="REQUEST")
@click.option("--language", help="Of the letter; the requester's by default.")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), default=Path(), help="Folder of the PDF."
)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def letter(house: House, request_id: str, language: str | None, out: Path, as_json: bool) -> None:
    """Issue the letter of a decided request and write its PDF."""
    who = _operator(house, request_id)
    _write(house, issuing.issue(house.desk, who, request_id, language=language), out, as_json)


def _write(house: House, issued: LetterRow, out: Path, as_json: bool) -> None:
    """Put a letter's PDF into a folder and say where."""
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"{issued.number}.pdf"
    path.write_bytes(house.desk.evidence.get(issued.sha256 or ""))
    value: dict[str, Any] = {
        "letter": issued.id,
        "number": issued.number,
        "kind": issued.kind,
        "sha256": issued.sha256,
        "path": str(path),
    }
    show(value, as_json, f"{issued.number}  {path}")


@click.command()
@click.argument("number", metavar="NUMBER")
@click.argument("corrections", type=click.File("r", encoding="utf-8"), metavar="FILE|-")
@click.option("--preview", is_flag=True, help="Print the clauses as they would be issued; write nothing.")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), default=Path(), help="Folder of the PDF."
)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def supersede(house: House, number: str, corrections: Any, preview: bool, out: Path, as_json: bool) -> None:
    """Replace a letter that has an error by a corrected one, which grants nothing more.

    What it should have said: {"licensee", "contact", "credit_line", "use": {"title", ...}, "reason"}.
    """
    with house.desk.database.reading() as connection:
        found = letter_by_number(connection, number.strip().upper())
    if found is None:
        raise NotFound(f"There is no letter {number} in this ledger.", "letter")
    who = house.operator_of(found.publisher_id)
    given = read_json(corrections, "corrections")
    if preview:
        clauses = ground_list(superseding.preview(house.desk, who, found.id, given))
        lines = [f"{clause['label'] or clause['code']}: {clause['text']}" for clause in clauses]
        show({"clauses": clauses}, as_json, "\n".join(lines))
        return
    _write(house, superseding.supersede(house.desk, who, found.id, given), out, as_json)


@click.command()
@click.argument("request_id", metavar="REQUEST", required=False)
@click.option(
    "--owner", metavar="ADDRESS", help="Erase an owner instead, whoever was asked at this mail address."
)
@click.option("--publisher", "slug", help="Short name of the publisher that asked the owner.")
@click.option(
    "--reason", required=True, help="Why, such as the person's own wish; the journal commits to it."
)
@click.pass_obj
def erase(house: House, request_id: str | None, owner: str | None, slug: str | None, reason: str) -> None:
    """Erase what names the requester of a closed request, or an owner who was asked. Letters and old proofs stay.

    What an owner allowed is kept, for letters rest on it; it is said of each.
    """
    if request_id and not owner:
        who = _operator(house, request_id)
        click.echo(f"{erase_person(house.desk, who, request_id, reason)} personal data erased.")
    elif owner and slug and not request_id:
        done = erase_owner(house.desk, house.operator(slug), owner, reason)
        click.echo(
            "\n".join(
                [f"Questions to them that were erased: {done.erased}.", *(each.why for each in done.kept)]
            )
        )
    else:
        raise BadInput({"request": "Name a request, or an owner with --owner ADDRESS --publisher NAME."})
