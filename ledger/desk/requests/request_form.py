"""The request form: one shape for the web form, the JSON door and the command line.

Who asks is checked here; what they want to do is checked by ``rights.use_reader``. Every error is
reported at once, each under its field's own name.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, EmailStr, Field, ValidationError
from pydantic_core import PydanticCustomError
from stdnum import isbn, issn

from ledger.desk.refusals import BadInput
from ledger.mail import UnsafeHeader, check_address
from ledger.rights import use_reader
from ledger.rights.countries import COUNTRIES
from ledger.rights.uses import BadUse, ProposedUse
from ledger.said import said

MAX_PIECES = 20
# C1 controls too: a terminal that lists requests obeys them.
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
_BLANK = re.compile(r"[\s\u00ad\u115f\u1160\u200b-\u200f\u2060-\u2064\u3164\ufeff]*")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def one_line(text: str) -> str:
    """Refuse what could break out of a mail header or a line of a letter, and a text that nobody can see."""
    if _UNSAFE.search(text):
        raise ValueError(said("Write this on one line, without control characters."))
    if text and _BLANK.fullmatch(text):
        raise ValueError(said("Write this in letters that can be seen."))
    return " ".join(text.split())


def _several_lines(text: str) -> str:
    if _UNSAFE.search(re.sub(r"[\r\n\t]", " ", text)):
        raise ValueError("Write this without control characters.")
    return text


def _can_be_written_to(address: str) -> str:
    try:
        check_address("email", address)
    except UnsafeHeader:
        said = (
            "Mail cannot be sent to this address; give one with plain letters, figures and dots before the @."
        )
        raise PydanticCustomError("not_mailable", said) from None
    return address


def _language(tag: str) -> str:
    if not _LANGUAGE.fullmatch(tag):
        raise ValueError("Use the language's code, such as en or pt-BR.")
    return tag


def _country(code: str) -> str:
    if code not in COUNTRIES:
        raise ValueError("Use the two-letter code of the country, such as CA.")
    return code


Line = Annotated[str, Field(max_length=200), AfterValidator(one_line)]


class Requester(BaseModel):
    """Who asks. ``licensee`` is the legal name the letter is made out to."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    name: Line = Field(min_length=1)
    email: Annotated[EmailStr, AfterValidator(_can_be_written_to)]
    organisation: Line | None = None
    country: Annotated[str, AfterValidator(_country)] | None = None
    phone: Line | None = None
    vat_id: Line | None = None
    purchase_order: Line | None = None
    licensee: Line = Field(min_length=1)
    on_behalf_of: Line | None = None
    language: Annotated[str, Field(max_length=35), AfterValidator(_language)] = "en"
    message: Annotated[str, Field(max_length=5_000), AfterValidator(_several_lines)] | None = None
    terms_accepted: bool = False


@dataclass(frozen=True)
class RequestForm:
    """A form that was understood: what was asked for, by whom, as given (``use_plain``) and as read (``use``)."""

    pieces: tuple[str, ...]
    requester: Requester
    use: ProposedUse
    use_plain: dict[str, Any]

    def document(self) -> dict[str, Any]:
        """As recorded with the request; names and addresses are kept apart, in erasable columns."""
        kept = self.requester.model_dump(
            exclude={"name", "email", "organisation", "phone"}, exclude_none=True
        )
        return {"requester": kept, "use": self.use_plain, "pieces": list(self.pieces)}


def read_form(data: Mapping[str, Any], today: date | None = None) -> RequestForm:
    """Read ``{"pieces": [...], "name": ..., "email": ..., "use": {...}}``; the use's facts may stand beside it.

    With ``today``, a use that is over by then is refused: a permission for it would have ended before it was given.
    Raises ``BadInput`` with every wrong field: the requester's under their names, the use's under ``use.NAME``.
    """
    errors: dict[str, str] = {}
    pieces = _pieces(data.get("pieces"), errors)
    person = {key: value for key, value in data.items() if key in Requester.model_fields}
    requester = _requester(person, errors)
    use_plain = _use_of(data)
    use = read_use(use_plain, errors)
    if use and use.end and today and use.end < today:
        errors["use.end"] = said("This day is over. Give a last day that is still to come.")
    if errors or requester is None or use is None:
        raise BadInput(errors)
    return RequestForm(pieces, requester, use, dict(use_plain or {}))


def _use_of(data: Mapping[str, Any]) -> Any:
    """Whatever is about neither the pieces nor the person is about the use."""
    given = data.get("use")
    if given is not None and not isinstance(given, Mapping):
        return given
    known = {"pieces", "use", *Requester.model_fields}
    return {**{key: value for key, value in data.items() if key not in known}, **(given or {})}


