"""The worker against a real SMTP server: each mail once, whatever breaks in between."""

import asyncio
import os
import random
import signal
import socket
import threading
import time
from collections import Counter
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from ledger import mail
from ledger.records import outbox, tasks
from ledger.records.evidence import EvidenceStore
from ledger.records.mail_tables import mail_message
from ledger.records.sessions import Database
from ledger.records.task_runner import MOST_ATTEMPTS, GiveUp
from ledger.settings import load_settings
from ledger.worker import DAILY, HANDLERS, daily, drain, handler, run_worker, start_background
from tests.postgres import postgres_server, postgres_url  # noqa: F401
from tests.worker_processes import drain_jobs, parent_of_worker, started

NOW = datetime(datetime.now(UTC).year + 2, 3, 1, 9, 0, tzinfo=UTC)
"""Well ahead of the machine's own clock, by which the job engine wakes what is to wait: no day may come on which a
test's "not yet" is already due."""
HARBOUR = "pb_harbour"


sqlite_only = pytest.mark.parametrize("house", ["sqlite"], indirect=True)


class Postbox:
    """An SMTP server that can be down, slow or rude. ``mails`` holds what it has accepted."""

    def __init__(self) -> None:
        self.mails = []
        self.answer = {}
        self.seconds = 0.0
        self.heard = threading.Event()
        self.port = _free_port()  # kept over several ups and downs

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        self.heard.set()
        refusal = self.answer.get(address)
        if refusal is None:
            envelope.rcpt_tos.append(address)
        return refusal or "250 OK"

    async def handle_DATA(self, _server, _session, envelope):
        message = message_from_bytes(envelope.content, policy=policy.default)
        self.mails.append((envelope.rcpt_tos, message))
        self.heard.set()
        await asyncio.sleep(self.seconds)
        return "250 accepted"

    @contextmanager
    def up(self):
        controller = Controller(self, hostname="127.0.0.1", port=self.port)
        controller.start()
        try:
            yield self
        finally:
            controller.stop()

    def ids(self):
        return Counter(message["Message-ID"] for _, message in self.mails)


@pytest.fixture
def postbox():
    return Postbox()


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def house(request, tmp_path, postbox, monkeypatch):
    """Settings with a database of either kind, and the postbox as the mail server.

    The house's own daily jobs are left out: they need more tables than a mail does, and have their own tests.
    """
    for name in list(DAILY):
        monkeypatch.delitem(DAILY, name)
    where = {}
    if request.param == "postgres":
        where["LEDGER_DATABASE"] = request.getfixturevalue("postgres_url")
    settings = load_settings(
        {
            "LEDGER_DATA": str(tmp_path / "data"),
            "LEDGER_BASE_URL": "https://permissions.harbour-review.example",
            "LEDGER_SMTP_URL": f"smtp://127.0.0.1:{postbox.port}?security=none",
            **where,
        }
    )
    settings.data.mkdir()
    database = Database(settings.database_url)
    with database.writing() as connection:
        mail_message.create(connection)
    database.close()
    tasks.prepare(settings.database_url)
    return settings


@contextmanager
def opened(settings):
    database = Database(settings.database_url)
    try:
        yield database
    finally:
        database.close()


def letter(number, to=None, **more):
    context = {"reference": f"HR-{number}", "title": "Tides", "status_url": "https://harbour.example/r/1"}
    return mail.compose(
        "withdrawn",
        "en",
        context,
        to=to or f"reader{number}@example.com",
        key=f"k{number}",
        created=NOW,
        **more,
    )


def post(settings, *mails, **more):
    with opened(settings) as database, database.writing() as connection:
        return [outbox.post(connection, HARBOUR, one, **more) for one in mails]


def states(settings):
    with opened(settings) as database, database.reading() as connection:
        return Counter(row.state for row in outbox.newest(connection, HARBOUR))


def row_of(settings, mail_id):
    with opened(settings) as database, database.reading() as connection:
        return outbox.find(connection, HARBOUR, mail_id)


