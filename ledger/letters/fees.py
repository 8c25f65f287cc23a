"""What a grant costs: the quote line by line in the letter's language, and the total."""

from __future__ import annotations

import re

from ledger.letters.language import Speaker
from ledger.letters.matters import Decision
from ledger.letters.model import Clause, Ground, GroundKind, Layout, Section
from ledger.letters.parts import prose, saying, value
from ledger.rights.grants import Grant
from ledger.rights.tariff import Measure, Money, Quote, QuoteLine

# Lines that the ledger adds to a tariff's own, by their code.
_HOUSE_LINES = {"minimum": "Minimum fee", "rounding": "Rounding", "already_paid": "Already paid"}
# The forms rights/quoting.py writes its arithmetic in, in minor units.
_BASE = re.compile(
    r"(?:(?P<count>\d+) (?P<measure>words|copies|views|months) \((?:up to \d+|any number)\): )?"
    r"(?P<flat>\d+)(?: \+ \d+ x (?P<milli>\d+)/1000)?"
)
_FACTOR = re.compile(r"(?P<percent>\d+)% of (?P<amount>\d+)")
_STEP = re.compile(r"from (?P<before>\d+) to (?P<after>\d+)")
_SAID_BY_THE_LABEL = re.compile(r"|agreed|\d+ were paid before")


def the_fee(speaker: Speaker, grant: Grant, quote: Quote | None, decision: Decision) -> Section:
    """The calculation lines of the quote and their total. Raises ValueError when quote and grant disagree."""
    heading = speaker.message("Fee")
    fee = grant.fee
    if quote is not None and (fee is None or fee != quote.total):
        raise ValueError("the fee of the grant is not the total of its quote; correct one of them")
    if fee is None or (fee.minor == 0 and quote is None):
        return prose("fee", heading, [saying(speaker, "fee", "No fee is charged.", decision.ground)])
    rows = _lines(speaker, quote, decision) if quote is not None else []
    if quote is not None and quote.tariff_id:
        tariff, version = quote.tariff_id, str(quote.tariff_version)
        named = speaker.words("tariff {tariff}, version {version}", tariff=tariff, version=version)
        heading = speaker.noted(heading, named)
    total = Clause(
        "fee", (value(speaker.money(fee)),), label=speaker.message("Total"), grounds=(decision.ground,)
    )
    return Section("fee", heading, Layout.FEE, (*rows, total))


def _lines(speaker: Speaker, quote: Quote, decision: Decision) -> list[Clause]:
    """A line each. A price settled by hand rests on the decision, any other on the tariff."""
    by_tariff = Ground(GroundKind.HOUSE, f"tariff {quote.tariff_id} v{quote.tariff_version}")
    ground = by_tariff if quote.tariff_id else decision.ground
    currency = quote.total.currency
    return [
        Clause(
            f"fee_line_{line.code}",
            (value(speaker.money(Money(minor=line.minor, currency=currency))),),
            label=_label(speaker, line, currency),
            grounds=(ground,),
        )
        for line in quote.lines
    ]


def _label(speaker: Speaker, line: QuoteLine, currency: str) -> str:
    label = line_name(speaker, line)
    working = working_words(speaker, line.working, currency)
    return f"{speaker.apart(label)} – {working}" if working else label


def line_name(speaker: Speaker, line: QuoteLine) -> str:
    """What a calculation line is called: as the publisher's tariff calls it, or one of the ledger's own."""
    house = _HOUSE_LINES.get(line.code)
    return speaker.message(house) if house else line.label


def working_words(speaker: Speaker, working: str, currency: str) -> str:
    """The arithmetic in money; words a publisher wrote are left as they are."""

    def money(minor: str) -> str:
        return speaker.apart(speaker.money(Money(minor=int(minor), currency=currency)))

    if _SAID_BY_THE_LABEL.fullmatch(working):
        return ""
    if found := _FACTOR.fullmatch(working):
        amount = money(found["amount"])
        return speaker.words("{percent}% of {amount}", percent=found["percent"], amount=amount)
    if found := _STEP.fullmatch(working):
        return speaker.words(
            "from {before} to {after}", before=money(found["before"]), after=money(found["after"])
        )
    if found := _BASE.fullmatch(working):
        return _base(speaker, found, currency)
    return speaker.apart(working)


def _base(speaker: Speaker, found: re.Match[str], currency: str) -> str:
    """So many words or copies: a flat price, and a price for each. A flat price alone is the line's own amount."""
    if not found["count"]:
        return ""
    count, flat = int(found["count"]), int(found["flat"])
    counted = speaker.counted(count, Measure(found["measure"]))
    if not found["milli"]:
        return counted
    # No break around the sign, and one direction for the whole of it: a sum is read in one go.
    each = f"{speaker.number(count)}\u00a0×\u00a0{speaker.unit_price(int(found['milli']), currency)}"
    base = f"{speaker.money(Money(minor=flat, currency=currency))} + " if flat else ""
    return speaker.headed(counted, speaker.apart(base + each))
