"""Bad, broken and malicious input: one clear line or a record, never another error, never a long wait."""

# ruff: noqa: E501 - markup is read by the row

import contextlib
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ledger.intake import Draft, UnreadablePage, read
from ledger.intake.page import squeeze

REFUSED = [
    (b"", "empty"),
    (b" \n\t ", "empty"),
    (b"\xef\xbb\xbf", "empty"),
    (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
    (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "PNG"),
    (b"\xff\xd8\xff\xe0" + b"\0" * 50, "JPEG"),
    (b"GIF89a", "GIF"),
    (b"PK\x03\x04" + b"\0" * 30, "ZIP"),
    (b"\x7fELF\x02\x01\x01" + b"\0" * 90, "program"),
    (bytes(range(256)) * 40, "binary"),
    (b"\x00\x01\x02\x03" * 1000, "binary"),
    (b"<p>x</p>" * 7_000_000, "50 MB"),
    (b"<html><body><script>app()</script></body></html>", "no text"),
    ("Прилив".encode("utf-16-le")[1:] * 200, ""),
]


@pytest.mark.parametrize(("data", "says"), REFUSED, ids=range(len(REFUSED)))
def test_what_is_no_page_is_refused_in_one_line(data: bytes, says: str) -> None:
    with pytest.raises(UnreadablePage) as refused:
        read(data)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_declared_image_is_refused_whatever_its_bytes() -> None:
    with pytest.raises(UnreadablePage, match="image/png"):
        read(b"<p>words</p>", content_type="image/png")


@pytest.mark.parametrize(
    "charset",
    ["undefined", "punycode", "idna", "unicode_escape", "raw_unicode_escape", "utf-7", "base64", "zlib"],
)
@pytest.mark.parametrize("kind", ["text/html", "text/plain"])
def test_a_charset_that_no_page_is_written_in_is_passed_over(charset: str, kind: str) -> None:
    page = (
        f"<html><head><meta charset={charset}></head><body><p>High tide at noon \\ud800 ü</p></body></html>"
    )
    draft = read(page.encode(), content_type=f"{kind}; charset={charset}")
    assert "High tide at noon \\ud800 ü" in draft.text


LEGACY = [
    ("Прилив пришёл до пяти часов, и лодки поднялись вместе с ним. " * 5, "cp1251", "Прилив пришёл"),
    ("Прилив пришёл до пяти часов, и лодки поднялись вместе с ним. " * 5, "koi8-r", "Прилив пришёл"),
    (
        "La marée est montée à l’aube, déjà très haute près du quai où l’été s’achève. " * 4,
        "cp1252",
        "La marée",
    ),
    (
        "Woda przyszła przed piątą i łodzie podniosły się razem z nią. " * 5,
        "iso-8859-2",
        "Woda przyszła przed piątą",
    ),
    ("The tide came in — early. " * 5, "utf-16", "The tide came in — early"),
    ("潮は五時前に満ち、船は次々に浮かび上がった。" * 8, "shift_jis", "潮は五時前"),
]


@pytest.mark.parametrize(("text", "charset", "begins"), LEGACY, ids=[row[1] for row in LEGACY])
@pytest.mark.parametrize("declared", [True, False])
def test_legacy_charsets_are_read(text: str, charset: str, begins: str, declared: bool) -> None:
    meta = f'<meta charset="{charset}">' if declared else ""
    page = f"<html><head>{meta}<title>x</title></head><body><p>{text}</p></body></html>".encode(charset)
    assert read(page).text.startswith(begins)


def test_a_few_bad_bytes_do_not_lose_a_utf8_page() -> None:
    page = "<p>La marée est montée à l’aube, déjà très haute. ".encode() * 3 + b"\xff</p>"
    assert "déjà très haute" in read(page).text


HUGE = {
    "deep": b"<div>" * 300_000 + b"water",
    "deep and closed": b"<div>" * 100_000 + b"water" + b"</div>" * 100_000,
    "formatting bomb": b"<div>"
    + b"".join(b"<b x=%d>" % n for n in range(20_000))
    + b"</div>"
    + b"<p>water</p>" * 20_000,
    "attributes": b"<p>water<a " + b" ".join(b"x%d" % n for n in range(300_000)) + b">y</a>",
    "one attribute": b"<p title='" + b"y" * 20_000_000 + b"'>water</p>",
    "unclosed tables": b"<table>water" * 60_000,
    "unclosed anchors": b"<a href=x><p>water" * 60_000,
    "unclosed quotes": b"<a href='water" * 60_000 + b"' >water",
    "comments": b"<p>water<!--" * 100_000,
    "many tags": b"<p>water</p>" * 500_000,
    "brackets": b"water [" * 200_000,
    "anchors in text": b"water [x](#" * 100_000,
    "stars": b"water\n\n" + b"*" * 300_000 + b"x",
    "dashes": b"water " + b"- " * 300_000,
    "blanks": b"water" + b" " * 1_000_000 + b"x",
    "signs": b"water " + "© ".encode() * 100_000,
    "copyright": b"Copyright " * 100_000,
    "addresses": b"water a@b." * 100_000,
    "dots": b"water." * 200_000,
    "json": b"<p>water</p><script type='application/ld+json'>" + b'{"@type":[' * 50_000 + b"</script>",
    "permit": b"You may republish this. " * 10_000,
    "one long permit": b"You may republish " + b"our story and " * 40_000,
    "digits": b"water " + b"1" * 500_000,
    "years": b"Copyright 2020 " + b"2021-" * 50_000,
    "capitals": b"Originally published in " + b"Harbour " * 60_000,
}


@pytest.mark.timeout(20)
@pytest.mark.parametrize("name", HUGE)
def test_outsize_markup_is_read_or_refused_and_never_hangs(name: str) -> None:
    """The limit is a guard against runaway growth, not a measurement: most of these take well under a second."""
    try:
        draft = read(HUGE[name])
    except UnreadablePage:
        return
    assert re.search(r"water|Copyright|republish|Originally|You may|\[…\]", draft.text)


def _check_spans(draft: Draft) -> None:
    for name, found in draft.evidence.items():
        assert 0 <= found.confidence <= 1, name
        assert found.extractor, name
        assert found.selector or (found.start is not None and found.end is not None), name
        if found.start is not None and found.end is not None:
            assert 0 <= found.start <= found.end <= len(draft.text), name
    for term in draft.terms:
        assert squeeze(draft.text[term.evidence.start : term.evidence.end]) == term.clause
        for condition in term.conditions:
            assert (condition.evidence.start or 0) < (condition.evidence.end or 0) <= len(draft.text)
    pairs = [("title", draft.title), ("subtitle", draft.subtitle), ("copyright", draft.copyright.notice),
             ("source.name", draft.source.name)]  # fmt: skip
    for name, value in pairs:
        found = draft.evidence.get(name)
        if value and found and found.start is not None:
            assert squeeze(value).lower() in squeeze(draft.text[found.start : found.end]).lower(), name
    for stretch in (draft.body, draft.preamble):
        assert stretch is None or 0 <= stretch[0] <= stretch[1] <= len(draft.text)


@given(st.binary(max_size=400))
def test_any_bytes_give_a_record_or_a_refusal(data: bytes) -> None:
    with contextlib.suppress(UnreadablePage):
        _check_spans(read(data))


_PIECES = st.sampled_from(
    ["<p>", "</p>", "<div class=byline>", "</div>", "<h1>", "</h1>", "<a href='#'>", "<a rel=license href='https://creativecommons.org/licenses/by/4.0/'>",
     "</a>", "<br>", "<hr>", "<footer>", "</footer>", "<figure>", "<figcaption>", "</figure>", "<li>", "\n", "\n\n", " ", "© ", "(c) ", "Copyright ",
     "2021", "2019-2022", "Harbour Review", "Mara Finn", "By ", "By Mara Finn and Jonas Vey\n", "All rights reserved. ", "You may republish this article ",
     "provided you credit the author ", "without permission. ", "For commercial use contact a@b.example. ", "Originally published by ", "Source: ",
     "[Meridian Wire](#) ", "5 March 2022", "March 06, 2022", "31.02.2022", "CC BY-SA 3.0 ", "fair use ", "copyright owner ", "&copy;", "<!--", "-->",
     "<time datetime='2020-01-02'>", "</time>", "*\n\n", "Photo: ", "«", "»", ".", "The Lantern will not be responsible. ", "\u202e", "\x00", "\U0001f642",
     "<script type='application/ld+json'>{\"@type\":\"Article\",\"author\":[1,null,{\"name\":2}],\"headline\":3}</script>",
     "<meta property='og:title' content='Tides'>", "<meta name=copyright content='© 2001'>", "<html lang='e'>", "мы", "Все права защищены"]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=40))
@example(
    [
        "<a rel=license href='https://creativecommons.org/licenses/by/4.0/'>",
        "© ",
        "<br>",
        "<a href='#'>",
        "<br>",
    ]
)
def test_any_arrangement_of_page_parts_is_read_and_its_spans_point_at_what_they_claim(
    parts: list[str],
) -> None:
    with contextlib.suppress(UnreadablePage):
        _check_spans(read("".join(parts).encode("utf-8", "replace"), url="https://harbour.example/a"))


def test_the_ends_of_a_very_long_page_are_read_and_the_gap_is_told() -> None:
    page = (
        b"<h1>Tides</h1><p>By Mara Finn</p>"
        + b"<p>water</p>" * 200_000
        + "<footer>© 2020 Harbour Review</footer>".encode()
    )
    draft = read(page)
    assert draft.copyright.holders == ("Harbour Review",)
    assert draft.title == "Tides"
    assert any("middle" in remark for remark in draft.remarks)
    _check_spans(draft)


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(UnreadablePage):
        _check_spans(read(text.encode("utf-8", "replace"), content_type="text/plain"))
