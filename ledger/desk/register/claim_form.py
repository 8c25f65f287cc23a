"""What somebody who files a claim says of it, read from whatever door it came by."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ledger.desk.refusals import BadInput
from ledger.mail import UnsafeHeader, check_address
from ledger.rights.pieces import ClaimRole
from ledger.rights.wire import BadPlain, from_plain

EVIDENCE_KINDS = ("statement", "contract", "mail", "notice", "byline", "register", "letter")
"""Where the words of a claim may stand."""
LONGEST = {"evidence": 20_000}
LONGEST_ELSE = 300
"""Characters of a field."""
MAX_DOCUMENT = 20_000_000
"""Bytes of the document that shows a claim."""


@dataclass(frozen=True)
class ClaimForm:
    """A claim as it was said. ``component`` is an id, empty for the text; ``principal`` the name of a holder."""

    party: str
    evidence: str
    role: ClaimRole
    kind: str
    component: str
    email: str
    evidence_kind: str
    principal: str
    valid_from: date | None
    valid_to: date | None


CLAIM_FIELDS = tuple(ClaimForm.__dataclass_fields__)


def read_claim(given: Mapping[str, Any]) -> ClaimForm:
    """The form in ``given``, whose values are texts. Raises ``BadInput`` with every field that is wrong."""
    errors: dict[str, str] = {
        str(name)[:80]: f"A claim has no such field; it has {', '.join(CLAIM_FIELDS)}."
        for name in set(given) - set(CLAIM_FIELDS)
    }
    said = {name: _text(given.get(name), name, errors) for name in CLAIM_FIELDS}
    if not said["party"]:
        errors.setdefault("party", "Name the party whose claim it is.")
    if not said["evidence"]:
        missing = "Quote the words the claim rests on; without evidence the title stays unknown."
        errors.setdefault("evidence", missing)
    _one_of(said, "kind", ("organisation", "person"), errors)
    _one_of(said, "evidence_kind", EVIDENCE_KINDS, errors)
    role = _read(said, "role", ClaimRole, "", errors) or ClaimRole.HOLDER
    a_day = "Write the date as year-month-day, such as 2026-03-05."
    first, last = (_read(said, name, date, a_day, errors) for name in ("valid_from", "valid_to"))
    if first and last and last < first:
        errors["valid_to"] = "The last day falls before the first: change one of the two."
    if said["email"]:
        try:
            said["email"] = check_address("email", said["email"])
        except UnsafeHeader as error:
            errors.setdefault("email", str(error).removeprefix("email: "))
    if errors:
        raise BadInput(errors)
    return ClaimForm(**{**said, "role": role, "valid_from": first, "valid_to": last})


def check_document(content: bytes | None) -> None:
    """Raise ``BadInput`` for a document that is empty or too large to be kept."""
    if content is not None and not content:
        raise BadInput({"document": "The file is empty; choose it again."})
    if content is not None and len(content) > MAX_DOCUMENT:
        raise BadInput({"document": "The file is larger than 20 MB. Give the page that matters."})


def _text(value: Any, name: str, errors: dict[str, str]) -> str:
    if value is not None and not isinstance(value, str):
        errors[name] = "Write this as text."
        return ""
    text = (value or "").strip()
    most = LONGEST.get(name, LONGEST_ELSE)
    if len(text) > most:
        errors[name] = f"This is longer than {most:,} characters; shorten it."
    return text


def _one_of(said: dict[str, str], name: str, known: tuple[str, ...], errors: dict[str, str]) -> None:
    """Left open, it is the first of those that are known."""
    said[name] = said[name] or known[0]
    if said[name] not in known:
        errors.setdefault(name, f"Choose one of {', '.join(known)}.")


def _read(said: dict[str, str], name: str, kind: type[Any], words: str, errors: dict[str, str]) -> Any:
    try:
        return from_plain(kind, said[name]) if said[name] else None
    except BadPlain as error:
        errors.setdefault(name, words or error.message)
        return None