def test_mail_waits_while_the_server_is_down_for_a_day_and_then_goes_out_once(house, postbox):
    post(house, *[letter(number) for number in range(5)])
    for hours in range(0, 25, 8):
        drain(house, now=NOW + timedelta(hours=hours))
    assert postbox.mails == []
    assert states(house) == {"queued": 5}
    with postbox.up():
        drain(house, now=NOW + timedelta(hours=33))
        drain(house, now=NOW + timedelta(days=9))
    assert sorted(to for [to], _ in postbox.mails) == [f"reader{number}@example.com" for number in range(5)]
    assert set(postbox.ids().values()) == {1}
    assert states(house) == {"sent": 5}


def test_the_same_key_is_one_mail(house, postbox):
    [first] = post(house, letter(1))
    assert post(house, letter(1), letter(1)) == [first, first]
    with postbox.up():
        drain(house, now=NOW)
    assert post(house, letter(1)) == [first]
    with postbox.up():
        drain(house, now=NOW)
    assert len(postbox.mails) == 1


def test_an_act_that_fails_sends_nothing(house, postbox):
    with opened(house) as database, suppress(KeyError), database.writing() as connection:
        outbox.post(connection, HARBOUR, letter(1))
        raise KeyError
    with postbox.up():
        drain(house, now=NOW)
    assert postbox.mails == []
    assert states(house) == {}


def test_a_final_refusal_is_not_repeated_and_a_passing_one_is(house, postbox):
    postbox.answer = {
        "gone@example.com": "550 5.1.1 no such mailbox",
        "full@example.com": "452 4.2.2 mailbox full",
    }
    gone, full = post(house, letter(1, "gone@example.com"), letter(2, "full@example.com"))
    with postbox.up():
        drain(house, now=NOW)
        assert row_of(house, gone).state == "failed"
        assert "550 5.1.1 no such mailbox" in row_of(house, gone).problem
        assert (row_of(house, full).state, row_of(house, full).attempts) == ("queued", 1)
        postbox.answer = {}
        drain(house, now=NOW + timedelta(minutes=1))
    assert row_of(house, full).state == "sent"
    assert row_of(house, gone).attempts == 1
    assert [to for [to], _ in postbox.mails] == ["full@example.com"]


def test_a_mail_is_given_up_after_the_last_attempt_and_says_so(house, postbox):
    [mail_id] = post(house, letter(1))
    drain(house, now=NOW)
    assert (row_of(house, mail_id).state, row_of(house, mail_id).attempts) == ("queued", 1)
    with opened(house) as database, database.writing() as connection:
        payload = {"publisher": HARBOUR, "mail": mail_id}
        tasks.enqueue_attempt(
            connection, outbox.SEND, payload, key=mail_id, attempt=MOST_ATTEMPTS, not_before=None
        )
    drain(house, now=NOW)
    row = row_of(house, mail_id)
    assert (row.state, row.attempts, row.settled_at) == ("failed", 2, NOW)
    assert "refused" in row.problem


def test_the_mails_of_one_request_are_one_thread_and_carry_their_attachment(house, postbox):
    sha256 = EvidenceStore(house.data / "evidence").put(b"%PDF-1.7 ...")
    attached = [outbox.Attached("letter.pdf", "application/pdf", sha256)]
    post(house, letter(1, from_name="Harbour Review"), letter(2), request_id="rq_1", attached=attached)
    with postbox.up():
        drain(house, now=NOW)
    first, second = (message for _, message in postbox.mails)
    assert first["References"] == second["References"] == "<rq_1@permissions.harbour-review.example>"
    assert first["Message-ID"] != second["Message-ID"]
    [part] = first.iter_attachments()
    assert (part.get_filename(), part.get_content()) == ("letter.pdf", b"%PDF-1.7 ...")


def test_a_mail_whose_attachment_is_damaged_is_not_sent_without_it(house, postbox):
    store = EvidenceStore(house.data / "evidence")
    attached = outbox.Attached("letter.pdf", "application/pdf", store.put(b"letter"))
    store.path(attached.sha256).write_bytes(b"lettre")
    [mail_id] = post(house, letter(1), attached=[attached])
    with postbox.up():
        drain(house, now=NOW)
    assert postbox.mails == []
    assert row_of(house, mail_id).state == "failed"


