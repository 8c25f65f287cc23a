"""Read one Terms against one use: which of its rules reach it, and what that may come to."""

from __future__ import annotations

from ledger.rights.answers import Reason, ReasonCode, reason_of
from ledger.rights.bounding import Bearing, bearing, bears_on
from ledger.rights.case import Case
from ledger.rights.codes import ConditionCode
from ledger.rights.condition_words import in_words
from ledger.rights.facts import Facts
from ledger.rights.matching import match_rule, match_scope, over_by_then, within_days
from ledger.rights.parties import Party
from ledger.rights.sentences import ELSEWHERE, fact_words
from ledger.rights.terms import Condition, Days, Effect, Rule, Terms
from ledger.rights.terms import ConditionCode as Code
from ledger.rights.title import covers, proven_holders
from ledger.rights.uses import Action, Exclusivity
from ledger.rights.verdicts import OF_EFFECT, SILENT, Possible, Verdict, possible_of, specific_first
from ledger.rights.wanted import level_of

NEVER = SILENT
PERMIT, PRINT = Effect.PERMIT, Action.PRINT
OUT_OF_REACH = ReasonCode.RULE_OUT_OF_REACH
NOT_THIS = {axis: f": these words are {words}" for axis, words in ELSEWHERE.items()}
ALWAYS_PERMIT: Possible = frozenset({Verdict.PERMIT})
ALWAYS_RESERVE: Possible = frozenset({Verdict.RESERVE})
EITHER: Possible = ALWAYS_PERMIT | ALWAYS_RESERVE
ONLY = {effect: frozenset({verdict}) for effect, verdict in OF_EFFECT.items()}


class TermsReading:
    """What one Terms makes of the use. ``speaks`` is False when its assigner has no say over the
    component."""

    __slots__ = (
        "days",
        "dropped",
        "personal",
        "possible",
        "reached",
        "reasons",
        "speaks",
        "terms",
        "unknown",
    )

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.days = terms.days
        self.personal = terms.assignee is not None  # made for whoever asks
        self.possible: Possible = SILENT
        self.speaks = True
        self.dropped: ReasonCode | None = None
        self.reasons: tuple[Reason, ...] = ()  # tuples: most Terms have one reason, and nothing else to keep
        self.unknown: tuple[str, ...] = ()
        self.reached: tuple[tuple[Rule, Possible], ...] = ()


def read_terms(case: Case, facts: Facts, terms: Terms) -> TermsReading | None:
    """None when the Terms are about something else; else a reading, in force or not, with its reasons."""
    if not covers(terms, case.component):
        return None
    reading = TermsReading(terms)
    if reading.days is not None and over_by_then(reading.days, facts):
        name = terms.assigner.name
        return _set_aside(
            reading, facts, ReasonCode.NOT_IN_FORCE, f"The terms of {name} are not in force then"
        )
    if terms.assignee is not None and terms.assignee.id != case.use.licensee:
        return _for_someone_else(reading, terms.assignee, case, facts)
    for index, rule in enumerate(terms.rules):
        if rule.action is not facts.action and level_of(rule.action, facts) is None:
            continue
        kinds = _read_rule(case, facts, reading, index, rule)
        if kinds is not NEVER:
            reading.reached += ((rule, kinds),)
    if reading.reached:
        reading.possible = _together(reading.reached, facts, terms)
    if terms.assigner.id in case.may_speak:
        return reading
    reading.dropped = case.cannot_speak(terms.assigner, facts)
    if reading.dropped is None:
        return reading
    if missing := case.unknown_behind(terms.assigner, facts):
        return _perhaps(reading, facts, missing)
    return _without_title(reading, case, facts)


def _together(reached: tuple[tuple[Rule, Possible], ...], facts: Facts, terms: Terms) -> Possible:
    """What the rules that reach the use come to. One that stands alone is what it says."""
    if len(reached) == 1:
        return reached[0][1]
    exact = [kinds for rule, kinds in reached if level_of(rule.action, facts) == 0]
    broader = [kinds for rule, kinds in reached if level_of(rule.action, facts) == 1]
    said = possible_of(exact, terms.conflict)
    return specific_first(said, possible_of(broader, terms.conflict)) if broader else said


def _set_aside(reading: TermsReading, facts: Facts, code: ReasonCode, sentence: str) -> TermsReading:
    reading.reasons += (_reason(code, sentence, reading.terms, None, facts),)
    return reading


