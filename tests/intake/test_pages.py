"""Pages of many shapes, each with the record a careful person would write (tests/intake/data).

An expected record names only the fields its page is about. ``conditions~`` lists codes that must be among those
read; ``terms~first`` looks at the first terms only; ``body^`` and ``preamble^`` give how the stretch begins.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from ledger.intake import Draft, read

DATA = Path(__file__).parent / "data"
PAGES = sorted(path for path in DATA.iterdir() if path.suffix in (".html", ".txt"))


def _compare(got: Any, wanted: Any, where: str) -> None:
    if isinstance(wanted, dict):
        for key, value in wanted.items():
            if key.endswith("~"):
                assert set(value) <= set(got[key[:-1]]), f"{where}.{key}: {got[key[:-1]]}"
            else:
                _compare(got[key], value, f"{where}.{key}")
    elif isinstance(wanted, list):
        assert len(got) == len(wanted), f"{where}: {got}"
        for number, (one, other) in enumerate(zip(got, wanted, strict=True)):
            _compare(one, other, f"{where}[{number}]")
    else:
        assert got == wanted, where


def check(draft: Draft, wanted: dict[str, Any]) -> None:
    wanted = dict(wanted)
    got = draft.as_json()
    for key in ("body", "preamble"):
        begins = wanted.pop(f"{key}^", None)
        if begins:
            stretch = getattr(draft, key)
            assert stretch is not None, key
            assert draft.text[slice(*stretch)].startswith(begins)
    if wanted.pop("terms~first", False):
        got["terms"] = got["terms"][:1]
    _compare(got, wanted, "")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_the_record_of_a_page(path: Path) -> None:
    wanted = json.loads((DATA / f"{path.stem}.expected.json").read_text("utf-8"))
    check(read(path.read_bytes(), url=f"https://harbour.example/{path.stem}"), wanted)


SAMPLES = Path(__file__).parents[3] / "shared" / "samples"


@pytest.mark.skipif(
    not SAMPLES.is_dir(), reason="the third-party samples lie outside the project and are not here"
)
@pytest.mark.parametrize("name", ["global-research-2022-03-06"])
def test_the_sample_page_gives_every_field_of_its_record(name: str) -> None:
    wanted = json.loads((SAMPLES / f"{name}.expected.json").read_text("utf-8"))
    wanted.pop("remarks")  # remarks for the reader of the sample, no field of the record
    draft = read((SAMPLES / f"{name}.txt").read_bytes())
    check(draft, wanted)
    got = draft.as_json()
    assert [term["conditions"] for term in got["terms"][1:]] == [[], [], []]
    assert draft.preamble is not None
    assert draft.body is not None
    assert draft.text[slice(*draft.body)].startswith("The foreign intelligence service")
    for name in (
        "title",
        "subtitle",
        "authors",
        "source.name",
        "copyright",
        "terms.0",
        "fair_use",
        "contacts",
    ):
        assert name in got["evidence"]
