"""The desk's letters: listed, downloaded, ticked off, revoked; and nobody else's."""

from datetime import timedelta

import pytest
from lxml import html

from ledger.desk import links
from ledger.desk.letters import issuing, revoking
from ledger.desk.letters.letter_life import matter_of
from ledger.desk.requests import deciding, topping_up
from ledger.records.letters import load_letter, load_obligations
from ledger.records.pieces import load_piece
from ledger.records.request_rows import LetterRow
from ledger.records.requests import load_request
from ledger.records.tenant import Tenant
from tests.cast import Cast
from tests.web.asked import ask_for, come_in, items_of, own_piece
from tests.web.asking import mails
from tests.web.browsing import Visitor


@pytest.fixture
def letter(cast: Cast) -> LetterRow:
    """A grant that asks for a voucher copy."""
    request_id = ask_for(cast, own_piece(cast))
    text, photo = items_of(cast, request_id)
    details = {"conditions": [{"code": "voucher_copy", "modality": "must", "timing": "after"}]}
    deciding.decide(cast.desk, cast.bob, request_id, text.id, "granted", details)
    deciding.decide(cast.desk, cast.bob, request_id, photo.id, "declined", {"reason": "Not ours."})
    return issuing.issue(cast.desk, cast.bob, request_id)


def test_letters_are_listed_by_state_and_downloaded(cast: Cast, visitor: Visitor, letter: LetterRow) -> None:
    come_in(cast, visitor, "edith")
    assert letter.number in visitor.get("/desk/letters").text
    assert letter.number in visitor.get("/desk/letters?state=issued&after=rubbish").text
    assert letter.number not in visitor.get("/desk/letters?state=revoked").text
    file = visitor.get(f"/desk/letters/{letter.id}/file")
    assert file.content.startswith(b"%PDF-")
    assert f'filename="{letter.number}.pdf"' in file.headers["content-disposition"]


def test_a_letter_tells_what_it_rests_on_and_where_its_proof_is(
    cast: Cast, visitor: Visitor, letter: LetterRow
) -> None:
    text = come_in(cast, visitor, "bob").get(f"/desk/letters/{letter.id}").text
    assert "Harbour Review is the holder" in text
    assert f"/journal/harbour-review/proof/{letter.decision_seq}" in text
    assert f"/verify/{letter.number}" in text
    assert visitor.get(f"/journal/harbour-review/proof/{letter.decision_seq}").status_code == 200


def test_a_duty_is_ticked_off_once(cast: Cast, visitor: Visitor, letter: LetterRow) -> None:
    with cast.desk.database.reading() as connection:
        (duty,) = load_obligations(Tenant(connection, cast.harbour.id), letter.id)
    path = f"/desk/letters/{letter.id}"
    come_in(cast, visitor, "edith")
    tick = f"{path}/duties/{duty.id}"
    assert visitor.post(tick, {f"{duty.id}.note": "Came by post."}, seen_on=path).status_code == 303
    assert "Came by post." in visitor.get(path).text
    again = visitor.post(tick, seen_on=path)
    assert again.status_code == 409
    assert "ticked off already" in again.text
    assert visitor.post(f"{path}/duties/ob_none", seen_on=path).status_code == 404


def test_revoking_needs_a_reason_and_then_shows_everywhere(
    cast: Cast, visitor: Visitor, letter: LetterRow
) -> None:
    path = f"/desk/letters/{letter.id}"
    come_in(cast, visitor, "bob")
    bad = visitor.post(f"{path}/revoke", {"reason": "", "effective": "2020-01-01"}, seen_on=path)
    assert bad.status_code == 422
    assert "Give the reason" in bad.text
    assert "days that are over" in bad.text
    long = visitor.post(f"{path}/revoke", {"reason": "x" * 5_001}, seen_on=path)
    assert (long.status_code, "5,000 characters" in long.text) == (422, True)
    wrong_day = visitor.post(f"{path}/revoke", {"reason": "Broken.", "effective": "soon"}, seen_on=path)
    assert wrong_day.status_code == 422
    assert "Broken." in wrong_day.text
    mistyped = visitor.post(f"{path}/revoke", {"reason": "Sold.", "effective": "2126-01-01"}, seen_on=path)
    assert (mistyped.status_code, "more than a year away" in mistyped.text) == (422, True)
    done = visitor.post(f"{path}/revoke", {"reason": "The terms were broken."}, seen_on=path)
    assert done.status_code == 303
    assert "The terms were broken." in visitor.get(done.headers["location"]).text
    shown = visitor.get(path).text
    assert "Revoked" in shown
    assert "Revoke letter" not in shown
    assert visitor.post(f"{path}/revoke", {"reason": "Again."}, seen_on=path).status_code == 409
    assert letter.number in visitor.get("/desk/letters?state=revoked").text


