"""Time stamps by a real authority (OpenSSL's): embedded, read again, and refused when anything about them is wrong."""

import contextlib
import hashlib
import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto import cms, tsp
from click.testing import CliRunner
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.reader import PdfFileReader

from ledger.cli.verify_letter import verify_letter as command
from ledger.letters import standalone
from ledger.letters.certificates import LetterSigner
from ledger.letters.sign import sign_pdf
from ledger.letters.stamping import MAX_ANSWER, NotStamped, Stamper, check_response, stamp_of
from ledger.letters.verify import verify_letter
from tests.letters import cast
from tests.letters.conftest import Issued
from tests.letters.test_verify import run_alone
from tests.tsa import TestAuthority, authority  # noqa: F401

DIGEST = hashlib.sha256(b"the signature").digest()


def stamper(authority: TestAuthority, ask: object = None) -> Stamper:
    return Stamper(ask or authority.answer, (authority.root,))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def stamped(issued: Issued, signer: LetterSigner, authority: TestAuthority) -> bytes:
    return sign_pdf(issued.unsigned, signer, at=cast.ISSUED, stamper=stamper(authority))


def embedded(pdf: bytes) -> object:
    return PdfFileReader(BytesIO(pdf)).embedded_signatures[0]


def test_a_stamped_letter_is_valid_and_says_by_whom_and_when(
    stamped: bytes,
    issued: Issued,
    authority: TestAuthority,
) -> None:
    verdict = verify_letter(stamped, vkey=issued.vkey, stamp_roots=[authority.root])
    assert (verdict.code, verdict.reason[:10]) == (0, "every byte")
    assert verdict.facts["time_stamped_by"] == "Tides TSA"
    assert verdict.facts["time_stamped_at"].endswith("Z")
    assert verdict.facts["time_stamp_trusted"]
    anyone = verify_letter(stamped, vkey=issued.vkey)
    assert (anyone.code, anyone.facts["time_stamp_trusted"]) == (0, False)
    assert "time_stamped_by" not in verify_letter(issued.pdf, vkey=issued.vkey).facts


def test_openssl_finds_the_stamp_to_be_one_of_the_signature(stamped: bytes, authority: TestAuthority) -> None:
    signature = embedded(stamped)
    info = signature.signer_info  # type: ignore[attr-defined]
    token = info["unsigned_attrs"][0]["values"][0].dump()
    digest = hashlib.sha256(info["signature"].native).digest()
    assert authority.verifies(token, digest)
    assert not authority.verifies(token, DIGEST)


def test_the_stand_alone_verifier_passes_a_stamped_letter_and_claims_no_more(
    stamped: bytes, issued: Issued, tmp_path: Path
) -> None:
    (tmp_path / "letter.pdf").write_bytes(stamped)
    alone = run_alone(tmp_path, str(tmp_path / "letter.pdf"), "--key", issued.vkey, "--json")
    assert alone.returncode == 0, alone.stdout
    assert "does not check it" in json.loads(alone.stdout)["time_stamp"]


def test_the_command_says_who_stamped_it_and_trusts_the_roots_it_is_given(
    stamped: bytes,
    issued: Issued,
    authority: TestAuthority,
    tmp_path: Path,
) -> None:
    (tmp_path / "letter.pdf").write_bytes(stamped)
    given = [str(tmp_path / "letter.pdf"), "--key", issued.vkey]
    told = CliRunner().invoke(command, given)
    assert told.exit_code == 0
    assert "time_stamped_by: Tides TSA\n" in told.output
    assert "time_stamp_trusted: False" in told.output
    told = CliRunner().invoke(command, [*given, "--timestamp-roots", str(authority.roots), "--json"])
    assert (told.exit_code, json.loads(told.output)["time_stamp_trusted"]) == (0, True)
    stranger = TestAuthority(tmp_path / "stranger")
    told = CliRunner().invoke(command, [*given, "--timestamp-roots", str(stranger.roots), "--json"])
    assert told.exit_code == 1
    assert "authority that is not known" in json.loads(told.output)["reason"]
    (tmp_path / "none.pem").write_text("nothing")
    assert (
        CliRunner().invoke(command, [*given, "--timestamp-roots", str(tmp_path / "none.pem")]).exit_code == 2
    )


