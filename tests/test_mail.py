"""Mail as it leaves the house: safe headers, whole words in every language, and both ways out."""

import datetime as dt
import ipaddress
import re
import socket
import ssl
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jinja2 import UndefinedError
from selectolax.lexbor import LexborHTMLParser

from ledger import mail
from ledger.mail.compose import _CATALOGUES
from ledger.mail.message import LONGEST_SUBJECT, check_header
from ledger.settings import shipped_folder

NOW = dt.datetime(2030, 3, 1, 9, 0, tzinfo=dt.UTC)
SENDER = "permissions@harbour-review.example"
URL = "https://permissions.harbour-review.example/r/rq_1?a=1&b=2"

CONTEXTS = {
    "publisher": "Harbour Review",
    "contact": "desk@harbour-review.example",
    "reference": "HR-2030-17",
    "title": "What the <tide> brings & takes",
    "url": URL,
    "status_url": URL,
    "minutes": 20,
    "hours": 48,
    "median_days": 4,
    "question": "Which edition?\nAnd how many copies?",
    "body": "Thank you.\n\n-- \nThe desk",
    "lines": [{"label": "One page, 500 copies", "amount": 12050}, {"label": "Tax", "amount": 0}],
    "total": 12050,
    "currency": "USD",
    "valid_until": dt.date(2030, 4, 1),
    "payment_first": True,
    "settled": ["Format: hardback, 500 copies"],
    "amount": 12050,
    "left": 2050,
    "over": 0,
    "due": dt.date(2030, 4, 15),
    "number": "HARBOUR-REVIEW-2030ABCD",
    "instructions": "By transfer to the account of Harbour Review.\nName the reference.",
    "first": True,
    "owner": "The Lantern",
    "reply": "quote",
    "asked": True,
    "owner_contact": "rights@lantern.example",
    "requester": "Meridian Wire",
    "uses": ["Print, in a book: 500 copies", "World, in English"],
    "asked_on": dt.date(2030, 2, 1),
    "times": 3,
    "since": dt.date(2030, 1, 5),
    "granted": 2,
    "not_needed": 1,
    "referred": 1,
    "refused": 1,
    "letter_number": "HARBOUR-2030-000017",
    "old": "HARBOUR-2030-000009",
    "letter_url": URL,
    "attached": True,
    "reason": "The photograph is not ours.",
    "obligations": [
        {"text": "Send a voucher copy", "due": dt.date(2030, 5, 1)},
        {"text": "Print the credit", "due": None},
    ],
    "effective": dt.date(2030, 3, 15),
    "change": "The licence of The Lantern ends.",
    "day": dt.date(2030, 3, 1),
    "size": 12_345,
    "checkpoint": "harbour-review/journal\n12345\nq83vEjRWeJA=\n\n— harbour-review AbCd=\n",
}


def written(name, language="en", to="reader@example.com", **more):
    context = {**CONTEXTS, **more}
    return mail.compose(name, language, context, to=to, key="k", created=NOW, reply_to=CONTEXTS["contact"])


def seen(html):
    """The text a reader sees in an HTML mail."""
    return " ".join(LexborHTMLParser(html).body.text(separator=" ").split())


# --- Words ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", mail.TEMPLATES)
@pytest.mark.parametrize("language", mail.LANGUAGES)
def test_every_mail_can_be_written_in_every_language(name, language):
    one = written(name, language)
    assert one.language == language
    html = LexborHTMLParser(one.html)
    root = html.css_first("html").attributes
    assert (root["lang"], root["dir"]) == (language, "rtl" if language == "ar" else "ltr")
    assert html.css("tide") == []  # a title is never markup
    for link in html.css("a"):
        assert link.attributes["href"] == URL
        assert URL in one.text
    for text in (one.subject, one.text, one.html):
        assert not re.search(r"%\(\w+\)s|\{\{|\{%|None\b|&amp;amp;", text)
    assert "\n\n\n" not in one.text