def test_a_letter_revoked_from_a_later_day_is_shown_to_hold_until_then(
    cast: Cast, visitor: Visitor, letter: LetterRow
) -> None:
    revoking.revoke(cast.desk, cast.bob, letter.id, "Sold.", cast.desk.today() + timedelta(days=10))
    come_in(cast, visitor, "bob")
    for path, said in (
        ("/desk/letters", "it holds until then"),
        (f"/desk/letters/{letter.id}", "it holds until"),
    ):
        assert said in visitor.get(path).text
    cast.clock.go_on(days=10)
    come_in(cast, visitor, "bob")
    for path in ("/desk/letters", f"/desk/letters/{letter.id}"):
        assert "it holds until" not in visitor.get(path).text


def test_an_error_is_put_right_by_a_letter_that_is_seen_before_it_is_issued(
    cast: Cast, visitor: Visitor, letter: LetterRow
) -> None:
    path = f"/desk/letters/{letter.id}"
    come_in(cast, visitor, "bob")
    assert f"{path}/supersede" in visitor.get(path).text
    form = visitor.get(f"{path}/supersede").text
    assert 'value="Fenwick Books"' in form
    assert 'value="Waiting at the Narrows"' in form
    place = {"seen_on": f"{path}/supersede"}
    same = {"licensee": "Fenwick Books", "use.title": "Waiting at the Narrows"}
    nothing = visitor.post(f"{path}/supersede/preview", same, **place)
    assert (nothing.status_code, "Nothing differs" in nothing.text) == (422, True)
    right = {**same, "licensee": "Fenwick Books & Co. Ltd", "use.end": ""}
    wrong = visitor.post(f"{path}/supersede/preview", {**right, "use.identifier": "123"}, **place)
    assert (wrong.status_code, "no valid ISBN" in wrong.text) == (422, True)
    assert "Fenwick Books &amp; Co. Ltd" in wrong.text
    shown = visitor.post(f"{path}/supersede/preview", right, **place)
    assert shown.status_code == 200
    assert "This letter replaces letter" in shown.text
    assert "No letter here" in visitor.get("/desk/letters?state=superseded").text
    done = visitor.post(f"{path}/supersede", right, **place)
    assert done.status_code == 303
    new = visitor.get(done.headers["location"]).text
    assert f'takes the place of letter <a href="{path}">{letter.number}</a>' in new
    old = visitor.get(path).text
    assert "has taken the place of this one" in old
    assert f"{path}/supersede" not in old
    assert "nothing to correct" in visitor.get(f"{path}/supersede").text
    again = visitor.post(f"{path}/supersede", right, seen_on="/desk/settings")
    assert (again.status_code, "nothing left to replace" in again.text) == (409, True)
    seen = visitor.get(f"/verify/{letter.number}").text
    assert "has taken its place: ask for that one" in seen


def fields_of(text: str) -> dict[str, object]:
    """What a browser would send of the form that shows the corrected letter."""
    form = html.fromstring(text).xpath("//form[contains(@action, 'supersede/preview')]")[0]
    found: dict[str, list[str]] = {}
    for (
        name,
        value,
    ) in form.form_values():  # the newline that begins a textarea is none of its value (HTML, 4.10.11)
        found.setdefault(name, []).append(value.removeprefix("\n"))
    return {name: values if len(values) > 1 else values[0] for name, values in found.items()}


def two_formats(cast: Cast) -> LetterRow:
    """A grant for Canada and France, in English, of 2,000 bound copies and 500 e-books."""
    runs = [{"format": "hardback", "print_run": 2000, "price": 2400, "currency": "CAD"}]
    runs.append({"format": "ebook", "print_run": 500})
    request_id = ask_for(cast, own_piece(cast), formats=runs, territory=["CA", "FR"])
    text, photo = items_of(cast, request_id)
    deciding.decide(cast.desk, cast.bob, request_id, text.id, "granted")
    deciding.decide(cast.desk, cast.bob, request_id, photo.id, "declined", {"reason": "Not ours."})
    return issuing.issue(cast.desk, cast.bob, request_id)


