"""The desk's queue for readers: saved filters, one page of requests, how long each waits and who has it."""

from dataclasses import dataclass

from ledger.desk.context import Desk, Who
from ledger.desk.house import people
from ledger.desk.posting import reference
from ledger.records.paging import Page
from ledger.records.queue import MedianTime, QueueFilter, median_time, queue, turn_counts
from ledger.records.tenant import Tenant

FILTERS = {
    "desk": "Waiting for the desk",
    "me": "Needs me",
    "unassigned": "Unassigned",
    "requester": "Waiting for the requester",
    "holder": "Waiting for the owner",
    "all": "All open",
    "closed": "Closed",
}
"""The saved filters by their names in addresses, in the order they are shown."""


@dataclass(frozen=True)
class Waiting:
    """A line of the queue. ``days``: whole days since it became this side's turn (or since it was closed)."""

    id: str
    reference: str
    state: str
    turn: str
    days: int
    who_asks: str
    titles: list[str]
    items: int
    assignee: str | None


@dataclass(frozen=True)
class QueueView:
    """Everything the queue page shows. ``counts`` holds what is known without counting further, by filter."""

    page: Page[Waiting]
    counts: dict[str, int]
    median: MedianTime


def queue_view(desk: Desk, who: Who, chosen: str, text: str = "", after: str | None = None) -> QueueView:
    """A page of one's own publisher's queue. Raises ``BadCursor`` for a wrong ``after``."""
    names = {member.person_id: member.name for member in people.staff(desk, who)}
    now = desk.clock()
    with desk.database.reading() as connection:
        tenant = Tenant(connection, who.publisher_id)
        found = queue(tenant, _filter(chosen, who, text), after)
        turns = turn_counts(tenant)
        median = median_time(tenant)
    counts = {"desk": turns["staff"], "requester": turns["requester"], "holder": turns["holder"]}
    if not text:
        counts[chosen] = found.count
    rows = [
        Waiting(
            id=row.request.id,
            reference=reference(row.request.id),
            state=row.request.state,
            turn=row.request.turn,
            days=max(0, (now - (row.request.closed_at or row.request.turn_since)).days),
            who_asks=row.request.organisation or row.request.name or "name erased",
            titles=row.titles,
            items=row.items,
            assignee=names.get(row.request.assigned_to or ""),
        )
        for row in found.rows
    ]
    return QueueView(Page(rows, found.next, found.count), counts, median)


def _filter(chosen: str, who: Who, text: str) -> QueueFilter:
    turn = {"desk": "staff", "me": "staff", "requester": "requester", "holder": "holder"}.get(chosen)
    assigned = {"me": who.person_id, "unassigned": ""}.get(chosen)
    return QueueFilter(turn=turn, assigned_to=assigned, text=text or None, closed=chosen == "closed")