@pytest.mark.parametrize("name", mail.TEMPLATES)
@pytest.mark.parametrize("language", ["en", "ru"])
def test_text_and_html_say_the_same(name, language):
    one = written(name, language)
    marks = {"-", "--", ">"}
    html = " ".join(word for word in seen(one.html).split() if word not in marks)
    for line in one.text.splitlines():
        assert " ".join(word for word in line.split() if word not in marks) in html


def messages():
    """Every message of the templates, with its placeholders."""
    found = extract_from_dir(shipped_folder("templates") / "mail", [("**.j2", "jinja2")])
    return {text: set(re.findall(r"%\(\w+\)s", text)) for _, _, text, _, _ in found}


@pytest.mark.parametrize("language", [one for one in mail.LANGUAGES if one != "en"])
def test_every_message_is_translated_with_the_same_placeholders(language):
    path = _CATALOGUES / mail.LANGUAGES[language] / "LC_MESSAGES" / "mail.po"
    with path.open("rb") as opened:
        catalogue = read_po(opened)
    translated = {entry.id: entry.string for entry in catalogue if entry.id}
    assert set(translated) == set(messages())
    for text, placeholders in messages().items():
        assert translated[text], text
        assert set(re.findall(r"%\(\w+\)s", translated[text])) == placeholders, text
        assert not any(entry.fuzzy for entry in catalogue if entry.id)


def test_each_template_says_what_it_needs():
    for name in mail.TEMPLATES:
        source = (shipped_folder("templates") / "mail" / f"{name}.j2").read_text()
        said = re.match(r"\{# (.*?) #\}", source)
        assert said, name
        keys = {key for key in CONTEXTS if re.search(rf"\b{key}\b", said[1])}
        context = {key: CONTEXTS[key] for key in keys}
        mail.compose(name, "en", context, to="reader@example.com", key="k", created=NOW)


def test_a_missing_word_is_an_error_not_a_gap():
    with pytest.raises(UndefinedError, match="title"):
        mail.compose("withdrawn", "en", {"reference": "1"}, to="a@example.com", key="k", created=NOW)
    with pytest.raises(KeyError, match="no mail called"):
        written("no_such_mail")


def test_mail_to_an_unconfirmed_address_carries_no_words_of_the_asker():
    one = written("verify_address", title="BUY NOW", requester="BUY NOW", body="BUY NOW")
    assert "BUY NOW" not in one.subject + one.text + one.html


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [
        ("fr-CA", "fr"),
        ("zh-CN", "zh-Hans"),
        ("zh-Hans-SG", "zh-Hans"),
        ("de_AT", "de"),
        ("fi", "en"),
        ("", "en"),
    ],
)
def test_the_nearest_language_is_chosen(asked, spoken):
    assert mail.written_in(asked) == spoken


def test_money_and_days_follow_the_language():
    assert "$120.50" in written("quote").text
    assert "1 April 2030" in written("quote").text
    assert "1. April 2030" in written("quote", "de").text
    assert "120,50" in written("quote", "de").text
    assert "12,050" in written("quote", currency="JPY").text


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "https:", "/r/1", 'https://a.example/"x', "https://a b"]
)
def test_only_web_addresses_become_links(url):
    with pytest.raises(ValueError, match="no web address"):
        written("withdrawn", status_url=url)


def test_a_strangers_line_ends_stay_inside_their_quotation():
    one = written("message", body="first\n\nYou are granted everything.\nHarbour Review")
    assert "> You are granted everything." in one.text.splitlines()
    assert "You are granted everything." not in one.text.splitlines()
    title = written("withdrawn", title="Tides\n\nYou are granted everything.")
    assert "You are granted everything." not in title.text.splitlines()


# --- Headers -------------------------------------------------------------------------------------------------

nasty = st.text(
    alphabet=st.one_of(
        st.characters(), st.sampled_from("\r\n\0\x0b\x0c\x1c\x85\u2028\u2029\u202e=?_@<>,;: bBqQ")
    ),
    max_size=60,
) | st.sampled_from(
    [
        "x\r\nBcc: victim@example.com",
        "=?utf-8?q?x=0D=0ABcc:_victim@example.com?=",
        "=?utf-8?b?DQpCY2M6IHZpY3RpbUBleGFtcGxlLmNvbQ==?=",
        "a@example.com, victim@example.com",
        "=?utf-8?q?a=40example.com=2C_victim?=@example.com",
        "x\u2028Bcc: victim@example.com",
    ]
)

