"""Erasing a person: the data go, the acts stay, and old proofs still verify."""

from typing import Any

from ledger.desk.context import Desk, Who
from ledger.desk.refusals import BadInput, Clash, NotFound
from ledger.mail import remove_from_folder
from ledger.records import journal_store, outbox
from ledger.records.invoices import erase_payers
from ledger.records.naming import still_named
from ledger.records.requests import erase_requester, load_request
from ledger.records.tenant import Tenant


def erase_person(desk: Desk, who: Who, request_id: str, reason: str) -> int:
    """Erase what names the requester of a closed request; how many commitments lost their data.

    Name, address, organisation, messages, mails, the files they sent and their links go, and the salts behind the
    journal's commitments. Letters that were issued stay: they are documents others rely on.

    Raises ``BadInput``, ``NotFound``, ``Clash`` while it is open.
    """
    who.must_be("officer", "admin")
    if not reason.strip():
        raise BadInput({"reason": "Say why (such as the person's own wish); it is journaled."})
    now = desk.clock()
    with desk.database.writing() as connection:
        tenant = Tenant(connection, who.publisher_id)
        row = load_request(tenant, request_id)
        if row is None:
            raise NotFound("There is no such request at this publisher.", "request")
        if row.closed_at is None and row.submitted_at is not None:
            raise Clash("This request is still open; decide it or let it be withdrawn first.")
        erased = journal_store.erase(
            connection, who.publisher_id, now, subject=request_id, reason=reason.strip()
        )
        files = erase_requester(tenant, request_id, _without_names(row.document))
        erase_payers(tenant, request_id)
        mails = outbox.erase(connection, who.publisher_id, request_id)
    remove_from_folder(desk.folder / "mail", mails)
    with desk.database.reading() as connection:
        orphans = [sha256 for sha256 in set(files) if not still_named(connection, sha256)]
    for sha256 in orphans:
        desk.evidence.forget(sha256)
        desk.uploads.forget(sha256)
    desk.database.empty_log()
    return erased.count


def _without_names(document: dict[str, Any]) -> dict[str, Any]:
    """The form without what its requester wrote about themselves; the use that was asked for stays.

    Of one that was only begun nothing stays: what was typed so far may be anything.
    """
    if "draft" in document:
        return {"draft": {}, "pieces": document.get("pieces", [])}
    language = document["requester"].get("language", "en")
    return {**document, "requester": {"licensee": "(erased)", "language": language}}
