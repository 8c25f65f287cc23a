"""A page is registered, confirmed beside its evidence, assessed and claimed, in a real browser."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

from ledger.desk.register.registering import draft_piece, register_piece
from tests.journeys.browser import House, Reader

PAGES = Path(__file__).parents[2] / "ledger" / "cli" / "demo_pages"
GRAIN = (PAGES / "grain-ships.txt").read_text()


def _factors(reader: Reader, page: Page) -> None:
    for number, factor in enumerate(("Purpose and character", "Nature of the work", "Amount", "Effect on")):
        assert factor in page.locator("h1").inner_text()
        if number == 0:  # first without an answer: told beside the field
            page.get_by_role("button", name="Go on", exact=True).click()
            assert "Say how you find this factor" in page.locator(".error-summary").inner_text()
            reader.check(page)
        page.get_by_label("It weighs against the use").check()
        page.get_by_label(re.compile("Your reasons")).fill(f"Reason {number}.")
        if number == 2:
            assert "The whole text is republished here" in page.locator("main").inner_text()
        page.get_by_role("button", name="Go on", exact=True).click()


@pytest.mark.browser
def test_edith_registers_and_assesses_and_bob_files_a_claim(house: House, reader: Reader) -> None:
    page = reader.open("/desk/pieces/new", who="edith")
    page.get_by_label("Or the text, pasted").fill(GRAIN)
    page.get_by_role("button", name="Read the page").click()
    page.wait_for_url("**/confirm")
    notice = page.locator(".notice").first.inner_text()
    assert "The stated holder (Meridian Wire) is not the site" in notice
    reader.check(page)

    # The evidence beside a field leads to the place in the text, and back.
    field = page.locator(".evidence", has=page.get_by_label("Copyright notice, word for word"))
    assert "Copyright © Meridian Wire, Meridian Wire, 2026" in field.locator(".found").inner_text()
    field.get_by_role("link", name="Show it in the text").click()
    assert page.locator(".page-text :target + mark").inner_text().startswith("Copyright ©")
    page.locator(".page-text .found-as", has_text="Copyright notice").click()
    assert page.url.endswith("#f-copyright-notice")

    # A line more without leaving the place, then a wrong year: told, and nothing is lost.
    page.get_by_role("button", name="Add an author").click()
    second = page.get_by_label("Name", exact=True).nth(1)
    second.fill("Ilse Vantongeren")
    page.get_by_label("Year in the notice").fill("20x6")
    page.get_by_role("button", name="Confirm this record").click()
    assert "Write the year in four figures" in page.locator(".error-summary").inner_text()
    assert page.get_by_label("Name", exact=True).nth(1).input_value() == "Ilse Vantongeren"
    page.get_by_label("Year in the notice").fill("2026")
    page.get_by_role("button", name="Confirm this record").click()
    page.wait_for_url("**?confirmed")
    assert page.get_by_text("The record is confirmed").is_visible()
    assert "exception claimed" in page.locator("main").inner_text()
    reader.check(page)

    page.get_by_role("link", name="Assess an exception for it").click()
    page.get_by_label("Fair use (United States)").check()
    reader.check(page)
    page.get_by_role("button", name="Begin").click()
    _factors(reader, page)
    page.get_by_label(re.compile("What the use is for")).fill("To inform readers of shipping.")
    page.get_by_label(re.compile("What the use adds")).fill("Nothing.")
    page.get_by_role("group", name=re.compile("heart of the work")).get_by_label("Yes").check()
    page.get_by_role("button", name="Go on", exact=True).click()
    page.get_by_label(re.compile("learn about the market")).fill("The wire sells reprints.")
    page.get_by_label(re.compile("find a licence")).fill("A price list is on its site.")
    page.get_by_role("button", name="Go on", exact=True).click()
    page.get_by_label(re.compile("Your conclusion")).fill("We should ask for leave.")
    page.get_by_role("button", name="Go on", exact=True).click()
    assert "Reason 3." in page.locator("main").inner_text()
    reader.check(page)
    page.get_by_role("button", name="Record this assessment").click()
    page.wait_for_url("**?recorded")
    assert "We should ask for leave." in page.locator("main").inner_text()
    reader.check(page)
    page.emulate_media(media="print")
    assert not page.get_by_role("link", name="Make a new one in its place").is_visible()

    piece = page.url.split("/assessments/")[0].rsplit("/", 1)[1]
    bobs = reader.open(f"/desk/pieces/{piece}", who="bob", width=390)
    assert "(current)" in bobs.locator("main").inner_text()
    bobs.get_by_role("link", name="File a claim to it").click()
    bobs.get_by_label(re.compile("Whose claim")).fill("Narrows Pictures")
    bobs.get_by_role("button", name="File the claim").click()
    assert "Quote the words the claim rests on" in bobs.locator(".error-summary").inner_text()
    reader.check(bobs)
    bobs.get_by_label(re.compile("The words it rests on")).fill("We hold the rights in this text.")
    bobs.get_by_role("button", name="File the claim").click()
    bobs.wait_for_url("**?claimed")
    assert bobs.locator("strong", has_text="Narrows Pictures").is_visible()


@pytest.mark.browser
def test_without_scripts_and_on_a_phone(house: House, reader: Reader) -> None:
    piece = draft_piece(house.cast.desk, house.cast.edith, GRAIN.replace("Grain", "Salt").encode()).piece_id
    page = reader.open(f"/desk/pieces/{piece}/confirm", who="edith", width=390, scripts=False)
    page.get_by_role("button", name="Add an author").click()
    assert page.get_by_label("Name", exact=True).count() == 2
    page.get_by_role("button", name="Remove author 2").click()
    page.get_by_role("button", name="Confirm this record").click()
    assert page.get_by_text("The record is confirmed").is_visible()


@pytest.mark.browser
def test_the_other_pages_for_pieces_are_sound(house: House, reader: Reader) -> None:
    data = GRAIN.replace("Grain", "Coal").encode()
    piece = register_piece(house.cast.desk, house.cast.edith, data)
    at, terms = f"/desk/pieces/{piece.id}", piece.terms[0].id
    on_a_phone = (at, f"{at}/confirm", "/desk/pieces", "/desk/sources/new")
    at_a_desk = ("/desk/pieces/new", f"{at}/terms/{terms}/end", "/desk/sources")
    for path in (*on_a_phone, *at_a_desk):
        phone = path in on_a_phone
        page = reader.open(path, width=390 if phone else 1280, dark=phone, who="bob")
        reader.check(page)
        page.context.close()
