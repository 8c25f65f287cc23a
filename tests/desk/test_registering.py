"""Registering: what a confirmed record makes, and what a correction keeps."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ledger import fetch
from ledger.desk.refusals import BadInput
from ledger.desk.register.assessing import record_assessment
from ledger.desk.register.claiming import end_terms, file_claim
from ledger.desk.register.correcting import keep_identity, made_by
from ledger.desk.register.record_form import read_record
from ledger.desk.register.registering import (
    RegisteredAlready,
    confirm_piece,
    draft_piece,
    draft_record,
    load_own_piece,
    register_piece,
)
from ledger.desk.register.registering_many import draft_many
from ledger.desk.register.shelf import own_pieces
from ledger.rights.answers import Outcome
from ledger.rights.evaluation import evaluate
from ledger.rights.exception_regimes import GUIDES
from ledger.rights.exceptions import Regime
from ledger.rights.pieces import Basis, ComponentKind
from ledger.rights.use_reader import read_use
from tests.cast import Cast

DATA = Path(__file__).parents[1] / "intake" / "data"


def drafted(cast: Cast, page: bytes) -> tuple[str, dict[str, Any]]:
    made = draft_piece(cast.desk, cast.edith, page)
    return made.piece_id, draft_record(made.draft)


def test_the_notice_of_an_exception_is_kept_word_for_word(cast: Cast, pages: dict[str, bytes]) -> None:
    piece = register_piece(cast.desk, cast.edith, pages["grain-ships.txt"])
    notice = piece.exception_notice or ""
    assert notice.startswith("www.harbour-review.example contains copyrighted material")
    assert notice.endswith("you must request permission from the copyright owner.")
    assert notice in pages["grain-ships.txt"].decode()


def test_the_sites_footer_under_a_text_from_elsewhere_gives_nobody_its_rights(cast: Cast) -> None:
    page = (DATA / "32-footer-of-the-site.html").read_bytes()
    text = b"<p>You may republish our articles on community sites.</p></footer>"
    piece = register_piece(cast.desk, cast.edith, page.replace(b"</footer>", text))
    assert piece.claims == ()
    assert piece.components[0].basis is Basis.UNKNOWN
    use = read_use({"action": "republish_full", "channel": "community_site", "is_commercial": False})
    assert evaluate(piece, piece.components[0], use, cast.desk.today()).outcome is Outcome.ASK


def test_all_rights_reserved_is_no_ground_to_carry_a_text(cast: Cast, pages: dict[str, bytes]) -> None:
    page = pages["grain-ships.txt"].replace(b"Wire](#), 2026", b"Wire](#), 2026. All rights reserved.")
    piece_id, record = drafted(cast, page)
    record["licence"] = {"id": "all-rights-reserved", "url": None, "scope": "page"}
    assert (
        confirm_piece(cast.desk, cast.edith, piece_id, record).components[0].basis is Basis.EXCEPTION_CLAIMED
    )


def test_a_licensed_picture_has_terms_only_where_its_holder_is_known(
    cast: Cast, pages: dict[str, bytes]
) -> None:
    piece_id, record = drafted(cast, pages["the-signal-house.html"])
    unknown = confirm_piece(cast.desk, cast.edith, piece_id, record)
    photograph = unknown.components[1]
    assert photograph.kind is ComponentKind.PHOTOGRAPH
    assert photograph.notice == "Marked CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/)"
    assert photograph.basis is Basis.UNKNOWN
    assert not [each for each in unknown.claims if each.component_id == photograph.id]

    record["components"][0] |= {"holder": "Tomas Rehn", "credit": "Photograph: Tomas Rehn"}
    known = confirm_piece(cast.desk, cast.edith, piece_id, record)
    assert known.components[1].id == photograph.id
    assert known.components[1].basis is Basis.STANDING_TERMS
    (claim,) = (each for each in known.claims if each.component_id == photograph.id)
    assert claim.evidence is not None
    assert claim.evidence.text == "Photograph: Tomas Rehn"
    (terms,) = (each for each in known.terms if each.target.component_ids == (photograph.id,))
    assert (terms.name, terms.assigner.id) == ("CC BY 4.0", claim.party.id)


@pytest.mark.parametrize(
    ("facts", "free"),
    [
        ({"deaths": "1890; 1901", "published": "1889"}, True),
        ({"deaths": "1890; 1901"}, False),
        ({"deaths": "1890; unknown"}, False),
        ({"deaths": "1999", "published": "1980"}, False),
        ({"published": "1880"}, True),
        ({"deaths": "", "published": ""}, False),
    ],
)
def test_public_domain_is_reckoned_from_stated_years(
    cast: Cast, pages: dict[str, bytes], facts: dict[str, str], free: bool
) -> None:
    piece_id, record = drafted(cast, pages["grain-ships.txt"])
    text = confirm_piece(cast.desk, cast.edith, piece_id, {**record, "public_domain": facts}).components[0]
    assert (text.public_domain is not None) is free
    assert (text.basis is Basis.PUBLIC_DOMAIN) is free


def test_a_public_domain_mark_is_kept_as_a_statement_beside_the_holder(
    cast: Cast, pages: dict[str, bytes]
) -> None:
    piece_id, record = drafted(cast, pages["grain-ships.txt"])
    picture = {
        "kind": "photograph",
        "label": "The lock",
        "licence": "Public Domain Mark 1.0",
        "holder": "Tomas Rehn",
    }
    found = confirm_piece(cast.desk, cast.edith, piece_id, {**record, "components": [picture]})
    photograph = found.components[1]
    assert photograph.public_domain is not None
    assert photograph.public_domain.marked
    assert [claim.party.name for claim in found.claims if claim.component_id == photograph.id] == [
        "Tomas Rehn"
    ]
    asked = read_use({"action": "republish_full", "territory": "CA"})
    answer = evaluate(found, photograph, asked, cast.desk.today())
    assert answer.outcome is Outcome.ASK
    assert answer.ask is not None
    assert answer.ask.party is not None
    assert answer.ask.party.name == "Tomas Rehn"


def test_a_correction_keeps_what_was_filed_since(cast: Cast, pages: dict[str, bytes]) -> None:
    piece_id, record = drafted(cast, pages["grain-ships.txt"])
    first = confirm_piece(cast.desk, cast.edith, piece_id, record)
    text = first.components[0]
    claim = file_claim(cast.desk, cast.bob, piece_id, {"party": "Tide Trust", "evidence": "A deed of 2020."})
    guide = GUIDES[Regime.UK_PARODY]
    findings = [
        {"factor": each.factor.value, "leaning": "neutral", "reasons": "So."} for each in guide.questions
    ]
    assessment = record_assessment(
        cast.desk,
        cast.edith,
        piece_id,
        {
            "component_id": text.id,
            "regime": "uk_parody",
            "provision": guide.provision,
            "jurisdiction": "GB",
            "purpose": "A test.",
            "conclusion": "None.",
            "credit": "Named.",
            "market_search": "None made.",
            "findings": findings,
        },
    )
    second = confirm_piece(cast.desk, cast.edith, piece_id, {**record, "title": "Corrected"})
    assert second.title == "Corrected"
    assert second.components[0].id == text.id
    assert {each.id for each in second.claims} == {first.claims[0].id, claim.id}
    assert [each.id for each in second.terms] == [each.id for each in first.terms]
    loaded = load_own_piece(cast.desk, cast.edith, piece_id).piece
    assert [each.id for each in loaded.assessments] == [assessment.id]
    record["copyright"] = {**record["copyright"], "holders": ["Another Wire"]}
    third = confirm_piece(cast.desk, cast.edith, piece_id, record)
    assert {each.party.name for each in third.claims} == {"Another Wire", "Tide Trust"}


def test_a_correction_does_not_bring_ended_terms_back(cast: Cast, pages: dict[str, bytes]) -> None:
    piece_id, record = drafted(cast, pages["grain-ships.txt"])
    first = confirm_piece(cast.desk, cast.edith, piece_id, record)
    end_terms(cast.desk, cast.bob, first.terms[0].id, "The rules changed.")
    confirm_piece(cast.desk, cast.edith, piece_id, {**record, "subtitle": "Other"})
    (terms,) = load_own_piece(cast.desk, cast.edith, piece_id).piece.terms
    assert terms.id == first.terms[0].id
    assert terms.revoked_on == cast.desk.today()


def test_components_are_matched_by_label_before_order(cast: Cast, pages: dict[str, bytes]) -> None:
    piece_id, record = drafted(cast, pages["grain-ships.txt"])
    two = [{"kind": "photograph", "label": "Dawn"}, {"kind": "photograph", "label": "Dusk"}]
    old = confirm_piece(cast.desk, cast.edith, piece_id, {**record, "components": two})
    new = confirm_piece(cast.desk, cast.edith, piece_id, {**record, "components": two[1:]})
    assert [each.id for each in new.components] == [old.components[0].id, old.components[2].id]
    same = keep_identity(old, replace(old, claims=old.claims), made_by(None, old))
    assert same.piece == old


def test_the_very_same_page_is_told_when_asked_for_only_new(cast: Cast, pages: dict[str, bytes]) -> None:
    known, _ = drafted(cast, pages["grain-ships.txt"])
    with pytest.raises(RegisteredAlready) as told:
        draft_piece(cast.desk, cast.edith, pages["grain-ships.txt"], only_new=True)
    assert [(each.id, each.how) for each in told.value.known] == [(known, "page")]
    assert draft_piece(cast.desk, cast.charlie, pages["grain-ships.txt"], only_new=True)


def test_nothing_is_fetched_inside_a_transaction(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def fetched(url: str) -> Any:
        with cast.desk.database.writing():  # would wait for ever for the lock of an open transaction
            pass
        raise fetch.FetchRefused("This address is not public.")

    monkeypatch.setattr(fetch, "fetch", fetched)
    with pytest.raises(BadInput) as told:
        draft_piece(cast.desk, cast.edith, url="https://x.example/a", only_new=True)
    assert told.value.errors == {"url": "This address is not public."}


@pytest.mark.parametrize("status", [404, 403, 500, 204])
def test_a_page_that_the_server_does_not_give_is_no_piece(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    gone = "https://harbour-review.example/gone"

    def fetched(url: str) -> fetch.Fetched:
        body = b"<title>Not here</title><p>There is nothing here, and that for a good while.</p>"
        return fetch.Fetched(
            url=url,
            final_url=url,
            status=status,
            content_type="text/html",
            body=body,
            fetched_at=cast.clock(),
            chain=(url,),
        )

    monkeypatch.setattr(fetch, "fetch", fetched)
    for field, act in (("url", draft_piece), ("feed_url", draft_many)):
        with pytest.raises(BadInput, match=f"answered {status}") as told:
            act(cast.desk, cast.edith, url=gone)
        assert list(told.value.errors) == [field]
    assert own_pieces(cast.desk, cast.edith).lines == []


def test_every_wrong_field_of_a_record_has_its_own_plain_line() -> None:
    record = {
        "title": " ",
        "language": "English",
        "source": {"url": "example.org/a", "published": "5 March"},
        "copyright": {"year": "20x"},
        "authors": [{"name": "", "type": ""}],
        "terms": [{"effect": "", "action": "excerpt", "channel": "", "commercial": ""}],
        "public_domain": {"deaths": "19x"},
    }
    with pytest.raises(BadInput) as told:
        read_record(record)
    assert set(told.value.errors) == {
        "title",
        "language",
        "source.url",
        "source.published",
        "copyright.year",
        "authors.0.name",
        "terms.0.effect",
        "public_domain.deaths.0",
    }
    assert all(line.endswith(".") for line in told.value.errors.values())
