"""What the engine says to a proposed use, with its reasons in order."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ledger.rights.parties import Contact, Party
from ledger.rights.terms import Condition, Ground
from ledger.rights.uses import Action, Channel

__all__ = [
    "STRICTNESS",
    "Answer",
    "Ask",
    "AskReason",
    "Ground",
    "Outcome",
    "PieceAnswer",
    "Reason",
    "ReasonCode",
    "reason_of",
]


class Outcome(StrEnum):
    NO_PERMISSION_NEEDED = "no_permission_needed"
    PERMITTED = "permitted"
    ASK = "ask"
    PROHIBITED = "prohibited"


STRICTNESS = {
    Outcome.NO_PERMISSION_NEEDED: 0,
    Outcome.PERMITTED: 1,
    Outcome.ASK: 2,
    Outcome.PROHIBITED: 3,
}
"""Joining takes the strictest."""


class AskReason(StrEnum):
    RESERVED = "reserved"
    SILENT = "silent"
    UNKNOWN_FACTS = "unknown_facts"
    CONFLICT = "conflict"
    TITLE_UNKNOWN = "title_unknown"
    NO_SUBLICENCE = "no_sublicence"


class ReasonCode(StrEnum):
    """What a reason says, for machines; the sentence says it to people."""

    PUBLIC_DOMAIN = "public_domain"
    PUBLIC_DOMAIN_UNKNOWN = "public_domain_unknown"
    DERIVED = "derived"
    NOT_IN_FORCE = "not_in_force"
    NO_CLAIM = "no_claim"
    CLAIM_UNPROVEN = "claim_unproven"
    NO_SUBLICENCE = "no_sublicence"
    FOR_SOMEONE_ELSE = "for_someone_else"
    RULE_PERMITS = "rule_permits"
    RULE_RESERVES = "rule_reserves"
    RULE_PROHIBITS = "rule_prohibits"
    RULE_UNKNOWN = "rule_unknown"
    RULE_OUT_OF_REACH = "rule_out_of_reach"
    CONSENT_FIRST = "consent_first"
    PAYMENT_FIRST = "payment_first"
    CONDITION_BROKEN = "condition_broken"
    CLASH = "clash"
    SILENT = "silent"
    EXCEPTION_CLAIMED = "exception_claimed"
    WORK_STATUS = "work_status"
    ASK = "ask"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    code: ReasonCode
    sentence: str
    ground: Ground | None = None
    component_id: str | None = None
    action: Action | None = None
    channel: Channel | None = None
    facts: tuple[str, ...] = ()  # the facts that are unknown or that break a condition


_SETTERS = tuple(
    getattr(Reason, name).__set__
    for name in ("code", "sentence", "ground", "component_id", "action", "channel", "facts")
)
_code, _sentence, _ground, _component_id, _action, _channel, _facts = _SETTERS
_new = object.__new__


def reason_of(
    code: ReasonCode,
    sentence: str,
    ground: Ground | None,
    component_id: str,
    action: Action,
    channel: Channel | None,
    facts: tuple[str, ...] = (),
) -> Reason:
    """A Reason at two fifths of the price: an answer makes one for every rule it reads.

    It fills the slots through their own descriptors, as the generated constructor of a frozen class does by name.
    """
    made = _new(Reason)
    _code(made, code)
    _sentence(made, sentence)
    _ground(made, ground)
    _component_id(made, component_id)
    _action(made, action)
    _channel(made, channel)
    _facts(made, facts)
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Whom to ask, how to reach them (None: no address is known), and why."""

    party: Party | None
    contact: Contact | None
    reason: AskReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer for one component. ``ask`` is set exactly when the outcome is ask.

    ``unknown_facts`` are the names of the fields of the use that would settle it. ``exception_claimed``
    holds the ids
    of assessments shown beside the outcome; they never change it.
    """

    component_id: str
    outcome: Outcome
    reasons: tuple[Reason, ...]
    conditions: tuple[Condition, ...] = ()
    ask: Ask | None = None
    unknown_facts: tuple[str, ...] = ()
    exception_claimed: tuple[str, ...] = ()
    exception_notice: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceAnswer:
    """Every component that the use touches, and the strictest outcome of them. ``asks`` has one entry per
    party."""

    piece_id: str
    outcome: Outcome
    components: tuple[Answer, ...]
    conditions: tuple[Condition, ...] = ()
    asks: tuple[Ask, ...] = ()
    unknown_facts: tuple[str, ...] = ()
