"""``ledger verify-letter``: is this PDF a letter as it was issued, and is its decision in the journal?"""

import json
import sys
from pathlib import Path

import click
from cryptography import x509

from ledger.letters.standalone import words
from ledger.letters.verify import verify_letter as check_letter


@click.command("verify-letter")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--key", "vkey", help="The journal's verifier key (name+id+base64), from the publisher's page.")
@click.option("--fingerprint", default="", help="SHA-256 of the publisher's certificate, for older letters.")
@click.option(
    "--timestamp-roots",
    type=click.Path(path_type=Path),
    help="PEM file of the time-stamping authorities that you trust.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def verify_letter(
    file: Path, vkey: str | None, fingerprint: str, timestamp_roots: Path | None, as_json: bool
) -> None:
    """Check a permission letter offline, against the journal key you know.

    Exit codes: 0 valid; 1 tampered; 2 unreadable; 3 whole bytes, but no key that you know speaks for them.
    """
    try:
        pdf = file.read_bytes()
    except OSError as error:
        click.echo(f"{file}: {error.strerror}; give the path of a PDF file.", err=True)
        sys.exit(2)
    verdict = check_letter(pdf, vkey=vkey, fingerprint=fingerprint, stamp_roots=_roots(timestamp_roots))
    report = {"code": verdict.code, "state": verdict.state, "reason": verdict.reason, **verdict.facts}
    click.echo(json.dumps(report, ensure_ascii=False, indent=2) if as_json else words(report))
    sys.exit(verdict.code)


def _roots(file: Path | None) -> list[x509.Certificate]:
    if file is None:
        return []
    try:
        return x509.load_pem_x509_certificates(file.read_bytes())
    except (OSError, ValueError) as error:
        click.echo(f"{file}: {error}; give certificates as a PEM file.", err=True)
        sys.exit(2)
