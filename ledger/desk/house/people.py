"""A publisher's staff: who may come in, with which roles; and the first person of a new house."""

import re
from dataclasses import dataclass

from sqlalchemy import Connection

from ledger.desk.context import Desk, Who
from ledger.desk.house import publishers, signing_in
from ledger.desk.refusals import BadInput, Clash, NotAllowed, NotFound
from ledger.ids import new_id
from ledger.records import journal_store
from ledger.records import people_store as store

ROLES = {
    "editor": "registers pieces and confirms what was read",
    "officer": "decides requests and issues letters",
    "admin": "manages people and settings",
}
"""What each role may do, in the words of the pages."""

_EMAIL = re.compile(r"[^@\s<>,;:\"()\[\]\\]+@[^@\s<>,;:\"()\[\]\\]+\.[^@\s<>,;:\"()\[\]\\.]+")


@dataclass(frozen=True)
class Member:
    """One of a publisher's people. ``disabled``: the roles are kept, and nothing may be done with them."""

    person_id: str
    name: str
    email: str
    roles: frozenset[str]
    has_password: bool
    disabled: bool


def add_person(
    desk: Desk,
    publisher_id: str,
    *,
    email: str,
    name: str,
    roles: frozenset[str],
    by: Who | None,
    password: str | None = None,
    language: str = "en",
) -> str:
    """Give a person roles at a publisher; the person's id. Somebody known already keeps name and password.

    ``by`` is an administrator of that publisher, or None for whoever holds the data folder.
    Raises ``BadInput``, ``NotAllowed``, and ``Clash`` if nobody would be left to administer.
    """
    _administers(by, publisher_id)
    email = signing_in.tidy_email(email)
    _check_person(email, name, roles)
    if not roles:
        raise BadInput({"roles": f"Choose at least one role: {', '.join(ROLES)}."})
    password_hash = None if password is None else signing_in.hash_password(password, email)
    with desk.database.writing() as connection:
        store.take_turn(connection, publisher_id)
        known = store.person_by_email(connection, email)
        if known is None:
            known = store.PersonRow(
                new_id("pe"), email, name.strip(), password_hash, language, desk.clock(), None
            )
            store.insert_person(connection, known)
        if store.DISABLED in store.roles_at(connection, publisher_id, known.id):
            raise Clash(f"{known.name} is on your staff and disabled. Let them in again instead.")
        _must_leave_an_admin(connection, publisher_id, known.id, roles)
        _join(connection, desk, publisher_id, known.id, roles, by)
    return known.id


def change_roles(desk: Desk, by: Who, person_id: str, roles: frozenset[str]) -> None:
    """Make ``roles`` the person's roles at the administrator's publisher; none takes them off its staff.

    They have to sign in again; who is disabled stays so. Raises ``NotFound`` for somebody of another publisher,
    ``Clash`` if nobody would be left to administer.
    """
    _administers(by, by.publisher_id)
    _check_roles(roles)
    with desk.database.writing() as connection:
        store.take_turn(connection, by.publisher_id)
        held = _on_staff(connection, by.publisher_id, person_id)
        _must_leave_an_admin(connection, by.publisher_id, person_id, roles)
        store.delete_sign_ins_of(connection, person_id)
        kept = held & {store.DISABLED} if roles else frozenset()
        _join(connection, desk, by.publisher_id, person_id, roles | kept, by)


def disable(desk: Desk, publisher_id: str, person_id: str, by: Who | None) -> None:
    """Shut a person out of a publisher at once: signed out everywhere, links worthless, roles kept for later.

    Who works nowhere else in this house cannot sign in any more. What they did stays, under their name. ``by`` as
    in ``add_person``. Raises ``NotFound``, and ``Clash`` if nobody would be left to administer.
    """
    _administers(by, publisher_id)
    with desk.database.writing() as connection:
        store.take_turn(connection, publisher_id)
        held = _on_staff(connection, publisher_id, person_id)
        if store.DISABLED in held:
            raise Clash("This person is disabled already.")
        _must_leave_an_admin(connection, publisher_id, person_id, frozenset())
        person = store.person_by_id(connection, person_id)
        assert person is not None
        store.delete_sign_ins_of(connection, person_id)
        store.delete_links_of(connection, person.email)
        _join(connection, desk, publisher_id, person_id, held | {store.DISABLED}, by)


def enable(desk: Desk, publisher_id: str, person_id: str, by: Who | None) -> None:
    """Let a disabled person in again, with the roles they had. Raises ``NotFound``, ``Clash``."""
    _administers(by, publisher_id)
    with desk.database.writing() as connection:
        store.take_turn(connection, publisher_id)
        held = _on_staff(connection, publisher_id, person_id)
        if store.DISABLED not in held:
            raise Clash("This person is not disabled.")
        _join(connection, desk, publisher_id, person_id, held - {store.DISABLED}, by)


def person_called(desk: Desk, email: str) -> str:
    """The id of whoever has this address, for whoever holds the data folder. Raises ``NotFound``."""
    with desk.database.reading() as connection:
        return _somebody(connection, email).id


def _on_staff(connection: Connection, publisher_id: str, person_id: str) -> frozenset[str]:
    """What is written of the person there. Raises ``NotFound`` for somebody of another publisher."""
    held = store.roles_at(connection, publisher_id, person_id)
    if not held:
        raise NotFound("There is no such person on your staff.", "person")
    return held


