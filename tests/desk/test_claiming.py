"""The chain of title: claims filed and withdrawn, terms recorded and ended, and what the public is told of it."""

import json
from typing import Any

import pytest

from ledger.desk.answers.asking import look_up
from ledger.desk.letters.verifying import verify_ledger
from ledger.desk.refusals import BadInput, NotAllowed, NotFound
from ledger.desk.register.claiming import drop_claim, end_terms, file_claim, import_terms
from ledger.desk.register.registering import load_own_piece, register_piece
from ledger.records.evidence import EvidenceStore
from ledger.records.failures import RecordsUnavailable
from ledger.rights.pieces import ClaimRole
from ledger.rights.terms import TargetKind
from tests.cast import Cast

URL = "https://www.harbour-review.example/grain"
RSL = b"""<rsl xmlns="https://rslstandard.org/rsl"><content url="https://elsewhere.example/x">
<license><permits type="usage">search</permits><prohibits type="usage">ai-train</prohibits></license>
</content></rsl>"""


@pytest.fixture
def piece(cast: Cast, pages: dict[str, bytes]) -> Any:
    return register_piece(cast.desk, cast.edith, pages["grain-ships.txt"], url=URL)


def holders(cast: Cast) -> list[str]:
    found: list[str] = json.loads(look_up(cast.desk, URL))["copyright"]["holders"]
    return found


def test_the_public_lookup_names_a_claim_from_the_moment_it_is_filed(cast: Cast, piece: Any) -> None:
    assert holders(cast) == ["Meridian Wire"]
    claim = file_claim(cast.desk, cast.edith, piece.id, {"party": "Tide Trust", "evidence": "A deed."})
    assert sorted(holders(cast)) == ["Meridian Wire", "Tide Trust"]
    drop_claim(cast.desk, cast.bob, piece.id, claim.id)
    assert holders(cast) == ["Meridian Wire"]


def test_an_agent_speaks_for_a_holder_on_record(cast: Cast, piece: Any) -> None:
    given = {"party": "Tide Agency", "role": "agent", "evidence": "We hold the mandate."}
    claim = file_claim(cast.desk, cast.bob, piece.id, given)
    assert claim.role is ClaimRole.AGENT
    assert claim.principal == piece.claims[0].party.id
    with pytest.raises(BadInput) as told:
        file_claim(cast.desk, cast.bob, piece.id, {**given, "principal": "Nobody Known"})
    assert set(told.value.errors) == {"principal"}


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({}, {"party", "evidence"}),
        ({"party": "A", "evidence": " "}, {"evidence"}),
        ({"party": "A", "evidence": "x", "role": "king"}, {"role"}),
        ({"party": "A", "evidence": "x", "valid_from": "soon"}, {"valid_from"}),
        ({"party": "A", "evidence": "x", "valid_from": "2026-02-02", "valid_to": "2026-02-01"}, {"valid_to"}),
        ({"party": "A", "evidence": "x", "component": "co_other"}, {"component"}),
        ({"party": "A", "evidence": "x", "component": ["co_other"]}, {"component"}),
        ({"party": ["A"], "evidence": {"x": 1}}, {"party", "evidence"}),
        ({"party": "A" * 301, "evidence": "x" * 20_001}, {"party", "evidence"}),
        (
            {"party": "A", "evidence": "x", "kind": "king", "evidence_kind": "hearsay"},
            {"kind", "evidence_kind"},
        ),
        ({"party": "A", "evidence": "x", "email": "a@b@c"}, {"email"}),
        ({"party": "A", "evidence": "x", "document_sha256": "0" * 64}, {"document_sha256"}),
    ],
)
def test_a_bad_claim_names_its_field_and_writes_nothing(
    cast: Cast, piece: Any, given: dict[str, str], wrong: set[str]
) -> None:
    with pytest.raises(BadInput) as told:
        file_claim(cast.desk, cast.bob, piece.id, given)
    assert set(told.value.errors) == wrong
    assert len(load_own_piece(cast.desk, cast.bob, piece.id).piece.claims) == 1


def test_a_claim_and_its_document_are_kept_together_or_not_at_all(
    cast: Cast, piece: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {"party": "Tide Trust", "evidence": "A deed."}
    kept = set(cast.desk.evidence.hashes())
    for wrong, document in (
        ({**given, "component": "co_other"}, b"A deed"),
        (given, b""),
        (given, bytes(20_000_001)),
    ):
        with pytest.raises(BadInput):
            file_claim(cast.desk, cast.bob, piece.id, wrong, document)
    with pytest.raises(NotFound):
        file_claim(cast.desk, cast.charlie, piece.id, given, b"A deed")
    assert set(cast.desk.evidence.hashes()) == kept

    def full(*_: Any) -> str:
        raise RecordsUnavailable("The evidence could not be kept.", "Check the disk.")

    monkeypatch.setattr(EvidenceStore, "put", full)
    with pytest.raises(RecordsUnavailable):
        file_claim(cast.desk, cast.bob, piece.id, given, b"A deed")
    monkeypatch.undo()
    assert holders(cast) == ["Meridian Wire"]
    assert all(report.first is None for report in verify_ledger(cast.desk))
    claim = file_claim(cast.desk, cast.bob, piece.id, given, b"A deed")
    assert claim.evidence is not None
    assert cast.desk.evidence.get(claim.evidence.document_sha256 or "") == b"A deed"
    assert all(report.first is None for report in verify_ledger(cast.desk))


def test_imported_terms_hold_for_the_piece_they_were_put_on(cast: Cast, piece: Any) -> None:
    (terms,) = import_terms(cast.desk, cast.bob, RSL, piece_ids=(piece.id,))
    assert terms.target.kind is TargetKind.PIECE
    stored = load_own_piece(cast.desk, cast.bob, piece.id).piece.terms
    assert terms.id in {each.id for each in stored}


def test_terms_that_name_their_owner_are_never_taken_for_our_own(cast: Cast, piece: Any) -> None:
    theirs = RSL.replace(b"</content>", b"<copyright>The Lantern</copyright></content>")
    (terms,) = import_terms(cast.desk, cast.bob, theirs, piece_ids=(piece.id,))
    (unsigned,) = import_terms(cast.desk, cast.bob, RSL, piece_ids=(piece.id,))
    assert terms.assigner.name == "The Lantern"
    assert unsigned.assigner.name == "Harbour Review"


def test_only_officers_withdraw_and_end_and_only_their_own(cast: Cast, piece: Any) -> None:
    with pytest.raises(NotAllowed):
        drop_claim(cast.desk, cast.edith, piece.id, piece.claims[0].id)
    with pytest.raises(NotAllowed):
        end_terms(cast.desk, cast.edith, piece.terms[0].id, "Because.")
    with pytest.raises(NotFound):
        drop_claim(cast.desk, cast.charlie, piece.id, piece.claims[0].id)
    with pytest.raises(NotFound):
        end_terms(cast.desk, cast.charlie, piece.terms[0].id, "Because.")


@pytest.mark.parametrize("reason", [" ", "x" * 5_001])
def test_terms_end_for_a_reason_that_can_be_mailed(cast: Cast, piece: Any, reason: str) -> None:
    with pytest.raises(BadInput) as told:
        end_terms(cast.desk, cast.bob, piece.terms[0].id, reason)
    assert set(told.value.errors) == {"reason"}
