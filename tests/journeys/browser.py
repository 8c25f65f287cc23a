"""A real server on a free port of this machine, and a real Chromium in front of it.

Use the fixtures by putting this line in a room's conftest.py, beside the cast's::

    from tests.journeys.browser import *  # noqa: F403

``house`` is the cast behind a running server; ``reader`` opens pages in it::

    @pytest.mark.browser
    def test_the_front_page(house, reader):
        page = reader.open("/")                      # 1280 wide, light
        reader.check(page)                           # axe finds nothing; no sideways scrolling; no script errors
        phone = reader.open("/", width=390, dark=True, who="bob", scripts=False)
"""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from ledger.records import tasks
from ledger.settings import load_settings
from tests.cast import Cast, Clock, open_cast

__all__ = ["House", "Reader", "chromium", "house", "reader", "served_template"]

_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
_RUNNING: list[Browser] = []
_SERVE = "from ledger.app import serve; from ledger.settings import load_settings; serve(load_settings())"
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class RealClock(Clock):
    """The time as it is, for a server in another process has no other."""

    def __init__(self) -> None:
        super().__init__(datetime.now(UTC))

    def __call__(self) -> datetime:
        return datetime.now(UTC)


@dataclass
class House:
    """The cast, and where its server answers."""

    cast: Cast
    url: str


@dataclass
class Reader:
    """Somebody at a browser. Every context it opens is closed with the test."""

    browser: Browser
    house: House
    contexts: list[BrowserContext] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(
        self,
        path: str,
        *,
        width: int = 1280,
        dark: bool = False,
        scripts: bool = True,
        who: str | None = None,
    ) -> Page:
        """A page in a browser of its own; ``who`` is one of the staff, already signed in."""
        context = self.browser.new_context(
            base_url=self.house.url,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
        )
        self.contexts.append(context)
        if who is not None:
            token = self.house.cast.token(who)
            context.add_cookies([{"name": "ledger", "value": token, "url": self.house.url, "httpOnly": True}])
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda message: self._heard(message.type, message.text))
        page.goto(path)
        return page

    def _heard(self, kind: str, text: str) -> None:
        # A refused form answers 422 or 403 on purpose, and Chromium reports that as an error.
        if kind == "error" and "the server responded with a status" not in text:
            self.complaints.append(text)

    def check(self, page: Page) -> None:
        """Fail on anything axe finds, on sideways scrolling, and on any script or policy error so far."""
        found = Axe().run(page, options={"runOnly": {"type": "tag", "values": _TAGS}})
        lines = [
            f"{page.url} {rule['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:300]}"
            for rule in found.response["violations"]
            for node in rule["nodes"]
        ]
        assert not lines, "\n".join(lines)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{page.url} scrolls sideways by {wide} px"
        assert not self.complaints, self.complaints

    def close(self) -> None:
        for context in self.contexts:
            context.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One headless Chromium for the whole run."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("No Chromium here: apt-get install chromium (or make test, which does).")
    if _RUNNING:  # rooms that import this fixture share the one browser
        yield _RUNNING[0]
        return
    with sync_playwright() as playwright:
        _RUNNING.append(playwright.chromium.launch(executable_path=path, args=_FLAGS))
        yield _RUNNING[0]
        _RUNNING.pop().close()


@pytest.fixture(scope="session")
def served_template(cast_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cast's data folder with the job engine's tables in it."""
    folder = tmp_path_factory.mktemp("served") / "house"
    shutil.copytree(cast_template, folder)
    tasks.prepare(load_settings({}, data=folder).database_url)
    return folder


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, served_template: Path) -> Iterator[House]:
    """The cast behind a running server: one for each file of journeys, since starting it takes seconds."""
    folder = tmp_path_factory.mktemp("journey") / "house"
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    cast = open_cast(folder, served_template, RealClock(), base_url=url, port=port)
    process = start_server(cast.settings.data, port)
    try:
        wait_for(port, process)
        yield House(cast, url)
    finally:
        process.terminate()
        process.wait(timeout=60)
        cast.desk.database.close()


@pytest.fixture
def reader(house: House, chromium: Browser) -> Iterator[Reader]:
    """A browser in front of ``house``."""
    opened = Reader(chromium, house)
    yield opened
    opened.close()


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def start_server(data: Path, port: int, **environment: str) -> subprocess.Popen[Any]:
    """The product's own server over a data folder, in a process of its own."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("LEDGER_")}
    return subprocess.Popen(
        [sys.executable, "-c", _SERVE],
        env={**own, "LEDGER_DATA": str(data), "LEDGER_PORT": str(port), **environment},
        stdout=(data / "server.log").open("ab"),
        stderr=subprocess.STDOUT,
    )


def wait_for(port: int, process: subprocess.Popen[Any], seconds: float = 90) -> None:
    """Until the server takes connections; fails with its exit code if it ends instead."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert process.poll() is None, f"the server ended with {process.returncode}"
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("the server does not answer")
