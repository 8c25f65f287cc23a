"""What a publisher's letters look like: logo, signature, and its own wording beside the standing one."""

from ledger.desk.context import Desk, Who
from ledger.desk.house.publishers import own_publisher, record_details
from ledger.desk.refusals import BadInput
from ledger.letters.images import BadImage, check_image
from ledger.letters.language import LANGUAGES
from ledger.letters.model import Image
from ledger.letters.wording import BadWording, check_wording
from ledger.records.evidence import EvidenceMissing
from ledger.records.publishers import PublisherRow

PICTURES = {"logo": "logo_sha256", "signature": "signature_sha256"}
"""The pictures of a letter, and the column each is kept under."""


def set_picture(desk: Desk, who: Who, which: str, data: bytes | None) -> PublisherRow:
    """Put a logo or signature (PNG, SVG) on every letter from now on, or take it off (``None``).

    Letters that were issued keep theirs. Raises ``BadInput`` under the picture's name.
    """
    who.must_be("admin", "officer")
    if which not in PICTURES:
        raise BadInput({"picture": f"There are these pictures: {', '.join(PICTURES)}."})
    sha256 = None
    if data is not None:
        try:
            check_image(data)
        except BadImage as error:
            raise BadInput({which: str(error)}) from error
        sha256 = desk.evidence.put(data)
    return record_details(desk, who, {PICTURES[which]: sha256})


def picture(desk: Desk, who: Who, which: str) -> Image | None:
    """The picture as letters carry it today."""
    row = own_publisher(desk, who.publisher_id)
    sha256 = {"logo": row.logo_sha256, "signature": row.signature_sha256}.get(which)
    if sha256 is None:
        return None
    try:
        return check_image(desk.evidence.get(sha256))
    except (EvidenceMissing, BadImage):
        return None


def set_wording(desk: Desk, who: Who, wording: dict[str, str]) -> PublisherRow:
    """Replace the publisher's own paragraphs by language; an empty text takes a language's wording away.

    Blank lines part the paragraphs. Raises ``BadInput``, errors under ``wording.LANGUAGE``.
    """
    who.must_be("admin", "officer")
    errors: dict[str, str] = {}
    kept: dict[str, list[str]] = {}
    for language, text in wording.items():
        paragraphs = [part.strip() for part in text.split("\n\n") if part.strip()]
        if language not in LANGUAGES:
            errors[f"wording.{language}"] = f"Letters are written in {', '.join(LANGUAGES)}."
            continue
        try:
            check_wording(text)
        except BadWording as error:
            errors[f"wording.{language}"] = str(error)
        if paragraphs:
            kept[language] = paragraphs
    if errors:
        raise BadInput(errors)
    return record_details(desk, who, {"wording": kept or None})
