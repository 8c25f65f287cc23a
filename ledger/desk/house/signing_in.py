"""Signing in, by password or by a link in the mail, and out again.

A sign-in is a fresh random token each time, never one that the browser brought along, so that nobody can
plant one (session fixation). The house keeps its SHA-256 only. Whether an address is known is told to nobody:
a wrong address and a wrong password get one answer, and asking for a link always gets the same.
"""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from pwdlib import PasswordHash
from sqlalchemy import Connection

from ledger.desk.context import Desk, Who
from ledger.desk.refusals import BadInput, NotFound, Refusal, TooMany
from ledger.records import people_store as store
from ledger.records import tasks

SIGN_IN_LASTS = timedelta(days=30)
IDLE_LASTS = timedelta(days=7)
LINK_LASTS = timedelta(minutes=15)
_SEEN_EVERY = timedelta(hours=1)  # a sign-in in use is noted this often, not at each page

PASSWORD_TRIES = (timedelta(minutes=15), {"both": 10, "email": 50, "ip": 100})
LINK_TRIES = (timedelta(hours=1), {"both": 5, "email": 10, "ip": 60})
LONGEST_WINDOW = max(PASSWORD_TRIES[0], LINK_TRIES[0])

Enqueue = Callable[..., None]


class SignInNeeded(Refusal):
    """Only the signed-in may see or do this."""

    status = 401


class WrongPassword(Refusal):
    """The address and password do not belong together, or the address is unknown."""

    status = 403


@dataclass(frozen=True)
class SignedIn:
    """Who a sign-in belongs to, and every publisher the person works for."""

    person_id: str
    name: str
    email: str
    language: str
    has_password: bool
    posts: tuple[store.Post, ...]

    def at(self, publisher_slug: str | None = None) -> Who:
        """The person at one publisher's desk; the first by name if none is given.

        The one place where it is settled whose register an act is about. Raises ``NotFound`` for a publisher
        the person does not work for, in the same words as for one that does not exist.
        """
        for post in self.posts:
            if publisher_slug in (None, post.publisher_slug):
                return Who(
                    person_id=self.person_id,
                    name=self.name,
                    email=self.email,
                    publisher_id=post.publisher_id,
                    publisher_slug=post.publisher_slug,
                    roles=post.roles,
                )
        if publisher_slug is None:
            raise NotFound("You do not work for any publisher here. Ask an administrator to give you a role.")
        raise NotFound(f"There is no publisher called {publisher_slug} that you work for.", "publisher")


@dataclass(frozen=True)
class SignInMail:
    """What the mail room has to send: the link itself is in no job and in no table."""

    to: str
    name: str
    language: str
    link: str = field(repr=False)
    minutes: int = LINK_LASTS.seconds // 60


def tidy_email(email: str) -> str:
    """An address as it is kept and looked up: without blanks around it, in lower case."""
    return email.strip().lower()


def sign_in_with_password(desk: Desk, email: str, password: str, ip: str, old: str | None = None) -> str:
    """A fresh sign-in token. ``old`` is the token the browser had, if any: it ends now.

    Raises ``WrongPassword`` or ``TooMany``. An unknown address costs the same time as a wrong password.
    """
    email = tidy_email(email)
    _count(desk, "password", email, ip, PASSWORD_TRIES)
    with desk.database.reading() as connection:
        person = store.person_by_email(connection, email)
    usable = person is not None and person.disabled_at is None and person.password_hash is not None
    kept = person.password_hash if usable and person else _nobodys_hash()
    right, better = hasher().verify_and_update(password[:1000], kept or _nobodys_hash())
    if person is None or not usable or not right:
        raise WrongPassword("The address or the password is not right. You can have a link mailed instead.")
    with desk.database.writing() as connection:
        store.forget_attempts(connection, _key("password", "both", email, ip))
        if better is not None:
            store.set_password_hash(connection, person.id, better)
        return fresh_sign_in(connection, person.id, desk.clock(), old)


def ask_for_link(
    desk: Desk, email: str, ip: str, target: str | None = None, enqueue: Enqueue = tasks.enqueue
) -> None:
    """Have a sign-in link mailed, if the address is somebody's here. What happened is told to nobody.

    The job ``sign_in_link`` is written either way, so that the time taken tells nothing; the mail room calls
    ``sign_in_mail`` with its payload. Raises ``TooMany``.
    """
    email = tidy_email(email)
    _count(desk, "link", email, ip, LINK_TRIES)
    with desk.database.writing() as connection:
        person = store.person_by_email(connection, email)
        known = person is not None and person.disabled_at is None
        payload = {"person_id": person.id if person and known else None, "target": local_path(target)}
        enqueue(connection, "sign_in_link", payload, key=secrets.token_hex(16))


def sign_in_mail(desk: Desk, payload: dict[str, Any]) -> SignInMail | None:
    """The mail that a job ``sign_in_link`` asks for, its link made this moment; None if none is due."""
    with desk.database.writing() as connection:
        person = store.person_by_id(connection, str(payload.get("person_id")))
        if person is None or person.disabled_at is not None:
            return None
        token = make_link(connection, person.email, desk.clock(), payload.get("target"))
    return SignInMail(person.email, person.name, person.language, link_address(desk, token))


