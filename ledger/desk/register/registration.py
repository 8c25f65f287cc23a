"""What is known when a piece is confirmed: the record a person left, and who stands behind it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from ledger.rights.parties import Party, PartyKind

FindParty = Callable[[str, PartyKind], Party]


@dataclass(frozen=True)
class Registration:
    """What is known when a piece is confirmed. ``record`` has the keys of the draft record.

    ``find_source`` finds the source as a party only if it is on record as one.
    """

    record: dict[str, Any]
    publisher: Party
    find_party: FindParty
    today: date
    stated_by: str
    holder_is_publisher: bool = False
    snapshot_sha256: str | None = None
    url: str | None = None
    find_source: Callable[[str], Party | None] | None = None


def names(party: Party, name: str | None) -> bool:
    """Whether the party bears the name, case, full stops and a leading "the" aside."""
    return any(same_name(known, name) for known in (party.name, party.legal_name, *party.other_names))


def same_name(one: str | None, other: str | None) -> bool:
    """Whether two names are spelled alike."""
    return bool(one and other) and _key(one or "") == _key(other or "")


def _key(name: str) -> str:
    folded = " ".join(name.casefold().replace(".", "").split())
    return folded.removeprefix("the ")
