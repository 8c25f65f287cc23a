"""Leaves: canonical, strict, and without the personal data they vouch for."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from ledger.journal import entry

NOW = datetime(2026, 3, 6, 10, 30, tzinfo=timezone(timedelta(hours=1)))
WHOLE = st.integers(-(2**53) + 1, 2**53 - 1)
TEXT = st.text(st.characters(codec="utf-8"), max_size=30)
JSON = st.recursive(
    st.none() | st.booleans() | WHOLE | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@given(
    st.dictionaries(TEXT, JSON, max_size=5), st.dictionaries(TEXT.filter(lambda t: t and "\0" not in t), TEXT)
)
def test_what_was_written_is_read(payload: dict[str, Any], personal: dict[str, str]) -> None:
    payload["piece"] = "pc_1"
    leaf, data = entry.make_leaf("pb_1", "piece.registered", payload, personal, NOW)
    read = entry.read_leaf(leaf)
    assert (read.kind, read.version, read.publisher, read.payload) == ("piece.registered", 1, "pb_1", payload)
    assert read.at == datetime(2026, 3, 6, 9, 30, tzinfo=UTC)
    assert {datum.field: datum.value for datum in data} == personal
    for datum in data:
        assert read.personal[datum.field] == entry.commit(datum.field, datum.value, datum.salt)
        assert read.personal[datum.field] != entry.commit(datum.field, datum.value + "x", datum.salt)
    assert entry.canonical(json.loads(leaf)) == leaf


def test_personal_data_is_not_in_the_leaf() -> None:
    leaf, _ = entry.make_leaf(
        "pb_1",
        "request.submitted",
        {"request": "rq_1"},
        {"name": "Alice Asker", "email": "alice@example.org"},
        NOW,
    )
    assert b"Alice" not in leaf
    assert b"alice@" not in leaf


def test_equal_acts_have_unlike_leaves_and_commitments() -> None:
    args = ("pb_1", "request.submitted", {"request": "rq_1"}, {"name": "Alice"}, NOW)
    (one, [datum]), (two, [other]) = entry.make_leaf(*args), entry.make_leaf(*args)
    assert one != two
    assert datum.commitment != other.commitment
    assert len(entry.read_leaf(one).nonce) == 32


def test_a_commitment_is_hmac_sha256_of_field_and_value() -> None:
    import hashlib
    import hmac

    expected = hmac.new(b"s" * 32, b"name\x00Alice", hashlib.sha256).digest()
    assert entry.commit("name", "Alice", b"s" * 32) == expected
    assert entry.commit("nam", "e\x00Alice", b"s" * 32) != expected


@pytest.mark.parametrize(
    ("kind", "payload", "place"),
    [
        ("piece.lost", {}, "unknown kind 'piece.lost'"),
        ("piece.registered", {}, "payload.piece must be str"),
        ("piece.registered", {"piece": 1}, "payload.piece must be str"),
        ("epoch.opened", {"epoch": True, "previous": ""}, "payload.epoch must be int"),
        ("piece.registered", {"piece": "p", "fee": 1.5}, "payload.fee is a float"),
        ("piece.registered", {"piece": "p", "deep": [{"on": NOW}]}, r"payload.deep\[0\].on is a datetime"),
        ("piece.registered", {"piece": "p", "deep": {1: 2}}, "payload.deep has a key that is not text: 1"),
        ("piece.registered", {"piece": "p", "n": 2**53}, r"payload.n is beyond 2\*\*53 - 1"),
        ("piece.registered", {"piece": "\ud800"}, "not canonical JSON"),
        ("piece.registered", {"piece": "p" * 70_000}, "name the document by its SHA-256"),
    ],
)
def test_what_cannot_be_an_entry(kind: str, payload: dict[str, Any], place: str) -> None:
    with pytest.raises(entry.InvalidEntry, match=place):
        entry.make_leaf("pb_1", kind, payload, {}, NOW)


def test_nesting_is_limited() -> None:
    deep: Any = "x"
    for _ in range(2_000):
        deep = [deep]
    with pytest.raises(entry.InvalidEntry, match="nested deeper"):
        entry.make_leaf("pb_1", "piece.registered", {"piece": "p", "deep": deep}, {}, NOW)
    with pytest.raises(entry.InvalidEntry):
        entry.strict_json("[" * 100_000)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(entry.InvalidEntry, match="aware"):
        entry.make_leaf("pb_1", "piece.registered", {"piece": "p"}, {}, NOW.replace(tzinfo=None))


@pytest.mark.parametrize("personal", [{"": "x"}, {"a\0b": "x"}, {"a": "\ud800"}, {"a": 1}])
def test_what_cannot_be_committed_to(personal: dict[str, Any]) -> None:
    with pytest.raises(entry.InvalidEntry):
        entry.make_leaf("pb_1", "piece.registered", {"piece": "p"}, personal, NOW)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"a":1,"b":{"c":1,"c":1}}', "'c' stands twice"),
        ('{"a":1,"\\u0061":1}', "'a' stands twice"),
        ('{"a":NaN}', "NaN is no JSON number"),
        ("[-Infinity]", "no JSON number"),
        ("{", "not JSON"),
        ("9" * 5_000, "not JSON"),
        (b"\xff\xfe{\x00}\x00", "not JSON"),
    ],
)
def test_json_that_is_refused_at_the_door(text: str | bytes, reason: str) -> None:
    with pytest.raises(entry.InvalidEntry, match=reason):
        entry.strict_json(text)


def test_a_leaf_is_read_strictly() -> None:
    leaf, _ = entry.make_leaf("pb_1", "piece.registered", {"piece": "p"}, {"name": "A"}, NOW)
    value = json.loads(leaf)
    bad = [
        leaf.replace(b'{"at"', b'{ "at"'),
        leaf.replace(b'"v":1', b'"v":1.0'),
        entry.canonical({**value, "more": 1}),
        entry.canonical({key: inner for key, inner in value.items() if key != "v"}),
        entry.canonical({**value, "v": "1"}),
        entry.canonical({**value, "at": "2026-03-06"}),
        entry.canonical({**value, "nonce": "00"}),
        entry.canonical({**value, "personal": {"name": "Alice"}}),
        entry.canonical({**value, "payload": []}),
        entry.canonical({**value, "kind": None}),
        entry.canonical([value]),
        b"",
    ]
    for changed in bad:
        with pytest.raises(entry.InvalidEntry):
            entry.read_leaf(changed)


def test_the_canonical_form_is_that_of_rfc_8785() -> None:
    value = {
        "\u20ac": "Euro",
        "\r": "CR",
        "1": "One",
        "\u0080": "C",
        "\u00f6": "ö",
        "\U0001f600": "S",
        "\ufb33": "D",
    }
    assert list(json.loads(entry.canonical(value))) == [
        "\r",
        "1",
        "\u0080",
        "\u00f6",
        "\u20ac",
        "\U0001f600",
        "\ufb33",
    ]  # fmt: skip  (section 3.2.3: sorted as UTF-16)


@given(JSON | st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=3), WHOLE, max_size=6))
def test_the_canonical_form_is_that_of_the_rfc8785_library(value: object) -> None:
    assert entry.canonical(value) == rfc8785.dumps(value)


def test_every_character_is_written_as_the_rfc8785_library_does() -> None:
    for low in range(0, 0x11000, 0x100):
        text = "".join(chr(code) for code in range(low, low + 0x100) if not 0xD800 <= code < 0xE000)
        assert entry.canonical({text: text}) == rfc8785.dumps({text: text})
    assert entry.canonical([2**53 - 1, -(2**53) + 1, 0]) == b"[9007199254740991,-9007199254740991,0]"


def test_kinds_are_added_once() -> None:
    kind = entry.Kind("test.kind_of_ours", "for this test", {"n": int})
    try:
        assert entry.register_kind(kind) is kind
        assert entry.register_kind(kind) is kind
        with pytest.raises(entry.InvalidEntry, match="otherwise"):
            entry.register_kind(entry.Kind("test.kind_of_ours", "another"))
        leaf, _ = entry.make_leaf("pb_1", kind.name, {"n": 1}, {}, NOW)
        assert entry.read_leaf(leaf).kind == kind.name
    finally:
        entry.KINDS.pop(kind.name, None)
    with pytest.raises(entry.InvalidEntry, match="named like"):
        entry.register_kind(entry.Kind("Letter", ""))