def make_link(
    connection: Connection,
    email: str,
    now: datetime,
    target: str | None = None,
    lasts: timedelta = LINK_LASTS,
) -> str:
    """A fresh single-use token that signs ``email`` in; for mails and for an operator's terminal."""
    token = secrets.token_urlsafe(32)
    store.insert_link(connection, store.token_hash(token), email, local_path(target), now, now + lasts)
    return token


def link_address(desk: Desk, token: str) -> str:
    """Where a sign-in link leads. Opening it changes nothing; the button there signs in."""
    return f"{desk.base_url}/sign-in/link/{token}"


def look_at_link(desk: Desk, token: str) -> str | None:
    """The address that a live link would sign in, without using it up (mail scanners open links too)."""
    with desk.database.reading() as connection:
        found = store.live_link(connection, store.token_hash(token), desk.clock())
    return found[0] if found else None


def use_link(desk: Desk, token: str, old: str | None = None) -> tuple[str, str]:
    """A fresh sign-in token, and the path to go on to. The link, and every other to that address, is used up.

    Raises ``NotFound`` for a link that is used, expired or made up.
    """
    dead = NotFound("This link has been used or is too old. Ask for a new one.")
    now = desk.clock()
    hashed = store.token_hash(token)
    with desk.database.writing() as connection:
        found = store.live_link(connection, hashed, now)
        if found is None or not store.use_link(connection, hashed, now):
            raise dead
        person = store.person_by_email(connection, found[0])
        if person is None or person.disabled_at is not None:
            raise dead
        store.delete_links_of(connection, person.email)
        return fresh_sign_in(connection, person.id, now, old), found[1] or "/desk"


def fresh_sign_in(connection: Connection, person_id: str, now: datetime, old: str | None = None) -> str:
    """A new token for a person; the one it replaces ends in the same transaction."""
    if old is not None:
        store.delete_sign_in(connection, store.token_hash(old))
    token = secrets.token_urlsafe(32)
    store.insert_sign_in(connection, store.token_hash(token), person_id, now, now + SIGN_IN_LASTS)
    return token


def signed_in(desk: Desk, token: str) -> SignedIn | None:
    """Whose live sign-in this token is; None for an expired, ended, idle or made-up one."""
    now = desk.clock()
    hashed = store.token_hash(token)
    with desk.database.reading() as connection:
        found = store.sign_in_row(connection, hashed, now)
        if found is None or found[1] <= now - IDLE_LASTS:
            return None
        person, seen_at = found
        posts = tuple(store.posts_of(connection, person.id))
    if seen_at <= now - _SEEN_EVERY:
        with desk.database.writing() as connection:
            store.touch_sign_in(connection, hashed, now)
    has_password = person.password_hash is not None
    return SignedIn(person.id, person.name, person.email, person.language, has_password, posts)


def sign_out(desk: Desk, token: str) -> None:
    """End this sign-in at once, for everybody who holds its token. Harmless to repeat."""
    with desk.database.writing() as connection:
        store.delete_sign_in(connection, store.token_hash(token))


def sign_out_everywhere(desk: Desk, person_id: str) -> None:
    """End every sign-in of the person."""
    with desk.database.writing() as connection:
        store.delete_sign_ins_of(connection, person_id)


def local_path(target: str | None) -> str | None:
    """``target`` if it is a path of this house; None for anything that could lead elsewhere."""
    if not target or len(target) > 500 or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    if any(ord(character) < 33 or character == "\\" for character in target):
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc else target


@cache
def hasher() -> PasswordHash:
    """Argon2id with the library's recommended cost (RFC 9106)."""
    return PasswordHash.recommended()


@cache
def _nobodys_hash() -> str:
    return hasher().hash(secrets.token_hex(16))


def hash_password(password: str, email: str, again: str | None = None) -> str:
    """The hash to keep. At least 15 characters, nothing more is demanded (NIST SP 800-63B-4, 3.1.1.2).

    Raises ``BadInput``.
    """
    if len(password) < 15:
        raise BadInput({"password": "Use at least 15 characters; four or five words are easy to remember."})
    if len(password) > 200:
        raise BadInput({"password": "Use at most 200 characters."})
    if password.strip().lower() == email or len(set(password)) < 4:
        raise BadInput({"password": "This password is too easy to guess; use several words."})
    if again is not None and again != password:
        raise BadInput({"again": "The two passwords differ; type the same one twice."})
    return hasher().hash(password)


def _count(desk: Desk, what: str, email: str, ip: str, limits: tuple[timedelta, dict[str, int]]) -> None:
    """Count this attempt in a transaction of its own, so that a refusal does not undo it."""
    window, allowed = limits
    with desk.database.writing() as connection:
        now = desk.clock()
        counts = {
            scope: store.count_attempt(connection, _key(what, scope, email, ip), now, window)
            for scope in allowed
        }
    if any(counts[scope] > most for scope, most in allowed.items()):
        minutes = window.seconds // 60
        raise TooMany(f"Too many attempts. Wait {minutes} minutes, then try again.", window.seconds)


def _key(what: str, scope: str, email: str, ip: str) -> str:
    """What is counted, without keeping the address itself."""
    named = {"both": f"{email}\0{ip}", "email": email, "ip": ip}[scope]
    return f"{what}:{scope}:{hashlib.sha256(named.encode('utf-8', 'replace')).hexdigest()}"
