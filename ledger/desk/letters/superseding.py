"""A letter with an error replaced by a corrected one that grants nothing beyond it.

The first letter is superseded from that moment: its verify page points to the new number. What would widen it is
no correction but a top-up, which is asked for, decided and priced.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from ledger.desk.context import Desk, Who
from ledger.desk.house.publishers import own_publisher
from ledger.desk.letters.corrections import (
    FACTS_OF,
    Corrections,
    corrected_use,
    named,
    reached_by,
    read_corrections,
)
from ledger.desk.letters.finishing import finish
from ledger.desk.letters.issuing import must_still_hold, prepare_letter
from ledger.desk.letters.letter_life import matter_of
from ledger.desk.letters.letter_matter import Matter, piece_as_cited
from ledger.desk.letters.letter_words import compose_frame, compose_letter
from ledger.desk.refusals import BadInput, Clash, NotFound
from ledger.letters.changes import corrections_between
from ledger.letters.compose import Replaced
from ledger.letters.language import Speaker
from ledger.letters.model import Letter, LetterKind
from ledger.records import journal_store
from ledger.records.letters import (
    letters_replacing,
    load_letter,
    load_obligations,
    set_letter_state,
    take_turn_to_issue,
)
from ledger.records.request_rows import LetterRow, RequestRow
from ledger.records.requests import load_request
from ledger.records.tenant import Tenant
from ledger.rights.authority import Authority, may_grant_scope
from ledger.rights.granting import wider_than
from ledger.rights.grants import Grant, Refusal
from ledger.rights.pieces import Piece
from ledger.rights.use_scope import scope_of

WIDER = "A correction cannot grant more than the letter did; that is a top-up, which has to be asked for: "


class Wider(Clash):
    """The corrected letter would grant more. ``fields`` are the corrections to blame, each with what it goes beyond."""

    def __init__(self, message: str, fields: Mapping[str, str]) -> None:
        super().__init__(message)
        self.fields = dict(fields)


@dataclass(frozen=True)
class _Opened:
    """The letter to be replaced with its request, read in one transaction."""

    tenant: Tenant
    letter: LetterRow
    row: RequestRow


def supersede(desk: Desk, who: Who, letter_id: str, corrections: Mapping[str, Any]) -> LetterRow:
    """Replace a letter by a corrected one and mail it to the holder; returns the new letter.

    Raises ``BadInput`` with every wrong field, ``NotFound``, ``Clash`` where the letter cannot be replaced (any
    more), and ``Unavailable`` when the file cannot be made now: the new letter then stands as being prepared.
    """
    who.must_be("officer")
    publisher = own_publisher(desk, who.publisher_id)
    with desk.database.writing() as connection:
        opened = _open(Tenant(connection, who.publisher_id), letter_id, take_turn=True)
        matter = _corrected(desk, opened, corrections)
        old = opened.letter
        set_letter_state(opened.tenant, old.id, "superseded", expected=("issued",))
        new = prepare_letter(
            desk, opened.tenant, publisher, opened.row, matter, who.person_id, old.language, replaces=old.id
        )
        payload = {"letter": old.id, "number": old.number, "by_letter": new.number, "by": who.person_id}
        journal_store.append(connection, publisher.id, "letter.superseded", payload, {}, new.issued_at)
    return finish(desk, who.publisher_id, new.id)


def preview(desk: Desk, who: Who, letter_id: str, corrections: Mapping[str, Any]) -> Letter:
    """The corrected letter in words, without a number. Writes nothing. Raises as ``supersede``."""
    who.must_be("officer")
    publisher = own_publisher(desk, who.publisher_id)
    with desk.database.reading() as connection:
        opened = _open(Tenant(connection, who.publisher_id), letter_id)
        matter = _corrected(desk, opened, corrections)
        language = opened.letter.language
        frame = compose_frame(desk, opened.tenant, publisher, opened.row, matter, "…", language)
        return compose_letter(matter, frame)


def may_be_superseded(letter: LetterRow) -> bool:
    """Only a letter that grants something, stands, and is not amended by another."""
    return letter.kind in (LetterKind.GRANT, LetterKind.AMENDMENT) and letter.state == "issued"


def _open(tenant: Tenant, letter_id: str, *, take_turn: bool = False) -> _Opened:
    if take_turn:
        take_turn_to_issue(tenant)  # else two at once would each replace the letter
    letter = load_letter(tenant, letter_id)
    row = load_request(tenant, letter.request_id or "") if letter else None
    if letter is None or row is None:
        raise NotFound("There is no such letter at this publisher.", "letter")
    if may_be_superseded(letter):
        return _Opened(tenant, letter, row)
    if letter.kind not in (LetterKind.GRANT, LetterKind.AMENDMENT):
        raise Clash("Only a letter that grants something can be replaced; issue another letter instead.")
    later = next(iter(letters_replacing(tenant, letter.id)), None)
    by = f" by letter {later.number}" if later else ""
    if letter.state == "amended":
        raise Clash(
            f"This letter is amended{by}. Correct that one: it says what holds, and may put right "
            "what is wrong in this letter too."
        )
    raise Clash(f"This letter is {letter.state}{by}; there is nothing left to replace.")


def _corrected(desk: Desk, opened: _Opened, corrections: Mapping[str, Any]) -> Matter:
    """The letter's matter as it should have been. Raises as ``supersede``.

    The work is cited as the register has it today: what was put right there is put right in the letter too.
    """
    given = read_corrections(corrections)
    said = matter_of(opened.letter)
    if said.grant is None:
        raise Clash("This letter grants nothing; there is nothing to correct.")
    use = corrected_use(said.use, given.use)
    grant = replace(
        said.grant,
        assignee=named(said.grant.assignee, given.licensee),
        credit_line=given.credit_line or said.grant.credit_line,
        scope=scope_of(use) if use != said.use else said.grant.scope,
        granted_on=desk.today(),
    )
    if refusals := wider_than(said.grant, grant):
        raise Wider(WIDER + "; ".join(each.message for each in refusals) + ".", _to_blame(refusals, given))
    matter = replace(
        said,
        piece=piece_as_cited(opened.tenant, opened.row, said.piece.id),
        use=use,
        addressee=reached_by(named(said.addressee, given.licensee), given.contact),
        grant=grant,
        reason=given.reason,
        replaced=_replaced(opened.letter, said, said.grant),
        fee_paid=said.fee_paid or _fee_is_paid(opened),
    )
    _must_differ(matter)
    must_still_hold(desk, opened.tenant, matter)
    return replace(matter, authorities=_authorities(matter.piece, grant, desk.today()))


def _to_blame(refusals: Sequence[Refusal], given: Corrections) -> dict[str, str]:
    """The corrected facts that go beyond the letter, under the names the form has for them."""
    found: dict[str, str] = {}
    for refusal in refusals:
        for name in FACTS_OF.get(refusal.axis, ()):
            if name in given.use:
                found.setdefault(f"use.{name}", f"This is more than the letter granted: {refusal.message}.")
    return found


def _must_differ(matter: Matter) -> None:
    """A letter that is replaced by its like would only confuse those who hold it."""
    speaker = Speaker("en")
    if matter.replaced is None or matter.grant is None:
        return
    if not corrections_between(
        speaker, matter.replaced, matter.piece, matter.grant, matter.use, matter.addressee
    ):
        raise BadInput({"licensee": "Nothing differs from the letter as it stands: correct what is wrong."})


def _authorities(piece: Piece, grant: Grant, today: date) -> tuple[tuple[str, Authority], ...]:
    """On what chain each part may be granted today."""
    return tuple(
        (
            part,
            may_grant_scope(
                grant.grantor,
                piece,
                piece.component(part),
                grant.actions,
                grant.scope,
                today,
                grant.assignee.id,
            ),
        )
        for part in grant.component_ids
    )


def _replaced(letter: LetterRow, said: Matter, grant: Grant) -> Replaced:
    return Replaced(
        number=letter.number,
        date=letter.issued_at.date(),
        grant=grant,
        use=said.use,
        addressee=said.addressee,
        piece=said.piece,
        sha256=letter.sha256 or "",
    )


def _fee_is_paid(opened: _Opened) -> bool:
    duties = load_obligations(opened.tenant, opened.letter.id)
    return any(duty.code == "fee" and duty.done_at is not None for duty in duties)
