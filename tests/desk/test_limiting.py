"""One mailbox is mailed a dozen times a day at the most before its owner has followed a link."""

import pytest

from ledger.desk.refusals import TooMany
from ledger.desk.requests import limiting
from tests.cast import Cast


def test_what_stands_after_a_plus_is_the_same_mailbox(cast: Cast) -> None:
    for number in range(limiting.MAILBOX_MOST):
        limiting.count_mailbox(cast.desk, f"Alice+{number}@fenwick-books.example")
    with pytest.raises(TooMany, match="tomorrow"):
        limiting.count_mailbox(cast.desk, "alice@Fenwick-Books.example")
    limiting.count_mailbox(cast.desk, "ben@fenwick-books.example")
    cast.clock.go_on(days=1, seconds=1)
    limiting.count_mailbox(cast.desk, "alice@fenwick-books.example")
