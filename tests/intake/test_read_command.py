"""``ledger read``, as other programs use it: output, exit codes, nothing written."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ledger.cli.read import read

PAGE = b"""<html lang="en"><head><title>Tides</title></head><body><article><h1>Tides at the harbour</h1>
<p>By Mara Finn</p><p>The water rose by a hand in the night and the boats lay high at the quay.</p>
<p>&copy; 2021 Harbour Review. All rights reserved.</p></article></body></html>"""


def _run(*arguments: str, given: bytes | None = None) -> Result:
    return CliRunner().invoke(read, list(arguments), input=given)


def test_a_file_gives_a_view_for_people_and_json_for_programs(tmp_path: Path) -> None:
    file = tmp_path / "tides.html"
    file.write_bytes(PAGE)
    shown = _run(str(file))
    assert shown.exit_code == 0
    assert "Tides at the harbour" in shown.output
    assert "silence permits nothing" in shown.output
    record = json.loads(_run(str(file), "--json").output)
    assert record["authors"] == [{"name": "Mara Finn", "type": "person"}]
    assert list(tmp_path.iterdir()) == [file]


def test_the_json_has_exactly_the_keys_of_the_contract(tmp_path: Path) -> None:
    record = json.loads(_run("-", "--json", given=PAGE).output)
    assert list(record) == [
        "title", "subtitle", "language", "authors", "source", "republisher", "canonical_url", "copyright", "licence",
        "terms", "fair_use", "contacts", "evidence",
    ]  # fmt: skip


def test_a_folder_gives_one_line_per_file_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "b.html").write_bytes(PAGE)
    (tmp_path / "a.txt").write_text(
        "Fog on the pier\n\nBy Jonas Vey\n\nIt came in at five and stayed until noon.\n"
    )
    found = _run(str(tmp_path))
    assert found.exit_code == 0
    lines = [json.loads(line) for line in found.output.splitlines()]
    assert [line["file"] for line in lines] == ["a.txt", "b.html"]
    assert lines[0]["title"] == "Fog on the pier"


def test_a_bad_file_in_a_folder_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7 ...")
    (tmp_path / "b.html").write_bytes(PAGE)
    found = _run(str(tmp_path))
    assert found.exit_code == 2
    first, second = (json.loads(line) for line in found.stdout.splitlines())
    assert "PDF" in first["error"]
    assert second["title"] == "Tides at the harbour"


@pytest.mark.parametrize(
    ("arguments", "given", "says"),
    [
        (["missing.html"], None, "no such file"),
        (["-"], b"", "empty"),
        (["-"], b"%PDF-1.4", "PDF"),
        (["http://127.0.0.1/"], None, "private"),
        (["http://[::1]:8080/x"], None, "private"),
        (["https://finn:secret@harbour.example/"], None, "password"),
        (["https://harbour.example:22/"], None, "Port 22"),
    ],
)
def test_bad_input_gives_one_line_and_exit_code_2(
    arguments: list[str], given: bytes | None, says: str
) -> None:
    found = _run(*arguments, given=given)
    assert found.exit_code == 2
    assert says in found.stderr
    assert len(found.stderr.strip().splitlines()) == 1
    assert found.stdout == ""
