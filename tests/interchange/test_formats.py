"""A piece as schema.org, and the one door to all formats."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from ledger.interchange import FORMATS, export
from ledger.interchange.schema_org import to_schema_org
from ledger.rights.codes import ConditionCode
from ledger.rights.pieces import LinkStatus, Source
from ledger.rights.terms import Action, Condition, Effect
from tests.interchange.samples import (
    BASE,
    CROSS_POST,
    HARBOUR,
    NILS,
    PHOTO,
    PIECE,
    TEXT,
    TODAY,
    WIRE,
    claim,
    piece,
    rule,
    standing,
)

DATA = Path(__file__).parent / "data"


def schema(name: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((DATA / name).read_text("utf-8")))


def article(this=PIECE, today=TODAY):
    return to_schema_org(this, today=today, base_url=BASE)


def test_schema_org_says_what_is_known():
    found = article()
    assert found["@type"] == "NewsArticle"
    assert found["license"] == "https://harbour.example/republish"
    assert found["usageInfo"] == f"{BASE}/pieces/pc_1"
    assert found["acquireLicensePage"] == f"{BASE}/pieces/pc_1/ask"
    assert found["copyrightHolder"]["name"] == "Harbour Review"
    assert found["copyrightNotice"].startswith("© 2024")
    assert found["copyrightYear"] == 2024
    assert found["isBasedOn"] == "https://wire.example/a/1"
    assert PIECE.title in found["creditText"]
    assert "archivedAt" not in found


def test_schema_org_uses_only_names_that_a_creative_work_has():
    """https://schema.org/NewsArticle and its parents, as far as we go."""
    allowed = (
        "headline alternativeHeadline url inLanguage datePublished author publisher license acquireLicensePage "
        "usageInfo creditText copyrightNotice copyrightHolder copyrightYear isBasedOn archivedAt"
    )
    assert {name for name in article() if not name.startswith("@")} <= set(allowed.split())


def test_a_credit_line_that_the_terms_require_is_the_credit():
    line = "First published in Harbour Review"
    credited = rule(Effect.PERMIT, Action.REPUBLISH_FULL)
    credited = replace(
        credited, conditions=(Condition(code=ConditionCode.EXACT_CREDIT_LINE, parameter=line),)
    )
    assert article(piece(standing(credited)))["creditText"].startswith(line)


def test_no_holder_is_named_without_evidence():
    unproven = replace(PIECE, claims=(claim(1, HARBOUR, "co_text", evidence=False),))
    assert "copyrightHolder" not in article(unproven)


def test_a_licence_by_somebody_who_does_not_hold_the_text_is_not_shown():
    theirs = replace(PIECE, claims=(claim(1, WIRE, "co_text"),))
    found = article(theirs)
    assert found["copyrightHolder"]["name"] == "Meridian Wire"
    assert "license" not in found


def test_a_licence_that_is_not_in_force_is_not_shown():
    assert "license" not in article(today=date(2023, 12, 31))


def test_reservations_alone_are_no_licence():
    assert "license" not in article(
        piece(standing(rule(Effect.RESERVE, Action.PRINT), url="https://x.example/r"))
    )


def test_an_archived_original_is_archived_at_and_a_dead_one_is_not_linked():
    url = "https://archive.example/1"
    archived = article(replace(PIECE, source=Source(name="W", url=url, url_status=LinkStatus.ARCHIVED)))
    assert archived["archivedAt"] == url
    assert "isBasedOn" not in archived
    dead = article(replace(PIECE, source=Source(name="W", url=url, url_status=LinkStatus.DEAD)))
    assert "isBasedOn" not in dead


def test_an_author_of_unknown_kind_is_called_neither_person_nor_organisation():
    assert article()["author"][1] == {"name": "The slipway desk"}


def test_a_year_is_read_from_the_notice_and_never_guessed():
    text = replace(TEXT, notice="All rights reserved. Founded 1987.")
    assert "copyrightYear" not in article(replace(PIECE, components=(text,)))


WITH_PHOTO = piece(
    CROSS_POST, components=(TEXT, PHOTO), claims=(claim(1, HARBOUR, "co_text"), claim(2, NILS, "co_photo"))
)


@pytest.mark.parametrize("name", ["odrl", "schema.org", "ninjs", "rsl", "tdmrep"])
def test_each_format_gives_bytes_and_its_media_type(name):
    data, media_type = export(PIECE, name, BASE, today=TODAY)
    assert (media_type, data) == (FORMATS[name].media_type, export(PIECE, name, BASE, today=TODAY)[0])
    assert data


def test_an_unknown_format_is_answered_with_the_known_ones():
    with pytest.raises(ValueError, match=r"odrl, schema\.org, ninjs, rsl, tdmrep"):
        export(PIECE, "pdf", BASE, today=TODAY)
