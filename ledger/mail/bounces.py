"""Reads what comes back when a mail could not be delivered (RFC 3464, delivery status notifications)."""

import re
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage, Message
from email.parser import BytesParser

_OURS = re.compile(r"<?([A-Za-z0-9_.-]{1,80})@[^>\s]+>?")


@dataclass(frozen=True)
class Bounce:
    """A delivery that failed for good. ``mail_id`` is ours; ``status`` is an RFC 3463 code such as 5.1.1."""

    mail_id: str
    recipient: str
    status: str
    diagnostic: str


def parse_bounce(raw: bytes) -> Bounce | None:
    """The failure a delivery status notification reports; None for any other mail, or for a mere delay."""
    message = BytesParser(policy=policy.default).parsebytes(raw)
    if message.get_content_type() != "multipart/report":
        return None
    fields = _failed_fields(message)
    mail_id = _original_id(message)
    if fields is None or mail_id is None:
        return None
    return Bounce(
        mail_id=mail_id,
        recipient=fields.get("final-recipient", "").partition(";")[2].strip(),
        status=fields.get("status", "5.0.0"),
        diagnostic=fields.get("diagnostic-code", "").partition(";")[2].strip()[:500],
    )


def _failed_fields(message: EmailMessage) -> dict[str, str] | None:
    """The fields of the first recipient whose Action is "failed" (RFC 3464, 2.3.3)."""
    for part in message.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        blocks = [block for block in part.get_payload() if isinstance(block, Message)]
        for block in blocks:
            fields = {name.lower(): " ".join(str(value).split()) for name, value in block.raw_items()}
            if fields.get("action", "").lower() == "failed":
                return fields
    return None


def _original_id(message: EmailMessage) -> str | None:
    """The part before the @ in the Message-ID of the mail that came back."""
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "text/rfc822-headers":
            text = part.get_content()
            headers = BytesParser(policy=policy.default).parsebytes(text.encode(), headersonly=True)
        elif kind == "message/rfc822":
            headers = part.get_content()
        else:
            continue
        # As it stands: the library's reader of Message-IDs trips over broken ones (Python 3.11, IndexError).
        said = next((value for name, value in headers.raw_items() if name.lower() == "message-id"), "")
        found = _OURS.fullmatch(str(said).strip())
        if found:
            return found[1]
    return None
