"""Coming in and going out, in a real browser, with and without scripts, on a phone and at a desk."""

import re

import pytest

from ledger.desk.house import signing_in
from tests.cast import PASSWORD
from tests.journeys.browser import House, Reader

SIGHTS = [(390, False), (390, True), (1280, False), (1280, True)]


@pytest.mark.browser
def test_the_public_pages_of_the_house_are_sound(house: House, reader: Reader) -> None:
    for path, sights in (("/", SIGHTS), ("/sign-in", SIGHTS[::3]), ("/no-such-page", SIGHTS[1:3])):
        for width, dark in sights:
            page = reader.open(path, width=width, dark=dark)
            reader.check(page)
            page.context.close()


@pytest.mark.browser
def test_the_administrators_pages_are_sound(house: House, reader: Reader) -> None:
    for path in ("/account", "/desk/people"):
        for width, dark in ((390, True), (1280, False)):
            page = reader.open(path, width=width, dark=dark, who="ada")
            reader.check(page)
            page.context.close()


@pytest.mark.browser
@pytest.mark.parametrize(("name", "scripts"), [("bob", True), ("charlie", False)])
def test_staff_sign_in_change_a_password_and_leave(
    house: House, reader: Reader, name: str, scripts: bool
) -> None:
    page = reader.open("/account", scripts=scripts)
    assert page.url.endswith("/sign-in?next=/account")
    page.get_by_label("Email address").first.fill(house.cast.email(name))
    page.get_by_label("Password").fill("not the right one at all")
    page.get_by_role("button", name="Sign in").click()
    assert "not right" in page.locator(".error-summary").inner_text()
    assert page.get_by_label("Email address").first.input_value() == house.cast.email(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/account")
    if scripts:
        reader.check(page)
    page.get_by_label("New password").fill("five herons on a sandbank")
    page.get_by_label("The same again").fill("five herons on a sandbank")
    page.get_by_role("button", name="Save the password").click()
    assert page.get_by_text("Your password is set").is_visible()
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url(re.compile(r"/$"))
    page.goto("/account")
    assert "/sign-in" in page.url


@pytest.mark.browser
def test_edith_comes_in_by_a_link_that_works_once(house: House, reader: Reader) -> None:
    cast = house.cast
    with cast.desk.database.writing() as connection:
        token = signing_in.make_link(connection, cast.email("edith"), cast.clock(), "/account")
    page = reader.open(f"/sign-in/link/{token}", width=390)
    reader.check(page)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/account")
    assert page.get_by_text("Edith Amsel").first.is_visible()
    again = reader.open(f"/sign-in/link/{token}")
    assert "used or is too old" in again.locator("main").inner_text()
