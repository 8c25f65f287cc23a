"""What was asked for and what came in, in minor units of one currency. Whoever paid too much is owed the rest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Balance:
    """``total`` was asked for, ``paid`` has come in so far (less what was paid back)."""

    total: int
    paid: int

    @property
    def open(self) -> int:
        """What is still to be paid."""
        return max(0, self.total - self.paid)

    @property
    def over(self) -> int:
        """What was paid too much."""
        return max(0, self.paid - self.total)

    @property
    def settled(self) -> bool:
        """Whether nothing is left to pay."""
        return self.open == 0


def balance(accepted: int, amounts: Iterable[int], charged: int | None = None) -> Balance:
    """The balance of an accepted price. ``charged``: what the grants came to cost, once all is decided.

    A decision may charge less than was accepted (a part was declined), never more.
    """
    total = accepted if charged is None else min(accepted, charged)
    return Balance(total, sum(amounts))