def test_countries_language_and_copies_are_corrected_on_the_form(cast: Cast, visitor: Visitor) -> None:
    letter = two_formats(cast)
    path = f"/desk/letters/{letter.id}/supersede"
    come_in(cast, visitor, "bob")
    sent = fields_of(visitor.get(path).text)
    assert sent["use.territory"] == "Canada, France"
    assert (sent["use.language"], sent["use.copies.ebook"]) == ("en", "500")
    assert sent["use.formats"] == ["", "hardback", "ebook"]
    nothing = visitor.post(f"{path}/preview", sent, seen_on=path)
    assert (nothing.status_code, "Nothing differs" in nothing.text) == (422, True)
    less = {
        **sent,
        "use.territory": "canada",
        "use.copies.hardback": "1,500",
        "use.formats": ["", "hardback"],
    }
    shown = visitor.post(f"{path}/preview", less, seen_on=path)
    assert shown.status_code == 200
    hidden = fields_of(shown.text)
    assert (hidden["use.territory"], hidden["use.copies.hardback"]) == ("canada", "1,500")
    done = visitor.post(path, hidden, seen_on=path)
    assert done.status_code == 303
    with cast.desk.database.reading() as connection:
        new = load_letter(Tenant(connection, cast.harbour.id), done.headers["location"].rsplit("/", 1)[1])
    assert new is not None
    matter = matter_of(new)
    assert matter.grant is not None
    assert matter.grant.scope.territory.included == {"CA"}
    assert matter.grant.scope.formats == {"hardback"}
    (run,) = matter.use.formats
    assert (run.print_run, run.price, run.currency) == (1500, 2400, "CAD")  # its price is not lost


WRONG = [
    ({"use.territory": "Atlantis"}, 422, "use.territory", "We know no country “Atlantis”"),
    ({"use.territory": ""}, 422, "use.territory", "Without it the letter would grant more"),
    ({"use.territory": "Canada, Japan"}, 409, "use.territory", "more than the letter granted"),
    ({"use.language": "fr"}, 409, "use.language", "more than the letter granted"),
    ({"use.copies.hardback": "many"}, 422, "use.copies.hardback", "as a whole number"),
    ({"use.copies.hardback": ""}, 422, "use.copies.hardback", "as a whole number"),
    ({"use.copies.hardback": "9000"}, 409, "use.formats", "more than the letter granted"),
    ({"use.formats": ""}, 422, "use.formats", "Keep at least one"),
]


@pytest.mark.parametrize(("change", "status", "field", "words"), WRONG, ids=str)
def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    cast: Cast, visitor: Visitor, change: dict[str, str], status: int, field: str, words: str
) -> None:
    letter = two_formats(cast)
    path = f"/desk/letters/{letter.id}/supersede"
    come_in(cast, visitor, "bob")
    typed = {**fields_of(visitor.get(path).text), "reason": "A slip.", "use.author": "Ann Ferro", **change}
    for act in (f"{path}/preview", path):
        refused = visitor.post(act, typed, seen_on=path)
        assert refused.status_code == status
        tree = html.fromstring(refused.text)
        beside = tree.xpath(f"//*[contains(@class, 'wrong')][.//*[@name='{field}']]")
        assert words in " ".join(each.text_content() for each in beside), refused.text
        kept = fields_of(refused.text)
        assert {name: kept.get(name, "") for name in typed} == typed
    with cast.desk.database.reading() as connection:
        same = load_letter(Tenant(connection, cast.harbour.id), letter.id)
    assert same is not None
    assert same.state == "issued"


def test_an_amended_letter_sends_the_officer_to_its_amendment(cast: Cast, visitor: Visitor) -> None:
    letter = two_formats(cast)
    with cast.desk.database.reading() as connection:
        row = load_request(Tenant(connection, cast.harbour.id), letter.request_id or "")
    assert row is not None
    more = {"formats": [{"format": "hardback", "print_run": 5000}, {"format": "ebook", "print_run": 500}]}
    sent = topping_up.ask_for_top_up(cast.desk, row, letter, more)
    text, *rest = items_of(cast, sent.request_id)
    deciding.decide(cast.desk, cast.bob, sent.request_id, text.id, "granted")
    for item in rest:
        deciding.decide(cast.desk, cast.bob, sent.request_id, item.id, "declined", {"reason": "Not ours."})
    amendment = issuing.issue(cast.desk, cast.bob, sent.request_id)
    come_in(cast, visitor, "bob")
    assert f"/desk/letters/{letter.id}/supersede" in visitor.get(f"/desk/letters/{letter.id}").text
    text = visitor.get(f"/desk/letters/{letter.id}/supersede").text
    assert f"/desk/letters/{amendment.id}/supersede" in text
    assert f"Correct {amendment.number} instead" in text
    assert "supersede/preview" not in text
    form = visitor.get(f"/desk/letters/{amendment.id}/supersede").text
    assert "supersede/preview" in form


