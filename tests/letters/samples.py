"""Letters made by hand, for the tests of layout, signing and checking."""

from datetime import UTC, date, datetime

from ledger.letters.model import (
    Attachment,
    Clause,
    Correspondent,
    Ground,
    GroundKind,
    Layout,
    Letter,
    Letterhead,
    LetterKind,
    Run,
    Section,
    Signatory,
    Style,
    Verification,
)
from ledger.rights.condition_words import Force

ISSUED = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
WORDS = {
    "to": "To",
    "number": "Letter number",
    "date": "4 May 2026",
    "page": "Page {page} of {pages}",
    "verify": "Check this letter",
    "qr_title": "Address of the page that checks this letter",
    "signature_of": "Signature of Harbour Review",
}


def clause(code: str, text: str, label: str = "", **more: object) -> Clause:
    ground = Ground(GroundKind.FORM_FIELD, code)
    return Clause(code, ((Run(text),),), label=label, grounds=(ground,), **more)  # type: ignore[arg-type]


def plain_letter(title: str = "The Tide at Noon", **changes: object) -> Letter:
    """A grant of one page, in English, with every layout a section can have."""
    parts = {
        "number": "HARBOUR-REVIEW-2026-000123",
        "kind": LetterKind.GRANT,
        "date": date(2026, 5, 4),
        "issued_at": ISSUED,
        "language": "en",
        "letterhead": Letterhead(
            Correspondent(
                "Harbour Review",
                lines=("12 Quay Street", "Bristol BS1 4ZZ"),
                contacts=("rights@harbour-review.example",),
            )
        ),
        "addressee": Correspondent(
            "Meridian Press Ltd", "Ada Mercer", ("4 Mill Lane", "Leeds"), ("ada@meridian.example",)
        ),
        "subject": (Run("Permission to reproduce "), Run(title, Style.TITLE)),
        "salutation": (Run("Dear "), Run("Ada Mercer", Style.VALUE), Run(",")),
        "sections": (
            Section(
                "opening",
                "",
                Layout.PROSE,
                (clause("opening", "Thank you for your request. We grant the permission set out below."),),
            ),
            Section(
                "work",
                "The work",
                Layout.TABLE,
                (clause("title", title, "Title"), clause("run", "3,000 copies", "Print run")),
            ),
            Section(
                "credit",
                "Credit",
                Layout.QUOTE,
                (
                    clause(
                        "credit",
                        "© 2026 Harbour Review",
                        "Credit line",
                        duty=Force.REQUIRED,
                        duty_word="Required",
                    ),
                ),
            ),
            Section(
                "fee",
                "Fee",
                Layout.FEE,
                (clause("line", "£120.00", "Base"), clause("total", "£120.00", "Total")),
            ),
            Section(
                "conditions",
                "Conditions",
                Layout.LIST,
                (
                    clause("voucher", "Send one copy.", duty=Force.REQUIRED, duty_word="Required"),
                    clause("tag", "Tag us.", duty=Force.RECOMMENDED, duty_word="Recommended, not required"),
                ),
            ),
        ),
        "closing": (Run("Yours sincerely,"),),
        "signatory": Signatory("Jo Marsh", "Permissions officer"),
        "verification": Verification("https://harbour-review.example/verify/HARBOUR-REVIEW-2026-000123"),
        "verify_texts": (
            (
                Run("Scan the code, or open "),
                Run(
                    "https://harbour-review.example/verify",
                    Style.LINK,
                    "https://harbour-review.example/verify",
                ),
                Run("."),
            ),
        ),
        "words": WORDS,
    }
    return Letter(**{**parts, **changes})  # type: ignore[arg-type]


def attachments() -> list[Attachment]:
    return [
        Attachment(
            "grant.jsonld", b'{"@type":"Agreement"}', "application/ld+json", "The grant as ODRL", ISSUED
        ),
        Attachment("proof.tlog", b"c2sp.org/tlog-proof@v1\n", "text/plain", "Proof of inclusion", ISSUED),
    ]
