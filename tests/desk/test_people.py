"""Staff: who may come in, with which roles, at which publisher; and the first person of a new house."""

from pathlib import Path

import pytest

from ledger.desk.house import people, signing_in
from ledger.desk.house.opening import open_desk
from ledger.desk.letters.verifying import verify_ledger
from ledger.desk.refusals import BadInput, Clash, NotAllowed, NotFound
from ledger.desk.register.registering import register_piece
from ledger.desk.requests import attending
from ledger.desk.requests.requesting import submit_request
from ledger.records.journal_tables import journal_entry
from ledger.records.migrating import migrate
from ledger.settings import load_settings
from tests.cast import PASSWORD, Cast, cast, cast_template, cheap_hashing
from tests.desk.test_main_job import form

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


def bobs_ways_in(cast: Cast) -> list[bool]:
    """Whether a password, a link that is asked for, and an operator's link and token let Bob in."""
    email, desk = cast.email("bob"), cast.desk
    ways: list[bool] = []
    for act in (
        lambda: signing_in.sign_in_with_password(desk, email, PASSWORD, "ip"),
        lambda: people.operator_link(desk, email),
        lambda: people.operator_token(desk, email),
    ):
        try:
            ways.append(bool(act()))
        except (signing_in.WrongPassword, Clash):
            ways.append(False)
    signing_in.ask_for_link(desk, email, "ip", enqueue=cast.enqueue)
    return [*ways, signing_in.sign_in_mail(desk, cast.posted[-1][1]) is not None]


def test_whoever_is_disabled_is_out_at_once_by_every_way_and_comes_in_again_with_the_same_roles(
    cast: Cast,
) -> None:
    assert bobs_ways_in(cast) == [True] * 4
    bob, token, link = cast.bob, cast.token("bob"), people.operator_link(cast.desk, cast.email("bob"))
    people.disable(cast.desk, cast.harbour.id, bob.person_id, cast.ada)
    assert signing_in.signed_in(cast.desk, token) is None
    assert signing_in.look_at_link(cast.desk, link.rsplit("/", 1)[1]) is None
    assert bobs_ways_in(cast) == [False] * 4
    (member,) = (each for each in people.staff(cast.desk, cast.ada) if each.name == "Bob Lind")
    assert (member.roles, member.disabled) == ({"officer"}, True)
    assert all(report.first is None for report in verify_ledger(cast.desk))
    with pytest.raises(Clash, match="disabled already"):
        people.disable(cast.desk, cast.harbour.id, bob.person_id, cast.ada)
    people.change_roles(cast.desk, cast.ada, bob.person_id, frozenset({"editor"}))
    assert bobs_ways_in(cast) == [False] * 4
    with pytest.raises(Clash, match="Let them in again instead"):
        add(cast, email=cast.email("bob"))
    people.enable(cast.desk, cast.harbour.id, bob.person_id, cast.ada)
    assert bobs_ways_in(cast) == [True] * 4
    assert cast.bob.roles == {"editor"}
    assert kinds(cast)[-3:] == ["person.roles_set"] * 3
    with pytest.raises(Clash, match="not disabled"):
        people.enable(cast.desk, cast.harbour.id, bob.person_id, cast.ada)


def test_one_publisher_disables_nobody_at_another(cast: Cast) -> None:
    """Somebody who works for two of them loses the one, and keeps the other."""
    bob = cast.bob.person_id
    for refused in (people.disable, people.enable):
        with pytest.raises(NotFound):
            refused(cast.desk, cast.lantern.id, bob, cast.charlie)
        with pytest.raises(NotFound):
            refused(cast.desk, cast.harbour.id, bob, cast.charlie)
        with pytest.raises(NotAllowed):
            refused(cast.desk, cast.harbour.id, bob, cast.edith)
    add(cast, email=cast.email("charlie"), roles=frozenset({"editor", "admin"}))
    people.disable(cast.desk, cast.harbour.id, cast.charlie.person_id, cast.ada)
    assert {post for post in ("harbour-review", "the-lantern") if post in posts(cast, "charlie")} == {
        "the-lantern"
    }
    assert bobs_ways_in(cast) == [True] * 4
    with pytest.raises(Clash, match="left to administer"):  # a disabled administrator administers nothing
        people.disable(cast.desk, cast.harbour.id, cast.ada.person_id, None)
    people.disable(cast.desk, cast.harbour.id, bob, None)
    assert bobs_ways_in(cast) == [False] * 4
    people.add_person(
        cast.desk,
        cast.lantern.id,
        email=cast.email("bob"),
        name="Bob",
        roles=frozenset({"editor"}),
        by=cast.charlie,
    )
    assert bobs_ways_in(cast) == [True] * 4
    assert posts(cast, "bob") == {"the-lantern": {"editor"}}


def posts(cast: Cast, name: str) -> dict[str, frozenset[str]]:
    with cast.desk.database.reading() as connection:
        person = signing_in.store.person_by_email(connection, cast.email(name))
        assert person is not None
        found = signing_in.store.posts_of(connection, person.id)
    return {post.publisher_slug: post.roles for post in found}


def test_nothing_is_given_to_whoever_is_disabled(cast: Cast, pages: dict[str, bytes]) -> None:
    piece = register_piece(cast.desk, cast.edith, pages["the-signal-house.html"])
    request_id = submit_request(cast.desk, form(cast, piece.id), verified=True).request_id
    bob = cast.bob
    edith = cast.edith.person_id
    attending.assign(cast.desk, bob, request_id, edith)
    people.disable(cast.desk, cast.harbour.id, edith, cast.ada)
    attending.assign(cast.desk, bob, request_id, None)
    with pytest.raises(BadInput, match="works here"):
        attending.assign(cast.desk, bob, request_id, edith)


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
