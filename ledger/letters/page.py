"""WeasyPrint's HTML with our own short sheet of elements."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from weasyprint import CSS, HTML

from ledger.letters.fetcher import MemoryFetcher


@lru_cache(maxsize=4)
def page_class(element_css: str) -> Any:
    """A subclass of HTML that starts from ``element_css``.

    ``_ua_stylesheets`` is private to WeasyPrint, whose major version is pinned; should it go, letters only get slower.
    """
    sheet = CSS(string=element_css, url_fetcher=MemoryFetcher({}))

    class Page(HTML):  # type: ignore[misc]
        def _ua_stylesheets(self, forms: bool = False) -> list[Any]:
            return [sheet]

    return Page
