"""What is not taken over, and how it is said: the place and the remedy, and never a permission by accident."""

from __future__ import annotations

import contextlib
import copy
import json
import socket
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.interchange import Unreadable, export, from_odrl, import_terms
from ledger.interchange.errors import Inexpressible
from ledger.interchange.odrl import dump, grant_to_odrl, to_odrl
from ledger.rights.codes import ConditionCode
from ledger.rights.scope import Period, Territory
from ledger.rights.terms import Action, Effect, TermsKind, Timing
from tests.interchange import samples

W3C = "http://www.w3.org/ns/odrl.jsonld"


@pytest.fixture(autouse=True)
def _no_network(monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def foreign(**changes):
    rule = {"action": "print", "target": "https://wire.example/a/1", "assigner": "https://wire.example/"}
    rule |= changes.pop("rule", {})
    policy = {
        "@context": W3C,
        "@type": "Set",
        "uid": "https://wire.example/policy/1",
        "permission": [{k: v for k, v in rule.items() if v is not None}],
    }
    policy |= changes
    return json.dumps({k: v for k, v in policy.items() if v is not None}).encode()


def refused(data: bytes) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        from_odrl(data)
    assert caught.value.place
    assert caught.value.remedy
    return caught.value


def test_a_plain_policy_of_somebody_else_is_read():
    data = foreign()
    (terms,) = from_odrl(data)
    (rule,) = terms.rules
    assert (rule.effect, rule.action) == (Effect.PERMIT, Action.PRINT)
    assert terms.kind is TermsKind.STANDING
    assert terms.assigner.id == "https://wire.example/"
    assert terms.target.component_ids == ("https://wire.example/a/1",)
    assert terms.clause == data.decode()


def test_duties_and_constraints_of_the_core_are_read():
    (terms,) = from_odrl(
        foreign(
            rule={
                "duty": [{"action": "attribute"}, {"action": "compensate"}],
                "constraint": [
                    {"leftOperand": "spatial", "operator": "eq", "rightOperand": "CA"},
                    {
                        "leftOperand": "dateTime",
                        "operator": "lt",
                        "rightOperand": {"@value": "2027-01-01", "@type": "xsd:date"},
                    },
                ],
            }
        )
    )
    (rule,) = terms.rules
    assert {c.code: c.timing for c in rule.conditions} == {
        ConditionCode.CREDIT_PUBLISHER: Timing.WITH,
        ConditionCode.FEE: Timing.BEFORE,
    }
    assert rule.scope.territory == Territory(included=frozenset({"CA"}))
    assert rule.scope.period == Period(end=date(2026, 12, 31))


def test_a_permission_that_waits_for_consent_is_a_reservation():
    (terms,) = from_odrl(foreign(rule={"duty": [{"action": "obtainConsent"}]}))
    assert terms.rules[0].effect is Effect.RESERVE


def test_the_compact_form_shares_what_the_policy_says():
    data = foreign(
        rule={"target": None, "assigner": None},
        target="https://wire.example/a/9",
        assigner="https://wire.example/",
    )
    assert from_odrl(data)[0].target.component_ids == ("https://wire.example/a/9",)


def test_our_own_agreement_is_read_by_the_other_side():
    (terms,) = from_odrl(grant_to_odrl(samples.GRANT, uid="https://rights.harbour.example/letters/12"))
    assert terms.kind is TermsKind.INBOUND
    assert terms.assignee.id == "pa_fenwick"
    assert terms.target.component_ids == ("co_text",)
    assert {rule.action for rule in terms.rules} == samples.GRANT.actions
    assert all(rule.scope == samples.GRANT.scope for rule in terms.rules)
    (fee,) = [c for c in terms.rules[0].conditions if c.code is ConditionCode.FEE]
    assert (fee.parameter, fee.timing) == ("125.50 CAD", Timing.BEFORE)


@pytest.mark.parametrize("kind", ["Offer", "Request", "Assertion", "Privacy", "Ticket"])
def test_what_grants_nothing_is_not_read_as_terms(kind):
    assert kind in refused(foreign(**{"@type": kind})).problem


UNKNOWN = {
    "unknown action": (foreign(rule={"action": "https://x.example/repost"}), "https://x.example/repost"),
    "use as a whole": (foreign(rule={"action": "use"}), "every act at once"),
    "no action": (foreign(rule={"action": None}), "no action"),
    "clashing conflict values": (foreign(conflict=["perm", "prohibit"]), "several values"),
    "unknown conflict value": (foreign(conflict="https://x.example/maybe"), "maybe"),
    "unknown duty": (foreign(rule={"duty": [{"action": "https://x.example/dance"}]}), "dance"),
    "duty without action": (foreign(rule={"duty": [{"@type": "Duty"}]}), "what to do"),
    "duty not defined": (foreign(rule={"duty": ["https://x.example/duty/1"]}), "not defined"),
    "unknown operand": (
        foreign(rule={"constraint": [{"leftOperand": "event", "operator": "eq", "rightOperand": "x"}]}),
        "event",
    ),
    "operator that does not fit": (
        foreign(rule={"constraint": [{"leftOperand": "spatial", "operator": "gt", "rightOperand": "CA"}]}),
        "gt",
    ),
    "country that does not exist": (
        foreign(rule={"constraint": [{"leftOperand": "spatial", "operator": "eq", "rightOperand": "UK"}]}),
        "UK",
    ),
    "logical constraint": (
        foreign(rule={"constraint": [{"odrl:or": {"@list": [{"leftOperand": "spatial"}]}}]}),
        "left operand",
    ),
    "refined action": (foreign(rule={"action": {"rdf:value": {"@id": "odrl:print"}}}), "refines"),
    "unknown profile": (foreign(profile="https://x.example/profile"), "profile"),
    "inherits": (foreign(inheritFrom="https://x.example/policy/0"), "inherits"),
    "obligation": (foreign(obligation=[{"action": "inform"}]), "obligation"),
    "remedy": (foreign(rule={"remedy": {"action": "delete"}}), "remedy"),
    "no assigner": (foreign(rule={"assigner": None}), "assigner"),
    "no target": (foreign(rule={"target": None}), "target"),
    "no rules": (foreign(permission=[]), "no permission"),
    "no policy": (b'{"@context": {}, "a": "b"}', "no ODRL policy"),
    "agreement without assignee": (foreign(**{"@type": "Agreement"}), "assignee"),
    "no uid": (foreign(uid=None), "no uid"),
    "not JSON": (b"permission: print", "not JSON"),
    "not UTF-8": (b'{"a": "\xff"}', "UTF-8"),
    "empty": (b"", "not JSON"),
    "a list of nothing": (b"[]", "no ODRL policy"),
    "a number": (b"7", "no ODRL policy"),
    "a name twice": (b'{"conflict": "perm", "conflict": "prohibit"}', "twice"),
    "a misspelt name": (
        foreign(rule={"constraints": [{"leftOperand": "spatial"}]}),
        'did you mean "constraint"',
    ),
    "a prefix that is not defined": (foreign(rule={"odlr:constraint": []}), "odlr:constraint"),
    "a property of nobody's": (foreign(rule={"https://x.example/only": "Sundays"}), "not understood"),
    "too large": (b'{"a": "' + b"x" * 1_000_000 + b'"}', "bytes"),
    "nested too deeply": (b"[" * 3000 + b"]" * 3000, "deep"),
    "nested too deeply for Python": (b"[" * 400_000, "deep"),
}


@pytest.mark.parametrize("case", UNKNOWN)
def test_it_is_refused_with_the_place_and_the_remedy(case):
    data, word = UNKNOWN[case]
    assert word in str(refused(data))


@pytest.mark.parametrize(
    "context",
    [
        "https://x.example/context.jsonld",
        [W3C, "file:///etc/passwd"],
        [W3C, {"@import": "https://x.example/c"}],
        [W3C, {"print": {"@id": "odrl:print", "@context": "https://x.example/c"}}],
    ],
)
def test_no_context_is_fetched(context):
    refused(foreign(**{"@context": context}))


def test_a_context_named_over_and_over_is_refused():
    assert "more than" in refused(foreign(**{"@context": [W3C] * 20_000})).problem


def test_no_context_is_fetched_from_inside_a_rule():
    refused(foreign(rule={"@context": "https://x.example/c"}))


@pytest.mark.parametrize(
    ("name", "things"),
    [
        (
            "includedIn",
            [("https://x.example/a", "https://x.example/b"), ("https://x.example/b", "https://x.example/a")],
        ),
        ("includedIn", [("https://x.example/a", "https://x.example/a")]),
        (
            "partOf",
            [("https://x.example/a", "https://x.example/b"), ("https://x.example/b", "https://x.example/a")],
        ),
        (
            "inheritFrom",
            [("https://x.example/a", "https://x.example/b"), ("https://x.example/b", "https://x.example/a")],
        ),
    ],
)
def test_a_circle_is_refused(name, things):
    policy = json.loads(foreign())
    graph = [{"@id": a, f"odrl:{name}": {"@id": b}} for a, b in things]
    document = {"@context": policy.pop("@context"), "@graph": [policy, *graph]}
    error = refused(json.dumps(document).encode())
    assert "circle" in error.problem
    assert error.place == name


def test_a_diamond_is_no_circle():
    policy = json.loads(foreign())
    edges = [("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")]
    graph = [{"@id": f"urn:x:{a}", "odrl:partOf": {"@id": f"urn:x:{b}"}} for a, b in edges]
    document = {"@context": policy.pop("@context"), "@graph": [policy, *graph]}
    assert from_odrl(json.dumps(document).encode())


def tampered(change) -> bytes:
    document = to_odrl(samples.CROSS_POST)
    change(document)
    return dump(document)


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.update({"lg:clause": "Everyone may do everything."}),
        lambda d: d["permission"][0].update({"lg:clause": "Everyone may."}),
        lambda d: d["permission"][0].update({"target": "https://x.example/other"}),
        lambda d: [r.update({"target": "https://x.example/o"}) for r in d["permission"] + d["prohibition"]],
        lambda d: d["lg:assigner"].update({"lg:id": "pa_somebody"}),
        lambda d: d.pop("lg:valid_from"),
        lambda d: d["permission"][0]["constraint"].pop(),
    ],
    ids=["clause", "rule clause", "one target", "all targets", "assigner", "validity", "validity of a rule"],
)
def test_a_file_of_ours_that_was_changed_is_refused(change):
    refused(tampered(change))


