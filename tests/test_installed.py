"""The wheel, installed into an environment of its own and used far from the checkout."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = "ledger/cli/demo_pages/the-signal-house.html"
USE = {"action": "republish_full", "channel": "community_site", "is_commercial": False}
WEB = """
import sys
from pathlib import Path
from litestar.testing import TestClient
import ledger
from ledger.app import create_app
from ledger.settings import load_settings
with TestClient(create_app(load_settings(data=sys.argv[1]))) as reader:
    for address in ("/", "/find?q=signal", "/static/base.css", sys.argv[2]):
        answer = reader.get(address)
        assert answer.status_code == 200 and answer.content, (address, answer.status_code, answer.text)
print(Path(ledger.__file__).parent)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel of this checkout, built without a network: its builder is a development package."""
    if find_spec("hatchling") is None:
        pytest.skip("hatchling, which builds the wheel, is not installed: make test installs it")
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    [file] = folder.glob("*.whl")
    return file


def tracked(*folders):
    """The files under version control that are there."""
    command = ["git", "ls-files", "-z", "--", *folders]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not a checkout: there is no list of files to compare the wheel with")
    return {name for name in listed.stdout.split("\0") if (ROOT / name).is_file()}


def test_the_wheel_carries_every_file_of_the_program(wheel):
    inside = set(zipfile.ZipFile(wheel).namelist())
    shipped = {
        name if name.startswith("ledger/") else f"ledger/{name}"
        for name in tracked("ledger", "templates", "migrations")
    }
    assert shipped - inside == set()
    for needed in (
        "ledger/templates/base.html",
        "ledger/migrations/env.py",
        "ledger/letters/fonts/LedgerSerif-Regular.ttf",
        "ledger/letters/fonts/fonts.conf",
        PAGE,
    ):
        assert needed in inside


def test_the_wheel_carries_nothing_but_the_program(wheel):
    inside = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert {name.split("/")[0] for name in inside} == {"ledger"}
    leftovers = {
        name for name in inside if "__pycache__" in name or name.endswith((".pyc", ".db", ".orig", "~"))
    }
    assert leftovers == set()


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Runs a program of an environment that has the wheel; the packages it needs are lent by this one."""
    away = tmp_path_factory.mktemp("elsewhere")
    home = away / "environment"
    venv.create(home, symlinks=True, with_pip=False)
    [site] = home.glob("lib/python*/site-packages")
    uv = shutil.which("uv") or shutil.which(str(ROOT / ".tools/bin/uv"))
    if uv is None:
        pytest.skip("uv, which installs the wheel, is not on PATH and not in .tools/bin: make test brings it")
    command = [uv, "pip", "install", "--quiet", "--offline", "--no-deps", "--python", str(home), str(wheel)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    # A line of a .pth file puts a folder on the path without reading that folder's own .pth files, one of which
    # leads to this checkout.
    (site / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("LEDGER_", "PYTHON"))
    }

    def run(*words, given=None):
        done = subprocess.run(
            [home / "bin" / words[0], *words[1:]],
            cwd=away,
            env=environment,
            input=given,
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    run.away, run.site = away, site
    return run


def test_the_installed_program_registers_a_page_and_answers(installed):
    data = installed.away / "register"
    installed("ledger", "--data", data, "migrate")
    page = installed.site / PAGE
    said = installed("ledger", "--data", data, "register", page, "--publisher", "harbour-review", "--yes")
    piece = said.strip().splitlines()[-1]
    command = ("ledger", "--data", data, "answer", piece, "--use", "-", "--json")
    answer = json.loads(installed(*command, given=json.dumps(USE)))
    assert answer["components"]
    where = installed("python", "-c", WEB, data, f"/pieces/{piece}").strip()
    assert where == str(installed.site / "ledger")  # and not the checkout


def test_the_installed_program_issues_letters(installed):
    data = installed.away / "demo"
    said = installed("ledger", "--data", data, "demo", "--no-serve")
    assert "entries: holds" in said
    assert "carried claiming a legal exception" in said
    letters = [file for file in data.rglob("*") if file.is_file() and file.read_bytes()[:5] == b"%PDF-"]
    assert len(letters) >= 4
