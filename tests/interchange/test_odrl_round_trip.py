"""To ODRL and back is the identity, as values and as graphs."""

from __future__ import annotations

import sys
from pathlib import Path

from hypothesis import given
from rdflib import Graph
from rdflib.compare import isomorphic

sys.path.insert(0, str(Path(__file__).parent))
import strategies

from ledger.interchange.jsonld import read_graph
from ledger.interchange.odrl import dump, from_odrl, to_odrl


@given(strategies.terms)
def test_terms_come_back_as_they_were(terms):
    assert from_odrl(dump(to_odrl(terms))) == (terms,)


@given(strategies.terms)
def test_the_graph_comes_back_as_it_was(terms):
    first = dump(to_odrl(terms))
    (again,) = from_odrl(first)
    assert isomorphic(read_graph(first), read_graph(dump(to_odrl(again))))


@given(strategies.terms)
def test_the_same_terms_give_the_same_bytes(terms):
    assert dump(to_odrl(terms)) == dump(to_odrl(terms))


@given(strategies.terms)
def test_turtle_in_between_loses_nothing(terms):
    graph = read_graph(dump(to_odrl(terms)))
    turtle = graph.serialize(format="turtle")
    assert isomorphic(graph, Graph().parse(data=turtle, format="turtle"))