def _for_someone_else(reading: TermsReading, assignee: Party, case: Case, facts: Facts) -> TermsReading:
    """They give nothing to whoever asks; where they are exclusive, they take away what is given to all."""
    terms = reading.terms
    unknown: list[str] = []
    for rule in terms.rules:
        if not (rule.scope.exclusive and rule.effect is PERMIT) or level_of(rule.action, facts) is None:
            continue
        truth = _matched(rule, facts, True, reading.days, unknown)[0]
        if truth is not False:
            reading.reached += ((rule, ALWAYS_RESERVE if truth else ALWAYS_RESERVE | SILENT),)
    said = f"The terms of {terms.assigner.name} are for {assignee.name}, not for whoever asks"
    if not reading.reached or case.cannot_speak(terms.assigner, facts) is not None:
        reading.reached = ()
        return _set_aside(reading, facts, ReasonCode.FOR_SOMEONE_ELSE, said)
    reading.personal, reading.unknown = False, tuple(unknown)
    reading.possible = possible_of([kinds for _rule, kinds in reading.reached], terms.conflict)
    said = f"{terms.assigner.name} has promised {facts.words} to {assignee.name} alone"
    return _set_aside(reading, facts, ReasonCode.FOR_SOMEONE_ELSE, said)


def _matched(
    rule: Rule, facts: Facts, touching: bool, days: Days | None, unknown: list[str]
) -> tuple[bool | None, str | None]:
    """The rule against the use, within the days on which its Terms hold."""
    match = match_rule if rule.action is PRINT else match_scope
    truth, axis = match(rule, facts, touching, unknown)
    if days is None or truth is False:
        return truth, axis
    lasting, fact = within_days(days, facts, touching)
    if lasting is False:
        return False, "period"
    if lasting is None:
        unknown.append(fact)
        return None, None
    return truth, axis


def _perhaps(reading: TermsReading, facts: Facts, missing: tuple[str, ...]) -> TermsReading:
    """Whether a licensee may say so at all turns on a fact: its Terms may count, or may be silent."""
    reading.possible = reading.possible | SILENT
    reading.unknown += missing
    name = reading.terms.assigner.name
    sentence = f"Whether {name} can give this depends on {fact_words(missing)}"
    reading.reasons += (_reason(ReasonCode.CLAIM_UNPROVEN, sentence, reading.terms, None, facts),)
    return reading


def _without_title(reading: TermsReading, case: Case, facts: Facts) -> TermsReading:
    """Drop the Terms and say so: nobody can give what they do not hold."""
    terms, code = reading.terms, reading.dropped
    held = proven_holders(case.piece, case.component, case.today)
    holders = [c.party.name for c in held if c.party.id != terms.assigner.id]
    whose = f"; it is {' and '.join(holders)} that holds it" if holders else ""
    if len(held) > len(holders) and code is ReasonCode.NO_CLAIM:
        whose = " for the time of this use; its title ends before"
    why = {
        ReasonCode.NO_CLAIM: "has no claim to this component on record",
        ReasonCode.CLAIM_UNPROVEN: "is not shown to be able to speak for this component",
        ReasonCode.NO_SUBLICENCE: "holds a licence that does not let it pass this right on",
    }[code or ReasonCode.NO_CLAIM]
    sentence = f"The terms of {terms.assigner.name} are left out: it {why}{whose}"
    reading.speaks = False
    reading.reasons = (_reason(code or ReasonCode.NO_CLAIM, sentence, terms, None, facts),)
    reading.unknown = ()
    return reading


def _read_rule(case: Case, facts: Facts, reading: TermsReading, index: int, rule: Rule) -> Possible:
    """The verdicts this rule may come to: its own, none, or both while a fact is missing."""
    unknown: list[str] = []
    touching = rule.effect is not PERMIT
    if reading.days is None and rule.action is not PRINT:
        truth, axis = match_scope(rule, facts, touching, unknown)
    else:
        truth, axis = _matched(rule, facts, touching, reading.days, unknown)
    if truth is False:
        _say(reading, index, facts, OUT_OF_REACH, "does not speak here of", NOT_THIS[axis or "channels"])
        return NEVER
    if touching:
        kinds: Possible = ONLY[rule.effect]
        consent = False
    else:
        kinds, truth, consent = _permission(case, facts, reading, index, rule, truth, unknown)
        if truth is False:
            return NEVER
    if truth is None:
        kinds = kinds | SILENT
    if truth is None or len(kinds) > 1:
        reading.unknown += tuple(unknown)
        missing = tuple(dict.fromkeys(unknown))
        turns = f": that depends on {fact_words(missing)}"
        _say(reading, index, facts, ReasonCode.RULE_UNKNOWN, f"may {_verb(rule.effect)}", turns, missing)
    else:
        code = _code(rule, consent)
        _say(reading, index, facts, code, f"{_verb(rule.effect)}s", AFTER.get(code, ""))
    return kinds


