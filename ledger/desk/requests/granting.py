"""What a decision would give: the grant built from the use as decided, and whether it may be given at all.

A grant is never wider than what was asked, and never wider than the grantor's authority. What the request
leaves open on an axis that a grant must bound (where, in which language, through which channel) staff have to
settle before they can grant.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ledger.desk.context import Desk
from ledger.desk.refusals import BadInput, NotFound
from ledger.desk.requests.request_form import read_use
from ledger.ids import new_id
from ledger.records.granted import grants_about
from ledger.records.letters import load_letter, successor_of
from ledger.records.pieces import load_piece
from ledger.records.request_rows import ItemRow, RequestRow
from ledger.records.tenant import Tenant
from ledger.rights.attribution import credit_for
from ledger.rights.authority import Authority, may_grant
from ledger.rights.granting import check_grant
from ledger.rights.grants import Grant, Refusal
from ledger.rights.parties import Contact, Party
from ledger.rights.pieces import Piece
from ledger.rights.policies import condition_of
from ledger.rights.scope import Axis
from ledger.rights.tariff import Money
from ledger.rights.terms import Condition, ConditionCode
from ledger.rights.use_scope import beyond_asked, scope_of
from ledger.rights.uses import ProposedUse
from ledger.rights.wire import BadPlain, from_plain

MAX_CREDIT_LINE = 1_000
USUAL = (condition_of(ConditionCode.CREDIT_AUTHOR), condition_of(ConditionCode.ACKNOWLEDGE_COPYRIGHT))
"""What a grant asks for where staff name no conditions: credit and the copyright notice."""


@dataclass(frozen=True)
class Proposal:
    """A grant as it would be given. It may be given only when ``authority`` is yes and ``refusals`` is empty."""

    grant: Grant
    piece: Piece
    use: ProposedUse
    authority: Authority
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True)
class Decided:
    """What staff settled about a grant: changes to the use, further conditions, credit line, fee.

    ``copies`` is the print run by format, where fewer are granted than were asked for.
    """

    use: Mapping[str, Any]
    copies: Mapping[str, int] = field(default_factory=dict)
    conditions: tuple[Condition, ...] = ()
    credit_line: str | None = None
    fee: Money | None = None


def read_decided(given: Mapping[str, Any]) -> Decided:
    """From plain data: ``use`` (changed facts), ``copies``, ``conditions``, ``credit_line``, ``fee``.

    Raises ``BadInput``.
    """
    use, credit_line = given.get("use") or {}, given.get("credit_line") or None
    if not isinstance(use, Mapping):
        raise BadInput({"use": "Say what is granted as an object of named facts."})
    if credit_line is not None and (not isinstance(credit_line, str) or len(credit_line) > MAX_CREDIT_LINE):
        raise BadInput(
            {"credit_line": f"Write the credit line as text of at most {MAX_CREDIT_LINE:,} characters."}
        )
    try:
        return Decided(
            use=dict(use),
            copies=_read_copies(given.get("copies") or {}),
            conditions=from_plain(tuple[Condition, ...], given.get("conditions") or []),
            credit_line=credit_line,
            fee=from_plain(Money, given["fee"]) if given.get("fee") else None,
        )
    except BadPlain as error:
        raise BadInput({error.path: error.message}) from error


def _read_copies(given: Any) -> dict[str, int]:
    whole = isinstance(given, Mapping) and all(
        type(copies) is int and copies > 0 for copies in given.values()
    )
    if not whole:
        raise BadInput(
            {"copies": 'Give the copies of each format as whole numbers, such as {"hardback": 500}.'}
        )
    return dict(given)


def propose_grant(
    desk: Desk, tenant: Tenant, row: RequestRow, item: ItemRow, grantor: Party, decided: Decided
) -> Proposal:
    """The grant an item would become. Raises ``BadInput`` where the use leaves open what a grant must bound."""
    loaded = load_piece(tenant.connection, item.piece_id, tenant.publisher_id)
    if loaded is None:
        raise NotFound("The piece is no longer in the register.", "piece")
    piece, today = loaded.piece, desk.today()
    use = use_as_decided(row, decided)
    _must_be_bounded(use)
    no_more_than_asked(row, use)
    component = piece.component(item.component_id)
    conditions = decided.conditions or USUAL
    credit = decided.credit_line or credit_for(piece, conditions).recommended.text
    grant = Grant(
        id=new_id("gr"),
        piece_id=piece.id,
        grantor=grantor,
        assignee=licensee(row),
        component_ids=(component.id,),
        actions=frozenset(use.actions),
        scope=scope_of(use),
        conditions=conditions,
        credit_line=credit,
        fee=decided.fee,
        sublicence=use.sublicensing is True,
        granted_on=today,
        amends=_amended(tenant, row),
    )
    # The grant that this one would replace is not in its way.
    earlier = (item.document or {}).get("grant", {}).get("id")
    existing = [each for each in grants_about(tenant, piece.id, today) if each.id != earlier]
    return Proposal(
        grant=grant,
        piece=piece,
        use=use,
        authority=may_grant(grantor, piece, component, use, today),
        refusals=tuple(check_grant(grant, piece, today, existing)),
    )


def use_as_decided(row: RequestRow, decided: Decided) -> ProposedUse:
    """The use of the request with what staff settled. Raises ``BadInput``, fields under ``use.NAME``."""
    merged = {**row.document["use"], **_fewer(row, decided.copies), **decided.use}
    errors: dict[str, str] = {}
    use = read_use({name: value for name, value in merged.items() if value is not None}, errors)
    if use is None or errors:
        raise BadInput(errors)
    return replace(use, licensee=licensee(row).id)


FIELDS = {
    Axis.ACTION: "actions",
    Axis.CHANNEL: "channels",
    Axis.LANGUAGE: "language",
    Axis.COMMERCIAL: "is_commercial",
    Axis.PERIOD: "end",
    Axis.FORMAT: "formats",
    Axis.QUANTITY: "formats",
    Axis.EXTENT: "quantity",
    Axis.EDITION: "duration",
    Axis.EXCLUSIVITY: "exclusivity",
    Axis.SUBLICENSING: "sublicensing",
}
"""The fact of the use behind an axis, where it has another name."""


def _fewer(row: RequestRow, copies: Mapping[str, int]) -> dict[str, Any]:
    """The formats that were asked for, with the print runs that are granted."""
    asked = row.document["use"].get("formats") or []
    if strange := sorted(set(copies) - {run["format"] for run in asked}):
        raise BadInput({f"copies.{each}": "This format was not asked for." for each in strange})
    if not copies:
        return {}
    return {
        "formats": [{**run, "print_run": copies.get(run["format"], run.get("print_run"))} for run in asked]
    }


MORE_THAN_ASKED = "This is more than was asked for. Grant as much or less; for more they have to ask anew."


def no_more_than_asked(row: RequestRow, use: ProposedUse) -> None:
    """A requester gets what they asked for or less; more is another request. Raises ``BadInput``."""
    asked = use_as_decided(row, Decided(use={}))
    beyond = {FIELDS.get(axis, axis.value) for axis, _ in beyond_asked(asked, use)}
    if beyond:
        raise BadInput({f"use.{fact}": MORE_THAN_ASKED for fact in beyond})


def _amended(tenant: Tenant, row: RequestRow) -> str | None:
    """The number of the letter that a top-up extends, or of the one that has taken its place since."""
    earlier = load_letter(tenant, row.document["amends"]) if row.document.get("amends") else None
    return successor_of(tenant, earlier).number if earlier else None


def licensee(row: RequestRow) -> Party:
    """The party a letter is made out to: the legal name given, reached at the confirmed address."""
    requester = row.document["requester"]
    return Party(
        id=row.document.get("licensee") or f"pa_{row.id[3:]}",
        name=requester["licensee"],
        country=requester.get("country"),
        contacts=(Contact(email=row.email, name=row.name),) if row.email else (),
    )


def _must_be_bounded(use: ProposedUse) -> None:
    """A grant says where, in which language and through which channel it holds; silence would mean everywhere."""
    missing: dict[str, str] = {}
    needs: Sequence[tuple[str, bool, str]] = (
        ("actions", not use.actions, "Say what may be done (action or portion) before granting."),
        (
            "channels",
            not use.channels,
            "Say through which channel before granting: print, intranet and so on.",
        ),
        (
            "territory",
            use.territory is None,
            "Say for which countries before granting; world is an answer too.",
        ),
        ("language", use.language is None, "Say in which language before granting."),
        ("is_commercial", use.is_commercial is None, "Say whether the use is commercial before granting."),
    )
    for fact, is_missing, sentence in needs:
        if is_missing:
            missing[f"use.{fact}"] = sentence
    if missing:
        raise BadInput(missing)
