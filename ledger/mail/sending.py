"""The way out for mail: an SMTP server by setting, a folder without one."""

import os
import re
import smtplib
import ssl
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Literal, cast
from urllib.parse import parse_qs, unquote, urlsplit

from ledger.mail.message import Mail, to_message

Security = Literal["none", "starttls", "tls"]
_NUMBERS = re.compile(r"[0-9.]+|\[.*\]|[0-9a-f:]*:[0-9a-f:]*")


@dataclass(frozen=True)
class Smtp:
    """A server that takes our mail. ``timeout`` in seconds, for each answer. ``tls``: from the first byte.

    Certificates are checked against the machine's authorities and the host's name.
    """

    host: str
    port: int = 587
    security: Security = "starttls"
    user: str | None = None
    password: str | None = None
    timeout: float = 30.0


@dataclass(frozen=True)
class MailSettings:
    """From which address, and which way. Without ``smtp``, mail becomes files in ``folder``."""

    sender: str
    folder: Path
    smtp: Smtp | None = None


def mail_settings(sender: str, folder: Path, smtp_url: str | None) -> MailSettings:
    """Settings from one line: ``smtp://user:password@host:587`` (STARTTLS) or ``smtps://host`` (TLS at once).

    ``?security=none`` leaves encryption out, for a server on this machine or in one's own network. A sender
    at an IP address becomes one at ``localhost``: a mail address has no room for the other. ``ValueError``.
    """
    name, _, domain = sender.rpartition("@")
    if _NUMBERS.fullmatch(domain):
        sender = f"{name}@localhost"
    if smtp_url is None:
        return MailSettings(sender, folder)
    url = urlsplit(smtp_url)
    security = parse_qs(url.query).get("security", ["tls" if url.scheme == "smtps" else "starttls"])[0]
    if url.scheme not in ("smtp", "smtps") or not url.hostname or security not in ("none", "starttls", "tls"):
        raise ValueError(
            "LEDGER_SMTP_URL cannot be used. Write it as smtp://user:password@mail.example.org:587."
        )
    return MailSettings(
        sender,
        folder,
        Smtp(
            host=url.hostname,
            port=url.port or (465 if security == "tls" else 587),
            security=cast(Security, security),
            user=unquote(url.username) if url.username else None,
            password=unquote(url.password) if url.password else None,
        ),
    )


class MailNotSent(Exception):
    """The mail did not go out. ``hopeless``: the server refused it for good, another attempt cannot help."""

    def __init__(self, problem: str, *, hopeless: bool) -> None:
        super().__init__(problem)
        self.hopeless = hopeless


def send(mail: Mail, settings: MailSettings) -> None:
    """Hand the mail over; when this returns, the server has accepted it or the file is on the disk.

    Raises ``MailNotSent``. A caller that dies after the server's answer and before noting it will send again,
    with the same Message-ID; a file is simply written again under the same name.
    """
    message = to_message(mail, settings.sender)
    if settings.smtp is None:
        _into_folder(mail, message, settings.folder)
        return
    with _told(), _session(settings.smtp) as session:
        session.send_message(message, from_addr=settings.sender, to_addrs=[mail.to])


def try_server(settings: MailSettings) -> None:
    """As for a mail, up to naming its sender: connect, encrypt, sign in. Sends none. Raises ``MailNotSent``."""
    assert settings.smtp is not None
    with _told(), _session(settings.smtp) as session:
        session.ehlo_or_helo_if_needed()
        code, answer = session.mail(settings.sender)
        if code != 250:
            raise smtplib.SMTPSenderRefused(code, answer, settings.sender)
        session.rset()


@contextmanager
def _told() -> Iterator[None]:
    """What the server or the network says, as ``MailNotSent``."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        code, answer = next(iter(error.recipients.values()))
        raise MailNotSent(_said(code, answer), hopeless=code >= 500) from error
    except smtplib.SMTPAuthenticationError as error:
        # Wrong settings, not a wrong mail: they may be mended while the mail waits.
        raise MailNotSent(_said(error.smtp_code, error.smtp_error), hopeless=False) from error
    except smtplib.SMTPResponseException as error:
        raise MailNotSent(_said(error.smtp_code, error.smtp_error), hopeless=_final(error)) from error
    except (OSError, smtplib.SMTPException) as error:
        raise MailNotSent(f"{type(error).__name__}: {error}", hopeless=False) from error


def _final(error: smtplib.SMTPResponseException) -> bool:
    """A 5xx answer to the mail is final (RFC 5321, 4.2.1); to the greeting it may be a server's mood."""
    return error.smtp_code >= 500 and not isinstance(error, smtplib.SMTPConnectError | smtplib.SMTPHeloError)


def _said(code: int, answer: bytes | str) -> str:
    words = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    return f"The mail server said {code} {' '.join(words.split())}"[:500]


@contextmanager
def _session(smtp: Smtp) -> Iterator[smtplib.SMTP]:
    trust = ssl.create_default_context()
    if smtp.security == "tls":
        session: smtplib.SMTP = smtplib.SMTP_SSL(smtp.host, smtp.port, timeout=smtp.timeout, context=trust)
    else:
        session = smtplib.SMTP(smtp.host, smtp.port, timeout=smtp.timeout)
    try:
        if smtp.security == "starttls":
            session.starttls(context=trust)
        if smtp.user is not None:
            session.login(smtp.user, smtp.password or "")
        yield session
        _quit(session)
    finally:
        session.close()


def _quit(session: smtplib.SMTP) -> None:
    """Say goodbye; the mail has been accepted, so a server that is rude now changes nothing."""
    try:
        session.quit()
    except (OSError, smtplib.SMTPException):
        return


@dataclass(frozen=True)
class Filed:
    """A mail that lies in the folder. ``name`` is its file's name; ``created`` an aware time."""

    name: str
    to: str
    subject: str
    created: datetime
    text: str


def list_folder(folder: Path, most: int = 100) -> list[Filed]:
    """The newest mails in the folder, newest first."""
    names = sorted((file.name for file in folder.glob("[!.]*.eml")), reverse=True)[:most]
    return [filed for name in names if (filed := _filed(folder / name)) is not None]


def remove_from_folder(folder: Path, mail_ids: Iterable[str]) -> None:
    """Delete the files of these mails, where there are any."""
    for mail_id in mail_ids:
        for file in folder.glob(f"*-{mail_id}.eml"):
            file.unlink(missing_ok=True)


def _filed(path: Path) -> Filed | None:
    try:
        message = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
    except FileNotFoundError:  # deleted by hand between the listing and the reading
        return None
    body = message.get_body(("plain",))
    date = message["Date"]
    return Filed(
        name=path.name,
        to=str(message["To"]),
        subject=str(message["Subject"]),
        created=parsedate_to_datetime(date) if date else datetime.fromtimestamp(path.stat().st_mtime, UTC),
        text=body.get_content() if body is not None else "",
    )


def _into_folder(mail: Mail, message: EmailMessage, folder: Path) -> None:
    """Write beside, flush, rename: whoever lists the folder sees whole mails only."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        stamp = mail.created.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        handle, beside = tempfile.mkstemp(prefix=".", suffix=".part", dir=folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(message.as_bytes())
                file.flush()
                os.fsync(file.fileno())
            os.replace(beside, folder / f"{stamp}-{mail.id}.eml")
        except BaseException:
            Path(beside).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise MailNotSent(f"The mail folder could not be written: {error}", hopeless=False) from error
