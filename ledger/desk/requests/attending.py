"""What staff do with a request besides deciding it: give it to somebody, ask, write, keep a note."""

from ledger.desk.context import Desk, Who
from ledger.desk.house.publishers import own_publisher
from ledger.desk.posting import tell
from ledger.desk.refusals import BadInput
from ledger.desk.requests.moving import move, note, taken_up
from ledger.desk.requests.opened import open_request
from ledger.desk.texts import needed_text
from ledger.records import people_store
from ledger.records.requests import update_request
from ledger.rights.requests import RequestEvent


def assign(desk: Desk, who: Who, request_id: str, person_id: str | None) -> None:
    """Give a request to a colleague, or to nobody; an untouched one is thereby taken up."""
    who.must_be("officer")
    with desk.database.writing() as connection:
        if person_id is not None:
            held = people_store.roles_at(connection, who.publisher_id, person_id)
            if not held or people_store.DISABLED in held:
                raise BadInput({"person": "Choose somebody who works here."})
        opened = open_request(connection, who, request_id)
        row = opened.row
        if person_id:
            row = taken_up(opened.tenant, row, who, desk.clock())
        update_request(opened.tenant, row.id, row.version, assigned_to=person_id)


def ask_requester(desk: Desk, who: Who, request_id: str, question: str) -> None:
    """Ask the requester something; the clock stands with the requester until the reply."""
    who.must_be("officer")
    words = needed_text(question, "question", "Write the question before you send it.")
    now = desk.clock()
    publisher = own_publisher(desk, who.publisher_id)
    with desk.database.writing() as connection:
        opened = open_request(connection, who, request_id)
        row = taken_up(opened.tenant, opened.row, who, now)
        row = move(
            opened.tenant,
            row,
            RequestEvent.ASK_REQUESTER,
            now,
            actor="staff",
            person_id=who.person_id,
            body=words,
        )
        key = f"needs-info:{row.id}:{row.version}"
        tell(desk, opened.tenant, publisher, row, "needs_info", key=key, question=words)


def write_message(desk: Desk, who: Who, request_id: str, text: str) -> None:
    """Tell the requester something that needs no answer."""
    who.must_be("officer", "editor")
    words = needed_text(text, "text", "Write the message before you send it.")
    publisher = own_publisher(desk, who.publisher_id)
    with desk.database.writing() as connection:
        opened = open_request(connection, who, request_id)
        now = desk.clock()
        note(opened.tenant, request_id, "message", "staff", now, person_id=who.person_id, body=words)
        key = f"message:{request_id}:{now.isoformat()}"
        tell(desk, opened.tenant, publisher, opened.row, "message", key=key, body=words)


def write_note(desk: Desk, who: Who, request_id: str, text: str) -> None:
    """A note for colleagues; the requester never sees it."""
    words = needed_text(text, "text", "Write the note before you keep it.")
    with desk.database.writing() as connection:
        opened = open_request(connection, who, request_id)
        note(opened.tenant, request_id, "note", "staff", desk.clock(), person_id=who.person_id, body=words)
