"""Claims and terms of a piece at the desk: filed, withdrawn, imported, ended."""

from ledger.desk.register.registering import load_own_piece, register_piece
from tests.cast import Cast
from tests.web.browsing import Visitor
from tests.web.test_desk_pieces import GRAIN, SIGNAL, bob, edith

__all__ = ["bob", "edith"]  # fixtures


def test_a_claim_is_filed_with_its_document_and_withdrawn(cast: Cast, bob: Visitor) -> None:
    piece = register_piece(cast.desk, cast.edith, GRAIN)
    path = f"/desk/pieces/{piece.id}/claim"
    sent = {
        "component": piece.components[0].id,
        "role": "agent",
        "party": "Tide Agency",
        "valid_from": "soon",
    }
    wrong = bob.post(path, {**sent, "evidence": ""}, seen_on=path)
    assert wrong.status_code == 422
    assert "Quote the words the claim rests on" in wrong.text
    assert 'value="Tide Agency"' in wrong.text
    late = bob.post(path, {**sent, "evidence": "We speak for Meridian Wire."}, seen_on=path)
    assert "Write the date as year-month-day" in late.text
    good = {**sent, "valid_from": "", "evidence": "We speak for Meridian Wire."}
    letter = {"document": ("mandate.pdf", b"%PDF-1.7 a mandate", "application/pdf")}
    assert bob.post(path, good, seen_on=path, files=letter).status_code == 303
    claims = {each.party.name: each for each in load_own_piece(cast.desk, cast.bob, piece.id).piece.claims}
    assert claims["Tide Agency"].principal == claims["Meridian Wire"].party.id
    document = claims["Tide Agency"].evidence
    assert document is not None
    assert cast.desk.evidence.get(document.document_sha256 or "") == b"%PDF-1.7 a mandate"
    gone = f"/desk/pieces/{piece.id}/claims/{claims['Tide Agency'].id}/withdraw"
    assert bob.post(gone, {}, seen_on=path).status_code == 303
    assert "Tide Agency" not in bob.get(f"/desk/pieces/{piece.id}").text.split("In the journal")[0]


def test_terms_end_with_a_reason_and_show_what_rests_on_them(cast: Cast, bob: Visitor) -> None:
    piece = register_piece(cast.desk, cast.edith, GRAIN)
    path = f"/desk/pieces/{piece.id}/terms/{piece.terms[0].id}/end"
    assert "No letter in force rests on them" in bob.get(path).text
    assert bob.post(path, {"reason": " "}, seen_on=path).status_code == 422
    done = bob.post(path, {"reason": "The site changed its rules."}, seen_on=path)
    assert "The terms have ended" in done.text
    assert "Ended on" in bob.get(f"/desk/pieces/{piece.id}").text
    other = f"/desk/pieces/{piece.id}/terms"
    assert bob.post(path, {"reason": "Again."}, seen_on=f"/desk/pieces/{piece.id}").status_code == 409
    nothing = bob.post(other, {}, seen_on=f"/desk/pieces/{piece.id}")
    assert "Choose the file to read" in nothing.text


def test_terms_come_in_from_odrl_and_hold_for_the_piece(cast: Cast, bob: Visitor) -> None:
    piece = register_piece(cast.desk, cast.edith, SIGNAL)
    exported = bob.get(f"/api/pieces/{piece.id}/as/odrl").content
    other = register_piece(cast.desk, cast.edith, GRAIN)
    path = f"/desk/pieces/{other.id}/terms"
    send = {"terms_file": ("terms.jsonld", exported, "application/ld+json")}
    assert bob.post(path, {}, seen_on=f"/desk/pieces/{other.id}", files=send).status_code == 303
    terms = load_own_piece(cast.desk, cast.bob, other.id).piece.terms
    assert len(terms) > len(other.terms)
    bad = {"terms_file": ("terms.jsonld", b"{nonsense", "application/ld+json")}
    wrong = bob.post(path, {}, seen_on=f"/desk/pieces/{other.id}", files=bad)
    assert wrong.status_code == 422
    assert 'id="f-terms_file-error"' in wrong.text


def test_a_piece_is_withdrawn_with_a_reason(cast: Cast, bob: Visitor) -> None:
    piece = register_piece(cast.desk, cast.edith, SIGNAL)
    at = f"/desk/pieces/{piece.id}"
    assert bob.get(f"/pieces/{piece.id}").status_code == 200
    bare = bob.post(f"{at}/withdraw", {"reason": " "}, seen_on=at)
    assert bare.status_code == 422
    assert 'id="f-reason-error"' in bare.text
    assert bob.post(f"{at}/withdraw", {"reason": "Taken down."}, seen_on=at).status_code == 303
    assert bob.get(f"/pieces/{piece.id}").status_code == 404
    text = bob.get(f"{at}?gone").text
    assert "The piece is withdrawn." in text
    assert "Withdraw this piece" not in text
    assert bob.post(f"{at}/withdraw", {"reason": "Again."}, seen_on=at).status_code == 409
