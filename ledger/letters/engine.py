"""One warm WeasyPrint: fonts, style sheets and page-number words parsed once, HTML in, PDF bytes out.

Runs inside a worker process (renderer.py). ``prepare`` must come before the first import of WeasyPrint in the
process, because fontconfig reads its settings then.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ledger.letters.render_job import RenderJob

FONTS_CONF = Path(__file__).parent / "fonts" / "fonts.conf"
REMEDY = (
    "Letters need the HarfBuzz subsetter: install it with 'apt install libharfbuzz-subset0' and start again."
)

MAX_SHEETS = 100  # publishers' colours times languages


class LettersUnavailable(RuntimeError):
    """This machine cannot make letters; the message is the one-line remedy."""


def check_harfbuzz_subset() -> None:
    """Raise LettersUnavailable unless libharfbuzz-subset loads.

    Without it WeasyPrint falls back to fontTools: 8 times slower a letter, 29 times with Chinese, and other bytes.
    """
    import ctypes

    for name in ("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib", "libharfbuzz-subset-0.dll"):
        try:
            ctypes.CDLL(name)
        except OSError:
            continue
        return
    raise LettersUnavailable(REMEDY)


def prepare() -> None:
    """Point fontconfig at the package's fonts alone. Raises LettersUnavailable without the subsetter."""
    check_harfbuzz_subset()
    os.environ["FONTCONFIG_FILE"] = str(FONTS_CONF)
    os.environ.pop("FONTCONFIG_PATH", None)
    os.environ.pop("FONTCONFIG_SYSROOT", None)


@contextmanager
def _no_collecting() -> Iterator[None]:
    """A page makes a hundred thousand small objects that all live until it is done: looking for garbage among them
    costs a twentieth of the time. What is left over goes with the next collection."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


class Engine:
    """Renders jobs one after another; not for use by two threads at once."""

    def __init__(self) -> None:
        prepare()
        from weasyprint.text.fonts import FontConfiguration

        self._fonts = FontConfiguration()
        self._sheets: dict[tuple[str, str, str], Any] = {}

    def render(self, job: RenderJob) -> bytes:
        """The unsigned PDF/A-3a and PDF/UA-1 file. The same job gives the same bytes."""
        with _no_collecting():
            return self._render(job)

    def _render(self, job: RenderJob) -> bytes:
        from weasyprint import Attachment as Embedded
        from weasyprint.text.fonts import FontConfiguration  # noqa: F401  loaded before HTML parses

        from ledger.letters.fetcher import MemoryFetcher
        from ledger.letters.finishing import Finisher, claim_both_standards, light_compression
        from ledger.letters.page import page_class

        fetcher = MemoryFetcher(job.images)
        document = page_class(job.element_css)(job.html, fetcher).render(
            font_config=self._fonts, stylesheets=[self._sheet(job)], pdf_variant="pdf/a-3a"
        )
        document.metadata.attachments = [
            Embedded(
                string=item.data,
                name=item.name,
                description=item.description,
                created=item.created,
                modified=item.created,
                relationship="Data",
                url_fetcher=fetcher,
            )
            for item in job.attachments
        ]
        claim_both_standards(document.metadata)
        with light_compression():
            pdf: bytes = document.write_pdf(pdf_variant="pdf/a-3a", finisher=Finisher(job))
        return pdf

    def _sheet(self, job: RenderJob) -> Any:
        from weasyprint import CSS

        from ledger.letters.fetcher import MemoryFetcher

        key = (job.language, job.page_css, job.base_css)
        if key not in self._sheets:
            if len(self._sheets) >= MAX_SHEETS:
                self._sheets.clear()
            self._sheets[key] = CSS(
                string=job.base_css + job.page_css, font_config=self._fonts, url_fetcher=MemoryFetcher({})
            )
        return self._sheets[key]