def test_a_bounce_is_written_down_beside_its_mail(house, postbox):
    [mail_id] = post(house, letter(1), request_id="rq_1")
    with postbox.up():
        drain(house, now=NOW)
    with opened(house) as database, database.writing() as connection:
        assert outbox.record_bounce(connection, "ml_unknown", "5.1.1", NOW) is None
        row = outbox.record_bounce(connection, mail_id, "5.1.1 unknown", NOW)
        assert (row.publisher_id, row.request_id) == (HARBOUR, "rq_1")
    assert row_of(house, mail_id).state == "bounced"


def test_erasing_a_request_takes_the_words_and_leaves_the_fact(house, postbox):
    [mail_id] = post(house, letter(1), request_id="rq_1")
    with postbox.up():
        drain(house, now=NOW)
    with opened(house) as database, database.writing() as connection:
        assert outbox.erase(connection, HARBOUR, "rq_1") == [mail_id]
    row = row_of(house, mail_id)
    assert (row.recipient, row.subject, row.text, row.html, row.state) == ("", "", "", None, "sent")


def test_a_mail_that_waits_when_its_request_is_erased_is_never_sent(house, postbox):
    [mail_id] = post(house, letter(1), request_id="rq_1")
    with opened(house) as database, database.writing() as connection:
        outbox.record_attempt(connection, HARBOUR, mail_id, "550 alice@fenwick-books.example unknown", None)
        assert outbox.erase(connection, HARBOUR, "rq_1") == [mail_id]
    with postbox.up():
        drain(house, now=NOW)
    assert postbox.mails == []
    row = row_of(house, mail_id)
    assert (row.recipient, row.text, row.state) == ("", "", "failed")
    assert "alice" not in row.problem


# --- Killed in the middle ------------------------------------------------------------------------------------


@contextmanager
def worker_process(settings):
    """A worker in a process of its own; killed at the end of the block, as a power cut would."""
    process, pipe = started(drain_jobs, settings)
    try:
        yield process
    finally:
        process.kill()
        process.join()
        pipe.close()


def test_killed_before_the_server_accepts_sends_the_mail_once(house, postbox):
    [mail_id] = post(house, letter(1))
    # A server that takes the connection and never says a word.
    with _silent_server(postbox.port) as connected, worker_process(house):
        assert connected.wait(60)
    assert row_of(house, mail_id).state == "queued"
    with postbox.up():
        drain(house)
        drain(house)
    assert set(postbox.ids().values()) == {1}
    assert row_of(house, mail_id).state == "sent"


@contextmanager
def _silent_server(port):
    connected = threading.Event()
    with socket.create_server(("127.0.0.1", port)) as server:
        server.settimeout(60)

        def listen():
            with suppress(OSError):
                kept.append(server.accept()[0])
                connected.set()

        kept: list[socket.socket] = []
        listening = threading.Thread(target=listen)
        listening.start()
        yield connected
        listening.join()
        for one in kept:
            one.close()


def test_killed_in_the_window_after_acceptance_sends_it_again_under_the_same_id(house, postbox):
    post(house, letter(1))
    postbox.seconds = 1.0
    with postbox.up():
        with worker_process(house):
            assert postbox.heard.wait(60)
            while not postbox.mails:
                time.sleep(0.01)
        postbox.seconds = 0.0
        drain(house)
        drain(house)
    assert list(postbox.ids().values()) == [2]
    assert states(house) == {"sent": 1}


def killed_again_and_again(settings, postbox, kills, mails):
    post(settings, *[letter(number) for number in range(mails)])
    postbox.seconds = 0.02
    with postbox.up():
        for _ in range(kills):
            postbox.heard.clear()
            with worker_process(settings):
                postbox.heard.wait(30)
                time.sleep(random.uniform(0, 0.3))
        postbox.seconds = 0.0
        drain(settings)
    ids = postbox.ids()
    assert len(ids) == mails  # nothing lost
    assert states(settings) == {"sent": mails}
    # A worker sends four at a time, and each kill can catch those four in the window at most.
    assert sum(ids.values()) <= mails + 4 * kills


@sqlite_only
def test_killed_twice_nothing_is_lost(house, postbox):
    killed_again_and_again(house, postbox, kills=2, mails=20)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_killed_forty_times_nothing_is_lost(house, postbox):
    killed_again_and_again(house, postbox, kills=40, mails=90)


