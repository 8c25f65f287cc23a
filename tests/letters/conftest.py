"""Costly things made once: the renderers, a certificate, and one issued letter of full size."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ledger.journal.note import Signer, sign_checkpoint
from ledger.journal.proof import make_proof
from ledger.journal.tree import leaf_hash
from ledger.letters.certificates import LetterSigner, load_or_make_signer
from ledger.letters.model import Attachment, LetterKind, ground_list
from ledger.letters.pool import RenderPool
from ledger.letters.render import render_letter
from ledger.letters.sign import sign_pdf
from tests.letters import cast


@pytest.fixture(scope="session")
def pool() -> Iterator[RenderPool]:
    with RenderPool(1) as made:
        yield made


@pytest.fixture(scope="session")
def signer(tmp_path_factory: pytest.TempPathFactory) -> LetterSigner:
    return load_or_make_signer(tmp_path_factory.mktemp("keys"), "Harbour Review CIC", now=cast.ISSUED)


@dataclass(frozen=True)
class Issued:
    unsigned: bytes
    pdf: bytes
    vkey: str
    grant: bytes
    proof: bytes


def attached(grant: bytes, proof: bytes) -> list[Attachment]:
    return [
        Attachment("grant.jsonld", grant, "application/ld+json", "The grant for machines", cast.ISSUED),
        Attachment("proof.tlog", proof, "text/plain", "Proof of the decision", cast.ISSUED),
    ]


def decided(grant: bytes, number: str, fingerprint: str | None) -> tuple[bytes, str]:
    """(proof file, vkey) of a journal of five entries whose third is the decision."""
    payload = {"number": number, "grant_sha256": hashlib.sha256(grant).hexdigest()}
    if fingerprint:
        payload["certificate_sha256"] = fingerprint
    leaves = [json.dumps({"payload": payload if n == 2 else n}).encode() for n in range(5)]
    nodes = [leaf_hash(leaf) for leaf in leaves]

    def parent(left: bytes, right: bytes) -> bytes:
        return hashlib.sha256(b"\1" + left + right).digest()

    left, right = parent(nodes[0], nodes[1]), parent(nodes[2], nodes[3])
    journal = Signer("journal.harbour-review.example", b"7" * 32)
    checkpoint = sign_checkpoint(journal, 5, parent(parent(left, right), nodes[4]))
    return make_proof(2, [nodes[3], left, nodes[4]], checkpoint, leaves[2]), journal.verifier.vkey


def grant_json(letter: object) -> bytes:
    party = {"vcard:fn": "Harbour Review"}
    value = {
        "@type": "Agreement",
        "permission": [{"assigner": party}],
        "lg:letter": letter.number,  # type: ignore[attr-defined]
        "lg:kind": letter.kind.value,  # type: ignore[attr-defined]
        "lg:title": "The Tide at Noon",
        "lg:addressee": letter.addressee.name,  # type: ignore[attr-defined]
        "lg:clauses": ground_list(letter),  # type: ignore[arg-type]
    }
    return json.dumps(value, ensure_ascii=False, sort_keys=True).encode()


def relettered(pool: RenderPool, signer: LetterSigner) -> Issued:
    """A letter of full size by a signer of one's choice, and the journal in which it was decided."""
    letter = cast.letter(LetterKind.GRANT, "en")
    grant = grant_json(letter)
    proof, vkey = decided(grant, letter.number, signer.fingerprint)
    unsigned = render_letter(letter, attachments=attached(grant, proof), pool=pool)
    return Issued(unsigned, sign_pdf(unsigned, signer, at=cast.ISSUED), vkey, grant, proof)


@pytest.fixture(scope="session")
def issued(pool: RenderPool, signer: LetterSigner) -> Issued:
    return relettered(pool, signer)


@pytest.fixture
def file(tmp_path: Path, issued: Issued) -> Path:
    path = tmp_path / "letter.pdf"
    path.write_bytes(issued.pdf)
    return path
