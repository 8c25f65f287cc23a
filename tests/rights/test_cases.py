"""The table of cases in cases/*.yaml: a policy, a use, and the answer a lawyer would expect.

Adding a case needs no code.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from ledger.rights.answers import PieceAnswer
from ledger.rights.codes import ConditionCode
from ledger.rights.evaluation import evaluate_piece
from ledger.rights.exceptions import Assessment
from ledger.rights.explaining import explain
from ledger.rights.parties import Contact
from ledger.rights.pieces import (
    Basis,
    Claim,
    ClaimRole,
    Component,
    ComponentKind,
    Evidence,
    Piece,
    PublicDomain,
)
from ledger.rights.policies import rules_from_codes, site_rules
from ledger.rights.presets import all_rights_reserved, cross_post, licence_from_text, terms_of
from ledger.rights.scope import WORLD, Period, Scope
from ledger.rights.terms import Rule, Target, TargetKind, Terms, TermsKind
from ledger.rights.use_reader import read_use
from ledger.rights.wire import from_plain
from tests.rights.build import HARBOUR, PARTIES, TODAY

FOLDER = Path(__file__).parent / "cases"
CASE_KEYS = {
    "name",
    "components",
    "claims",
    "terms",
    "use",
    "today",
    "expect",
    "notice",
    "assessment",
    "source",
}
EXPECT_KEYS = {
    "outcome",
    "component_outcomes",
    "ask",
    "conditions",
    "conditions_exactly",
    "reasons",
    "not_reasons",
    "unknown",
}
TERMS_KEYS = {
    "id", "by", "to", "kind", "clause", "codes", "parameters", "licence", "rules", "preset", "only", "contact", "from",
    "until", "revoked", "conflict", "scope",
}  # fmt: skip


def _all_cases() -> list[Any]:
    return [
        pytest.param(case, id=f"{path.stem}: {case['name']}")
        for path in sorted(FOLDER.glob("*.yaml"))
        for case in yaml.safe_load(path.read_text("utf-8"))
    ]


@pytest.mark.parametrize("case", _all_cases())
def test_the_answer_is_the_one_a_lawyer_expects(case: dict[str, Any]) -> None:
    _known(case, CASE_KEYS)
    _known(case["expect"], EXPECT_KEYS)
    answer = evaluate_piece(_piece(case), read_use(case["use"]), _date(case.get("today")) or TODAY)
    _check(answer, case["expect"])


def test_the_table_holds_many_cases_with_names_of_their_own() -> None:
    names = [param.values[0]["name"] for param in _all_cases()]
    assert len(names) >= 120
    assert len(set(names)) == len(names)


def test_every_condition_of_the_vocabulary_stands_in_a_case() -> None:
    text = "".join(path.read_text("utf-8") for path in FOLDER.glob("*.yaml"))
    assert [code.value for code in ConditionCode if not re.search(rf"\b{code.value}\b", text)] == []


@pytest.mark.parametrize("case", _all_cases())
def test_its_explanation_can_be_read_aloud(case: dict[str, Any]) -> None:
    """No code, no doubled stop or space, and every reason ends in one full stop."""
    answer = evaluate_piece(_piece(case), read_use(case["use"]), _date(case.get("today")) or TODAY)
    quoted = re.compile(r"“[^”]*”|https?://\S+|\S+@\S+|\((?:tm_\d+|piece pc_case)\)")
    for line in explain(answer):
        said = quoted.sub("Q", line).strip()
        assert not re.search(r"_|\.\.|  |: :|\bNone\b", said), line
        assert not re.match(r"\d+\. ", line.strip()) or said.endswith("."), line


def _check(answer: PieceAnswer, expected: dict[str, Any]) -> None:
    codes = [reason.code.value for part in answer.components for reason in part.reasons]
    assert answer.outcome == expected["outcome"], codes
    _in_order(expected.get("reasons", []), codes)
    for code in expected.get("not_reasons", []):
        assert code not in codes
    if "component_outcomes" in expected:
        assert {a.component_id: a.outcome.value for a in answer.components} == expected["component_outcomes"]
    conditions = {condition.code.value for condition in answer.conditions}
    if "conditions_exactly" in expected:
        assert conditions == set(expected["conditions_exactly"])
    assert set(expected.get("conditions", [])) <= conditions
    if "unknown" in expected:
        assert sorted(answer.unknown_facts) == sorted(expected["unknown"])
    if answer.outcome == "ask":
        _check_ask(answer, expected["ask"])
    for part in answer.components:
        for reason in part.reasons:
            if reason.code.value.startswith("rule_"):
                assert reason.ground is None or reason.ground.clause


def _check_ask(answer: PieceAnswer, expected: dict[str, Any]) -> None:
    found = [
        (ask.party.id if ask.party else None, ask.reason.value, ask.contact.email if ask.contact else None)
        for part in answer.components
        if (ask := part.ask)
    ]
    wanted = PARTIES[expected["party"]].id
    assert any(
        party == wanted and reason == expected["reason"] and expected.get("email", email) == email
        for party, reason, email in found
    ), found


def _in_order(expected: list[str], found: list[str]) -> None:
    rest = iter(found)
    for code in expected:
        assert code in rest, f"{code} is missing, or out of order, in {found}"


def _piece(case: dict[str, Any]) -> Piece:
    components = [_component(plain) for plain in case.get("components", [{"id": "text", "kind": "text"}])]
    written = [_terms(plain, number) for number, plain in enumerate(case.get("terms", []))]
    return Piece(
        id="pc_case",
        publisher=HARBOUR,
        title="The quay at night",
        components=tuple(components),
        claims=tuple(_claim(plain) for plain in case.get("claims", [])),
        terms=tuple(written),
        assessments=(from_plain(Assessment, _assessment(case["assessment"])),)
        if "assessment" in case
        else (),
        exception_notice=case.get("notice"),
    )


def _component(plain: dict[str, Any]) -> Component:
    _known(plain, {"id", "kind", "basis", "words", "free_in", "because", "marked", "status"})
    free = plain.get("free_in")
    return Component(
        id=plain["id"],
        kind=ComponentKind(plain["kind"]),
        basis=Basis(plain.get("basis", "unknown")),
        words=plain.get("words"),
        work_status=plain.get("status"),
        public_domain=_public_domain(free, plain["because"]) if free else _marked(plain.get("marked")),
    )


def _public_domain(free: Any, because: str) -> PublicDomain:
    territory = read_use({"territory": free}).territory
    assert territory is not None
    return PublicDomain(territory=territory, ground=because)


def _marked(words: str | None) -> PublicDomain | None:
    return PublicDomain(territory=WORLD, ground=words, marked=True) if words else None


def _claim(plain: dict[str, Any]) -> Claim:
    _known(plain, {"by", "of", "role", "evidence", "from", "until", "principal"})
    evidence = plain.get("evidence")
    principal = plain.get("principal")
    return Claim(
        id=f"cl_{plain['by']}_{plain.get('of', 'text')}",
        party=PARTIES[plain["by"]],
        role=ClaimRole(plain.get("role", "holder")),
        component_id=plain.get("of", "text"),
        valid_from=_date(plain.get("from")),
        valid_to=_date(plain.get("until")),
        evidence=Evidence(text=evidence) if evidence else None,
        principal=PARTIES[principal].id if principal else None,
    )


def _terms(plain: dict[str, Any], number: int) -> Terms:
    _known(plain, TERMS_KEYS)
    made = _made(plain, plain.get("id", f"tm_{number}"))
    changed: dict[str, Any] = {
        "validity": Period(start=_date(plain.get("from")), end=_date(plain.get("until"))),
        "revoked_on": _date(plain.get("revoked")),
        "kind": TermsKind(plain.get("kind", "standing")),
        "assignee": PARTIES[plain["to"]] if "to" in plain else None,
    }
    if "only" in plain:
        changed["target"] = Target(kind=TargetKind.PIECE, component_kinds=frozenset(plain["only"]))
    if "conflict" in plain:
        changed["conflict"] = type(made.conflict)(plain["conflict"])
    return replace(made, **changed)


def _made(plain: dict[str, Any], terms_id: str) -> Terms:
    by, clause = PARTIES[plain["by"]], plain["clause"]
    contact = Contact(email=plain["contact"]) if "contact" in plain else None
    if "licence" in plain:
        licence = licence_from_text(plain["licence"])
        assert licence is not None, plain["licence"]
        return terms_of(licence, by, terms_id=terms_id, clause=clause)
    if "preset" in plain:
        preset = {"cross_post": cross_post, "all_rights_reserved": all_rights_reserved}[plain["preset"]]
        return preset(by, terms_id=terms_id, clause=clause, contact=contact)
    if "codes" in plain:
        codes = [ConditionCode(code) for code in plain["codes"]]
        parameters = {ConditionCode(c): str(v) for c, v in plain.get("parameters", {}).items()}
        scope = from_plain(Scope, plain.get("scope", {}))
        rules = rules_from_codes(codes, parameters=parameters, contact=contact, scope=scope)
        return site_rules(terms_id=terms_id, assigner=by, clause=clause, rules=rules)
    rules = tuple(from_plain(Rule, _rule(item)) for item in plain["rules"])
    return Terms(
        id=terms_id,
        kind=TermsKind.STANDING,
        assigner=by,
        target=Target(kind=TargetKind.PIECE),
        clause=clause,
        rules=rules,
    )


def _rule(item: dict[str, Any]) -> dict[str, Any]:
    """Conditions may be written as bare codes, the contact as a bare address."""
    made = dict(item)
    if "conditions" in made:
        made["conditions"] = [c if isinstance(c, dict) else {"code": c} for c in made["conditions"]]
    if isinstance(made.get("contact"), str):
        made["contact"] = {"email": made["contact"]}
    if "scope" in made:
        made["scope"] = _iso(made["scope"])
    return made


def _iso(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _iso(item) for key, item in value.items()}
    return value.isoformat() if isinstance(value, date) else value


def _assessment(plain: dict[str, Any]) -> dict[str, Any]:
    base = {
        "id": "as_1",
        "component_id": "text",
        "regime": "us_fair_use",
        "provision": "17 U.S.C. § 107",
        "jurisdiction": "US",
        "assessor": "Ines Okafor",
        "assessor_role": "editor",
        "work_sha256": None,
        "purpose": "news commentary",
        "findings": [],
        "conclusion": "We rely on fair use for our own page.",
    }
    return {**base, **_iso(plain)}


def _date(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _known(plain: dict[str, Any], allowed: set[str]) -> None:
    unknown = set(plain) - allowed
    assert not unknown, f"unknown name {sorted(unknown)} in a case; allowed: {sorted(allowed)}"
