"""The mails of a publisher for its staff: what left, what waits, what came back, and in which words."""

import re
from dataclasses import dataclass
from datetime import datetime

from ledger.desk.context import Desk, Who
from ledger.desk.posting import reference
from ledger.records import outbox

STATES = ("queued", "sent", "failed", "bounced")
_LINK = re.compile(r"(/(?:requests|confirm|owner)/)[A-Za-z0-9_-]{20,}")
HIDDEN = "(link left out)"


@dataclass(frozen=True)
class Posted:
    """One mail. ``text`` is its plain-text part."""

    id: str
    template: str
    to: str
    subject: str
    text: str
    state: str
    problem: str
    created: datetime
    settled: datetime | None
    request_id: str | None
    reference: str
    files: list[str]


def posted(desk: Desk, who: Who, *, state: str | None = None, with_links: bool = False) -> list[Posted]:
    """The newest hundred mails of one's own publisher.

    A one-purpose link speaks for whoever it was mailed to, so it is left out unless ``with_links``: where no
    mail server is set up, handing the link on by hand is the only way.
    """
    who.must_be("officer", "admin")
    with desk.database.reading() as connection:
        rows = outbox.newest(connection, who.publisher_id, state=state if state in STATES else None)
    return [
        Posted(
            id=row.id,
            template=row.template,
            to=row.recipient,
            subject=row.subject,
            text=row.text if with_links else _LINK.sub(rf"\1{HIDDEN}", row.text),
            state=row.state,
            problem=row.problem or "",
            created=row.created_at,
            settled=row.settled_at,
            request_id=row.request_id,
            reference=reference(row.request_id) if row.request_id else "",
            files=[each["name"] for each in row.attachments],
        )
        for row in rows
    ]
