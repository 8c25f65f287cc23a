"""Reading what was published: bytes in, a draft record out. Pure: no file, no network, no clock."""

from ledger.intake.batches import read_csv, read_feed, read_wxr
from ledger.intake.draft import Draft, UnreadablePage
from ledger.intake.reader import read

__all__ = ["Draft", "UnreadablePage", "read", "read_csv", "read_feed", "read_wxr"]
