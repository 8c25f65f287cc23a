"""Mail: written from templates in the reader's language, sent by SMTP or put into a folder."""

from ledger.mail.bounces import Bounce, parse_bounce
from ledger.mail.compose import LANGUAGES, TEMPLATES, compose, nearest, written_in
from ledger.mail.message import Attachment, Mail, UnsafeHeader, as_header, check_address, to_message
from ledger.mail.sending import (
    Filed,
    MailNotSent,
    MailSettings,
    Smtp,
    list_folder,
    mail_settings,
    remove_from_folder,
    send,
    try_server,
)

__all__ = [
    "LANGUAGES",
    "TEMPLATES",
    "Attachment",
    "Bounce",
    "Filed",
    "Mail",
    "MailNotSent",
    "MailSettings",
    "Smtp",
    "UnsafeHeader",
    "as_header",
    "check_address",
    "compose",
    "list_folder",
    "mail_settings",
    "nearest",
    "parse_bounce",
    "remove_from_folder",
    "send",
    "to_message",
    "try_server",
    "written_in",
]
