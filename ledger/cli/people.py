"""Commands for whoever keeps the machine: publishers, their people, ready-made sign-in links."""

import click

from ledger.cli.house import House, show
from ledger.desk.house import people
from ledger.desk.house.publishers import create_publisher, find_publisher, list_publishers


@click.group()
def publisher() -> None:
    """Open publishers and list them."""


@publisher.command("add")
@click.argument("slug")
@click.option("--name", required=True)
@click.option("--email", required=True, help="Address that permission requests go to.")
@click.option("--legal-name")
@click.option("--url")
@click.option("--country", help="ISO 3166-1 code, such as CA.")
@click.pass_obj
def add_publisher(
    house: House,
    slug: str,
    name: str,
    email: str,
    legal_name: str | None,
    url: str | None,
    country: str | None,
) -> None:
    """Open a publisher's register and journal."""
    house.begin()
    row = create_publisher(
        house.desk,
        slug=slug,
        name=name,
        permissions_email=email,
        legal_name=legal_name,
        url=url,
        country=country,
    )
    click.echo(row.id)


@publisher.command("list")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def list_all(house: House, as_json: bool) -> None:
    """Every publisher of this ledger."""
    rows = list_publishers(house.desk)
    text = "\n".join(f"{row.slug}  {row.name}" for row in rows) or "There is no publisher yet."
    show([{"id": row.id, "slug": row.slug, "name": row.name} for row in rows], as_json, text)


@click.group()
def person() -> None:
    """Add staff, shut somebody out, and make sign-in links."""


@person.command("add")
@click.argument("email")
@click.option("--name", required=True)
@click.option("--publisher", "slug", required=True)
@click.option(
    "--role", "roles", multiple=True, required=True, type=click.Choice(["editor", "officer", "admin"])
)
@click.pass_obj
def add_person(house: House, email: str, name: str, slug: str, roles: tuple[str, ...]) -> None:
    """Give a person roles at a publisher."""
    row = find_publisher(house.desk, slug)
    click.echo(people.add_person(house.desk, row.id, email=email, name=name, roles=frozenset(roles), by=None))


@person.command("link")
@click.argument("email")
@click.pass_obj
def link(house: House, email: str) -> None:
    """A link that signs this person in once, within a quarter of an hour."""
    click.echo(people.operator_link(house.desk, email))


@person.command("token")
@click.argument("email")
@click.pass_obj
def token(house: House, email: str) -> None:
    """A bearer token for the JSON door, with this person's roles; it lasts as long as a sign-in."""
    click.echo(people.operator_token(house.desk, email))


@person.command("disable")
@click.argument("email")
@click.option("--publisher", "slug", required=True)
@click.pass_obj
def disable(house: House, email: str, slug: str) -> None:
    """Shut a person out of a publisher at once: no password and no link lets them in. Their roles are kept."""
    row = find_publisher(house.desk, slug)
    people.disable(house.desk, row.id, people.person_called(house.desk, email), by=None)
    click.echo(f"{email} is shut out of {slug}.")


@person.command("enable")
@click.argument("email")
@click.option("--publisher", "slug", required=True)
@click.pass_obj
def enable(house: House, email: str, slug: str) -> None:
    """Let a person in again who was shut out, with the roles they had."""
    row = find_publisher(house.desk, slug)
    people.enable(house.desk, row.id, people.person_called(house.desk, email), by=None)
    click.echo(f"{email} may come in again at {slug}.")
