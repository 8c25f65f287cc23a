"""Commands about pieces: register one, ask what may be done with it, file and withdraw, take its rights elsewhere."""

from pathlib import Path
from typing import Any

import click

from ledger.cli.house import House, read_json, show
from ledger.desk.answers.answer_plain import answer_plain
from ledger.desk.answers.asking import may_i
from ledger.desk.context import Who
from ledger.desk.house.publishers import open_from_page
from ledger.desk.refusals import BadInput
from ledger.desk.register import claiming, withdrawing
from ledger.desk.register.claim_form import MAX_DOCUMENT
from ledger.desk.register.registering import register_piece
from ledger.desk.register.withdrawing import whose_piece
from ledger.intake.decode import MAX_BYTES
from ledger.rights.wire import to_plain


def content_of(source: str) -> tuple[bytes | None, str | None]:
    """(bytes, None) of a file, or (None, address). Raises ``BadInput``."""
    if source.startswith(("http://", "https://")):
        return None, source
    path = Path(source)
    try:
        if path.is_dir():
            raise BadInput({"file": f"{source} is a folder; give one page."})
        if path.stat().st_size > MAX_BYTES:
            raise BadInput({"file": f"{source} is larger than {MAX_BYTES // 2**20} MB; give the page alone."})
        return path.read_bytes(), None
    except OSError as error:
        reason = (error.strerror or "it cannot be read").lower()
        raise BadInput({"file": f"{source}: {reason}. Give a file or an address."}) from error


@click.command()
@click.argument("source", metavar="FILE|URL")
@click.option(
    "--publisher", required=True, help="Short name of the publisher; a new one is opened from the page."
)
@click.option("--url", help="The page's own address, where SOURCE is a file.")
@click.option("--holder-is-publisher", is_flag=True, help="State that the publisher itself holds the text.")
@click.option("--yes", is_flag=True, help="Confirm the record as it was read, without asking.")
@click.option("--json", "as_json", is_flag=True, help="Print the piece as JSON.")
@click.pass_obj
def register(
    house: House,
    source: str,
    publisher: str,
    url: str | None,
    holder_is_publisher: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Register a republished page: read it, confirm the record, print the piece's id."""
    from ledger.cli.read import told
    from ledger.desk.register.reading import read_page

    content, address = content_of(source)
    draft, data, media_type = read_page(content, url=url or address)
    if not yes:
        click.echo("\n".join(told(draft)), err=True)
        click.confirm("Is this record right?", abort=True, err=True)
    house.begin()
    open_from_page(house.desk, publisher, draft.as_json())
    who = house.operator(publisher)
    piece = register_piece(
        house.desk,
        who,
        data,
        url=url or address,
        content_type=media_type,
        holder_is_publisher=holder_is_publisher,
    )
    show({"piece": piece.id, **to_plain(piece)}, as_json, piece.id)


@click.command()
@click.argument("piece", metavar="PIECE")
@click.option("--use", "use", type=click.File("r", encoding="utf-8"), required=True, help="JSON file, or -.")
@click.option("--explain", is_flag=True, help="Print the derivation, rule by rule.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def answer(house: House, piece: str, use: Any, explain: bool, as_json: bool) -> None:
    """May this be done? PIECE is an id or any of its addresses; the use is a JSON object such as
    {"action": "republish_full", "channel": "community_site", "is_commercial": false}.
    """
    plain = answer_plain(may_i(house.desk, piece, read_json(use, "use")))
    show(plain, as_json, "\n".join(plain["explanation"] if explain else _in_words(plain)))


def _in_words(plain: dict[str, Any]) -> list[str]:
    lines = [f"{plain['title']}: {plain['outcome'].replace('_', ' ')}"]
    for ask in plain["asks"]:
        where = f" ({ask['contact']})" if ask["contact"] else ", whose address is not on record"
        lines.append(
            f"  ask {ask['party'] or 'the holder, who is unknown'}{where}: {ask['reason'].replace('_', ' ')}"
        )
    for part in plain["components"]:
        lines.append(f"  {part['kind']}: {part['outcome'].replace('_', ' ')}")
        lines += [f"    - {reason['sentence']}" for reason in part["reasons"]]
    return lines


@click.command()
@click.argument("piece", metavar="PIECE")
@click.option("--as", "standard", required=True, help="odrl, schema.org, ninjs, rsl or tdmrep.")
@click.pass_obj
def export(house: House, piece: str, standard: str) -> None:
    """Print a piece's rights in another standard's form, as far as everybody may see them."""
    from ledger.desk.answers.exporting import export_piece

    click.echo(export_piece(house.desk, piece, standard)[0], nl=False)


@click.command("import-terms")
@click.argument("file", type=click.File("rb"))
@click.option("--publisher", required=True, help="Short name of the publisher.")
@click.option("--piece", "pieces", multiple=True, help="Put the terms on this piece (may be repeated).")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def import_terms(house: House, file: Any, publisher: str, pieces: tuple[str, ...], as_json: bool) -> None:
    """Record terms from an ODRL (JSON-LD) or RSL (XML) file."""
    recorded = claiming.import_terms(
        house.desk, house.operator(publisher), file.read(1 << 20), piece_ids=pieces
    )
    show([to_plain(each) for each in recorded], as_json, "\n".join(each.id for each in recorded))


def _own_piece(house: House, reference: str) -> tuple[Who, str]:
    """The operator, acting for the publisher whose piece it is, and the piece's id. Raises ``NotFound``."""
    piece_id, publisher_id = whose_piece(house.desk, reference)
    return house.operator_of(publisher_id), piece_id


@click.command()
@click.argument("piece", metavar="PIECE")
@click.argument("form", type=click.File("r", encoding="utf-8"), metavar="FILE|-")
@click.option("--document", type=click.File("rb"), help="A file that shows it: a contract, a mail.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def claim(house: House, piece: str, form: Any, document: Any, as_json: bool) -> None:
    """File a claim to a piece: {"party", "evidence"}, the words it rests on; prints its id.

    Optional: "role" (holder, agent, licensee), "component" (else the text), "kind" (organisation, person), "email",
    "evidence_kind", "valid_from", "valid_to", and "principal", whom an agent speaks for.
    """
    who, piece_id = _own_piece(house, piece)
    content = document.read(MAX_DOCUMENT + 1) if document else None
    filed = claiming.file_claim(house.desk, who, piece_id, read_json(form, "form"), content)
    show({"claim": filed.id, **to_plain(filed)}, as_json, filed.id)


@click.command("withdraw-claim")
@click.argument("piece", metavar="PIECE")
@click.argument("claim_id", metavar="CLAIM")
@click.option("--reason", help="Needed where letters rest on the claim; their holders are mailed it.")
@click.pass_obj
def withdraw_claim(house: House, piece: str, claim_id: str, reason: str | None) -> None:
    """Withdraw a claim that was filed in error. Letters that rest on it stand; they are printed."""
    who, piece_id = _own_piece(house, piece)
    letters = claiming.drop_claim(house.desk, who, piece_id, claim_id, reason)
    click.echo("\n".join(letter.number for letter in letters) or "Withdrawn; no letter rests on it.")


@click.command()
@click.argument("piece", metavar="PIECE")
@click.option("--reason", help="Why; a draft needs none. The journal commits to it.")
@click.pass_obj
def withdraw(house: House, piece: str, reason: str | None) -> None:
    """Take a piece, or a draft of one, out of every public view. Letters stand; confirming it brings it back."""
    who, piece_id = _own_piece(house, piece)
    withdrawing.withdraw(house.desk, who, piece_id, reason)
    click.echo(f"Withdrawn: {piece_id}.")
