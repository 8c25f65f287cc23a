"""Which language a page is answered in: the reader's choice, the matter's, the browser's, English."""

import re

import pytest
from litestar.testing import TestClient

from ledger.app import create_app
from ledger.web.tongues import LANGUAGES
from tests.cast import open_cast
from tests.web.browsing import Visitor


@pytest.fixture(scope="module")
def client(cast_template, tmp_path_factory):
    cast = open_cast(tmp_path_factory.mktemp("languages") / "house", cast_template)
    with TestClient(
        create_app(cast.settings, cast.desk, cast.enqueue), base_url=cast.settings.base_url
    ) as opened:
        yield opened
    cast.desk.database.close()


@pytest.fixture
def visitor(client):
    client.cookies.clear()
    return Visitor(client)


def language_of(page):
    return re.search(r'<html lang="([^"]+)" dir="(ltr|rtl)">', page.text).groups()


def get(visitor, path, accepted="", **more):
    return visitor.get(path, headers={"accept": "text/html", "accept-language": accepted, **more})


@pytest.mark.parametrize(
    ("accepted", "spoken"),
    [
        ("", "en"),
        ("fi", "en"),
        ("fr-CA,fr;q=0.9,en;q=0.8", "fr"),
        ("fi, de;q=0.3, ru;q=0.7", "ru"),
        ("zh-CN", "zh-Hans"),
        ("ar;q=0, es", "es"),
        ("en-GB, fr;q=0.9", "en"),
        ("fr;q=high, de", "de"),
        ("*", "en"),
        (",".join(["fi"] * 5_000 + ["fr"]), "en"),
    ],
)
def test_the_browsers_wish_is_heard(visitor, accepted, spoken):
    assert language_of(get(visitor, "/verify", accepted)) == (spoken, "rtl" if spoken == "ar" else "ltr")


def test_a_choice_holds_for_what_follows_and_comes_first(visitor):
    page = get(visitor, "/verify?number=X-1&lang=ar", "fr")
    assert language_of(page) == ("ar", "rtl")
    assert {each.strip() for each in page.headers["vary"].split(",")} >= {"Accept-Language", "Cookie"}
    cookie = page.headers["set-cookie"]
    assert cookie.startswith("ledger-language=ar;")
    assert "SameSite=lax" in cookie
    assert language_of(get(visitor, "/verify", "fr")) == ("ar", "rtl")
    assert "set-cookie" not in get(visitor, "/verify").headers
    assert language_of(get(visitor, "/verify?lang=de")) == ("de", "ltr")


@pytest.mark.parametrize("nonsense", ["tlh", "", "..%2F", "fr%0D%0A", "EN"])
def test_a_language_that_is_none_of_ours_changes_nothing(visitor, nonsense):
    page = get(visitor, f"/verify?lang={nonsense}", "fr")
    assert language_of(page)[0] == "fr"
    assert "set-cookie" not in page.headers
    visitor.plant("ledger-language", "tlh")
    assert language_of(get(visitor, "/verify"))[0] == "en"


def test_the_foot_leads_to_the_same_page_in_each_language(visitor):
    page = get(visitor, "/verify?number=A%26B&lang=ru").text
    foot = re.search(r'<nav class="tongues".*?</nav>', page, re.DOTALL)[0]
    found = re.findall(r'<a href="([^"]+)" lang="([^"]+)"[^>]*>([^<]+)</a>', foot)
    assert [(tag, name) for _, tag, name in found] == list(LANGUAGES.items())
    assert found[1][0] == "?number=A%26B&amp;lang=fr"
    assert re.findall(r'lang="([^"]+)"[^>]*aria-current', foot) == ["ru"]


def test_a_page_that_is_not_translated_stays_english_and_says_so(visitor):
    page = get(visitor, "/help?lang=fr", "fr")
    assert language_of(page) == ("en", "ltr")
    assert "tongues" not in page.text
    assert "vary" not in page.headers