def test_a_bound_cannot_hide_as_validity():
    end = {"@value": "2020-01-01", "@type": "xsd:date"}
    hidden = {"leftOperand": "dateTime", "operator": "lteq", "rightOperand": end}
    axis = {"https://permissions-ledger.example/ns/odrl/1/axis": "validity"}
    refused(foreign(rule={"constraint": [hidden | axis]}))


def test_terms_without_a_rule_cannot_be_said_in_odrl():
    with pytest.raises(Inexpressible, match="no rule"):
        to_odrl(samples.standing())


def test_import_tells_the_two_formats_apart():
    data, _ = export(samples.PIECE, "rsl", today=samples.TODAY)
    assert import_terms(data)[0].name == "RSL 1.0"
    assert import_terms(dump(to_odrl(samples.CROSS_POST))) == (samples.CROSS_POST,)


def test_a_long_chain_of_parts_is_walked_quickly_and_in_full():
    policy = json.loads(foreign())
    chain = [{"@id": f"x:{n}", "odrl:partOf": {"@id": f"x:{n + 1}"}} for n in range(4000)]
    document = {"@context": policy.pop("@context"), "@graph": [policy, *chain]}
    assert from_odrl(json.dumps(document).encode())
    chain[-1]["odrl:partOf"]["@id"] = "x:0"
    assert "circle" in refused(json.dumps(document).encode()).problem


