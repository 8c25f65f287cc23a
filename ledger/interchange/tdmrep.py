"""Rows of the TDM Reservation Protocol (W3C Community Group report, 10 May 2024).

A location is a pattern: it matches every path that begins with it, unless it ends in "$". A row of ours is about
one page and never about its neighbours, so each ends there.

It serves article 4(3) of Directive (EU) 2019/790: the holder may expressly reserve text and data mining. So a
row says 1 where terms in force reserve or prohibit training on any component, 0 where all of it is permitted
without a condition, and there is no row where nothing was said: neither is ours to invent.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote, urlsplit

from ledger.interchange.naming import BASE_URL, Names, uri_of
from ledger.rights.answers import Outcome
from ledger.rights.codes import ConditionCode
from ledger.rights.evaluation import evaluate_piece
from ledger.rights.pieces import Piece
from ledger.rights.terms import Effect, Modality, Rule, TermsKind
from ledger.rights.uses import Action, ProposedUse

BINDING = frozenset({Modality.MUST, Modality.MUST_NOT})


@dataclass(frozen=True, slots=True, kw_only=True)
class TdmRow:
    """``location`` is a path pattern on the origin server; ``reservation`` 1 is reserved; ``policy`` an address."""

    location: str
    reservation: int
    policy: str | None = None

    def as_entry(self) -> dict[str, str | int]:
        """One object of the array in /.well-known/tdmrep.json."""
        entry: dict[str, str | int] = {"location": self.location, "tdm-reservation": self.reservation}
        return entry | ({"tdm-policy": self.policy} if self.policy else {})


def tdm_rows(piece: Piece, *, today: date, base_url: str = BASE_URL) -> tuple[TdmRow, ...]:
    """The rows for each path of the piece; none when nothing is said about mining, or it has no address."""
    reservation = _reservation(piece, today)
    if reservation is None:
        return ()
    policy = Names(base_url).piece(piece.id) if reservation else None
    locations = dict.fromkeys(
        each for url in piece.urls if (uri := uri_of(url)) for each in _locations(uri, bool(reservation))
    )
    return tuple(TdmRow(location=each, reservation=reservation, policy=policy) for each in locations)


def well_known(rows: tuple[TdmRow, ...]) -> bytes:
    """The whole of /.well-known/tdmrep.json, as UTF-8 JSON."""
    return (json.dumps([row.as_entry() for row in rows], ensure_ascii=False, indent=1) + "\n").encode()


def _locations(uri: str, reserved: bool) -> list[str]:
    """The page itself. A reservation also holds for the page with a query behind it (a tracker's, say); leave is
    not stretched that far, since another query may be another page."""
    parts = urlsplit(uri)
    path = _octets(parts.path or "/")
    if parts.query:
        return [f"{path}?{_octets(parts.query)}$"]
    return [f"{path}$", f"{path}?"] if reserved else [f"{path}$"]


def _octets(text: str) -> str:
    """As a reader compares it: unreserved characters (RFC 3986, 2.3) plain, what is not ASCII encoded, and "*" and
    "$", which mean something in a pattern, encoded where they stand for themselves."""
    plain = re.sub(r"%(2[DEde]|3\d|[46][1-9A-Fa-f]|[57][0-9Aa]|5[Ff]|7[Ee])", _decoded, text)
    return quote(plain, safe="/:@!&'()+,;=?#[]%~")


def _decoded(found: re.Match[str]) -> str:
    return chr(int(found[1], 16))


def _reservation(piece: Piece, today: date) -> int | None:
    public = [t for t in piece.terms if t.kind is TermsKind.STANDING and t.in_force(today)]
    if any(_reserves(rule) for terms in public for rule in terms.rules):
        return 1
    answer = evaluate_piece(piece, ProposedUse(actions=(Action.AI_TRAIN,)), today)
    if answer.outcome is Outcome.NO_PERMISSION_NEEDED:
        return 0
    if answer.outcome is not Outcome.PERMITTED:
        return None
    return 1 if any(c.modality in BINDING for c in answer.conditions) else 0


def _reserves(rule: Rule) -> bool:
    if rule.action is Action.AI_TRAIN and rule.effect is not Effect.PERMIT:
        return True
    codes = {c.code for c in rule.conditions if c.modality in BINDING}
    return ConditionCode.AI_TRAINING_PROHIBITED in codes
