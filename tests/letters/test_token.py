"""Keys on a token (a real one in software): real signatures, plain errors, nothing that a pulled token spoils."""

import os
import pickle
import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import load_der_public_key

from ledger.letters import standalone, token_signing
from ledger.letters.certificates import load_or_make_signer, load_token_signer
from ledger.letters.pool import RenderPool
from ledger.letters.sign import sign_pdf
from ledger.letters.signing_keys import BadCertificate, verify
from ledger.letters.token_signing import sign_on_token
from ledger.letters.verify import verify_letter
from ledger.token_uri import read_token_uri
from tests.letters import cast
from tests.letters.certify import rsa_pair
from tests.letters.conftest import Issued, relettered
from tests.letters.test_verify import run_alone
from tests.softhsm import PIN, Token, new_token, soft_token  # noqa: F401


def test_a_letter_signed_by_a_token_is_valid_to_every_reader(
    pool: RenderPool, soft_token: Token, tmp_path: Path
) -> None:
    letter = relettered(pool, soft_token.signer)
    verdict = verify_letter(letter.pdf, vkey=letter.vkey)
    assert (verdict.code, verdict.state) == (0, "valid"), verdict.reason
    assert verdict.facts["fingerprint"] == soft_token.signer.fingerprint
    (tmp_path / "letter.pdf").write_bytes(letter.pdf)
    alone = run_alone(tmp_path, str(tmp_path / "letter.pdf"), "--key", letter.vkey)
    assert alone.returncode == 0, alone.stdout


def test_a_token_draws_its_own_nonces_and_only_the_signature_differs(
    issued: Issued, soft_token: Token
) -> None:
    one, other = (sign_pdf(issued.unsigned, soft_token.signer, at=cast.ISSUED) for _ in range(2))
    assert one != other
    assert standalone.split(one)[0] == standalone.split(other)[0]


def test_an_rsa_key_and_one_that_is_found_by_its_id(
    issued: Issued, soft_token: Token, tmp_path: Path
) -> None:
    key, certificate = rsa_pair(tmp_path, "Harbour Review CIC")
    soft_token.add("another", key, "0a0b")
    uri = soft_token.key.uri.replace("object=letters", "id=%0a%0B")
    pdf = sign_pdf(issued.unsigned, load_token_signer(read_token_uri(uri), certificate), at=cast.ISSUED)
    assert standalone.check(pdf)["code"] == standalone.UNKNOWN_KEY
    assert verify_letter(pdf).code == standalone.UNKNOWN_KEY


def test_a_key_made_on_the_token_that_wants_the_pin_for_every_signature_gets_it(soft_token: Token) -> None:
    """As the signature key of a card does."""
    import pkcs11
    from pkcs11.util.ec import encode_ec_public_key, encode_named_curve_parameters

    with token_signing._turn, opened(soft_token) as session:
        curve = {pkcs11.Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")}
        parameters = session.create_domain_parameters(pkcs11.KeyType.EC, curve, local=True)
        careful = {pkcs11.Attribute.ALWAYS_AUTHENTICATE: True}
        public, private = parameters.generate_keypair(store=True, label="careful", private_template=careful)
        known = load_der_public_key(encode_ec_public_key(public))
        with pytest.raises(pkcs11.UserNotLoggedIn):
            private.sign(b"x" * 32, mechanism=pkcs11.Mechanism.ECDSA)
    assert sign_on_token(soft_token.key_at(object="careful"), known, b"data")  # type: ignore[arg-type]


def opened(soft_token: Token) -> Any:
    """A session that may write."""
    (token,) = token_signing._start(soft_token.key.module).get_tokens(token_label="Harbour")
    return token.open(rw=True, user_pin=PIN)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"module": "/nowhere/libtoken.so"}, "no PKCS #11 module /nowhere/libtoken.so"),
        ({"module": __file__}, "did not sign: PKCS11Error"),
        ({"token": "Lantern"}, r"no token Lantern \(there: Harbour\)"),
        ({"object": "others"}, "no private key others on the token Harbour"),
        ({"pin": "/nowhere/pin"}, "/nowhere/pin: No such file"),
    ],
)
def test_what_is_not_there_is_said_with_what_to_do(
    soft_token: Token, changes: dict[str, str], says: str
) -> None:
    key = soft_token.key_at(**changes)
    for _ in range(2):
        with pytest.raises(BadCertificate, match=says):
            load_token_signer(key, soft_token.certificate).sign(b"data")
    assert soft_token.signer.sign(b"data")


