"""Loosen one rule of the engine, and the property that guards it must fail: a check on the checks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import given as again

from ledger.rights import (
    authority,
    bounding,
    evaluation,
    granting,
    matching,
    reading,
    scope_algebra,
    settling,
    terms,
)
from ledger.rights.case import Case
from ledger.rights.codes import ConditionCode
from ledger.rights.countries import COUNTRIES
from ledger.rights.terms import Effect
from ledger.rights.verdicts import SILENT, Verdict, strictest
from tests.rights import test_properties as properties


def _caught(check: Callable[..., Any], cases: int = 4_000) -> bool:
    """Whether the property fails within so many generated cases, always the same ones."""
    inner = check.hypothesis.inner_test  # type: ignore[attr-defined]
    strict = settings(
        max_examples=cases,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )
    drawn = check.hypothesis._given_kwargs  # type: ignore[attr-defined]
    try:
        strict(again(**drawn)(inner))()
    except AssertionError:
        return True
    return False


def _merged(case: Any, facts: Any, deciding: list[Any]) -> tuple[Any, ...]:
    """Two Terms made into one."""
    return tuple(dict.fromkeys(c for r in deciding for rule, _ in r.reached for c in rule.conditions))


def _one_tier(readings: list[Any]) -> tuple[Any, list[Any]]:
    """Terms made for the asker among all others."""
    reaching = [reading for reading in readings if reading.reached and reading.speaks]
    joined = SILENT
    for each in reaching:
        joined = strictest(joined, each.possible)
    return joined, reaching


def _clashing(first: Any, second: Any) -> Any:
    """A permission of one Terms against a prohibition of another, as if they were one."""
    both = {Verdict.PERMIT, Verdict.PROHIBIT}
    return frozenset(Verdict.CLASH if {a, b} == both else max(a, b) for a in first for b in second)


MUTATIONS: dict[str, tuple[Any, str, Any, Callable[..., Any]]] = {
    "silence permits": (
        settling,
        "permits",
        lambda possible: possible <= {Verdict.PERMIT, Verdict.NONE},
        properties.test_silence_never_permits,
    ),
    "prohibition ignored": (
        reading,
        "ONLY",
        {**reading.ONLY, Effect.PROHIBIT: SILENT},
        properties.test_a_prohibition_that_applies_prohibits,
    ),
    "sublicence assumed": (
        authority,
        "sublicence_allowed",
        lambda said: said is not False,
        properties.test_a_grant_never_exceeds_authority,
    ),
    "expiry ignored": (
        terms,
        "_days",
        lambda validity, revoked_on: None,
        properties.test_expiry_only_narrows,
    ),
    "territory exclusions ignored": (
        matching,
        "countries_of",
        lambda territory: COUNTRIES if territory.included is None else territory.included,
        properties.test_what_is_permitted_lies_within_a_permission,
    ),
    "territory exclusions ignored in a grant": (
        scope_algebra,
        "countries_of",
        lambda territory: COUNTRIES if territory.included is None else territory.included,
        properties.test_inclusion_is_inclusion_of_every_point,
    ),
    "exclusivity overlap ignored": (
        granting,
        "overlap",
        lambda one, other: False,
        properties.test_an_exclusive_grant_overlaps_no_other,
    ),
    "quantity cap ignored": (
        matching,
        "MATCHERS",
        {**matching.MATCHERS, "caps": lambda bound, facts, touching: (True, "")},
        properties.test_what_is_permitted_lies_within_a_permission,
    ),
    "quantity cap ignored in a grant": (
        scope_algebra,
        "_how_much",
        lambda outer, inner: iter(()),
        properties.test_inclusion_is_inclusion_of_every_point,
    ),
    "before-condition ignored": (
        bounding,
        "TESTS",
        {**bounding.TESTS, ConditionCode.PRIOR_PERMISSION: lambda c, r, f: (bounding.Bearing.KEPT, "")},
        properties.test_what_is_permitted_lies_within_a_permission,
    ),
    "assigner without claim believed": (
        Case,
        "cannot_speak",
        lambda self, party, facts: None,
        properties.test_without_evidence_nobody_speaks,
    ),
    "two Terms merged in their conditions": (
        settling,
        "_conditions",
        _merged,
        properties.test_conditions_are_those_of_one_terms,
    ),
    "two Terms merged in their verdict": (
        evaluation,
        "strictest",
        _clashing,
        properties.test_a_prohibition_that_applies_prohibits,
    ),
    "personal terms not outranking standing ones": (
        evaluation,
        "_by_tier",
        _one_tier,
        properties.test_terms_made_for_the_asker_outrank_standing_terms,
    ),
    "unknown taken for granted": (
        matching,
        "MATCHERS",
        {**matching.MATCHERS, "commercial": lambda b, f, t: (f.use.is_commercial in (None, b), "")},
        properties.test_an_unknown_resolved_never_contradicts_a_determined_outcome,
    ),
    "a mark believed": (
        evaluation,
        "_public_domain",
        lambda component, use: settling.Freedom(component.public_domain is not None),
        properties.test_a_mark_never_frees,
    ),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_loosened_rule_is_caught_by_its_property(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, function, looser, guard = MUTATIONS[name]
    monkeypatch.setattr(module, function, looser, raising=True)
    assert _caught(guard), f"{guard.__name__} does not notice that {name}"


def test_without_a_mutation_nothing_is_caught() -> None:
    assert not any(_caught(guard, 50) for *_mutation, guard in MUTATIONS.values())
