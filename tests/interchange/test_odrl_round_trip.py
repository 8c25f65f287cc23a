"""To ODRL and back is the identity, as values and as graphs."""

from __future__ import annotations

from hypothesis import given, settings
from rdflib import Graph
from rdflib.compare import isomorphic

from ledger.interchange.jsonld import read_graph
from ledger.interchange.odrl import dump, from_odrl, to_odrl
from tests.interchange import samples, strategies

FEWER = settings(max_examples=max(12, settings().max_examples // 16))
"""Comparing graphs with many blank nodes takes long; the same property over values runs in full."""


@given(strategies.terms)
def test_terms_come_back_as_they_were(terms):
    document = to_odrl(terms)
    (again,) = from_odrl(dump(document))
    assert again == terms
    assert to_odrl(again) == document


@FEWER
@given(strategies.terms)
def test_the_graph_comes_back_as_it_was(terms):
    first = dump(to_odrl(terms))
    (again,) = from_odrl(first)
    assert isomorphic(read_graph(first), read_graph(dump(to_odrl(again))))


@FEWER
@given(strategies.terms)
def test_turtle_in_between_loses_nothing(terms):
    graph = read_graph(dump(to_odrl(terms)))
    assert isomorphic(graph, Graph().parse(data=graph.serialize(format="turtle"), format="turtle"))


def test_a_piece_brings_back_all_its_terms():
    two = samples.piece(samples.CROSS_POST, samples.standing(samples.CROSS_POST.rules[1]))
    assert from_odrl(dump(to_odrl(two))) == (two.terms[1], two.terms[0])  # by IRI: tm_ai, tm_site


def test_a_dozen_rules_keep_their_order():
    rules = tuple(samples.CROSS_POST.rules[number % 3] for number in range(12))
    many = samples.standing(*rules)
    assert from_odrl(dump(to_odrl(many))) == (many,)
