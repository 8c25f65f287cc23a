"""The requester's pages in other languages: no stage of a request has English in it, and what is sent comes back so."""

import re
from dataclasses import replace

import pytest

from ledger.desk import links
from ledger.desk.letters import issuing, revoking
from ledger.desk.requests import attending, deciding, drafting, lapsing, quoting, requesting
from ledger.desk.requests.paying import read_received, record_payment
from ledger.rights.use_reader import read_use
from tests.web.asking import own_piece
from tests.web.catalogues import latin_words
from tests.web.test_public_following import USE, items_of

LANGUAGES = ("ru", "ar", "zh-Hans")
KNOWN = (
    "Harbour Review", "Fenwick Books", "Alice Ferro", "alice@fenwick-books.example", "rights@harbour-review.example",
    "Waiting at the Narrows", "Tomas Rehn", "Which page will it stand on?", "On page 12.", "Reprint of an article",
    "Granted by mistake.", "Kept from everybody.", "Atlantis", "PDF", "UTC", "CAD", "SHA", "HARBOUR", "REVIEW", "CA",
    "Ctrl",
)  # fmt: skip
TYPED = re.compile(r' value="[^"]*"|<textarea.*?</textarea>|sha256 [0-9a-f]{64}', re.DOTALL)


class Follower:
    """Opens pages in each language and keeps a list of the English it meets."""

    def __init__(self, cast, visitor):
        self.cast, self.visitor, self.known = cast, visitor, set(KNOWN)

    def look(self, path, status=200):
        for language in LANGUAGES:
            self.check(
                self.visitor.get(f"{path}{'&' if '?' in path else '?'}lang={language}"), language, status
            )

    def send(self, path, fields, status, seen_on=None):
        """Post in each language; the last choice goes along in the cookie."""
        for language in LANGUAGES:
            self.visitor.get(f"/verify?lang={language}")
            self.check(self.visitor.post(path, fields, seen_on=seen_on), language, status)

    def check(self, page, language, status):
        assert page.status_code == status
        direction = "rtl" if language == "ar" else "ltr"
        assert f'<html lang="{language}" dir="{direction}">' in page.text, page.url
        english = latin_words(TYPED.sub("", page.text), self.known)
        assert not {word for word in english if not re.fullmatch(r"[A-Z0-9]+", word)}, page.url


@pytest.fixture
def follower(cast, visitor):
    return Follower(cast, visitor)


def ask(cast, follower, **more):
    piece = own_piece(cast)
    follower.known |= {piece.title, *(each.label for each in piece.components if each.label)}
    form = {"pieces": [piece.id], "name": cast.alice.name, "email": cast.alice.email, "use": USE}
    sent = requesting.submit_request(cast.desk, form, **more)
    return sent.request_id, f"/requests/{links.token_for(cast.desk, 'requester', sent.request_id)}"


def test_from_the_draft_to_the_confirmed_address(cast, follower):
    piece = own_piece(cast)
    token = drafting.save_draft(cast.desk, {"portion": ["excerpt"]}, [piece.id], None)
    follower.known |= {piece.title, f"/requests/{token}", "http://127.0.0.1:8000"}
    follower.look(f"/requests/{token}")
    request_id, path = ask(cast, follower)
    follower.look(f"{path}?mailed=1")
    follower.look(f"{path}/withdraw")
    confirm = f"/confirm/{links.token_for(cast.desk, 'verify', request_id)}"
    follower.look(confirm)
    requesting.confirm_address(cast.desk, confirm.rpartition("/")[2])
    follower.look(confirm)
    follower.look(f"{path}?confirmed=1")


def test_questions_prices_and_payments(cast, follower):
    request_id, path = ask(cast, follower, verified=True)
    follower.look(path)
    cast.clock.go_on(days=3)
    attending.ask_requester(cast.desk, cast.bob, request_id, "Which page will it stand on?")
    cast.clock.go_on(days=5)
    follower.look(path)
    follower.send(f"{path}/messages", {"text": ""}, 422, seen_on=path)
    follower.send(f"{path}/messages", {"text": "x" * 6_000}, 422, seen_on=path)
    follower.visitor.post(f"{path}/messages", {"text": "On page 12."}, seen_on=path)
    fewer = read_use({**USE, "formats": [{"format": "hardback", "print_run": 400}]})
    price = replace(
        quoting.by_hand([("Reprint of an article", 12_000)], "CAD"),
        settled=("Format: hardback, 400 copies",),
        priced=fewer,
    )
    quote = quoting.offer(cast.desk, cast.bob, request_id, price, payment_first=True)
    follower.look(path)
    follower.send(f"{path}/quotes/{quote}", {}, 422, seen_on=path)
    follower.visitor.post(f"{path}/quotes/{quote}", {"answer": "accept"}, seen_on=path)
    follower.send(f"{path}/quotes/{quote}", {"answer": "accept"}, 409, seen_on=path)
    follower.look(f"{path}?answered=1")
    follower.look(f"{path}/invoice")
    cast.clock.go_on(days=60)
    for amount in (5_000, 10_000, -2_000):
        given = {"amount": amount, "currency": "CAD", "received_on": cast.desk.today().isoformat()}
        record_payment(cast.desk, cast.bob, request_id, read_received(given))
        follower.look(path)
        follower.look(f"{path}/invoice")


