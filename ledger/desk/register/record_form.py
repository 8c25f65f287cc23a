"""The record of a piece as a person confirms it: the keys of the draft record, checked.

Unknown stays null. A blank string from a form means unknown, never an empty name.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from ledger.desk.refusals import BadInput
from ledger.intake.urls import NotAWebAddress, is_web_address, normalise_url
from ledger.rights.codes import ConditionCode
from ledger.rights.pieces import ComponentKind, LinkStatus
from ledger.rights.terms import Action, Effect
from ledger.rights.uses import Channel


def blank_is_unknown(value: Any) -> Any:
    """A form's blank field says nothing."""
    return None if isinstance(value, str) and not value.strip() else value


def _web_address(value: str | None) -> str | None:
    if value:
        try:
            normalise_url(value)
        except NotAWebAddress as error:
            raise ValueError(str(error)) from None
        if not is_web_address(value):
            raise ValueError("Write the whole address, with https:// or http:// in front.")
    return value


Words = Annotated[
    Annotated[str, Field(max_length=10_000)] | None, BeforeValidator(blank_is_unknown), Field(None)
]
Url = Annotated[str | None, BeforeValidator(blank_is_unknown), AfterValidator(_web_address)]
Day = Annotated[date | None, BeforeValidator(blank_is_unknown)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)


class AuthorShape(_Shape):
    name: str = Field(min_length=1, max_length=300)
    type: Annotated[Literal["person", "organization"] | None, BeforeValidator(blank_is_unknown), Field(None)]


class SourceShape(_Shape):
    """``arrangement``: under which arrangement with the source the piece came ("syndication"), if any."""

    name: Words = None
    url: Url = None
    url_status: Annotated[LinkStatus | None, BeforeValidator(blank_is_unknown)] = None
    published: Day = None
    arrangement: Words = None


class RepublisherShape(_Shape):
    name: Words = None
    legal_name: Words = None
    published: Day = None


class CopyrightShape(_Shape):
    notice: Words = None
    holders: list[Annotated[str, Field(min_length=1, max_length=300)]] = Field(default_factory=list)
    year: Annotated[Annotated[int, Field(ge=1600, le=2200)] | None, BeforeValidator(blank_is_unknown)] = None


class LicenceShape(_Shape):
    id: Words = None
    url: Url = None
    scope: str = "page"


class ConditionShape(_Shape):
    code: ConditionCode
    parameter: Words = None


def _condition(value: Any) -> Any:
    return {"code": value} if isinstance(value, str) else value


class TermShape(_Shape):
    effect: Effect
    action: Action
    channel: Annotated[Channel | None, BeforeValidator(blank_is_unknown)] = None
    commercial: Annotated[bool | None, BeforeValidator(blank_is_unknown)] = None
    conditions: list[Annotated[ConditionShape, BeforeValidator(_condition)]] = Field(default_factory=list)
    contact: Words = None
    clause: Words = None
    by: Words = None
    covers: Words = None


class FairUseShape(_Shape):
    notice: bool = False
    nonprofit_claim: Annotated[bool | None, BeforeValidator(blank_is_unknown)] = None
    grounds: list[str] = Field(default_factory=list)
    beyond: Words = None
    clause: Words = None


class ContactShape(_Shape):
    email: str = Field(min_length=1, max_length=254)
    roles: list[str] = Field(default_factory=list)


def _years(value: Any) -> Any:
    """ "1912; unknown" as [1912, None]: an author whose year of death is not known, or who lives, is None."""
    if not isinstance(value, str):
        return value
    parts = [part.strip() for part in re.split(r"[;,]", value)]
    return [None if part.lower() in {"unknown", "?", "living"} else part for part in parts if part]


class PublicDomainShape(_Shape):
    """Facts by which the term of protection is reckoned; blank where nobody states them."""

    deaths: Annotated[
        list[Annotated[int, Field(ge=1000, le=2200)] | None],
        BeforeValidator(_years),
        Field(default_factory=list),
    ]
    published: Annotated[
        Annotated[int, Field(ge=1000, le=2200)] | None, BeforeValidator(blank_is_unknown), Field(None)
    ]
    anonymous: bool = False


def _no_facts(value: Any) -> Any:
    return value if isinstance(value, Mapping) and any(value.values()) else None


PublicDomainFacts = Annotated[PublicDomainShape | None, BeforeValidator(_no_facts), Field(None)]


class ComponentShape(_Shape):
    """A part with its own rights. ``holder`` is who marks it with ``licence``; unknown leaves its title unknown."""

    kind: ComponentKind
    label: Words = None
    credit: Words = None
    notice: Words = None
    licence: Words = None
    holder: Words = None
    public_domain: PublicDomainFacts


class RecordShape(_Shape):
    """Everything a person confirms about a piece."""

    title: str = Field(min_length=1, max_length=1_000)
    subtitle: Words = None
    language: Annotated[
        Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$")] | None,
        BeforeValidator(blank_is_unknown),
    ] = None
    authors: list[AuthorShape] = Field(default_factory=list)
    source: SourceShape = Field(default_factory=SourceShape)
    republisher: RepublisherShape = Field(default_factory=RepublisherShape)
    canonical_url: Url = None
    copyright: CopyrightShape = Field(default_factory=CopyrightShape)
    licence: LicenceShape = Field(default_factory=LicenceShape)
    terms: list[TermShape] = Field(default_factory=list)
    fair_use: FairUseShape = Field(default_factory=FairUseShape)
    contacts: list[ContactShape] = Field(default_factory=list)
    components: list[ComponentShape] = Field(default_factory=list)
    public_domain: PublicDomainFacts


def read_record(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record as plain data with every value checked. Raises ``BadInput`` with every wrong field."""
    try:
        return RecordShape.model_validate(dict(record)).model_dump(mode="json")
    except ValidationError as error:
        raise BadInput(errors_of(error)) from error


def errors_of(error: ValidationError) -> dict[str, str]:
    """Every wrong field by its dotted name, with one line on what to do."""
    return {_place(each): _sentence(each) for each in error.errors()}


def _place(problem: Any) -> str:
    return ".".join(str(part) for part in problem["loc"])


def _sentence(problem: Any) -> str:
    place, kind = _place(problem), problem["type"]
    if place == "title":
        return "Give the title; a piece cannot be registered without one."
    if kind == "enum" and problem["input"] == "":
        return "Choose one."
    if kind == "enum":
        return f"{problem['input']!r} is not known here; use {problem['ctx']['expected']}."
    if place == "copyright.year" or (".published" in place and kind.startswith("int")):
        return "Write the year in four figures, such as 2022, or leave it blank."
    if "deaths" in place:
        return "Write years in four figures, or “unknown”, with a semicolon between authors."
    if kind.startswith("date"):
        return "Write the date as year-month-day, such as 2026-03-05, or leave it blank."
    if place == "language":
        return "Use the language's code, such as en or pt-BR, or leave it blank."
    if kind == "too_short":
        return "Add at least one line."
    if kind in {"missing", "string_too_short"}:
        return "Fill this in, or take the line away."
    if kind == "string_too_long":
        return f"This is too long: at most {problem['ctx']['max_length']} characters."
    return str(problem["msg"]).removeprefix("Value error, ")
