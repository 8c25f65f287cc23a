"""Sentences that permit, reserve or prohibit, and the conditions that hang on them.

A sentence that merely exhorts ("Crosspost on your blog, forward to your lists") is no licence; a fair-use
notice is none either. The clause is always kept verbatim beside its reading.
"""

# ruff: noqa: E501 - patterns are read by the row, not by the line

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ledger.intake import clauses
from ledger.intake.conditions import conditions_in
from ledger.intake.contacts import email_in
from ledger.intake.draft import ConditionReading, Evidence, TermReading
from ledger.intake.page import Page, squeeze
from ledger.intake.rules import Speakers, actions_of, channels_of, who_speaks
from ledger.intake.sentences import Sentence, sentences_of

# A word that must begin where it stands is written ``m(?<=\bm)ay``: where every branch begins with a letter, the
# search skips to the next of these letters; a leading ``\b`` would have it try all branches at every place.
_REUSE_STEMS = re.compile(
    r"publi|print|produ|reprodu|cross-?post|repost|cop(?:y|ie)|distribu|re-?us|u(?<=\bu)s(?:e|ed|ing)\b|syndicat|permission|licen|nachdruck|weiterverbr"
    r"|verbreit|verwend|übern|vervielf|veröffentl|genehm|autoris|autoriz|difu|przedruk|kopiow|rozpowsz|zgod|powiel|wykorzyst|repris|repren|rediff"
    r"|utilis|переп|копир|воспроизв|использ|распростр|разреш|цитир|ripubbl|riprod|overn|train|mining|entren|обуч|передрук|використ|derecho|rechte|droits|lizenz|copia"
)
_EFFECT_STEMS = re.compile(
    r"m(?<=\bm)ay\b|c(?<=\bc)an|m(?<=\bm)ust|free|grant|permi|allow|authori|prohib|forbid|not\b|n['’]t\b|no |none|without|contact|mail|ask|welcom|encourag|requir"
    r"|request|subject|peut|peuvent|pouvez|libre|interdit|sans|autoris|darf|dürf|könn|kann|gestattet|erlaubt|verboten|untersagt|nur |ohne|anfrag|bedarf"
    r"|genehm|wenden|kontakt|permit|autoriz|puede|prohib|sin |contact|może|można|zezwal|dozwol|zabron|bez |wymaga|tylko|nie |zgod|разреш|запре|можно"
    r"|допуск|без |только|может|consent|vietat|senza|sem |proib|toegestaan|zonder|verboden|mag |обращ|пишите|дозвол|заборон|unless|reach out|get in touch|apply|only"
)
_PART = re.compile(r"(?<=[\w)]),? (?:but|however|aber|jedoch|mais|pero|ale|но|while|whereas)\s|;\s+", re.I)


_MOST_SENTENCES = 400
"""Candidate sentences read on one page; a policy has a few dozen."""


@dataclass(frozen=True, slots=True)
class _Rule:
    """A sentence with an effect, before it is spread over channels."""

    sentence: Sentence
    effect: str


def find_terms(page: Page, speakers: Speakers) -> tuple[TermReading, ...]:
    """Every rule the page states, in the order of the text; each with its conditions and verbatim clause."""
    candidates = [
        sentence
        for index, block in enumerate(page.blocks)
        if block.region != "nav" and block.end - block.start < 6000 and _may_hold_terms(page.of(block))
        for sentence in sentences_of(page, index, block)
        if _may_hold_terms(sentence.text)
    ][:_MOST_SENTENCES]
    parts = [part for sentence in candidates for part in _parts(sentence)]
    effects = {part.start: effect for part in parts if (effect := effect_of(part.text))}
    if "permit" in effects.values():
        for part in parts:
            if effects.get(part.start) != "permit" and _of_pictures(part.text):
                effects.pop(part.start, None)
    rules = [_Rule(part, effects[part.start]) for part in parts if part.start in effects]
    permits = [rule for rule in rules if rule.effect == "permit"]
    readings: list[TermReading] = []
    for rule in rules:
        if rule.effect == "prohibit" and permits and _only_qualifies(rule, permits):
            continue
        if rule.effect == "reserve" and readings and _only_says_whom(rule, readings[-1], page):
            continue
        conditions = _conditions(rule, parts, effects, permits, page) if rule.effect == "permit" else ()
        readings.extend(_spread(rule, conditions, page, speakers, parts))
    return _without_repeats(readings)