def _must_leave_an_admin(
    connection: Connection, publisher_id: str, person_id: str, roles: frozenset[str]
) -> None:
    if "admin" not in roles and store.admins_of(connection, publisher_id) == {person_id}:
        raise Clash("Nobody would be left to administer. Make somebody else an administrator first.")


def staff(desk: Desk, who: Who) -> list[Member]:
    """The people of one's own publisher, by name."""
    with desk.database.reading() as connection:
        rows = store.staff_of(connection, who.publisher_id)
    return [
        Member(
            each.id,
            each.name,
            each.email,
            held - {store.DISABLED},
            each.password_hash is not None,
            store.DISABLED in held,
        )
        for each, held in rows
    ]


def set_password(desk: Desk, person: signing_in.SignedIn, password: str, again: str) -> str:
    """Set one's own password. Every sign-in ends; the answer is a fresh one. Raises ``BadInput``."""
    hashed = signing_in.hash_password(password, person.email, again)
    with desk.database.writing() as connection:
        store.set_password_hash(connection, person.person_id, hashed)
        store.delete_sign_ins_of(connection, person.person_id)
        store.delete_links_of(connection, person.email)
        return signing_in.fresh_sign_in(connection, person.person_id, desk.clock())


def operator_link(desk: Desk, email: str, target: str | None = None) -> str:
    """A ready-made sign-in link, for whoever holds the data folder. Raises ``NotFound``, ``Clash``."""
    with desk.database.writing() as connection:
        person = _who_may_come_in(connection, email)
        token = signing_in.make_link(connection, person.email, desk.clock(), target)
    return signing_in.link_address(desk, token)


def operator_token(desk: Desk, email: str) -> str:
    """A fresh sign-in for the JSON door, for whoever holds the data folder. Raises ``NotFound``, ``Clash``."""
    with desk.database.writing() as connection:
        person = _who_may_come_in(connection, email)
        return signing_in.fresh_sign_in(connection, person.id, desk.clock())


def _who_may_come_in(connection: Connection, email: str) -> store.PersonRow:
    person = _somebody(connection, email)
    if person.disabled_at is not None:
        raise Clash(f"{person.name} is disabled. Let them in again first (ledger person enable).")
    return person


def _somebody(connection: Connection, email: str) -> store.PersonRow:
    person = store.person_by_email(connection, signing_in.tidy_email(email))
    if person is None:
        raise NotFound(f"There is nobody with the address {email} in this ledger.", "email")
    return person


def needs_first_run(desk: Desk) -> bool:
    """Whether the house is new: nobody can sign in yet."""
    with desk.database.reading() as connection:
        return not store.anybody(connection)


def first_run(
    desk: Desk,
    *,
    publisher_name: str,
    publisher_slug: str,
    permissions_email: str,
    name: str,
    email: str,
    password: str,
    again: str,
) -> str:
    """Open a new house: its first publisher, and its first person with every role. A fresh sign-in token.

    Raises ``BadInput``, and ``NotAllowed`` once there is anybody.
    """
    email = signing_in.tidy_email(email)
    _check_person(email, name, frozenset(ROLES))
    password_hash = signing_in.hash_password(password, email, again)
    if not needs_first_run(desk):
        raise NotAllowed("This house has been set up already. Sign in instead.")
    row = publishers.create_publisher(
        desk, slug=publisher_slug, name=publisher_name, permissions_email=permissions_email
    )
    now = desk.clock()
    with desk.database.writing() as connection:
        if store.anybody(connection):  # two first runs at once: one wins
            raise NotAllowed("This house has been set up already. Sign in instead.")
        person = store.PersonRow(new_id("pe"), email, name.strip(), password_hash, "en", now, None)
        store.insert_person(connection, person)
        _join(connection, desk, row.id, person.id, frozenset(ROLES), None)
        return signing_in.fresh_sign_in(connection, person.id, now)


def _join(
    connection: Connection,
    desk: Desk,
    publisher_id: str,
    person_id: str,
    roles: frozenset[str],
    by: Who | None,
) -> None:
    store.set_roles(connection, publisher_id, person_id, roles)
    store.settle_disabled(connection, person_id, desk.clock())
    payload = {"person": person_id, "roles": sorted(roles), "by": by.person_id if by else None}
    journal_store.append(connection, publisher_id, "person.roles_set", payload, {}, desk.clock())


def _administers(by: Who | None, publisher_id: str) -> None:
    if by is None:
        return
    by.must_be("admin")
    if by.publisher_id != publisher_id:
        raise NotFound("There is no such publisher that you work for.", "publisher")


def _check_person(email: str, name: str, roles: frozenset[str]) -> None:
    errors = {}
    if not name.strip() or len(name) > 200 or any(ord(character) < 32 for character in name):
        errors["name"] = "Give the person's name, on one line."
    if len(email) > 254 or not _EMAIL.fullmatch(email):
        errors["email"] = "Write the address as name@example.org."
    if errors:
        raise BadInput(errors)
    _check_roles(roles)


def _check_roles(roles: frozenset[str]) -> None:
    unknown = sorted(roles - ROLES.keys())
    if unknown:
        raise BadInput({"roles": f"There is no role {', '.join(unknown)}; there are {', '.join(ROLES)}."})
