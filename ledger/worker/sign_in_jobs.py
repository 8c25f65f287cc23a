"""Mail that signs its reader in. It goes straight out: nobody else on the staff may read such a link."""

from ledger import mail
from ledger.desk.context import Desk
from ledger.desk.house import signing_in
from ledger.desk.requests import limiting
from ledger.records import people_store
from ledger.records.evidence import EvidenceStore
from ledger.records.task_runner import GiveUp
from ledger.worker.registry import Job, daily, handler

MOST_ATTEMPTS = 6
"""About an hour of them. Whoever waits longer has asked again, or gone."""


@handler("sign_in_link")
def send_sign_in_link(job: Job) -> None:
    """Make a link and mail it. Each attempt makes a link of its own; each works once, for 15 minutes."""
    settings = job.settings
    evidence = EvidenceStore(settings.data / "evidence")
    desk = Desk(job.database, settings.data, settings.base_url, evidence, clock=lambda: job.now)
    due = signing_in.sign_in_mail(desk, job.payload)
    if due is None:
        return
    letter = mail.compose(
        "magic_link",
        due.language,
        {"url": due.link, "minutes": due.minutes},
        to=due.to,
        key=f"sign-in-{job.task.key}",
        created=job.now,
        from_name=settings.site_name,
    )
    try:
        mail.send(letter, mail.mail_settings(settings.mail_from, settings.data / "mail", settings.smtp_url))
    except mail.MailNotSent as error:
        if error.hopeless or job.task.attempt >= MOST_ATTEMPTS:
            raise GiveUp(str(error)) from error
        raise


@daily("sign_in.tidy", hour=4)
def tidy(job: Job) -> None:
    """Forget counts of attempts that no longer count."""
    with job.database.writing() as connection:
        people_store.sweep_attempts(
            connection, job.now - max(signing_in.LONGEST_WINDOW, limiting.MAILBOX_WINDOW)
        )