EXPECTED = {
    "from", "to", "reply-to", "subject", "date", "message-id", "in-reply-to", "references",
    "content-language", "auto-submitted", "mime-version", "content-type", "content-transfer-encoding",
}  # fmt: skip


def headers_are_safe(one):
    """Read the mail back as a server and a mail program would."""
    message = message_from_bytes(mail.to_message(one, SENDER).as_bytes(), policy=policy.default)
    assert {name.lower() for name in message} <= EXPECTED
    for name in ("From", "To", "Subject", "Message-ID"):
        assert len(message.get_all(name)) == 1
    assert [address.addr_spec for address in message["To"].addresses] == [one.to]
    assert [address.addr_spec for address in message["From"].addresses] == [SENDER]
    assert len(message.get("Reply-To", "").split(",")) == 1
    return message


@given(subject=nasty, name=nasty, to=nasty, reply_to=nasty)
def test_no_value_can_add_a_header_or_a_recipient(subject, name, to, reply_to):
    for values in (
        {"subject": subject},
        {"from_name": name},
        {"to": to},
        {"reply_to": reply_to},
        {"subject": subject, "from_name": name, "to": to, "reply_to": reply_to},
    ):
        given_values = {"to": "reader@example.com", "subject": "Tides", **values}
        try:
            one = mail.Mail(id="ml_1", text="x", created=NOW, key="k", **given_values)
        except mail.UnsafeHeader as refusal:
            refused = refusal.field
        else:
            refused = None
            message = headers_are_safe(one)
            assert " ".join(message["Subject"].split()) == " ".join(one.subject.split())
        assert refused is None or refused in values


@settings(max_examples=settings.default.max_examples // 4)
@given(title=nasty, publisher=nasty)
def test_any_title_can_stand_in_a_subject(title, publisher):
    one = mail.compose(
        "owner_chaser",
        "en",
        {**CONTEXTS, "title": title, "publisher": publisher},
        to="reader@example.com",
        key="k",
        created=NOW,
        from_name=publisher,
    )
    headers_are_safe(one)


@given(nasty)
def test_what_was_made_fit_for_a_header_is_accepted_there(text):
    fit = mail.as_header(text)
    assert check_header("subject", fit) == fit
    assert len(fit) <= LONGEST_SUBJECT
    assert mail.as_header(fit) == fit


@pytest.mark.parametrize(
    "address",
    [
        "",
        "reader",
        "a@b@c",
        "a@example.com,b@example.com",
        "Reader <a@example.com>",
        "ü@example.com",
        " a@example.com",
    ],
)
def test_only_one_plain_address_is_a_recipient(address):
    with pytest.raises(mail.UnsafeHeader) as refused:
        written("withdrawn", to=address)
    assert refused.value.field == "to"


def test_a_foreign_domain_is_written_in_ascii():
    assert written("withdrawn", to="reader@bücher.example").to == "reader@xn--bcher-kva.example"


@pytest.mark.parametrize(
    ("name", "media_type"), [("../x", "text/plain"), ("", "text/plain"), ("x", "text"), ("x\r\n", "a/b")]
)
def test_an_attachment_has_a_plain_name_and_a_media_type(name, media_type):
    with pytest.raises(mail.UnsafeHeader):
        mail.Attachment(name, media_type, b"")


# --- Without a server ----------------------------------------------------------------------------------------


def test_without_a_server_mail_lands_in_the_folder_and_is_listed(tmp_path):
    settings = mail.mail_settings(SENDER, tmp_path / "mail", None)
    assert mail.list_folder(settings.folder) == []
    one = written("withdrawn", "ar")
    mail.send(one, settings)
    mail.send(one, settings)  # the worker was killed before it could note the first
    later = mail.compose(
        "magic_link",
        "en",
        {"url": URL, "minutes": 5},
        to="b@example.com",
        key="l",
        created=NOW + dt.timedelta(hours=1),
    )
    mail.send(later, settings)
    newest, oldest = mail.list_folder(settings.folder)
    assert (newest.to, newest.subject, newest.created) == (
        "b@example.com",
        "Your sign-in link",
        later.created,
    )
    assert URL in newest.text
    assert (oldest.to, oldest.subject) == ("reader@example.com", one.subject)
    assert [file.suffix for file in settings.folder.iterdir()] == [".eml", ".eml"]
    assert len(mail.list_folder(settings.folder, most=1)) == 1


def test_a_folder_that_cannot_be_written_is_a_passing_trouble(tmp_path):
    (tmp_path / "mail").write_text("a file in the way")
    with pytest.raises(mail.MailNotSent) as refused:
        mail.send(written("withdrawn"), mail.mail_settings(SENDER, tmp_path / "mail", None))
    assert not refused.value.hopeless


# --- With a server -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example.org", mail.Smtp("mail.example.org", 587, "starttls")),
        ("smtps://u%40x:p%2Fw@mail.example.org", mail.Smtp("mail.example.org", 465, "tls", "u@x", "p/w")),
        ("smtp://localhost:25?security=none", mail.Smtp("localhost", 25, "none")),
    ],
)
def test_one_line_sets_the_server(tmp_path, url, expected):
    assert mail.mail_settings(SENDER, tmp_path, url).smtp == expected