def test_two_of_a_name_are_not_guessed_between(soft_token: Token, tmp_path: Path) -> None:
    load_or_make_signer(tmp_path / "more", "Harbour Review CIC")
    soft_token.add("letters", tmp_path / "more" / "letters-key.pem", "02")
    token_signing.start_afresh()
    with pytest.raises(BadCertificate, match="2 private keys"):
        soft_token.signer.sign(b"data")
    by_id = read_token_uri(soft_token.key.uri.replace("object=letters", "object=letters;id=%01"))
    assert load_token_signer(by_id, soft_token.certificate).sign(b"data")
    new_token("Harbour")
    token_signing.start_afresh()
    with pytest.raises(BadCertificate, match="2 of the token Harbour"):
        soft_token.signer.sign(b"data")


def test_the_key_of_another_certificate_signs_nothing(soft_token: Token, tmp_path: Path) -> None:
    load_or_make_signer(tmp_path / "other", "Harbour Review CIC")
    other = load_token_signer(soft_token.key, tmp_path / "other" / "letters-cert.pem")
    with pytest.raises(BadCertificate, match="does not belong to the first certificate"):
        other.sign(b"data")


def test_a_pin_that_was_refused_is_not_tried_again_before_its_file_changes(soft_token: Token) -> None:
    """Every letter that waits would try it, and a token locks itself after a few."""
    signer = soft_token.signer
    assert signer.sign(b"data")
    soft_token.pin_file.write_text("0000")
    with pytest.raises(BadCertificate, match="refused the PIN"):
        signer.sign(b"data")
    with token_signing._turn, opened(soft_token) as session:
        session.set_pin(PIN, "0000")  # now it is the right one, which only a second try would show
    with pytest.raises(BadCertificate, match="refused the PIN"):
        signer.sign(b"data")
    os.utime(soft_token.pin_file)
    assert signer.sign(b"data")


@pytest.mark.parametrize(
    ("spoil", "says"),
    [(lambda file: file.chmod(0o640), "chmod 600"), (lambda file: file.write_text("\n"), "is empty")],
)
def test_a_pin_file_that_others_read_or_that_is_empty_is_refused(
    soft_token: Token, spoil: object, says: str
) -> None:
    spoil(soft_token.pin_file)  # type: ignore[operator]
    with pytest.raises(BadCertificate, match=says):
        soft_token.signer.sign(b"data")


def test_the_pin_is_in_no_message_and_no_picture_of_the_signer(soft_token: Token) -> None:
    soft_token.pin_file.write_text("3141592653")
    with pytest.raises(BadCertificate) as refusal:
        soft_token.signer.sign(b"data")
    assert (
        "3141592653"
        not in f"{refusal.value}{refusal.value.__cause__}{soft_token.signer!r}{token_signing._refused}"
    )
    assert b"3141592653" not in pickle.dumps(soft_token.signer.key)


def test_a_token_that_was_pulled_signs_again_when_it_is_back(soft_token: Token) -> None:
    signer = soft_token.signer
    assert signer.sign(b"data")
    soft_token.pull()
    for _ in range(2):
        with pytest.raises(BadCertificate, match="Harbour"):
            signer.sign(b"data")
    soft_token.put_back()
    assert signer.sign(b"data")