# --- Handlers, days, and the worker beside the web server ----------------------------------------------------


@pytest.fixture
def registry():
    """Handlers registered in a test are gone after it."""
    handlers, days = dict(HANDLERS), dict(DAILY)
    yield
    HANDLERS.clear()
    HANDLERS.update(handlers)
    DAILY.clear()
    DAILY.update(days)


@pytest.mark.usefixtures("registry")
def test_a_daily_handler_runs_once_a_day_from_its_hour_on(house):
    days = []

    @daily("test.chase", hour=9)
    def chase(job):
        days.append((job.payload["day"], job.now))

    for moment in (
        NOW - timedelta(minutes=1),
        NOW,
        NOW + timedelta(hours=5),
        NOW + timedelta(days=1, hours=-2),
        NOW + timedelta(days=1, hours=3),
    ):
        drain(house, now=moment)
    assert days == [
        (f"{NOW:%Y-%m-%d}", NOW),
        (f"{NOW + timedelta(days=1):%Y-%m-%d}", NOW + timedelta(days=1, hours=3)),
    ]


@pytest.mark.usefixtures("registry")
def test_a_job_without_a_handler_waits_for_a_worker_that_knows_it(house):
    with opened(house) as database, database.writing() as connection:
        tasks.enqueue(connection, "test.new", {"a": 1}, key="k")
    drain(house, now=NOW)
    seen = []
    handler("test.new")(lambda job: seen.append(job.payload))
    drain(house, now=NOW + timedelta(minutes=2))
    assert seen == [{"a": 1}]


@pytest.mark.usefixtures("registry")
def test_what_a_job_asks_for_is_done_in_the_same_run(house):
    seen = []

    @handler("test.first")
    def first(job):
        with job.database.writing() as connection:
            tasks.enqueue(connection, "test.second", {}, key="k")

    handler("test.second")(lambda job: seen.append(job.task.key))
    with opened(house) as database, database.writing() as connection:
        tasks.enqueue(connection, "test.first", {}, key="k")
    drain(house, now=NOW)
    assert seen == ["k"]


@pytest.mark.usefixtures("registry")
def test_a_name_has_one_handler():
    handler("test.once")(print)
    with pytest.raises(ValueError, match=r"test\.once"):
        handler("test.once")(print)


@pytest.mark.usefixtures("registry")
def test_a_handler_that_gives_up_is_not_called_again(house):
    calls = []

    @handler("test.hopeless")
    def hopeless(job):
        calls.append(job.now)
        raise GiveUp("the request is gone")

    with opened(house) as database, database.writing() as connection:
        tasks.enqueue(connection, "test.hopeless", {}, key="k")
    drain(house, now=NOW)
    drain(house, now=NOW + timedelta(days=3))
    assert calls == [NOW]


def test_a_running_worker_sends_what_is_posted_and_stops_when_told(house, postbox):
    stop = threading.Event()
    with postbox.up():
        running = threading.Thread(target=run_worker, args=(house, stop))
        running.start()
        try:
            post(house, letter(1))
            _wait_until(lambda: states(house) == {"sent": 1})
        finally:
            stop.set()
            running.join(30)
    assert not running.is_alive()


@sqlite_only
def test_the_background_worker_is_started_anew_when_it_dies_and_ends_when_told(house, postbox):
    with postbox.up():
        background = start_background(house)
        try:
            post(house, letter(1))
            _wait_until(lambda: states(house) == {"sent": 1})
            first = background.pid
            os.kill(first, signal.SIGKILL)
            post(house, letter(2))
            _wait_until(lambda: states(house) == {"sent": 2})
            second = background.pid
            assert second != first
        finally:
            background.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(second, 0)


@sqlite_only
def test_the_background_worker_ends_when_its_parent_is_killed(house):
    parent, pipe = started(parent_of_worker, house)
    assert pipe.poll(60)
    worker = pipe.recv()
    parent.kill()
    parent.join()
    pipe.close()
    _wait_until(lambda: _gone(worker))


def _gone(pid):
    """Ended: no process, or one that nobody has collected."""
    try:
        return "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return True


def _wait_until(true, seconds=60):
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.05)
