"""The facts of one use as matching reads them: for one component, one action and one channel, on one day."""

from __future__ import annotations

from datetime import date

from ledger.rights.bounds import Territory
from ledger.rights.countries import COUNTRIES
from ledger.rights.pieces import Component
from ledger.rights.sentences import use_words
from ledger.rights.uses import (
    Action,
    Channel,
    DigitalChannel,
    Duration,
    Portion,
    ProposedUse,
    QuantityUnit,
)

WEBSITES = frozenset({Channel.COMMUNITY_SITE, Channel.NONPROFIT_SITE, Channel.COMMERCIAL_SITE})
_ANY = frozenset(Channel)
_ALONE = {channel: frozenset({channel}) for channel in Channel}
PARTS = frozenset({Portion.EXCERPT, Portion.QUOTATION, Portion.HEADLINE})


def countries_of(territory: Territory) -> frozenset[str]:
    """The territory as the set of its countries."""
    included = COUNTRIES if territory.included is None else territory.included
    return included - territory.excluded


class Facts:
    """Read-only. ``None`` is unknown; ``channels`` holds every channel that it may be (one when it is
    known)."""

    __slots__ = (
        "action",
        "channel",
        "channels",
        "component",
        "component_id",
        "copies",
        "countries",
        "first_day",
        "formats",
        "last_day",
        "on_paper",
        "use",
        "whole",
        "words",
    )

    def __init__(
        self, use: ProposedUse, component: Component, action: Action, channel: Channel | None, today: date
    ) -> None:
        self.use, self.component, self.action, self.channel = use, component, action, channel
        self.channels = _candidates(use, channel)
        self.on_paper = channel is Channel.PRINT if channel else None
        self.countries = countries_of(use.territory) if use.territory is not None else None
        self.formats = frozenset(run.format for run in use.formats)
        self.copies = _copies(use)
        # The use cannot begin before today; what ends before its start is a single day.
        self.first_day = max(use.start, today) if use.start else today
        self.last_day = _last_day(use, self.first_day)
        self.words = use_words(action, channel)
        self.component_id = component.id
        self.whole = action is Action.REPUBLISH_FULL or use.portion is Portion.FULL_ARTICLE


def _candidates(use: ProposedUse, channel: Channel | None) -> frozenset[Channel]:
    if channel is not None:
        return _ALONE[channel]
    return WEBSITES if DigitalChannel.PUBLIC_WEBSITE in use.digital_channels else _ANY


def _copies(use: ProposedUse) -> int | None:
    """Copies over all formats; None when any run is unknown."""
    runs = [run.print_run for run in use.formats]
    if runs and None not in runs:
        return sum(run for run in runs if run is not None)
    return use.audience if use.audience_unit is QuantityUnit.COPIES and not runs else None


def _last_day(use: ProposedUse, first_day: date) -> date | None:
    """``date.max`` for a perpetual use; None when the end is not known."""
    if use.end is not None:
        return max(use.end, first_day)
    return date.max if use.duration is Duration.PERPETUAL else None