def test_two_stamps_differ_and_only_outside_what_is_signed(
    stamped: bytes,
    issued: Issued,
    signer: LetterSigner,
    authority: TestAuthority,
) -> None:
    again = sign_pdf(issued.unsigned, signer, at=cast.ISSUED, stamper=stamper(authority))
    assert again != stamped
    assert standalone.split(again)[0] == standalone.split(stamped)[0]
    assert sign_pdf(issued.unsigned, signer, at=cast.ISSUED) == issued.pdf


def test_the_authority_is_asked_once_for_a_letter(
    issued: Issued,
    signer: LetterSigner,
    authority: TestAuthority,
) -> None:
    asked = []

    def ask(question: bytes) -> bytes:
        asked.append(tsp.TimeStampReq.load(question))
        return authority.answer(question)

    sign_pdf(issued.unsigned, signer, at=cast.ISSUED, stamper=stamper(authority, ask))
    (question,) = asked
    assert question["cert_req"].native
    assert question["nonce"].native >= 1 << 63


def changed(question: bytes, **fields: object) -> bytes:
    parsed = tsp.TimeStampReq.load(question)
    for name, value in fields.items():
        parsed[name] = value
    return bytes(parsed.dump(force=True))


def other_imprint(algorithm: str = "sha256") -> dict[str, object]:
    hashed = hashlib.new(algorithm, b"another").digest()
    return {"hash_algorithm": {"algorithm": algorithm}, "hashed_message": hashed}


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda one, q: one.answer(changed(q, nonce=12345678901234567890)), "another question"),
        (lambda one, q: one.answer(changed(q, nonce=None)), "another question"),
        (lambda one, q: one.answer(changed(q, message_imprint=other_imprint())), "one of something else"),
        (
            lambda one, q: one.answer(changed(q, message_imprint=other_imprint("sha512"))),
            "refused: rejection",
        ),
        (lambda one, q: one.answer(changed(q, cert_req=False)), "does not hold together"),
        (lambda one, q: b"<html>Not Found</html>", "no time stamp response"),
        (lambda one, q: b"", "no time stamp response"),
        (lambda one, q: one.answer(q) + b"\0", "no time stamp response"),
        (lambda one, q: one.answer(q)[:-9], "no time stamp response"),
        (lambda one, q: b"\x30\x80" + b"\0" * MAX_ANSWER, "longer than"),
        (lambda one, q: bytes.fromhex("30053003020100"), "holds no time stamp"),
    ],
)
def test_an_answer_that_is_not_to_this_question_is_no_stamp(
    authority: TestAuthority,
    spoil: object,
    says: str,
) -> None:
    with pytest.raises(NotStamped, match=says):
        stamper(authority, lambda question: spoil(authority, question)).token(DIGEST)  # type: ignore[operator]


def test_no_changed_byte_of_an_answer_passes_for_another_time(authority: TestAuthority) -> None:
    """A byte may be one that nothing rests on; then the stamp still says the same."""
    data, chance = stamper(authority).response(DIGEST), random.Random(7)
    said = check_response(data, DIGEST, [authority.root])
    refused = 0
    for at in chance.sample(range(len(data)), 400):
        spoiled = bytearray(data)
        spoiled[at] ^= 1 << chance.randrange(8)
        try:
            assert check_response(bytes(spoiled), DIGEST, [authority.root]) == said, at
        except NotStamped:
            refused += 1
    assert refused > 350


@given(st.data())
@settings(max_examples=100)
def test_an_answer_spoiled_anywhere_is_refused_in_words_and_never_in_a_crash(
    authority: TestAuthority,
    kept_answer: bytes,
    data: st.DataObject,
) -> None:
    spoiled = bytearray(kept_answer)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(spoiled) - 1))
        spoiled[at : at + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=9))
    with contextlib.suppress(NotStamped):
        stamper(authority, lambda _: bytes(spoiled)).response(DIGEST)


