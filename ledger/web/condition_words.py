"""Conditions as the pages show them: in the words of the rights room, required and recommended told apart.

In other languages than English they are said in the sentences of the letters.
"""

from ledger.desk.letters.obligations import TAKE_DOWN, TAKEDOWN
from ledger.letters.conditions import SENTENCES as LETTER_SENTENCES
from ledger.rights.codes import ConditionCode
from ledger.rights.condition_words import SENTENCES, condition_sentence, split_conditions
from ledger.rights.terms import Condition, ConditionScope, Timing
from ledger.rights.uses import RequesterType
from ledger.web.tongues import N_, Tongue

__all__ = ["SENTENCES", "condition_in", "condition_sentence", "duty_in", "split_conditions", "split_in"]

_TIMING = {Timing.BEFORE: N_("before you use it"), Timing.AFTER: N_("after you have used it")}
_SCOPE = {ConditionScope.TEXT: N_("for the text"), ConditionScope.IMAGE: N_("for the pictures")}


def condition_in(spoken: Tongue, condition: Condition) -> str:
    """The condition as a letter says it, with what it names, its time and its scope."""
    speaker, code = spoken.speaker, ConditionCode(condition.code)
    sentence = speaker.message(LETTER_SENTENCES[code])
    said, stop = sentence[:-1], sentence[-1]
    if named := _named(spoken, code, (condition.parameter or "").strip()):
        said = speaker.headed(said, speaker.apart(named))
    notes = [_TIMING.get(condition.timing), _SCOPE.get(condition.scope)]
    note = speaker.listed([spoken.say(each) for each in notes if each])
    return f"{speaker.noted(said, note) if note else said}{stop}"


def _named(spoken: Tongue, code: ConditionCode, parameter: str) -> str:
    if code is ConditionCode.CIRCULATION_CAP:
        return parameter.removesuffix(" copies")  # the sentence has the noun
    if code is ConditionCode.LICENSEE_CLASS and parameter in set(RequesterType):
        return spoken.speaker.label(RequesterType(parameter))
    return parameter


def duty_in(spoken: Tongue, code: str, text: str) -> str:
    """What a letter asks of its holder, as a letter says it. ``text`` is how the desk noted it, in English: an amount,
    or what the condition names, stands behind its own words."""
    speaker = spoken.speaker
    if code == TAKEDOWN:
        return spoken.say(TAKE_DOWN)
    if code.startswith("credit"):
        code = ConditionCode.EXACT_CREDIT_LINE
    said = speaker.message(LETTER_SENTENCES[ConditionCode(code)])[:-1]
    if code in (ConditionCode.EXACT_CREDIT_LINE, ConditionCode.FEE):
        named = text.partition(": ")[2]
    else:
        named = "" if text == code.replace("_", " ") else text
    return speaker.headed(said, speaker.apart(named)) if named else said


def split_in(spoken: Tongue, conditions: tuple[Condition, ...]) -> dict[str, list[Condition]]:
    """``split_conditions`` with its titles in the language of the page: letters print the same words."""
    return {spoken.speaker.message(title): found for title, found in split_conditions(conditions).items()}
