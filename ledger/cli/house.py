"""The house a command works in: opened when first needed, its database brought up to date on the way.

Only a command that may start a ledger begins one; the others refuse a folder without.
"""

import json
from functools import cached_property
from pathlib import Path
from typing import Any

import click

from ledger.desk.context import Desk, Who
from ledger.desk.house.opening import open_desk
from ledger.desk.house.publishers import find_publisher, own_publisher
from ledger.desk.refusals import BadInput
from ledger.records.migrating import current, migrate, newest
from ledger.records.publishers import PublisherRow
from ledger.settings import BadSetting, Settings, load_settings

ROLES = frozenset({"editor", "officer", "admin"})
MAX_JSON = 1 << 20


class House:
    """What ``--data`` and ``--database`` name."""

    def __init__(self, data: Path | None = None, database: str | None = None) -> None:
        self._given: dict[str, Any] = {"data": data, "database": database}

    @cached_property
    def settings(self) -> Settings:
        """The settings, checked. Raises ``BadSetting``."""
        return load_settings(**self._given)

    def give(self, **more: Any) -> None:
        """Further settings from the command line, before the house is opened; they win over what was read so far."""
        self._given |= more
        self.__dict__.pop("settings", None)  # read already, perhaps, to look where the data lies

    @cached_property
    def desk(self) -> Desk:
        """The desk of the ledger that is there; a database that is behind is migrated.

        Raises ``BadSetting`` where there is no ledger: a mistyped folder would look like an empty one.
        """
        revision = current(self.settings.database_url)
        if revision is None or not self.settings.data.is_dir():
            raise BadSetting(
                f"There is no ledger in {self.settings.data}. Name its folder with --data or LEDGER_DATA; "
                "`ledger serve`, `register` and `publisher add` begin a new one."
            )
        if revision != newest():
            migrate(self.settings.database_url)
        return open_desk(self.settings)

    def begin(self) -> None:
        """Make the data folder and the database where they are not there yet."""
        self.settings.data.mkdir(parents=True, exist_ok=True)
        if current(self.settings.database_url) is None:
            migrate(self.settings.database_url)

    def operator(self, slug: str) -> Who:
        """Whoever holds the data folder may act for any publisher in it; the journal calls them operator."""
        return _operator(find_publisher(self.desk, slug))

    def operator_of(self, publisher_id: str) -> Who:
        """The same, for a publisher known by its id."""
        return _operator(own_publisher(self.desk, publisher_id))


def _operator(row: PublisherRow) -> Who:
    return Who("operator", "the operator", row.permissions_email, row.id, row.slug, ROLES)


def read_json(file: Any, what: str) -> Any:
    """JSON from an open file. Raises ``BadInput`` that names the place of the mistake."""
    text = file.read(MAX_JSON + 1)
    if len(text) > MAX_JSON:
        raise BadInput({what: "This is larger than 1 MB; give the described JSON object only."})
    try:
        value = json.loads(text)
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadInput({what: f"This is not JSON: {error}."}) from error
    if not isinstance(value, dict):
        raise BadInput({what: "Give a JSON object: {...}."})
    return value


def show(value: Any, as_json: bool, text: str) -> None:
    """Print ``value`` as JSON, or ``text``."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2) if as_json else text)
