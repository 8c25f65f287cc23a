"""What a decision gives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ledger.rights.parties import Party
from ledger.rights.scope import Axis, Scope
from ledger.rights.tariff import Money
from ledger.rights.terms import Action, Condition


class GrantState(StrEnum):
    ISSUED = "issued"
    AMENDED = "amended"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"
    EXPIRED = "expired"


LIVE = frozenset({GrantState.ISSUED, GrantState.AMENDED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """Permission from ``grantor`` to ``assignee``. ``scope.exclusive`` makes it an exclusive one.

    ``letter`` is the number of the letter that carries it; None while it is only proposed.
    """

    id: str
    piece_id: str
    grantor: Party
    assignee: Party
    component_ids: tuple[str, ...]
    actions: frozenset[Action]
    scope: Scope
    conditions: tuple[Condition, ...] = ()
    credit_line: str | None = None
    fee: Money | None = None
    sublicence: bool = False
    granted_on: date | None = None
    letter: str | None = None
    amends: str | None = None  # the number of the letter that this one replaces
    state: GrantState = GrantState.ISSUED


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a grant may not be issued: the axis, one line that says what to change, and the letter it
    collides with."""

    axis: Axis
    message: str
    component_id: str | None = None
    letter: str | None = None
