"""The decision form of each part of a request: what it is filled with, and what was decided in it.

Every field is called ``ITEM.ACT.NAME``, so that the forms of many parts can stand on one page.
"""

from typing import Any

from ledger.desk.amounts import major_units, minor_units
from ledger.desk.refusals import BadInput
from ledger.desk.requests.dossier import Dossier, Part
from ledger.desk.requests.suggesting import OFFERED
from ledger.rights.codes import ConditionCode
from ledger.rights.policies import condition_of
from ledger.rights.terms import Condition, Modality
from ledger.rights.uses import Action, Channel
from ledger.rights.vocabulary import headed
from ledger.rights.wire import from_plain, to_plain
from ledger.web.condition_words import SENTENCES
from ledger.web.desk.narrowing import OF_THE_FORM, as_granted, read_copies, within
from ledger.web.forms import Form
from ledger.web.public.questions import read_territory
from ledger.web.words import sentence

ACTS = ("grant", "decline", "refer", "enquire", "not_needed")
WITH_PARAMETER = frozenset(
    {ConditionCode.VOUCHER_COPY, ConditionCode.NOTIFY, ConditionCode.ACKNOWLEDGE_COPYRIGHT}
)
"""Conditions that may say more: how many copies, where to, which notice."""


def rows_of_conditions(part: Part) -> list[tuple[str, str, bool]]:
    """(code, sentence, whether it takes a parameter) of each condition the form offers for a part."""
    codes = dict.fromkeys((*OFFERED, *(ConditionCode(each.code) for each in part.conditions)))
    return [
        (
            code.value,
            SENTENCES[code.value].partition("|")[0],
            code in WITH_PARAMETER or _has_parameter(part, code),
        )
        for code in codes
    ]


def _has_parameter(part: Part, code: ConditionCode) -> bool:
    return code is not ConditionCode.EXACT_CREDIT_LINE and any(
        each.code == code and each.parameter for each in part.conditions
    )


def filled_form(found: Dossier, given: Form, opened: str) -> Form:
    """What every form of the dossier shows: what is on record, and over it what was typed in the one just sent."""
    values: dict[str, Any] = {"currency": "CAD", "person": found.request.assigned_to or ""}
    for part in found.parts:
        values |= {f"{part.row.id}.{name}": value for name, value in _filled(found, part).items()}
    form = Form.filled(values)
    form.data = {name: typed for name, typed in form.data.items() if not _of(name, opened)}
    form.data |= given.data
    form.errors = given.errors
    return form


def _of(name: str, opened: str) -> bool:
    """Whether a field belongs to the form that was sent: an unticked box of it stays unticked."""
    return bool(opened) and "." in name and name.startswith(f"{opened.replace('--', '.')}.")


def granted_conditions(part: Part) -> tuple[Condition, ...]:
    """The conditions of the grant that was decided for a part; none where nothing was granted."""
    grant = (part.row.document or {}).get("grant") or {}
    return from_plain(tuple[Condition, ...], grant.get("conditions") or [])


def _filled(found: Dossier, part: Part) -> dict[str, Any]:
    """What each form of a part begins with: what is usual, or, once it is decided, what was decided."""
    return _usual(found, part) | _as_decided(part)


def _as_decided(part: Part) -> dict[str, Any]:
    document = part.row.document or {}
    if part.row.decision == "declined":
        return {"decline.reason": document["reason"]}
    if part.row.decision == "referred":
        return {"refer.owner": document["owner"], "refer.contact": document["contact"] or ""}
    if part.row.decision != "granted":
        return {}
    conditions, fee = granted_conditions(part), document["grant"].get("fee")
    return {
        "grant.conditions": [each.code for each in conditions],
        **as_granted(document["use"], document["grant"]["scope"]),
        **{f"grant.parameter.{each.code}": each.parameter or "" for each in conditions},
        **{f"grant.force.{each.code}": "should" for each in conditions if each.modality is Modality.SHOULD},
        "grant.credit_line": document["grant"]["credit_line"] or "",
        "grant.fee": major_units(fee["minor"], fee["currency"]) if fee else "",
        **({"grant.fee_currency": fee["currency"]} if fee else {}),
    }


def _usual(found: Dossier, part: Part) -> dict[str, Any]:
    fee, currency = _fee_left(found)
    owner, email = _to_ask(found, part)
    return {
        "grant.conditions": [each.code for each in part.conditions],
        **{
            f"grant.parameter.{each.code.value}": each.parameter for each in part.conditions if each.parameter
        },
        "grant.credit_line": part.credit_line,
        **within(found, part.limits),
        "grant.fee": fee,
        "grant.fee_currency": currency,
        "refer.owner": part.owner,
        "refer.contact": part.owner_contact,
        "enquire.owner": owner,
        "enquire.email": email,
    }


def _to_ask(found: Dossier, part: Part) -> tuple[str, str]:
    """Whom to ask next: whoever was named by an owner who said that the rights are not theirs, else the owner."""
    said = [each.answer for each in found.enquiries if part.row.id in each.item_ids and each.answer]
    named = next((each for each in reversed(said) if each.get("ask")), None)
    if named is not None:
        return named["ask"], named.get("ask_contact") or ""
    return part.owner, part.owner_contact if "@" in part.owner_contact else ""


