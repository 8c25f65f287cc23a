"""The JSON door: the same acts, and the journals served as transparency logs."""

from base64 import b64encode

import pytest
from litestar.testing import TestClient

from ledger.app import create_app
from ledger.cli.demo_matter import TARIFF
from ledger.desk.letters import issuing
from ledger.desk.links import token_for
from ledger.desk.register.registering import draft_piece, register_piece
from ledger.desk.requests import deciding, following, quoting
from ledger.desk.requests.opened import open_request
from ledger.desk.requests.requesting import submit_request
from ledger.journal.note import Verifier, open_checkpoint
from ledger.journal.tree import leaf_hash
from tests.application import application
from tests.desk.conftest import pages  # noqa: F401
from tests.desk.test_main_job import CROSS_POST, form, items_of, own, wire  # noqa: F401


@pytest.fixture
def api(cast):
    with TestClient(application(cast), base_url=cast.settings.base_url) as client:
        yield client


def as_staff(cast, name):
    return {"Authorization": f"Bearer {cast.token(name)}"}


def test_the_public_lookup_and_the_answer(api, cast, wire):
    found = api.get("/api/pieces", params={"url": wire.urls[0]}).json()
    assert found["id"] == wire.id
    answer = api.post("/api/answer", json={"piece": wire.urls[0], "use": CROSS_POST}).json()
    assert answer["outcome"] == "ask"
    assert answer["ask"]["party"] == "Meridian Wire"
    assert api.get("/api/pieces", params={"url": "https://nowhere.example/"}).status_code == 404


def test_a_wrong_use_names_the_field(api, wire):
    refused = api.post("/api/answer", json={"piece": wire.id, "use": {"territory": "Atlantis"}})
    assert refused.status_code == 422
    assert "territory" in str(refused.json())


@pytest.mark.parametrize("standard", ["odrl", "schema.org", "ninjs", "rsl", "tdmrep"])
def test_rights_in_other_standards_forms(api, wire, standard):
    assert api.get(f"/api/pieces/{wire.id}/as/{standard}").status_code == 200


def test_a_request_is_sent_decided_and_answered_with_a_letter(api, cast, own):
    sent = api.post("/api/requests", json=form(cast, own.id)).json()
    bob = as_staff(cast, "bob")
    place = f"/api/publishers/harbour-review/requests/{sent['request']}"
    assert api.get(place, headers=bob).status_code == 404  # the address is not confirmed yet
    from ledger.desk.requests.requesting import confirm_address

    confirm_address(cast.desk, token_for(cast.desk, "verify", sent["request"]))
    for item in api.get(place, headers=bob).json()["items"]:
        mine = item["component"] == own.components[0].id
        decision = {
            "item": item["item"],
            "decision": "granted" if mine else "declined",
            "reason": "Not ours.",
        }
        assert api.post(f"{place}/decisions", json=decision, headers=bob).status_code == 200
    letter = api.post(f"{place}/letter", headers=bob, json={}).json()
    assert letter["state"] == "issued"
    token = sent["status_url"].rpartition("/")[2]
    assert api.get(f"/api/requests/{token}").json()["letters"][0]["number"] == letter["number"]
    replacing = f"/api/publishers/harbour-review/letters/{letter['letter']}/supersede"
    right = {"licensee": "Fenwick Books Limited"}
    shown = api.post(f"{replacing}?preview=1", headers=bob, json=right).json()
    assert "Now: Fenwick Books Limited" in {
        line for clause in shown["clauses"] for line in clause["text"].splitlines()
    }
    wider = api.post(replacing, headers=bob, json={"use": {"language": "fr"}})
    assert (wider.status_code, "top-up" in wider.text) == (409, True)
    assert api.post(replacing, headers=bob, json={"use": {"portion": "excerpt"}}).status_code == 422
    new = api.post(replacing, headers=bob, json=right)
    assert (new.status_code, new.json()["state"]) == (201, "issued")
    states = {each["number"]: each["state"] for each in api.get(f"/api/requests/{token}").json()["letters"]}
    assert states == {letter["number"]: "superseded", new.json()["number"]: "issued"}
    assert api.post(replacing, headers=bob, json=right).status_code == 409