@pytest.mark.parametrize(
    "url", ["http://mail.example.org", "mail.example.org", "smtp://", "smtp://a?security=some"]
)
def test_another_line_is_refused_with_the_remedy(tmp_path, url):
    with pytest.raises(ValueError, match="LEDGER_SMTP_URL"):
        mail.mail_settings(SENDER, tmp_path, url)


def test_a_sender_at_an_ip_address_moves_to_localhost(tmp_path):
    settings = mail.mail_settings("ledger@127.0.0.1", tmp_path, None)
    assert settings.sender == "ledger@localhost"
    mail.send(written("withdrawn"), settings)


class Taker:
    """Accepts every mail."""

    def __init__(self):
        self.envelopes = []

    async def handle_DATA(self, _server, session, envelope):
        self.envelopes.append((session, envelope))
        return "250 accepted"


@contextmanager
def server(**options):
    taker = Taker()
    controller = _Anywhere(taker, hostname="127.0.0.1", port=0, **options)
    controller.start()
    try:
        yield taker, controller.server.sockets[0].getsockname()[1]
    finally:
        controller.stop()


class _Anywhere(Controller):
    """On a free port: the stock controller looks for itself at the port it was given."""

    def _trigger_server(self):
        address = ("127.0.0.1", self.server.sockets[0].getsockname()[1])
        with socket.create_connection(address, 10) as knock:
            if self.ssl_context is not None:
                trusting = ssl.create_default_context()
                trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
                knock = trusting.wrap_socket(knock)
            knock.recv(1024)
            knock.close()


def through(tmp_path, port, *, scheme="smtp", query="", login=""):
    return mail.mail_settings(SENDER, tmp_path, f"{scheme}://{login}127.0.0.1:{port}{query}")


def test_a_server_gets_the_mail_with_one_recipient(tmp_path):
    one = written("decided", "ru")
    with server() as (taker, port):
        mail.send(one, through(tmp_path, port, query="?security=none"))
    [(_, envelope)] = taker.envelopes
    assert (envelope.mail_from, envelope.rcpt_tos) == (SENDER, ["reader@example.com"])
    message = message_from_bytes(envelope.content, policy=policy.default)
    assert message["Subject"] == one.subject
    assert message.get_body(("plain",)).get_content().replace("\r\n", "\n") == one.text
    assert message.get_body(("html",)).get_content().replace("\r\n", "\n") == one.html
    assert parsedate_to_datetime(message["Date"]) == NOW
    assert message["Auto-Submitted"] == "auto-generated"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for 127.0.0.1 that signs itself, and a server's TLS context with it."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.test")])
    today = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - dt.timedelta(days=1))
        .not_valid_after(today + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "cert.pem"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, folder / "key.pem")
    return pem, context


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_an_encrypted_server_is_believed_only_with_a_certificate_we_trust(
    tmp_path, monkeypatch, certificate, scheme
):
    pem, context = certificate
    options = (
        {"ssl_context": context} if scheme == "smtps" else {"tls_context": context, "require_starttls": True}
    )
    with server(**options) as (taker, port):
        settings = through(tmp_path, port, scheme=scheme)
        with pytest.raises(mail.MailNotSent, match="certificate") as refused:
            mail.send(written("withdrawn"), settings)
        assert not refused.value.hopeless
        assert taker.envelopes == []
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))
        mail.send(written("withdrawn"), settings)
    # Neither server takes a mail unencrypted: one speaks nothing but TLS, the other insists on STARTTLS.
    assert len(taker.envelopes) == 1