def test_decisions_letters_and_what_becomes_of_them(cast, follower):
    request_id, path = ask(cast, follower, verified=True)
    text, *others = items_of(cast, request_id)
    conditions = [
        {"code": code, "modality": "must"} for code in ("credit_author", "voucher_copy", "canonical_tag")
    ]
    narrower = {"conditions": conditions, "use": {"territory": "CA", "end": "2027-06-30"}}
    deciding.decide(cast.desk, cast.bob, request_id, text.id, "granted", narrower)
    for item, (decision, details) in zip(
        others,
        (("declined", {"reason": "Kept from everybody."}), ("referred", {"owner": "Tomas Rehn"})),
        strict=False,
    ):
        if item.decision is None:
            deciding.decide(cast.desk, cast.bob, request_id, item.id, decision, details)
    for item in items_of(cast, request_id):
        if item.decision is None:
            deciding.decide(cast.desk, cast.bob, request_id, item.id, "referred", {"owner": "Tomas Rehn"})
    letter = issuing.issue(cast.desk, cast.bob, request_id)
    follower.known |= {letter.number}
    follower.look(path)
    follower.send(f"{path}/withdraw", {}, 409, seen_on=f"{path}/withdraw")
    follower.send(f"{path}/messages", {"text": "On page 12."}, 409, seen_on=f"{path}/withdraw")
    follower.look(f"{path}/extend/{letter.id}")
    wrong = {"formats.0.print_run": "lots", "end": "soon", "territory": "Atlantis"}
    follower.send(f"{path}/extend/{letter.id}", wrong, 422, seen_on=f"{path}/extend/{letter.id}")
    follower.send(f"{path}/extend/{letter.id}", {}, 422, seen_on=f"{path}/extend/{letter.id}")
    notice = revoking.revoke(cast.desk, cast.bob, letter.id, "Granted by mistake.")
    follower.known |= {notice.number}
    follower.look(path)


def test_what_is_withdrawn_or_lapsed(cast, follower):
    _, path = ask(cast, follower, verified=True)
    follower.visitor.post(f"{path}/withdraw", {}, seen_on=f"{path}/withdraw")
    follower.look(f"{path}?withdrawn=1")
    request_id, path = ask(cast, follower, verified=True)
    attending.ask_requester(cast.desk, cast.bob, request_id, "Which page will it stand on?")
    cast.clock.go_on(days=400)
    assert lapsing.lapse_requests(cast.desk) == 1
    follower.look(path)


def test_a_dead_link_says_so_in_the_readers_language(follower):
    for path in ("/requests/" + "A" * 32, "/owner/" + "A" * 32, "/confirm/" + "A" * 32):
        follower.look(path, 404)
    german = follower.visitor.get("/desk/nowhere", headers={"accept": "text/html", "accept-language": "de"})
    assert '<html lang="en" dir="ltr">' in german.text, "the desk speaks English, and so do its errors"


def test_the_page_speaks_the_language_of_the_request(cast, visitor, follower):
    piece = own_piece(cast)
    form = {
        "pieces": [piece.id],
        "name": cast.alice.name,
        "email": cast.alice.email,
        "use": USE,
        "language": "fr",
    }
    sent = requesting.submit_request(cast.desk, form, verified=True)
    path = f"/requests/{links.token_for(cast.desk, 'requester', sent.request_id)}"
    page = visitor.get(path, headers={"accept": "text/html", "accept-language": "de"})
    assert '<html lang="fr" dir="ltr">' in page.text
    assert "C’est à Harbour Review" in page.text
    assert {each.strip() for each in page.headers["vary"].split(",")} >= {"Accept-Language", "Cookie"}
    assert page.headers["cache-control"] == "no-store"
    price = quoting.offer(cast.desk, cast.bob, sent.request_id, quoting.by_hand([("Reprint", 12_000)], "EUR"))
    assert price
    assert "Le prix\u00a0: 120,00\u00a0€" in visitor.get(path).text


@pytest.mark.parametrize(("accepted", "proposed"), [("fr-CA, en;q=0.5", "fr"), ("fi", "en")])
def test_the_form_proposes_the_language_of_the_browser_for_mails_and_the_letter(
    cast, visitor, accepted, proposed
):
    path = f"/request?pieces={own_piece(cast).id}"
    page = visitor.get(path, headers={"accept": "text/html", "accept-language": accepted}).text
    (field,) = re.findall(r'<select[^>]*name="mail_language".*?</select>', page, re.DOTALL)
    assert re.findall(r'<option value="([^"]+)" selected', field) == [proposed]
