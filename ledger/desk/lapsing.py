"""While the requester has the turn: a word before a price runs out, and the request closed when nobody is heard.

Only the requester's own silence closes a request, and a message opens it again. An owner's silence closes nothing.
"""

from datetime import timedelta
from typing import Any

from ledger.desk.context import Desk
from ledger.desk.invoicing import account_of
from ledger.desk.moving import move
from ledger.desk.posting import tell
from ledger.desk.publishers import own_publisher
from ledger.records.failures import Stale
from ledger.records.offers import quotes_ending
from ledger.records.queue import waiting_for_requester
from ledger.records.request_rows import QuoteRow, RequestRow
from ledger.records.requests import load_request
from ledger.records.tenant import Tenant
from ledger.rights.requests import RequestEvent, RequestState

REMIND_BEFORE = timedelta(days=5)
LAPSES_AFTER = timedelta(days=60)
AT_ONCE = 1_000


def remind_of_quotes(desk: Desk) -> int:
    """Remind, once, of prices that run out within five days; how many were due. Run daily."""
    today = desk.today()
    with desk.database.reading() as connection:
        ending = quotes_ending(connection, today, today + REMIND_BEFORE, AT_ONCE)
    return sum(_remind(desk, quote) for quote in ending)


def _remind(desk: Desk, quote: QuoteRow) -> bool:
    publisher = own_publisher(desk, quote.publisher_id)
    with desk.database.writing() as connection:
        tenant = Tenant(connection, quote.publisher_id)
        row = load_request(tenant, quote.request_id)
        if row is None or row.state != RequestState.QUOTED:
            return False
        said: dict[str, Any] = {
            "total": quote.total,
            "currency": quote.currency,
            "valid_until": quote.valid_until,
        }
        tell(desk, tenant, publisher, row, "quote_reminder", key=f"quote-reminder:{quote.id}", **said)
    return True


def lapse_requests(desk: Desk) -> int:
    """Close requests whose requester has had the turn for sixty days and was not heard; how many. Run daily."""
    with desk.database.reading() as connection:
        silent = waiting_for_requester(connection, desk.clock() - LAPSES_AFTER, AT_ONCE)
    return sum(_lapse(desk, row) for row in silent)


def _lapse(desk: Desk, row: RequestRow) -> bool:
    publisher = own_publisher(desk, row.publisher_id)
    try:
        with desk.database.writing() as connection:
            tenant = Tenant(connection, row.publisher_id)
            account = account_of(tenant, row)
            if account is not None and account.payments:
                return False  # money has come: that is for people to settle
            closed = move(tenant, row, RequestEvent.LAPSE, desk.clock(), actor="system")
            said: dict[str, Any] = {"since": row.turn_since.date()}
            tell(desk, tenant, publisher, closed, "lapsed", key=f"lapsed:{row.id}:{closed.version}", **said)
    except Stale:
        return False  # heard from this very moment
    return True
