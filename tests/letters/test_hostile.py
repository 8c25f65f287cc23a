"""Hostile input: refused or rendered within limits; no network, no file, no hang."""

import contextlib
import os
import signal
import socket
import struct
import threading
import time
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.letters.clean import (
    BIDI_CONTROLS,
    MAX_FIELD,
    MAX_MARKS,
    MAX_TOKEN,
    UnprintableText,
    clean_letter,
    clean_text,
    require_printable,
)
from ledger.letters.engine import LettersUnavailable, check_harfbuzz_subset
from ledger.letters.images import BadImage, check_image
from ledger.letters.markup import element_css
from ledger.letters.model import Image, Layout, Letterhead, Section
from ledger.letters.pool import WALL_SECONDS, RenderFailed, RenderPool
from ledger.letters.render import render_job, render_letter
from ledger.letters.render_job import RenderJob
from tests.letters import samples


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0))
    + _chunk(b"IDAT", zlib.compress((b"\0" + b"\x20\x40\x60" * 2) * 2))
    + _chunk(b"IEND", b"")
)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z" fill="#123"/></svg>'


def raw_job(body: str) -> RenderJob:
    page = f"<!DOCTYPE html><html lang=en><title>t</title>{body}</html>"
    return RenderJob(page, "en", "", "", element_css(), samples.ISSUED, "Signature")


@given(st.text(max_size=600))
def test_cleaned_text_holds_no_controls_and_cleaning_twice_changes_nothing(text: str) -> None:
    cleaned = clean_text(text)
    assert not set(cleaned) & BIDI_CONTROLS
    assert all(char >= " " for char in cleaned)
    assert clean_text(cleaned) == cleaned


def test_caps_on_fields_tokens_and_marks() -> None:
    assert len(clean_text("word " * 10_000)) <= MAX_FIELD
    assert max(len(token) for token in clean_text("x" * 5_000).split()) <= MAX_TOKEN
    assert len(clean_text("q" + "\u0323" * 1_000)) <= 1 + MAX_MARKS
    assert clean_text("1\u202e000\u2069\x00 \x07copies\r\nnow") == "1000 copies now"
    assert clean_text("1\u202f234\u00a0€") == "1\u202f234\u00a0€"


@pytest.mark.parametrize("title", ["x" * 100_000, "a" + "\u0301" * 100_000, "\u202e\u2066abc\x00" * 5_000])
def test_long_words_marks_and_controls_are_rendered_within_the_limit(title: str, pool: RenderPool) -> None:
    pdf = render_letter(samples.plain_letter(title=title), attachments=[], pool=pool)
    assert pdf.startswith(b"%PDF-1.7")


def test_too_many_clauses_and_too_much_text_are_refused_before_layout() -> None:
    def listed(count: int, text: str) -> tuple[Section, ...]:
        return (Section("c", "C", Layout.LIST, tuple(samples.clause(f"c{n}", text) for n in range(count))),)

    with pytest.raises(UnprintableText, match="at most 400 clauses"):
        clean_letter(samples.plain_letter(sections=listed(5_000, "w")))
    with pytest.raises(UnprintableText, match="at most 60,000"):
        clean_letter(samples.plain_letter(sections=listed(300, "word " * 100)))


def test_characters_no_font_can_print_are_refused_by_name() -> None:
    with pytest.raises(UnprintableText, match=r"subject: .*U\+1F525.*transliterated"):
        clean_letter(samples.plain_letter(title="Fire 🔥"))
    assert require_printable("title", "Ünï 许可證 إذن Ελλη Кир") == "Ünï 许可證 إذن Ελλη Кир"


SLOW = {
    "a word of 100,000 letters": "<p style='overflow-wrap:anywhere'>" + "x" * 100_000,
    "a cell over 100,000 columns": "<table><tr><td colspan=100000>a</table>",
    "flex within flex": "<div style='display:flex'>" * 12 + "a",
}


@pytest.mark.parametrize("seconds", [1.5, pytest.param(WALL_SECONDS, marks=pytest.mark.long)])
@pytest.mark.parametrize("name", SLOW)
def test_markup_that_would_take_for_ever_is_cut_off_and_the_pool_goes_on(name: str, seconds: float) -> None:
    with RenderPool(1, wall_seconds=seconds) as small:
        small.render(raw_job("<p>warm"))
        started = time.monotonic()
        with pytest.raises(RenderFailed) as failure:
            small.render(raw_job(SLOW[name]))
        assert failure.value.reason in ("timeout", "crash", "refused")
        assert time.monotonic() - started < seconds + 7
        assert small.render(raw_job("<p>after")).startswith(b"%PDF")


@pytest.mark.parametrize("depth", [500, 3_000])
def test_deep_nesting_is_survived(depth: int, pool: RenderPool) -> None:
    with pytest.raises(RenderFailed):
        pool.render(raw_job("<div>" * depth + "a"))
    assert pool.render(raw_job("<p>after")).startswith(b"%PDF")


