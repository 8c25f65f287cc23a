"""The formats that the standards' schemas name, checked for real: jsonschema alone only notes them."""

from __future__ import annotations

import re
from datetime import datetime

from jsonschema import FormatChecker

CHECKER = FormatChecker(formats=())

_PCT = r"%[0-9A-Fa-f]{2}"
_PCHAR = rf"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@]|{_PCT})"
_HOST = rf"(?:\[[0-9A-Fa-f:.]+\]|(?:[A-Za-z0-9\-._~!$&'()*+,;=]|{_PCT})*)"
_AUTHORITY = rf"//(?:(?:[A-Za-z0-9\-._~!$&'()*+,;=:]|{_PCT})*@)?{_HOST}(?::\d*)?"
_URI = re.compile(
    rf"[A-Za-z][A-Za-z0-9+.\-]*:(?:{_AUTHORITY}(?:/{_PCHAR}*)*|/?(?:{_PCHAR}+(?:/{_PCHAR}*)*)?)"
    rf"(?:\?(?:{_PCHAR}|[/?])*)?(?:\#(?:{_PCHAR}|[/?])*)?"
)
"""RFC 3986, appendix A: a URI with its scheme; a relative reference is none."""


@CHECKER.checks("uri")
def is_uri(value: object) -> bool:
    return not isinstance(value, str) or _URI.fullmatch(value) is not None


@CHECKER.checks("date-time", raises=ValueError)
def is_date_time(value: object) -> bool:
    """RFC 3339, section 5.6: a day, a time of day and an offset."""
    if not isinstance(value, str):
        return True
    full = re.fullmatch(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", value)
    return full is not None and bool(datetime.fromisoformat(value.upper()))
