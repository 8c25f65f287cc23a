"""Numbers as people type them: "120.50" in a currency, which is 12050 of its minor unit; "1,500" copies."""

import re
from decimal import Decimal

from babel.numbers import get_currency_precision

from ledger.said import said

MOST_COPIES = 10**9
_COPIES = re.compile(r"\d+|\d{1,3}(?:[.,]\d{3})+")
_BLANKS = re.compile(r"[\s\u00a0'’]")
_THOUSANDS = re.compile(r"-?\d{1,3}([.,])\d{3}(?:(?:\1\d{3})+|(?:\1\d{3})*(?!\1)[.,]\d{1,4})")
"""Marks of thousands that can be nothing else: there are several, or another mark stands before the decimals."""
_AMOUNT = re.compile(r"(-?)(\d{1,12})(?:[.,](\d{1,4}))?")


def minor_units(typed: str, currency: str) -> int:
    """The amount in minor units. Raises ``ValueError`` with a line that says how to write it.

    >>> minor_units("1 200.50", "CAD"), minor_units("1.200,50", "EUR"), minor_units("300", "JPY")
    (120050, 120050, 300)
    """
    bare = _BLANKS.sub("", typed)
    if marked := _THOUSANDS.fullmatch(bare):
        bare = bare.replace(marked[1], "")
    found = _AMOUNT.fullmatch(bare)
    if found is None:
        raise ValueError("Write the amount in figures, such as 120.50.")
    sign, whole, parts = found[1], found[2], found[3] or ""
    digits = get_currency_precision(currency)
    if len(parts) == 3 and digits != 3:  # 1,200 may be meant as twelve hundred or as one and a fifth
        raise ValueError("Write thousands without a mark, such as 1200 or 1200.50.")
    if len(parts.rstrip("0")) > digits:
        raise ValueError(f"{currency} has {digits} decimals; write the amount with no more.")
    minor = int(Decimal(f"{whole}.{parts or '0'}").scaleb(digits))
    return -minor if sign else minor


def major_units(minor: int, currency: str) -> str:
    """The amount as it is typed: 12050 in CAD is "120.50"."""
    digits = get_currency_precision(currency)
    return f"{Decimal(minor).scaleb(-digits):.{digits}f}"


def copies(typed: str) -> int:
    """A number of copies, thousands marked or not. Raises ``ValueError`` with a line that says how to write it.

    >>> copies("1500"), copies("1,500"), copies("1.500"), copies("1 500")
    (1500, 1500, 1500, 1500)
    """
    bare = _BLANKS.sub("", typed)
    figures = re.sub(r"[.,]", "", bare) if bare.isascii() and _COPIES.fullmatch(bare) else ""
    if not figures or len(figures) > 10 or not 0 < int(figures) <= MOST_COPIES:
        raise ValueError(said("Give the number of copies as a whole number, such as 1500."))
    return int(figures)
