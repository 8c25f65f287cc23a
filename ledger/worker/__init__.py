"""The door nobody knocks at: work that waits in the database, done by a process of its own.

A handler has a name and calls a desk act, as a web page would. It runs at least once, so it must be harmless
to repeat. A handler registered with ``daily`` is written down as a job once a day, by whichever worker comes
first; its key is the day. Modules with handlers are imported here, so that every worker knows them all.
"""

from ledger.records.task_runner import GiveUp
from ledger.worker import desk_jobs, own_jobs, sign_in_jobs  # noqa: F401 - they register their handlers
from ledger.worker.background import Background, main, start_background
from ledger.worker.registry import DAILY, HANDLERS, Job, daily, handler
from ledger.worker.running import drain, run_worker

__all__ = [
    "DAILY",
    "HANDLERS",
    "Background",
    "GiveUp",
    "Job",
    "daily",
    "drain",
    "handler",
    "main",
    "run_worker",
    "start_background",
]
