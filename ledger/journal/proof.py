"""Proof files: C2SP tlog-proof, a proof of one journal entry that verifies offline.

The exact form, as ``make_proof`` writes it (UTF-8, every line ends in one newline, no carriage returns)::

    c2sp.org/tlog-proof@v1
    extra <base64 of the leaf: the entry's canonical JSON bytes>
    index <the entry's number, decimal, from 0>
    <base64 of a 32-byte hash>            zero or more: the inclusion proof, the leaf's sibling first
                                          (one empty line)
    <origin>                              from here on: the signed checkpoint, verbatim
    <size>
    <base64 of the 32-byte root hash>
                                          (one empty line)
    — <origin> <base64 of 4-byte key id and 64-byte Ed25519 signature>

How to verify, with the journal's vkey in hand and nothing else:

1. Split at the first empty line: header and proof above, checkpoint note below.
2. Open the note: the text is everything up to and with the newline before its last empty line; find the
   signature line whose name and key id are the vkey's; Ed25519-verify over the text's bytes. The first line
   of the text, the origin, must be the vkey's name.
3. leaf = base64-decoded ``extra``; h = SHA-256(0x00 || leaf). ``extra`` proves nothing before step 4.
4. Fold h with the proof hashes by RFC 9162 section 2.1.3.2 (index, size) and compare with the root.
5. Only now read the leaf: UTF-8 JSON, see entry.py. What is claimed of the entry must equal what it says.
"""

import base64
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ledger.journal.note import BadNote, Checkpoint, Verifier, decode64, open_checkpoint
from ledger.journal.tree import HASH_SIZE, leaf_hash, verify_inclusion

HEADER = "c2sp.org/tlog-proof@v1"
MAX_PROOF = 1 << 20
MAX_HASHES = 64
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")


class BadProof(ValueError):
    """The file is no proof, or it proves something else; the message says which."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A parsed proof file, nothing verified yet. ``extra`` is the leaf where the file carries it."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None


@dataclass(frozen=True, slots=True)
class Proven:
    """A leaf that is in the journal: its bytes, its number, and the checkpoint that says so."""

    leaf: bytes
    index: int
    checkpoint: Checkpoint


def make_proof(
    index: int, hashes: Sequence[bytes], checkpoint: str | bytes, leaf: bytes | None = None
) -> bytes:
    """The bytes of a proof file; ``checkpoint`` is the signed note."""
    lines = [HEADER]
    if leaf is not None:
        lines.append("extra " + base64.b64encode(leaf).decode())
    lines.append(f"index {index}")
    lines += [base64.b64encode(hash_).decode() for hash_ in hashes]
    note = checkpoint.encode() if isinstance(checkpoint, str) else checkpoint
    return "\n".join(lines).encode() + b"\n\n" + note


def parse_proof(data: bytes) -> Proof:
    """Read a proof file. Raises BadProof."""
    if len(data) > MAX_PROOF:
        raise BadProof("the proof file is larger than a mebibyte")
    head, blank, note = data.partition(b"\n\n")
    if not blank or not note:
        raise BadProof("no empty line followed by a checkpoint")
    try:
        lines = head.decode().split("\n")
        if lines.pop(0) != HEADER:
            raise BadProof(f"the first line is not {HEADER}")
        extra = decode64(lines.pop(0)[6:]) if lines and lines[0].startswith("extra ") else None
        match = _INDEX.fullmatch(lines.pop(0)) if lines else None
        if match is None:
            raise BadProof("no line `index <number>`")
        hashes = tuple(decode64(line) for line in lines)
    except (UnicodeDecodeError, BadNote) as error:
        raise BadProof(f"the proof file is malformed: {error}") from None
    if len(hashes) > MAX_HASHES or any(len(hash_) != HASH_SIZE for hash_ in hashes):
        raise BadProof("the inclusion proof is not a short list of 32-byte hashes")
    return Proof(int(match[1]), hashes, note, extra)


def verify_proof(data: bytes, known: Iterable[Verifier], leaf: bytes | None = None) -> Proven:
    """Check a proof file against known keys; ``leaf`` is needed only where the file does not carry it.

    Raises BadProof where it does not prove the leaf, and note.UnknownKey, note.WrongSignature or note.BadNote
    where the checkpoint is not signed by a known key.
    """
    proof = parse_proof(data)
    if leaf is not None and proof.extra is not None and leaf != proof.extra:
        raise BadProof("the proof file is about another entry")
    leaf = proof.extra if leaf is None else leaf
    if leaf is None:
        raise BadProof("the proof file does not carry the entry, and none was handed in")
    checkpoint = open_checkpoint(proof.checkpoint, known)
    if not verify_inclusion(leaf_hash(leaf), proof.index, checkpoint.size, proof.hashes, checkpoint.root):
        raise BadProof(f"entry {proof.index} with these bytes is not in the journal of that checkpoint")
    return Proven(leaf, proof.index, checkpoint)