FETCHES = {
    "picture": "<img src='{url}'>",
    "background": "<style>p{{background:url({url})}}</style><p>a",
    "font": "<style>@font-face{{font-family:x;src:url({url})}}p{{font-family:x}}</style><p>a",
    "import": "<style>@import url({url});</style><p>a",
    "sheet": "<link rel=stylesheet href='{url}'><p>a",
    "inline picture": "<svg xmlns='http://www.w3.org/2000/svg'><title>t</title><image href='{url}'/></svg>",
}


@pytest.mark.parametrize("way", FETCHES)
def test_nothing_is_fetched_from_network_or_disk(way: str, pool: RenderPool, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET-WORD")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.3)
        port = server.getsockname()[1]
        for url in (f"http://127.0.0.1:{port}/x", secret.as_uri(), "data:image/png;base64,AAAA"):
            _quietly(lambda url=url: _must_not_hold(b"SECRET-WORD", pool, FETCHES[way].format(url=url)))
        with pytest.raises(TimeoutError):
            server.accept()


def test_a_killed_renderer_is_replaced(pool: RenderPool) -> None:
    with RenderPool(1) as own:
        own.render(raw_job("<p>a"))
        (worker,) = own._live
        os.kill(worker.process.pid, signal.SIGKILL)
        with pytest.raises(RenderFailed) as failure:
            own.render(raw_job("<p>b"))
        assert failure.value.reason == "crash"
        assert own.render(raw_job("<p>c")).startswith(b"%PDF")


def test_renderers_are_reused_and_a_full_pool_says_so() -> None:
    with RenderPool(1, wall_seconds=4) as own:
        own.render(raw_job("<p>a"))
        first = set(own._live)
        own.render(raw_job("<p>b"))
        assert set(own._live) == first
        busy = threading.Thread(
            target=_quietly, args=(lambda: own.render(raw_job(SLOW["flex within flex"])),)
        )
        busy.start()
        time.sleep(0.3)
        with pytest.raises(RenderFailed) as failure:
            own.render(raw_job("<p>c"), wait_seconds=0.1)
        assert failure.value.reason == "busy"
        busy.join()


def _quietly(act: Callable[[], object]) -> None:
    with contextlib.suppress(RenderFailed):
        act()


def _must_not_hold(secret: bytes, pool: RenderPool, body: str) -> None:
    assert secret not in pool.render(raw_job(body))


def test_a_worker_cannot_write_or_connect() -> None:
    from ledger.letters.renderer import refuse_side_effects

    for event, arguments in (
        ("socket.connect", (None, ("127.0.0.1", 1))),
        ("subprocess.Popen", ("ls",)),
        ("open", ("/tmp/x", "w", 0)),
        ("open", ("/tmp/x", None, os.O_WRONLY)),
    ):
        with pytest.raises(PermissionError):
            refuse_side_effects(event, arguments)
    refuse_side_effects("open", ("/tmp/x", "rb", os.O_RDONLY))


def test_letters_are_refused_with_the_remedy_where_the_subsetter_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import ctypes

    def absent(name: str) -> None:
        raise OSError(name)

    monkeypatch.setattr(ctypes, "CDLL", absent)
    with pytest.raises(LettersUnavailable, match="apt install libharfbuzz-subset0"):
        check_harfbuzz_subset()
    with pytest.raises(LettersUnavailable):
        RenderPool(1)


def test_good_pictures_are_carried(pool: RenderPool) -> None:
    publisher = samples.plain_letter().letterhead.publisher
    for data in (PNG, SVG):
        letter = replace(samples.plain_letter(), letterhead=Letterhead(publisher, logo=check_image(data)))
        assert render_letter(letter, attachments=[], pool=pool).startswith(b"%PDF")


BAD_PICTURES = {
    "another kind": b"GIF89a",
    "cut short": PNG[:-9],
    "flipped": PNG[:40] + bytes([PNG[40] ^ 1]) + PNG[41:],
    "trailing bytes": PNG + b"<?php",
    "script": SVG.replace(b"<path", b"<script>1</script><path"),
    "event": SVG.replace(b"<path", b'<path onload="x()"'),
    "reference": SVG.replace(b"<path", b'<path style="fill:url(http://x.example/)"'),
    "link": SVG.replace(b"<path", b'<path href="file:///etc/passwd"'),
    "embedded picture": SVG.replace(b"<path", b"<image/><path"),
    "entity": b'<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG,
    "other encoding": b'<?xml version="1.0" encoding="utf-7"?>' + SVG,
    "too deep": SVG.replace(b"<path", b"<g>" * 50 + b"<path", 1).replace(b"</svg>", b"</g>" * 50 + b"</svg>"),
    "too large": b"\x89PNG\r\n\x1a\n" + b"0" * 1_000_001,
}


@pytest.mark.parametrize("name", BAD_PICTURES)
def test_bad_pictures_are_refused(name: str) -> None:
    with pytest.raises(BadImage):
        check_image(BAD_PICTURES[name])
    letterhead = replace(samples.plain_letter().letterhead, logo=Image(BAD_PICTURES[name], "image/png"))
    with pytest.raises(BadImage):
        render_job(samples.plain_letter(letterhead=letterhead))
