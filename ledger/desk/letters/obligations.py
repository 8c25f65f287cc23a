"""What a letter asks of its holder after the grant: reckoned from the grant, or carried over from a replaced letter."""

from datetime import date, timedelta

from ledger.desk.amounts import major_units
from ledger.desk.letters.letter_matter import Matter
from ledger.ids import new_id
from ledger.records.letters import (
    add_obligations,
    carry_obligations,
    change_obligation,
    load_obligations,
)
from ledger.records.request_rows import LetterRow, ObligationRow
from ledger.records.tenant import Tenant
from ledger.rights.codes import ConditionCode
from ledger.rights.terms import Modality, Timing
from ledger.said import said

TAKEDOWN = "takedown"
TAKE_DOWN = said("Take the copies down")


def lay_down(tenant: Tenant, letter: LetterRow, matter: Matter) -> None:
    """Write down what a letter asks. One that replaces another takes over what that one asked, done or not."""
    if matter.replaced is None or letter.replaces is None:
        add_obligations(tenant, _obligations(letter.id, matter, letter.issued_at.date()))
        return
    carry_obligations(tenant, letter.replaces, letter.id)
    end = matter.grant.scope.period.end if matter.grant else None
    for duty in load_obligations(tenant, letter.id):
        if duty.code == TAKEDOWN and duty.done_at is None and end is not None and duty.due != end:
            change_obligation(tenant, duty.id, TAKE_DOWN, end)
    if end is not None and not any(each.code == TAKEDOWN for each in load_obligations(tenant, letter.id)):
        add_obligations(tenant, [ObligationRow(new_id("ob"), letter.id, TAKEDOWN, TAKE_DOWN, end)])


def _obligations(letter_id: str, matter: Matter, today: date) -> list[ObligationRow]:
    """What the licensee has to do after the grant: the fee, the copy, the end."""
    if matter.grant is None:
        return []
    rows: list[tuple[str, str, date | None]] = []
    credit: tuple[str, str, None] | None = None  # one line to print, however many conditions ask for it
    fee = matter.grant.fee
    if fee and fee.minor:
        amount = f"{major_units(fee.minor, fee.currency)} {fee.currency}"
        rows.append(("fee", f"Pay the fee: {amount}", today + timedelta(days=30)))
    for duty in matter.grant.conditions:
        if duty.modality is not Modality.MUST:
            continue
        if duty.timing is Timing.AFTER or duty.code is ConditionCode.VOUCHER_COPY:
            rows.append((duty.code.value, duty.parameter or duty.code.value.replace("_", " "), None))
        elif duty.code.value.startswith("credit") or duty.code is ConditionCode.EXACT_CREDIT_LINE:
            credit = credit or (duty.code.value, "Print the credit line as the letter gives it", None)
    if credit:
        rows.append(credit)
    end = matter.grant.scope.period.end
    if end:
        rows.append((TAKEDOWN, TAKE_DOWN, end))
    return [ObligationRow(new_id("ob"), letter_id, code, text, due) for code, text, due in rows]
