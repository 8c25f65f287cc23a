"""In a real browser: from the mail to the owner's answer and the letter, and from the letter to its check."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from ledger.desk import links
from ledger.desk.letters import issuing
from ledger.desk.register.registering import register_piece
from ledger.desk.requests import deciding, referring
from ledger.desk.requests.requesting import submit_request
from ledger.records import outbox
from ledger.records.letters import set_letter_state
from ledger.records.requests import load_items
from ledger.records.tenant import Tenant
from tests.desk.conftest import PAGES
from tests.desk.test_main_job import PRINT, form
from tests.journeys.browser import House, Reader

WORDS = "Shipwatch may carry it for one year, with our name and a link."
SIGHTS = [(390, False), (390, True), (1280, False), (1280, True)]


def asked(house, use=PRINT, organisation="Shipwatch"):
    """Ines asks for a text of Meridian Wire: (request id, item ids)."""
    cast = house.cast
    piece = register_piece(
        cast.desk, cast.edith, (PAGES / "grain-ships.txt").read_bytes(),
        url=f"https://www.harbour-review.example/2026/10/{organisation.lower()}",
    )  # fmt: skip
    given = {**form(cast, piece.id, use=use), "organisation": organisation, "licensee": organisation}
    sent = submit_request(cast.desk, given, verified=True)
    with cast.desk.database.reading() as connection:
        items = load_items(Tenant(connection, cast.harbour.id), sent.request_id)
    return sent.request_id, [item.id for item in items]


def refer(house, request_id, items):
    """Bob asks the owner; returns the address in the mail the owner gets."""
    cast = house.cast
    referring.enquire(
        cast.desk, cast.bob, request_id, items, owner="Meridian Wire", email="rights@meridian-wire.example"
    )
    with cast.desk.database.reading() as connection:
        sent = outbox.of_request(connection, cast.harbour.id, request_id)
    (mail,) = [each for each in sent if each.template == "owner_enquiry"]
    return re.search(rf"{house.url}(/owner/\S+)", mail.text)[1]


@pytest.fixture(scope="module")
def letter(house):
    """A granted letter of Harbour Review."""
    cast = house.cast
    piece = register_piece(cast.desk, cast.edith, (PAGES / "the-signal-house.html").read_bytes())
    sent = submit_request(cast.desk, form(cast, piece.id), verified=True)
    with cast.desk.database.reading() as connection:
        first, *others = load_items(Tenant(connection, cast.harbour.id), sent.request_id)
    deciding.decide(cast.desk, cast.bob, sent.request_id, first.id, "granted")
    for item in others:
        deciding.decide(cast.desk, cast.bob, sent.request_id, item.id, "declined", {"reason": "Not ours."})
    with ThreadPoolExecutor(
        1
    ) as pool:  # Playwright's loop runs in this thread, and signing wants one of its own
        return pool.submit(issuing.issue, cast.desk, cast.bob, sent.request_id).result()


@pytest.mark.browser
def test_an_owner_grants_at_the_door_and_the_letter_cites_the_words(house: House, reader: Reader) -> None:
    request_id, items = asked(house)
    path = refer(house, request_id, items)
    for width, dark in SIGHTS[1:3]:
        page = reader.open(path, width=width, dark=dark)
        reader.check(page)
        page.context.close()
    page = reader.open(f"{path}?lang=es", width=390)
    reader.check(page)
    page.get_by_role("button", name="Enviar mi respuesta").click()  # the choice goes along with what is sent
    assert "Hay 2 cosas que corregir" in page.locator(".error-summary").inner_text()
    assert page.locator("html").get_attribute("lang") == "es"
    reader.check(page)
    page.context.close()
    page = reader.open(path, width=390)
    page.get_by_role("button", name="Send my answer").click()
    assert "2 things to put right" in page.locator(".error-summary").inner_text()  # by us, all at once
    page.get_by_label("I grant it", exact=False).first.check()
    page.get_by_label("Your name").fill("Pia Stern")
    page.get_by_role("button", name="Send my answer").click()
    assert "in your own words" in page.locator(".error-summary").inner_text().lower()
    reader.check(page)
    page.get_by_label("In your own words").fill(WORDS)
    page.get_by_role("button", name="Send my answer").click()
    page.get_by_text("your answer is recorded").wait_for()
    assert page.get_by_text(WORDS).is_visible()
    reader.check(page)
    page.reload()
    assert page.get_by_role("button", name="Send my answer").count() == 0

    cast = house.cast
    staff = reader.open(f"/desk/requests/{request_id}", who="bob")
    assert staff.get_by_text(WORDS).first.is_visible()
    for item in items:
        deciding.decide(cast.desk, cast.bob, request_id, item, "granted")
    (shown,) = issuing.preview(cast.desk, cast.bob, request_id)
    said = "".join(
        str(run.text)
        for section in shown.sections
        for clause in section.clauses
        for paragraph in clause.paragraphs
        for run in paragraph
    )
    assert re.search(rf"“{re.escape(WORDS)}” \(rights@meridian-wire\.example, \d+\s\w+ \d+\)", said)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("choice", "answered", "told"),
    [
        ("I do not grant it", "you decline", "They do not allow it"),
        ("I would grant it against a fee", "you name a price", "for a fee or on other terms"),
        ("The rights are not mine", "the rights are not yours", "the rights are not theirs"),
    ],
)
def test_an_owner_may_answer_otherwise_without_scripts(
    house: House, reader: Reader, choice: str, answered: str, told: str
) -> None:
    request_id, items = asked(house, organisation=choice.split()[2].strip(","))
    path = refer(house, request_id, items)
    page, second = (reader.open(path, scripts=False) for _ in range(2))  # the same link in two tabs
    for tab in (page, second):
        tab.get_by_label(choice, exact=False).first.check()
        tab.get_by_label("Your name").fill("Pia Stern")
        tab.get_by_label("In your own words").fill("80 dollars a year.")
        tab.get_by_role("button", name="Send my answer").click()
    assert answered in page.locator("main").inner_text()
    assert "has been answered already" in second.locator("main").inner_text()
    status = reader.open(f"/requests/{links.token_for(house.cast.desk, 'requester', request_id)}")
    assert told in status.locator("main").inner_text()
    reader.check(status)


def watched(page):
    """Everything the browser sends from now on: (method, address, body)."""
    sent = []
    page.on("request", lambda each: sent.append((each.method, each.url, each.post_data_buffer)))
    return sent


def drop(page, name, data):
    """Drop a file on the page, as from the reader's desktop."""
    transfer = page.evaluate_handle(
        """([name, bytes]) => { const held = new DataTransfer();
           held.items.add(new File([new Uint8Array(bytes)], name, {type: "application/pdf"})); return held; }""",
        [name, list(data)],
    )
    page.dispatch_event("body", "drop", {"dataTransfer": transfer})


