#!/usr/bin/env python3
"""Check a permission letter offline: ``standalone.py LETTER.pdf --key VKEY [--fingerprint SHA256] [--json]``.

Needs Python 3.11, ``cryptography`` and ``pypdf``; nothing of the ledger. It says who granted what to whom, whether
every byte is as it was signed, and the decision in the journal under VKEY (from the publisher's page, not the letter).
Exit codes: 0 valid; 1 tampered; 2 unreadable; 3 whole bytes, but nothing ties them to a key that you know.

(1) The signature's ByteRange covers all of the file but the signature. (2) The CMS signature (RFC 5652) verifies
under the certificate it carries. (3) The attached proof (C2SP tlog-proof) leads from the decision to a checkpoint
signed by VKEY. (4) The decision names this letter's number, the SHA-256 of the attached grant.jsonld, and the
certificate; where it names none, --fingerprint has to. A time stamp is left to `ledger verify-letter`, and whether
the letter was revoked or superseded since to the publisher's verify page: nothing offline can tell.
"""

import argparse
import base64
import functools
import hashlib
import io
import json
import re
import sys
from typing import Any

try:
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding
    from pypdf import PdfReader
except ImportError as missing:  # 2, not Python's own 1, which would say "tampered"
    print(f"UNREADABLE: nothing was checked: {missing}; run: pip install cryptography pypdf", file=sys.stderr)
    sys.exit(2)

VALID, TAMPERED, UNREADABLE, UNKNOWN_KEY = range(4)
STATES = ("valid", "tampered", "unreadable", "unknown_key")
DATA, SIGNED_DATA = "2a864886f70d010701", "2a864886f70d010702"
SHA256, ECDSA, RSA = "608648016503040201", "2a8648ce3d040302", "2a864886f70d01010b"
DIGEST, CERTIFICATE, STAMP = "2a864886f70d010904", "2a864886f70d010910022f", "2a864886f70d010910020e"
RANGE = re.compile(rb"/ByteRange\s*\[\s*" + rb"\s+".join([rb"(\d{1,12})"] * 4) + rb"\s*\]")
base64_of = functools.partial(base64.b64decode, validate=True)
Element = tuple[int, bytes, bytes]  # tag, contents, the whole element


class Stop(Exception):
    """The check ends here: an exit code, and one line that says why."""


def need(condition: object, reason: str, code: int = TAMPERED) -> None:
    if not condition:
        raise Stop(code, reason)


