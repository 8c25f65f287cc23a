"""Reading what was published: bytes in, a draft record out. Pure: no file, no network, no clock."""

from ledger.intake.batches import read_feed, read_wxr
from ledger.intake.draft import Draft, UnreadablePage
from ledger.intake.reader import read
from ledger.intake.sheets import read_csv

__all__ = ["Draft", "UnreadablePage", "read", "read_csv", "read_feed", "read_wxr"]
