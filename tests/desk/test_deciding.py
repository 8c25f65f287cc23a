"""A decision made again: possible until the request has a letter, each change journaled with what it replaces."""

import pytest

from ledger.desk.letters import issuing
from ledger.desk.links import token_for
from ledger.desk.refusals import BadInput, Clash, NotAllowed, NotFound
from ledger.desk.requests import deciding, following
from ledger.journal.entry import read_leaf
from ledger.letters.markup import preview_html
from ledger.records.failures import Stale
from ledger.records.journal_reading import entries
from ledger.records.letters import load_obligations
from ledger.records.tenant import Tenant
from ledger.rights.codes import ConditionCode
from ledger.rights.policies import condition_of
from ledger.rights.wire import to_plain
from tests.cast import Cast
from tests.web.asked import ask_for, items_of, own_piece, row_of

NO = {"reason": "Not at present."}


@pytest.fixture
def decided(cast: Cast) -> tuple[str, str, str]:
    """A request whose two parts are declined: its id and those of the parts (own text, another's photo)."""
    request_id = ask_for(cast, own_piece(cast))
    text, photo = (item.id for item in items_of(cast, request_id))
    for each in (text, photo):
        deciding.decide(cast.desk, cast.bob, request_id, each, "declined", NO)
    return request_id, text, photo


def decisions(cast: Cast) -> list[dict[str, object]]:
    with cast.desk.database.reading() as connection:
        read = [read_leaf(each.leaf) for each in entries(connection, cast.harbour.id)]
    return [dict(each.payload) for each in read if each.kind == "item.decided"]


def test_a_decision_is_made_again_before_the_letter_and_both_stand_in_the_journal(
    cast: Cast, decided: tuple[str, str, str]
) -> None:
    request_id, text, _ = decided
    before = row_of(cast, request_id)
    first = items_of(cast, request_id)[0]
    row = deciding.decide(cast.desk, cast.bob, request_id, text, "granted", again=True)
    assert (row.state, row.closed_at, row.version) == ("decided", before.closed_at, before.version + 1)
    item = items_of(cast, request_id)[0]
    assert item.decision == "granted"
    assert item.document is not None
    assert "reason" not in item.document
    *_, last = decisions(cast)
    assert last["replaces"] == {"outcome": "declined", "entry": first.decision_seq}
    assert [each["outcome"] for each in decisions(cast)] == ["declined", "declined", "granted"]
    assert issuing.issue(cast.desk, cast.bob, request_id).kind == "grant"


def test_the_change_is_told_to_colleagues_and_not_to_the_requester(
    cast: Cast, decided: tuple[str, str, str]
) -> None:
    request_id, text, _ = decided
    deciding.decide(cast.desk, cast.bob, request_id, text, "referred", {"owner": "Tomas Rehn"}, again=True)
    status = following.status(cast.desk, token_for(cast.desk, "requester", request_id))
    assert "was changed" not in str(status.events)


def test_nothing_is_changed_by_mistake_or_without_a_decision(cast: Cast) -> None:
    request_id = ask_for(cast, own_piece(cast))
    text, _ = (item.id for item in items_of(cast, request_id))
    with pytest.raises(Clash, match="not been decided yet"):
        deciding.decide(cast.desk, cast.bob, request_id, text, "granted", again=True)
    deciding.decide(cast.desk, cast.bob, request_id, text, "granted")
    with pytest.raises(Clash, match="decided already"):
        deciding.decide(cast.desk, cast.bob, request_id, text, "declined", NO)
    row = deciding.decide(cast.desk, cast.bob, request_id, text, "declined", NO, again=True)
    assert row.state == "in_review"  # the other part is still to be decided


def test_a_grant_is_made_again_though_the_first_was_exclusive(cast: Cast) -> None:
    request_id = ask_for(cast, own_piece(cast), exclusivity="exclusive")
    text, photo = (item.id for item in items_of(cast, request_id))
    deciding.decide(cast.desk, cast.bob, request_id, text, "granted", {"credit_line": "By E. Amsel."})
    deciding.decide(cast.desk, cast.bob, request_id, photo, "declined", NO)
    again = {"credit_line": "By Edith Amsel."}
    deciding.decide(cast.desk, cast.bob, request_id, text, "granted", again, again=True)
    document = items_of(cast, request_id)[0].document
    assert document is not None
    assert document["grant"]["credit_line"] == "By Edith Amsel."


