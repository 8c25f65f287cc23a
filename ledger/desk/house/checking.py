"""Tried before the first letter: everything that a letter and a mail need, each in earnest.

Nothing stays of it: the entry in the journal is taken back, the letter is kept nowhere, and no mail goes out unless
one is asked for.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ledger.desk.context import Desk
from ledger.desk.house.findings import Finding, State, trouble
from ledger.desk.house.opening import open_desk
from ledger.desk.house.publishers import find_publisher, list_publishers
from ledger.desk.letters.trial import key_tried, letters_tried
from ledger.desk.refusals import BadInput
from ledger.ids import new_id
from ledger.mail import (
    Mail,
    MailSettings,
    UnsafeHeader,
    check_address,
    mail_settings,
    send,
    to_message,
    try_server,
)
from ledger.records import journal_store, outbox
from ledger.records.journal_publishing import checkpoint_text, verifier_key
from ledger.records.migrating import current, newest
from ledger.records.publishers import PublisherRow
from ledger.settings import Settings

LITTLE, TOO_LITTLE = 1 << 30, 100 << 20
"""Bytes free on the data folder's disk: from where on it is mentioned, and from where on nothing should go on."""
LONG = timedelta(minutes=15)
"""A mail that waits longer waits for a worker, or for the mail server."""
NOBODY = "nobody@example.org"
"""The recipient of a mail that is not sent."""


def _now() -> datetime:
    return datetime.now(UTC)


def check_house(
    settings: Settings,
    *,
    mail_to: str | None = None,
    publisher: str | None = None,
    clock: Callable[[], datetime] = _now,
) -> Iterator[Finding]:
    """Try everything in turn; a part that is out of order keeps none of the others from being tried.

    ``publisher``: whose letterhead the letter is drawn under, by its short name; else the first's.
    ``mail_to``: send a test mail there; raises ``BadInput`` for what is no address. The database is not migrated.
    """
    if mail_to is not None:
        _must_be_address(mail_to)
    yield from _each("settings", lambda: _settings(settings))
    yield from _each("data folder", lambda: _folder(settings.data))
    database = list(_each("database", lambda: _database(settings.database_url)))
    yield from database
    if any(each.state is State.WRONG for each in database):
        yield Finding("journals", State.SKIPPED, "Not tried, for there is no database to write them in.")
        yield from _each("letter", lambda: _letters_of_nobody(settings, clock))
    else:
        yield from _each("publishers", lambda: _inside(settings, clock, publisher))
    yield from _each("mail", lambda: _mail(settings, mail_to, clock()))


