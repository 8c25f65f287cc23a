"""Signed notes and checkpoints: C2SP signed-note and tlog-checkpoint, with Ed25519 (signature type 0x01).

A note is text that ends in a newline, a blank line, and signature lines::

    — <key name> base64(4-byte key id || signature)

    key id = SHA-256(key name || 0x0A || signature type || public key)[:4]

The type byte leaves room for other algorithms (ML-DSA later): signatures of a key we do not know are ignored,
as the specification asks, so a log may add them without harm to those who verify today.
A verifier key (vkey) is ``<name>+<key id, 8 hex digits>+<base64 of type byte and public key>``.
"""

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ledger.journal.tree import HASH_SIZE

ED25519 = 0x01
MAX_NOTE = 1 << 20
MAX_SIGNATURES = 100
_PRIVATE = "PRIVATE+KEY+"
_SIGNATURE = re.compile(r"— (\S+) (\S+)")
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f]")
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


class BadNote(ValueError):
    """The text is no signed note, key or checkpoint; the message says what is wrong with it."""


class UnknownKey(BadNote):
    """A well-formed note, but none of its signatures is by a key that was handed in."""


class WrongSignature(BadNote):
    """A signature by a known key that does not verify: the text was changed."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key with its name; ``public`` is the 32 bytes of RFC 8032."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """Four bytes that tell keys of one name apart; no protection in themselves."""
        return key_id(self.name, ED25519, self.public)

    @property
    def vkey(self) -> str:
        """The text form, to be handed to those who verify."""
        material = base64.b64encode(bytes([ED25519]) + self.public).decode()
        return f"{self.name}+{self.key_id.hex()}+{material}"

    @classmethod
    def parse(cls, vkey: str) -> "Verifier":
        """Read a vkey. Raises BadNote where it is malformed, of another algorithm, or its id is wrong."""
        name, id_, material = _three_parts(vkey.strip(), "verifier key")
        if len(material) != 33:
            raise BadNote("the verifier key is not 32 bytes of Ed25519")
        verifier = cls(name, material[1:])
        if verifier.key_id.hex() != id_:
            raise BadNote("the verifier key's id does not match its name and key")
        return verifier

    def verifies(self, text: str, signature: bytes) -> bool:
        """Whether this is the key's signature over the note's text."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except (InvalidSignature, ValueError):
            return False
        return True


class Signer:
    """A private key with its name; as text ``PRIVATE+KEY+<name>+<id>+<base64 of type and seed>``, as Go's."""

    def __init__(self, name: str, seed: bytes) -> None:
        """``seed``: the 32 secret bytes of RFC 8032. Raises BadNote for a name that notes cannot carry."""
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self._seed = seed
        self.verifier = Verifier(_checked_name(name), self._key.public_key().public_bytes_raw())

    @property
    def name(self) -> str:
        return self.verifier.name

    @classmethod
    def parse(cls, text: str) -> "Signer":
        """Read the text form. Raises BadNote."""
        if not text.startswith(_PRIVATE):
            raise BadNote("not a signing key: it does not begin with PRIVATE+KEY+")
        name, id_, material = _three_parts(text.removeprefix(_PRIVATE).strip(), "signing key")
        if len(material) != 33:
            raise BadNote("the signing key is not 32 bytes of Ed25519")
        signer = cls(name, material[1:])
        if signer.verifier.key_id.hex() != id_:
            raise BadNote("the signing key's id does not match its name and key")
        return signer

    def to_text(self) -> str:
        """The text form: a secret."""
        material = base64.b64encode(bytes([ED25519]) + self._seed).decode()
        return f"{_PRIVATE}{self.name}+{self.verifier.key_id.hex()}+{material}"

    def sign(self, text: str) -> str:
        """The signed note over ``text``, which must end in a newline. Raises BadNote."""
        _checked_text(text)
        blob = self.verifier.key_id + self._key.sign(text.encode())
        return f"{text}\n— {self.name} {base64.b64encode(blob).decode()}\n"


def key_id(name: str, algorithm: int, public: bytes) -> bytes:
    """The first four bytes of SHA-256(name || newline || algorithm || public key)."""
    return sha256(name.encode() + b"\n" + bytes([algorithm]) + public).digest()[:4]


