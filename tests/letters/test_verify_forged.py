"""Forgeries that have to be told apart from a letter, one check of the verifiers each."""

import hashlib
import json
import re
from io import BytesIO
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from ledger.journal.note import Checkpoint, Signer, sign_checkpoint
from ledger.journal.proof import make_proof, parse_proof, verify_proof
from ledger.journal.tree import leaf_hash
from ledger.letters import standalone, verify
from ledger.letters.certificates import LetterSigner, load_or_make_signer
from ledger.letters.model import Attachment, LetterKind
from ledger.letters.pool import RenderPool
from ledger.letters.render import render_letter
from ledger.letters.sign import sign_pdf
from ledger.letters.verify import verify_letter
from tests.letters import cast
from tests.letters.conftest import Issued, attached, decided, grant_json
from tests.letters.test_verify import forged, run_alone

NUMBER = "HARBOUR-REVIEW-2026-000123"
JOURNAL = Signer("journal.harbour-review.example", b"7" * 32)


def both(pdf: bytes, vkey: str, **more: str) -> tuple[int, str]:
    """(exit code, reason), on which the two readers agree."""
    alone = standalone.check(pdf, vkey, **more)
    verdict = verify_letter(pdf, vkey=vkey, **more)
    assert verdict.code == alone["code"]
    return verdict.code, verdict.reason


@pytest.mark.parametrize(
    "vkey",
    ["x", "a+b+c", "harbour.example+00000000+AAAA", "{}+0", "{}=", "+{}", "two words+{}", "x{}"],
)
def test_a_key_that_was_not_copied_whole_says_nothing_of_the_letter(
    issued: Issued, file: Path, tmp_path: Path, vkey: str
) -> None:
    """It is the reader's slip, not tampering."""
    given = vkey.format(issued.vkey)
    assert both(issued.pdf, given) == (2, "the key you gave is malformed: copy it whole")
    assert run_alone(tmp_path, str(file), "--key", given).returncode == 2


def test_blanks_around_a_key_do_no_harm(issued: Issued) -> None:
    assert both(issued.pdf, f" {issued.vkey}\n")[0] == 0


def test_another_key_of_the_same_name_is_unknown(issued: Issued) -> None:
    other = Signer(JOURNAL.name, b"8" * 32).verifier.vkey
    assert both(issued.pdf, other)[0] == 3


def proof_for(leaf: bytes, note: str) -> bytes:
    return make_proof(0, [], note, leaf)


def decision(grant: bytes, signer: LetterSigner, number: str = NUMBER) -> bytes:
    payload = {
        "number": number,
        "grant_sha256": hashlib.sha256(grant).hexdigest(),
        "certificate_sha256": signer.fingerprint,
    }
    return json.dumps({"payload": payload}).encode()


def test_the_proof_has_to_lead_to_the_checkpoint_that_the_key_signed(
    issued: Issued, pool: RenderPool, signer: LetterSigner
) -> None:
    grant = grant_json(cast.letter(LetterKind.GRANT, "en"))
    leaf = decision(grant, signer)
    root, vkey = leaf_hash(leaf), JOURNAL.verifier.vkey

    def judged(proof: bytes) -> tuple[int, str]:
        return both(forged(issued, pool, signer, grant, proof), vkey)

    right = sign_checkpoint(JOURNAL, 1, root)
    assert judged(proof_for(leaf, right))[0] == 0
    elsewhere = JOURNAL.sign(Checkpoint("journal.lantern.example", 1, root).to_text())
    assert judged(proof_for(leaf, elsewhere)) == (1, "the decision is not in the journal")
    other_root = sign_checkpoint(JOURNAL, 1, leaf_hash(b"another"))
    assert judged(proof_for(leaf, other_root)) == (1, "the decision is not in the journal")
    unsigned = right.replace("\n1\n", "\n2\n")
    assert judged(make_proof(1, [], unsigned, leaf))[0] == 1
    moved = Checkpoint(JOURNAL.name, 1, leaf_hash(leaf + b" ")).to_text()
    forged_note = right.replace(Checkpoint(JOURNAL.name, 1, root).to_text(), moved)
    assert judged(proof_for(leaf + b" ", forged_note))[0] == 1


