"""Loosen one rule of the engine, and the property that guards it must fail: a check on the checks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import given as again

from ledger.rights import authority, reading, settling
from ledger.rights.terms import Effect
from ledger.rights.verdicts import SILENT, Verdict
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
        reading,
        "applies_today",
        lambda terms, case: True,
        properties.test_expiry_only_narrows,
    ),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_loosened_rule_is_caught_by_its_property(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, function, looser, guard = MUTATIONS[name]
    monkeypatch.setattr(module, function, looser)
    assert _caught(guard), f"{guard.__name__} does not notice that {name}"


def test_without_a_mutation_nothing_is_caught() -> None:
    assert not any(_caught(guard, 50) for *_mutation, guard in MUTATIONS.values())