def test_a_token_that_fails_while_it_signs_is_named_and_asked_afresh(
    soft_token: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pkcs11

    def gone(*_given: object) -> None:
        raise pkcs11.DeviceRemoved

    with monkeypatch.context() as patched:
        patched.setattr(token_signing, "_find_key", gone)
        with pytest.raises(BadCertificate, match="token Harbour did not sign: DeviceRemoved; see that it is"):
            soft_token.signer.sign(b"data")
    assert soft_token.signer.sign(b"data")


def test_a_forked_process_signs_and_so_does_its_parent_afterwards(soft_token: Token) -> None:
    signer = soft_token.signer
    assert signer.sign(b"data")
    holding, over = threading.Event(), threading.Event()

    def hold() -> None:
        with token_signing._turn:  # in the child nobody would ever let go of it
            holding.set()
            over.wait(30)

    holder = threading.Thread(target=hold)
    holder.start()
    holding.wait(30)
    child = os.fork()
    if child == 0:
        signal.alarm(30)
        code = 1
        try:
            verify(signer.certificate.public_key(), signer.sign(b"data"), b"data")  # type: ignore[arg-type]
            code = 0
        finally:
            os._exit(code)
    over.set()
    holder.join()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert signer.sign(b"data")


def test_many_threads_sign_one_after_the_other(soft_token: Token) -> None:
    signer = soft_token.signer
    texts = [f"letter {number}".encode() for number in range(24)]
    with ThreadPoolExecutor(8) as many:
        made = list(many.map(signer.sign, texts))
    for text, signature in zip(texts, made, strict=True):
        verify(signer.certificate.public_key(), signature, text)  # type: ignore[arg-type]
    with pytest.raises(InvalidSignature):
        verify(signer.certificate.public_key(), made[0], texts[1])  # type: ignore[arg-type]


def test_without_the_library_it_is_said_which_to_install(
    soft_token: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pkcs11", None)
    with pytest.raises(BadCertificate, match=r"permissions-ledger\[pkcs11\]"):
        soft_token.signer.sign(b"data")


def test_a_certificate_that_cannot_be_used_is_refused_before_the_token_is_asked(
    soft_token: Token, tmp_path: Path
) -> None:
    nonsense = tmp_path / "c.pem"
    nonsense.write_text("nonsense")
    with pytest.raises(BadCertificate, match=r"c\.pem"):
        load_token_signer(soft_token.key, nonsense)
    with pytest.raises(BadCertificate, match="No such file"):
        load_token_signer(soft_token.key, tmp_path / "none.pem")


GOOD = (
    "pkcs11:token=House%20of%20Letters;object=a%3Bb;id=%00%ff?module-path=/lib/x.so&pin-source=file:/etc/pin"
)


def test_a_uri_is_read_by_the_standard() -> None:
    key = read_token_uri(GOOD)
    assert (key.token, key.label, key.id) == ("House of Letters", "a;b", b"\x00\xff")
    assert (str(key.module), str(key.pin_file), str(key)) == ("/lib/x.so", "/etc/pin", GOOD)
    by_serial = read_token_uri("pkcs11:serial=77;id=%01;type=private?pin-source=/p&module-path=/m")
    assert (by_serial.serial, by_serial.token_name) == ("77", "token with serial number 77")
    assert by_serial.key_name == "key with id 01"


@pytest.mark.parametrize(
    ("uri", "says"),
    [
        ("pkcs11:object=a?module-path=/m&pin-source=/p", "name the token"),
        ("pkcs11:token=a?module-path=/m&pin-source=/p", "name the key"),
        ("pkcs11:token=a;object=b?pin-source=/p", "module-path= has to name"),
        ("pkcs11:token=a;object=b?module-path=/m", "pin-source= has to name"),
        ("pkcs11:token=a;object=b?module-path=m.so&pin-source=/p", "whole path"),
        ("pkcs11:token=a;object=b?module-path=/m&pin-source=|cat", "whole path"),
        ("pkcs11:token=a;object=b?module-path=/m&pin-value=1234", "never written here"),
        ("pkcs11:token=a;object=b;type=cert?module-path=/m&pin-source=/p", "private key"),
        ("pkcs11:token=a;token=b;object=b?module-path=/m&pin-source=/p", "there twice"),
        ("pkcs11:token=%ff;object=b?module-path=/m&pin-source=/p", "not UTF-8"),
        ("pkcs11:token=a;colour=b?module-path=/m&pin-source=/p", "'colour' is not understood"),
        ("pkcs11:", "name the token"),
    ],
)
def test_a_uri_that_cannot_be_used_is_refused_in_a_line(uri: str, says: str) -> None:
    with pytest.raises(ValueError, match=says) as refusal:
        read_token_uri(uri)
    assert "1234" not in str(refusal.value)
