"""The normal form is the lookup key of the register: alike addresses meet, unlike ones do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.intake.urls import NotAWebAddress, host_of, normalise_url, resolve, url_key

SAME = [
    ("http://www.harbour.example/tides/", "https://harbour.example/tides"),
    ("HTTPS://Harbour.Example:443/tides#top", "https://harbour.example/tides"),
    ("http://harbour.example:80/tides", "https://harbour.example/tides"),
    ("harbour.example/tides", "https://harbour.example/tides"),
    ("harbour.example:8080/tides", "https://harbour.example:8080/tides"),
    ("//harbour.example/tides", "https://harbour.example/tides"),
    ("  https://harbour.example/tides\n", "https://harbour.example/tides"),
    ("https://harbour.example", "https://harbour.example/"),
    ("https://harbour.example./", "https://harbour.example/"),
    ("https://www.www.harbour.example/", "https://harbour.example/"),
    ("https://harbour.example/a/../b/./c", "https://harbour.example/b/c"),
    ("https://harbour.example/?p=12&utm_source=mail&fbclid=x", "https://harbour.example/?p=12"),
    ("https://harbour.example/a?b=2&a=1", "https://harbour.example/a?a=1&b=2"),
    ("https://harbour.example/a?", "https://harbour.example/a"),
    ("https://harbour.example/a?q=two%20words", "https://harbour.example/a?q=two+words"),
    ("https://harbour.example/%7efinn/%c3%a9t%c3%a9", "https://harbour.example/~finn/%C3%A9t%C3%A9"),
    ("https://harbour.example/été", "https://harbour.example/%C3%A9t%C3%A9"),
    ("https://möwe.example/", "https://xn--mwe-sna.example/"),
    ("https://finn:secret@harbour.example/a", "https://harbour.example/a"),
    ("https://harbour.example/a;jsessionid=77AF?x=1", "https://harbour.example/a?x=1"),
    ("https://harbour.example/a?UTM_Medium=x", "https://harbour.example/a"),
]

DIFFERENT = [
    ("https://harbour.example/Tides", "https://harbour.example/tides"),
    ("https://harbour.example/?p=1", "https://harbour.example/?p=2"),
    ("https://harbour.example/a", "https://news.harbour.example/a"),
    ("https://harbour.example:8080/a", "https://harbour.example/a"),
    ("https://harbour.example/a%2Fb", "https://harbour.example/a/b"),
]


@pytest.mark.parametrize(("given_url", "expected"), SAME)
def test_the_normal_form(given_url: str, expected: str) -> None:
    assert normalise_url(given_url) == expected
    assert url_key(given_url) == url_key(expected)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_pages_keep_different_keys(one: str, other: str) -> None:
    assert normalise_url(one) != normalise_url(other)
    assert url_key(one) != url_key(other)


@pytest.mark.parametrize(
    "text", ["", "   ", "mailto:finn@harbour.example", "javascript:alert(1)", "https://", "ftp://a.example/",
             "http://[::1", "https://a b.example/", "file:///etc/passwd", "https://x.example/" + "a" * 9000]
)  # fmt: skip
def test_what_is_no_web_address_is_refused(text: str) -> None:
    with pytest.raises(NotAWebAddress) as refused:
        normalise_url(text)
    assert "\n" not in str(refused.value)


def test_the_key_fits_a_signed_64_bit_column_and_never_changes() -> None:
    assert url_key("https://harbour.example/tides") == 192885189109597719
    keys = {url_key(f"https://harbour.example/{n}") for n in range(500)}
    assert len(keys) == 500
    assert all(-(2**63) <= key < 2**63 for key in keys)
    assert min(keys) < 0 < max(keys)


@pytest.mark.parametrize(
    "dead", ["#", "#note-3", "", None, "javascript:void(0)", "mailto:a@b.example", "tel:1"]
)
def test_a_dead_anchor_resolves_to_nothing(dead: str | None) -> None:
    assert resolve("https://harbour.example/a", dead) is None


def test_relative_links_resolve_against_the_page() -> None:
    assert resolve("https://harbour.example/a/b", "../c") == "https://harbour.example/c"
    assert resolve(None, "https://x.example/a") == "https://x.example/a"
    assert resolve(None, "/a") is None


def test_host_of() -> None:
    assert host_of("http://www.harbour.example/a") == "harbour.example"
    assert host_of("nonsense:") is None


@given(st.text())
def test_any_text_gives_a_key_or_a_refusal(text: str) -> None:
    try:
        once = normalise_url(text)
    except NotAWebAddress:
        return
    assert normalise_url(once) == once


_PIECES = st.text(alphabet="aA%2f5eE.~;=&+ /?#@:é\\wW", max_size=25)


@given(_PIECES, _PIECES)
def test_normal_form_is_stable(path: str, query: str) -> None:
    try:
        once = normalise_url(f"http://www.harbour.example/{path}?{query}")
    except NotAWebAddress:
        return
    assert normalise_url(once) == once
    assert url_key(once) == url_key(f"http://www.harbour.example/{path}?{query}")
