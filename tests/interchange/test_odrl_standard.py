"""What we write stands up to ODRL 2.2: its vocabulary, its context, and the rules of its information model."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given, settings
from pyshacl import validate
from rdflib import RDF, Graph, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import ODRL2

from ledger.interchange.jsonld import read_graph
from ledger.interchange.naming import LG, ODRL
from ledger.interchange.odrl import dump, grant_to_odrl, quote_to_odrl, request_to_odrl, to_odrl
from ledger.interchange.vocabulary import CODE_OF_DUTY, profile_graph
from ledger.rights.exceptions import Assessment, Factor, FactorFinding, Leaning, Regime
from ledger.rights.tariff import Money, Quote, QuoteLine
from ledger.rights.terms import Action, Effect
from ledger.rights.uses import Channel, Format, FormatRun, ProposedUse, Purpose
from tests.interchange import samples, strategies

DATA = Path(__file__).parent / "data"
UID = "https://rights.harbour.example/letters/12"

QUOTE = Quote(
    tariff_id="tf_1",
    tariff_version=3,
    lines=(
        QuoteLine(code="print", label="Print", working="3,000 copies x 0.04", minor=12000),
        QuoteLine(code="tax", label="Handling", working="flat", minor=550),
    ),
    total=Money(minor=12550, currency="CAD"),
)
USE = ProposedUse(
    actions=(Action.PRINT, Action.EXCERPT),
    channels=(Channel.PRINT,),
    purpose=Purpose.EDUCATION,
    is_commercial=True,
    formats=(
        FormatRun(format=Format.PAPERBACK, print_run=2000),
        FormatRun(format=Format.HARDBACK, print_run=500),
    ),
    language="en",
    start=date(2026, 4, 1),
)
ASSESSMENT = Assessment(
    id="as_1",
    component_id="co_photo",
    regime=Regime.CA_FAIR_DEALING,
    provision="Copyright Act, s. 29",
    jurisdiction="CA",
    assessor="Inga Marr",
    assessor_role="editor",
    made_on=date(2026, 3, 6),
    work_sha256=None,
    purpose="research",
    findings=(FactorFinding(factor=Factor.CA_AMOUNT, leaning=Leaning.AGAINST, reasons="the whole picture"),),
    conclusion="Doubtful.",
    review_due=date(2027, 3, 6),
)


def documents() -> dict[str, bytes]:
    return {
        "Set": dump(to_odrl(samples.CROSS_POST)),
        "Agreement": grant_to_odrl(samples.GRANT, uid=UID),
        "Offer": quote_to_odrl(QUOTE, samples.GRANT, uid=UID),
        "Request": request_to_odrl(USE, uid=UID, assignee=samples.FENWICK, assigner=None, piece_id="pc_1"),
        "Assertion": dump(to_odrl(ASSESSMENT)),
    }


@cache
def shapes() -> Graph:
    return Graph().parse(DATA / "odrl-shapes.ttl")


def complaints(graph: Graph) -> str:
    conforms, _, text = validate(graph, shacl_graph=shapes())
    return "" if conforms else text


@pytest.mark.parametrize("kind", ["Set", "Agreement", "Offer", "Request", "Assertion"])
def test_each_act_is_the_policy_that_odrl_means(kind):
    graph = read_graph(documents()[kind])
    assert len(list(graph.subjects(RDF.type, ODRL[kind]))) == 1
    assert complaints(graph) == ""


@settings(max_examples=max(12, settings().max_examples // 16))
@given(strategies.terms)
def test_any_terms_conform_to_the_shapes(terms):
    assert complaints(read_graph(dump(to_odrl(terms)))) == ""


@pytest.mark.parametrize("kind", ["Set", "Agreement", "Offer", "Request", "Assertion"])
def test_every_odrl_term_is_in_the_vocabulary(kind):
    known = {str(ODRL2[name]) for name in ODRL2.__annotations__}
    used = {str(t) for triple in read_graph(documents()[kind]) for t in triple if isinstance(t, URIRef)}
    assert {term for term in used if term.startswith(str(ODRL))} <= known


@pytest.mark.parametrize(
    ("break_it", "named"),
    [
        (lambda d: d["permission"][0].pop("action"), "action"),
        (lambda d: d["permission"][0].pop("target"), "target"),
        (lambda d: d.update(conflict=["perm", "invalid"]), "conflict"),
        (lambda d: d["permission"][0]["constraint"][0].pop("operator"), "operator"),
    ],
)
def test_the_shapes_catch_what_is_wrong(break_it, named):
    document = to_odrl(samples.CROSS_POST)
    break_it(document)
    assert named in complaints(read_graph(dump(document)))


def test_the_profile_file_is_the_vocabulary_written_out():
    text = (resources.files("ledger.interchange") / "data" / "profile.ttl").read_text("utf-8")
    assert isomorphic(Graph().parse(data=text, format="turtle"), profile_graph())


def test_every_action_of_the_profile_is_included_in_a_wider_one():
    graph = profile_graph()
    assert complaints(graph) == ""
    for action in graph.subjects(RDF.type, ODRL["Action"]):
        wider = graph.value(action, ODRL["includedIn"])
        assert wider in CODE_OF_DUTY or wider in ODRL or wider == LG["action/republish_full"]


def test_every_word_of_our_own_that_is_used_as_action_is_defined():
    defined = set(profile_graph().subjects(RDF.type, ODRL["Action"]))
    for document in documents().values():
        used = set(read_graph(document).objects(None, ODRL["action"]))
        assert {each for each in used if isinstance(each, URIRef) and each in LG} <= defined


def test_a_reservation_is_a_permission_that_waits_for_consent():
    graph = read_graph(dump(to_odrl(samples.CROSS_POST)))
    (rule,) = graph.subjects(ODRL["action"], ODRL["print"])
    duty = graph.value(rule, ODRL["duty"])
    assert (rule, RDF.type, ODRL["Permission"]) in graph
    assert graph.value(duty, ODRL["action"]) == ODRL["obtainConsent"]
    assert graph.value(duty, ODRL["consentingParty"]) == graph.value(rule, ODRL["assigner"])


def test_a_recommendation_is_no_duty():
    rule = to_odrl(samples.CROSS_POST)["permission"][0]
    assert [each["action"] for each in rule["duty"]] == ["lg:duty/credit_publisher"]
    assert [each["lg:code"] for each in rule["lg:condition"]] == ["link_article"]


def test_the_clause_and_its_hash_travel_with_the_rule():
    document = to_odrl(samples.CROSS_POST)
    assert document["lg:clause"] == samples.CLAUSE
    assert document["lg:clause_sha256"] == samples.CROSS_POST.clause_sha256
    assert document["permission"][1]["lg:clause"] == "Print: ask us."


def test_the_conflict_strategy_defaults_to_invalid():
    assert to_odrl(samples.CROSS_POST)["conflict"] == "invalid"


def test_an_agreement_names_both_sides_the_fee_and_the_bounds():
    graph = read_graph(grant_to_odrl(samples.GRANT, uid=UID))
    (rule,) = graph.subjects(ODRL["action"], ODRL["print"])
    assert str(graph.value(rule, ODRL["assigner"])).endswith("/parties/pa_harbour")
    assert str(graph.value(rule, ODRL["assignee"])).endswith("/parties/pa_fenwick")
    amounts = list(graph.subjects(ODRL["leftOperand"], ODRL["payAmount"]))
    assert {str(graph.value(a, ODRL["rightOperand"])) for a in amounts} == {"125.50"}
    assert str(graph.value(URIRef(UID), LG["letter"])) == "HARBOUR-REVIEW-2026-000012"


def test_the_agreement_is_the_same_bytes_each_time():
    first = grant_to_odrl(samples.GRANT, uid=UID)
    assert first == grant_to_odrl(samples.GRANT, uid=UID)
    assert json.loads(first)["uid"] == UID


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [(12550, "CAD", "125.50"), (5, "EUR", "0.05"), (900, "JPY", "900"), (1500, "KWD", "1.500")],
)
def test_amounts_have_the_digits_of_their_currency(minor, currency, text):
    from ledger.interchange.odrl_rules import decimal

    assert decimal(Money(minor=minor, currency=currency)) == text


def test_an_assessment_permits_nothing():
    graph = read_graph(documents()["Assertion"])
    assert not list(graph.objects(None, ODRL["permission"]))
    (duty,) = graph.objects(None, ODRL["obligation"])
    assert graph.value(duty, ODRL["action"]) == ODRL["reviewPolicy"]


def test_a_request_states_only_what_the_use_states():
    document = json.loads(documents()["Request"])
    operands = {each["leftOperand"] for each in document["permission"][0]["constraint"]}
    assert "spatial" not in operands
    assert operands >= {"purpose", "language", "count", "dateTime"}
    (count,) = [c for c in document["permission"][0]["constraint"] if c["leftOperand"] == "count"]
    assert count["rightOperand"] == 2500


def test_only_one_inclusion_joins_our_own_actions():
    """Whoever may adapt may not therefore record: an inclusion would say so to every ODRL processor."""
    own = {LG[f"action/{a.value}"] for a in Action}
    wider = {(s, o) for s, o in profile_graph().subject_objects(ODRL["includedIn"]) if s in own and o in own}
    assert wider == {(LG["action/excerpt"], LG["action/republish_full"])}


def test_effects_are_told_apart_by_structure():
    document = to_odrl(samples.CROSS_POST)
    effects = {r.effect for r in samples.CROSS_POST.rules}
    assert effects == {Effect.PERMIT, Effect.RESERVE, Effect.PROHIBIT}
    assert [r["lg:position"] for r in document["prohibition"]] == [2]
