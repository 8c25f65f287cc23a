"""Licences by address and by name, statements, public domain, source profiles, credit lines."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ledger.rights.attribution import credit_for
from ledger.rights.bounds import Period
from ledger.rights.licences import PORTS, VERSIONS, Licence, LicenceCode
from ledger.rights.pieces import Author, Basis, Source
from ledger.rights.policies import condition_of
from ledger.rights.presets import licence_from_text, recommended, terms_of
from ledger.rights.rights_statements import STATEMENTS, statement_from_text
from ledger.rights.source_profiles import SourceProfile, apply_profile
from ledger.rights.terms import ConditionCode, Origin
from tests.rights.build import LANTERN, TEXT, TODAY, piece, terms

C = ConditionCode


@pytest.mark.parametrize("code", list(LicenceCode))
@pytest.mark.parametrize("version", VERSIONS)
def test_every_licence_is_found_by_its_own_address_and_name(code: LicenceCode, version: str) -> None:
    licence = Licence(code=code, version="1.0" if code in ("cc0", "pdm") else version)
    assert licence.url is not None
    for spelled in (licence.url, licence.url.replace("https", "http").rstrip("/"), licence.name, licence.id):
        assert licence_from_text(spelled) == licence


def test_every_port_is_found_by_its_address() -> None:
    for port in PORTS:
        licence = Licence(code=LicenceCode.BY_SA, version="3.0", port=port)
        assert licence_from_text(f"see {licence.url}deed.en for more") == licence


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("CC BY-NC-ND 4.0", "CC-BY-NC-ND-4.0"),
        ("Creative Commons Attribution 3.0 US", "CC-BY-3.0-US"),
        ("CC-BY-SA", "CC-BY-SA"),
        (
            "Creative Commons Attribution-NonCommercial-NoDerivatives 4.0 International License",
            "CC-BY-NC-ND-4.0",
        ),
        ("Creative Commons Attribution-NoDerivs 3.0 Unported", "CC-BY-ND-3.0"),
        ("published under CC BY-NC-SA 2.5 Canada", "CC-BY-NC-SA-2.5-CA"),
        ("https://creativecommons.org/licenses/by-nd/4.0/deed.en", "CC-BY-ND-4.0"),
        ("CC0", "CC0-1.0"),
    ],
)
def test_common_spellings(text: str, id: str) -> None:
    found = licence_from_text(text)
    assert found is not None
    assert found.id == id


@pytest.mark.parametrize(
    "text", ["© All rights reserved", "CC BY-SA-ND 4.0", "sent cc by mistake", "", "by 4.0"]
)
def test_what_is_no_licence_is_not_taken_for_one(text: str) -> None:
    assert licence_from_text(text) is None


def test_the_tools_of_one_version_are_named_with_it() -> None:
    assert Licence(code=LicenceCode.PDM).id == Licence(code=LicenceCode.PDM, version="1.0").id == "PDM-1.0"
    assert Licence(code=LicenceCode.CC0).id == Licence(code=LicenceCode.CC0, version="1.0").id == "CC0-1.0"


def test_the_public_domain_mark_grants_nothing() -> None:
    assert terms_of(Licence(code=LicenceCode.PDM), LANTERN, terms_id="tm_1").rules == ()


def test_the_twelve_statements() -> None:
    assert len(STATEMENTS) == 12
    for statement in STATEMENTS.values():
        assert statement_from_text(statement.url) == statement_from_text(statement.id) == statement
    assert statement_from_text("InC-XX") is None


def test_a_source_profile_is_applied_and_shown_as_applied() -> None:
    profile = SourceProfile(id="sp_1", source_id=LANTERN.id, terms=(terms(by=LANTERN),), basis=Basis.LICENSED)
    text = replace(TEXT, basis=Basis.UNKNOWN)
    carried = piece(components=(text,), source=Source(name="The Lantern", party=LANTERN))
    applied = apply_profile([profile], carried, None, TODAY)
    assert applied.profile is profile
    assert applied.piece.terms[0].origin is Origin.SOURCE_PROFILE
    assert applied.piece.components[0].basis is Basis.LICENSED
    assert "The Lantern" in applied.sentence
    late = replace(profile, validity=Period(end=date(2020, 1, 1)))
    assert apply_profile([late], carried, None, TODAY).profile is None
    assert apply_profile([profile], piece(), None, TODAY).piece.terms == ()


def test_required_and_recommended_credit_are_told_apart() -> None:
    article = piece(
        urls=("https://harbour-review.example/quay",),
        authors=(Author(name="Ines <b>Okafor</b>"),),
        notice="© Harbour Review",
    )
    credit = credit_for(article, [condition_of(C.CREDIT_AUTHOR), condition_of(C.LINK_ARTICLE)])
    assert credit.required is not None
    expected = "“The quay at night” by Ines <b>Okafor</b> (https://harbour-review.example/quay)."
    assert credit.required.text == expected
    assert "&lt;b&gt;" in credit.required.html
    assert 'href="https://harbour-review.example/quay"' in credit.required.html
    assert "](<https://harbour-review.example/quay>)" in credit.required.markdown
    assert "© Harbour Review" in credit.recommended.text
    assert credit_for(article, [recommended(C.CREDIT_AUTHOR)]).required is None


def test_an_exact_credit_line_stands_as_it_is() -> None:
    line = condition_of(C.EXACT_CREDIT_LINE, "First published by Harbour Review.")
    credit = credit_for(piece(), [line, condition_of(C.CREDIT_AUTHOR)])
    assert credit.required is not None
    assert credit.required.text == "First published by Harbour Review."


def test_only_web_addresses_are_linked() -> None:
    article = piece(urls=("javascript:alert(1)",))
    credit = credit_for(article, [condition_of(C.LINK_ARTICLE)])
    assert credit.required is not None
    assert "javascript" not in credit.required.html + credit.required.markdown + credit.required.text
