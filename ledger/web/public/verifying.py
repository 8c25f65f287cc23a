"""The verify page: a letter's file is hashed in the reader's browser and never sent here; a number may be typed."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from ledger.desk.answers.rights_view import part_labels
from ledger.desk.answers.use_words import public_sentences, territory_names
from ledger.desk.context import Desk
from ledger.desk.house.keys import public_keys
from ledger.desk.house.publishers import find_publisher
from ledger.desk.letters.letter_life import matter_of
from ledger.desk.letters.letter_matter import Matter
from ledger.desk.letters.time_stamping import letter_stamp
from ledger.desk.letters.verifying import Verified, proof_of_issue, verify_file, verify_number
from ledger.desk.refusals import NotFound
from ledger.letters import standalone
from ledger.letters.language import Speaker
from ledger.letters.matters import OtherItem
from ledger.rights.terms import Condition, ConditionCode
from ledger.web.context import AnyRequest, TheDesk
from ledger.web.pages import translated_page
from ledger.web.reader_language import reader_language
from ledger.web.tongues import tongue


@get("/verify", sync_to_thread=True)
def verify_page(request: AnyRequest, desk: TheDesk) -> Response[str]:
    """``?sha256=`` (what the page's script sends for a dropped file) or ``?number=``."""
    sha256 = request.query_params.get("sha256", "").strip()
    number = request.query_params.get("number", "").strip()
    return _verdict(request, desk, sha256, number)


@get("/verify/{number:str}", sync_to_thread=True)
def verify_by_number(request: AnyRequest, desk: TheDesk, number: FromPath[str]) -> Response[str]:
    """Where the code printed on a letter leads: its number shows that it exists, and its state."""
    return _verdict(request, desk, "", number)


@get("/verify/{sha256:str}/proof", sync_to_thread=True)
def proof(desk: TheDesk, sha256: FromPath[str]) -> Response[bytes]:
    """The tlog-proof that the very file with this SHA-256 was journaled as issued."""
    found = verify_file(desk, sha256)
    data = proof_of_issue(desk, found.letter)
    name = f'attachment; filename="{found.letter.number}.tlog-proof"'
    return Response(data, media_type="text/plain", headers={"Content-Disposition": name})


@get("/verify/program", sync_to_thread=True)
def program() -> Response[bytes]:
    """The stand-alone verifier: one file of Python that imports nothing of ours and needs no connection."""
    name = 'attachment; filename="verify_letter.py"'
    return Response(
        Path(standalone.__file__).read_bytes(),
        media_type="text/x-python",
        headers={"Content-Disposition": name},
    )


@get("/publishers/{slug:str}", sync_to_thread=True)
def publisher_page(request: AnyRequest, desk: TheDesk, slug: FromPath[str]) -> Response[str]:
    """Who a publisher is, and the keys its letters and its journal are signed with."""
    row = find_publisher(desk, slug)
    values = {"publisher": row, "keys": public_keys(desk, row)}
    return translated_page(request, "public/publisher.html", reader_language(request), 200, **values)


def _verdict(request: AnyRequest, desk: Desk, sha256: str, number: str) -> Response[str]:
    found: Verified | None = None
    problem = ""
    try:
        if sha256:
            found = verify_file(desk, sha256)
        elif number:
            found = verify_number(desk, number)
    except NotFound as unknown:
        problem = unknown.message
    language = reader_language(request, found.letter.language if found else None)
    return translated_page(
        request,
        "public/verify.html",
        language,
        404 if problem else 200,
        found=found,
        problem=tongue(language).again(problem),
        number=number,
        **(_content(desk, found, tongue(language).speaker) if found and found.whole else {}),
    )


def _content(desk: Desk, found: Verified, speaker: Speaker) -> dict[str, Any]:
    """What only the file itself tells."""
    matter = matter_of(found.letter)
    labels = part_labels(matter.piece, speaker)
    return {
        "matter": matter,
        "stamp": letter_stamp(desk, found.letter),
        "uses": public_sentences(matter.use, speaker),
        "included": [labels[each] for each in matter.grant.component_ids] if matter.grant else [],
        "others": [(_named(speaker, each), each.decision) for each in matter.others],
        "conditions": _conditions(matter),
        "credit_line": (matter.grant.credit_line if matter.grant else matter.credit_line) or "",
        "territory": territory_names(matter.grant.scope.territory, speaker) if matter.grant else "",
    }


def _named(speaker: Speaker, other: OtherItem) -> str:
    """A part that a letter leaves out, as the letter calls it."""
    name = speaker.headed(other.label, other.part) if other.part else other.label
    return speaker.noted(name, speaker.label(other.kind) if other.kind else "")


def _conditions(matter: Matter) -> tuple[Condition, ...]:
    """The letter's conditions; whom to write to is between the publisher and the licensee."""
    asked = matter.grant.conditions if matter.grant else ()
    unnamed = (ConditionCode.CONTACT, ConditionCode.NOTIFY)
    return tuple(replace(each, parameter=None) if each.code in unnamed else each for each in asked)


handlers = [verify_page, verify_by_number, proof, program, publisher_page]