def test_once_there_is_a_letter_even_one_being_prepared_a_decision_stands(
    cast: Cast, decided: tuple[str, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    request_id, text, _ = decided
    monkeypatch.setattr(issuing, "finish", lambda *_: None)
    issuing.issue(cast.desk, cast.bob, request_id)
    with pytest.raises(Clash, match="letter"):
        deciding.decide(cast.desk, cast.bob, request_id, text, "granted", again=True)
    assert items_of(cast, request_id)[0].decision == "declined"


def test_a_request_that_was_withdrawn_is_left_alone(cast: Cast) -> None:
    request_id = ask_for(cast, own_piece(cast))
    text, _ = (item.id for item in items_of(cast, request_id))
    deciding.decide(cast.desk, cast.bob, request_id, text, "declined", NO)
    following.withdraw(cast.desk, token_for(cast.desk, "requester", request_id))
    with pytest.raises(Clash, match="withdrawn"):
        deciding.decide(cast.desk, cast.bob, request_id, text, "granted", again=True)


def test_who_may_not_decide_may_not_change_a_decision(cast: Cast, decided: tuple[str, str, str]) -> None:
    request_id, text, _ = decided
    with pytest.raises(NotAllowed):
        deciding.decide(cast.desk, cast.edith, request_id, text, "granted", again=True)
    with pytest.raises(NotFound):
        deciding.decide(cast.desk, cast.charlie, request_id, text, "granted", again=True)


def test_the_second_of_two_who_change_it_is_told(cast: Cast, decided: tuple[str, str, str]) -> None:
    request_id, text, _ = decided
    seen = row_of(cast, request_id).version
    deciding.decide(cast.desk, cast.bob, request_id, text, "granted", version=seen, again=True)
    with pytest.raises((Clash, Stale)):
        deciding.decide(cast.desk, cast.bob, request_id, text, "declined", NO, version=seen, again=True)


def test_the_credit_is_one_duty_though_two_conditions_ask_for_it(cast: Cast) -> None:
    request_id = ask_for(cast, own_piece(cast))
    text, photo = (item.id for item in items_of(cast, request_id))
    codes = (ConditionCode.CREDIT_AUTHOR, ConditionCode.EXACT_CREDIT_LINE, ConditionCode.CREDIT_PUBLISHER)
    conditions = [to_plain(condition_of(code)) for code in codes]
    deciding.decide(cast.desk, cast.bob, request_id, text, "granted", {"conditions": conditions})
    deciding.decide(cast.desk, cast.bob, request_id, photo, "declined", NO)
    letter = issuing.issue(cast.desk, cast.bob, request_id)
    with cast.desk.database.reading() as connection:
        duties = load_obligations(Tenant(connection, cast.harbour.id), letter.id)
    assert [each.text for each in duties].count("Print the credit line as the letter gives it") == 1


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"territory": "world"}, "use.territory"),
        ({"formats": [{"format": "hardback", "print_run": 1501}]}, "use.formats"),
        ({"formats": [{"format": "paperback", "print_run": 10}]}, "use.formats"),
        ({"end": "2029-01-01"}, "use.end"),
        ({"duration": "perpetual", "end": None}, "use.duration"),
        ({"actions": ["print", "translate"]}, "use.actions"),
        ({"exclusivity": "exclusive"}, "use.exclusivity"),
        ({"sublicensing": True}, "use.sublicensing"),
        ({"language": "fr"}, "use.language"),
    ],
)
def test_nobody_is_granted_more_than_they_asked_for(cast: Cast, more: dict[str, object], field: str) -> None:
    request_id = ask_for(cast, own_piece(cast), territory=["CA"], duration="fixed_term", end="2028-01-01")
    text, _ = items_of(cast, request_id)
    with pytest.raises(BadInput) as refused:
        deciding.decide(cast.desk, cast.bob, request_id, text.id, "granted", {"use": more})
    assert field in refused.value.errors
    assert "more than was asked for" in refused.value.errors[field]
    assert items_of(cast, request_id)[0].decision is None


def test_less_than_was_asked_for_may_be_granted_and_the_letter_says_so(cast: Cast) -> None:
    request_id = ask_for(cast, own_piece(cast))
    text, photo = items_of(cast, request_id)
    less = {"territory": ["CA"], "formats": [{"format": "hardback", "print_run": 500}]}
    deciding.decide(cast.desk, cast.bob, request_id, text.id, "granted", {"use": less})
    deciding.decide(cast.desk, cast.bob, request_id, photo.id, "declined", NO)
    (letter,) = issuing.preview(cast.desk, cast.bob, request_id)
    said = preview_html(letter)
    assert "500" in said
    assert "1,500" not in said
    assert "Canada" in said


@pytest.mark.parametrize(
    ("decision", "details", "field"),
    [
        ("referred", {"owner": ["Meridian Wire"]}, "owner"),
        ("referred", {"owner": "Meridian Wire", "contact": {"url": "https://meridian.example"}}, "contact"),
        ("referred", {"owner": "Meridian Wire", "contact": "x" * 501}, "contact"),
        (
            "referred",
            {"owner": "Meridian Wire", "contact": "rights@meridian.example\nBcc: x@y.example"},
            "contact",
        ),
        ("declined", {"reason": {"said": "no"}}, "reason"),
        ("granted", {"use": [1]}, "use"),
        ("granted", {"use": 5}, "use"),
        ("granted", {"credit_line": 5}, "credit_line"),
        ("granted", {"credit_line": "x" * 1_001}, "credit_line"),
    ],
)
def test_what_a_program_sends_in_the_wrong_shape_is_refused_with_its_field(
    cast: Cast, decision: str, details: dict[str, object], field: str
) -> None:
    """Kept as it came, it would be found out only by the letter, which then could never be made."""
    request_id = ask_for(cast, own_piece(cast))
    item = items_of(cast, request_id)[0].id
    with pytest.raises(BadInput) as refused:
        deciding.decide(cast.desk, cast.bob, request_id, item, decision, details)
    assert list(refused.value.errors) == [field]
    assert items_of(cast, request_id)[0].decision is None
