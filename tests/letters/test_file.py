"""The file itself: both standards, attachments, the same bytes twice, nothing of the machine in it."""

import hashlib
import io
import subprocess
from pathlib import Path

import outloud
import pikepdf
import pytest

from ledger.letters.language import LANGUAGES
from ledger.letters.model import LetterKind
from ledger.letters.pool import RenderPool
from ledger.letters.render import render_letter
from tests.letters import cast, samples
from tests.letters.conftest import Issued

PDFA, PDFUA = "http://www.aiim.org/pdfa/ns/id/", "http://www.aiim.org/pdfua/ns/id/"


def standards_hold(pdf: bytes) -> None:
    """What ISO 19005-3 (level A) and ISO 14289-1 ask for and a file can be asked."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        root = document.Root
        meta = document.open_metadata()
        assert (meta[f"{{{PDFA}}}part"], meta[f"{{{PDFA}}}conformance"], meta[f"{{{PDFUA}}}part"]) == (
            "3",
            "A",
            "1",
        )
        assert meta["dc:title"] == str(document.docinfo["/Title"])
        assert str(root.Lang)
        assert root.MarkInfo.Marked is True
        assert root.ViewerPreferences.DisplayDocTitle is True
        assert root.StructTreeRoot.K
        assert root.OutputIntents[0].S == "/GTS_PDFA1"
        assert "/Encrypt" not in document.trailer
        for page in document.pages:
            assert page.Tabs == "/S"
            fonts_are_embedded(page)
            for annotation in page.get("/Annots", []):
                assert int(annotation.F) & 4
                assert not int(annotation.F) & (1 | 2 | 32)
                assert "/StructParent" in annotation
        for associated in root.get("/AF", []):
            assert associated.AFRelationship == "/Data"
            assert associated.UF
            assert associated.Desc


def fonts_are_embedded(page: pikepdf.Page) -> None:
    for font in page.Resources.Font.values():
        descendant = font.DescendantFonts[0]
        assert "/FontFile2" in descendant.FontDescriptor
        assert "/ToUnicode" in font
        assert "Ledger" in str(descendant.BaseFont)


def no_accessibility_fault(path: Path) -> None:
    result = outloud.check(str(path))
    assert not result.error
    assert result.stats["tagged"]
    faults = [(found.rule, found.message) for found in result.findings if found.severity != "info"]
    # TXT-004 doubts fonts in which many glyphs mean one letter; in Arabic every letter has many shapes.
    assert [fault for fault in faults if not (fault[0] == "TXT-004" and "Ledger-Naskh" in fault[1])] == []


def test_the_unsigned_and_the_signed_file_hold_both_standards(issued: Issued) -> None:
    standards_hold(issued.unsigned)
    standards_hold(issued.pdf)


def test_qpdf_finds_no_fault(file: Path) -> None:
    done = subprocess.run(["qpdf", "--check", str(file)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_independent_checker_finds_no_error_of_accessibility(file: Path) -> None:
    no_accessibility_fault(file)


def test_the_attachments_are_there_with_fixed_dates(issued: Issued) -> None:
    with pikepdf.open(io.BytesIO(issued.pdf)) as document:
        assert set(document.attachments) == {"grant.jsonld", "proof.tlog"}
        for name, data, kind in (
            ("grant.jsonld", issued.grant, "/application/ld+json"),
            ("proof.tlog", issued.proof, "/text/plain"),
        ):
            held = document.attachments[name].get_file()
            assert held.read_bytes() == data
            stream = document.attachments[name].obj.EF.F
            assert stream.Subtype == kind
            assert str(stream.Params.ModDate) == str(stream.Params.CreationDate) == "D:20260504093000Z"


def test_two_processes_make_the_same_bytes(pool: RenderPool) -> None:
    letter = cast.letter(LetterKind.GRANT, "zh-Hans")
    here = render_letter(letter, attachments=samples.attachments(), pool=pool)
    with RenderPool(1) as other:
        render_letter(samples.plain_letter(), attachments=[], pool=other)
        there = render_letter(letter, attachments=samples.attachments(), pool=other)
    assert hashlib.sha256(here).hexdigest() == hashlib.sha256(there).hexdigest()


def test_other_words_make_other_bytes(pool: RenderPool) -> None:
    one = render_letter(samples.plain_letter(), attachments=[], pool=pool)
    other = render_letter(samples.plain_letter(title="The Tide at Dusk"), attachments=[], pool=pool)
    assert one != other


QUICK = [(kind, "en") for kind in LetterKind] + [(LetterKind.GRANT, language) for language in LANGUAGES[1:]]


@pytest.mark.parametrize(("kind", "language"), QUICK)
def test_every_kind_and_every_language_is_a_good_file(
    kind: LetterKind, language: str, pool: RenderPool
) -> None:
    pdf = render_letter(cast.letter(kind, language), attachments=[], pool=pool)
    standards_hold(pdf)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert str(document.Root.Lang) == language


@pytest.mark.long
@pytest.mark.parametrize(("kind", "language"), cast.ALL)
def test_all_forty_nine_pass_all_checkers(
    kind: LetterKind, language: str, pool: RenderPool, tmp_path: Path
) -> None:
    path = tmp_path / "letter.pdf"
    path.write_bytes(render_letter(cast.letter(kind, language), attachments=samples.attachments(), pool=pool))
    standards_hold(path.read_bytes())
    assert subprocess.run(["qpdf", "--check", str(path)], capture_output=True).returncode == 0
    no_accessibility_fault(path)
