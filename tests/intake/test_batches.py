"""Feeds, sheets and exports: many drafts from one file; bombs and other kinds of file refused in one line."""

# ruff: noqa: E501 - markup is read by the row

import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.intake import UnreadablePage, read_csv, read_feed, read_wxr
from ledger.intake.draft import Author

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:cc="http://backend.userland.com/creativeCommonsRssModule"><channel><title>Harbour Review</title><link>https://harbour.example/</link>
<copyright>© 2022 Harbour Review</copyright>
<item><title>High &amp; dry</title><link>https://harbour.example/dry</link><dc:creator>Mara Finn</dc:creator>
<pubDate>Sun, 06 Mar 2022 08:00:00 +0000</pubDate><source url="https://meridian.example/feed">Meridian Wire</source>
<content:encoded><![CDATA[<p>The boats lay on the mud and waited for the water to come back in the night.</p>
<p>You may republish this article provided you credit the author.</p>]]></content:encoded></item>
<item><title>Second</title><link>/second</link></item></channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>The Lantern</title><entry><title>Fog</title>
<link href="https://lantern.example/fog"/><link rel="license" href="https://creativecommons.org/licenses/by/4.0/"/>
<author><name>Jonas Vey</name></author><published>2021-02-03T10:00:00Z</published><rights>© 2021 Jonas Vey</rights>
<summary>It came in at five.</summary></entry></feed>"""

WXR = """<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>Harbour Review</title>
<wp:wxr_version>1.2</wp:wxr_version><wp:author><wp:author_login>mf</wp:author_login><wp:author_display_name>Mara Finn</wp:author_display_name></wp:author>
<item><title>Nets</title><link>https://harbour.example/nets</link><dc:creator>mf</dc:creator><wp:post_date>2020-05-04 10:00:00</wp:post_date>
<wp:status>publish</wp:status><wp:post_type>post</wp:post_type><content:encoded><![CDATA[Nets are mended on the quay.

© 2020 Meridian Wire]]></content:encoded></item>
<item><title>Draft</title><wp:status>draft</wp:status><wp:post_type>post</wp:post_type></item></channel></rss>"""

BOMB = """<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>
<rss version="2.0"><channel><title>&c;</title></channel></rss>"""


def test_an_rss_feed() -> None:
    entries = read_feed(RSS.encode(), url="https://harbour.example/feed")
    assert [name for name, _ in entries] == [
        "https://harbour.example/dry",
        "https://harbour.example/second",
    ]
    draft = entries[0][1]
    assert draft.title == "High & dry"
    assert draft.authors == (Author("Mara Finn", "person"),)
    assert (draft.source.name, draft.source.url, draft.source.url_status) == (
        "Meridian Wire",
        "https://meridian.example/feed",
        "given",
    )
    assert (draft.republisher.name, draft.republisher.published) == ("Harbour Review", date(2022, 3, 6))
    assert (draft.copyright.holders, draft.copyright.year) == (("Harbour Review",), 2022)
    assert draft.terms[0].effect == "permit"
    assert draft.canonical_url == "https://harbour.example/dry"


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("Sun, 06 Mar 2022 23:30:00 -0500", date(2022, 3, 6)),  # the day it was where it was published
        ("Mon, 07 Mar 2022 00:30:00 +0900", date(2022, 3, 7)),
        ("7 Mar 2022 00:30 UT", date(2022, 3, 7)),
        ("Κυρ, 11 Ιούλ 2004 12:00:00 EET", date(2004, 7, 11)),  # Greek, which only the parser of feeds reads
        ("the other day", None),
    ],
)
def test_a_feed_gives_the_day_as_it_was_written(written: str, day: date | None) -> None:
    feed = RSS.replace("Sun, 06 Mar 2022 08:00:00 +0000", written)
    _, draft = read_feed(feed.encode(), url="https://harbour.example/feed")[0]
    assert draft.republisher.published == day


def test_an_atom_feed() -> None:
    ((name, draft),) = read_feed(ATOM.encode())
    assert name == "https://lantern.example/fog"
    assert draft.licence.id == "CC-BY-4.0"
    assert (draft.copyright.holders, draft.copyright.year) == (("Jonas Vey",), 2021)
    assert draft.republisher.published == date(2021, 2, 3)


def test_a_wordpress_export_gives_the_published_posts() -> None:
    ((name, draft),) = read_wxr(WXR.encode())
    assert name == "https://harbour.example/nets"
    assert draft.title == "Nets"
    assert draft.authors == (Author("Mara Finn", "person"),)
    assert draft.copyright.holders == ("Meridian Wire",)
    assert draft.republisher.published == date(2020, 5, 4)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_sheet(delimiter: str) -> None:
    rows = [
        ["Title", "Author", "URL", "Source", "Source URL", "Published", "Copyright", "Licence", "Extra"],
        ["Tides", "Mara Finn | The Lantern".replace(" | ", ";") if delimiter == "," else "Mara Finn", "https://harbour.example/t", "Meridian Wire",
         "https://meridian.example/t", "2022-03-06", "© 2021 Meridian Wire", "CC BY 4.0", "x"],
        ["", "", "", "", "", "", "", "", ""],
        ["Fog", "", "", "", "", "", "", "", ""],
    ]  # fmt: skip
    entries = read_csv("\n".join(delimiter.join(row) for row in rows).encode())
    assert [name for name, _ in entries] == ["https://harbour.example/t", "Fog"]
    draft = entries[0][1]
    assert draft.authors[0] == Author("Mara Finn", "person")
    assert (draft.source.url, draft.source.url_status) == ("https://meridian.example/t", "given")
    assert (draft.copyright.holders, draft.copyright.year) == (("Meridian Wire",), 2021)
    assert draft.licence.id == "CC-BY-4.0"
    assert draft.evidence["title"].selector == "row 2, column 1"
    assert entries[1][1].source.url_status is None


@pytest.mark.parametrize("reader", [read_feed, read_wxr])
def test_an_entity_bomb_is_refused(reader: object) -> None:
    with pytest.raises(UnreadablePage, match="entities"):
        reader(BOMB.encode())  # type: ignore[operator]


@pytest.mark.parametrize(
    ("reader", "data"),
    [
        (read_feed, b"<html><body>no feed</body></html>"),
        (read_feed, b""),
        (read_wxr, RSS.encode()),
        (read_wxr, b"<rss><channel>"),
        (read_csv, b"name,colour\nx,y\n"),
        (read_csv, b""),
        (read_csv, b'title\n"' + b"x" * 200_000),
    ],
)
def test_another_kind_of_file_is_refused_in_one_line(reader: object, data: bytes) -> None:
    with pytest.raises(UnreadablePage) as refused:
        reader(data)  # type: ignore[operator]
    assert "\n" not in str(refused.value)


@given(st.binary(max_size=200), st.sampled_from([read_feed, read_csv, read_wxr]))
def test_any_bytes_give_drafts_or_a_refusal(data: bytes, reader: object) -> None:
    for prefix in (b"", b"title,url\n", b"<rss version='2.0'><channel><item><title>"):
        with contextlib.suppress(UnreadablePage):
            reader(prefix + data)  # type: ignore[operator]
