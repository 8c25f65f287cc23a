"""What several formats say about a piece, each fact with the ground that the rights room asks for."""

from __future__ import annotations

import re
from datetime import date

from ledger.interchange.naming import uri_of
from ledger.rights.attribution import credit_for
from ledger.rights.parties import Contact, Party
from ledger.rights.pieces import Component, ComponentKind, LinkStatus, Piece
from ledger.rights.terms import Effect, Terms, TermsKind
from ledger.rights.title import Standing, covers, proven_holders, standing_of, whom_to_ask

SPEAKERS = frozenset({Standing.HOLDER, Standing.AGENT})
_YEAR = re.compile(r"(?:©|\(c\)|copyright)[^\d]{0,40}((?:1[89]|20)\d\d)", re.IGNORECASE)


def text_of(piece: Piece) -> Component:
    """The main text; a piece always has one."""
    return next(each for each in piece.components if each.kind is ComponentKind.TEXT)


def holders(piece: Piece, today: date) -> tuple[Party, ...]:
    """Who is proven to hold the text. Nobody is named without evidence."""
    found = {claim.party.id: claim.party for claim in proven_holders(piece, text_of(piece), today)}
    return tuple(found.values())


def contact(piece: Piece, today: date) -> tuple[Party, Contact | None]:
    """Whom to ask about the text, and how."""
    party, _ = whom_to_ask(piece, text_of(piece), today)
    return party, party.permissions_contact()


def standing_terms(piece: Piece, today: date) -> tuple[Terms, ...]:
    """What is said to the public about the text today by somebody who may speak for it."""
    text = text_of(piece)
    return tuple(
        terms
        for terms in piece.terms
        if terms.kind is TermsKind.STANDING
        and terms.assignee is None
        and terms.in_force(today)
        and covers(terms, text)
        and standing_of(terms.assigner, piece, text, today)[0] in SPEAKERS
    )


def licences(piece: Piece, today: date) -> tuple[str, ...]:
    """Addresses of the licences that permit something, in order and once each."""
    found = [
        url
        for terms in standing_terms(piece, today)
        if any(rule.effect is Effect.PERMIT for rule in terms.rules) and (url := uri_of(terms.url))
    ]
    return tuple(dict.fromkeys(found))


def credit_text(piece: Piece, today: date) -> str:
    """The credit line that the terms require; where they require none, the one good practice recommends."""
    conditions = [
        condition
        for terms in standing_terms(piece, today)
        for rule in terms.rules
        if rule.effect is Effect.PERMIT
        for condition in rule.conditions
    ]
    credit = credit_for(piece, conditions)
    return (credit.required or credit.recommended).text


def copyright_year(piece: Piece) -> int | None:
    """The year in the copyright notice; None when the notice names none."""
    found = _YEAR.search(text_of(piece).notice or piece.notice or "")
    return int(found[1]) if found else None


def copyright_notice(piece: Piece) -> str | None:
    return text_of(piece).notice or piece.notice


def original(piece: Piece) -> str | None:
    """The link to the original, unless it is known to be dead or to be an archived copy."""
    return uri_of(piece.source.url) if piece.source.url_status is LinkStatus.GIVEN else None


def archived(piece: Piece) -> str | None:
    return uri_of(piece.source.url) if piece.source.url_status is LinkStatus.ARCHIVED else None


def clauses(piece: Piece, today: date) -> tuple[str, ...]:
    """The verbatim clauses in force, once each."""
    return tuple(dict.fromkeys(terms.clause for terms in standing_terms(piece, today) if terms.clause))
