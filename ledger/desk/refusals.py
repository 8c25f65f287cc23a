"""What an act says when it will not be done. Doors turn each into their own words: 422, 403, 404, 409, exit code 2.

A refusal is raised before anything is written, or inside the act's transaction so that nothing of it stays.
"""


class Refusal(Exception):
    """An act refused, with one plain line that says what is wrong and what to do."""

    status = 400

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class BadInput(Refusal):
    """What was given cannot be used. ``errors`` maps every wrong field to its own line, all at once."""

    status = 422

    def __init__(self, errors: dict[str, str]) -> None:
        field, message = next(iter(errors.items()))
        super().__init__(message, field)
        self.errors = errors


class NotAllowed(Refusal):
    """The person may not do this here."""

    status = 403


class NotFound(Refusal):
    """There is no such thing, or none this person may see: the two are not told apart."""

    status = 404


class Clash(Refusal):
    """Somebody else was first, or the thing is no longer in a state for this act."""

    status = 409


class TooMany(Refusal):
    """Tried too often. ``retry_after`` is in seconds."""

    status = 429

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(Refusal):
    """Something the act needs is out of order (disk, database, fonts); nothing was written."""

    status = 503
