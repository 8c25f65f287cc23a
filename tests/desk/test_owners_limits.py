"""An owner may allow less than what was asked: what they set binds every letter, to the one who asked and no other."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.desk.letters import issuing
from ledger.desk.refusals import BadInput, Clash
from ledger.desk.requests import deciding
from ledger.desk.requests.owners_door import answer_enquiry
from ledger.desk.requests.owners_limits import Limits, limit_sentences, narrowed, read_limits
from ledger.desk.requests.referring import enquire
from ledger.desk.requests.requesting import submit_request
from ledger.letters.markup import preview_html
from ledger.rights.bounds import Period, Territory
from ledger.rights.scope import Cap, Scope
from ledger.rights.scope_algebra import within
from ledger.rights.uses import QuantityUnit
from tests.desk.test_main_job import PRINT, form, items_of, wire  # noqa: F401
from tests.desk.test_referring import SIGNED, WORDS, asked, door, enquiry_row  # noqa: F401

LIMITS = {"territory": ["CA", "US"], "copies": "500", "credit_line": "By Meridian Wire, all rights kept."}
WITHIN = {"territory": ["CA"], "formats": [{"format": "hardback", "print_run": 500}]}


def grants_within(cast, enquiry, **limits):
    answer_enquiry(cast.desk, door(cast, enquiry), "grant", {**SIGNED, "words": WORDS, **limits})


def credited(line):
    return [{"code": "exact_credit_line", "modality": "must", "timing": "with", "parameter": line}]


def test_the_use_as_asked_goes_beyond_the_limits_and_a_narrower_one_does_not(cast, asked):
    request_id, (item,), enquiry = asked
    grants_within(cast, enquiry, **LIMITS)
    with pytest.raises(Clash, match="cannot grant this"):
        deciding.decide(cast.desk, cast.bob, request_id, item, "granted")
    details = {"use": WITHIN, "conditions": credited(LIMITS["credit_line"])}
    assert deciding.decide(cast.desk, cast.bob, request_id, item, "granted", details).state == "decided"
    (letter,) = issuing.preview(cast.desk, cast.bob, request_id)
    said = preview_html(letter)
    for words in ("500", "Canada", WORDS, LIMITS["credit_line"]):
        assert words in said
    assert "2,000" not in said


def test_a_letter_without_the_owners_credit_line_is_refused(cast, asked):
    request_id, (item,), enquiry = asked
    grants_within(cast, enquiry, credit_line=LIMITS["credit_line"])
    with pytest.raises(Clash, match="exact_credit_line"):
        deciding.decide(cast.desk, cast.bob, request_id, item, "granted")


def test_what_one_licensee_has_to_keep_does_not_bind_another(cast, wire, asked):
    *_, enquiry = asked
    grants_within(cast, enquiry, credit_line="For Fenwick Books only.")
    other = {**form(cast, wire.id), "email": "ben@oak.example", "licensee": "Oak Press"}
    second = submit_request(cast.desk, other, verified=True).request_id
    again = enquire(
        cast.desk,
        cast.bob,
        second,
        items_of(cast, second),
        owner="Meridian Wire",
        email="rights@meridian-wire.example",
    )
    grants_within(cast, again)
    (item,) = items_of(cast, second)
    assert deciding.decide(cast.desk, cast.bob, second, item, "granted").state == "decided"


def test_the_limits_are_kept_with_the_answer_and_told(cast, asked):
    *_, enquiry = asked
    grants_within(cast, enquiry, end="2027-06-30", **LIMITS)
    kept = enquiry_row(cast, enquiry).answer["limits"]
    assert limit_sentences(kept) == [
        "Until 30\xa0June 2027",
        "Only in: Canada, United States",
        "At most 500 copies",
        "With this credit line: By Meridian Wire, all rights kept.",
    ]


def test_all_that_is_wrong_is_said_at_once_and_nothing_is_recorded(cast, asked):
    *_, enquiry = asked
    wrong = {"copies": "some", "territory": ["Atlantis"], "end": "soon", "credit_line": "a" * 1_001}
    with pytest.raises(BadInput) as refused:
        answer_enquiry(cast.desk, door(cast, enquiry), "grant", wrong)
    assert set(refused.value.errors) == {"name", "words", "copies", "territory", "end", "credit_line"}
    assert enquiry_row(cast, enquiry).state == "sent"


@pytest.mark.parametrize(
    ("given_limits", "field"),
    [
        ({"end": "2026-12-31"}, "end"),
        ({"end": "2026-01-01"}, "end"),
        ({"territory": ["FR"]}, "territory"),
        ({"copies": "0"}, "copies"),
    ],
)
def test_limits_that_leave_nothing_of_the_use_are_refused(given_limits, field):
    scope = Scope(territory=Territory(included=frozenset({"CA"})), period=Period(start=date(2027, 1, 1)))
    errors: dict[str, str] = {}
    read_limits(given_limits, scope, date(2026, 6, 1), errors)
    assert list(errors) == [field]


@given(
    end=st.none() | st.dates(date(2027, 1, 1), date(2030, 1, 1)),
    included=st.none() | st.frozensets(st.sampled_from(["CA", "US", "FR"]), min_size=1),
    copies=st.none() | st.integers(1, 10_000),
    asked_copies=st.none() | st.integers(1, 10_000),
)
def test_what_an_owner_allows_lies_within_what_was_asked(end, included, copies, asked_copies):
    caps = (Cap(unit=QuantityUnit.COPIES, at_most=asked_copies),) if asked_copies else ()
    scope = Scope(period=Period(start=date(2026, 1, 1), end=date(2028, 1, 1)), caps=caps)
    limits = Limits(end=end, territory=Territory(included=included) if included else None, copies=copies)
    allowed = narrowed(scope, limits)
    assert within(scope, allowed)
    if copies is not None:
        assert allowed.caps[-1].at_most <= copies
    if end is not None:
        assert allowed.period.end <= end