def test_a_price_for_less_is_offered_and_charged(api, cast, own):
    quoting.record_tariff(cast.desk, cast.bob, TARIFF)
    runs = [{"format": "hardback", "print_run": 1500}]
    asked = form(cast, own.id)
    asked["use"] |= {"product": "anthology", "formats": runs}
    request_id = submit_request(cast.desk, asked, verified=True).request_id
    bob, place = as_staff(cast, "bob"), f"/api/publishers/harbour-review/requests/{request_id}"
    more = api.post(f"{place}/quotes", json={"copies": {"hardback": 1501}}, headers=bob)
    assert (more.status_code, "more than was asked" in more.text) == (422, True)
    offered = api.post(
        f"{place}/quotes", json={"copies": {"hardback": 400}, "payment_first": False}, headers=bob
    )
    assert offered.status_code == 201
    alice = token_for(cast.desk, "requester", request_id)
    (quote,) = following.status(cast.desk, alice).quotes
    assert quote.total == 9_000
    following.answer_offer(cast.desk, alice, quote.id, accept=True)
    mine = next(each for each in items_of(cast, request_id))
    grant = {"item": mine, "decision": "granted", "fee": {"minor": 9_000, "currency": "CAD"}}
    refused = api.post(f"{place}/decisions", json=grant, headers=bob)
    assert (refused.status_code, "costs 180.00 CAD" in refused.text) == (422, True)
    assert api.post(f"{place}/decisions", json={**grant, "price_seen": "yes"}, headers=bob).status_code == 422
    assert api.post(f"{place}/decisions", json={**grant, "price_seen": True}, headers=bob).status_code == 200


def test_a_letter_that_is_being_prepared_has_no_file_yet(api, cast, own):
    sent = submit_request(cast.desk, form(cast, own.id), verified=True)
    items = items_of(cast, sent.request_id)
    deciding.decide_items(cast.desk, cast.bob, sent.request_id, items, "declined", {"reason": "Not now."})
    with cast.desk.database.writing() as connection:
        opened = open_request(connection, cast.bob, sent.request_id)
        (prepared,) = issuing.prepare(cast.desk, opened.tenant, opened.row, cast.bob.person_id)
    file = f"/api/publishers/harbour-review/letters/{prepared.id}/file"
    missing = api.get(file, headers=as_staff(cast, "bob"))
    assert missing.status_code == 404
    assert "still being prepared" in missing.json()["detail"]
    issuing.finish(cast.desk, cast.harbour.id, prepared.id)
    assert api.get(file, headers=as_staff(cast, "bob")).content.startswith(b"%PDF")


def test_nobody_else_sees_or_decides(api, cast, own):
    sent = api.post("/api/requests", json=form(cast, own.id)).json()
    place = f"/api/publishers/harbour-review/requests/{sent['request']}"
    assert api.get(place).status_code == 401
    assert api.get(place, headers=as_staff(cast, "charlie")).status_code == 404
    assert api.post(f"{place}/letter", json={}, headers=as_staff(cast, "edith")).status_code in (403, 404)


def test_staff_register_a_page(api, cast, pages):
    page = pages["river-survey.html"]
    headers = {**as_staff(cast, "edith"), "Content-Type": "text/html"}
    place = "/api/publishers/harbour-review/pieces"
    assert api.post(place, content=page, headers=headers).status_code == 201
    assert api.post(place, content=b"\x7fELF" + bytes(4000), headers=headers).status_code == 422
    assert api.post(place, content=page, headers=as_staff(cast, "charlie")).status_code == 404


def test_staff_file_a_claim_with_its_document_and_withdraw_it(api, cast, wire):
    bob = as_staff(cast, "bob")
    place = f"/api/publishers/harbour-review/pieces/{wire.id}/claims"
    agency = {"party": "Tide Agency", "role": "agent", "evidence": "We speak for Meridian Wire."}
    shown = {**agency, "document": b64encode(b"%PDF-1.7 a mandate").decode()}
    filed = api.post(place, json=shown, headers=bob)
    assert filed.status_code == 201
    document = filed.json()["evidence"]["document_sha256"]
    assert cast.desk.evidence.get(document) == b"%PDF-1.7 a mandate"
    assert filed.json()["principal"] == wire.claims[0].party.id
    assert "Tide Agency" in {
        each["party"]["name"] for each in api.get(f"/api/pieces/{wire.id}").json()["claims"]
    }
    for field, value in (("document", "not base64!"), ("document", 7), ("role", "king"), ("party", [])):
        refused = api.post(place, json={**agency, field: value}, headers=bob)
        assert (refused.status_code, field in refused.text) == (422, True)
    gone = f"{place}/{filed.json()['claim']}/withdraw"
    assert api.post(gone, json={"reason": ["x"]}, headers=bob).status_code == 422
    assert api.post(gone, json={}, headers=bob).json() == {"claim": filed.json()["claim"], "letters": []}
    assert api.post(gone, json={}, headers=bob).status_code == 404
    assert "Tide Agency" not in api.get(f"/api/pieces/{wire.id}").text


