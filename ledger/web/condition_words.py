"""Conditions as the pages show them: in the words of the rights room, required and recommended told apart."""

from ledger.rights.condition_words import SENTENCES, condition_sentence
from ledger.rights.terms import Condition, Modality

__all__ = ["SENTENCES", "condition_sentence", "split_conditions"]


def split_conditions(conditions: tuple[Condition, ...]) -> dict[str, list[Condition]]:
    """What is required, forbidden, only recommended, and expressly allowed, told apart."""
    titles = {
        Modality.MUST: "Required",
        Modality.MUST_NOT: "Forbidden",
        Modality.SHOULD: "Recommended, not required",
        Modality.MAY: "Expressly allowed",
    }
    split = {titles[kind]: [one for one in conditions if one.modality is kind] for kind in titles}
    return {title: found for title, found in split.items() if found}