_ABOUT_TEXTS = re.compile(
    r"re-?publi|re-?print|re-?produ|cross-?post|re-?post|syndicat|re-?us|nachdruck|nachgedruckt|vervielf|przedruk|kopiow|rozpowsz|перепеч|передрук|ripubbl|riprod|overn"
    r"|redistrib|reprodu|rediffus|\b(?:we|our|us|my|you|your|anyone|this|these|article|stor(?:y|ies)|content|material|site|website|text|work|page|piece)s?\b|©"
    r"|\b(?:artikel|beitr[aä]g|inhalt|texte?n?|seite|contenu|texte|artículo|contenido|texto|sitio|artyku|tekst|treści|serwis|стат|материал|текст|сайт|articol|testo|contenut)\w*"
    r"|\b(?:nous|notre|nos|wir|unsere|nuestr|nasz|наш|commercial|print)\w*",
    re.I,
)


def _may_hold_terms(text: str) -> bool:
    """A cheap look before the dear one: most sentences of an article are about something else."""
    low = text.lower()
    return bool(_REUSE_STEMS.search(low) and _EFFECT_STEMS.search(low))


def effect_of(sentence: str) -> str | None:
    """permit, reserve, prohibit, or None where the sentence is about something else."""
    if clauses.FAIR_USE.search(sentence) or clauses.EXHORTS.search(sentence) or len(sentence) > 1500:
        return None
    if not clauses.REUSE.search(sentence) and not any(
        p.search(sentence) for name, p in clauses.ACTIONS if name.startswith("ai_")
    ):
        return "reserve" if _asks_for_permission(sentence) else None
    if not _ABOUT_TEXTS.search(sentence):
        return None  # "officials may not publish the list": news, not terms
    forbids = clauses.FORBID.search(sentence)
    without = clauses.WITHOUT_CONSENT.search(sentence)
    permits = clauses.PERMIT.search(sentence)
    needs = clauses.NEEDS_CONSENT.search(sentence)
    if forbids and not (permits and permits.start() < forbids.start() and not _overlap(permits, forbids)):
        if without or needs:
            return "reserve"
        return "prohibit" if _is_ban(sentence, forbids) else None
    if needs and not without:
        return "reserve"
    if permits:
        return "permit"
    if without:
        return "reserve"
    return "reserve" if _asks_for_permission(sentence) else None


def _is_ban(sentence: str, forbids: re.Match[str]) -> bool:
    """The ban must be on a use: "we do not publish on Sundays" is none."""
    window = sentence[max(0, forbids.start() - 120) : forbids.end() + 160]
    if re.search(
        r"\b(?:we|i|they|he|she|it)\b(?:\W+\w+){0,1}?\W*$", sentence[: forbids.start()], re.I
    ) and not re.search(r"\b(?:allow|permit|authori[sz]e|grant|consent)\w*", window, re.I):
        return False
    if re.match(r"\b(?:do|does|did)\b", forbids[0], re.I) and not re.match(
        r"^(?:please )?do(?:n['’]t| not)\b|.*\b(?:not) (?:allow|permit|authori[sz]e|grant|consent)",
        sentence,
        re.I | re.S,
    ):
        return False
    return bool(clauses.REUSE.search(window) or clauses.ACTIONS[0][1].search(sentence))


def _overlap(one: re.Match[str], other: re.Match[str]) -> bool:
    return one.start() < other.end() and other.start() < one.end()


def _asks_for_permission(sentence: str) -> bool:
    ask, topic = clauses.ASK.search(sentence), clauses.PERMISSION_TOPIC.search(sentence)
    return bool(ask and topic and len(sentence) < 500)


def _parts(sentence: Sentence) -> list[Sentence]:
    """ "You may republish online, but not in print": two rules in one sentence."""
    cuts = list(_PART.finditer(sentence.text))
    if not cuts:
        return [sentence]
    pieces, last = [], 0
    for cut in cuts:
        pieces.append((last, cut.start()))
        last = cut.end()
    pieces.append((last, len(sentence.text)))
    if sum(1 for start, end in pieces if effect_of(sentence.text[start:end])) < 2:
        return [sentence]
    return [replace(sentence, start=sentence.start + start, end=sentence.start + end, text=sentence.text[start:end])
            for start, end in pieces]  # fmt: skip


def _only_qualifies(rule: _Rule, permits: list[_Rule]) -> bool:
    """ "Do not edit our stories" beside a permission is a condition of it, not a rule of its own."""
    near = any(abs(rule.sentence.block - permit.sentence.block) <= 12 for permit in permits)
    if not near or clauses.ACTIONS[0][1].search(rule.sentence.text):
        return False
    codes = [condition.code for condition in conditions_in(rule.sentence.text, 0)]
    return bool(codes)


