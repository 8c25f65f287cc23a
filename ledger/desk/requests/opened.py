"""A request opened for an act, by whoever may: its publisher's staff, or whoever holds one of its links."""

from dataclasses import dataclass

from sqlalchemy import Connection

from ledger.desk.context import Desk, Who
from ledger.desk.refusals import Clash, NotFound
from ledger.records.request_rows import ItemRow, RequestRow, TokenRow
from ledger.records.requests import load_items, load_request, request_publisher
from ledger.records.tenant import Tenant


@dataclass(frozen=True)
class Opened:
    """A request with the tenant it was loaded by: good for as long as the transaction lasts."""

    tenant: Tenant
    row: RequestRow

    def item(self, item_id: str) -> ItemRow:
        """One of its items. Raises ``NotFound``."""
        for each in load_items(self.tenant, self.row.id):
            if each.id == item_id:
                return each
        raise NotFound("There is no such item in this request.", "item")


def open_request(connection: Connection, who: Who, request_id: str, version: int | None = None) -> Opened:
    """A request of one's own publisher. ``version``: as it was when the page was shown.

    Raises ``NotFound``; ``Clash`` when somebody else has changed it since.
    """
    tenant = Tenant(connection, who.publisher_id)
    row = load_request(tenant, request_id)
    if row is None or row.submitted_at is None:
        raise NotFound("There is no such request at this publisher.", "request")
    if version is not None and version != row.version:
        raise Clash("Somebody else has just changed this request; look at it again before you decide.")
    return Opened(tenant, row)


def publisher_of(desk: Desk, request_id: str) -> str:
    """Whose request it is, by the publisher's id: for an operator, who may act for any of them. Raises ``NotFound``."""
    with desk.database.reading() as connection:
        found = request_publisher(connection, request_id)
    if found is None:
        raise NotFound(f"There is no request {request_id} in this ledger.", "request")
    return found


def open_behind(connection: Connection, link: TokenRow) -> Opened:
    """The request that a link leads to, as ``links.opened_by`` found it. Raises ``NotFound``."""
    tenant = Tenant(connection, link.publisher_id)
    row = load_request(tenant, link.request_id)
    if row is None:
        raise NotFound("There is no such request.")
    return Opened(tenant, row)
