"""Erasing an owner who was asked: who they are, where they were reached and what they wrote.

What they allowed is kept, with the question it answers: a letter may rest on it, and whoever relies on that letter has
to be able to show it. The law takes such data out of the right to erasure, as far as they are needed to establish,
exercise or defend legal claims (GDPR, art. 17(3)(e)); it is said of each what was kept, and why. Issued letters, and
the owner whom a decision refers to, stay: they are documents others rely on. So does what was read on public pages.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ledger.desk.context import Desk, Who
from ledger.desk.posting import reference
from ledger.desk.refusals import BadInput, Clash, NotFound
from ledger.desk.requests.owners_door import WAITING
from ledger.desk.requests.referring import items_of
from ledger.mail import remove_from_folder
from ledger.records import journal_store, outbox
from ledger.records.journal_reading import data_of
from ledger.records.letters import letters_by_ground
from ledger.records.naming import forget_party, still_named
from ledger.records.offers import enquiries_to, erase_enquiry
from ledger.records.pieces import load_claims
from ledger.records.request_rows import EnquiryRow
from ledger.records.requests import load_request, rename_in_events
from ledger.records.tenant import Tenant
from ledger.rights.parties import Party
from ledger.rights.wire import to_plain

ERASED = "(erased)"
NOBODY = to_plain(Party(id="pa_erased", name=ERASED))
EVER = ("preparing", "issued", "amended", "superseded", "revoked", "expired")
"""States of letters: one that was taken back, or has run out, was relied on too."""

ABOUT_OWNERS = frozenset({"owner_enquiry", "owner_chaser", "referred", "owner_answered", "owner_silent"})
"""Mails that would not be without an owner: emptied even where they still wait to be sent."""


@dataclass(frozen=True)
class Kept:
    """An answer that is kept: of which request, and which letters rest on it; none where none was issued yet."""

    reference: str
    letters: list[str]

    @property
    def why(self) -> str:
        """The reason as one line."""
        what = "they allowed this use"
        if self.letters:
            what += f", and {', '.join(self.letters)} rests on it"
        return f"Request {self.reference}: kept, since {what} (GDPR, art. 17(3)(e))."


@dataclass(frozen=True)
class OwnerErased:
    """How many questions to this owner name nobody any more, and what was kept."""

    erased: int
    kept: list[Kept]


def erase_owner(desk: Desk, who: Who, address: str, reason: str) -> OwnerErased:
    """Erase whoever was asked at a mail address, in every request of one's own publisher.

    Raises ``BadInput``, ``NotFound``, and ``Clash`` while a request in which they were asked is open.
    """
    who.must_be("officer", "admin")
    if not reason.strip():
        raise BadInput({"reason": "Say why (such as the person's own wish); it is journaled."})
    with desk.database.writing() as connection:
        tenant = Tenant(connection, who.publisher_id)
        asked = enquiries_to(tenant, address.strip()) if address.strip() else []
        if not asked:
            raise NotFound("Nobody was asked at this address, or they were erased already.", "owner")
        kept = [each for each in asked if each.state == "granted"]
        gone = [each for each in asked if each.state != "granted"]
        for each in gone:
            _must_be_closed(tenant, each)
        mails = [mail for each in gone for mail in _erase(desk, tenant, each, kept, reason.strip())]
        said = [_kept(tenant, each) for each in kept]
    remove_from_folder(desk.folder / "mail", mails)
    _forget_statements(desk, gone)
    desk.database.empty_log()
    return OwnerErased(len(gone), said)


def _must_be_closed(tenant: Tenant, asked: EnquiryRow) -> None:
    row = load_request(tenant, asked.request_id)
    if row is not None and row.closed_at is None:
        waits = " and waits for their answer" if asked.state in WAITING else ""
        raise Clash(f"Request {reference(row.id)} is still open{waits}; decide it first.", "owner")


def _erase(
    desk: Desk, tenant: Tenant, asked: EnquiryRow, kept: Sequence[EnquiryRow], reason: str
) -> list[str]:
    """One question; the ids of the mails that were emptied. What belongs to a kept answer of theirs is left."""
    erase_enquiry(tenant, asked.id, NOBODY, ERASED)
    forgotten = forget_party(tenant, asked.owner["id"])
    data = data_of(tenant.connection, tenant.publisher_id, subject=asked.id, party_id=asked.owner["id"])
    # What the journal commits to of a party that stays on record is what its row is compared with.
    commitments = [each for field, each in data if forgotten or not field.startswith("party.")]
    now = desk.clock()
    journal_store.erase(tenant.connection, tenant.publisher_id, now, commitments=commitments, reason=reason)
    if any(each.request_id == asked.request_id for each in kept):
        return []
    rename_in_events(tenant, asked.request_id, asked.owner["name"], ERASED)
    found = outbox.of_request(tenant.connection, tenant.publisher_id, asked.request_id)
    words = (asked.email, asked.owner["name"], *_said(asked))
    mails = [
        mail.id
        for mail in found
        # What waits to tell somebody of a letter is sent all the same.
        if (mail.state != "queued" or mail.template in ABOUT_OWNERS)
        and any(word in "\n".join((mail.recipient, mail.subject, mail.text)) for word in words)
    ]
    outbox.erase_these(tenant.connection, tenant.publisher_id, mails)
    return mails


def _said(asked: EnquiryRow) -> list[str]:
    """The names and addresses in an answer: their own, and of whoever they said is to be asked."""
    answer = asked.answer or {}
    return [answer[name] for name in ("name", "ask", "ask_contact") if answer.get(name)]


def _kept(tenant: Tenant, asked: EnquiryRow) -> Kept:
    """A use that they allowed, and the letters that rest on it."""
    statement = (asked.answer or {}).get("evidence_sha256")
    claims = [
        claim
        for piece_id in {item.piece_id for item in items_of(tenant, asked)}
        for claim in load_claims(tenant, piece_id)
        if claim.evidence and claim.evidence.document_sha256 == statement
    ]
    grounds = [claim.id for claim in claims] + [claim.terms_id for claim in claims if claim.terms_id]
    letters = letters_by_ground(tenant, grounds, EVER)
    return Kept(reference(asked.request_id), list(dict.fromkeys(letter.number for letter in letters)))


def _forget_statements(desk: Desk, gone: Sequence[EnquiryRow]) -> None:
    """Delete what they wrote, as it was kept, once nothing names it."""
    hashes = {each.answer["evidence_sha256"] for each in gone if each.answer}
    with desk.database.reading() as connection:
        orphans = [sha256 for sha256 in hashes if not still_named(connection, sha256)]
    for sha256 in orphans:
        desk.evidence.forget(sha256)
