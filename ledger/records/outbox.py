"""Mail written down in the act's own transaction, sent later by a worker, and what became of it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Connection, Row, case, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.elements import ColumnElement

from ledger.records import tasks
from ledger.records.mail_tables import mail_message

SEND = "mail.send"
"""The job that sends one mail; its payload is ``{"publisher": id, "mail": id}``."""

HOUSE = ""
"""Stands for the publisher where a mail belongs to none, such as a sign-in link."""


class Outgoing(Protocol):
    """What ``ledger.mail.compose`` returns, as far as it is written down."""

    @property
    def id(self) -> str: ...
    @property
    def key(self) -> str: ...
    @property
    def template(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def to(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def html(self) -> str | None: ...
    @property
    def from_name(self) -> str | None: ...
    @property
    def reply_to(self) -> str | None: ...
    @property
    def created(self) -> datetime: ...


@dataclass(frozen=True)
class Attached:
    """A file to go along, kept in the evidence store under its SHA-256."""

    name: str
    media_type: str
    sha256: str


def post(
    connection: Connection,
    publisher_id: str,
    mail: Outgoing,
    *,
    request_id: str | None = None,
    attached: Sequence[Attached] = (),
) -> str:
    """Write a mail down for sending; nothing goes out unless the caller's transaction commits.

    The same publisher and ``mail.key`` is one mail: asked for again, nothing changes. Returns the mail's id
    (the first one's, then).
    """
    insert: Any = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    made = connection.execute(
        insert(mail_message)
        .values(
            publisher_id=publisher_id,
            id=mail.id,
            key=mail.key,
            request_id=request_id,
            template=mail.template,
            language=mail.language,
            recipient=mail.to,
            subject=mail.subject,
            text=mail.text,
            html=mail.html,
            from_name=mail.from_name,
            reply_to=mail.reply_to,
            attachments=[asdict(one) for one in attached],
            state="queued",
            created_at=mail.created,
        )
        .on_conflict_do_nothing(index_elements=["publisher_id", "key"])
        .returning(mail_message.c.id)
    ).scalar_one_or_none()
    if made is None:
        return str(
            connection.execute(
                select(mail_message.c.id).where(
                    mail_message.c.publisher_id == publisher_id, mail_message.c.key == mail.key
                )
            ).scalar_one()
        )
    tasks.enqueue(connection, SEND, {"publisher": publisher_id, "mail": mail.id}, key=mail.id)
    return mail.id


def is_posted(connection: Connection, publisher_id: str, key: str) -> bool:
    """Whether a mail of this key has been written down."""
    statement = select(mail_message.c.id).where(
        mail_message.c.publisher_id == publisher_id, mail_message.c.key == key
    )
    return connection.execute(statement).first() is not None


def find(connection: Connection, publisher_id: str, mail_id: str) -> Row[Any] | None:
    """One mail's row."""
    return connection.execute(
        select(mail_message).where(mail_message.c.publisher_id == publisher_id, mail_message.c.id == mail_id)
    ).one_or_none()


def of_request(connection: Connection, publisher_id: str, request_id: str) -> Sequence[Row[Any]]:
    """Every mail about a request, oldest first."""
    return connection.execute(
        select(mail_message)
        .where(mail_message.c.publisher_id == publisher_id, mail_message.c.request_id == request_id)
        .order_by(mail_message.c.created_at, mail_message.c.id)
    ).all()


def newest(
    connection: Connection, publisher_id: str, *, state: str | None = None, most: int = 100
) -> Sequence[Row[Any]]:
    """The newest mails of a publisher, for the staff page; ``state`` narrows them to one state."""
    query = select(mail_message).where(mail_message.c.publisher_id == publisher_id)
    if state is not None:
        query = query.where(mail_message.c.state == state)
    return connection.execute(
        query.order_by(mail_message.c.created_at.desc(), mail_message.c.id.desc()).limit(most)
    ).all()


def waiting(connection: Connection, before: datetime) -> int:
    """How many mails of the whole house were written down before then and have not gone out."""
    queued = (mail_message.c.state == "queued") & (mail_message.c.created_at < before)
    return connection.execute(select(func.count()).select_from(mail_message).where(queued)).scalar_one()


def record_sent(connection: Connection, publisher_id: str, mail_id: str, now: datetime) -> None:
    """The server has accepted the mail, or the file is on the disk."""
    _change(
        connection,
        publisher_id,
        mail_id,
        state="sent",
        attempts=mail_message.c.attempts + 1,
        problem=None,
        settled_at=now,
    )


def record_attempt(
    connection: Connection, publisher_id: str, mail_id: str, problem: str, given_up_at: datetime | None
) -> None:
    """An attempt failed; with ``given_up_at`` it was the last one."""
    _change(
        connection,
        publisher_id,
        mail_id,
        state="queued" if given_up_at is None else "failed",
        attempts=mail_message.c.attempts + 1,
        problem=problem,
        settled_at=given_up_at,
    )


def state_of(connection: Connection, mail_id: str) -> str | None:
    """How a mail of whatever publisher stands: queued, sent, failed, bounced; None for one that is not ours."""
    state: str | None = connection.execute(
        select(mail_message.c.state).where(mail_message.c.id == mail_id)
    ).scalar()
    return state


def record_bounce(connection: Connection, mail_id: str, problem: str, now: datetime) -> Row[Any] | None:
    """A mail came back. Returns its row (``publisher_id``, ``request_id``); None if it is not ours."""
    return connection.execute(
        update(mail_message)
        .where(mail_message.c.id == mail_id, mail_message.c.state.in_(("sent", "bounced")))
        .values(state="bounced", problem=problem[:500], settled_at=now)
        .returning(mail_message)
    ).one_or_none()


def erase(connection: Connection, publisher_id: str, request_id: str) -> list[str]:
    """Take the personal words out of every mail about a request; that it was sent stays. Returns their ids.

    One that still waits is not sent any more.
    """
    return _erase(connection, publisher_id, mail_message.c.request_id == request_id)


def erase_these(connection: Connection, publisher_id: str, mail_ids: Sequence[str]) -> None:
    """The same for these mails alone."""
    _erase(connection, publisher_id, mail_message.c.id.in_(mail_ids))


def _erase(connection: Connection, publisher_id: str, which: ColumnElement[bool]) -> list[str]:
    waiting = mail_message.c.state == "queued"
    rows = connection.execute(
        update(mail_message)
        .where(mail_message.c.publisher_id == publisher_id, which)
        .values(
            recipient="",
            subject="",
            text="",
            html=None,
            from_name=None,
            reply_to=None,
            problem=case((waiting, "Erased before it was sent."), else_=None),  # servers repeat addresses
            state=case((waiting, "failed"), else_=mail_message.c.state),
        )
        .returning(mail_message.c.id)
    )
    return list(rows.scalars())


def forget(connection: Connection, publisher_id: str, request_id: str) -> None:
    """Delete every mail about a request that is deleted itself."""
    connection.execute(
        delete(mail_message).where(
            mail_message.c.publisher_id == publisher_id, mail_message.c.request_id == request_id
        )
    )


def _change(connection: Connection, publisher_id: str, mail_id: str, **values: Any) -> None:
    connection.execute(
        update(mail_message)
        .where(mail_message.c.publisher_id == publisher_id, mail_message.c.id == mail_id)
        .values(**values)
    )
