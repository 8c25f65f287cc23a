"""The register of exceptions: a person's judgement under fair use or its kin, recorded before the use.

It is evidence of diligence and never a permission. Nothing here scores, weighs or concludes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ledger.desk.context import Desk, Who
from ledger.desk.refusals import BadInput, NotFound
from ledger.ids import new_id
from ledger.journal.entry import document_sha256
from ledger.records import journal_store
from ledger.records.filing import store_assessment
from ledger.records.pieces import assessments_to_review, list_pieces, load_piece
from ledger.records.tenant import Tenant
from ledger.rights.assessing import faults, without_current_assessment
from ledger.rights.exceptions import Assessment
from ledger.rights.pieces import Basis, Piece
from ledger.rights.wire import BadPlain, from_plain, to_plain

ROUND = 500
"""Pieces looked at for the list of work to do, the newest first."""


def record_assessment(desk: Desk, who: Who, piece_id: str, given: Mapping[str, Any]) -> Assessment:
    """Record an assessment of a component, by the person signed in, made today. It is never changed.

    ``given`` has the fields of ``rights.exceptions.Assessment`` but id, assessor, day and hash, which are filled
    in here. Raises ``BadInput`` with every field that keeps it from being recorded.
    """
    who.must_be("officer", "editor")
    now = desk.clock()
    with desk.database.writing() as connection:
        tenant = Tenant(connection, who.publisher_id)
        loaded = load_piece(connection, piece_id, who.publisher_id)
        if loaded is None:
            raise NotFound("There is no such piece at this publisher.", "piece")
        assessment = _read(desk, who, loaded.piece, given)
        wrong = faults(assessment)
        if wrong:
            raise BadInput(wrong)
        store_assessment(tenant, piece_id, assessment, who.person_id, now)
        payload = {
            "assessment": assessment.id,
            "piece": piece_id,
            "component": assessment.component_id,
            "regime": assessment.regime.value,
            "by": who.person_id,
            "supersedes": assessment.supersedes,
            "document_sha256": document_sha256(to_plain(assessment)),
        }
        journal_store.append(connection, who.publisher_id, "assessment.made", payload, {}, now)
    return assessment


def _read(desk: Desk, who: Who, piece: Piece, given: Mapping[str, Any]) -> Assessment:
    plain = {
        **given,
        "id": new_id("as"),
        "assessor": who.name,
        "assessor_role": given.get("assessor_role") or ", ".join(sorted(who.roles)),
        "made_on": desk.today().isoformat(),
        "work_sha256": piece.content_sha256,
    }
    try:
        assessment = from_plain(Assessment, plain)
        piece.component(assessment.component_id)
    except BadPlain as error:
        raise BadInput({error.path: error.message}) from error
    except KeyError as error:
        raise BadInput({"component_id": str(error.args[0])}) from error
    if assessment.supersedes and assessment.supersedes not in {each.id for each in piece.assessments}:
        raise BadInput({"supersedes": "This is no assessment of the same piece."})
    return assessment


@dataclass(frozen=True)
class Missing:
    """A component carried under an exception that nobody has assessed, or whose review is overdue."""

    piece_id: str
    title: str
    component_id: str
    why: str


def assessments_to_do(desk: Desk, who: Who) -> list[Missing]:
    """Work to do: components carried under an exception without a current assessment."""
    with desk.database.reading() as connection:
        tenant = Tenant(connection, who.publisher_id)
        lines = list_pieces(tenant, state="confirmed", limit=ROUND).rows
        loaded = [load_piece(connection, line.id, who.publisher_id) for line in lines]
    claimed = [
        each.piece
        for each in loaded
        if each and any(part.basis is Basis.EXCEPTION_CLAIMED for part in each.piece.components)
    ]
    return [
        Missing(piece.id, piece.title, component.id, why)
        for piece, component, why in without_current_assessment(claimed, desk.today())
    ]


def reviews_due(desk: Desk, who: Who) -> list[tuple[str, str, Any]]:
    """(piece id, assessment id, day) of assessments whose review is due by today."""
    with desk.database.reading() as connection:
        return assessments_to_review(Tenant(connection, who.publisher_id), desk.today())
