"""Rows of the TDM Reservation Protocol (W3C Community Group report, 10 May 2024).

It serves article 4(3) of Directive (EU) 2019/790: the holder may expressly reserve text and data mining. So a
row says 1 where terms in force reserve or prohibit training on any component, 0 where all of it is permitted
without a condition, and there is no row where nothing was said: neither is ours to invent.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from html import escape
from urllib.parse import urlsplit

from ledger.interchange.naming import BASE_URL, Names
from ledger.rights.answers import Outcome
from ledger.rights.codes import ConditionCode
from ledger.rights.evaluation import evaluate_piece
from ledger.rights.pieces import Piece
from ledger.rights.terms import Effect, Modality, Rule, TermsKind
from ledger.rights.uses import Action, ProposedUse

WELL_KNOWN = "/.well-known/tdmrep.json"


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

    def as_headers(self) -> list[tuple[str, str]]:
        """HTTP response fields of the resource itself."""
        found = [("tdm-reservation", str(self.reservation))]
        return [*found, ("tdm-policy", self.policy)] if self.policy else found

    def as_meta(self) -> str:
        """HTML meta elements, escaped."""
        return "\n".join(
            f'<meta name="{name}" content="{escape(value)}">' for name, value in self.as_headers()
        )


def tdm_rows(piece: Piece, *, today: date, base_url: str = BASE_URL) -> tuple[TdmRow, ...]:
    """One row for each path of the piece; none when nothing is said about mining, or it has no address."""
    reservation = _reservation(piece, today)
    if reservation is None:
        return ()
    policy = Names(base_url).piece(piece.id) if reservation else None
    paths = dict.fromkeys(_pattern(url) for url in piece.urls)
    return tuple(TdmRow(location=path, reservation=reservation, policy=policy) for path in paths)


def well_known(rows: tuple[TdmRow, ...]) -> bytes:
    """The whole of /.well-known/tdmrep.json, as UTF-8 JSON."""
    return (json.dumps([row.as_entry() for row in rows], ensure_ascii=False, indent=1) + "\n").encode()


def _pattern(url: str) -> str:
    """The path and query; "*" and "$" have a meaning in a pattern and stand here for themselves."""
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return path.replace("*", "%2A").replace("$", "%24")


def _reservation(piece: Piece, today: date) -> int | None:
    public = [t for t in piece.terms if t.kind is TermsKind.STANDING and t.in_force(today)]
    if any(_reserves(rule) for terms in public for rule in terms.rules):
        return 1
    answer = evaluate_piece(piece, ProposedUse(actions=(Action.AI_TRAIN,)), today)
    if answer.outcome is Outcome.NO_PERMISSION_NEEDED:
        return 0
    if answer.outcome is not Outcome.PERMITTED:
        return None
    return 1 if any(c.modality is Modality.MUST for c in answer.conditions) else 0


def _reserves(rule: Rule) -> bool:
    if rule.action is Action.AI_TRAIN and rule.effect is not Effect.PERMIT:
        return True
    codes = {c.code for c in rule.conditions if c.modality in (Modality.MUST, Modality.MUST_NOT)}
    return ConditionCode.AI_TRAINING_PROHIBITED in codes