def _fee_left(found: Dossier) -> tuple[str, str]:
    """What the accepted price has not yet been charged for."""
    quote = next((each for each in found.quotes if each.state == "accepted"), None)
    if quote is None:
        return "", "CAD"
    settled = sum(
        ((part.row.document or {}).get("grant", {}).get("fee") or {}).get("minor", 0) for part in found.parts
    )
    left = max(0, quote.total - settled)
    return (major_units(left, quote.currency) if left else ""), quote.currency


def decided_details(form: Form, item_id: str, act: str) -> dict[str, Any]:
    """What was decided, as the desk takes it. Raises ``BadInput`` under the names of the form."""
    place = f"{item_id}.{act}."
    if act == "decline":
        return {"reason": form.value(f"{place}reason")}
    if act == "refer":
        return {"owner": form.value(f"{place}owner"), "contact": form.value(f"{place}contact").strip()}
    if act != "grant":
        return {}
    errors: dict[str, str] = {}
    details = {
        "use": _use(form, place, errors),
        "copies": read_copies(form, place, errors),
        "conditions": [to_plain(each) for each in _conditions(form, place)],
        "credit_line": form.value(f"{place}credit_line").strip()[:1_000] or None,
        "fee": _fee(form, place, errors),
        "price_seen": bool(form.value(f"{place}price_seen")),
    }
    if errors:
        raise BadInput(errors)
    return details


PRICED = "price.tariff."
"""What the fields begin with that say for how much less a price is to be reckoned."""


def less_than_asked(form: Form) -> dict[str, Any]:
    """What was typed in them, as the desk takes it; empty where nothing was. Raises ``BadInput`` under their names."""
    errors: dict[str, str] = {}
    less = {"use": _use(form, PRICED, errors), "copies": read_copies(form, PRICED, errors)}
    if errors:
        raise BadInput(errors)
    return {name: value for name, value in less.items() if value}


def _use(form: Form, place: str, errors: dict[str, str]) -> dict[str, Any]:
    """The facts the request left open, as staff settled them, and those that are granted more narrowly."""
    use: dict[str, Any] = {}
    for name in ("actions", "channels"):
        if form.values(f"{place}{name}"):
            use[name] = form.values(f"{place}{name}")
    for name in ("language", "is_commercial", "end"):
        if form.value(f"{place}{name}"):
            use[name] = form.value(f"{place}{name}")
    territory = form.value(f"{place}territory").strip()
    if territory:
        try:
            use["territory"] = read_territory(territory)
        except ValueError as error:
            errors[f"{place}territory"] = str(error)
    return use


def _conditions(form: Form, place: str) -> list[Condition]:
    made = []
    for code in form.values(f"{place}conditions"):
        if code not in set(ConditionCode):
            raise BadInput({"": "One of these conditions is not known here; open the page again."})
        more = "credit_line" if code == ConditionCode.EXACT_CREDIT_LINE else f"parameter.{code}"
        usual = condition_of(ConditionCode(code), form.value(f"{place}{more}").strip()[:1_000] or None)
        should = form.value(f"{place}force.{code}") == "should"
        made.append(_forced(usual, Modality.SHOULD if should else usual.modality))
    return made


def _forced(usual: Condition, modality: Modality) -> Condition:
    return Condition(
        code=usual.code,
        modality=Modality.MUST if modality is Modality.MAY else modality,
        timing=usual.timing,
        parameter=usual.parameter,
        scope=usual.scope,
    )


def _fee(form: Form, place: str, errors: dict[str, str]) -> dict[str, Any] | None:
    typed, currency = form.value(f"{place}fee").strip(), form.value(f"{place}fee_currency")
    if not typed:
        return None
    try:
        minor = minor_units(typed, currency if len(currency) == 3 else "CAD")
        if minor < 0:
            raise ValueError("A fee cannot be below zero.")
    except ValueError as error:
        errors[f"{place}fee"] = str(error)
        return None
    return {"minor": minor, "currency": currency} if minor else None


def named(errors: dict[str, str], item_id: str, act: str) -> dict[str, str]:
    """The desk's errors under the names of the form."""
    place = f"{item_id}.{act}."
    known = {"reason", "owner", "contact", "email", "credit_line", "fee"}
    errors = {OF_THE_FORM.get(name, name): message for name, message in errors.items()}
    renamed: dict[str, str] = {}
    for name, message in errors.items():
        bare = name.removeprefix("use.")
        is_ours = name.startswith(("use.", "copies.")) or bare in known
        renamed[name if name.startswith(place) else f"{place}{bare}" if is_ours else ""] = sentence(message)
    return renamed


CHOICES = {
    "actions": [(each.value, headed(each)) for each in Action],
    "channels": [(each.value, headed(each)) for each in Channel],
}
"""What an open fact may be settled as."""
