"""The main job and the life of letters once more, on PostgreSQL."""

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ledger.desk.house import people
from ledger.desk.house.checking import check_house
from ledger.desk.house.erasing_owners import erase_owner
from ledger.desk.letters.verifying import verify_ledger
from ledger.desk.refusals import Clash
from ledger.records.parties import find_party
from ledger.records.tenant import Tenant
from ledger.settings import load_settings
from tests.cast import Cast, enter, populate
from tests.desk import test_erasing_owners as owners
from tests.desk.test_letter_life import *  # noqa: F403
from tests.desk.test_main_job import *  # noqa: F403
from tests.postgres import postgres_server, postgres_url  # noqa: F401

pytestmark = pytest.mark.postgres


@pytest.fixture
def cast(tmp_path: Path, postgres_url: str, cheap_hashing: None) -> Iterator[Cast]:
    """The same people in a database of their own on the server."""
    settings = load_settings({}, data=tmp_path / "house", database=postgres_url)
    populate(settings)
    house = enter(settings)
    yield house
    house.desk.database.close()


def test_the_check_before_the_first_letter_tries_the_server_and_leaves_nothing_there(cast: Cast) -> None:
    sizes = [report.size for report in verify_ledger(cast.desk)]
    found = {each.what: each.state.value for each in check_house(cast.settings, clock=cast.clock)}
    assert (found["database"], found["journals"], found["letter"]) == ("ok", "ok", "ok")
    after = verify_ledger(cast.desk)
    assert [(report.size, report.first) for report in after] == [(size, None) for size in sizes]


def test_an_owner_who_was_asked_is_erased_there_too(cast: Cast, wire: Any) -> None:
    request_id, enquiry = owners.ask(cast, wire)
    owners.answer(cast, enquiry, "decline")
    owners.close(cast, request_id)
    assert erase_owner(cast.desk, cast.bob, "INES@quill.example", "Her wish.").erased == 1
    with cast.desk.database.reading() as connection:
        assert find_party(Tenant(connection, cast.harbour.id), "Ines Quill") is None
    assert all(report.first is None for report in verify_ledger(cast.desk))


def test_two_administrators_who_disable_each_other_at_once_leave_one(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    roles = frozenset({"admin"})
    given = {"email": "dora@harbour-review.example", "name": "Dora Finch", "roles": roles, "by": cast.ada}
    dora, ada = people.add_person(cast.desk, cast.harbour.id, **given), cast.ada.person_id
    both, admins_of = threading.Barrier(2), people.store.admins_of

    def look(*args: Any) -> frozenset[str]:
        found = admins_of(*args)
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait(1)  # so that neither goes on before the other has looked, if the other can
        return found

    monkeypatch.setattr(people.store, "admins_of", look)

    def disable(person_id: str) -> None:
        with contextlib.suppress(Clash):
            people.disable(cast.desk, cast.harbour.id, person_id, None)

    threads = [threading.Thread(target=disable, args=(each,)) for each in (dora, ada)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with cast.desk.database.reading() as connection:
        assert len(admins_of(connection, cast.harbour.id)) == 1
