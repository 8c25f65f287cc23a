"""From a Letter to an unsigned PDF, through the pool of renderers."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.letters.clean import clean_letter
from ledger.letters.images import check_image
from ledger.letters.markup import LOGO_URL, SIGNATURE_URL, base_css, element_css, letter_html, page_css
from ledger.letters.model import Attachment, Letter
from ledger.letters.pool import RenderPool
from ledger.letters.render_job import RenderJob


def render_job(letter: Letter, attachments: Sequence[Attachment] = ()) -> RenderJob:
    """Everything a renderer needs, cleaned and checked.

    Raises UnprintableText for text no font can show, BadImage for a picture a letter cannot carry.
    """
    letter = clean_letter(letter)
    images = {}
    for url, image in ((LOGO_URL, letter.letterhead.logo), (SIGNATURE_URL, letter.signatory.signature)):
        if image is not None:
            checked = check_image(image.data)
            images[url] = (checked.data, checked.media_type)
    return RenderJob(
        html=letter_html(letter),
        language=letter.language,
        page_css=page_css(letter.words["page"]),
        base_css=base_css(letter.letterhead.accent),
        element_css=element_css(),
        issued_at=letter.issued_at,
        signature_label=letter.words["signature_of"],
        attachments=tuple(attachments),
        images=images,
    )


def render_letter(letter: Letter, *, attachments: Sequence[Attachment], pool: RenderPool) -> bytes:
    """The unsigned PDF/A-3a and PDF/UA-1 file with its attachments. The same input gives the same bytes.

    Raises UnprintableText, BadImage, RenderFailed.
    """
    return pool.render(render_job(letter, attachments))
