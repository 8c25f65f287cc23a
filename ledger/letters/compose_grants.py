"""Letters that give, change or take back a permission. The public names are in compose.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from ledger.letters.changes import before_and_now, changes_between
from ledger.letters.fees import the_fee
from ledger.letters.granting import (
    general_terms,
    not_included,
    printed_elsewhere,
    require_authority,
    the_authority,
    the_conditions,
    the_credit,
)
from ledger.letters.language import Speaker
from ledger.letters.matters import Change, Decision, EarlierLetter, Frame, Material, OtherItem, Replaced
from ledger.letters.model import Clause, Letter, LetterKind, Section, Text
from ledger.letters.parts import (
    finish,
    house,
    identifier,
    opening,
    own_words,
    prose,
    quotes,
    record,
    saying,
    statement,
    the_material,
    the_work,
    title_run,
    value,
)
from ledger.letters.permitted import alterations, what_is_permitted, wording_values
from ledger.letters.replacing import replaces, the_replacement
from ledger.rights.authority import Authority
from ledger.rights.grants import Grant
from ledger.rights.parties import Party
from ledger.rights.pieces import Piece
from ledger.rights.tariff import Quote
from ledger.rights.uses import ProposedUse


def compose_grant(
    frame: Frame,
    *,
    piece: Piece,
    use: ProposedUse,
    grant: Grant,
    authorities: Mapping[str, Authority],
    decision: Decision,
    quote: Quote | None = None,
    fee_paid: bool = False,
    material: Material | None = None,
    others: Sequence[OtherItem] = (),
    replaced: Replaced | None = None,
    addressee: Party | None = None,
) -> Letter:
    """A permission, whole or in part. ``authorities`` maps each component id of the grant to may_grant's answer.

    ``replaced`` is the letter whose errors this one corrects; ``addressee`` then tells whether its contact person
    is among them. Raises NotOurs without a proven authority for every component; ValueError when the fee is not
    the quote's total, or when a letter is replaced and nothing corrected.
    """
    require_authority(grant, authorities)
    speaker = Speaker(frame.language)
    granted = "We grant {name} the permission set out in this letter, and no more than that."
    sentences = [replaces(speaker, replaced)] if replaced else []
    sentences.append(speaker.say(granted, name=grant.assignee.legal_name or grant.assignee.name))
    if others:
        part = "Part of your request is granted. What is not granted, and why, is stated below."
        sentences.append(speaker.say(part))
    rows = the_material(speaker, piece, grant.component_ids, material or Material())
    due = grant.fee is not None and grant.fee.minor > 0 and not fee_paid
    sections = [
        opening(speaker, frame, *sentences, grounds=(decision.ground,), again=replaced is not None),
        *the_replacement(speaker, replaced, piece, grant, use, addressee or grant.assignee, decision),
        the_work(speaker, piece),
        what_is_permitted(speaker, grant, use, decision, [*rows, alterations(speaker, grant, use)]),
        the_credit(speaker, grant, piece, decision),
        the_conditions(
            speaker, grant.conditions, (decision.ground, *decision.quotes), printed_elsewhere(grant, piece)
        ),
        the_fee(speaker, grant, quote, decision),
        not_included(speaker, others),
        the_authority(speaker, grant, piece, authorities),
        general_terms(speaker, fee_first=due),
        own_words(speaker, frame, wording_values(speaker, piece, grant)),
    ]
    subject = speaker.say("Permission to use {title}", title=title_run(piece))
    return finish(speaker, frame, LetterKind.GRANT, subject, sections)


def compose_amendment(
    frame: Frame,
    *,
    piece: Piece,
    earlier: EarlierLetter,
    grant: Grant,
    changes: Sequence[Change],
    authorities: Mapping[str, Authority],
    decision: Decision,
    quote: Quote | None = None,
    fee_paid: bool = False,
    use: ProposedUse | None = None,
    replaced: Replaced | None = None,
    addressee: Party | None = None,
) -> Letter:
    """A top-up of an earlier grant. ``grant`` is the whole new grant, so its authority is shown afresh.

    ``grant.fee`` is the difference that is charged now. The changes are found by comparing with the grant of the
    earlier letter where that is given, else ``changes`` says them. ``replaced`` is the amendment whose errors this
    one corrects, ``use`` the use it names. Raises NotOurs; ValueError when nothing changes.
    """
    require_authority(grant, authorities)
    speaker = Speaker(frame.language)
    if earlier.grant is not None:
        changes = changes_between(speaker, earlier.grant, grant) or changes
    if not changes:
        raise ValueError("an amendment has to change something; name at least one change")
    amended = speaker.say(
        "Letter {number} of {date} is amended as follows. Everything else in it stays as it is.",
        number=identifier(earlier.number),
        date=speaker.date(earlier.date),
    )
    due = grant.fee is not None and grant.fee.minor > 0 and not fee_paid
    named = use or (replaced.use if replaced else ProposedUse())
    sentences: list[Text] = [*([replaces(speaker, replaced)] if replaced else []), amended]
    grounds = (decision.ground, record(earlier.number, earlier.sha256))
    sections = [
        opening(speaker, frame, *sentences, grounds=grounds, again=replaced is not None),
        *the_replacement(speaker, replaced, piece, grant, named, addressee or grant.assignee, decision),
        the_work(speaker, piece),
        before_and_now(speaker, "What has changed", changes, decision),
        the_fee(speaker, grant, quote, decision),
        _difference(speaker, quote),
        the_authority(speaker, grant, piece, authorities),
        prose("meaning", speaker.message("What this means"), [_on_record(speaker)]),
        general_terms(speaker, fee_first=due),
        own_words(speaker, frame, wording_values(speaker, piece, grant)),
    ]
    subject = speaker.say("Amendment of letter {number}", number=identifier(earlier.number))
    return finish(speaker, frame, LetterKind.AMENDMENT, subject, sections)


def compose_revocation(
    frame: Frame,
    *,
    piece: Piece,
    earlier: EarlierLetter,
    effective: date,
    decision: Decision,
    take_down_by: date | None = None,
    stock_may_be_sold: bool = False,
) -> Letter:
    """The end of a grant from ``effective`` on. Raises ValueError without a reason or quoted words."""
    if not decision.reason and not any(ground.quote for ground in decision.quotes):
        raise ValueError("a revocation has to say why; give a reason or quote the words it rests on")
    speaker = Speaker(frame.language)
    revoked = speaker.say(
        "We revoke the permission given in letter {number} of {date}, with effect from {effective}.",
        number=identifier(earlier.number),
        date=speaker.date(earlier.date),
        effective=speaker.date(effective),
    )
    reason = [Clause("revocation_reason", (value(decision.reason),), grounds=(decision.ground,))]
    meaning = _what_ends(speaker, decision, take_down_by, stock_may_be_sold=stock_may_be_sold)
    sections = [
        statement(speaker, revoked, grounds=(decision.ground, record(earlier.number, earlier.sha256))),
        prose("why", speaker.message("Reason"), reason if decision.reason else []),
        quotes(speaker, decision.quotes),
        the_work(speaker, piece),
        prose("meaning", speaker.message("What this means"), meaning),
        own_words(speaker, frame, wording_values(speaker, piece)),
    ]
    subject = speaker.say("Revocation of letter {number}", number=identifier(earlier.number))
    return finish(speaker, frame, LetterKind.REVOCATION, subject, sections)


def _what_ends(
    speaker: Speaker, decision: Decision, take_down_by: date | None, *, stock_may_be_sold: bool
) -> list[Clause]:
    """What the requester may no longer do, and what becomes of copies already made."""
    ends = "From that day the material may no longer be used under that letter."
    down = "Copies online are to be taken down by {date}."
    stock = (
        "Printed copies made before that day may still be distributed."
        if stock_may_be_sold
        else "Printed copies that have not left your hands are not to be distributed."
    )
    clauses = [saying(speaker, "use_ends", ends, decision.ground)]
    if take_down_by is not None:
        clauses.append(saying(speaker, "take_down", down, decision.ground, date=speaker.date(take_down_by)))
    return [*clauses, saying(speaker, "stock", stock, decision.ground), _on_record(speaker)]


def _difference(speaker: Speaker, quote: Quote | None) -> Section:
    topped_up = quote is not None and quote.already_paid is not None
    clauses = (
        [saying(speaker, "difference", "Only the difference is charged.", house("top_up"))]
        if topped_up
        else []
    )
    return prose("difference", "", clauses)


def _on_record(speaker: Speaker) -> Clause:
    text = "This letter is the record of the change; the file of the earlier letter is not altered."
    return saying(speaker, "on_record", text, house("on_record"))
