"""What becomes of a request, in a real browser, as the person who asked sees it on their own page."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from ledger.cli.demo_matter import TARIFF
from ledger.desk import links
from ledger.desk.house.publishers import set_payment
from ledger.desk.letters import issuing
from ledger.desk.register.registering import register_piece
from ledger.desk.requests import deciding, following, quoting
from ledger.desk.requests.owners_door import answer_enquiry
from ledger.records.letters import letters_of_request
from ledger.records.offers import load_enquiries
from ledger.records.request_rows import LetterRow
from ledger.records.tenant import Tenant
from tests.cast import Cast
from tests.journeys.browser import House, Reader
from tests.journeys.test_deciding import open_act
from tests.journeys.test_owner_and_verify import drop
from tests.web.asked import PAGES, ask_for, items_of, own_piece, wire_piece
from tests.web.asking import free_piece

pytestmark = pytest.mark.browser
expect.set_options(timeout=15_000)


@pytest.fixture(scope="module")
def priced(house: House) -> Cast:
    """The cast, with a tariff."""
    quoting.record_tariff(house.cast.desk, house.cast.bob, TARIFF)
    set_payment(
        house.cast.desk, house.cast.ada, instructions="To DE00 1234, at any bank.", first=False, days=14
    )
    return house.cast


def status_path(cast: Cast, request_id: str) -> str:
    return f"/requests/{links.token_for(cast.desk, 'requester', request_id)}"


def letters_of(cast: Cast, request_id: str) -> list[LetterRow]:
    with cast.desk.database.reading() as connection:
        return letters_of_request(Tenant(connection, cast.harbour.id), request_id)


def accept_price(cast: Cast, request_id: str) -> None:
    token = links.token_for(cast.desk, "requester", request_id)
    following.answer_offer(cast.desk, token, following.status(cast.desk, token).quotes[0].id, accept=True)


def part(page: Page, title: str) -> Any:
    """One part of the request with what was decided on it."""
    return page.locator("section[aria-labelledby=parts] .card").filter(has_text=title)


def test_a_print_reprint_is_quoted_accepted_paid_granted_and_verified(priced: Cast, reader: Reader) -> None:
    request_id = ask_for(priced, own_piece(priced))
    text, photo = (item.id for item in items_of(priced, request_id))
    desk = reader.open(f"/desk/requests/{request_id}", who="bob")
    desk.locator("#tariff").get_by_label("The letter waits for the payment").check()
    desk.get_by_role("button", name="Offer this price").first.click()
    expect(desk.get_by_text("It is the requester's turn")).to_be_visible()

    alice = reader.open(status_path(priced, request_id), width=390)
    expect(alice.get_by_role("heading", name="The price: CA$180.00")).to_be_visible()
    reader.check(alice)
    alice.get_by_role("button", name="Accept CA$180.00").click()
    expect(alice.get_by_text("You accepted this price.")).to_be_visible()
    expect(alice.get_by_role("heading", name="To pay: CA$180.00")).to_be_visible()
    expect(alice.get_by_text("To DE00 1234, at any bank.")).to_be_visible()
    reader.check(alice)
    alice.get_by_role("link", name="Invoice to print").click()
    expect(alice.get_by_text("150% of CA$120.00")).to_be_visible()
    reader.check(alice)
    alice.get_by_role("link", name="Back to the request").click()

    desk.reload()
    expect(desk.get_by_text("The payment is awaited")).to_be_visible()
    reader.check(desk)
    note = desk.locator("#received")
    note.get_by_label("Amount in CAD").fill("180.00")
    note.get_by_label("Day it arrived").fill(priced.desk.today().isoformat())
    note.get_by_role("button", name="Record this payment").click()
    expect(desk.get_by_text("It is our turn")).to_be_visible()
    alice.reload()
    expect(alice.get_by_text("Nothing is left to pay.")).to_be_visible()
    grant = open_act(desk, text, "grant")
    grant.get_by_label("Fee: amount").fill("180.00")
    grant.get_by_role("button", name="Grant").click()
    decline = open_act(desk, photo, "decline")
    decline.get_by_label("The reason").fill("The photograph is not ours.")
    decline.get_by_role("button", name="Decline").click()
    desk.get_by_role("link", name="Preview the letter").click()
    desk.get_by_role("button", name="Issue the letter").click()
    desk.wait_for_url("**/desk/letters/*")

    alice.reload()
    expect(part(alice, "Text").first).to_contain_text("Granted")
    reader.check(alice)
    with alice.expect_download() as waiting:
        alice.get_by_role("link", name="Download the letter (PDF)").click()
    pdf = waiting.value.path().read_bytes()
    anybody = reader.open("/verify")
    drop(anybody, "letter.pdf", pdf)
    anybody.get_by_text("to the last byte").wait_for()
    expect(anybody.locator("#verdict")).to_contain_text("Valid")
    expect(anybody.locator("main")).to_contain_text("Fenwick Books")
    reader.check(anybody)


def test_three_pieces_are_granted_referred_and_not_needed_in_one_request(
    priced: Cast, reader: Reader
) -> None:
    pieces = (own_piece(priced), wire_piece(priced), free_piece(priced))
    use = {"is_commercial": False, "purpose": "education", "requester_type": "nonprofit"}
    request_id = ask_for(priced, *pieces, name="Ines Duarte", **use)
    own, photo, wire, free = items_of(priced, request_id)
    assert [each.decision for each in (own, wire, free)] == [None, None, "not_needed"]

    desk = reader.open(f"/desk/requests/{request_id}", who="bob")
    reader.check(desk)
    open_act(desk, own.id, "grant").get_by_role("button", name="Grant").click()
    if photo.decision is None:
        refer = open_act(desk, photo.id, "refer")
        refer.get_by_label("The owner's name").fill("Tomas Rehn")
        refer.get_by_role("button", name="Refer").click()
    refer = open_act(desk, wire.id, "refer")
    refer.get_by_label("The owner's name").fill("Meridian Wire")
    refer.get_by_label("How to reach the owner").fill("rights@meridian-wire.example")
    refer.get_by_role("button", name="Refer").click()
    expect(desk.get_by_text("Every part is decided").first).to_be_visible()
    issuing.issue(priced.desk, priced.bob, request_id)

    for width, dark in ((390, True), (1280, False)):
        page = reader.open(status_path(priced, request_id), width=width, dark=dark)
        reader.check(page)
        granted = part(page, "Signal House").first
        expect(granted).to_contain_text("Granted")
        referred = part(page, "Grain Ships")
        expect(referred).to_contain_text("Ask the owner")
        expect(referred).to_contain_text("Meridian Wire (rights@meridian-wire.example) holds this part")
        expect(part(page, "Nine Hundred Volunteers")).to_contain_text("No permission needed")
    (letter,) = letters_of(priced, request_id)  # one letter states them all
    expect(page.locator("section[aria-labelledby=letters]")).to_contain_text(letter.number)
    shown = reader.open(f"/verify?sha256={letter.sha256}", width=390)
    left_out = shown.locator("main")
    expect(left_out).to_contain_text("referred to its owner, who alone can permit it")
    expect(left_out).to_contain_text("needs no permission")
    reader.check(shown)


def test_whoever_is_declined_reads_why_on_their_page(priced: Cast, reader: Reader) -> None:
    request_id = ask_for(priced, own_piece(priced), name="Dora Kell")
    desk = reader.open(f"/desk/requests/{request_id}", who="bob")
    for item in items_of(priced, request_id):
        if item.decision is None:
            decline = open_act(desk, item.id, "decline")
            decline.get_by_label("The reason").fill("We publish the anthology ourselves this year.")
            decline.get_by_role("button", name="Decline").click()
    issuing.issue(priced.desk, priced.bob, request_id)
    page = reader.open(status_path(priced, request_id), width=390)
    expect(part(page, "Text").first).to_contain_text("Declined")
    expect(part(page, "Text").first).to_contain_text("We publish the anthology ourselves this year.")
    expect(page.get_by_role("button", name="Send")).to_have_count(0)
    reader.check(page)


def test_a_letter_is_topped_up_for_the_difference(priced: Cast, reader: Reader) -> None:
    request_id = ask_for(priced, own_piece(priced), name="Tove Lund")
    text, photo = items_of(priced, request_id)
    quoting.offer(priced.desk, priced.bob, request_id)
    accept_price(priced, request_id)
    deciding.decide(
        priced.desk, priced.bob, request_id, text.id, "granted", {"fee": {"minor": 18000, "currency": "CAD"}}
    )
    deciding.decide(priced.desk, priced.bob, request_id, photo.id, "declined", {"reason": "Not ours."})
    first = issuing.issue(priced.desk, priced.bob, request_id)

    page = reader.open(status_path(priced, request_id), width=390)
    page.get_by_role("link", name="Extend it").click()
    reader.check(page)
    copies = page.get_by_label(re.compile("Copies in all"))
    expect(copies).to_have_value("1500")
    copies.fill("many")
    page.get_by_role("button", name="Ask for this").click()
    expect(page.locator(".error-summary")).to_contain_text("whole number")
    expect(copies).to_have_value("many")
    reader.check(page)
    copies.fill("8000")
    page.get_by_role("button", name="Ask for this").click()
    expect(page.get_by_text("Your wish to extend the letter is sent")).to_be_visible()
    reader.check(page)
    more_id = links.opened_by(
        priced.desk, page.url.partition("?")[0].rpartition("/")[2], "requester"
    ).request_id
    assert more_id != request_id

    desk = reader.open(f"/desk/requests/{more_id}", who="bob")
    expect(desk.get_by_text(f"This extends letter {first.number}")).to_be_visible()
    expect(desk.locator("#tariff")).to_contain_text("Already paid")
    desk.get_by_role("button", name="Offer this price").first.click()
    page.reload()
    # 12,000 + 8,000 x 2 = 280.00 CAD, half as much again for a commercial publisher, less the 180.00 paid before.
    expect(page.get_by_role("heading", name="The price: CA$240.00")).to_be_visible()
    page.get_by_role("button", name="Accept CA$240.00").click()
    expect(page.get_by_text("You accepted this price.")).to_be_visible()
    desk.reload()
    text, photo = items_of(priced, more_id)
    grant = open_act(desk, text.id, "grant")
    grant.get_by_label("Fee: amount").fill("240.00")
    grant.get_by_role("button", name="Grant").click()
    deciding.decide(priced.desk, priced.bob, more_id, photo.id, "declined", {"reason": "Not ours."})
    issuing.issue(priced.desk, priced.bob, more_id)
    page.reload()
    expect(page.locator("section[aria-labelledby=letters]")).to_contain_text("Amendment")
    earlier = reader.open(f"/verify?sha256={first.sha256}")
    expect(earlier.locator("main")).to_contain_text("changes it: read both together")
    reader.check(earlier)


def test_a_commercial_site_gets_the_owners_leave_and_loses_it_when_the_owner_takes_it_back(
    priced: Cast, reader: Reader
) -> None:
    url = "https://www.harbour-review.example/2026/10/for-shipwatch"
    wire = register_piece(priced.desk, priced.edith, (PAGES / "grain-ships.txt").read_bytes(), url=url)
    site: dict[str, Any] = {"product": None, "title": None, "publisher": None, "formats": None}
    site |= {"channels": ["commercial_site"], "urls": ["https://shipwatch.example/a"], "purpose": "news"}
    site |= {"duration": "perpetual"}
    request_id = ask_for(priced, wire, name="Ship Watch", **site)
    (item,) = items_of(priced, request_id)
    desk = reader.open(f"/desk/requests/{request_id}", who="bob")
    ask = open_act(desk, item.id, "enquire")
    ask.get_by_label("The owner's name").fill("Meridian Wire")
    ask.get_by_label("The owner's e-mail address").fill("rights@meridian-wire.example")
    ask.get_by_role("button", name="Send the question to the owner").click()
    expect(desk.get_by_text("It is the owner's turn")).to_be_visible()
    asker = reader.open(status_path(priced, request_id), width=390, dark=True)
    expect(asker.get_by_text("The owner of the rights has been asked")).to_be_visible()
    reader.check(asker)
    with priced.desk.database.reading() as connection:
        (enquiry,) = load_enquiries(Tenant(connection, priced.harbour.id), request_id)
    words = "Shipwatch may carry it, with our name and a link."
    door = links.token_for(priced.desk, "owner", enquiry.id)
    answer_enquiry(priced.desk, door, "grant", {"name": "Pia Stern", "words": words})

    desk.reload()
    open_act(desk, item.id, "grant").get_by_role("button", name="Grant").click()
    expect(desk.get_by_text("Every part is decided").first).to_be_visible()
    letter = issuing.issue(priced.desk, priced.bob, request_id)
    asker.reload()
    expect(part(asker, "Text")).to_contain_text("Granted")
    expect(part(asker, "Text")).to_contain_text(words)
    expect(asker.get_by_role("link", name="Download the letter (PDF)")).to_be_visible()

    desk.goto(f"/desk/pieces/{wire.id}")
    desk.locator("div.card, section").filter(has_text=words).get_by_role(
        "link", name="End these terms"
    ).last.click()
    expect(desk.get_by_text("Letters rest on these terms")).to_be_visible()
    reader.check(desk)
    desk.get_by_label("What changed").fill("Meridian Wire takes its leave back.")
    desk.get_by_role("button", name="End these terms today").click()
    expect(desk.get_by_role("heading", name="The terms have ended")).to_be_visible()
    expect(desk.locator("main")).to_contain_text(letter.number)
    reader.check(desk)
    again = ask_for(priced, wire, name="Ship Watch", **site)
    (other,) = items_of(priced, again)
    desk.goto(f"/desk/requests/{again}")
    open_act(desk, other.id, "grant").get_by_role("button", name="Grant").click()
    expect(desk.get_by_role("alert").first).to_contain_text("cannot grant this")

    desk.goto(f"/desk/letters/{letter.id}")
    desk.get_by_text("Take this permission back").click()
    desk.get_by_label("The reason").fill("The owner took the leave back.")
    desk.get_by_role("button", name="Revoke letter").click()
    asker.reload()
    expect(part(asker, "Text")).to_contain_text("Revoked")
    expect(asker.locator("section[aria-labelledby=clock]")).to_contain_text("The owner took the leave back.")
    reader.check(asker)
