"""Whether a fee is the price of what is granted. It is accepted for a use, and in the end less may be granted.

Only a price by the tariff can be compared: what was agreed by hand has no other price than the one agreed.
"""

from typing import Any

from ledger.desk.amounts import major_units
from ledger.desk.refusals import BadInput, Clash
from ledger.desk.requests.quoting import price_of
from ledger.records.offers import load_quotes
from ledger.records.request_rows import QuoteRow, RequestRow
from ledger.records.tenant import Tenant
from ledger.rights.tariff import Money
from ledger.rights.uses import ProposedUse
from ledger.rights.wire import to_plain

NEITHER = "Charge that, or say that the accepted price stands."


def priced(
    tenant: Tenant, row: RequestRow, use: ProposedUse, charged: Money, *, seen: bool
) -> dict[str, Any]:
    """What a decision records of its price: ``{"price": Quote}`` where the tariff's price of ``use`` is charged and is
    another than the accepted one, ``{"price_seen": True}`` where staff let that stand for something else, else nothing.

    ``charged`` is the fee of the whole request. Raises ``BadInput`` for ``fee`` where it is more than the tariff's
    price, or is the accepted price of something else, and staff have not said that they have ``seen`` it.
    """
    accepted = _accepted(tenant, row)
    if accepted is None or accepted.currency != charged.currency:
        return {}
    try:
        price = price_of(tenant, row, use, accepted.document["tariff_version"])
    except Clash as refusal:
        due, said = 0, f"The tariff gives no price of what is granted: {refusal.message}"
    else:
        due, said = price.total.minor, f"By the tariff, what is granted costs {_typed(price.total)}."
        if due == accepted.total:
            return {}
        if charged == price.total:
            return {"price": to_plain(price)}
    if charged.minor <= due and charged.minor != accepted.total:
        return {}
    if seen:
        return {"price_seen": True}
    agreed = _typed(Money(minor=accepted.total, currency=accepted.currency))
    raise BadInput({"fee": f"{said} {agreed} was accepted for something else. {NEITHER}"})


def must_be_meant_free(tenant: Tenant, row: RequestRow, charged_for_others: int, *, seen: bool) -> None:
    """A grant free of charge, where a price was accepted and no other part is charged for, is given on purpose only.

    Raises ``BadInput`` for ``fee`` where staff have not said that they have ``seen`` it.
    """
    accepted = next((each for each in load_quotes(tenant, row.id) if each.state == "accepted"), None)
    if seen or accepted is None or not accepted.total or charged_for_others:
        return
    agreed = _typed(Money(minor=accepted.total, currency=accepted.currency))
    said = f"{agreed} was accepted and is asked for."
    raise BadInput({"fee": f"{said} Charge it here, or say that this is granted free of charge."})


def _typed(money: Money) -> str:
    return f"{major_units(money.minor, money.currency)} {money.currency}"


def _accepted(tenant: Tenant, row: RequestRow) -> QuoteRow | None:
    """The price by the tariff that the requester has accepted."""
    quotes = (each for each in load_quotes(tenant, row.id) if each.state == "accepted")
    return next((each for each in quotes if each.document["tariff_version"]), None)
