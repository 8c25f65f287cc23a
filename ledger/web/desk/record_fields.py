"""The record of a piece as a form, and back. Rows are numbered: ``authors.0.name``, ``terms.2.conditions.0.code``.

Nothing is judged here: what was typed goes to the desk as it is, and comes back as it was with what is wrong.
"""

import re
from collections.abc import Mapping
from typing import Any

from ledger.web.desk.rows import MAX_ROWS, numbers
from ledger.web.forms import Form

Row = dict[str, Any]
SINGLE = (
    "title",
    "subtitle",
    "language",
    "canonical_url",
    "source.name",
    "source.url",
    "source.url_status",
    "source.published",
    "source.arrangement",
    "republisher.name",
    "republisher.legal_name",
    "republisher.published",
    "copyright.notice",
    "copyright.year",
    "licence.id",
    "licence.url",
    "licence.scope",
    "fair_use.beyond",
    "fair_use.clause",
    "public_domain.deaths",
    "public_domain.published",
)
ROWS: dict[str, tuple[str, ...]] = {
    "authors": ("name", "type"),
    "contacts": ("email",),
    "components": (
        "kind",
        "label",
        "credit",
        "notice",
        "holder",
        "licence",
        "public_domain.deaths",
        "public_domain.published",
    ),
    "terms": ("effect", "action", "channel", "commercial", "contact", "clause", "by", "covers"),
}
FIXED = ("kind",)
"""Fields that are never blank, and so do not make a line count as filled in."""

_NUMBERED = re.compile(
    r"^(?P<list>copyright\.holders|fair_use\.grounds|.*\.?deaths|contacts\.\d+\.roles)\.\d+$"
)


def record_of(form: Form, *, blanks: bool = False) -> dict[str, Any]:
    """The record that a form describes. Lines without a word in them are left out, unless ``blanks``."""
    record: dict[str, Any] = {}
    for name in SINGLE:
        _put(record, name, form.value(name))
    record["copyright"]["holders"] = _lines(form.value("copyright.holders"))
    record["fair_use"] |= {
        "notice": bool(form.value("fair_use.notice")),
        "nonprofit_claim": form.value("fair_use.nonprofit_claim"),
        "grounds": _lines(form.value("fair_use.grounds").replace(",", "\n")),
    }
    record["public_domain"]["anonymous"] = bool(form.value("public_domain.anonymous"))
    for name, fields in ROWS.items():
        rows = [_row(form, f"{name}.{number}", fields) for number in numbers(form, name)]
        record[name] = [row for row in rows if blanks or _filled(row)]
    return record


def _row(form: Form, place: str, fields: tuple[str, ...]) -> Row:
    row: Row = {}
    for name in fields:
        _put(row, name, form.value(f"{place}.{name}"))
    if place.startswith("contacts"):
        row["roles"] = form.values(f"{place}.roles")
    if place.startswith("terms"):
        found = [
            {name: form.value(f"{place}.conditions.{number}.{name}") for name in ("code", "parameter")}
            for number in numbers(form, f"{place}.conditions")
        ]
        row["conditions"] = [each for each in found if each["code"].strip() or each["parameter"].strip()]
    return row


def _filled(row: Row) -> bool:
    return any(
        _filled(value) if isinstance(value, dict) else value
        for name, value in row.items()
        if name not in FIXED
    )


def _put(record: dict[str, Any], name: str, value: str) -> None:
    *way, last = name.split(".")
    for step in way:
        record = record.setdefault(step, {})
    record[last] = value.strip()


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def form_of(record: Mapping[str, Any], *, holder_is_publisher: bool = False, version: str = "") -> Form:
    """The form that shows a record, a draft's as well as one that was typed."""
    fair_use = record.get("fair_use") or {}
    copyright_ = record.get("copyright") or {}
    values = {
        name: record.get(name)
        for name in ("title", "subtitle", "language", "canonical_url", "authors", "contacts")
    }
    values |= {name: record.get(name) or {} for name in ("source", "republisher", "licence")}
    values["copyright"] = {**copyright_, "holders": "\n".join(copyright_.get("holders") or ())}
    values["fair_use"] = {
        **fair_use,
        "grounds": ", ".join(fair_use.get("grounds") or ()),
        "nonprofit_claim": _yes_no(fair_use.get("nonprofit_claim")),
    }
    values["public_domain"] = _facts(record.get("public_domain"))
    values["terms"] = [_term(each) for each in record.get("terms") or ()]
    values["components"] = [
        {**each, "public_domain": _facts(each.get("public_domain"))}
        for each in record.get("components") or ()
    ]
    values |= {"holder_is_publisher": holder_is_publisher, "version": version}
    return Form.filled(values)


def _term(term: Mapping[str, Any]) -> Row:
    conditions = [
        {"code": each} if isinstance(each, str) else dict(each) for each in term.get("conditions") or ()
    ]
    return {**term, "commercial": _yes_no(term.get("commercial")), "conditions": conditions}


def _facts(facts: Mapping[str, Any] | None) -> Row:
    if not facts:
        return {}
    deaths = facts.get("deaths")
    if not isinstance(deaths, str):
        deaths = "; ".join("unknown" if year is None else str(year) for year in deaths or ())
    return {**facts, "deaths": deaths}


def _yes_no(value: Any) -> Any:
    return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value


def with_row(record: dict[str, Any], name: str) -> None:
    """Add an empty line: ``authors``, or ``terms.0.conditions``."""
    if name in ROWS and len(record[name]) < MAX_ROWS:
        row: Row = {"conditions": []} if name == "terms" else {}
        for field in ROWS[name]:
            _put(row, field, "photograph" if field in FIXED else "")
        record[name].append(row)
    found = re.fullmatch(r"terms\.(\d{1,4})\.conditions", name)
    if found and int(found[1]) < len(record["terms"]):
        record["terms"][int(found[1])]["conditions"].append({"code": "", "parameter": ""})


def places(errors: Mapping[str, str]) -> dict[str, str]:
    """The desk's errors under the names of the form's fields: a list typed in one field has one error."""
    found: dict[str, str] = {}
    for name, message in errors.items():
        match = _NUMBERED.match(name)
        found.setdefault(match["list"] if match else name, message)
    return found
