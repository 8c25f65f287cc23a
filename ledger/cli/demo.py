"""The demonstration: the main job on pages of our own, each step with its reason, then the house to look at."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from ledger.cli.demo_matter import COMMERCIAL, CROSS_POST, PAGES, PRINT, SITE, STAFF, TARIFF
from ledger.cli.house import House
from ledger.cli.serving import must_be_free
from ledger.cli.serving import serve as serve_command
from ledger.desk.answers.answer_plain import answer_plain
from ledger.desk.answers.asking import may_i
from ledger.desk.context import Desk, Who
from ledger.desk.house import people
from ledger.desk.house.publishers import create_publisher
from ledger.desk.letters import issuing
from ledger.desk.letters.verifying import verify_ledger
from ledger.desk.links import token_for
from ledger.desk.register.registering import register_piece
from ledger.desk.requests import deciding, following, owners_door, quoting, referring
from ledger.desk.requests.requesting import submit_request
from ledger.records.publishers import PublisherRow
from ledger.records.request_rows import ItemRow, LetterRow
from ledger.records.requests import load_items
from ledger.records.tenant import Tenant
from ledger.rights.pieces import Basis, Piece
from ledger.rights.wire import to_plain

DECISIVE = ("rule_prohibits", "no_claim", "rule_reserves", "silent", "rule_unknown", "rule_permits", "ask")
"""Of an answer's reasons, the one to tell first."""

CARRIED = {
    Basis.OWN: "as its own work",
    Basis.STANDING_TERMS: "on the terms its owner offers to everybody",
    Basis.EXCEPTION_CLAIMED: "claiming a legal exception (such as fair use), which does not pass on",
    Basis.UNKNOWN: "on a ground that is not on record",
}
"""On what ground the publisher carries each page of the demonstration."""


@click.command()
@click.option("--serve/--no-serve", default=True, help="Serve the result afterwards.")
@click.option("--port", type=int, help="Port to serve on (default 8000).")
@click.pass_context
def demo(ctx: click.Context, serve: bool, port: int | None) -> None:
    """Do the main job on pages of our own in a scratch folder, then serve the result.

    The folder is a new one each time unless --data names one, which must then be empty or new.
    """
    house: House = ctx.obj
    if house.settings.data == Path("var").absolute():
        house = House(Path(tempfile.mkdtemp(prefix="ledger-demo-")))
    house.give(port=port)
    if serve:
        must_be_free(house.settings.host, house.settings.port)  # before the work is done, not after it
    house.begin()
    desk = house.desk
    for line in _main_job(desk):
        click.echo(line)
    links = {name: people.operator_link(desk, f"{name}@harbour-review.example") for name, *_ in STAFF}
    if serve:
        click.echo("\nSign in as (each link works once, within 15 minutes):")
        for name, full_name, _roles, does in STAFF:
            click.echo(f"  {full_name}, who {does}:\n    {links[name]}")
        ctx.obj = house
        ctx.invoke(serve_command, host=None, port=port, workers=1, no_worker=False)


