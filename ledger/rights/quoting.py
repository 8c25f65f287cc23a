"""From a tariff to a quote that shows its arithmetic. Whole numbers of minor units throughout."""

from __future__ import annotations

from ledger.rights.tariff import BasePrice, Measure, Money, Quote, QuoteLine, Tariff
from ledger.rights.uses import Duration, ExtentUnit, ProposedUse, QuantityUnit


class CannotQuote(ValueError):
    """The tariff gives no price; ``fact`` names the field of the use that is missing, if that is why."""

    def __init__(self, message: str, fact: str | None = None) -> None:
        self.fact = fact
        super().__init__(message)


def quote(tariff: Tariff, use: ProposedUse, *, words: int | None = None) -> Quote:
    """The price of the use. ``words`` is the length of the text, for a use of the whole. Raises CannotQuote."""
    price = _price_for(tariff, use)
    lines = [_base_line(price, use, words)]
    total = lines[0].minor
    for factor in tariff.factors:
        if _matches(factor.match, use):
            changed = _half_up(total * factor.percent, 100)
            working = f"{factor.percent}% of {total}"
            lines.append(
                QuoteLine(code=factor.code, label=factor.label, working=working, minor=changed - total)
            )
            total = changed
    for code, label, reached in (
        ("minimum", "Minimum fee", max(total, tariff.minimum) if total else total),
        ("rounding", "Rounding", 0),
    ):
        target = reached if code == "minimum" else _half_up(total, tariff.round_to) * tariff.round_to
        if target != total:
            line = QuoteLine(
                code=code, label=label, working=f"from {total} to {target}", minor=target - total
            )
            lines.append(line)
            total = target
    return Quote(
        tariff_id=tariff.id,
        tariff_version=tariff.version,
        lines=tuple(lines),
        total=Money(minor=total, currency=tariff.currency),
    )


def top_up(tariff: Tariff, use: ProposedUse, paid: Money, *, words: int | None = None) -> Quote:
    """Price an extended use by the difference to what was paid. Never below zero. Raises CannotQuote."""
    if paid.currency != tariff.currency:
        raise CannotQuote(f"paid in {paid.currency}, priced in {tariff.currency}: quote it by hand")
    whole = quote(tariff, use, words=words)
    credited = min(paid.minor, whole.total.minor)
    line = QuoteLine(
        code="already_paid", label="Already paid", working=f"{paid.minor} were paid before", minor=-credited
    )
    return Quote(
        tariff_id=whole.tariff_id,
        tariff_version=whole.tariff_version,
        lines=(*whole.lines, line),
        total=Money(minor=whole.total.minor - credited, currency=tariff.currency),
        already_paid=paid,
    )


def _price_for(tariff: Tariff, use: ProposedUse) -> BasePrice:
    """The matching price with the most facts; the first listed where two have as many."""
    matching = [price for price in tariff.prices if _matches(price.match, use)]
    if not matching:
        raise CannotQuote(
            f"tariff {tariff.id} version {tariff.version} has no price for this use: set it by hand"
        )
    return max(matching, key=lambda price: len(price.match))


def _base_line(price: BasePrice, use: ProposedUse, words: int | None) -> QuoteLine:
    units = _units(price.measure, use, words)
    for band in price.bands:
        if band.up_to is None or units <= band.up_to:
            minor = band.flat + _half_up(units * band.per_unit_milli, 1000)
            step = f"up to {band.up_to}" if band.up_to is not None else "any number"
            counted = "" if price.measure is Measure.FLAT else f"{units} {price.measure} ({step}): "
            per_unit = f" + {units} x {band.per_unit_milli}/1000" if band.per_unit_milli else ""
            working = f"{counted}{band.flat}{per_unit}"
            return QuoteLine(code=price.code, label=price.label, working=working, minor=minor)
    raise CannotQuote(f"{units} {price.measure} is more than the tariff goes up to: set the price by hand")


def _units(measure: Measure, use: ProposedUse, words: int | None) -> int:
    if measure is Measure.FLAT:
        return 1
    if measure is Measure.COPIES:
        runs = [run.print_run for run in use.formats]
        return _known(
            sum(r for r in runs if r is not None) if runs and None not in runs else None, "print_run"
        )
    if measure is Measure.VIEWS:
        return _known(use.audience if use.audience_unit is QuantityUnit.VIEWS else None, "audience")
    if measure is Measure.WORDS:
        return _known(use.quantity if use.unit is ExtentUnit.WORDS else words, "quantity")
    return _known(_months(use), "end")


def _months(use: ProposedUse) -> int | None:
    """Months begun between start and end; a one-time use is one."""
    if use.duration is Duration.ONE_TIME:
        return 1
    if use.start is None or use.end is None:
        return None
    whole = (use.end.year - use.start.year) * 12 + use.end.month - use.start.month
    return whole + (1 if use.end.day >= use.start.day else 0) or 1


def _known(value: int | None, fact: str) -> int:
    if value is None:
        raise CannotQuote(f"the price depends on {fact}, which the use does not state: ask for it", fact)
    return value


def _matches(pairs: tuple[tuple[str, str], ...], use: ProposedUse) -> bool:
    return all(value in _values(use, name) for name, value in pairs)


def _values(use: ProposedUse, name: str) -> frozenset[str]:
    """The values a fact of the use has, as text; none when it is unknown."""
    if name == "territory":
        if use.territory is None:
            return frozenset()
        return frozenset({"world"} if use.territory.included is None else use.territory.included)
    found = getattr(use, name)
    if name == "formats":
        return frozenset(run.format for run in use.formats)
    if isinstance(found, tuple):
        return frozenset(str(item) for item in found)
    if isinstance(found, bool):
        return frozenset({"true" if found else "false"})
    return frozenset() if found is None else frozenset({str(found)})


def _half_up(numerator: int, denominator: int) -> int:
    """Division rounded half up; neither number is negative here."""
    return (2 * numerator + denominator) // (2 * denominator)
