"""Conditions as the pages show them: in the words of the rights room, required and recommended told apart."""

from ledger.rights.condition_words import SENTENCES, condition_sentence, split_conditions

__all__ = ["SENTENCES", "condition_sentence", "split_conditions"]
