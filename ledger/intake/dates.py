"""Dates as people and machines write them, in a dozen languages. Day/month order that cannot be told is None."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

_MONTHS = {
    1: "january jan janvier janv januar jänner enero ene gennaio gen janeiro januari stycznia styczeń sty"
    " января январь янв січня leden ledna ocak",
    2: "february feb février févr fevr februar febrero febbraio fevereiro februari lutego luty lut"
    " февраля февраль фев лютого únor února şubat",
    3: "march mar mars märz maerz marzo março maart marca marzec марта март мар березня březen března mart",
    4: "april apr avril avr abril abr aprile kwietnia kwiecień kwi апреля апрель апр квітня duben dubna nisan",
    5: "may mai mayo may maggio mag maio mei maja maj мая май травня květen května mayıs",
    6: "june jun juin juni junio giugno giu junho czerwca czerwiec cze июня июнь июн червня červen června haziran",
    7: "july jul juillet juil juli julio luglio lug julho lipca lipiec lip июля июль июл липня červenec temmuz",
    8: "august aug août aout agosto ago augusti augustus sierpnia sierpień sie августа август авг серпня srpen"
    " srpna ağustos",
    9: "september sep sept septembre septiembre settembre set setembro września wrzesień wrz"
    " сентября сентябрь сен сент вересня září eylül",
    10: "october oct octobre oktober okt octubre ottobre ott outubro października październik paź"
    " октября октябрь окт жовтня říjen října ekim",
    11: "november nov novembre noviembre novembro listopada listopad lis ноября ноябрь ноя листопад listopadu kasım",
    12: "december dec décembre déc dezember dez diciembre dic dicembre dezembro grudnia grudzień gru"
    " декабря декабрь дек грудня prosinec prosince aralık",
}
MONTH_NUMBER = {name: number for number, names in _MONTHS.items() for name in names.split()}
_MONTH = "(?:" + "|".join(sorted(map(re.escape, MONTH_NUMBER), key=len, reverse=True)) + r")\b\.?"

_FORMS = re.compile(
    r"(?<![\d/.-])(?P<iso>(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))(?!\d)"
    r"|(?<![\d/.-])(?P<cjk>(?:19|20)\d\d\s?[年년]\s?\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일])"
    rf"|\b(?P<month_first>{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+(?:19|20)\d\d)\b"
    rf"|(?<!\d)(?P<day_first>\d{{1,2}}(?:st|nd|rd|th|er|º|ª|\.)?(?:\s+of|\s+de|\s+do)?[\s-]+{_MONTH}(?:\s+de[l]?|\s+do)?,?[\s-]+(?:19|20)\d\d)\b"
    r"|(?<![\d/.-])(?P<dotted>\d{1,2}\.\s?\d{1,2}\.\s?(?:19|20)\d\d)(?![\d.])"
    r"|(?<![\d/.-])(?P<slashed>\d{1,2}/\d{1,2}/(?:19|20)\d\d|(?:19|20)\d\d/\d{1,2}/\d{1,2})(?![\d/])",
    re.I,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_NUMBERS = re.compile(r"\d+")
_WORDS = re.compile(r"[^\W\d_]+")
_MONTH_FIRST_LANGUAGES = frozenset({"en-us"})


def dates_in(text: str, language: str | None = None) -> Iterator[tuple[int, int, date]]:
    """(start, end, day) of every full date. *language* is a BCP 47 tag; "3/6/2022" is read day first in all
    but US English, and not at all in English of no country."""
    if not _YEAR.search(text):
        return
    for match in _FORMS.finditer(text):
        day = _read(match, (language or "").lower())
        if day is not None:
            yield match.start(), match.end(), day


def parse_stamp(value: str) -> date | None:
    """The day of an ISO 8601 stamp ("2022-03-05T10:00:00+03:00" -> 2022-03-05) or of any date text."""
    text = value.strip()[:100]
    iso = re.match(r"((?:19|20)\d\d)-?(\d\d)-?(\d\d)(?=$|[T\s+Z-])", text)
    if iso:
        return _day(int(iso[1]), int(iso[2]), int(iso[3]))
    return next((day for _, _, day in dates_in(text)), None)


def _read(match: re.Match[str], language: str) -> date | None:
    text, kind = match[0], match.lastgroup
    numbers = [int(number) for number in _NUMBERS.findall(text)]
    if kind in ("iso", "cjk"):
        return _day(*numbers[:3])
    if kind in ("month_first", "day_first"):
        month = next(
            (MONTH_NUMBER[word.lower()] for word in _WORDS.findall(text) if word.lower() in MONTH_NUMBER), 0
        )
        return _day(numbers[-1], month, numbers[0])
    if kind == "dotted":
        return _day(numbers[2], numbers[1], numbers[0])
    if numbers[0] > 1900:
        return _day(*numbers[:3])
    return _slashed(numbers, language)


def _slashed(numbers: list[int], language: str) -> date | None:
    first, second, year = numbers[:3]
    if first > 12 or first == second:
        return _day(year, second, first)
    if second > 12 or language in _MONTH_FIRST_LANGUAGES:
        return _day(year, first, second)
    if language and language not in ("en", "en-us"):
        return _day(year, second, first)
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
