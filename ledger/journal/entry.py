"""Journal entries: what a leaf of the tree holds.

A leaf is one JSON object in canonical form (RFC 8785), at most 65,535 bytes, with exactly these keys::

    at         when, UTC: "2026-03-06T09:30:00.000000Z"
    kind       what was done: a key of ``KINDS``, such as "letter.issued"
    nonce      32 random bytes in hex: nobody can guess a leaf from its hash
    payload    the act, as the kind's version says; never personal data
    personal   {field: commitment in hex}: what personal data the act knew, without showing it
    publisher  whose journal this is
    v          version of the payload's form, counted per kind from 1

A commitment is HMAC-SHA256(key = a random 32-byte salt, message = field || 0x00 || value). Salt and value
live in rows that can be erased; without them nobody can tell what the commitment was to. The leaf stays as
it is.
"""

import hmac
import json
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import rfc8785

from ledger.journal.tiles import MAX_ENTRY_SIZE

NONCE_SIZE = 32
SALT_SIZE = 32
MAX_DEPTH = 24
MAX_INTEGER = 2**53 - 1  # beyond it, JSON readers that count in floats read another number
_KEYS = frozenset({"at", "kind", "nonce", "payload", "personal", "publisher", "v"})
_HEX64 = re.compile(r"[0-9a-f]{64}")
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False)
_AT = "%Y-%m-%dT%H:%M:%S.%fZ"


class InvalidEntry(ValueError):
    """The entry cannot be made or read; the message names the place and what to do."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of act. ``required``: key of the payload -> type it must have; further keys are free."""

    name: str
    about: str
    required: Mapping[str, type] = field(default_factory=dict)
    version: int = 1


KINDS: dict[str, Kind] = {}
_KIND_NAME = re.compile(r"[a-z]+(?:\.[a-z_]+)+")


def register_kind(kind: Kind) -> Kind:
    """Add a kind. Raises InvalidEntry for a malformed name or one that is taken by another definition."""
    if not _KIND_NAME.fullmatch(kind.name):
        raise InvalidEntry(f"a kind is named like letter.issued, not {kind.name!r}")
    if KINDS.setdefault(kind.name, kind) != kind:
        raise InvalidEntry(f"the kind {kind.name} is already defined otherwise")
    return kind


for _kind in (
    Kind("publisher.opened", "a publisher opened its register", {"publisher": str}),
    Kind("publisher.changed", "a publisher's own details changed", {"publisher": str}),
    Kind("piece.registered", "a piece entered the register", {"piece": str}),
    Kind("piece.corrected", "a piece's record was corrected", {"piece": str}),
    Kind("piece.withdrawn", "a piece was taken out of the register", {"piece": str}),
    Kind("terms.recorded", "terms were recorded for a piece or a source", {"terms": str}),
    Kind("terms.ended", "inbound terms ended or were withdrawn", {"terms": str}),
    Kind("claim.filed", "somebody's claim to a component was recorded", {"claim": str}),
    Kind("claim.withdrawn", "a claim filed in error was withdrawn", {"claim": str}),
    Kind("assessment.made", "an exception was assessed by a person", {"assessment": str}),
    Kind("request.submitted", "an outside party asked", {"request": str}),
    Kind(
        "request.changed", "a request moved on: quoted, accepted, withdrawn", {"request": str, "state": str}
    ),
    Kind("invoice.opened", "an accepted price was asked for", {"request": str, "invoice": str}),
    Kind(
        "payment.recorded", "money came in for a request, or was paid back", {"request": str, "payment": str}
    ),
    Kind("item.decided", "one item of a request was decided", {"item": str, "outcome": str}),
    Kind("item.referred", "an item was referred to its owner", {"item": str}),
    Kind("owner.answered", "an owner answered through the owner's door", {"item": str}),
    Kind(
        "letter.decided",
        "a letter got its number and its content",
        {"letter": str, "number": str, "kind": str},
    ),
    Kind("letter.issued", "a letter's file became final", {"letter": str, "number": str, "sha256": str}),
    Kind("letter.amended", "a letter was amended by another", {"letter": str}),
    Kind("letter.superseded", "a letter was superseded by another", {"letter": str}),
    Kind("letter.expired", "the last day of a letter is over", {"letter": str}),
    Kind("obligation.done", "a duty that a letter laid down was done", {"letter": str}),
    Kind("letter.revoked", "a letter was revoked", {"letter": str}),
    Kind("tariff.recorded", "a version of a tariff was recorded", {"tariff": str}),
    Kind(
        "person.roles_set",
        "a member of staff was given these roles; with 'disabled' among them they may do nothing",
        {"person": str, "roles": list},
    ),
    Kind("person.erased", "personal data was erased", {"commitments": list}),
    Kind("epoch.opened", "the journal goes on after a restore", {"epoch": int, "previous": str}),
):
    register_kind(_kind)


