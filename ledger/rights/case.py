"""One component under evaluation: what is looked up once and used for every Terms."""

from __future__ import annotations

from datetime import date

from ledger.rights.answers import Reason, ReasonCode
from ledger.rights.authority import Authorised, authority_over
from ledger.rights.facts import Facts
from ledger.rights.parties import Party
from ledger.rights.pieces import Component, Piece
from ledger.rights.sentences import in_order
from ledger.rights.title import Standing, standing_of
from ledger.rights.uses import ProposedUse
from ledger.rights.wanted import WantedUse

_WHY_NOT = {
    Standing.HOLDER: None,
    Standing.AGENT: None,
    Standing.LICENSEE: ReasonCode.NO_SUBLICENCE,
    Standing.UNPROVEN: ReasonCode.CLAIM_UNPROVEN,
    Standing.NONE: ReasonCode.NO_CLAIM,
}
"""Why a party of this standing cannot speak for a component; None where it can."""


class Case:
    """``title`` remembers standings; ``passing_on`` those of licensees, for each action and channel."""

    __slots__ = ("component", "depends_on", "may_speak", "passing_on", "piece", "title", "today", "use")

    def __init__(self, piece: Piece, component: Component, use: ProposedUse, today: date) -> None:
        self.piece, self.component, self.use, self.today = piece, component, use, today
        self.may_speak: set[str] = set()  # holders and agents, once looked up
        self.title: dict[str, ReasonCode | None] = {}
        self.depends_on: dict[tuple[str, str, str | None], tuple[str, ...]] = {}
        self.passing_on: dict[tuple[str, str, str | None], ReasonCode | None] = {}

    def cannot_speak(self, party: Party, facts: Facts) -> ReasonCode | None:
        """None when the party has a Claim that lets it speak for the component; else why not."""
        try:
            found = self.title[party.id]
        except KeyError:
            found = self.title[party.id] = self._standing(party)
            if found is None:
                self.may_speak.add(party.id)
        if found is not ReasonCode.NO_SUBLICENCE:
            return found
        key = (party.id, facts.action, facts.channel)
        if key not in self.passing_on:
            self.passing_on[key] = self._licensee(party, facts)
        return self.passing_on[key]

    def _standing(self, party: Party) -> ReasonCode | None:
        standing, _claim = standing_of(party, self.piece, self.component, self.today)
        return _WHY_NOT[standing]

    def _licensee(self, party: Party, facts: Facts) -> ReasonCode | None:
        wanted = WantedUse(self.use, self.component, facts.action, facts.channel, self.today)
        authority = authority_over(party, self.piece, self.component, wanted, self.today)
        if authority.verdict is Authorised.YES:
            return None
        if authority.verdict is Authorised.UNKNOWN:
            self.depends_on[party.id, facts.action, facts.channel] = in_order(authority.unknown_facts)
            return ReasonCode.CLAIM_UNPROVEN
        return ReasonCode.NO_SUBLICENCE

    def unknown_behind(self, party: Party, facts: Facts) -> tuple[str, ...]:
        """The unstated facts of the use on which the party's say depends; empty where no fact would help."""
        return self.depends_on.get((party.id, facts.action, facts.channel), ())

    def derivations(self) -> tuple[Reason, ...]:
        """What was taken from the use by definition, so that it can be seen."""
        return tuple(
            Reason(
                code=ReasonCode.DERIVED,
                sentence=f"Read as {d.fact} {d.value}: {d.because}",
                component_id=self.component.id,
                facts=(d.fact,),
            )
            for d in self.use.derived
        )
