"""What a decision form is filled with: the owner on record, the conditions usual here, what a grant still needs."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from ledger.desk.requests.granting import USUAL
from ledger.records.request_rows import EnquiryRow, ItemRow
from ledger.rights.attribution import credit_for
from ledger.rights.authority import NOT_CARRIED
from ledger.rights.codes import ConditionCode
from ledger.rights.grants import Grant
from ledger.rights.parties import Party
from ledger.rights.pieces import Component, Piece
from ledger.rights.terms import Condition, Effect, Modality, TermsKind
from ledger.rights.title import covers, whom_to_ask
from ledger.rights.uses import Exclusivity, ProposedUse

OFFERED = (
    ConditionCode.CREDIT_AUTHOR,
    ConditionCode.CREDIT_PUBLISHER,
    ConditionCode.ACKNOWLEDGE_COPYRIGHT,
    ConditionCode.EXACT_CREDIT_LINE,
    ConditionCode.LINK_ARTICLE,
    ConditionCode.NO_EDITS,
    ConditionCode.EDITS_NEED_APPROVAL,
    ConditionCode.DISCLOSE_CHANGES,
    ConditionCode.NO_ENDORSEMENT,
    ConditionCode.NO_RESALE,
    ConditionCode.NO_ADS_SOLD_AGAINST,
    ConditionCode.NO_PAYWALL,
    ConditionCode.NOINDEX,
    ConditionCode.CANONICAL_TAG,
    ConditionCode.AI_TRAINING_PROHIBITED,
    ConditionCode.VOUCHER_COPY,
    ConditionCode.NOTIFY,
)
"""The conditions a grant is usually given on, in the order of the form."""


def open_facts(use: ProposedUse) -> tuple[str, ...]:
    """The facts a grant has to bound that the request left open: the decision form asks for them."""
    wanting = {
        "actions": not use.actions,
        "channels": not use.channels,
        "territory": use.territory is None,
        "language": use.language is None,
        "is_commercial": use.is_commercial is None,
    }
    return tuple(name for name, is_open in wanting.items() if is_open)


def usual_conditions(
    piece: Piece, component: Component, grantor: Party, licensee: str, today: date
) -> tuple[Condition, ...]:
    """What to ask of a licensee (its id): credit and notice, and what our own licence says must be handed down."""
    found = {condition.code: condition for condition in USUAL}
    for terms in piece.terms:
        if terms.kind is not TermsKind.INBOUND or terms.assignee is None or terms.assignee.id != grantor.id:
            continue
        if not covers(terms, component) or not terms.in_force(today):
            continue
        for rule in terms.rules:
            if rule.effect is Effect.PERMIT and rule.sublicensee in (None, licensee):
                for condition in rule.conditions:
                    binding = condition.modality in (Modality.MUST, Modality.MUST_NOT)
                    if binding and condition.code not in NOT_CARRIED:
                        found[condition.code] = condition
    return tuple(found.values())


def credit_line(piece: Piece, conditions: tuple[Condition, ...]) -> str:
    """The credit line to start from; staff may write another."""
    return credit_for(piece, conditions).recommended.text


def owner_named(piece: Piece, component: Component, grantor: Party, today: date) -> tuple[str, str]:
    """Name and address of the owner to refer to; empty where nobody but ourselves is on record."""
    party, _ = whom_to_ask(piece, component, today)
    if party.id == grantor.id:
        return "", ""
    contact = party.permissions_contact()
    return party.name, (contact.email or contact.url or "") if contact else ""


def limits_of(enquiries: Iterable[EnquiryRow], item_id: str) -> Mapping[str, Any]:
    """Within what the owner allows an item, where they allow less than was asked."""
    yes = [each for each in enquiries if each.state == "granted" and item_id in each.item_ids]
    return (yes[-1].answer or {}).get("limits") or {} if yes else {}


def collisions(grants: Iterable[Grant], item: ItemRow, use: ProposedUse) -> list[tuple[Grant, bool]]:
    """Grants that stand for the same component; true where one of the two is exclusive, so that they may clash."""
    wants_all = use.exclusivity is Exclusivity.EXCLUSIVE
    return [
        (grant, grant.scope.exclusive or wants_all)
        for grant in grants
        if item.component_id in grant.component_ids
    ]
