"""Mail that comes back or is given up: it stands in the history, and an owner it did not reach is not waited for."""

import pytest
from click.testing import CliRunner

from ledger.cli import main
from ledger.desk import links
from ledger.desk.requests import following
from ledger.desk.requests.chasing import chase_owners
from ledger.desk.requests.owners_door import answer_enquiry
from ledger.desk.requests.undelivered import take_back
from ledger.records import outbox, tasks
from ledger.worker import drain
from tests.desk.test_main_job import wire  # noqa: F401
from tests.desk.test_referring import (  # noqa: F401
    SIGNED,
    asked,
    door,
    enquiry_row,
    mails,
    request_row,
)
from tests.test_mail import BOUNCE


def report(mail_id, action="failed"):
    """What a mail server sends back for a mail of ours."""
    return BOUNCE.format(action=action, kind="message/rfc822").replace("ml_01ABC", mail_id).encode()


@pytest.fixture
def enquiry_mail(cast, asked):
    """The question to the owner, which has left the house."""
    request_id, *_ = asked
    (mail,) = mails(cast, request_id, "owner_enquiry")
    with cast.desk.database.writing() as connection:
        outbox.record_sent(connection, cast.harbour.id, mail.id, cast.clock())
    return mail


def history(cast, request_id):
    status = following.status(cast.desk, links.token_for(cast.desk, "requester", request_id))
    return [event.kind for event in status.events]


def test_an_owner_whom_no_mail_reached_is_staffs_turn_again_and_is_chased_no_more(cast, asked, enquiry_mail):
    request_id, _, enquiry = asked
    assert take_back(cast.desk, report(enquiry_mail.id)) == enquiry_mail.id
    row = request_row(cast, request_id)
    assert (row.state, row.turn) == ("in_review", "staff")
    assert enquiry_row(cast, enquiry).state == "unreachable"
    assert history(cast, request_id)[-2:] == ["mail_undelivered", "holder_unreachable"]
    (mail,) = mails(cast, request_id, "owner_enquiry")
    assert mail.state == "bounced"
    assert "5.1.1" in mail.problem
    cast.clock.go_on(days=40)
    chase_owners(cast.desk)
    assert not mails(cast, request_id, "owner_chaser")
    assert not mails(cast, request_id, "owner_silent")


def test_a_report_that_comes_twice_is_recorded_once(cast, asked, enquiry_mail):
    request_id, *_ = asked
    for _ in range(2):
        take_back(cast.desk, report(enquiry_mail.id))
    assert history(cast, request_id).count("mail_undelivered") == 1


def test_an_owner_who_got_it_all_the_same_is_heard(cast, asked, enquiry_mail):
    *_, enquiry = asked
    take_back(cast.desk, report(enquiry_mail.id))
    answer_enquiry(cast.desk, door(cast, enquiry), "decline", SIGNED)
    assert enquiry_row(cast, enquiry).state == "declined"


def test_a_mail_to_the_requester_that_came_back_moves_nothing(cast, asked):
    request_id, _, enquiry = asked
    (mail,) = mails(cast, request_id, "request_received")
    with cast.desk.database.writing() as connection:
        outbox.record_sent(connection, cast.harbour.id, mail.id, cast.clock())
    before = request_row(cast, request_id)
    assert take_back(cast.desk, report(mail.id)) == mail.id
    assert request_row(cast, request_id).state == before.state
    assert enquiry_row(cast, enquiry).state == "sent"
    assert history(cast, request_id)[-1] == "mail_undelivered"


def test_delays_other_mail_and_strangers_mail_are_passed_over(cast, asked, enquiry_mail):
    request_id, *_ = asked
    before = history(cast, request_id)
    for raw in (
        report(enquiry_mail.id, "delayed"),
        b"Subject: I am away\n\nUntil Monday.",
        report("ml_none"),
    ):
        assert take_back(cast.desk, raw) is None
    assert history(cast, request_id) == before
    assert request_row(cast, request_id).state == "awaiting_holder"


def test_an_address_that_the_server_refuses_for_good_is_told_as_well(cast, asked, monkeypatch):
    request_id, _, enquiry = asked
    tasks.prepare(cast.settings.database_url)

    def refuse(mail, settings):
        from ledger.mail import MailNotSent

        raise MailNotSent("The mail server said 550 no such mailbox", hopeless=True)

    monkeypatch.setattr("ledger.worker.own_jobs.mail.send", refuse)
    drain(cast.settings, now=cast.clock())
    assert enquiry_row(cast, enquiry).state == "unreachable"
    assert request_row(cast, request_id).turn == "staff"
    assert "mail_undelivered" in history(cast, request_id)


def test_the_mail_server_pipes_a_report_into_the_command(cast, asked, enquiry_mail):
    request_id, *_ = asked
    call = ["--data", str(cast.settings.data), "--database", cast.settings.database_url, "bounce"]
    done = CliRunner().invoke(main, call, input=report(enquiry_mail.id))
    assert (done.exit_code, "came back" in done.output) == (0, True), done.output
    assert request_row(cast, request_id).state == "in_review"
    other = CliRunner().invoke(main, call, input=b"Subject: hello\n\n")
    assert (other.exit_code, "passed over" in other.output) == (0, True)
