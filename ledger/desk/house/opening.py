"""Opening a house: from its settings to the ``Desk`` that every act is given."""

from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlsplit

from ledger.desk.context import Desk
from ledger.records.evidence import EvidenceStore
from ledger.records.journal_keeper import Keeper, attach
from ledger.records.sessions import open_database
from ledger.settings import Settings


def _now() -> datetime:
    return datetime.now(UTC)


def open_desk(settings: Settings, clock: Callable[[], datetime] = _now) -> Desk:
    """The house of ``settings``, for acts from any door. Makes the data folder; migrates nothing.

    Journals made here name the base URL's host in their origin. Close it with ``desk.database.close()``.
    """
    settings.data.mkdir(parents=True, exist_ok=True)
    database = open_database(settings.database_url)
    keeper = Keeper(settings.data, urlsplit(settings.base_url).netloc)
    for engine in (database.write_engine, database.read_engine):
        attach(engine, keeper)
    evidence = EvidenceStore(settings.data / "evidence")
    return Desk(
        database=database,
        folder=settings.data,
        base_url=settings.base_url,
        evidence=evidence,
        clock=clock,
        secret=settings.secret(),
        letter_key=settings.letter_key,
        letter_token=settings.letter_token,
        letter_certificate=settings.letter_certificate,
        time_stamping=settings.time_stamping,
        draft_days=settings.draft_days,
    )
