"""Bob at his desk, in a real browser: from the queue to the letter and its revocation."""

from typing import Any

import pytest
from playwright.sync_api import Page

from ledger.cli.demo_matter import TARIFF
from ledger.desk.links import token_for
from ledger.desk.requests import following, quoting
from tests.journeys.browser import House, Reader
from tests.web.asked import ask_for, items_of, own_piece

TWO_SIGHTS = [(390, True), (1280, False)]


def open_act(page: Page, item_id: str, act: str) -> Any:
    """One of an item's forms, opened if it is folded."""
    part = page.locator(f"#{item_id}--{act}")
    if part.get_attribute("open") is None:
        part.locator("summary").first.click()
    return part


@pytest.mark.browser
def test_bob_takes_a_request_from_the_queue_to_a_revoked_letter(house: House, reader: Reader) -> None:
    cast = house.cast
    quoting.record_tariff(cast.desk, cast.bob, TARIFF)
    request_id = ask_for(cast, own_piece(cast))
    text, photo = (item.id for item in items_of(cast, request_id))
    alice = token_for(cast.desk, "requester", request_id)

    page = reader.open("/desk", who="bob")
    reader.check(page)
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    reader.check(page)
    page.keyboard.press("?")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/desk/requests/{request_id}")
    reader.check(page)

    page.get_by_role("button", name="Take it").click()
    assert page.get_by_text("Bob Lind", exact=True).first.is_visible()
    page.locator("#ask > summary").click()
    page.get_by_label("Your question").fill("Which edition will it be?")
    page.get_by_role("button", name="Send the question", exact=True).click()
    assert page.get_by_text("It is the requester's turn").is_visible()
    following.reply(cast.desk, alice, "The first, in spring.")

    page.goto(f"/desk/requests/{request_id}")
    assert page.get_by_text("The first, in spring.").is_visible()
    page.get_by_role("button", name="Offer this price").first.click()
    assert page.get_by_text("It is the requester's turn").is_visible()
    quote = following.status(cast.desk, alice).quotes[0]
    following.answer_offer(cast.desk, alice, quote.id, accept=True)

    page.goto(f"/desk/requests/{request_id}")
    grant = open_act(page, text, "grant")
    grant.get_by_label("Send a voucher copy", exact=True).check()
    grant.get_by_role("button", name="Grant").click()
    refer = open_act(page, photo, "refer")
    refer.get_by_role("button", name="Refer").click()
    reader.check(page)
    assert page.locator(".error-summary").is_visible()
    refer = open_act(page, photo, "refer")
    refer.get_by_label("The owner's name").fill("Tomas Rehn, photographer")
    refer.get_by_role("button", name="Refer").click()
    assert page.get_by_text("Every part is decided").first.is_visible()

    page.get_by_role("link", name="Preview the letter").click()
    page.set_viewport_size({"width": 390, "height": 900})
    reader.check(page)
    page.set_viewport_size({"width": 1280, "height": 900})
    assert page.locator(".grounds").count() > 5
    page.get_by_role("button", name="Issue the letter").click()
    page.wait_for_url("**/desk/letters/*")
    reader.check(page)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download the PDF").click()
    assert waiting.value.path().read_bytes().startswith(b"%PDF-")
    page.get_by_role("button", name="Done").first.click()
    assert page.get_by_text("Done", exact=True).first.is_visible()
    page.get_by_text("Take this permission back").click()
    page.get_by_label("The reason").fill("The fee was never paid.")
    page.get_by_role("button", name="Revoke letter").click()
    assert page.get_by_text("The fee was never paid.").is_visible()
    reader.check(page)


@pytest.mark.browser
def test_the_pages_of_the_desk_are_sound_in_light_and_dark(house: House, reader: Reader) -> None:
    request_id = ask_for(house.cast, own_piece(house.cast), name="Ben Oak", territory=None)
    paths = [
        "/desk",
        f"/desk/requests/{request_id}",
        "/desk/letters",
        "/desk/settings",
        "/desk/settings/letterhead",
        "/desk/settings/wording",
        "/desk/settings/tariff",
        "/desk/settings/payment",
        "/desk/settings/keys",
        "/desk/mails",
    ]
    for number, (width, dark) in enumerate(TWO_SIGHTS):
        page = reader.open("/desk", width=width, dark=dark, who="bob")
        for path in paths if number == 0 else paths[number::3]:
            page.goto(path)
            reader.check(page)


@pytest.mark.browser
def test_a_request_is_decided_without_scripts(house: House, reader: Reader) -> None:
    request_id = ask_for(house.cast, own_piece(house.cast), name="Cy Ash")
    item = items_of(house.cast, request_id)[0].id
    page = reader.open(f"/desk/requests/{request_id}", who="bob", scripts=False)
    decline = open_act(page, item, "decline")
    decline.get_by_label("The reason").fill("Not in this form.")
    decline.get_by_role("button", name="Decline").click()
    assert page.get_by_role("paragraph").filter(has_text="Not in this form.").is_visible()


@pytest.mark.browser
def test_a_name_without_a_space_keeps_the_queue_on_the_page(house: House, reader: Reader) -> None:
    ask_for(house.cast, own_piece(house.cast), name=f"A {'Abcdefghij' * 15}")
    page = reader.open("/desk", who="bob")
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") == width
