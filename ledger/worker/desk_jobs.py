"""The desk's jobs: letters to finish, and what the days bring."""

from collections.abc import Iterator
from contextlib import contextmanager

from ledger.desk.context import Desk
from ledger.desk.house.checkpoints import mail_checkpoints
from ledger.desk.house.opening import open_desk
from ledger.desk.letters import finishing, letter_life
from ledger.desk.requests import chasing, forgetting, lapsing, paying
from ledger.worker.registry import Job, daily, handler


@contextmanager
def desk_of(job: Job) -> Iterator[Desk]:
    """A house of the job's own, whose clock is the job's."""
    desk = open_desk(job.settings, lambda: job.now)
    try:
        yield desk
    finally:
        desk.database.close()


@handler(finishing.JOB)
def finish_letter(job: Job) -> None:
    """Make the file of a letter whose door died before it could."""
    with desk_of(job) as desk:
        finishing.finish(desk, job.payload["publisher"], job.payload["letter"])


@daily("letters.expire", hour=0)
def expire_letters(job: Job) -> None:
    """Mark letters whose last day is over."""
    with desk_of(job) as desk:
        letter_life.expire_letters(desk)


@daily("drafts.forget", hour=2)
def forget_drafts(job: Job) -> None:
    """Delete what was begun long ago and never sent."""
    with desk_of(job) as desk:
        forgetting.forget_drafts(desk)


@daily("letters.remind", hour=7)
def remind(job: Job) -> None:
    """Remind holders of letters of what they owe."""
    with desk_of(job) as desk:
        letter_life.remind_of_obligations(desk)


@daily("requests.wait", hour=6)
def wait_for_requesters(job: Job) -> None:
    """Remind of prices that run out, and close what nobody answers."""
    with desk_of(job) as desk:
        lapsing.remind_of_quotes(desk)
        lapsing.lapse_requests(desk)


@daily("payments.remind", hour=7)
def remind_of_payments(job: Job) -> None:
    """Remind whoever is late with a payment."""
    with desk_of(job) as desk:
        paying.remind_of_payments(desk)


@daily("owners.chase", hour=8)
def chase(job: Job) -> None:
    """Remind owners, and say plainly when nobody answered."""
    with desk_of(job) as desk:
        chasing.chase_owners(desk)


@daily("journal.checkpoint", hour=5)
def checkpoint(job: Job) -> None:
    """Mail each publisher the day's checkpoint: held outside, it makes a rewritten journal show."""
    with desk_of(job) as desk:
        mail_checkpoints(desk, job.payload["day"])