def _main_job(desk: Desk) -> Iterator[str]:
    yield f"1. A ledger in {desk.folder} (nothing outside this folder is touched)"
    publisher = _open(desk)
    bob, edith = (_hire(desk, publisher, *each) for each in STAFF)
    quoting.record_tariff(desk, bob, TARIFF)
    yield f"   {publisher.legal_name} opens its register; every act from now on is an entry in its journal"

    yield "\n2. Edith registers three republished pages, each reading beside its evidence"
    address = f"{SITE}/2026/10/grain-ships-wait-outside-the-narrows"
    own = register_piece(desk, edith, _page("the-signal-house.html"))
    wire = register_piece(desk, edith, _page("grain-ships.txt"), url=address)
    river = register_piece(desk, edith, _page("river-survey.html"))
    for piece in (own, wire, river):
        yield from _told(piece)

    yield "\n3. May I? The same two questions about each piece"
    for piece in (own, wire, river):
        yield from _answered(desk, piece, "cross-post on a community site, without profit", CROSS_POST)
        yield from _answered(desk, piece, "print in an anthology", PRINT)

    yield "\n4. Alice of Fenwick Books asks to print Edith's piece; the publisher holds it, so Bob may grant"
    yield from _letter(desk, _granted(desk, bob, own), "granted on the publisher's own title")
    yield "\n5. Shipwatch, a commercial site, asks for the wire piece; the publisher cannot grant it"
    yield from _owner_grants(desk, bob, wire)
    yield "\n6. Another asks to print it too; Bob refers them to the owner"
    yield from _letter(desk, _referred(desk, bob, wire), "referral to the named owner")
    yield "\n7. A river group may cross-post the river survey without asking, and gets that in writing"
    yield from _letter(desk, _confirmed(desk, bob, river), "confirmation that no permission is needed")
    yield "\n8. Two more requests stay on the desk, to be looked at"
    yield from _left_open(desk, bob, own, wire)

    yield "\n9. The ledger checks itself: journal re-hashed, rows and files compared with it"
    for report in verify_ledger(desk):
        yield f"   {report.size} entries: {report.first.text if report.first else 'holds'}"


def _open(desk: Desk) -> PublisherRow:
    return create_publisher(
        desk,
        slug="harbour-review",
        name="Harbour Review",
        legal_name="Harbour Review Foundation",
        permissions_email="permissions@harbour-review.example",
        url=SITE,
        country="CA",
        address="4 Signal Stairs\nPort Abelard",
        signatory="Bob Lind, Permissions Officer",
    )


def _hire(
    desk: Desk, publisher: PublisherRow, name: str, full_name: str, roles: tuple[str, ...], _does: str
) -> Who:
    email, held = f"{name}@harbour-review.example", frozenset(roles)
    person_id = people.add_person(desk, publisher.id, email=email, name=full_name, roles=held, by=None)
    return Who(person_id, full_name, email, publisher.id, publisher.slug, held)


def _page(name: str) -> bytes:
    return (PAGES / name).read_bytes()


def _told(piece: Piece) -> Iterator[str]:
    holders = ", ".join(claim.party.name for claim in piece.claims) or "unknown"
    yield f"   “{piece.title}”: holder {holders}; carried {CARRIED[piece.components[0].basis]}"


def _answered(desk: Desk, piece: Piece, words: str, use: dict[str, Any]) -> Iterator[str]:
    plain = answer_plain(may_i(desk, piece.id, use))
    says = plain["outcome"].replace("_", " ")
    if plain["outcome"] == "ask":
        says = "; ".join(f"ask {ask['party'] or 'the holder, who is unknown'}" for ask in plain["asks"])
    yield f"   “{piece.title}”, {words}: {says}"
    strictest = next(part for part in plain["components"] if part["outcome"] == plain["outcome"])
    reasons = {reason["code"]: reason["sentence"] for reason in strictest["reasons"]}
    part = f" ({strictest['label']})" if strictest["label"] else ""
    yield f"      because{part}: {next(reasons[code] for code in DECISIVE if code in reasons)}"


def _form(piece: Piece, name: str, email: str, organisation: str, use: dict[str, Any]) -> dict[str, Any]:
    return {"pieces": [piece.id], "name": name, "email": email, "organisation": organisation, "use": use}


def _items(desk: Desk, bob: Who, request_id: str) -> list[ItemRow]:
    with desk.database.reading() as connection:
        rows = load_items(Tenant(connection, bob.publisher_id), request_id)
    return [row for row in rows if row.decision is None]


def _granted(desk: Desk, bob: Who, own: Piece) -> LetterRow:
    form = _form(own, "Alice Ferro", "alice@fenwick-books.example", "Fenwick Books", PRINT)
    sent = submit_request(desk, form, verified=True)
    quote = quoting.reckon(desk, bob, sent.request_id)
    quote_id = quoting.offer(desk, bob, sent.request_id, quote)
    following.answer_offer(desk, token_for(desk, "requester", sent.request_id), quote_id, accept=True)
    for item in _items(desk, bob, sent.request_id):
        if item.component_id == own.components[0].id:
            deciding.decide(desk, bob, sent.request_id, item.id, "granted", {"fee": to_plain(quote.total)})
        else:  # the photograph is somebody else's
            details = {"owner": "Tomas Rehn, photographer"}
            deciding.decide(desk, bob, sent.request_id, item.id, "referred", details)
    return issuing.issue(desk, bob, sent.request_id)