def test_a_decision_about_another_number_is_caught(
    issued: Issued, pool: RenderPool, signer: LetterSigner
) -> None:
    grant = grant_json(cast.letter(LetterKind.GRANT, "en"))
    proof, vkey = decided(grant, "HARBOUR-REVIEW-2026-000124", signer.fingerprint)
    pdf = forged(issued, pool, signer, grant, proof)
    assert both(pdf, vkey) == (1, "the journal records the decision of another letter")


def test_a_certificate_of_the_same_name_made_by_another_is_caught_by_the_standalone_check(
    issued: Issued, pool: RenderPool, tmp_path: Path
) -> None:
    stranger = load_or_make_signer(tmp_path, "Harbour Review CIC", now=cast.ISSUED)
    pdf = forged(issued, pool, stranger, issued.grant, issued.proof)
    assert both(pdf, issued.vkey) == (1, "signed with a certificate that is not the publisher's")


@pytest.mark.parametrize("order", [1, -1])
def test_two_proofs_in_one_letter_are_refused(
    issued: Issued, pool: RenderPool, signer: LetterSigner, order: int
) -> None:
    """Whichever of them another reader takes, ours takes neither."""
    other, _ = decided(issued.grant, "HARBOUR-REVIEW-2026-000999", signer.fingerprint)
    files = [
        attached(issued.grant, issued.proof)[0],
        *[
            Attachment("proof.tlog", each, "text/plain", "Proof", cast.ISSUED)
            for each in (issued.proof, other)
        ][::order],
    ]
    letter = cast.letter(LetterKind.GRANT, "en")
    pdf = sign_pdf(render_letter(letter, attachments=files, pool=pool), signer, at=cast.ISSUED)
    assert both(pdf, issued.vkey)[0] != 0


def parts_of(issued: Issued) -> tuple[bytes, bytes, list[int]]:
    numbers = [int(each) for each in re.search(standalone.RANGE, issued.pdf).groups()]  # type: ignore[union-attr]
    content, cms = standalone.split(issued.pdf)
    return content, cms, numbers


def with_container(issued: Issued, cms: bytes) -> bytes:
    _, _, (_, start, end, _) = parts_of(issued)
    room = (end - start - 2) // 2
    blob = cms.ljust(room, b"\0").hex().upper().encode()
    return issued.pdf[: start + 1] + blob + issued.pdf[end - 1 :]


def test_what_is_put_behind_the_signature_in_its_room_is_caught(issued: Issued) -> None:
    _, cms, _ = parts_of(issued)
    assert both(with_container(issued, cms), issued.vkey)[0] == 0  # the helper makes the same file
    assert both(with_container(issued, cms + b"\0\0hidden"), issued.vkey)[0] == 1


def test_the_signature_of_another_file_does_not_fit(
    issued: Issued, pool: RenderPool, signer: LetterSigner
) -> None:
    other = forged(issued, pool, signer, issued.grant.replace(b"3,000", b"9,000"), issued.proof)
    _, cms = standalone.split(other)
    changed = with_container(issued, cms)
    assert standalone.check(changed, issued.vkey)["reason"] == "the file was changed after it was signed"
    assert verify_letter(changed, vkey=issued.vkey).code == 1


def test_a_second_byte_range_is_refused(issued: Issued) -> None:
    """Bytes that only a second, later signature would cover."""
    _, _, numbers = parts_of(issued)
    extra = b"\n/ByteRange [%d %d %d %d]\n" % (0, numbers[1], numbers[2], numbers[3] + 9)
    assert both(issued.pdf + extra, issued.vkey) == (1, "the file carries more than one signature")


@pytest.mark.parametrize("more", [b" ", b"\n%%EOF\n"])
def test_bytes_after_what_the_signature_covers_are_refused(issued: Issued, more: bytes) -> None:
    assert both(issued.pdf + more, issued.vkey) == (1, "the signature does not cover the whole file")


