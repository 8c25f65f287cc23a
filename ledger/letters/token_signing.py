"""Signing by a hardware token through PKCS #11 (OASIS PKCS #11 3.1).

Every signature opens a session of its own, so that a token which was pulled and put back is no special case.
After any failure, and in a forked child, the module is started afresh: section 5.4 of the standard wants that of
a child, and some modules never see again a token that was pulled. Modules are started for one thread
(``C_Initialize`` without arguments), so one signature is made at a time in a process.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from ledger.letters.signing_keys import BadCertificate, PublicKey, verify
from ledger.token_uri import TokenKey

EXTRA = "python-pkcs11 is not installed; install permissions-ledger[pkcs11] (in a checkout: uv sync --extra pkcs11)."

_turn = threading.Lock()
_unfit: set[Path] = set()
"""Modules to be started afresh."""
_started: set[Path] = set()
_refused: dict[tuple[Path, str], int] = {}
"""The state of the PIN file whose PIN a token has refused: tried again for every letter, it would lock the token."""


def start_afresh() -> None:
    """Use nothing again that was started before: a forked child may not."""
    global _turn
    _turn = threading.Lock()  # the thread that held it is not in this process
    _unfit.update(_started)


os.register_at_fork(after_in_child=start_afresh)


def sign_on_token(key: TokenKey, public: PublicKey, data: bytes) -> bytes:
    """``data`` signed with SHA-256: ECDSA as DER, or RSA with PKCS #1 v1.5 padding.

    ECDSA by a token is random: the same data does not give the same bytes. The signature is checked under
    ``public``, the certificate's key, before it is returned. Raises BadCertificate, whose message says what to do;
    nothing is half done then, and the next attempt begins from nothing.
    """
    try:
        import pkcs11
    except ImportError as error:
        raise BadCertificate(EXTRA) from error
    with _turn:
        try:
            module = _start(key.module)
            signature = _sign(key, _find_token(module, key), public, data)
        except (BadCertificate, pkcs11.PKCS11Error, OSError) as error:
            _unfit.add(key.module)
            if isinstance(error, BadCertificate):
                raise
            raise BadCertificate(_trouble(key, error)) from error
    try:
        verify(public, signature, data)
    except InvalidSignature:
        raise BadCertificate(
            f"The {key.key_name} on the {key.token_name} does not belong to the first certificate in the file that "
            "LEDGER_LETTER_CERTIFICATE names; name the right key, or give the certificate made for this one."
        ) from None
    return signature


def _start(path: Path) -> Any:
    import pkcs11

    if not path.is_file():
        raise BadCertificate(
            f"There is no PKCS #11 module {path}; install the token's software, or mend module-path."
        )
    if path in _unfit:
        with contextlib.suppress(pkcs11.PKCS11Error):  # a forked child was never started
            pkcs11.lib(str(path)).finalize()
        _unfit.discard(path)
    _started.add(path)
    return pkcs11.lib(str(path))


def _find_token(module: Any, key: TokenKey) -> Any:
    import pkcs11

    found, labels = [], []
    for slot in module.get_slots(token_present=True):
        try:
            token = slot.get_token()
        except pkcs11.PKCS11Error:
            continue  # another slot's trouble
        labels.append(token.label)
        if key.token in ("", token.label) and key.serial in ("", _text(token.serial)):
            found.append(token)
    if not found:
        there = ", ".join(filter(None, labels)) or "none"
        raise BadCertificate(f"There is no {key.token_name} (there: {there}); plug it in, or mend token=.")
    if len(found) > 1:
        raise BadCertificate(
            f"There are {len(found)} of the {key.token_name}; add serial= to tell them apart."
        )
    return found[0]


def _text(serial: bytes) -> str:
    return serial.decode(errors="replace").strip(" \0")


def _sign(key: TokenKey, token: Any, public: PublicKey, data: bytes) -> bytes:
    import pkcs11

    pin = _pin(key, token)
    try:
        session = token.open(user_pin=pin)
    except (pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange):
        _refused[key.module, key.token_name] = key.pin_file.stat().st_mtime_ns
        raise
    _refused.pop((key.module, key.token_name), None)
    with session:
        handle = _find_key(key, session)
        again = {"pin": pin} if _asks_each_time(handle) else {}
        if isinstance(public, rsa.RSAPublicKey):
            return bytes(handle.sign(data, mechanism=pkcs11.Mechanism.SHA256_RSA_PKCS, **again))
        # The plain mechanism, over a hash made here: the one that every token has.
        pair = bytes(handle.sign(hashlib.sha256(data).digest(), mechanism=pkcs11.Mechanism.ECDSA, **again))
    half = len(pair) // 2
    return encode_dss_signature(int.from_bytes(pair[:half], "big"), int.from_bytes(pair[half:], "big"))


def _pin(key: TokenKey, token: Any) -> str:
    """The PIN, unless trying it might lock the token."""
    from pkcs11 import TokenFlag

    state = key.pin_file.stat()
    if state.st_mode & 0o077:
        raise BadCertificate(f"{key.pin_file} can be read by others; run: chmod 600 {key.pin_file}")
    pin = key.pin_file.read_text("utf-8", errors="replace").strip("\r\n")
    if not pin:
        raise BadCertificate(f"{key.pin_file} is empty; write the token's PIN into it.")
    if _refused.get((key.module, key.token_name)) == state.st_mtime_ns:
        raise BadCertificate(_pin_refused(key))
    if token.flags & TokenFlag.USER_PIN_LOCKED:
        raise BadCertificate(f"The {key.token_name} is locked after wrong PINs; unlock it with its SO PIN.")
    if token.flags & TokenFlag.USER_PIN_FINAL_TRY:
        raise BadCertificate(
            f"The {key.token_name} would be locked by one more wrong PIN, so it was not tried; log in once by hand "
            "(pkcs11-tool --login --list-objects), which resets the count."
        )
    return pin


def _find_key(key: TokenKey, session: Any) -> Any:
    from pkcs11 import Attribute, ObjectClass

    wanted: dict[Any, Any] = {Attribute.CLASS: ObjectClass.PRIVATE_KEY}
    if key.label:
        wanted[Attribute.LABEL] = key.label
    if key.id:
        wanted[Attribute.ID] = key.id
    found = list(session.get_objects(wanted))
    if not found:
        raise BadCertificate(
            f"There is no private {key.key_name} on the {key.token_name}; mend object= or id=."
        )
    if len(found) > 1:
        raise BadCertificate(
            f"There are {len(found)} private keys of the name {key.key_name}; add id= to choose."
        )
    return found[0]


def _asks_each_time(handle: Any) -> bool:
    """Whether the token wants the PIN for every signature (CKA_ALWAYS_AUTHENTICATE; a signature card does)."""
    import pkcs11

    try:
        return bool(handle[pkcs11.Attribute.ALWAYS_AUTHENTICATE])
    except pkcs11.PKCS11Error:
        return False


def _pin_refused(key: TokenKey) -> str:
    return (
        f"The {key.token_name} refused the PIN in {key.pin_file}; write the right one into it. It is not tried again "
        "before the file has changed, for a few wrong ones lock the token."
    )


def _trouble(key: TokenKey, error: Exception) -> str:
    """The standard's return values are names without words; these are the words."""
    import pkcs11

    if isinstance(error, (pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange)):
        return _pin_refused(key)
    if isinstance(error, pkcs11.PinLocked):
        return f"The {key.token_name} is locked after wrong PINs; unlock it with its SO PIN."
    if isinstance(error, OSError):
        return f"{error.filename}: {error.strerror}; give a file with the token's PIN that this process can read."
    said = f" ({str(error)[:200]})" if str(error) else ""
    return (
        f"The {key.token_name} did not sign: {type(error).__name__}{said}; see that it is plugged in and working. "
        "Nothing was written, and it is tried again."
    )
