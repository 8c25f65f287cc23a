"""Top-up: a letter extended (more copies, a longer term, another format), priced by the difference.

The requester asks for it from the status page; it is a request of its own that names the letter it extends, and is
decided like any other. Its letter is an amendment.
"""

from collections.abc import Mapping
from typing import Any

from ledger.desk.context import Desk
from ledger.desk.letters.corrections import CORRECTABLE
from ledger.desk.refusals import BadInput, Clash
from ledger.desk.requests.requesting import Submitted, submit_request
from ledger.records.request_rows import LetterRow, RequestRow
from ledger.said import said

MAY_CHANGE = frozenset({"formats", "end", "territory", "language", "duration", "urls", "audience", "edition"})
"""What a top-up may extend; anything else is another use, and another request."""
OTHER_NAMES = {"formats": ("format", "print_run"), "identifier": ("isbn", "issn")}
"""Other names by which a request may state a fact: said under both, it would count twice."""


def ask_for_top_up(desk: Desk, row: RequestRow, letter: LetterRow, changes: Mapping[str, Any]) -> Submitted:
    """Ask for a letter to be extended. ``changes`` are the facts of the use that change.

    Raises ``BadInput`` for a fact that may not change, ``Clash`` for a letter that no longer stands.
    """
    wrong = dict.fromkeys(set(changes) - MAY_CHANGE, "This cannot be topped up; send a new request for it.")
    if wrong or not changes:
        raise BadInput(
            wrong
            or {"changes": said("Say what is to be extended: copies, term, countries, language or format.")}
        )
    if letter.state not in ("issued", "amended") or not letter.document["grants"]:
        raise Clash(said("Only a letter that grants something and still stands can be extended."))
    asked = row.document
    assignee = letter.document["grants"][0]["assignee"]
    requester = {**asked["requester"], "name": row.name, "email": row.email, "organisation": row.organisation}
    form = {
        **{key: value for key, value in requester.items() if value is not None},
        "pieces": asked["pieces"],
        "licensee": assignee["legal_name"] or assignee["name"],
        "use": {**_as_granted(asked["use"], letter), **changes},
    }
    amends = {"amends": letter.id, "licensee": assignee["id"]}
    return submit_request(desk, form, verified=row.verified_at is not None, amends=amends)


def _as_granted(asked: Mapping[str, Any], letter: LetterRow) -> dict[str, Any]:
    """The use as asked with what the letter says of it: staff may have settled or corrected that."""
    use = letter.document["matter"]["use"]
    facts = {name: use[name] for name in CORRECTABLE if use.get(name)}
    other_names = {name for each in facts for name in OTHER_NAMES.get(each, ())}
    return {**{name: asked[name] for name in asked if name not in other_names}, **facts}
