"""What one letter hands to the process that draws it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from ledger.letters.model import Attachment


@dataclass(frozen=True, slots=True)
class RenderJob:
    """All one letter needs. ``images`` maps the ``letter:`` addresses in the HTML to (bytes, media type)."""

    html: str
    language: str
    page_css: str
    base_css: str
    element_css: str
    issued_at: datetime
    signature_label: str
    attachments: tuple[Attachment, ...] = ()
    images: dict[str, tuple[bytes, str]] = field(default_factory=dict)