def test_an_editor_may_not_revoke_and_another_publisher_finds_nothing(
    cast: Cast, visitor: Visitor, letter: LetterRow
) -> None:
    path = f"/desk/letters/{letter.id}"
    come_in(cast, visitor, "edith")
    assert visitor.post(f"{path}/revoke", {"reason": "No."}, seen_on="/desk/settings").status_code == 403
    assert visitor.post(f"{path}/file", seen_on="/desk/settings").status_code == 403
    assert visitor.get(f"{path}/supersede").status_code == 403
    for act in ("supersede", "supersede/preview"):
        given = {"licensee": "Another"}
        assert visitor.post(f"{path}/{act}", given, seen_on="/desk/settings").status_code == 403
    come_in(cast, visitor, "charlie")
    assert visitor.get(path).status_code == 404
    assert visitor.get(f"{path}/file").status_code == 404
    for act in ("revoke", "file", "duties/ob_none"):
        assert visitor.post(f"{path}/{act}", {"reason": "No."}, seen_on="/desk/settings").status_code == 404
    assert letter.number not in visitor.get("/desk/letters").text


def test_a_letter_whose_ground_was_withdrawn_is_told_apart(
    cast: Cast, visitor: Visitor, letter: LetterRow
) -> None:
    come_in(cast, visitor, "bob")
    with cast.desk.database.reading() as connection:
        loaded = load_piece(connection, letter.document["matter"]["piece"]["id"], cast.harbour.id)
    assert loaded is not None
    pages = (f"/desk/letters/{letter.id}", f"/desk/pieces/{loaded.piece.id}")
    assert not any("ground has changed" in visitor.get(path).text for path in pages)
    for claim in loaded.piece.claims:
        act = f"/desk/pieces/{loaded.piece.id}/claims/{claim.id}/withdraw"
        bare = visitor.post(act, {}, seen_on=pages[1])
        assert bare.status_code == 422
        assert f'id="f-reason-{claim.id}-error"' in bare.text
        assert f"to {letter.assignee}" in bare.text
        given = {f"reason.{claim.id}": "The claim was filed in error."}
        assert visitor.post(act, given, seen_on=pages[1]).status_code == 303
    for path in pages:
        assert "ground has changed" in visitor.get(path).text, path
    assert "could not be granted today" in visitor.get(pages[0]).text
    revoking.revoke(cast.desk, cast.bob, letter.id, "The claim was filed in error.")
    assert not any("ground has changed" in visitor.get(path).text for path in pages)


def test_the_holder_says_that_a_duty_is_done_and_the_desk_ticks_it_off(
    cast: Cast, visitor: Visitor, letter: LetterRow
) -> None:
    with cast.desk.database.reading() as connection:
        (duty,) = load_obligations(Tenant(connection, cast.harbour.id), letter.id)
    path = f"/requests/{links.token_for(cast.desk, 'requester', letter.request_id or '')}"
    assert "Say that it is done" in visitor.get(path).text
    said = {f"duty.{duty.id}": "Sent <by post>."}
    assert visitor.post(f"{path}/duties/{duty.id}", said).status_code == 303
    assert visitor.post(f"{path}/duties/{duty.id}", said).status_code == 303
    page = visitor.get(path).text
    assert "that it is done." in page
    assert "Say that it is done" not in page
    assert "Done on" not in page, "a report alone ticks nothing off"
    told = [mail for mail in mails(cast) if mail["recipient"] == "rights@harbour-review.example"]
    assert len(told) == 1
    assert "Sent <by post>." in told[0]["text"]
    assert visitor.post(f"{path}/duties/ob_none").status_code == 404
    come_in(cast, visitor, "bob")
    shown = visitor.get(f"/desk/letters/{letter.id}").text
    assert "Its holder says that it is done" in shown
    assert "Sent &lt;by post&gt;." in shown
    visitor.post(f"/desk/letters/{letter.id}/duties/{duty.id}", seen_on=f"/desk/letters/{letter.id}")
    assert "Done on" in visitor.get(path).text
    late = visitor.post(f"{path}/duties/{duty.id}", said)
    assert late.status_code == 409
