"""ninjs 3.1: against our own subset schema always, against IPTC's own where a copy of it is at hand."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from ledger.interchange import from_odrl
from ledger.interchange.naming import uri_of
from ledger.interchange.ninjs import to_ninjs
from ledger.rights.pieces import LinkStatus, Source
from tests.interchange import strategies
from tests.interchange.formats import CHECKER, is_date_time, is_uri
from tests.interchange.samples import (
    BASE,
    CROSS_POST,
    HARBOUR,
    NILS,
    PHOTO,
    PIECE,
    TEXT,
    TODAY,
    claim,
    piece,
)

OWN = Path(__file__).parent / "data" / "ninjs-3.1-subset.json"
STANDARDS = os.environ.get("LEDGER_STANDARDS")
OFFICIAL = Path(STANDARDS) / "ninjs-schema_3.1.json" if STANDARDS else None

official = pytest.param(
    OFFICIAL,
    id="IPTC's",
    marks=pytest.mark.skipif(
        OFFICIAL is None or not OFFICIAL.exists(),
        reason="put ninjs-schema_3.1.json into the folder LEDGER_STANDARDS: see data/README.md",
    ),
)
both = pytest.mark.parametrize("path", [pytest.param(OWN, id="ours"), official])

WITH_PHOTO = piece(
    CROSS_POST, components=(TEXT, PHOTO), claims=(claim(1, HARBOUR, "co_text"), claim(2, NILS, "co_photo"))
)
BARE = piece(claims=(), authors=(), notice=None, subtitle=None, language=None, source=Source(), urls=())
ODD = piece(
    CROSS_POST,
    title="",
    source=Source(name="Wire", url="https://exämple.de/ü [1]?x=a|b^{c}`#d#e", url_status=LinkStatus.GIVEN),
)


def schema(path: Path) -> Draft202012Validator:
    return Draft202012Validator(json.loads(path.read_text("utf-8")), format_checker=CHECKER)


def written(this: Any = PIECE) -> dict[str, Any]:
    return to_ninjs(this, today=TODAY, base_url=BASE)


@both
@pytest.mark.parametrize("this", [PIECE, WITH_PHOTO, piece(), BARE, ODD])
def test_it_stands_up_to_the_schema(path: Path, this: Any) -> None:
    schema(path).validate(written(this))


@both
@given(this=strategies.pieces)
def test_whatever_is_on_record_stands_up_to_the_schema(path: Path, this: Any) -> None:
    schema(path).validate(written(this))


def _sets(*names: str | int, to: Any) -> Callable[[dict[str, Any]], None]:
    def change(document: dict[str, Any]) -> None:
        here: Any = document
        for name in names[:-1]:
            here = here[name]
        here[names[-1]] = to

    return change


BROKEN: dict[str, Callable[[dict[str, Any]], Any]] = {
    "rights linked and encoded at once": _sets("rightsInfo", "linkedRights", to="https://x.example/"),
    "no rights at all in rightsInfo": lambda d: d["rightsInfo"].pop("encodedRights"),
    "rights of an unknown name": _sets("rightsInfo", "licence", to="CC"),
    "a language of rights that is no URI": _sets("rightsInfo", "langId", to="ODRL"),
    "a property of no ninjs object": _sets("licence", to="CC"),
    "no uri": lambda d: d.pop("uri"),
    "a relative uri": _sets("uri", to="/pieces/1"),
    "a uri with a space": _sets("uri", to="https://x.example/a b"),
    "a type of its own": _sets("type", to="article"),
    "a representation of its own": _sets("representationType", to="some"),
    "one headline instead of a list": _sets("headlines", to="The tide tables"),
    "a headline without a value": lambda d: d["headlines"][0].pop("value"),
    "a headline with a name": _sets("headlines", 0, "name", to="x"),
    "a person with a role": _sets("people", 0, "role", to="author"),
    "a source that is no URI": _sets("infoSources", 0, "uri", to="wire.example/ü"),
    "a source with a rel": _sets("infoSources", 0, "rel", to="x"),
    "an alternative id as text": _sets("altIds", 0, to="https://x.example/"),
    "a version as a number": _sets("standard", "version", to=3.1),
    "a schema that is no URI": _sets("standard", "schema", to="ninjs 3.1"),
    "a notice as a list": _sets("copyrightNotice", to=["© 2024"]),
    "a day where a moment is asked": _sets("contentCreated", to="2024-05-02"),
    "an association without a name": lambda d: d["associations"][0].pop("name"),
    "an association without a uri": lambda d: d["associations"][0].pop("uri"),
    "an association with a property of none": _sets("associations", 0, "licence", to="CC"),
}


@both
@pytest.mark.parametrize("case", BROKEN)
def test_the_schema_catches_what_is_wrong(path: Path, case: str) -> None:
    document = deepcopy(written(WITH_PHOTO))
    BROKEN[case](document)
    assert not schema(path).is_valid(document)


def test_it_carries_the_odrl_of_the_terms() -> None:
    rights = written()["rightsInfo"]
    assert rights["langId"] == "http://www.w3.org/ns/odrl/2/"
    assert from_odrl(rights["encodedRights"].encode()) == (CROSS_POST,)


def test_it_links_to_the_page_where_there_are_no_terms() -> None:
    assert written(piece())["rightsInfo"] == {"linkedRights": f"{BASE}/pieces/pc_1"}


@pytest.mark.parametrize(
    ("url", "uri"),
    [
        ("https://wire.example/a/1", "https://wire.example/a/1"),
        ("https://exämple.de/ü?x=a|b#c d", "https://xn--exmple-cua.de/%C3%BC?x=a%7Cb#c%20d"),
        ("http://[2001:db8::1]:8080/a[1]%zz%41", "http://[2001:db8::1]:8080/a%5B1%5D%25zz%41"),
        ("https://x.example", "https://x.example/"),
        ("http://{.example/", None),
        ("javascript:alert(1)", None),
        ("wire.example/a", None),
        ("https://exa mple/", None),
        ("", None),
        (None, None),
    ],
)
def test_an_address_becomes_a_uri_or_nothing(url: str | None, uri: str | None) -> None:
    assert uri_of(url) == uri
    assert uri is None or is_uri(uri)


def test_the_formats_are_really_checked() -> None:
    assert is_uri("mailto:a@b.example")
    assert is_uri("http://www.w3.org/ns/odrl/2/")
    assert not any(
        is_uri(text) for text in ("", "a", "//x/y", "https://x/ü", "https://x/%zz", "https://x/a#b#c")
    )
    assert is_date_time("2024-05-02T10:00:00+02:00")
    with pytest.raises(ValueError, match="month"):
        is_date_time("2024-13-02T10:00:00Z")
    assert not is_date_time("2024-05-02")