def read_use(given: Any, errors: dict[str, str], prefix: str = "use.") -> ProposedUse | None:
    """The use, or None with its errors added under ``prefix``."""
    if not isinstance(given, Mapping):
        errors[prefix.rstrip(".") or "use"] = (
            "Say what you want to do with the piece: an object of named facts."
        )
        return None
    given = dict(given)
    _check_numbers(given, errors, prefix)
    try:
        return use_reader.read_use(given)
    except BadUse as error:
        errors.update({prefix + field: message for field, message in error.errors.items()})
        return None


def _check_numbers(given: dict[str, Any], errors: dict[str, str], prefix: str) -> None:
    if given.get("isbn") and not isbn.is_valid(str(given["isbn"])):
        errors[f"{prefix}isbn"] = (
            "This is no valid ISBN: its check digit does not fit. Copy it from the book."
        )
    if given.get("issn") and not issn.is_valid(str(given["issn"])):
        errors[f"{prefix}issn"] = (
            "This is no valid ISSN: its check digit does not fit. Copy it from the journal."
        )


def _pieces(given: Any, errors: dict[str, str]) -> tuple[str, ...]:
    if isinstance(given, str):
        given = [given]
    if not isinstance(given, list) or not given or not all(isinstance(each, str) for each in given):
        errors["pieces"] = "Name at least one piece, by its id or by its address."
        return ()
    unique = tuple(dict.fromkeys(given))
    if len(unique) > MAX_PIECES:
        errors["pieces"] = f"One request may name {MAX_PIECES} pieces; send another for the rest."
    return unique


def _requester(person: Mapping[str, Any], errors: dict[str, str]) -> Requester | None:
    try:
        return Requester.model_validate(
            {"licensee": person.get("organisation") or person.get("name"), **person}
        )
    except ValidationError as error:
        for problem in error.errors():
            field = ".".join(str(part) for part in problem["loc"]) or "name"
            errors.setdefault(field, sentence_of(field, problem))
        return None


SAID_AS = {"email": "e-mail address", "licensee": "legal name"}
"""What the form calls a field, where its name is another."""


def sentence_of(field: str, problem: Any) -> str:
    """What is wrong with a field, in a plain line; ``problem`` is one of pydantic's errors."""
    kind = problem["type"]
    if kind == "extra_forbidden":
        return f"{field} is no field of the form; leave it out."
    if kind in ("missing", "string_too_short") or problem.get("input") in (None, ""):
        return f"Give your {SAID_AS.get(field, field.replace('_', ' '))}."
    if kind == "string_too_long":
        return f"This is longer than {problem['ctx']['max_length']} characters; shorten it."
    if field == "email" and kind != "not_mailable":
        return "This is no complete e-mail address; it needs a name, an @ and a domain."
    return str(problem["msg"]).removeprefix("Value error, ")


ASKED_OF_ALL = {
    "portion": "Say how much of the piece you want to use.",
    "channels": "Say where it would appear; tick at least one.",
    "is_commercial": "Say whether it is commercial; “I am not sure” is an answer.",
    "requester_type": "Say who would use it.",
    "modification": "Say whether you would change it; “I am not sure” is an answer.",
    "purpose": "Say what it is for.",
    "territory": "Say where it would be read or sold: “world”, or the countries.",
    "language": "Choose the language it would appear in.",
    "duration": "Say for how long, or for which editions.",
}
ASKED_FOR_PRINT = {
    "product": "Say what kind of publication it is.",
    "title": "Give the title of the publication; a working title will do.",
    "publisher": "Name who publishes it.",
    "formats": "Name at least one format with its number of copies.",
}
ASKED_ONLINE = {"urls": "Give the address or account where it would appear; a planned one will do."}
ONLINE = frozenset({"community_site", "nonprofit_site", "commercial_site", "public_website", "social"})


def still_needed(use: Mapping[str, Any], unsure: Collection[str] = ()) -> dict[str, str]:
    """What a request page has to ask before staff can decide: field and sentence, none when all is there.

    ``unsure`` names questions that were answered by "I am not sure": an answer, and nothing is assumed from it.
    """
    channels = set(use.get("channels") or ())
    asked = dict(ASKED_OF_ALL)
    if "print" in channels:
        asked |= ASKED_FOR_PRINT
    if channels & ONLINE:
        asked |= ASKED_ONLINE
    if use.get("duration") == "fixed_term":
        asked["end"] = "Give the last day, or choose another time."
    return {name: says for name, says in asked.items() if not use.get(name) and name not in unsure}