def sha256(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def read(data: bytes, at: int = 0) -> tuple[Element, int]:
    """One DER element, and where the next begins. Lenient: what it reads is encoded again and compared."""
    length, start = data[at + 1], at + 2
    if length & 0x80:
        start += length & 0x7F
        length = int.from_bytes(data[at + 2 : start], "big")
    return (data[at], data[start : start + length], data[at : start + length]), start + length


def inside(element: Element) -> list[Element]:
    """The elements within a sequence or set."""
    found, at = [], 0
    while at < len(element[1]):
        one, at = read(element[1], at)
        found.append(one)
    return found


def der(tag: int, *contents: bytes) -> bytes:
    body = b"".join(contents)
    size = len(body).to_bytes(4, "big").lstrip(b"\0")
    return bytes([tag, *([len(body)] if len(body) < 128 else [0x80 | len(size), *size])]) + body


def algorithms(*oids: str) -> list[bytes]:  # AlgorithmIdentifiers, their parameters absent or NULL
    return [der(0x30, der(6, bytes.fromhex(oid)), null) for oid in oids for null in (b"", b"\5\0")]


def split(pdf: bytes) -> tuple[bytes, bytes]:
    """(the bytes the signature covers, the CMS container): together every byte of the file."""
    need(pdf.startswith(b"%PDF-") and len(pdf) < 64_000_000, "this is not a PDF file", UNREADABLE)
    ranges = RANGE.findall(pdf)
    need(ranges, "the file carries no signature", UNREADABLE)
    first, size, second, rest = map(int, ranges[0])
    need(len(ranges) == 1 and first == 0, "the file carries more than one signature")
    need(0 < size < second and second + rest == len(pdf), "the signature does not cover the whole file")
    need(re.fullmatch(rb"<(?:[0-9A-F]{2})+>", pdf[size:second]), "the signature container is malformed")
    blob = bytes.fromhex(pdf[size + 1 : second - 1].decode())
    end = read(blob)[1]
    need(not blob[end:].strip(b"\0"), "something was put behind the signature")
    return pdf[:size] + pdf[second:], blob[:end]


def check_cms(content: bytes, cms: bytes, report: dict[str, Any]) -> None:
    """PAdES B-B: one signer, SHA-256, signed attributes. What the signature leaves open must be as expected."""
    signed_data = inside(inside(inside(read(cms)[0])[1])[0])
    signer = inside(signed_data[4])[0]
    _, sid, digest, attributes, algorithm, signature, *stamp = inside(signer)
    chain = [x509.load_der_x509_certificate(one[2]) for one in inside(signed_data[3])]
    mine = [c for c in chain if c.serial_number == int.from_bytes(inside(sid)[1][1], "big")]
    need(len(mine) == 1, "the signer's certificate is not in the file")
    one, leaf = b"\2\1\1", mine[0]
    issued = der(0x30, leaf.issuer.public_bytes(), der(2, inside(sid)[1][1]))
    last = der(4, signature[1]) + b"".join(each[2] for each in stamp)
    again = der(0x30, one, issued, digest[2], der(0xA0, attributes[1]), algorithm[2], last)
    parts = der(0x31, digest[2]), der(0x30, der(6, bytes.fromhex(DATA))), signed_data[3][2], der(0x31, again)
    whole = der(0x30, der(6, bytes.fromhex(SIGNED_DATA)), der(0xA0, der(0x30, one, *parts)))
    certificates = der(0xA0, *(c.public_bytes(serialization.Encoding.DER) for c in chain))
    need(whole == cms and signed_data[3][2] == certificates, "the signature's envelope was changed")
    need(digest[2] in algorithms(SHA256) and algorithm[2] in algorithms(ECDSA, RSA), "unexpected algorithm")
    signed = {inside(a)[0][1].hex(): inside(inside(a)[1])[0][1] for a in inside(attributes)}
    need(signed[DIGEST] == sha256(content), "the file was changed after it was signed")
    fingerprint = leaf.fingerprint(hashes.SHA256())
    need(fingerprint in signed[CERTIFICATE], "the signature is by another certificate")
    check_signature(leaf.public_key(), signature[1], der(0x31, attributes[1]))
    check_chain(leaf, chain)
    report |= {"signed_by": leaf.subject.rfc4514_string(), "fingerprint": fingerprint.hex()}
    if stamp:  # RFC 3161: outside the signature, which it covers in turn
        oid, token = inside(inside(stamp[0])[0])
        fits = stamp[0][0] == 0xA1 and oid[1].hex() == STAMP and sha256(signature[1]) in token[2]
        need(fits and len(stamp) == len(inside(stamp[0])) == 1, "something else than a time stamp was added")
        report["time_stamp"] = "carried; this program does not check it"
    report["signed_at"] = re.findall(rb"/M \(D(?::|\\072)(\d{14})", content)[-1].decode()


def check_signature(key: Any, signature: bytes, signed: bytes) -> None:
    scheme = () if isinstance(key, ec.EllipticCurvePublicKey) else (padding.PKCS1v15(), hashes.SHA256())
    try:
        key.verify(signature, signed, *(scheme or (ec.ECDSA(hashes.SHA256()),)))
    except InvalidSignature:
        raise Stop(TAMPERED, "the signature does not verify") from None


def check_chain(leaf: x509.Certificate, chain: list[x509.Certificate]) -> None:
    """All certificates but the leaf, which is signed for, have their issuer in the file, up to the root."""
    for one in chain:
        bits = inside(read(one.public_bytes(serialization.Encoding.DER))[0])[2][1]  # octet 0: unused bits
        above = [c for c in chain if c.subject == one.issuer]
        need((above or len(chain) == 1) and bits[0] == 0, "a certificate in the file was changed")
        for issuer in above:
            one.verify_directly_issued_by(issuer)
        need(one == leaf or any(c.issuer == one.subject and c != one for c in chain), "a stray certificate")


def attachments(pdf: bytes) -> tuple[bytes, bytes]:
    files = PdfReader(io.BytesIO(pdf)).attachments
    names = ("grant.jsonld", "proof.tlog")
    need(all(len(files.get(name, ())) == 1 for name in names), "signed, but not a letter", UNREADABLE)
    return bytes(files[names[0]][0]), bytes(files[names[1]][0])


def open_proof(proof: bytes, vkey: str) -> tuple[dict[str, Any], int, str]:
    """(the journal entry's payload, its index, the journal's origin), proved under ``vkey``."""
    given = re.fullmatch(r"([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})", vkey.strip())
    name, key_id, public = (given[1], given[2], base64_of(given[3])) if given else ("", "", b"\0")
    right = public[0] == 1 and sha256(name.encode(), b"\n", public).hex()[:8] == key_id
    need(right, "the key you gave is malformed: copy it whole", UNREADABLE)
    head, _, note = proof.partition(b"\n\n")
    text, _, signatures = note.rpartition(b"\n\n")
    lines = [line.split(" ") for line in signatures.decode().splitlines()]
    blobs = [b for line in lines if line[:2] == ["—", name] and (b := base64_of(line[2]))[:4].hex() == key_id]
    need(blobs, "the journal's checkpoint in this letter is not signed by the key you gave", UNKNOWN_KEY)
    ed25519.Ed25519PublicKey.from_public_bytes(public[1:]).verify(blobs[0][4:], text + b"\n")
    origin, size, root = text.decode().split("\n")[:3]
    first, extra, index, *path = head.decode().split("\n")
    need((first, extra[:6], index[:6]) == ("c2sp.org/tlog-proof@v1", "extra ", "index "), "malformed proof")
    leaf, at = base64_of(extra[6:]), int(index[6:])
    reached = fold(leaf, at, int(size), [base64_of(line) for line in path])
    need(origin == name and reached == base64_of(root), "the decision is not in the journal")
    return json.loads(leaf)["payload"], at, origin


def fold(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """The root hash an inclusion proof leads to: RFC 9162, 2.1.3.2."""
    need(0 <= index < size, "the proof's index lies outside the journal")
    here, last, node = index, size - 1, sha256(b"\0", leaf)
    for sibling in path:
        need(last and len(sibling) == 32, "the inclusion proof is too long")
        if here & 1 or here == last:
            node = sha256(b"\1", sibling, node)
            while here and not here & 1:
                here, last = here >> 1, last >> 1
        else:
            node = sha256(b"\1", node, sibling)
        here, last = here >> 1, last >> 1
    need(last == 0, "the inclusion proof is too short")
    return node


def check_grant(pdf: bytes, report: dict[str, Any], vkey: str | None, fingerprint: str) -> None:
    data, proof = attachments(pdf)
    grant = json.loads(data)
    report |= {key: grant[f"lg:{key}"] for key in ("letter", "kind", "title", "addressee", "clauses")}
    report |= {"replaces": grant["lg:replaces"]} if "lg:replaces" in grant else {}
    rule = (grant.get("permission") or [{}])[0]
    report["grantor"] = rule.get("assigner", {}).get("vcard:fn") or report["signed_by"]
    need(vkey, "the bytes are whole; give --key to check them against the publisher's journal", UNKNOWN_KEY)
    decided, report["entry"], report["journal"] = open_proof(proof, str(vkey))
    need(decided["grant_sha256"] == sha256(data).hex(), "the journal records another grant")
    need(decided["number"] == report["letter"], "the journal records the decision of another letter")
    known = decided.get("certificate_sha256") or fingerprint.lower().replace(":", "").replace(" ", "")
    need(known, "give --fingerprint, from the publisher's page: nothing else names the certificate", 3)
    code = TAMPERED if "certificate_sha256" in decided else UNKNOWN_KEY
    need(known == report["fingerprint"], "signed with a certificate that is not the publisher's", code)
    report["not_checked"] = f"revoked or superseded since? Look up {report['letter']} on its verify page"


def check(pdf: bytes, vkey: str | None = None, fingerprint: str = "") -> dict[str, Any]:
    """The whole check as a report: code, state, reason, and what was found. Never raises for what a file holds."""
    whole = "every byte is as it was signed, and the decision is in the journal"
    report: dict[str, Any] = {"code": VALID, "state": "", "reason": whole, "sha256": sha256(pdf).hex()}
    try:
        check_cms(*split(pdf), report)
        check_grant(pdf, report, vkey, fingerprint)
    except Stop as stop:
        report["code"], report["reason"] = stop.args
    except Exception as error:  # hostile input: whatever a parser throws is a check that failed
        report |= {"code": TAMPERED, "reason": f"the file does not hold together ({type(error).__name__})"}
    return {**report, "state": STATES[report["code"]]}


def main() -> None:
    parser = argparse.ArgumentParser(description="Check a permission letter offline.")
    parser.add_argument("file", type=argparse.FileType("rb"))  # a missing one: said on stderr, exit code 2
    parser.add_argument("--key", help="the journal's verifier key: name+id+base64")
    parser.add_argument("--fingerprint", default="", help="SHA-256 of the publisher's certificate, in hex")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    report = check(given.file.read(), given.key, given.fingerprint)
    print(json.dumps(report, ensure_ascii=False, indent=2) if given.json else words(report))
    sys.exit(report["code"])


def words(report: dict[str, Any]) -> str:
    """The report as lines for people."""
    facts = [f"  {k}: {v}" for k, v in report.items() if k not in ("code", "state", "reason", "clauses")]
    said = [f"  - {c['label'] or c['code']}: {c['text']}" for c in report.get("clauses", ())]
    return "\n".join([f"{report['state'].upper()}: {report['reason']}", *facts, *said])


if __name__ == "__main__":
    main()
