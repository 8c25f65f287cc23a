"""Every part of the pages on one page, rendered by the real macros."""

import functools
import http.server
import threading
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from ledger.web.assets import STATIC
from tests.journeys.browser import chromium  # noqa: F401
from tests.web.kitchen import CLAUSE, render


def test_an_answer_shows_reasons_in_order_with_their_clause() -> None:
    text = render()
    first, second = (
        text.index("do not reach this text"),
        text.index("Nothing that Meridian Wire has published"),
    )
    assert first < text.index(CLAUSE.splitlines()[0]) < second


def test_required_and_recommended_conditions_are_told_apart() -> None:
    text = render()
    required, recommended = text.index("<h4>Required</h4>"), text.index("<h4>Recommended, not required</h4>")
    assert required < text.index("Link to the original article.") < recommended
    assert recommended < text.index("Show the publisher&#39;s logo.")


def test_a_wrong_field_is_tied_to_its_error_and_to_the_summary() -> None:
    text = render()
    assert '<a href="#f-email">Write the address as name@example.org.</a>' in text
    assert 'aria-describedby="f-email-hint f-email-error" aria-invalid="true"' in text
    assert 'value="alice at fenwick"' in text


def test_outcomes_are_told_by_word_and_shape() -> None:
    text = render()
    for words in ("Permitted", "Ask first", "Not permitted", "No permission needed"):
        assert f"</svg>{words}</span>" in text


@pytest.fixture
def sink(tmp_path: Path) -> "http.server.ThreadingHTTPServer":
    (tmp_path / "static").mkdir()
    for file in STATIC.glob("*.*"):
        (tmp_path / "static" / file.name).write_bytes(file.read_bytes())
    (tmp_path / "index.html").write_text(render())
    handler = functools.partial(_Quiet, directory=str(tmp_path))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server  # type: ignore[misc]
    server.shutdown()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [390, 1280])
def test_every_part_is_accessible_and_fits(
    sink: http.server.ThreadingHTTPServer,
    chromium: Browser,
    width: int,
    dark: bool,
) -> None:
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light"
    )
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{sink.server_port}/index.html")
    found = Axe().run(page)
    assert not found.response["violations"], found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