@pytest.mark.browser
def test_a_dropped_letter_is_hashed_here_and_never_sent(house: House, reader: Reader, letter) -> None:
    pdf = house.cast.desk.evidence.get(letter.sha256)
    page = reader.open("/verify", width=390)
    reader.check(page)
    sent = watched(page)
    for wrong in (b"", b"A text about a letter."):
        drop(page, "letter.pdf", wrong)
        page.get_by_text("This is no PDF file, or an empty one.").wait_for()
        page.reload()
    drop(page, "letter.pdf", pdf)
    page.wait_for_url(f"**/verify?sha256={letter.sha256}")
    page.get_by_text("to the last byte").wait_for()
    assert "Valid" in page.locator("#verdict").inner_text()
    assert "Fenwick Books Ltd" in page.locator("main").inner_text()
    reader.check(page)
    assert sent
    for method, address, body in sent:
        assert (method, body) == ("GET", None), f"{method} {address} sent {len(body or b'')} bytes"
        assert address.startswith(house.url)
        assert len(address) < 200

    at = len(pdf) // 2
    changed = pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :]
    page.get_by_label("The letter (PDF)").set_input_files(
        {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": changed}
    )
    page.get_by_text("Unknown: not confirmed").wait_for()
    reader.check(page)
    assert all(method == "GET" and body is None for method, _, body in sent)


@pytest.mark.browser
def test_each_state_is_told_and_the_pages_are_sound(house: House, reader: Reader, letter) -> None:
    cast, before = house.cast, "issued"
    for state, word, (width, dark) in zip(
        ("superseded", "revoked", "expired", "issued"),
        ("Superseded", "Revoked", "Expired", "Valid"),
        SIGHTS,
        strict=True,
    ):
        with cast.desk.database.writing() as connection:
            set_letter_state(Tenant(connection, cast.harbour.id), letter.id, state, (before,))
        before = state
        page = reader.open(f"/verify?sha256={letter.sha256}", width=width, dark=dark)
        assert word in page.locator("#verdict").inner_text()
        if dark:
            reader.check(page)
        page.goto(f"/verify/{letter.number}")
        assert word in page.locator("#verdict").inner_text()
        assert "Fenwick" not in page.locator("main").inner_text()
        page.context.close()
    for width, dark in SIGHTS[1:3]:
        reader.check(reader.open("/publishers/harbour-review", width=width, dark=dark))
    page = reader.open(f"/verify?sha256={letter.sha256}&lang=ar", width=390, dark=True)
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert "ساري المفعول" in page.locator("#verdict").inner_text()
    reader.check(page)
    page.get_by_role("link", name="Русский").click()
    assert "Действует" in page.locator("#verdict").inner_text()
    page.goto("/verify")  # the choice goes along
    page.get_by_label("Письмо (PDF)").set_input_files(
        {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": cast.desk.evidence.get(letter.sha256)}
    )
    page.locator("#verdict", has_text="Действует").wait_for()


@pytest.mark.browser
def test_without_scripts_the_fingerprint_is_pasted(house: House, reader: Reader, letter) -> None:
    page = reader.open("/verify", scripts=False)
    assert page.get_by_text("To work out the file").is_visible()
    page.get_by_label("SHA-256 of the file").fill(letter.sha256.upper())
    page.get_by_role("button", name="Verify", exact=True).click()
    assert "Valid" in page.locator("#verdict").inner_text()
    page.get_by_label("Number of the letter").fill(letter.number)
    page.get_by_role("button", name="Look up").click()
    assert "A number alone shows only" in page.locator("main").inner_text()