def test_the_library_alone_refuses_an_appended_revision(issued: Issued) -> None:
    """Each of the two readers holds by itself: here pyHanko's verdict, without ours before it."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    assert verify._objection(issued.pdf, []) == ""
    writer = IncrementalPdfFileWriter(BytesIO(issued.pdf))
    writer.root["/PageMode"] = writer.root.get("/PageMode", writer.root["/Type"])
    writer.update_root()
    output = BytesIO()
    writer.write(output)
    assert verify._objection(output.getvalue(), []) == "the signature does not cover the whole file"


def test_the_library_alone_refuses_a_changed_byte_and_a_root_that_is_not_trusted(
    issued: Issued, tmp_path: Path
) -> None:
    at = issued.pdf.index(b"/Type /Catalog") if b"/Type /Catalog" in issued.pdf else 2000
    changed = issued.pdf[: at + 1] + bytes([issued.pdf[at + 1] ^ 1]) + issued.pdf[at + 2 :]
    assert verify._objection(changed, []) != ""
    load_or_make_signer(tmp_path, "Somebody", now=cast.ISSUED)
    roots = [x509.load_pem_x509_certificate((tmp_path / "ca-cert.pem").read_bytes())]
    assert "not valid" in verify._objection(issued.pdf, roots)


def test_the_two_proof_readers_agree_on_what_is_malformed(issued: Issued) -> None:
    """The strict one refuses numbers and lines that the small one might read leniently."""
    assert verify_proof(issued.proof, [JOURNAL.verifier]).index == 2
    for old, new in (
        (b"index 2\n", b"index 02\n"),
        (b"index 2\n", b"index +2\n"),
        (b"index 2\n", b"index 2 \n"),
        (b"\n\n", b"\n\n\n"),
    ):
        with pytest.raises(ValueError):  # noqa: PT011  (each kind of malformed is one)
            verify_proof(issued.proof.replace(old, new, 1), [JOURNAL.verifier])
    with pytest.raises(ValueError, match="signature line"):
        verify_proof(issued.proof + b"trailing\n", [JOURNAL.verifier])
    assert parse_proof(issued.proof).index == 2


def test_a_bit_that_no_reader_of_certificates_looks_at_is_tampering_too(
    issued: Issued, tmp_path: Path
) -> None:
    """How many bits of a certificate's signature are unused: where its last ones are zero, 0 and 1 read the same."""
    for number in range(64):
        signer = load_or_make_signer(tmp_path / str(number), "Harbour Review CIC", now=cast.ISSUED)
        signature = x509.load_pem_x509_certificate(
            (tmp_path / str(number) / "ca-cert.pem").read_bytes()
        ).signature
        if not signature[-1] & 1:
            break
    pdf = sign_pdf(issued.unsigned, signer, at=cast.ISSUED)
    head = bytes([3, len(signature) + 1])
    whole, changed = ((head + unused + signature).hex().upper().encode() for unused in (b"\0", b"\1"))
    assert pdf.count(whole) == 1
    assert verify_letter(pdf).code == standalone.check(pdf)["code"] == 3
    verdict = verify_letter(pdf.replace(whole, changed))
    assert (verdict.code, verdict.reason) == (1, "a certificate in the file was changed")


def test_another_digest_named_in_both_places_is_tampering(issued: Issued) -> None:
    """Nothing signs the name of the digest that the signer used; it would be read as the right one."""
    sha256, sha512 = b"0609608648016503040201", b"0609608648016503040203"
    start, end = (int(part) for part in standalone.RANGE.search(issued.pdf).groups()[1:3])  # type: ignore[union-attr]
    pieces = issued.pdf[start:end].split(sha256)
    changed = issued.pdf[:start] + sha512.join(pieces[:3]) + b"".join(sha256 + each for each in pieces[3:])
    assert len(changed + issued.pdf[end:]) == len(issued.pdf)
    report = standalone.check(changed + issued.pdf[end:], issued.vkey)
    assert (report["code"], report["reason"]) == (1, "unexpected algorithm")


def test_a_second_certificate_for_the_same_key_and_number_is_another(issued: Issued, tmp_path: Path) -> None:
    """Whoever holds the root may certify the key twice; the signer signed for one of the two."""
    signer = load_or_make_signer(tmp_path / "keys", "Harbour Review CIC", now=cast.ISSUED)
    pdf, leaf = sign_pdf(issued.unsigned, signer, at=cast.ISSUED), signer.certificate
    root = serialization.load_pem_private_key((tmp_path / "keys" / "ca-key.pem").read_bytes(), None)
    assert isinstance(root, ec.EllipticCurvePrivateKey)
    again = leaf.signature
    while again == leaf.signature or len(again) != len(leaf.signature):
        again = root.sign(leaf.tbs_certificate_bytes, ec.ECDSA(hashes.SHA256()))
    changed = pdf.replace(leaf.signature.hex().upper().encode(), again.hex().upper().encode())
    report = standalone.check(changed)
    assert (report["code"], report["reason"]) == (1, "the signature is by another certificate")
