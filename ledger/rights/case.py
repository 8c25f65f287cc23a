"""One component under evaluation: what is looked up once and used for every Terms."""

from __future__ import annotations

from datetime import date

from ledger.rights.answers import Reason, ReasonCode
from ledger.rights.authority import SPEAKERS, Authorised, Authority, authority_over
from ledger.rights.facts import Facts
from ledger.rights.parties import Party
from ledger.rights.pieces import Component, Piece
from ledger.rights.sentences import derived_words, in_order
from ledger.rights.terms import Condition
from ledger.rights.title import Standing, last_day_of, standing_of
from ledger.rights.uses import Action, Channel, ProposedUse
from ledger.rights.wanted import WantedUse

NOT_SAID: dict[Standing, ReasonCode | None] = {
    Standing.HOLDER: None,
    Standing.AGENT: None,
    Standing.LICENSEE: ReasonCode.NO_SUBLICENCE,
    Standing.UNPROVEN: ReasonCode.CLAIM_UNPROVEN,
    Standing.NONE: ReasonCode.NO_CLAIM,
}
Key = tuple[str, Action, Channel | None]


class Case:
    """``title`` remembers how each party stands; ``authority`` what depends on the action, channel and days too."""

    __slots__ = ("authority", "component", "may_speak", "piece", "title", "today", "use")

    def __init__(self, piece: Piece, component: Component, use: ProposedUse, today: date) -> None:
        self.piece, self.component, self.use, self.today = piece, component, use, today
        self.may_speak: set[str] = set()  # holders and agents without an end, once looked up
        self.title: dict[str, tuple[Standing, bool]] = {}  # the standing, and whether it runs out
        self.authority: dict[Key, Authority] = {}

    def cannot_speak(self, party: Party, facts: Facts) -> ReasonCode | None:
        """None when the party has a Claim that lets it speak for the component; else why not."""
        try:
            standing, runs_out = self.title[party.id]
        except KeyError:
            standing, runs_out = self.title[party.id] = self._standing(party)
            if standing in SPEAKERS and not runs_out:
                self.may_speak.add(party.id)
        if standing is not Standing.LICENSEE and not runs_out:
            return NOT_SAID[standing]
        verdict = self._authority(party, facts).verdict
        if verdict is Authorised.YES:
            return None
        if verdict is Authorised.UNKNOWN:
            return ReasonCode.CLAIM_UNPROVEN
        return ReasonCode.NO_SUBLICENCE if standing is Standing.LICENSEE else ReasonCode.NO_CLAIM

    def _standing(self, party: Party) -> tuple[Standing, bool]:
        standing, claim = standing_of(party, self.piece, self.component, self.today)
        if claim is None or standing not in SPEAKERS:
            return standing, False
        return standing, last_day_of(claim, self.piece, self.component, self.today) is not None

    def _authority(self, party: Party, facts: Facts) -> Authority:
        key = (party.id, facts.action, facts.channel)
        if key not in self.authority:
            wanted = WantedUse(self.use, self.component, facts.action, facts.channel, self.today)
            self.authority[key] = authority_over(party, self.piece, self.component, wanted, self.today)
        return self.authority[key]

    def unknown_behind(self, party: Party, facts: Facts) -> tuple[str, ...]:
        """The unstated facts of the use on which the party's say depends; empty where no fact would help."""
        found = self.authority.get((party.id, facts.action, facts.channel))
        return in_order(found.unknown_facts) if found and found.verdict is Authorised.UNKNOWN else ()

    def handed_down(self, party: Party, facts: Facts) -> tuple[Condition, ...]:
        """What a licensee was itself bound to, and cannot free others from."""
        found = self.authority.get((party.id, facts.action, facts.channel)) if self.authority else None
        return found.duties if found else ()

    def derivations(self) -> tuple[Reason, ...]:
        """What was taken from the use by definition, so that it can be seen."""
        return tuple(
            Reason(
                code=ReasonCode.DERIVED,
                sentence=derived_words(d),
                component_id=self.component.id,
                facts=(d.fact,),
            )
            for d in self.use.derived
        )
