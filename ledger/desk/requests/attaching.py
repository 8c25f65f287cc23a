"""Files a requester sends along: checked by what they are, kept by their hash, sealed while the form is filled in.

What a file is called and what a browser says it is are not believed; its first bytes are. A sealed file is what
a form carries from page to page: only this house can have made the seal, so nobody can name another's file.
"""

import base64
import hmac
import json
import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from ledger.desk.context import Desk
from ledger.desk.refusals import BadInput
from ledger.ids import new_id
from ledger.records.evidence import EvidenceDamaged, EvidenceMissing
from ledger.records.request_rows import AttachmentRow
from ledger.records.requests import add_attachment, drop_attachment, load_attachments
from ledger.records.tenant import Tenant

log = logging.getLogger("ledger.desk")

MAX_FILES = 5
MAX_BYTES = 10 * 1024 * 1024
_MAGIC = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
_TEXT_CONTROLS = frozenset("\t\n\r\f")


@dataclass(frozen=True)
class KeptFile:
    """A file among the uploads. ``size`` in bytes; ``sha256`` 64 hexadecimal digits."""

    name: str
    media_type: str
    size: int
    sha256: str


def keep_file(desk: Desk, name: str, content: bytes) -> KeptFile:
    """Check a file and keep its bytes. Raises ``BadInput`` for one that is too large, empty or of another kind."""
    shown = _tidy(name)
    if not content:
        raise BadInput({"files": f"“{shown}” is empty; choose the file again."})
    if len(content) > MAX_BYTES:
        raise BadInput({"files": f"“{shown}” is larger than 10 MB; send a smaller copy."})
    media_type = media_type_of(content)
    if media_type is None:
        raise BadInput({"files": f"“{shown}” is no PDF, picture (PNG, JPEG, GIF, WebP) or plain text."})
    return KeptFile(shown, media_type, len(content), desk.uploads.put(content))


def media_type_of(content: bytes) -> str | None:
    """What the bytes are, by their beginning; plain text only if it is UTF-8 throughout. None: not taken."""
    for magic, media_type in _MAGIC:
        if content.startswith(magic):
            return media_type
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return "text/plain" if all(c.isprintable() or c in _TEXT_CONTROLS for c in text) else None


def _tidy(name: str) -> str:
    last = name.replace("\\", "/").rpartition("/")[2]
    printable = "".join(c for c in last if c.isprintable())
    return printable.strip()[:120] or "file"


def seal(desk: Desk, file: KeptFile) -> str:
    """The file as a form carries it: URL-safe text with a signature of the house."""
    body = base64.urlsafe_b64encode(json.dumps(asdict(file), sort_keys=True).encode()).decode()
    return f"{body}.{_signature(desk, body)}"


def unseal(desk: Desk, sealed: str) -> KeptFile | None:
    """The file a seal stands for; none when the house did not make it."""
    body, _, signature = sealed.partition(".")
    if not hmac.compare_digest(_signature(desk, body).encode(), signature.encode("utf-8", "replace")):
        return None
    return KeptFile(**json.loads(base64.urlsafe_b64decode(body)))


def _signature(desk: Desk, body: str) -> str:
    return hmac.digest(desk.secret, b"file\0" + body.encode("utf-8", "replace"), "sha256").hex()


def attach(desk: Desk, tenant: Tenant, request_id: str, files: Sequence[KeptFile], now: datetime) -> None:
    """Note the files of a request in the caller's transaction."""
    for file in files[:MAX_FILES]:
        desk.uploads.touch(file.sha256, now)
        add_attachment(tenant, AttachmentRow(new_id("at"), request_id, **asdict(file), added_at=now))


def keep_for_good(desk: Desk, tenant: Tenant, request_id: str) -> None:
    """Make evidence of the files of a request that reaches the desk, in the caller's transaction.

    A file that is no longer there (a backup without it was brought back) is left out and logged.
    """
    for row in load_attachments(tenant, request_id):
        try:
            desk.evidence.put(desk.uploads.get(row.sha256))
        except (EvidenceMissing, EvidenceDamaged):
            log.warning("The file %s of request %s is not there any more", row.id, request_id)
            drop_attachment(tenant, row.id)


def touch_files(desk: Desk, sealed: Sequence[str]) -> None:
    """Note that the files a form carries are still wanted."""
    for file in (unseal(desk, each) for each in sealed):
        if file is not None:
            desk.uploads.touch(file.sha256, desk.clock())
