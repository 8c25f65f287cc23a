"""Staff: who may come in, with which roles, at which publisher; and the first person of a new house."""

from pathlib import Path

import pytest

from ledger.desk.house import people, signing_in
from ledger.desk.house.opening import open_desk
from ledger.desk.refusals import BadInput, Clash, NotAllowed, NotFound
from ledger.records.journal_tables import journal_entry
from ledger.records.migrating import migrate
from ledger.settings import load_settings
from tests.cast import PASSWORD, Cast, cast, cast_template, cheap_hashing

__all__ = ["cast", "cast_template", "cheap_hashing"]


def add(house: Cast, **changes: object) -> str:
    given = {"email": "dora@harbour-review.example", "name": "Dora Finch", "roles": frozenset({"editor"})}
    return people.add_person(house.desk, house.harbour.id, **{"by": house.ada, **given, **changes})  # type: ignore[arg-type]


def kinds(house: Cast) -> list[str]:
    with house.desk.database.reading() as connection:
        rows = connection.execute(
            journal_entry.select().where(journal_entry.c.publisher_id == house.harbour.id)
        )
        return [row.kind for row in rows]


def test_an_administrator_lets_somebody_in_and_the_journal_says_so(cast: Cast) -> None:
    before = kinds(cast)
    dora = add(cast, email=" Dora@Harbour-Review.example ")
    assert kinds(cast) == [*before, "person.roles_set"]
    found = {member.email: member.roles for member in people.staff(cast.desk, cast.ada)}
    assert found["dora@harbour-review.example"] == {"editor"}
    assert dora.startswith("pe_")


def test_nobody_but_an_administrator_of_that_very_publisher_may(cast: Cast) -> None:
    for outsider in (cast.bob, cast.edith):
        with pytest.raises(NotAllowed, match="role of admin"):
            add(cast, by=outsider)
    with pytest.raises(NotFound):
        add(cast, by=cast.charlie)  # an administrator, but elsewhere
    assert len(people.staff(cast.desk, cast.ada)) == 3


def test_somebody_known_already_gets_a_second_post_and_keeps_the_password(cast: Cast) -> None:
    add(cast, email=cast.email("charlie"), name="An impostor", password="another password entirely")
    token = signing_in.sign_in_with_password(cast.desk, cast.email("charlie"), PASSWORD, "ip")
    charlie = signing_in.signed_in(cast.desk, token)
    assert charlie is not None
    assert charlie.name == "Charlie Moor"
    assert charlie.at("harbour-review").roles == {"editor"}
    assert charlie.at("the-lantern").roles == {"officer", "admin"}
    with pytest.raises(NotAllowed):
        charlie.at("harbour-review").must_be("admin")


def test_a_change_of_roles_signs_the_person_out(cast: Cast) -> None:
    token = cast.token("bob")
    people.change_roles(cast.desk, cast.ada, cast.bob.person_id, frozenset({"editor"}))
    assert signing_in.signed_in(cast.desk, token) is None
    assert cast.bob.roles == {"editor"}


def test_without_any_role_one_is_off_the_staff(cast: Cast) -> None:
    bob = cast.bob.person_id
    people.change_roles(cast.desk, cast.ada, bob, frozenset())
    assert bob not in {member.person_id for member in people.staff(cast.desk, cast.ada)}
    with pytest.raises(NotFound, match="do not work for any publisher"):
        cast.who("bob")


def test_roles_of_people_elsewhere_are_out_of_reach(cast: Cast) -> None:
    with pytest.raises(NotFound):
        people.change_roles(cast.desk, cast.ada, cast.charlie.person_id, frozenset({"editor"}))
    assert cast.charlie.roles == {"officer", "admin"}


def test_the_last_administrator_stays(cast: Cast) -> None:
    with pytest.raises(Clash, match="left to administer"):
        people.change_roles(cast.desk, cast.ada, cast.ada.person_id, frozenset({"editor"}))
    with pytest.raises(
        Clash, match="left to administer"
    ):  # nor by letting herself in anew, as something else
        people.add_person(
            cast.desk,
            cast.harbour.id,
            email=cast.email("ada"),
            name="Ada",
            roles=frozenset({"editor"}),
            by=cast.ada,
        )
    assert cast.ada.roles == {"admin"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "dora"}, "email"),
        ({"email": "a@b.example\nBcc: x@y.example"}, "email"),
        ({"email": "x" * 300 + "@b.example"}, "email"),
        ({"name": " "}, "name"),
        ({"name": "Dora\nFinch"}, "name"),
        ({"roles": frozenset({"owner"})}, "roles"),
        ({"roles": frozenset()}, "roles"),
        ({"password": "short"}, "password"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_field(
    cast: Cast, changes: dict[str, object], field: str
) -> None:
    before = kinds(cast)
    with pytest.raises(BadInput) as refusal:
        add(cast, **changes)
    assert field in refusal.value.errors
    assert kinds(cast) == before


def test_an_operators_link_signs_in_once(cast: Cast) -> None:
    link = people.operator_link(cast.desk, cast.email("edith"), "/desk/pieces")
    token, target = signing_in.use_link(cast.desk, link.rsplit("/", 1)[1])
    assert target == "/desk/pieces"
    assert signing_in.signed_in(cast.desk, token) is not None
    with pytest.raises(NotFound):
        signing_in.use_link(cast.desk, link.rsplit("/", 1)[1])
    with pytest.raises(NotFound, match="nobody with the address"):
        people.operator_link(cast.desk, "nobody@nowhere.example")


def test_the_first_run_opens_a_house_once(tmp_path: Path, cheap_hashing: None) -> None:
    settings = load_settings({}, data=tmp_path)
    migrate(settings.database_url)
    desk = open_desk(settings)
    assert people.needs_first_run(desk)
    given = {
        "publisher_name": "Meridian Wire",
        "publisher_slug": "meridian-wire",
        "permissions_email": "rights@meridian.example",
        "name": "Mira Sand",
        "email": "mira@meridian.example",
        "password": PASSWORD,
        "again": PASSWORD,
    }
    with pytest.raises(BadInput):
        people.first_run(desk, **{**given, "publisher_slug": "Not A Slug"})
    with pytest.raises(BadInput):
        people.first_run(desk, **{**given, "again": "something else instead"})
    assert people.needs_first_run(desk)
    token = people.first_run(desk, **given)
    mira = signing_in.signed_in(desk, token)
    assert mira is not None
    assert mira.at().roles == set(people.ROLES)
    with pytest.raises(NotAllowed, match="set up already"):
        people.first_run(desk, **{**given, "publisher_slug": "another", "email": "x@y.example"})
    desk.database.close()
