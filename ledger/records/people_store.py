"""People, their roles, their sign-ins and the links mailed to them. Tokens are kept only as SHA-256."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, exists, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from ledger.records.tables import magic_link, membership, person, publisher, sign_in, throttle

DISABLED = "disabled"
"""Beside a person's roles at a publisher: they stay on its staff with these, and may do nothing there."""


@dataclass(frozen=True)
class PersonRow:
    """A person of any publisher's staff. Who has posts and is disabled at each has ``disabled_at``: no sign-in."""

    id: str
    email: str
    name: str
    password_hash: str | None
    language: str
    created_at: datetime
    disabled_at: datetime | None


@dataclass(frozen=True)
class Post:
    """What one person may do at one publisher."""

    publisher_id: str
    publisher_slug: str
    publisher_name: str
    roles: frozenset[str]


def token_hash(token: str) -> str:
    """SHA-256 of a token, in hex. Tokens have 256 random bits, so no salt is needed."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def person_by_email(connection: Connection, email: str) -> PersonRow | None:
    """The person with this address (lower case)."""
    return _person(connection, person.c.email == email)


def person_by_id(connection: Connection, person_id: str) -> PersonRow | None:
    """The person with this id."""
    return _person(connection, person.c.id == person_id)


def _person(connection: Connection, condition: Any) -> PersonRow | None:
    row = connection.execute(select(person).where(condition)).mappings().first()
    return PersonRow(**row) if row else None


def anybody(connection: Connection) -> bool:
    """Whether the house has any person at all."""
    return bool(connection.scalar(select(exists().where(person.c.id.is_not(None)))))


def insert_person(connection: Connection, row: PersonRow) -> None:
    """Write a new person."""
    connection.execute(insert(person).values(vars(row)))


def set_password_hash(connection: Connection, person_id: str, password_hash: str) -> None:
    """Replace the password's argon2 hash."""
    connection.execute(update(person).where(person.c.id == person_id).values(password_hash=password_hash))


def settle_disabled(connection: Connection, person_id: str, now: datetime) -> None:
    """Shut out whoever is disabled at every publisher they work for, and let everybody else in."""
    held: dict[str, set[str]] = {}
    rows = connection.execute(
        select(membership.c.publisher_id, membership.c.role).where(membership.c.person_id == person_id)
    )
    for publisher_id, role in rows:
        held.setdefault(publisher_id, set()).add(role)
    shut_out = bool(held) and all(DISABLED in roles for roles in held.values())
    them = update(person).where(person.c.id == person_id)
    if shut_out:
        them = them.where(person.c.disabled_at.is_(None))  # who was shut out before, stays so since then
    connection.execute(them.values(disabled_at=now if shut_out else None))


def roles_at(connection: Connection, publisher_id: str, person_id: str) -> frozenset[str]:
    """What is written of a person at a publisher, ``DISABLED`` included; nothing of somebody who is not its staff."""
    here = (membership.c.publisher_id == publisher_id) & (membership.c.person_id == person_id)
    return frozenset(connection.scalars(select(membership.c.role).where(here)))


def take_turn(connection: Connection, publisher_id: str) -> None:
    """Wait until nobody else changes this publisher's staff, and keep the turn until the transaction ends.

    What is read after it is what the last one left: who administers, who is disabled. As for letters, PostgreSQL
    locks the publisher's row and lets others go on referring to it; on SQLite every writer is alone.
    """
    mine = select(publisher.c.id).where(publisher.c.id == publisher_id)
    connection.execute(mine.with_for_update(key_share=True))


def set_roles(connection: Connection, publisher_id: str, person_id: str, roles: frozenset[str]) -> None:
    """Make ``roles`` the person's roles at this publisher; none takes the person off its staff."""
    here = (membership.c.publisher_id == publisher_id) & (membership.c.person_id == person_id)
    connection.execute(delete(membership).where(here))
    rows = [{"publisher_id": publisher_id, "person_id": person_id, "role": role} for role in sorted(roles)]
    if rows:
        connection.execute(insert(membership), rows)


def posts_of(connection: Connection, person_id: str) -> list[Post]:
    """The publishers a person may work for, by name, with the roles at each."""
    rows = connection.execute(
        select(publisher.c.id, publisher.c.slug, publisher.c.name, membership.c.role)
        .join(membership, membership.c.publisher_id == publisher.c.id)
        .where(membership.c.person_id == person_id)
        .order_by(publisher.c.name, publisher.c.id)
    ).all()
    roles: dict[tuple[str, str, str], set[str]] = {}
    for publisher_id, slug, name, role in rows:
        roles.setdefault((publisher_id, slug, name), set()).add(role)
    return [Post(*place, frozenset(found)) for place, found in roles.items() if DISABLED not in found]


def staff_of(connection: Connection, publisher_id: str) -> list[tuple[PersonRow, frozenset[str]]]:
    """A publisher's people, by name, with their roles there, ``DISABLED`` included."""
    rows = connection.execute(
        select(person, membership.c.role)
        .join(membership, membership.c.person_id == person.c.id)
        .where(membership.c.publisher_id == publisher_id)
        .order_by(person.c.name, person.c.id)
    ).mappings()
    roles: dict[PersonRow, set[str]] = {}
    for row in rows:
        values = dict(row)
        role = values.pop("role")
        roles.setdefault(PersonRow(**values), set()).add(role)
    return [(each, frozenset(found)) for each, found in roles.items()]