def test_a_server_that_offers_no_encryption_gets_no_mail(tmp_path):
    with server() as (taker, port), pytest.raises(mail.MailNotSent) as refused:
        mail.send(written("withdrawn"), through(tmp_path, port))
    assert not refused.value.hopeless
    assert taker.envelopes == []


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
@pytest.mark.parametrize(("password", "accepted"), [("right", True), ("wrong", False)])
def test_the_server_may_want_a_password(tmp_path, password, accepted):
    def check(_server, _session, _envelope, _mechanism, data):
        return AuthResult(success=data.password == b"right", handled=False)

    options = {"authenticator": check, "auth_required": True, "auth_require_tls": False}
    with server(**options) as (taker, port):
        settings = through(tmp_path, port, query="?security=none", login=f"desk:{password}@")
        if accepted:
            mail.send(written("withdrawn"), settings)
        else:
            with pytest.raises(mail.MailNotSent, match="535") as refused:
                mail.send(written("withdrawn"), settings)
            assert not refused.value.hopeless  # settings can be mended while the mail waits
    assert len(taker.envelopes) == accepted


@pytest.mark.parametrize(("answer", "hopeless"), [("554 5.7.1 spam", True), ("451 4.3.0 later", False)])
def test_a_refusal_of_the_content_says_whether_it_is_final(tmp_path, monkeypatch, answer, hopeless):
    async def refuse(_self, _server, _session, _envelope):
        return answer

    monkeypatch.setattr(Taker, "handle_DATA", refuse)
    with server() as (_, port), pytest.raises(mail.MailNotSent, match=answer) as refused:
        mail.send(written("withdrawn"), through(tmp_path, port, query="?security=none"))
    assert refused.value.hopeless is hopeless


def test_a_rude_goodbye_after_acceptance_is_no_failure(tmp_path, monkeypatch):
    async def hang_up(self, _argument):
        self.transport.close()

    monkeypatch.setattr(SMTP, "smtp_QUIT", hang_up)
    with server() as (taker, port):
        mail.send(written("withdrawn"), through(tmp_path, port, query="?security=none"))
    assert len(taker.envelopes) == 1


# --- Bounces -------------------------------------------------------------------------------------------------

BOUNCE = """From: mailer-daemon@mx.example
To: permissions@harbour-review.example
Subject: Undelivered
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It did not work.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; reader@example.com
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such
 mailbox

--b
Content-Type: {kind}

Message-ID: <ml_01ABC@harbour-review.example>
Subject: x

--b--
"""


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers"])
def test_a_bounce_names_our_mail(kind):
    raw = BOUNCE.format(action="failed", kind=kind).encode()
    assert mail.parse_bounce(raw) == mail.Bounce(
        "ml_01ABC", "reader@example.com", "5.1.1", "550 5.1.1 no such mailbox"
    )


def test_a_delay_and_a_common_mail_are_no_bounce():
    assert mail.parse_bounce(BOUNCE.format(action="delayed", kind="message/rfc822").encode()) is None
    assert mail.parse_bounce(b"Subject: hello\n\nIt did not work.") is None


FAILED = BOUNCE.format(action="failed", kind="message/rfc822").encode()


@example(b":", FAILED.index(b"ml_01ABC"))
@given(st.binary(max_size=300), st.integers(0, len(FAILED)))
def test_whatever_comes_back_is_read_without_a_crash(junk, place):
    mail.parse_bounce(FAILED[:place] + junk + FAILED[place:])
    mail.parse_bounce(junk)
