"""Facts on record that speak to a factor of an exception, shown beside its question.

They are facts, not findings: nothing here counts them, weighs them or answers for the person who assesses.
"""

from ledger.rights.exceptions import Factor
from ledger.rights.parties import ContactRole
from ledger.rights.pieces import Component, ComponentKind, Piece
from ledger.rights.terms import Effect

F = Factor
AMOUNT = (F.US_AMOUNT, F.CA_AMOUNT, F.AU_AMOUNT, F.UK_NO_MORE_THAN_REQUIRED, F.EU_EXTENT)
PURPOSE = (F.US_PURPOSE, F.CA_PURPOSE, F.AU_PURPOSE_CHARACTER, F.EU_QUOTATION_PURPOSE, F.UK_PARODY_CHARACTER)
MARKET = (F.US_MARKET, F.CA_EFFECT, F.AU_MARKET, F.UK_FAIRNESS, F.EU_FAIR_PRACTICE)
SPREAD = (F.CA_CHARACTER,)
ASKING = (ContactRole.REPRINT_PERMISSION, ContactRole.RIGHTS)


def facts_against(piece: Piece, component: Component) -> dict[Factor, list[str]]:
    """What the register itself knows that is usually held against each factor."""
    facts: dict[Factor, list[str]] = {}
    if component.kind is ComponentKind.TEXT:
        _add(facts, AMOUNT, "The whole text is republished here, not a part of it.")
        _add(facts, PURPOSE, "The text stands here whole, as it stood at its source.")
        _add(facts, MARKET, "The whole text can be read here, without going to the original.")
    _add(facts, SPREAD, "It stands on a public page, for anybody, without an end.")
    address = _where_to_ask(piece, component)
    if address:
        _add(
            facts, MARKET, f"An address for permissions is on record ({address}): a licence may be on offer."
        )
    if _reserved(piece):
        _add(facts, MARKET, "The terms on record keep some uses back for those who ask.")
    if piece.source.url:
        facts.setdefault(F.CA_ALTERNATIVES, []).append(
            f"The original has an address to link to: {piece.source.url}"
        )
    return facts


def _add(facts: dict[Factor, list[str]], factors: tuple[Factor, ...], words: str) -> None:
    for factor in factors:
        facts.setdefault(factor, []).append(words)


def _where_to_ask(piece: Piece, component: Component) -> str | None:
    own = (claim.party for claim in piece.claims if claim.component_id == component.id)
    for party in own:
        for contact in party.contacts:
            if contact.email and set(contact.roles) & set(ASKING):
                return contact.email
    rules = (rule for terms in piece.terms for rule in terms.rules)
    return next((rule.contact.email for rule in rules if rule.contact and rule.contact.email), None)


def _reserved(piece: Piece) -> bool:
    return any(rule.effect is Effect.RESERVE for terms in piece.terms for rule in terms.rules)