def admins_of(connection: Connection, publisher_id: str) -> frozenset[str]:
    """The ids of a publisher's administrators who are not disabled there."""
    here = membership.c.publisher_id == publisher_id
    disabled = select(membership.c.person_id).where(here, membership.c.role == DISABLED)
    admins = select(membership.c.person_id).where(here, membership.c.role == "admin")
    return frozenset(connection.scalars(admins.where(membership.c.person_id.not_in(disabled))))


def insert_sign_in(
    connection: Connection, hashed: str, person_id: str, now: datetime, expires_at: datetime
) -> None:
    """Write a sign-in down; whatever has expired goes at the same time."""
    connection.execute(delete(sign_in).where(sign_in.c.expires_at <= now))
    values = {"token_hash": hashed, "person_id": person_id, "created_at": now, "seen_at": now}
    connection.execute(insert(sign_in).values(**values, expires_at=expires_at))


def sign_in_row(connection: Connection, hashed: str, now: datetime) -> tuple[PersonRow, datetime] | None:
    """Whose unexpired sign-in this is, and when it was last seen; none for a person shut out."""
    row = (
        connection.execute(
            select(person, sign_in.c.seen_at)
            .join(person, person.c.id == sign_in.c.person_id)
            .where(sign_in.c.token_hash == hashed, sign_in.c.expires_at > now, person.c.disabled_at.is_(None))
        )
        .mappings()
        .first()
    )
    if row is None:
        return None
    values = dict(row)
    seen_at: datetime = values.pop("seen_at")
    return PersonRow(**values), seen_at


def touch_sign_in(connection: Connection, hashed: str, now: datetime) -> None:
    """Note that a sign-in is in use."""
    connection.execute(update(sign_in).where(sign_in.c.token_hash == hashed).values(seen_at=now))


def delete_sign_in(connection: Connection, hashed: str) -> None:
    """End one sign-in."""
    connection.execute(delete(sign_in).where(sign_in.c.token_hash == hashed))


def delete_sign_ins_of(connection: Connection, person_id: str) -> None:
    """End every sign-in of a person."""
    connection.execute(delete(sign_in).where(sign_in.c.person_id == person_id))


def insert_link(
    connection: Connection, hashed: str, email: str, target: str | None, now: datetime, expires_at: datetime
) -> None:
    """Write a sign-in link down; links long dead go at the same time."""
    connection.execute(delete(magic_link).where(magic_link.c.expires_at <= now - timedelta(days=1)))
    values = {"token_hash": hashed, "email": email, "purpose": "sign_in", "target": target}
    connection.execute(insert(magic_link).values(**values, created_at=now, expires_at=expires_at))


def live_link(connection: Connection, hashed: str, now: datetime) -> tuple[str, str | None] | None:
    """The address and target of a sign-in link that is neither used nor expired."""
    row = connection.execute(
        select(magic_link.c.email, magic_link.c.target).where(*_live(hashed, now))
    ).first()
    return (row.email, row.target) if row else None


def use_link(connection: Connection, hashed: str, now: datetime) -> bool:
    """Use the link up. False if another was first, or it is dead: of two at once, one wins."""
    result = connection.execute(update(magic_link).where(*_live(hashed, now)).values(used_at=now))
    return result.rowcount == 1


def _live(hashed: str, now: datetime) -> tuple[Any, ...]:
    return (
        magic_link.c.token_hash == hashed,
        magic_link.c.purpose == "sign_in",
        magic_link.c.used_at.is_(None),
        magic_link.c.expires_at > now,
    )


def delete_links_of(connection: Connection, email: str) -> None:
    """Make every sign-in link mailed to an address worthless."""
    connection.execute(
        delete(magic_link).where(magic_link.c.email == email, magic_link.c.purpose == "sign_in")
    )


def count_attempt(connection: Connection, key: str, now: datetime, window: timedelta) -> int:
    """How often ``key`` was counted in the window that began with its first count, this time included."""
    started = connection.execute(
        select(throttle.c.window_start).where(throttle.c.key == key).with_for_update()
    ).scalar()
    if started is not None and started <= now - window:
        connection.execute(delete(throttle).where(throttle.c.key == key))
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(throttle).values(key=key, window_start=now, count=1)
    connection.execute(
        statement.on_conflict_do_update(index_elements=["key"], set_={"count": throttle.c.count + 1})
    )
    return connection.scalar(select(throttle.c.count).where(throttle.c.key == key)) or 1


def window_began(connection: Connection, key: str) -> datetime | None:
    """When the window that ``key`` is counted in began."""
    began: datetime | None = connection.scalar(select(throttle.c.window_start).where(throttle.c.key == key))
    return began


def forget_attempts(connection: Connection, key: str) -> None:
    """Start counting ``key`` anew."""
    connection.execute(delete(throttle).where(throttle.c.key == key))


def sweep_attempts(connection: Connection, before: datetime) -> int:
    """Drop counts whose window began before ``before``; how many are left."""
    connection.execute(delete(throttle).where(throttle.c.window_start < before))
    return connection.scalar(select(func.count()).select_from(throttle)) or 0