@pytest.fixture(scope="module")
def kept_answer(authority: TestAuthority) -> bytes:
    return stamper(authority).response(DIGEST)


USES = [
    (
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), True),
        "authority that is not known|stamps alone",
    ),
    ((x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), False), "stamps alone"),
    (
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.CODE_SIGNING]), True),
        "stamps alone",
    ),
]


@pytest.mark.parametrize(("use", "says"), USES)
def test_a_certificate_that_may_do_more_than_stamp_is_refused(
    tmp_path: Path, use: tuple[x509.ExtensionType, bool], says: str
) -> None:
    """RFC 3161, 2.3: the extended key usage is there, critical, and names time stamping alone."""
    loose = TestAuthority(tmp_path / "loose", use)
    with pytest.raises(NotStamped, match=says):
        stamper(loose, loose.answer_anyhow).token(DIGEST)
    strict = TestAuthority(tmp_path / "strict")
    assert stamper(strict, strict.answer_anyhow).token(DIGEST)


def test_a_stamp_that_does_not_sign_for_its_certificate_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """RFC 3161, 2.4.2: else another certificate of the same key could be put in its place."""
    loose, attributes = TestAuthority(tmp_path / "loose"), cms.CMSAttributes

    def fewer(every: list[cms.CMSAttribute]) -> cms.CMSAttributes:
        return attributes([each for each in every if each["type"].native != "signing_certificate"])

    def ask(question: bytes) -> bytes:
        with monkeypatch.context() as patched:
            patched.setattr(cms, "CMSAttributes", fewer)
            return loose.answer_anyhow(question)

    with pytest.raises(NotStamped, match="stamps alone"):
        stamper(loose, ask).token(DIGEST)


def test_a_stamp_outlives_the_certificate_it_was_made_under_and_none_is_made_after_it(tmp_path: Path) -> None:
    over = TestAuthority(tmp_path / "over", years=-1 / 365)  # it was valid until yesterday
    then = datetime.now(UTC) - timedelta(hours=36)
    assert stamper(over, lambda question: over.answer_anyhow(question, then)).token(DIGEST)
    with pytest.raises(NotStamped, match="not known here"):
        stamper(over, over.answer_anyhow).token(DIGEST)


def test_an_authority_that_was_not_named_is_not_believed(authority: TestAuthority, tmp_path: Path) -> None:
    """Over plain http anybody on the way may answer, with a certificate of the very same name."""
    stranger = TestAuthority(tmp_path / "stranger")
    with pytest.raises(NotStamped, match="not known here"):
        stamper(authority, stranger.answer).token(DIGEST)


def test_a_stamp_moved_from_another_letter_is_caught(
    issued: Issued,
    signer: LetterSigner,
    authority: TestAuthority,
) -> None:
    """By both readers: the token is whole, and over another signature."""
    kept: list[object] = []

    class Careless(Stamper):
        def token(self, digest: bytes) -> object:  # type: ignore[override]
            kept.append(kept[0] if kept else Stamper.token(self, digest))
            return kept[-1]

    careless = Careless(authority.answer, (authority.root,))
    sign_pdf(issued.unsigned, signer, at=cast.ISSUED, stamper=careless)
    moved = sign_pdf(issued.unsigned, signer, at=cast.ISSUED, reason="Another", stamper=careless)
    verdict = verify_letter(moved, vkey=issued.vkey)
    assert (verdict.code, standalone.check(moved, issued.vkey)["code"]) == (1, 1)
    with pytest.raises(NotStamped, match="something else"):
        stamp_of(moved, [])


