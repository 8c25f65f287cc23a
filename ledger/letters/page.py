"""WeasyPrint's HTML with our own short sheet of elements, read as the XML that our template writes."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from xml.etree import ElementTree as ET

import cssselect2
from weasyprint import CSS, HTML

from ledger.letters.fetcher import MemoryFetcher


@lru_cache(maxsize=4)
def page_class(element_css: str) -> Any:
    """A subclass of HTML that starts from ``element_css``: ``Page(markup, fetcher)``.

    letter.html is XML as well as HTML, so that expat may read it: a twentieth of a letter's time less than the
    parser for whatever the web holds, which still reads what is not XML.

    ``_ua_stylesheets`` and the attributes set are private to WeasyPrint, whose major version is pinned.
    """
    sheet = CSS(string=element_css, url_fetcher=MemoryFetcher({}))

    class Page(HTML):  # type: ignore[misc]
        def __init__(self, markup: str, fetcher: MemoryFetcher) -> None:
            try:
                root = ET.fromstring(markup)  # noqa: S314  expat bounds entities, and a letter declares none
            except ET.ParseError:
                super().__init__(string=markup, url_fetcher=fetcher)
                return
            self.base_url, self.url_fetcher, self.media_type = None, fetcher, "print"
            self.wrapper_element = cssselect2.ElementWrapper.from_html_root(root, content_language=None)
            self.etree_element = self.wrapper_element.etree_element

        def _ua_stylesheets(self, forms: bool = False) -> list[Any]:
            return [sheet]

    return Page
