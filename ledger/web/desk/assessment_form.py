"""The form of an assessment: its steps, what each asks, and what it comes to as a record."""

from typing import Any

from ledger.desk.refusals import BadInput
from ledger.rights.exception_regimes import RegimeGuide
from ledger.rights.exceptions import Leaning
from ledger.web.forms import Form

LEANINGS = (
    (Leaning.FAVOURS.value, "It favours the use"),
    (Leaning.AGAINST.value, "It weighs against the use"),
    (Leaning.NEUTRAL.value, "Neither, or it cannot be said"),
)
YES_NO = (("yes", "Yes"), ("no", "No"))
Field = tuple[str, str, str, str]

FIELDS: dict[str, tuple[str, tuple[Field, ...]]] = {
    "use": (
        "The use",
        (
            ("purpose", "long", "What the use is for", "In your own words."),
            ("portion", "text", "What is taken", "Such as: the whole text; the second and third paragraph."),
            ("portion_words", "number", "How many words", ""),
            ("portion_percent", "number", "How much of the work, in percent", "0 to 100."),
            ("heart_of_the_work", "yes_no", "Is it the heart of the work, what people come for?", ""),
            ("transformation", "long", "What the use adds that the original has not", "If nothing, say so."),
            ("is_commercial", "yes_no", "Is the use commercial?", ""),
            ("audience", "text", "Who reads it, and how many", ""),
            ("credit", "text", "How source and author are named", ""),
            (
                "use_from",
                "date",
                "First day of the use",
                "An assessment is made before the use begins. "
                "Leave it blank for a use that is already under way; the record then bears today's date.",
            ),
        ),
    ),
    "search": (
        "Market and permission",
        (
            (
                "market_search",
                "long",
                "What was done to learn about the market for the work",
                "Where you looked, when, what you found.",
            ),
            (
                "licensing_search",
                "long",
                "What was done to find a licence",
                "Agencies, the source's own pages, prices.",
            ),
            (
                "search_evidence",
                "long",
                "Evidence of these searches",
                "One to a line: addresses, mails, prices.",
            ),
            ("permission_sought", "yes_no", "Was permission asked for?", ""),
            ("permission_refused", "yes_no", "Was it refused?", ""),
            (
                "alternatives",
                "long",
                "What could be done instead",
                "A link, a summary, an excerpt, another work.",
            ),
        ),
    ),
    "conclusion": (
        "Conclusion",
        (
            ("precedents", "long", "Precedents you considered", "One to a line."),
            ("conclusion", "long", "Your conclusion", "In your own words; nothing works it out for you."),
            ("residual_risk", "long", "What risk remains", ""),
            (
                "assessor_role",
                "text",
                "In what role you assess it",
                "Left blank, your role at the desk is given.",
            ),
            ("reviewer", "text", "Who else has read it", ""),
            ("review_due", "date", "To be reviewed by", ""),
        ),
    ),
}
GROUPS = dict(enumerate(FIELDS))
NEEDED = {"purpose", "conclusion"}
_LISTS = {"search_evidence", "precedents"}
_NUMBERS = {"portion_words", "portion_percent"}
_OPTIONAL = {"use_from", "review_due", "reviewer"}


def step_titles(guide: RegimeGuide) -> list[str]:
    """The names of the steps: each factor, then the groups of fields, then the record."""
    return [*(each.title for each in guide.questions), *(title for title, _ in FIELDS.values()), "Record"]


def finding(factor: str, part: str) -> str:
    """The name of a field of a finding."""
    return f"finding.{factor}.{part}"


def names_of_step(guide: RegimeGuide, step: int) -> list[str]:
    """The fields that a step shows."""
    if step < len(guide.questions):
        factor = guide.questions[step].factor.value
        return [finding(factor, part) for part in ("leaning", "reasons", "evidence")]
    group = GROUPS.get(step - len(guide.questions))
    return [name for name, *_ in FIELDS[group][1]] if group else []


def step_of_field(name: str, guide: RegimeGuide) -> int:
    """The step on which a wrong field can be put right."""
    for step in range(len(step_titles(guide))):
        if name in names_of_step(guide, step):
            return step
    return 0


def carried(form: Form, guide: RegimeGuide, step: int) -> list[tuple[str, str]]:
    """Every answer that this step does not show, to travel along."""
    here = set(names_of_step(guide, step))
    everywhere = ["component_id", "regime", "supersedes"]
    steps = range(len(step_titles(guide)))
    names = [*everywhere, *(name for each in steps for name in names_of_step(guide, each))]
    return [(name, form.value(name)) for name in names if name not in here and form.value(name)]


def faults_of_step(form: Form, guide: RegimeGuide, step: int) -> dict[str, str]:
    """What a step still lacks before one goes on. Only that something is missing, never that it is unfavourable."""
    wrong: dict[str, str] = {}
    if step < len(guide.questions):
        factor = guide.questions[step].factor.value
        if form.value(finding(factor, "leaning")) not in {value for value, _ in LEANINGS}:
            wrong[finding(factor, "leaning")] = "Say how you find this factor."
        if not form.value(finding(factor, "reasons")).strip():
            wrong[finding(factor, "reasons")] = "Give your reason: a finding without one says nothing."
        return wrong
    for name in names_of_step(guide, step):
        blank = not form.value(name).strip()
        if blank and (name in NEEDED or name in guide.extra_fields):
            wrong[name] = "Fill this in." if name in NEEDED else f"{guide.name} asks for this: fill it in."
        elif not blank and name in _NUMBERS:
            wrong |= _number_fault(name, form.value(name))
    return wrong


def _number_fault(name: str, text: str) -> dict[str, str]:
    if not text.strip().isdecimal() or len(text.strip()) > 8:
        return {name: "Write a whole number, such as 40."}
    if name == "portion_percent" and int(text) > 100:
        return {name: "At most 100 percent of a work can be taken."}
    return {}


def assessment_of(form: Form, guide: RegimeGuide) -> dict[str, Any]:
    """The record as ``desk.assessing.record_assessment`` takes it. Raises ``BadInput`` for numbers that are none."""
    given: dict[str, Any] = {
        "component_id": form.value("component_id"),
        "regime": guide.regime.value,
        "provision": guide.provision,
        "jurisdiction": guide.jurisdiction,
        "supersedes": form.value("supersedes") or None,
        "findings": [
            found for each in guide.questions if (found := _finding(form, each.factor.value)) is not None
        ],
    }
    errors: dict[str, str] = {}
    for _, fields in FIELDS.values():
        for name, kind, *_ in fields:
            text = form.value(name).strip()
            if name in _NUMBERS and text:
                errors |= _number_fault(name, text)
            given[name] = _value(name, kind, text) if name not in errors else None
    if errors:
        raise BadInput(errors)
    return given


def _finding(form: Form, factor: str) -> dict[str, Any] | None:
    leaning = form.value(finding(factor, "leaning"))
    if leaning not in {value for value, _ in LEANINGS}:
        return None
    return {
        "factor": factor,
        "leaning": leaning,
        "reasons": form.value(finding(factor, "reasons")).strip(),
        "evidence": _lines(form.value(finding(factor, "evidence"))),
    }


def _value(name: str, kind: str, text: str) -> Any:
    if name in _LISTS:
        return _lines(text)
    if kind == "yes_no":
        return {"yes": True, "no": False}.get(text)
    if name in _NUMBERS:
        return int(text) if text else None
    return text or (None if name in _OPTIONAL else "")


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