LEAVES = [
    None,
    True,
    7,
    "",
    "print",
    "https://x.example/",
    [],
    {},
    {"@id": "odrl:print"},
    {"@value": "2026-02-30"},
]


def _spots(value, path=()):
    """Every place in a document."""
    yield path
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield from _spots(value[key], (*path, key))


SPOTS = [spot for spot in _spots(to_odrl(samples.CROSS_POST)) if spot and spot[0] != "@context"]


@given(st.sampled_from(SPOTS), st.sampled_from(LEAVES) | st.just("remove"))
def test_a_damaged_file_is_read_or_refused_and_never_crashes(spot, leaf):
    document = copy.deepcopy(to_odrl(samples.CROSS_POST))
    inside = document
    for key in spot[:-1]:
        inside = inside[key]
    if leaf == "remove":
        del inside[spot[-1]]
    else:
        inside[spot[-1]] = leaf
    with contextlib.suppress(Unreadable):
        assert from_odrl(dump(document))


@pytest.mark.parametrize(
    ("word", "inside"),
    [
        ("half a character", '"lg:name": "\\ud800"'),
        ("half a character", '"\\udfff": 1'),
        ("number", f'"x": {"9" * 5000}'),
    ],
)
def test_what_json_can_say_and_nobody_can_store_is_refused(word, inside):
    data = dump(to_odrl(samples.CROSS_POST)).decode().replace("{", "{" + inside + ",", 1)
    with pytest.raises(Unreadable, match=word):
        from_odrl(data.encode())


@given(st.binary(max_size=80))
def test_any_bytes_are_read_or_refused(data):
    with contextlib.suppress(Unreadable):
        assert from_odrl(data)


def test_a_flood_of_policies_is_refused():
    policy = json.loads(foreign())
    graph = [policy | {"uid": f"https://x.example/p/{n}"} for n in range(201)]
    document = {"@context": policy.pop("@context"), "@graph": graph}
    for each in graph:
        each.pop("@context", None)
    assert "201 policies" in refused(json.dumps(document).encode()).problem
