"""What was begun and never sent, or sent and never confirmed, is deleted after a while, with the files that came.

Nobody has seen it, and no journal entry speaks of what it says. What a publisher keeps as evidence is never touched.
"""

from datetime import datetime, timedelta

from ledger.desk.context import Desk
from ledger.records import outbox
from ledger.records.requests import forget_request, requests_begun_before
from ledger.records.tenant import Tenant

AT_ONCE = 500


def kept_until(desk: Desk, touched: datetime) -> datetime:
    """When something begun and last touched at a time is deleted."""
    return touched + timedelta(days=desk.draft_days)


def forget_drafts(desk: Desk) -> int:
    """Delete drafts that nobody touched for ``draft_days``, and uploads as old; how many drafts. Run daily."""
    before = desk.clock() - timedelta(days=desk.draft_days)
    forgotten = 0
    while True:
        with desk.database.reading() as connection:
            old = requests_begun_before(connection, before, AT_ONCE)
        for row in old:
            with desk.database.writing() as connection:
                tenant = Tenant(connection, row.publisher_id)
                if forget_request(tenant, row.id, row.version):
                    outbox.forget(connection, row.publisher_id, row.id)
                    forgotten += 1
        if len(old) < AT_ONCE:
            break
    # A day more, so that no file goes before what names it.
    desk.uploads.forget_before(before - timedelta(days=1))
    return forgotten
