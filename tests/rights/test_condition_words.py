"""How binding a condition is, told in the same words wherever it is told."""

import pytest

from ledger.letters.conditions import condition_clause
from ledger.letters.language import Speaker
from ledger.rights.answers import Answer, Outcome
from ledger.rights.codes import ConditionCode
from ledger.rights.condition_words import FORCES, Force, split_conditions
from ledger.rights.explaining import explain
from ledger.rights.terms import Condition, Modality


@pytest.mark.parametrize(
    ("code", "modality", "force"),
    [
        ("link_article", Modality.MUST, Force.REQUIRED),
        ("link_article", Modality.SHOULD, Force.RECOMMENDED),
        ("logo", Modality.MAY, Force.ALLOWED),
        ("logo", Modality.MUST_NOT, Force.FORBIDDEN),
        ("no_resale", Modality.MUST_NOT, Force.REQUIRED),  # "Do not sell it": the sentence is the ban
        ("no_paywall", Modality.MUST_NOT, Force.REQUIRED),  # "Keep it free to read" is not what is forbidden
        ("noncommercial", Modality.MUST_NOT, Force.REQUIRED),
    ],
)
def test_pages_letters_and_the_derivation_use_one_table(code: str, modality: Modality, force: Force) -> None:
    condition = Condition(code=ConditionCode(code), modality=modality)
    word = FORCES[force]
    assert split_conditions((condition,)) == {word: [condition]}
    answer = Answer(component_id="co_1", outcome=Outcome.PERMITTED, reasons=(), conditions=(condition,))
    assert explain(answer)[-1].startswith(f"  - {word}: ")
    printed = condition_clause(Speaker("en"), condition, ())
    assert (printed.duty, printed.duty_word) == (force, word)