def _permission(
    case: Case,
    facts: Facts,
    reading: TermsReading,
    index: int,
    rule: Rule,
    truth: bool | None,
    unknown: list[str],
) -> tuple[Possible, bool | None, bool]:
    """A permission after its bounding conditions: verdicts, whether it reaches the use, whether consent
    comes first."""
    beyond = _asks_more(case, rule)
    if beyond:
        _say(reading, index, facts, OUT_OF_REACH, "permits", f", but does not give {beyond}")
        return NEVER, False, False
    kinds = ALWAYS_PERMIT
    for condition in rule.bounding:
        if not bears_on(condition, facts.component):
            continue
        verdict, fact = bearing(condition, rule, facts)
        if verdict is Bearing.BROKEN or _excluded(case, reading.terms, condition):
            broken = f" only on a condition that is not kept here: {_lower(in_words(condition))}"
            _say(reading, index, facts, ReasonCode.CONDITION_BROKEN, "permits", broken, (fact,))
            return NEVER, False, False
        if verdict is Bearing.UNKNOWN:
            truth = None
            unknown.append(fact)
        elif verdict is Bearing.CONSENT:
            kinds = ALWAYS_RESERVE
        elif verdict is Bearing.CONSENT_UNKNOWN and kinds == ALWAYS_PERMIT:
            kinds = EITHER
            unknown.append(fact)
    return kinds, truth, kinds == ALWAYS_RESERVE


def _asks_more(case: Case, rule: Rule) -> str | None:
    """Exclusivity and sublicensing are given only in so many words."""
    if case.use.exclusivity is Exclusivity.EXCLUSIVE and not rule.scope.exclusive:
        return "an exclusive right"
    if case.use.sublicensing is True and rule.sublicence is not True:
        return "a right to sublicense"
    return None


def _excluded(case: Case, terms: Terms, condition: Condition) -> bool:
    """third_party_excluded: what the assigner does not itself hold is left out."""
    if condition.code is not ConditionCode.THIRD_PARTY_EXCLUDED:
        return False
    holders = {c.party.id for c in proven_holders(case.piece, case.component, case.today)}
    return holders != {terms.assigner.id}


def _code(rule: Rule, consent: bool) -> ReasonCode:
    if consent:
        return ReasonCode.CONSENT_FIRST
    if rule.effect is Effect.PERMIT:
        paid = any(c.code is Code.FEE for c in rule.conditions)
        return ReasonCode.PAYMENT_FIRST if paid else ReasonCode.RULE_PERMITS
    return ReasonCode.RULE_RESERVES if rule.effect is Effect.RESERVE else ReasonCode.RULE_PROHIBITS


def _verb(effect: Effect) -> str:
    return {Effect.PERMIT: "permit", Effect.RESERVE: "reserve", Effect.PROHIBIT: "prohibit"}[effect]


AFTER = {
    ReasonCode.RULE_RESERVES: ": ask first",
    ReasonCode.CONSENT_FIRST: " only with consent obtained first",
    ReasonCode.PAYMENT_FIRST: " for a fee, which is paid first",
}


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _say(
    reading: TermsReading,
    index: int,
    facts: Facts,
    code: ReasonCode,
    verb: str,
    after: str,
    unknown: tuple[str, ...] = (),
) -> None:
    """One reason: who says what of the use, and what stands behind it."""
    terms = reading.terms
    sentence = f"{terms.assigner.name} {verb} {facts.words}{after}"
    ground = terms.ground(index)
    reading.reasons += (
        reason_of(code, sentence, ground, facts.component_id, facts.action, facts.channel, unknown),
    )


def _reason(code: ReasonCode, sentence: str, terms: Terms, index: int | None, facts: Facts) -> Reason:
    return Reason(
        code=code,
        sentence=sentence,
        ground=terms.ground(index),
        component_id=facts.component.id,
        action=facts.action,
        channel=facts.channel,
    )