def _referred(desk: Desk, bob: Who, wire: Piece) -> LetterRow:
    form = _form(wire, "Carol Ash", "carol@ash-and-sons.example", "Ash & Sons", PRINT)
    sent = submit_request(desk, form, verified=True)
    details = {"owner": "Meridian Wire", "contact": "rights@meridian-wire.example"}
    for item in _items(desk, bob, sent.request_id):
        deciding.decide(desk, bob, sent.request_id, item.id, "referred", details)
    return issuing.issue(desk, bob, sent.request_id)


def _confirmed(desk: Desk, bob: Who, river: Piece) -> LetterRow:
    free = {
        **CROSS_POST,
        "purpose": "education",
        "territory": "world",
        "language": "en",
        "modification": "none",
    }
    form = _form(river, "Dara Moss", "dara@riverfriends.example", "Friends of the River", free)
    return issuing.issue(desk, bob, submit_request(desk, form, verified=True).request_id)


def _owner_grants(desk: Desk, bob: Who, wire: Piece) -> Iterator[str]:
    form = _form(wire, "Ines Vidal", "ines@shipwatch.example", "Shipwatch", COMMERCIAL)
    sent = submit_request(desk, form, verified=True)
    items = [item.id for item in _items(desk, bob, sent.request_id)]
    enquiry = referring.enquire(
        desk, bob, sent.request_id, items, owner="Meridian Wire", email="rights@meridian-wire.example"
    )
    yield "   Bob asks Meridian Wire by mail, with a link that opens one door"
    words = (
        "You may pass on to Shipwatch the right to carry this article on its site in Canada for one year, "
        "with our name and a link to us."
    )
    owners_door.answer_enquiry(
        desk, token_for(desk, "owner", enquiry), "grant", {"name": "Pia Stern", "words": words}
    )
    yield "   Meridian Wire grants it at that door; the answer is evidence in the chain of title"
    for item in items:
        deciding.decide(desk, bob, sent.request_id, item, "granted")
    yield from _letter(desk, issuing.issue(desk, bob, sent.request_id), "granted, citing the owner's words")


def _left_open(desk: Desk, bob: Who, own: Piece, wire: Piece) -> Iterator[str]:
    """One that is new, and one that waits for its owner."""
    magazine = {
        **PRINT,
        "product": "magazine",
        "title": "Coastwise Quarterly",
        "publisher": "Coastwise Press",
    }
    form = _form(own, "Emil Brandt", "emil@coastwise.example", "Coastwise Press", magazine)
    submit_request(desk, form, verified=True)
    yield "   Coastwise Press asks to print a piece in its magazine: it is the desk's turn"
    own_site = {**COMMERCIAL, "urls": ["https://tideline.example/ports"]}
    form = _form(wire, "Fay Lund", "fay@tideline.example", "Tideline", own_site)
    sent = submit_request(desk, form, verified=True)
    items = [item.id for item in _items(desk, bob, sent.request_id)]
    referring.enquire(
        desk, bob, sent.request_id, items, owner="Meridian Wire", email="rights@meridian-wire.example"
    )
    yield "   Tideline asks for the wire piece: it is Meridian Wire's turn"


def _letter(desk: Desk, letter: LetterRow, why: str) -> Iterator[str]:
    folder = desk.folder / "letters"
    folder.mkdir(exist_ok=True)
    path = folder / f"{letter.number}.pdf"
    shutil.copyfile(desk.evidence.path(letter.sha256 or ""), path)
    yield f"   Letter {letter.number}, {letter.kind.replace('_', ' ')}: {why}\n      {path}"