@dataclass(frozen=True, slots=True)
class Datum:
    """One personal datum: what is erasable, and the commitment that stays."""

    field: str
    value: str
    salt: bytes
    commitment: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """A leaf that was read back. ``personal``: field -> commitment, 32 bytes."""

    kind: str
    version: int
    publisher: str
    at: datetime
    payload: Mapping[str, Any]
    personal: Mapping[str, bytes]
    nonce: bytes


def commit(field_: str, value: str, salt: bytes) -> bytes:
    """HMAC-SHA256(salt, field || 0x00 || value), 32 bytes."""
    return hmac.digest(salt, field_.encode() + b"\x00" + value.encode(), "sha256")


def make_leaf(
    publisher: str, kind: str, payload: Mapping[str, Any], personal: Mapping[str, str], now: datetime
) -> tuple[bytes, list[Datum]]:
    """The leaf's bytes and the erasable data behind its commitments.

    Raises InvalidEntry: an unknown kind, a payload that lacks what its kind requires, values that are not
    JSON (floats are refused: use whole minor units), a naive ``now``, a leaf over 65,535 bytes.
    """
    known = KINDS.get(kind)
    if known is None:
        raise InvalidEntry(f"unknown kind {kind!r}: register it in ledger/journal/entry.py")
    _check_payload(known, payload)
    if now.tzinfo is None:
        raise InvalidEntry("`now` has no time zone: pass an aware datetime")
    data = [_datum(name, value) for name, value in personal.items()]
    leaf = canonical(
        {
            "at": now.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z",
            "kind": kind,
            "nonce": secrets.token_hex(NONCE_SIZE),
            "payload": payload,
            "personal": {datum.field: datum.commitment.hex() for datum in data},
            "publisher": publisher,
            "v": known.version,
        }
    )
    if len(leaf) > MAX_ENTRY_SIZE:
        raise InvalidEntry(
            f"the entry is {len(leaf)} bytes, more than {MAX_ENTRY_SIZE}: name the document by its SHA-256"
        )
    return leaf, data


def read_leaf(leaf: bytes) -> Entry:
    """Read a leaf strictly: only bytes that ``make_leaf`` could have written. Raises InvalidEntry."""
    value = strict_json(leaf)
    if not isinstance(value, dict) or value.keys() != _KEYS:
        raise InvalidEntry("the leaf has not exactly the keys " + ", ".join(sorted(_KEYS)))
    if canonical(value) != leaf:
        raise InvalidEntry("the leaf is not in canonical form (RFC 8785)")
    if not isinstance(value["payload"], dict) or not isinstance(value["personal"], dict):
        raise InvalidEntry("payload and personal must be objects")
    if not all(isinstance(value[key], str) for key in ("kind", "publisher", "at", "nonce")):
        raise InvalidEntry("kind, publisher, at and nonce must be strings")
    if type(value["v"]) is not int:
        raise InvalidEntry("v must be a whole number")
    personal = {name: _hash(text, f"personal.{name}") for name, text in value["personal"].items()}
    try:
        at = datetime.strptime(value["at"], _AT).replace(tzinfo=UTC)
    except ValueError:
        raise InvalidEntry(f"at is no UTC time: {value['at'][:40]!r}") from None
    nonce = _hash(value["nonce"], "nonce")
    return Entry(value["kind"], value["v"], value["publisher"], at, value["payload"], personal, nonce)