def test_a_flipped_bit_in_a_stamped_letter_is_caught_or_changes_nothing_that_is_said(
    stamped: bytes,
    issued: Issued,
    authority: TestAuthority,
) -> None:
    whole = verify_letter(stamped, vkey=issued.vkey, stamp_roots=[authority.root]).facts
    start, end = (int(part) for part in standalone.RANGE.search(stamped).groups()[1:3])  # type: ignore[union-attr]
    used = start + 2 * len(standalone.split(stamped)[1])
    chance, caught = random.Random(2026), 0
    for at in chance.sample(range(start, used), 60) + chance.sample(range(used, end), 20):
        spoiled = bytearray(stamped)
        spoiled[at] = ord("0") if spoiled[at] != ord("0") else ord("1")
        found = verify_letter(bytes(spoiled), vkey=issued.vkey, stamp_roots=[authority.root])
        if found.code == 0:
            assert {**found.facts, "sha256": ""} == {**whole, "sha256": ""}, at
        else:
            caught += 1
    assert caught > 60


def beside_the_signature(blob: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """The CMS container with other unsigned attributes, each length around them set right."""
    der, inside = standalone.der, standalone.inside
    kind, wrapped = inside(standalone.read(blob)[0])
    parts = inside(inside(wrapped)[0])
    *fields, unsigned = inside(inside(parts[4])[0])
    assert unsigned[0] == 0xA1
    signer = der(0x30, *(each[2] for each in fields), change(unsigned[1]))
    data = der(0x30, *(each[2] for each in parts[:4]), der(0x31, signer))
    return der(0x30, kind[2], der(0xA0, data))


def test_a_stamp_cut_off_leaves_a_valid_letter_that_is_not_the_file_that_was_issued(
    stamped: bytes, issued: Issued
) -> None:
    """It lies outside the signature: the ledger knows the file by its hash, and knows no such file."""
    start, end = (int(part) for part in standalone.RANGE.search(stamped).groups()[1:3])  # type: ignore[union-attr]
    bare = beside_the_signature(standalone.split(stamped)[1], lambda _: b"")
    cut = stamped[: start + 1] + bare.hex().upper().encode().ljust(end - start - 2, b"0") + stamped[end - 1 :]
    found = verify_letter(cut, vkey=issued.vkey)
    assert found.code == 0
    assert not [name for name in found.facts if "stamp" in name]
    assert found.facts["sha256"] != hashlib.sha256(stamped).hexdigest()


@pytest.mark.parametrize(
    "change",
    [
        lambda one: standalone.der(0xA1, one, one),
        lambda one: standalone.der(0xA1, one.replace(bytes.fromhex(standalone.STAMP), b"\x2a" * 11)),
        lambda one: standalone.der(0xA1),
        lambda one: standalone.der(0xA1, one) + standalone.der(0xA2, one),
        lambda one: standalone.der(0xA2, one),
    ],
)
def test_nothing_but_one_time_stamp_may_be_put_beside_the_signature(
    stamped: bytes, issued: Issued, change: Callable[[bytes], bytes]
) -> None:
    start, end = (int(part) for part in standalone.RANGE.search(stamped).groups()[1:3])  # type: ignore[union-attr]
    blob = standalone.split(stamped)[1]
    for made, code in (
        (beside_the_signature(blob, lambda one: standalone.der(0xA1, one)), 0),
        (
            beside_the_signature(blob, change),
            1,
        ),
    ):
        sealed = made.hex().upper().encode().ljust(end - start - 2, b"0")
        spoiled = stamped[: start + 1] + sealed + stamped[end - 1 :]
        assert standalone.check(spoiled, issued.vkey)["code"] == code
        assert verify_letter(spoiled, vkey=issued.vkey).code == code


def test_of_two_stamps_neither_is_read(stamped: bytes) -> None:
    start, end = (int(part) for part in standalone.RANGE.search(stamped).groups()[1:3])  # type: ignore[union-attr]
    twice = beside_the_signature(standalone.split(stamped)[1], lambda one: standalone.der(0xA1, one, one))
    sealed = twice.hex().upper().encode().ljust(end - start - 2, b"0")
    with pytest.raises(NotStamped, match="more than one"):
        stamp_of(stamped[: start + 1] + sealed + stamped[end - 1 :], [])
