"""The house's own jobs: sending mail and tidying up."""

from datetime import timedelta
from typing import Any

from ledger import mail
from ledger.desk.requests.undelivered import give_up
from ledger.records import outbox, tasks
from ledger.records.evidence import EvidenceDamaged, EvidenceMissing, EvidenceStore
from ledger.records.task_runner import GiveUp
from ledger.settings import Settings
from ledger.worker.desk_jobs import desk_of
from ledger.worker.registry import Job, daily, handler

REMEMBER_JOBS = timedelta(days=90)


@handler(outbox.SEND)
def send_mail(job: Job) -> None:
    """Send one mail of the outbox.

    Killed between the server's "accepted" and our note of it, the mail goes out a second time, with the same
    Message-ID: SMTP knows no way to close that window. Anywhere else a kill neither loses nor doubles it.
    """
    publisher_id, mail_id = job.payload["publisher"], job.payload["mail"]
    with job.database.reading() as connection:
        row = outbox.find(connection, publisher_id, mail_id)
    if row is None or row.state != "queued":
        return
    try:
        mail.send(_as_mail(row, EvidenceStore(job.settings.data / "evidence")), _mail_settings(job.settings))
    except (mail.MailNotSent, mail.UnsafeHeader, EvidenceMissing, EvidenceDamaged) as error:
        final = job.task.last or not isinstance(error, mail.MailNotSent) or error.hopeless
        if final:
            with desk_of(job) as desk:
                give_up(desk, publisher_id, mail_id, str(error))
            raise GiveUp(str(error)) from error
        with job.database.writing() as connection:
            outbox.record_attempt(connection, publisher_id, mail_id, str(error), None)
        raise
    with job.database.writing() as connection:
        outbox.record_sent(connection, publisher_id, mail_id, job.now)


def _as_mail(row: Any, evidence: EvidenceStore) -> mail.Mail:
    return mail.Mail(
        id=row.id,
        to=row.recipient,
        subject=row.subject,
        text=row.text,
        html=row.html,
        created=row.created_at,
        key=row.key,
        template=row.template,
        language=row.language,
        thread=row.request_id,
        from_name=row.from_name,
        reply_to=row.reply_to,
        attachments=tuple(
            mail.Attachment(one["name"], one["media_type"], evidence.get(one["sha256"]))
            for one in row.attachments
        ),
    )


def _mail_settings(settings: Settings) -> mail.MailSettings:
    return mail.mail_settings(settings.mail_from, settings.data / "mail", settings.smtp_url)


@daily("jobs.tidy", hour=3)
def tidy(job: Job) -> None:
    """Forget jobs that were done long ago."""
    with tasks.job_engine(job.settings.database_url) as engine:
        tasks.forget(engine, job.now - REMEMBER_JOBS)