def document_sha256(document: Any) -> str:
    """The SHA-256, in hex, of a document as the register keeps it: JSON with its keys sorted, in ASCII.

    Not for a leaf where the document names people: whoever guesses it could show that they guessed right. Commit
    to the hash instead, as to any personal datum.
    """
    plain = json.dumps(document, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return sha256(plain.encode()).hexdigest()


def is_known(entry: Entry) -> bool:
    """Whether an entry is of a kind and version that we write, with what its kind requires."""
    kind = KINDS.get(entry.kind)
    if kind is None or not 1 <= entry.version <= kind.version:
        return False
    return all(isinstance(entry.payload.get(key), type_) for key, type_ in kind.required.items())


def canonical(value: Any) -> bytes:
    """RFC 8785 canonical JSON. Raises InvalidEntry for what JSON, or this journal, does not carry."""
    _check_json(value, "", 0)
    try:
        # Without floats, RFC 8785 differs from the standard encoder in the order of keys alone, and there only
        # for characters beyond U+FFFF, which sort by their UTF-16 surrogates. The encoder in C is five times
        # as quick, and an entry is written within somebody's act.
        plain = _ENCODER.encode(value)
        if plain.isascii() or max(plain) <= "\uffff":
            return plain.encode()
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
        raise InvalidEntry(f"not canonical JSON: {error}") from None


def strict_json(text: bytes | str) -> Any:
    """Parse JSON; a duplicate key, NaN and Infinity are refused. Raises InvalidEntry."""
    try:
        plain = text if isinstance(text, str) else text.decode()
        return json.loads(plain, object_pairs_hook=_unique, parse_constant=_no_constant)
    except InvalidEntry:
        raise
    except (ValueError, RecursionError) as error:  # bad UTF-8, bad JSON, or a number of thousands of digits
        raise InvalidEntry(f"not JSON: {error}") from None


def _unique(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        twice = next(key for at, (key, _) in enumerate(pairs) if key in dict(pairs[:at]))
        raise InvalidEntry(f"the key {twice!r} stands twice in one object")
    return result


def _no_constant(name: str) -> Any:
    raise InvalidEntry(f"{name} is no JSON number")


def _check_payload(kind: Kind, payload: Mapping[str, Any]) -> None:
    for key, type_ in kind.required.items():
        value = payload.get(key)
        if not isinstance(value, type_) or (type_ is int and isinstance(value, bool)):
            raise InvalidEntry(f"{kind.name}: payload.{key} must be {type_.__name__}, not {value!r:.60}")


def _check_json(value: Any, place: str, depth: int) -> None:
    """Refuse, with its place, whatever would come back from JSON as something else."""
    if isinstance(value, (str, bool)) or value is None:
        return
    if type(value) is int:
        if -MAX_INTEGER <= value <= MAX_INTEGER:
            return
        raise InvalidEntry(f"{place or 'the value'} is beyond 2**53 - 1: pass it as text")
    if depth > MAX_DEPTH:
        raise InvalidEntry(f"{place or 'the value'} is nested deeper than {MAX_DEPTH}")
    if isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise InvalidEntry(f"{place or 'the value'} has a key that is not text: {key!r:.60}")
            if type(inner) is not str:  # most are, and naming the place of each costs more than the look
                _check_json(inner, f"{place}.{key}".lstrip("."), depth + 1)
    elif isinstance(value, (list, tuple)):
        for at, inner in enumerate(value):
            if type(inner) is not str:
                _check_json(inner, f"{place}[{at}]", depth + 1)
    else:
        raise InvalidEntry(
            f"{place or 'the value'} is a {type(value).__name__}: pass text, whole numbers, lists and objects"
        )


def _datum(name: str, value: str) -> Datum:
    if not isinstance(value, str):
        raise InvalidEntry(f"personal.{name} must be text")
    if not name or "\x00" in name:
        raise InvalidEntry("a personal field needs a name without a zero byte")
    salt = secrets.token_bytes(SALT_SIZE)
    try:
        return Datum(name, value, salt, commit(name, value, salt))
    except UnicodeEncodeError:
        raise InvalidEntry(f"personal.{name} is not well-formed Unicode") from None


def _hash(text: Any, place: str) -> bytes:
    if not isinstance(text, str) or not _HEX64.fullmatch(text):
        raise InvalidEntry(f"{place} is not 64 hex digits")
    return bytes.fromhex(text)
