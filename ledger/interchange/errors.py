"""How a file that cannot be taken over is refused, and how a value that a format cannot say is."""

from __future__ import annotations


class Unreadable(ValueError):
    """A file that is not taken over. ``place`` is where, ``problem`` what is wrong, ``remedy`` what to do."""

    def __init__(self, place: str, problem: str, remedy: str) -> None:
        self.place = place
        self.problem = problem
        self.remedy = remedy
        super().__init__(f"{place}: {problem}; {remedy}")


class Inexpressible(ValueError):
    """A value that the format has no way to say."""