_PICTURES_ONLY = re.compile(
    r"\b(?:re-?publish|re-?use|use|re-?print|copy|reproduce|run|include) (?:\w+ ){0,2}?(?:photo\w*|images?|pictures?|illustrations?|graphics?)\b"
    r"|^\W*(?:(?:our|the|all|some|most|any) )?(?:\w+ )?(?:photo\w*|images?|pictures?|illustrations?|graphics?)\b"
    r"(?! (?:and|or) (?:text|stor|article))",
    re.I,
)


def _of_pictures(sentence: str) -> bool:
    """A reservation of the pictures beside a permission for the text is a condition, not a rule on the text."""
    return bool(_PICTURES_ONLY.search(sentence)) and not re.search(
        r"\b(?:text|article|stor(?:y|ies)) (?:and|or)\b", sentence, re.I
    )


def _only_says_whom(rule: _Rule, before: TermReading, page: Page) -> bool:
    """ "Nachdruck nur mit Genehmigung. Anfragen an rights@...": the second sentence completes the first."""
    if before.effect != "reserve" or clauses.REUSE.search(rule.sentence.text):
        return False
    start = before.evidence.end or 0
    block = page.block_at(max(start - 1, 0))
    return block is not None and rule.sentence.start - block.end <= 2


def _conditions(
    rule: _Rule, parts: list[Sentence], effects: dict[int, str], permits: list[_Rule], page: Page
) -> tuple[ConditionReading, ...]:
    """Those in the rule's own sentence, then those of the sentences and list items that follow it, until the
    next rule that permits or the end of the policy."""
    found: dict[str, ConditionReading] = {}
    for condition in conditions_in(rule.sentence.text, rule.sentence.start):
        found.setdefault(condition.code, condition)
    last_block = rule.sentence.block
    first = permits[0].sentence.start == rule.sentence.start
    for part in _following(page, rule.sentence, parts):
        if part.block > last_block + 2 or (not first and part.block > rule.sentence.block):
            break
        effect = effects.get(part.start)
        if (
            effect in ("permit", "reserve")
            or clauses.FAIR_USE.search(part.text)
            or clauses.EXHORTS.search(part.text)
        ):
            continue
        own = list(conditions_in(part.text, part.start))
        if own and (effect == "prohibit" or part.block == rule.sentence.block or _is_duty(part, page)):
            last_block = max(last_block, part.block)
            for condition in own:
                found.setdefault(condition.code, condition)
    return tuple(found.values())


def _following(page: Page, sentence: Sentence, parts: list[Sentence]) -> Iterator[Sentence]:
    """What stands after a rule: the rest of its block, then the next blocks, each sentence cut as before."""
    cut = {part.start: part for part in parts}
    for index in range(sentence.block, min(sentence.block + 24, len(page.blocks))):
        block = page.blocks[index]
        if block.region == "nav" or block.end - block.start > 3000:
            continue
        for each in sentences_of(page, index, block):
            if each.start > sentence.start:
                yield cut.get(each.start, each)


def _is_duty(part: Sentence, page: Page) -> bool:
    kind = page.blocks[part.block].kind
    return kind == "li" or len(part.text) < 600


def _spread(
    rule: _Rule,
    conditions: tuple[ConditionReading, ...],
    page: Page,
    speakers: Speakers,
    parts: list[Sentence],
) -> list[TermReading]:
    text = rule.sentence.text
    actions = actions_of(text, rule.effect)
    contact = email_in(text) or (_contact_after(rule, parts) if rule.effect == "reserve" else None)
    by, covers = who_speaks(text, speakers)
    evidence = Evidence(extractor="clause-patterns", confidence=0.85 if len(text) < 400 else 0.7,
                        start=rule.sentence.start, end=rule.sentence.end)  # fmt: skip
    return [
        TermReading(effect=rule.effect, action=action, channel=channel, commercial=commercial, conditions=conditions,
                    contact=contact, clause=squeeze(text), evidence=evidence, covers=covers, by=by)
        for action in actions
        for channel, commercial in channels_of(text, rule.effect)
    ]  # fmt: skip


def _contact_after(rule: _Rule, parts: list[Sentence]) -> str | None:
    """An address in the next sentence of the same or the following block, if that sentence asks to write."""
    following = [part for part in parts if part.start > rule.sentence.start][:2]
    for part in following:
        if part.block <= rule.sentence.block + 1 and clauses.ASK.search(part.text) and email_in(part.text):
            return email_in(part.text)
    return None


def _without_repeats(readings: list[TermReading]) -> tuple[TermReading, ...]:
    seen: set[tuple[object, ...]] = set()
    kept: list[TermReading] = []
    for reading in readings:
        key = (reading.effect, reading.action, reading.channel, reading.commercial, reading.clause.lower())
        if key not in seen:
            seen.add(key)
            kept.append(reading)
    return tuple(kept[:60])
