"""Letters a second: ours, warm, against a naive WeasyPrint call with the same markup, fonts and signing; and memory.

Both run in this one process. "Naive" is what the manuals show: HTML(...).write_pdf(...) with the style sheet as
text, a QR code whose mask the library chooses, then pyHanko; ours starts from the Letter. Goals: at least 1.4
times as fast; over 500 letters the resident memory stays within 20 per cent.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from ledger.letters.certificates import LetterSigner, load_or_make_signer
from ledger.letters.engine import Engine
from ledger.letters.model import Letter, LetterKind
from ledger.letters.render import render_job
from ledger.letters.render_job import RenderJob
from ledger.letters.sign import SIGNATURE_FIELD, sign_pdf
from tests.bench import goals, stock
from tests.letters import cast, samples

QR_TEXT = "https://harbour-review.example/verify/HARBOUR-REVIEW-2026-000123"
ROUNDS, LETTERS = stock.fewer(7, 3), stock.fewer(500, 100)


def resident() -> int:
    """Resident memory of this process in bytes (Linux)."""
    pages = Path("/proc/self/statm").read_text().split()[1]
    return int(pages) * 4096


def compare(
    ours: Callable[[], object], other: Callable[[], object], rounds: int = ROUNDS
) -> tuple[float, float]:
    """The least CPU seconds of each, run in turn: other work on the machine hits both alike."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for kept, act in zip(times, (ours, other), strict=True):
            started = time.process_time()
            act()
            kept.append(time.process_time() - started)
    return min(times[0]), min(times[1])


def naive(job: RenderJob, signer: LetterSigner) -> bytes:
    """A letter as the manuals show it, down to the signature."""
    import segno
    from cryptography.hazmat.primitives import serialization
    from pyhanko.keys import load_cert_from_pemder, load_private_key_from_pemder
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers
    from pyhanko_certvalidator.registry import SimpleCertificateStore
    from weasyprint import CSS, HTML, Attachment

    segno.make(QR_TEXT, error="m")  # the library's own choice of mask; its picture is in the markup already
    attached = [
        Attachment(string=a.data, name=a.name, created=a.created, modified=a.created, relationship="Data")
        for a in job.attachments
    ]
    style = CSS(string=job.base_css + job.page_css)
    pdf = HTML(string=job.html).write_pdf(stylesheets=[style], pdf_variant="pdf/a-3a", attachments=attached)
    with tempfile.TemporaryDirectory() as folder:
        key, certificate = Path(folder, "key.pem"), Path(folder, "cert.pem")
        key.write_bytes(
            signer.key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        certificate.write_bytes(signer.certificate.public_bytes(serialization.Encoding.PEM))
        simple = signers.SimpleSigner(
            load_cert_from_pemder(str(certificate)),
            load_private_key_from_pemder(str(key), None),
            SimpleCertificateStore(),
        )
    meta = signers.PdfSignatureMetadata(field_name=SIGNATURE_FIELD)
    output = BytesIO()
    signers.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), meta, simple, output=output)
    return output.getvalue()


def main() -> None:
    """Print both ratios."""
    with tempfile.TemporaryDirectory() as folder:
        signer = load_or_make_signer(Path(folder), "Harbour Review", now=cast.ISSUED)
    engine = Engine()
    for name, letter in (
        ("one page", samples.plain_letter()),
        ("a full grant", cast.letter(LetterKind.GRANT, "en")),
        ("a full grant in Chinese", cast.letter(LetterKind.GRANT, "zh-Hans")),
    ):
        job = render_job(letter, samples.attachments())

        def ours(letter: Letter = letter) -> bytes:
            job = render_job(letter, samples.attachments())
            return sign_pdf(engine.render(job), signer, at=cast.ISSUED)

        ours()
        naive(job, signer)
        fast, slow = compare(ours, lambda job=job: naive(job, signer))
        figures = f"ours {1 / fast:.1f}/s, naive {1 / slow:.1f}/s"
        goals.at_least(f"letters, {name}, against a naive WeasyPrint call", slow / fast, 1.4, figures)
    memory(engine, signer)


def memory(engine: Engine, signer: LetterSigner) -> None:
    """Resident memory after 50 letters and after 500."""
    early = 0
    for number in range(1, LETTERS + 1):
        letter = samples.plain_letter(title=f"The Tide at Noon {number}")
        sign_pdf(engine.render(render_job(letter, samples.attachments())), signer, at=cast.ISSUED)
        if number == 50:
            early = resident()
    late = resident()
    figures = f"{early / 1e6:.0f} MB, {late / 1e6:.0f} MB"
    goals.at_most(f"letters, memory after {LETTERS} against after 50", late / early, 1.2, figures)


if __name__ == "__main__":
    main()