def open_note(note: str | bytes, known: Iterable[Verifier]) -> str:
    """The text of a note that at least one known key signed.

    Raises WrongSignature where a known key's signature does not verify, UnknownKey where no known key signed,
    BadNote where it is no note at all.
    """
    text, signatures = split_note(note)
    keys = {(verifier.name, verifier.key_id): verifier for verifier in known}
    verified = False
    for name, id_, signature in signatures:
        verifier = keys.get((name, id_))
        if verifier is None:
            continue
        if not verifier.verifies(text, signature):
            raise WrongSignature(f"the signature of {name} does not verify")
        verified = True
    if not verified:
        raise UnknownKey(
            "no signature by a known key; signed by " + ", ".join(name for name, _, _ in signatures)
        )
    return text


def split_note(note: str | bytes) -> tuple[str, list[tuple[str, bytes, bytes]]]:
    """(text, [(key name, key id, signature)]), nothing verified. Raises BadNote."""
    if len(note) > MAX_NOTE:
        raise BadNote("the note is larger than a mebibyte")
    try:
        note = (note if isinstance(note, bytes) else note.encode()).decode()
    except UnicodeError:
        raise BadNote("the note is not UTF-8") from None
    text, blank, tail = note.rpartition("\n\n")
    if not blank or not tail.endswith("\n"):
        raise BadNote("no blank line followed by signature lines")
    text += "\n"
    _checked_text(text)
    lines = tail.removesuffix("\n").split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise BadNote(f"more than {MAX_SIGNATURES} signatures")
    return text, [_signature(line) for line in lines]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log says about itself at one size: C2SP tlog-checkpoint. ``root`` is 32 bytes."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def to_text(self) -> str:
        """The note's text."""
        lines = (self.origin, str(self.size), base64.b64encode(self.root).decode(), *self.extensions)
        return "\n".join(lines) + "\n"

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """Read a note's text. Raises BadNote."""
        lines = text.removesuffix("\n").split("\n")
        if len(lines) < 3 or not all(lines) or not text.endswith("\n"):
            raise BadNote("a checkpoint has three lines: origin, size and root hash")
        if not _SIZE.fullmatch(lines[1]):
            raise BadNote(f"the checkpoint's size is no number: {lines[1][:40]!r}")
        root = decode64(lines[2])
        if len(root) != HASH_SIZE:
            raise BadNote("the checkpoint's root hash is not 32 bytes")
        return cls(lines[0], int(lines[1]), root, tuple(lines[3:]))


def sign_checkpoint(signer: Signer, size: int, root: bytes) -> str:
    """The signed checkpoint of the log whose origin is the key's name."""
    return signer.sign(Checkpoint(signer.name, size, root).to_text())


def open_checkpoint(note: str | bytes, known: Iterable[Verifier]) -> Checkpoint:
    """The checkpoint in a note signed by a known key whose name is the origin. Raises as open_note does."""
    text, _ = split_note(note)
    checkpoint = Checkpoint.parse(text)
    open_note(note, [verifier for verifier in known if verifier.name == checkpoint.origin])
    return checkpoint


def decode64(text: str) -> bytes:
    """Standard base 64 (RFC 4648 section 4), nothing lenient about it. Raises BadNote."""
    try:
        decoded = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        raise BadNote(f"not base 64: {text[:60]!r}") from None
    if base64.b64encode(decoded).decode() != text:  # stray bits in the last digit
        raise BadNote(f"not canonical base 64: {text[:60]!r}")
    return decoded


def _signature(line: str) -> tuple[str, bytes, bytes]:
    match = _SIGNATURE.fullmatch(line)
    if match is None:
        raise BadNote(f"not a signature line: {line[:60]!r}")
    name, blob = _checked_name(match[1]), decode64(match[2])
    if len(blob) < 5:
        raise BadNote("a signature shorter than five bytes")
    return name, blob[:4], blob[4:]


def _three_parts(text: str, what: str) -> tuple[str, str, bytes]:
    parts = text.split("+", 2)
    if len(parts) != 3 or not re.fullmatch("[0-9a-f]{8}", parts[1]):
        raise BadNote(f"not a {what}: <name>+<8 hex digits>+<base 64>")
    material = decode64(parts[2])
    if not material or material[0] != ED25519:
        raise BadNote(f"the {what} is not Ed25519 (type 0x01)")
    return _checked_name(parts[0]), parts[1], material


def _checked_name(name: str) -> str:
    if not name or "+" in name or any(char.isspace() or char < " " for char in name):
        raise BadNote(f"a key name has neither spaces nor plus signs: {name[:60]!r}")
    return name


def _checked_text(text: str) -> None:
    if not text.endswith("\n"):
        raise BadNote("a note's text ends in a newline")
    if _CONTROL.search(text):
        raise BadNote("a note has no control characters")
