"""What follows from a stated fact by definition. Nothing here guesses: what does not follow stays unknown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ledger.rights.uses import (
    Action,
    AiUse,
    Channel,
    Derivation,
    DigitalChannel,
    Format,
    Modification,
    Monetisation,
    Portion,
    ProposedUse,
    Purpose,
    RequesterType,
)

ON_PAPER = frozenset({Format.HARDBACK, Format.PAPERBACK, Format.PRINT, Format.LARGE_PRINT, Format.BRAILLE})
PART = frozenset({Portion.EXCERPT, Portion.QUOTATION, Portion.HEADLINE})
CHANNEL_OF = {
    DigitalChannel.EMAIL_NEWSLETTER: Channel.EMAIL,
    DigitalChannel.SOCIAL_OWNED: Channel.SOCIAL,
    DigitalChannel.SOCIAL_PAID: Channel.SOCIAL,
    DigitalChannel.STREAMING: Channel.BROADCAST,
    DigitalChannel.PODCAST: Channel.BROADCAST,
    DigitalChannel.ADVERTISEMENT: Channel.OTHER,
    DigitalChannel.EBOOK: Channel.OTHER,
    DigitalChannel.AUDIOBOOK: Channel.OTHER,
    DigitalChannel.DATABASE: Channel.OTHER,
    DigitalChannel.PRESENTATION: Channel.OTHER,
    DigitalChannel.PRESS_KIT: Channel.OTHER,
    DigitalChannel.SYNDICATION_FEED: Channel.OTHER,
}
"""``public_website`` is missing on purpose: which kind of site it is must be said or follow from who asks."""

SITE_OF = {
    RequesterType.NONPROFIT: Channel.NONPROFIT_SITE,
    RequesterType.PUBLISHER_NONPROFIT: Channel.NONPROFIT_SITE,
    RequesterType.COMPANY: Channel.COMMERCIAL_SITE,
    RequesterType.PUBLISHER_COMMERCIAL: Channel.COMMERCIAL_SITE,
}
WEBSITES = frozenset({Channel.COMMUNITY_SITE, Channel.NONPROFIT_SITE, Channel.COMMERCIAL_SITE})
SPOKEN = frozenset({DigitalChannel.PODCAST, DigitalChannel.AUDIOBOOK})
Found = tuple[Any, str]  # a value, and because of what


def derive(values: dict[str, Any]) -> ProposedUse:
    """A ProposedUse from the values read, with what follows by definition added and listed in ``derived``."""
    derived: list[Derivation] = []
    stated = tuple(values.get("channels", ()))
    channels = dict.fromkeys(stated)
    for channel, because in _channels(values):
        if channel not in channels:
            channels[channel] = None
            derived.append(Derivation(fact="channel", value=channel, because=because))
    on_paper = Channel.PRINT in channels
    actions = dict.fromkeys(a for a in values.get("actions", ()) if a is not Action.PRINT)
    for action, because in _actions(values, _copying(values, set(actions)), on_paper):
        if action not in actions:
            actions[action] = None
            derived.append(Derivation(fact="action", value=action, because=because))
    return ProposedUse(
        **{**values, "actions": tuple(actions), "channels": tuple(channels), "derived": tuple(derived)}
    )


def _copying(values: dict[str, Any], actions: set[Action]) -> bool:
    """Whether what is copied is already said: the stated print of something else still copies the whole."""
    if Action.PRINT in values.get("actions", ()):
        return bool(actions & {Action.REPUBLISH_FULL, Action.EXCERPT})
    return bool(actions)


def _channels(values: dict[str, Any]) -> Iterator[Found]:
    if Action.PRINT in values.get("actions", ()):
        yield Channel.PRINT, "the action print is reproduction on paper"
    if product := values.get("product"):
        article = "an" if product[0] in "aeiou" else "a"
        yield Channel.PRINT, f"the product is {article} {product}"
    for run in values.get("formats", ()):
        if run.format in ON_PAPER:
            yield Channel.PRINT, f"the format {run.format} is on paper"
    for digital in values.get("digital_channels", ()):
        if digital in CHANNEL_OF:
            yield CHANNEL_OF[digital], f"the channel is {digital}"
        elif digital is DigitalChannel.PUBLIC_WEBSITE and not WEBSITES & set(values.get("channels", ())):
            yield from _site(values)


def _site(values: dict[str, Any]) -> Iterator[Found]:
    """Which kind of website. A use without profit alone does not make a community site."""
    if values.get("is_commercial") is True:
        yield Channel.COMMERCIAL_SITE, "a public website with a commercial use"
    elif site := SITE_OF.get(values.get("requester_type")):  # type: ignore[arg-type]
        yield site, f"the website of a {values['requester_type']}"


def _actions(values: dict[str, Any], copying: bool, on_paper: bool) -> Iterator[Found]:
    portion = values.get("portion")
    if portion in PART:
        yield Action.EXCERPT, f"the portion is {portion}"
    elif portion is not None and portion is not Portion.OTHER:
        yield Action.REPUBLISH_FULL, f"the portion is {portion}"
    elif on_paper and not copying:
        yield Action.REPUBLISH_FULL, "print is reproduction on paper, and no smaller portion is named"
    yield from _changes(values)
    yield from _gains(values)
    if values.get("ai_use") is AiUse.TRAINING:
        yield Action.AI_TRAIN, "the AI use is training"
    elif values.get("ai_use") in (AiUse.RETRIEVAL, AiUse.INTERNAL_SUMMARY):
        yield Action.AI_INPUT, f"the AI use is {values['ai_use']}"
    for digital in values.get("digital_channels", ()):
        if digital in SPOKEN:
            yield Action.RECORD_AUDIO, f"the channel is {digital}"


def _changes(values: dict[str, Any]) -> Iterator[Found]:
    modification = values.get("modification")
    if values.get("translated") is True or modification is Modification.TRANSLATE:
        yield Action.TRANSLATE, "the text is to be translated"
    if modification in (Modification.ABRIDGE, Modification.ADAPT, Modification.CROP):
        yield Action.ADAPT, f"the modification is {modification}"


def _gains(values: dict[str, Any]) -> Iterator[Found]:
    if values.get("monetisation") is Monetisation.RESALE:
        yield Action.SELL, "the monetisation is resale"
    if values.get("purpose") is Purpose.RESALE:
        yield Action.SELL, "the purpose is resale"
    for run in values.get("formats", ()):
        if run.price and not run.free_distribution:
            yield Action.SELL, f"the {run.format} has a price"