def _each(what: str, tried: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    try:
        yield from tried()
    except Exception as error:  # whatever is out of order must not hide what is checked after it
        yield trouble(what, error)


def _settings(settings: Settings) -> Iterator[Finding]:
    settings.secret()
    if settings.is_local:
        said = f"{settings.base_url} is for readers at this machine alone; set LEDGER_BASE_URL for others."
        yield Finding("settings", State.NOTE, said)
    else:
        yield Finding("settings", State.OK, f"Readers find the house at {settings.base_url}.")


def _folder(folder: Path) -> Iterator[Finding]:
    """Written to in earnest: permissions and quotas tell less than a file that is there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".trial-") as file:
            file.write(bytes(1 << 16))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        said = f"{folder} cannot be written ({error.strerror}); make it this user's own, or set LEDGER_DATA."
        yield Finding("data folder", State.WRONG, said)
        return
    if folder.stat().st_uid != os.geteuid():
        said = f"{folder} belongs to another user; run this as the one that the ledger runs as."
        yield Finding("data folder", State.NOTE, said)
    free = shutil.disk_usage(folder).free
    state = State.OK if free >= LITTLE else State.NOTE if free >= TOO_LITTLE else State.WRONG
    advice = "" if state is State.OK else " Free some space."
    yield Finding("data folder", state, f"{folder} can be written; {free / (1 << 30):.1f} GB free.{advice}")


def _database(url: str) -> Iterator[Finding]:
    found, wanted = current(url), newest()
    if found != wanted:
        said = f"It is of version {found}, and" if found else "It has not been set up;"
        yield Finding(
            "database", State.WRONG, f"{said} this ledger needs version {wanted}. Run `ledger migrate`."
        )
        return
    yield Finding("database", State.OK, f"Reached, of version {found}.")


def _inside(settings: Settings, clock: Callable[[], datetime], slug: str | None) -> Iterator[Finding]:
    desk = open_desk(settings, clock)
    try:
        publishers = list_publishers(desk)
        if not publishers:
            said = f"There is none yet: open {settings.base_url}/set-up, or run `ledger publisher add`."
            yield Finding("publishers", State.NOTE, said)
            yield from _each("letter", lambda: _letters_of_nobody(settings, clock))
        else:
            yield from _journals(desk, publishers)
            chosen = find_publisher(desk, slug) if slug else publishers[0]
            yield from _each("letter", lambda: letters_tried(desk, chosen))
            yield from _other_keys(desk, [each for each in publishers if each.id != chosen.id])
        yield from _waiting(desk)
    finally:
        desk.database.close()


def _other_keys(desk: Desk, publishers: list[PublisherRow]) -> Iterator[Finding]:
    """Where each publisher has a key of its own: those that are out of order, or soon will be."""
    for publisher in publishers if desk.letter_certificate is None else ():
        for each in key_tried(desk, publisher)[1]:
            if each.state is not State.OK:
                yield replace(each, what=f"{each.what} of {publisher.slug}")


def _journals(desk: Desk, publishers: list[PublisherRow]) -> Iterator[Finding]:
    well = 0
    for publisher in publishers:
        try:
            _write_and_take_back(desk, publisher)
            well += 1
        except Exception as error:  # each publisher has a journal and a key of its own
            yield trouble(f"journal of {publisher.slug}", error)
    if well:
        yield Finding(
            "journals", State.OK, f"An entry was written to {well} of {len(publishers)} and taken back."
        )


class _TakenBack(Exception):
    pass


def _write_and_take_back(desk: Desk, publisher: PublisherRow) -> None:
    with desk.database.reading() as connection:
        verifier_key(connection, publisher.id)
        checkpoint_text(connection, publisher.id)
    with suppress(_TakenBack), desk.database.writing() as connection:
        payload = {"publisher": publisher.id, "changed": []}
        journal_store.append(connection, publisher.id, "publisher.changed", payload, {}, desk.clock())
        raise _TakenBack


def _letters_of_nobody(settings: Settings, clock: Callable[[], datetime]) -> Iterator[Finding]:
    """Letters of a publisher that is not there, with what is set for all; a key of our own is thrown away again."""
    with tempfile.TemporaryDirectory() as folder:
        desk = open_desk(replace(settings, data=Path(folder)), clock)
        nobody = PublisherRow(
            id="pb_trial",
            slug="trial",
            name="Trial",
            legal_name="Trial",
            permissions_email="",
            number_prefix="NOBODY",
            created_at=clock(),
        )
        yield from letters_tried(desk, nobody)


def _waiting(desk: Desk) -> Iterator[Finding]:
    with desk.database.reading() as connection:
        count = outbox.waiting(connection, desk.clock() - LONG)
    if count:
        said = f"{count} mails wait to be sent; see that a worker runs (`ledger serve`, or `ledger work`)."
        yield Finding("outbox", State.NOTE, said)


def _must_be_address(mail_to: str) -> None:
    try:
        check_address("mail", mail_to)
    except UnsafeHeader as error:
        raise BadInput({"mail": str(error).removeprefix("mail: ")}) from error


def _mail(settings: Settings, mail_to: str | None, now: datetime) -> Iterator[Finding]:
    try:
        given = mail_settings(settings.mail_from, settings.data / "mail", settings.smtp_url)
    except ValueError as error:
        yield Finding("mail", State.WRONG, str(error))
        return
    letter = _test_mail(settings, mail_to or NOBODY, now)
    to_message(letter, given.sender)  # refuses a sender that no header takes
    if mail_to is not None:
        send(letter, given)
        state = State.OK if given.smtp else State.NOTE
        yield Finding("mail", state, f"A test mail to {mail_to} was handed to {_way(given)}.")
    elif given.smtp is None:
        said = f"It lands in {given.folder} and on a staff page; set LEDGER_SMTP_URL to send it."
        yield Finding("mail", State.NOTE, said)
    else:
        try_server(given)
        open_ = given.smtp.security == "none"
        said = f"{_way(given)} takes mail from {given.sender}{', not encrypted' if open_ else ''}; none was sent."
        yield Finding("mail", State.NOTE if open_ else State.OK, said)


def _way(given: MailSettings) -> str:
    return f"{given.smtp.host}:{given.smtp.port}" if given.smtp else f"the folder {given.folder}"


def _test_mail(settings: Settings, to: str, now: datetime) -> Mail:
    name = new_id("ml")
    return Mail(
        id=name,
        to=to,
        subject=f"Test mail of {settings.site_name}",
        text=f"The ledger at {settings.base_url} can send mail. Nothing has to be done.\n",
        created=now,
        key=name,
    )
