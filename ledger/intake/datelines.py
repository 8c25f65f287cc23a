"""Lines near the top that are a name with a date."""

# ruff: noqa: E501 - patterns are read by the row, not by the line

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from ledger.intake.dates import dates_in
from ledger.intake.page import Page
from ledger.intake.titles import BYLINE

_HOST_DATE = re.compile(r"^\s*(?P<name>[^\n,:|]{2,60}?)\s*(?:,|\||–|—|-|\(|:|·|•)?\s*$")


@dataclass(frozen=True, slots=True)
class Dateline:
    """A line near the top that is a name with a date: "Harbour Review, March 06, 2022"."""

    name: str
    day: date
    start: int
    end: int
    linked: bool
    comma: bool


def datelines(page: Page, title_index: int) -> list[Dateline]:
    found = []
    for block in page.blocks[max(title_index, 0) : max(title_index, 0) + 14]:
        if block.region in ("nav", "footer", "aside", "figure") or block.end - block.start > 300:
            continue
        start = block.start
        for line in page.of(block).split("\n"):
            day = next(dates_in(line, page.language), None)
            if day and len(line) < 110:
                before = line[: day[0]]
                match = _HOST_DATE.match(before)
                name = re.sub(r"\s+(?:on|am|le|el|il|от|z dnia)$", "", match["name"]) if match else ""
                name = re.sub(r"^(?:published (?:by|in|on)|by|posted by)\s+", "", name, flags=re.I)
                if (
                    name
                    and name[0].isalnum()
                    and not BYLINE.match(line)
                    and len(name.split()) <= 6
                    and not _is_label(name)
                ):
                    at = start + line.index(name)
                    found.append(
                        Dateline(
                            name,
                            day[2],
                            at,
                            start + day[1],
                            bool(page.links_in(at, at + len(name))),
                            "," in before,
                        )
                    )
            start += len(line) + 1
    return found


_LABELLED = re.compile(
    r"(?:published|updated|posted|date|last|first|created|modified|veröffentlicht|aktualisiert|publié|mis à jour|publicado"
    r"|actualizado|opublikowano|data|дата|опубликовано|stand)\b"
    r"|(?:(?:le|am|el|on|den|z|от|mon|tue|wed|thu|fri|sat|sun|\w+day|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
    r"|\w+tag|mittwoch|lunes|martes|miércoles|jueves|viernes|sábado|domingo)[\s,.]*)+$",
    re.I,
)


def _is_label(name: str) -> bool:
    """ "Published", "Monday": words before a date that name nobody."""
    return bool(_LABELLED.match(name))