def test_staff_withdraw_a_piece_with_a_reason_and_a_draft_without(api, cast, wire, pages):
    bob, edith = as_staff(cast, "bob"), as_staff(cast, "edith")
    place = "/api/publishers/harbour-review/pieces"
    assert api.post(f"{place}/{wire.id}/withdraw", json={}, headers=bob).status_code == 422
    assert api.post(f"{place}/{wire.id}/withdraw", json={"reason": 7}, headers=bob).status_code == 422
    assert api.get(f"/api/pieces/{wire.id}").status_code == 200
    done = api.post(f"{place}/{wire.id}/withdraw", json={"reason": "Taken down."}, headers=bob)
    assert done.json() == {"piece": wire.id, "state": "withdrawn"}
    assert api.get(f"/api/pieces/{wire.id}").status_code == 404
    assert api.post(f"{place}/{wire.id}/withdraw", json={"reason": "Again."}, headers=bob).status_code == 409
    drafted = draft_piece(cast.desk, cast.edith, pages["river-survey.html"])
    assert api.post(f"{place}/{drafted.piece_id}/withdraw", json={}, headers=edith).status_code == 200


def test_the_journal_is_served_like_a_transparency_log(api, cast, pages):
    register_piece(cast.desk, cast.edith, pages["river-survey.html"])
    prefix = "/journal/harbour-review"
    key = Verifier.parse(api.get(f"{prefix}/key").text.strip())
    checkpoint = open_checkpoint(api.get(f"{prefix}/checkpoint").content, [key])
    size = checkpoint.size
    hashes = api.get(f"{prefix}/tile/0/000.p/{size}").content
    bundle = api.get(f"{prefix}/tile/entries/000.p/{size}").content
    length = int.from_bytes(bundle[:2], "big")
    assert hashes[:32] == leaf_hash(bundle[2 : 2 + length])
    for place in (f"0/000.p/{size}", "0/000.p/1", f"entries/000.p/{size}"):
        answered = api.get(f"{prefix}/tile/{place}")
        assert answered.status_code == 200
        assert answered.headers["content-type"] == "application/octet-stream"
        assert "immutable" in answered.headers["cache-control"]
    for place in (
        "0/000",
        f"0/000.p/{size + 1}",
        "0/000.p/0",
        "0/000.p/256",
        "0/001",
        "1/000",
        "64/000",
        "00/000",
    ):
        assert api.get(f"{prefix}/tile/{place}").status_code == 404, place
    note = api.get(f"{prefix}/checkpoint").headers
    assert (note["content-type"], note["cache-control"]) == ("text/plain; charset=utf-8", "no-cache")
    assert api.get(f"{prefix}/proof/0").content.startswith(b"c2sp.org/tlog-proof@v1")
    assert api.get(f"{prefix}/proof/{size}").status_code == 404
    assert api.get(f"{prefix}/tile/0/x000/000").status_code == 404


def test_a_key_guessed_by_another_does_not_open_the_first_ones_request(cast, pages):
    piece = register_piece(cast.desk, cast.edith, pages["the-signal-house.html"])
    asked = form(cast, piece.id)
    other = {**asked, "name": "Mallory", "email": "mallory@elsewhere.example"}
    app = create_app(cast.settings, cast.desk, cast.enqueue)
    with TestClient(app, base_url=cast.settings.base_url) as client:
        first, again, guessed = (
            client.post("/api/requests", json=body, headers={"idempotency-key": "order-17"}).json()
            for body in (asked, asked, other)
        )
    assert again["status_url"] == first["status_url"]
    assert guessed["status_url"] != first["status_url"]
