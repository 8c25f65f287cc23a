"""One mail to one recipient, with headers that nobody can smuggle anything into."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from email_validator import EmailNotValidError, validate_email

LONGEST_SUBJECT = 200

# RFC 2047 encoded-words: the standard library decodes them in a header it is given, line ends and all.
_ENCODED_WORD = re.compile(r"=\?|\?=")
# Overrides and isolates make a header read other than it is.
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_REFUSED = {"Cc", "Cs", "Cn", "Zl", "Zp"}
# The operator's own setting: ledger@localhost will do on one's own machine.
_SENDER = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+")
_ID = re.compile(r"[A-Za-z0-9_.-]{1,80}")
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]*/[a-z0-9][a-z0-9.+-]*")


class UnsafeHeader(ValueError):
    """A value cannot stand in a mail header. ``field`` names it; the text says why."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field


@dataclass(frozen=True)
class Attachment:
    """A file that goes along."""

    name: str
    media_type: str
    content: bytes

    def __post_init__(self) -> None:
        check_header("attachment", self.name)
        if not self.name or "/" in self.name or "\\" in self.name:
            raise UnsafeHeader("attachment", "A file name without folders is needed.")
        if not _MEDIA_TYPE.fullmatch(self.media_type):
            raise UnsafeHeader("attachment", f"{self.media_type!r} is no media type.")


@dataclass(frozen=True)
class Mail:
    """A finished mail. Raises ``UnsafeHeader`` when a value could change the headers or add a recipient.

    ``id`` becomes the Message-ID, so that a second sending of the same mail is recognised; ``thread`` (a
    request's id) puts all mails of one request in one thread; ``key`` says what the mail is about, and the
    same key is sent once. ``created`` is an aware time.
    """

    id: str
    to: str
    subject: str
    text: str
    created: datetime
    key: str
    template: str = "message"
    html: str | None = None
    language: str = "en"
    thread: str | None = None
    from_name: str | None = None
    reply_to: str | None = None
    attachments: tuple[Attachment, ...] = field(default=())

    def __post_init__(self) -> None:
        object.__setattr__(self, "to", check_address("to", self.to))
        if self.reply_to is not None:
            object.__setattr__(self, "reply_to", check_address("reply_to", self.reply_to))
        check_header("subject", self.subject)
        if not self.subject.strip() or len(self.subject) > LONGEST_SUBJECT:
            raise UnsafeHeader("subject", f"It needs 1 to {LONGEST_SUBJECT} characters.")
        if self.from_name is not None:
            check_header("from_name", self.from_name)
        for name, value in (("id", self.id), ("thread", self.thread)):
            if value is not None and not _ID.fullmatch(value):
                raise UnsafeHeader(
                    name, "Only letters, digits, dots, dashes and underscores may stand in it."
                )


def check_header(field: str, value: str) -> str:
    """The value itself, when it may stand in a header; else ``UnsafeHeader``."""
    if any(unicodedata.category(character) in _REFUSED for character in value):
        raise UnsafeHeader(field, "It contains a line end or another control character.")
    if _BIDI.search(value):
        raise UnsafeHeader(field, "It contains characters that turn the direction of writing.")
    if _ENCODED_WORD.search(value):
        raise UnsafeHeader(field, "It contains =? or ?=, which mail programs decode into something else.")
    return value


def check_address(field: str, value: str) -> str:
    """One plain address in its normal form, the domain in ASCII; else ``UnsafeHeader``."""
    check_header(field, value)
    try:
        # globally_deliverable off: addresses of the own network (name@localhost) are addresses too.
        found = validate_email(
            value, check_deliverability=False, test_environment=True, globally_deliverable=False
        )
    except EmailNotValidError as error:
        raise UnsafeHeader(field, str(error)) from error
    if found.ascii_email is None:
        raise UnsafeHeader(field, "The part before the @ may only have ASCII characters.")
    return str(found.ascii_email)


def as_header(value: str, most: int = LONGEST_SUBJECT) -> str:
    """Make a stranger's words (a title, say) fit for a subject; what ``check_header`` refuses is taken out.

    Longer ones are cut at ``most`` characters with an ellipsis.
    """
    plain = "".join(" " if unicodedata.category(mark) in _REFUSED else mark for mark in value)
    plain = _BIDI.sub("", plain).replace("=?", "= ?").replace("?=", "? =")
    plain = " ".join(plain.split())
    return plain if len(plain) <= most else plain[: most - 1].rstrip() + "…"


def to_message(mail: Mail, sender: str) -> EmailMessage:
    """The mail as RFC 5322 wants it, from ``sender``: one To, no Cc, no Bcc."""
    if not _SENDER.fullmatch(check_header("sender", sender)):
        raise UnsafeHeader("sender", "It is no address; set LEDGER_MAIL_FROM.")
    domain = sender.rpartition("@")[2]
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(mail.from_name or "", addr_spec=sender)
    message["To"] = Address(addr_spec=mail.to)
    if mail.reply_to is not None:
        message["Reply-To"] = Address(addr_spec=mail.reply_to)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.created)
    message["Message-ID"] = f"<{mail.id}@{domain}>"
    if mail.thread is not None:
        # The root was never sent: mail programs gather by References all the same (RFC 5256, REFERENCES).
        message["In-Reply-To"] = message["References"] = f"<{mail.thread}@{domain}>"
    message["Content-Language"] = mail.language
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday answers, please
    message.set_content(mail.text, cte="quoted-printable")
    if mail.html is not None:
        message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    for attachment in mail.attachments:
        main, _, sub = attachment.media_type.partition("/")
        message.add_attachment(attachment.content, maintype=main, subtype=sub, filename=attachment.name)
    return message
