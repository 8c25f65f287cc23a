"""What a correction of a letter may say, read and checked: names, titles, and facts of the use."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from stdnum import isbn, issn

from ledger.desk.refusals import BadInput
from ledger.desk.requests.request_form import Line, read_use, sentence_of
from ledger.rights.parties import Party
from ledger.rights.scope import Axis
from ledger.rights.uses import ProposedUse

TEXTS = ("title", "author", "publisher", "identifier")
"""Facts of the use that are words: an empty one takes the fact off the letter."""
BOUNDS = ("territory", "language", "start", "end", "formats")
"""Facts of the use that bound it: to take one off would grant more."""
CORRECTABLE = (*TEXTS, "urls", *BOUNDS)
"""Facts of the use that a corrected letter may say otherwise, as long as it grants nothing more."""
FACTS_OF: Mapping[Axis, tuple[str, ...]] = {
    Axis.TERRITORY: ("territory",),
    Axis.LANGUAGE: ("language",),
    Axis.PERIOD: ("start", "end"),
    Axis.FORMAT: ("formats",),
    Axis.QUANTITY: ("formats",),
}
"""By which facts a grant goes beyond another on an axis."""


class Corrections(BaseModel):
    """What the letter should have said. What is left out, or is the same, stays as it is."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    licensee: Line | None = Field(None, min_length=1)
    contact: Line | None = None  # the person the letter is addressed to
    credit_line: str | None = Field(None, min_length=1, max_length=1_000)
    use: dict[str, Any] = Field(default_factory=dict)
    reason: str = Field("", max_length=2_000)  # printed on the letter, in its writer's own words


def read_corrections(corrections: Mapping[str, Any]) -> Corrections:
    """Raises ``BadInput`` with every wrong field."""
    try:
        return Corrections.model_validate(dict(corrections))
    except ValidationError as error:
        errors: dict[str, str] = {}
        for problem in error.errors():
            name = ".".join(str(part) for part in problem["loc"]) or "licensee"
            errors.setdefault(name, sentence_of(name, problem))
        raise BadInput(errors) from error


def corrected_use(said: ProposedUse, facts: Mapping[str, Any]) -> ProposedUse:
    """The use with the facts given; an empty text takes it off. Raises ``BadInput``, fields under ``use.NAME``."""
    errors = {
        f"use.{name}": "This is no slip of a letter; send a new request for it."
        for name in facts
        if name not in CORRECTABLE
    }
    errors |= {
        f"use.{name}": "Without it the letter would grant more; give what it should have said."
        for name in BOUNDS
        if name in facts and not facts[name] and getattr(said, name)
    }
    number = facts.get("identifier")
    if number and not isbn.is_valid(str(number)) and not issn.is_valid(str(number)):
        errors["use.identifier"] = "This is no valid ISBN or ISSN: its check digit does not fit."
    whole = {name: facts[name] for name in facts if name in CORRECTABLE and facts[name] not in (None, "", [])}
    read = read_use(whole, errors)
    if read is None or errors:
        raise BadInput(errors)
    known = {each.name for each in fields(ProposedUse)}
    changed: dict[str, Any] = {name: getattr(read, name) for name in whole if name in known}
    changed |= {name: None for name in facts if name in TEXTS and not facts[name]}
    return replace(said, **changed)


def named(party: Party, name: str | None) -> Party:
    """The party under its right name. It stays the same party: a letter is not handed to another by correcting it."""
    if name is None or name == (party.legal_name or party.name):
        return party
    return replace(party, name=name, legal_name=name if party.legal_name else None)


def reached_by(party: Party, contact: str | None) -> Party:
    """The party with the right person to write to; unchanged where none is given, or it has no contact at all."""
    if not contact or not party.contacts or contact == party.contacts[0].name:
        return party
    first = replace(party.contacts[0], name=contact)
    return replace(party, contacts=(first, *party.contacts[1:]))
