"""Alice asks: from the finder to the answer, from the answer to the request, and what becomes of it."""

import re

import pytest
from playwright.sync_api import Page, expect

from ledger.desk import links
from ledger.desk.requests import quoting
from ledger.records.requests import load_items, load_request
from ledger.records.tenant import Tenant
from tests.journeys.browser import House, Reader
from tests.web.asking import free_piece, mails, own_piece

pytestmark = pytest.mark.browser
expect.set_options(timeout=15_000)  # a laden machine draws pages slowly


@pytest.fixture(scope="module")
def free(house: House) -> str:
    """A piece under a Creative Commons licence."""
    return free_piece(house.cast).id


@pytest.fixture(scope="module")
def own(house: House) -> str:
    """A piece the publisher itself holds."""
    return own_piece(house.cast).id


def describe_print(page: Page) -> None:
    page.get_by_label("Full article").check()
    page.get_by_label("Print", exact=True).check()
    page.get_by_role("group", name=re.compile("Is it commercial")).get_by_label("Yes").check()
    page.get_by_label("Who would use it?").select_option("publisher_commercial")
    page.get_by_label("No changes").check()


def fill_details(page: Page) -> None:
    page.get_by_label("What for?").select_option("editorial")
    page.get_by_label("Where would it be read or sold?").fill("Canada, France")
    page.get_by_label("In which language?").select_option("en")
    page.get_by_label("Current edition", exact=True).check()
    page.get_by_label("What kind of publication?").select_option("book")
    page.get_by_label(re.compile("^Its title")).fill("Waiting at the Narrows")
    page.get_by_label("Who publishes it?").fill("Fenwick Books")
    page.locator("#f-formats-0-format").select_option("hardback")
    page.get_by_label("Number of copies").fill("2000")
    page.get_by_label("Your name").fill("Alice Ferro")
    page.get_by_label("Your e-mail address").fill("alice@fenwick-books.example")
    page.get_by_label("What I state here is true").check()


def test_the_help_page_is_sound(reader: Reader) -> None:
    for width, dark in ((390, True), (1280, False)):
        page = reader.open("/help", width=width, dark=dark)
        reader.check(page)
        page.context.close()


def test_a_cross_post_needs_no_permission(house: House, reader: Reader, free: str) -> None:
    page = reader.open("/find", width=390, dark=True)
    page.get_by_role("searchbox").fill("volunteers river")
    page.get_by_role("button", name="Find").click()
    reader.check(page)
    page.get_by_role("link", name=re.compile("Nine Hundred Volunteers")).click()
    reader.check(page)
    page.get_by_role("link", name=re.compile("May I use it")).click()
    reader.check(page)
    page.get_by_label("Full article").check()
    page.get_by_label("Community site").check()
    page.get_by_role("group", name=re.compile("Is it commercial")).get_by_label("No", exact=True).check()
    expect(page.locator("#answer")).to_contain_text("You need not ask anybody")
    expect(page.locator("#answer")).to_contain_text("CC BY-NC-ND 4.0")
    expect(page).to_have_url(re.compile("channels=community_site"))
    reader.check(page)
    again = reader.open(page.url.removeprefix(house.url), scripts=False)
    expect(again.locator("#answer")).to_contain_text("You need not ask anybody")


def test_print_is_asked_for_sent_and_confirmed_in_six_pages(house: House, reader: Reader, own: str) -> None:
    page = reader.open("/find?q=signal+house")
    page.get_by_role("link", name=re.compile("Signal House")).click()
    page.get_by_role("link", name=re.compile("May I use it")).click()
    describe_print(page)
    page.get_by_role("button", name="Ask for permission").click()
    expect(page.get_by_text("Republishing the whole in print")).to_be_visible()
    reader.check(page)
    fill_details(page)
    page.get_by_label("Your e-mail address").fill("alice at fenwick")
    page.get_by_role("button", name="Look it over").click()
    expect(page.locator(".error-summary")).to_contain_text("no complete e-mail address")
    expect(page.get_by_label(re.compile("^Its title"))).to_have_value("Waiting at the Narrows")
    expect(page.get_by_label("Number of copies")).to_have_value("2000")
    reader.check(page)
    page.get_by_label("Your e-mail address").fill("alice@fenwick-books.example")
    page.get_by_role("button", name="Look it over").click()
    expect(page.get_by_text("Nothing has been sent yet")).to_be_visible()
    reader.check(page)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    twice = "button => { button.click(); setTimeout(() => button.click(), 20); }"
    page.get_by_role("button", name="Send the request").evaluate(twice)
    expect(page.get_by_role("heading", name=re.compile("look in your mail"))).to_be_visible()
    expect(page).to_have_url(re.compile(r"/requests/[\w-]+$"))
    assert len(sent) == 1
    reader.check(page)
    (token,) = re.findall(r"/confirm/([\w-]+)", mails(house.cast)[-1]["text"])
    page.goto(f"/confirm/{token}")
    reader.check(page)
    page.get_by_role("button", name=re.compile("this is my address")).click()
    expect(page.get_by_text("It is Harbour Review's turn")).to_be_visible()
    reader.check(page)


def test_a_price_is_accepted_on_a_phone_and_a_request_withdrawn(
    house: House, reader: Reader, own: str
) -> None:
    """The whole way once more without scripts, with a draft on it."""
    page = reader.open(f"/pieces/{own}/may-i", scripts=False)
    describe_print(page)
    page.get_by_role("button", name="Show the answer").click()
    page.get_by_role("button", name="Ask for permission").click()
    page.get_by_label(re.compile("^Its title")).fill("Begun and put aside")
    page.get_by_role("button", name="Save and come back later").click()
    page.get_by_role("link", name="Go on with it").click()
    expect(page.get_by_label(re.compile("^Its title"))).to_have_value("Begun and put aside")
    fill_details(page)
    page.get_by_label("Your e-mail address").fill("carol@ash-and-sons.example")
    page.get_by_role("button", name="Look it over").click()
    page.get_by_role("button", name="Send the request").click()
    path = page.url.removeprefix(house.url)
    cast = house.cast
    request_id = links.opened_by(cast.desk, path.rpartition("/")[2], "requester").request_id
    page.goto(f"/confirm/{links.token_for(cast.desk, 'verify', request_id)}")
    page.get_by_role("button", name=re.compile("this is my address")).click()
    price = quoting.by_hand([("Reprint of an article", 12000), ("Copies above 1,000", 4500)], "CAD")
    quoting.offer(cast.desk, cast.bob, request_id, price)
    phone = reader.open(path, width=390, dark=True)
    reader.check(phone)
    phone.get_by_role("button", name="Accept CA$165.00").click()
    expect(phone.get_by_text("You accepted this price.")).to_be_visible()
    page.goto(path)
    page.get_by_role("link", name="Take the request back").click()
    page.get_by_role("button", name="Yes, take it back").click()
    expect(page.get_by_text("The request is withdrawn")).to_be_visible()
    with cast.desk.database.reading() as connection:
        tenant = Tenant(connection, cast.harbour.id)
        row = load_request(tenant, request_id)
        assert row is not None
        assert row.state == "withdrawn"
        assert load_items(tenant, request_id)
