"""Plain words for codes. The page, the JSON and the letter print the same ones."""

from __future__ import annotations

from collections.abc import Iterable

from ledger.rights.uses import Action, Channel, Derivation

ACTIONS = {
    Action.REPUBLISH_FULL: "republishing the whole",
    Action.EXCERPT: "using an excerpt",
    Action.LINK: "linking",
    Action.TRANSLATE: "translating",
    Action.ADAPT: "adapting",
    Action.PRINT: "printing",
    Action.SELL: "selling copies",
    Action.RECORD_AUDIO: "recording it as audio",
    Action.AI_TRAIN: "training an AI system on it",
    Action.AI_INPUT: "giving it to an AI system as input",
    Action.INDEX: "indexing",
}
CHANNELS = {
    Channel.COMMUNITY_SITE: "on a community site",
    Channel.NONPROFIT_SITE: "on a non-profit site",
    Channel.COMMERCIAL_SITE: "on a commercial site",
    Channel.INTRANET: "on an intranet",
    Channel.PRINT: "in print",
    Channel.BROADCAST: "in a broadcast",
    Channel.EMAIL: "by email",
    Channel.SOCIAL: "on social media",
    Channel.APP: "in an app",
    Channel.CLASSROOM: "in a classroom",
    Channel.OTHER: "in another medium",
}
FACTS = {
    "action": "what is to be done",
    "channel": "where it would appear (community, non-profit or commercial site, print and so on)",
    "is_commercial": "whether the use is commercial",
    "purpose": "the purpose",
    "requester_type": "who the requester is",
    "product": "the kind of printed product",
    "territory": "the territory",
    "language": "the language",
    "start": "when the use begins",
    "end": "when the use ends",
    "formats": "the formats",
    "print_run": "the number of copies",
    "audience": "the size of the audience",
    "quantity": "how much is used",
    "duration": "for how long or how many editions",
    "component": "whether this component is marked as free to use",
    "modification": "what would be changed",
    "term": "whether its term of copyright is over",
}
ELSEWHERE = {
    "channels": "for other channels",
    "purposes": "for other purposes",
    "commercial": "for the other kind of use, commercial or not",
    "requesters": "for other kinds of users",
    "products": "for other printed products",
    "territory": "for fewer or other countries",
    "languages": "for other languages",
    "period": "for another time",
    "formats": "for other formats",
    "caps": "for fewer copies or readers",
    "extents": "for a shorter part",
    "editions": "for fewer editions",
}
"""What words that miss a use are for, by the axis on which they miss it."""


def use_words(action: Action, channel: Channel | None) -> str:
    """ "using an excerpt by email" """
    return f"{ACTIONS[action]} {CHANNELS[channel]}" if channel else ACTIONS[action]


def derived_words(found: Derivation) -> str:
    """ "The use is in print: the product is a newsletter" """
    because = found.because.replace("_", " ")
    if found.fact == "channel":
        return f"The use is {CHANNELS[Channel(found.value)]}: {because}"
    return f"The use means {ACTIONS[Action(found.value)]}: {because}"


def fact_words(facts: tuple[str, ...]) -> str:
    return ", ".join(FACTS.get(fact, fact) for fact in facts)


def in_order(facts: Iterable[str]) -> tuple[str, ...]:
    """Each fact once, in one order whatever the order of the rules that asked for it."""
    found = set(facts)
    if len(found) < 2:
        return tuple(found)
    return tuple(sorted(found, key=lambda fact: (_PLACES.get(fact, 99), fact)))


_PLACES = {fact: place for place, fact in enumerate(FACTS)}
