"""Checking a letter: the library, the command and the stand-alone file agree, and no flipped byte gets past them."""

import ast
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.cli.verify_letter import verify_letter as command
from ledger.journal.note import Signer
from ledger.letters import standalone
from ledger.letters.certificates import LetterSigner, load_or_make_signer
from ledger.letters.model import LetterKind
from ledger.letters.pool import RenderPool
from ledger.letters.render import render_letter
from ledger.letters.sign import sign_pdf
from ledger.letters.verify import verify_letter
from tests.letters import cast
from tests.letters.conftest import Issued, attached, decided, grant_json

SCRIPT = Path(standalone.__file__)


def run_alone(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The script copied away from the package and started without it."""
    copy = folder / "check_letter.py"
    copy.write_bytes(SCRIPT.read_bytes())
    return subprocess.run(
        [sys.executable, "-I", str(copy), *arguments], capture_output=True, text=True, cwd=folder, check=False
    )


def test_a_whole_letter_is_valid_and_says_who_granted_what_to_whom(issued: Issued) -> None:
    verdict = verify_letter(issued.pdf, vkey=issued.vkey)
    assert (verdict.code, verdict.state) == (0, "valid")
    assert verdict.facts["grantor"] == "Harbour Review"
    assert verdict.facts["addressee"] == "Meridian Press Ltd"
    assert verdict.facts["title"] == "The Tide at Noon"
    assert verdict.facts["letter"] == "HARBOUR-REVIEW-2026-000123"
    assert verdict.facts["entry"] == 2


def test_without_a_key_or_with_another_key_the_bytes_are_only_whole(issued: Issued) -> None:
    assert verify_letter(issued.pdf).code == 3
    other = Signer("journal.harbour-review.example", b"8" * 32).verifier.vkey
    assert verify_letter(issued.pdf, vkey=other).code == 3


def test_an_unsigned_file_and_a_text_are_unreadable(issued: Issued) -> None:
    assert verify_letter(issued.unsigned, vkey=issued.vkey).code == 2
    assert verify_letter(b"no pdf at all", vkey=issued.vkey).code == 2
    assert verify_letter(b"", vkey=issued.vkey).code == 2


def test_one_flipped_byte_at_twenty_random_places_is_detected(issued: Issued) -> None:
    chance = random.Random(2026)
    for _ in range(20):
        changed = bytearray(issued.pdf)
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
        assert verify_letter(bytes(changed), vkey=issued.vkey).code in (1, 2)


@given(st.data())
@settings(max_examples=300)
def test_no_flipped_bit_anywhere_passes_the_standalone_check(issued: Issued, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(issued.pdf) - 1))
    changed = bytearray(issued.pdf)
    changed[at] ^= 1 << data.draw(st.integers(0, 7))
    assert standalone.check(bytes(changed), issued.vkey)["code"] in (1, 2)


def test_no_flipped_bit_in_the_signature_itself_passes(issued: Issued) -> None:
    """The signature cannot cover itself, so its own bytes are checked by encoding them again."""
    start, end = (int(part) for part in standalone.RANGE.search(issued.pdf).groups()[1:3])  # type: ignore[union-attr]
    for at in range(start, end, 1 if os.environ.get("LEDGER_LONG") else 3):
        changed = bytearray(issued.pdf)
        changed[at] ^= 1 << (at % 8)
        assert standalone.check(bytes(changed), issued.vkey)["code"] in (1, 2), at


def test_an_appended_revision_is_tampering(issued: Issued) -> None:
    """pyHanko calls such a file intact; only coverage shows it."""
    from io import BytesIO

    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(BytesIO(issued.pdf))
    writer.root["/PageMode"] = writer.root.get("/PageMode", writer.root["/Type"])
    writer.update_root()
    output = BytesIO()
    writer.write(output)
    assert verify_letter(output.getvalue(), vkey=issued.vkey).code == 1
    assert standalone.check(output.getvalue(), issued.vkey)["code"] == 1
    assert verify_letter(issued.pdf + b"\n", vkey=issued.vkey).code == 1


def forged(issued: Issued, pool: RenderPool, signer: LetterSigner, grant: bytes, proof: bytes) -> bytes:
    letter = cast.letter(LetterKind.GRANT, "en")
    return sign_pdf(
        render_letter(letter, attachments=attached(grant, proof), pool=pool), signer, at=cast.ISSUED
    )


def test_a_letter_signed_by_a_stranger_around_a_real_grant_is_caught(
    issued: Issued, pool: RenderPool, tmp_path: Path
) -> None:
    stranger = load_or_make_signer(tmp_path, "Harbour Review CIC", now=cast.ISSUED)
    pdf = forged(issued, pool, stranger, issued.grant, issued.proof)
    assert verify_letter(pdf, vkey=issued.vkey).code == 1


def test_another_grant_than_the_journal_records_is_caught(
    issued: Issued, pool: RenderPool, signer: LetterSigner
) -> None:
    pdf = forged(issued, pool, signer, issued.grant.replace(b"3,000", b"9,000"), issued.proof)
    verdict = verify_letter(pdf, vkey=issued.vkey)
    assert (verdict.code, verdict.reason) == (1, "the journal records another grant")


def test_an_entry_that_names_no_certificate_needs_the_fingerprint(
    issued: Issued, pool: RenderPool, signer: LetterSigner
) -> None:
    grant = grant_json(cast.letter(LetterKind.GRANT, "en"))
    proof, vkey = decided(grant, "HARBOUR-REVIEW-2026-000123", None)
    pdf = forged(issued, pool, signer, grant, proof)
    assert verify_letter(pdf, vkey=vkey).code == 3
    assert verify_letter(pdf, vkey=vkey, fingerprint="ab" * 32).code == 3
    assert verify_letter(pdf, vkey=vkey, fingerprint=signer.fingerprint.upper()).code == 0


@pytest.mark.parametrize("damage", [b"index 2", b"extra ", "— journal".encode()])
def test_a_damaged_proof_is_caught(
    issued: Issued, pool: RenderPool, signer: LetterSigner, damage: bytes
) -> None:
    broken = issued.proof.replace(damage, damage[:-1] + b"3")
    assert broken != issued.proof
    pdf = forged(issued, pool, signer, issued.grant, broken)
    assert verify_letter(pdf, vkey=issued.vkey).code in (1, 3)


def test_the_standalone_file_is_small_and_knows_nothing_of_the_ledger() -> None:
    source = SCRIPT.read_text("utf-8")
    assert len(source.splitlines()) <= 250
    roots = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            roots |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            roots.add((node.module or "").split(".")[0])
    assert roots - set(sys.stdlib_module_names) == {"cryptography", "pypdf"}
    assert not roots & {"socket", "urllib", "http", "subprocess"}


def test_the_standalone_file_runs_alone_with_the_four_exit_codes(
    file: Path, issued: Issued, tmp_path: Path
) -> None:
    valid = run_alone(tmp_path, str(file), "--key", issued.vkey, "--json")
    assert valid.returncode == 0, valid.stdout + valid.stderr
    assert json.loads(valid.stdout)["addressee"] == "Meridian Press Ltd"
    assert run_alone(tmp_path, str(file)).returncode == 3
    assert "revoked or superseded since? Look up HARBOUR-REVIEW-2026-000123" in valid.stdout
    missing = run_alone(tmp_path, str(tmp_path / "missing.pdf"), "--key", issued.vkey)
    assert (missing.returncode, missing.stdout) == (2, "")
    assert "missing.pdf': [Errno 2] No such file" in missing.stderr
    file.write_bytes(issued.pdf[:5000] + bytes([issued.pdf[5000] ^ 1]) + issued.pdf[5001:])
    tampered = run_alone(tmp_path, str(file), "--key", issued.vkey)
    assert tampered.returncode == 1
    assert tampered.stdout.startswith("TAMPERED: ")


def test_a_python_without_the_packages_gives_no_verdict(file: Path, issued: Issued, tmp_path: Path) -> None:
    alone = tmp_path / "alone.py"
    alone.write_bytes(SCRIPT.read_bytes())
    bare = [sys.executable, "-I", "-S", str(alone), str(file), "--key", issued.vkey]
    told = subprocess.run(bare, capture_output=True, text=True)
    assert told.returncode == 2
    assert "pip install cryptography pypdf" in told.stderr
    assert "TAMPERED" not in told.stdout + told.stderr


def test_the_command_gives_the_same_exit_codes(file: Path, issued: Issued, tmp_path: Path) -> None:
    def run(*arguments: str) -> int:
        return CliRunner().invoke(command, arguments).exit_code

    assert run(str(file), "--key", issued.vkey) == 0
    assert run(str(file)) == 3
    assert run(str(tmp_path / "missing.pdf")) == 2
    told = CliRunner().invoke(command, [str(file), "--key", issued.vkey, "--json"])
    assert json.loads(told.output)["state"] == "valid"
    words = CliRunner().invoke(command, [str(file), "--key", issued.vkey]).output
    assert "revoked or superseded since? Look up HARBOUR-REVIEW-2026-000123" in words
    file.write_bytes(issued.pdf[:-7] + b"\n%%EOX\n")
    assert run(str(file), "--key", issued.vkey) == 1


@given(st.binary(max_size=400))
def test_rubbish_never_raises(rubbish: bytes) -> None:
    assert standalone.check(b"%PDF-1.7\n" + rubbish, "x")["code"] in (1, 2)
