"""What a decision would give: the grant built from the use as decided, and whether it may be given at all.

A grant is never wider than what was asked, and never wider than the grantor's authority. What the request
leaves open on an axis that a grant must bound (where, in which language, through which channel) staff have to
settle before they can grant.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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
from ledger.rights.scope import Cap, Extent, Period, Scope
from ledger.rights.tariff import Money
from ledger.rights.terms import Condition, ConditionCode
from ledger.rights.uses import Duration, Exclusivity, Format, ProposedUse, QuantityUnit
from ledger.rights.wire import BadPlain, from_plain

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
    """What staff settled about a grant: changes to the use, further conditions, credit line, fee."""

    use: Mapping[str, Any]
    conditions: tuple[Condition, ...] = ()
    credit_line: str | None = None
    fee: Money | None = None


def read_decided(given: Mapping[str, Any]) -> Decided:
    """From plain data: ``use`` (changed facts), ``conditions``, ``credit_line``, ``fee``. Raises ``BadInput``."""
    try:
        return Decided(
            use=dict(given.get("use") or {}),
            conditions=from_plain(tuple[Condition, ...], given.get("conditions") or []),
            credit_line=given.get("credit_line") or None,
            fee=from_plain(Money, given["fee"]) if given.get("fee") else None,
        )
    except BadPlain as error:
        raise BadInput({error.path: error.message}) from error


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
    existing = [each for each in grants_about(tenant, piece.id) if each.id != earlier]
    return Proposal(
        grant=grant,
        piece=piece,
        use=use,
        authority=may_grant(grantor, piece, component, use, today),
        refusals=tuple(check_grant(grant, piece, today, existing)),
    )


def use_as_decided(row: RequestRow, decided: Decided) -> ProposedUse:
    """The use of the request with what staff settled. Raises ``BadInput``, fields under ``use.NAME``."""
    merged = {**row.document["use"], **decided.use}
    errors: dict[str, str] = {}
    use = read_use({name: value for name, value in merged.items() if value is not None}, errors)
    if use is None or errors:
        raise BadInput(errors)
    return replace(use, licensee=licensee(row).id)


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


def scope_of(use: ProposedUse) -> Scope:
    """The scope of a use as asked: no axis wider than what the use says."""
    copies = sum(run.print_run or 0 for run in use.formats)
    caps = [Cap(unit=QuantityUnit.COPIES, at_most=copies)] if copies else []
    if use.audience and use.audience_unit:
        caps.append(Cap(unit=use.audience_unit, at_most=use.audience))
    extents = (Extent(unit=use.unit, at_most=use.quantity),) if use.unit and use.quantity else ()
    return Scope(
        channels=frozenset(use.channels),
        purposes=frozenset({use.purpose}) if use.purpose else None,
        commercial=use.is_commercial,
        products=frozenset({use.product}) if use.product else None,
        territory=use.territory or Scope().territory,
        languages=frozenset({use.language}) if use.language else None,
        period=Period(start=use.start, end=use.end),
        formats=_formats(use),
        caps=tuple(caps),
        extents=extents,
        editions=frozenset({use.duration}) if use.duration else frozenset({Duration.ONE_TIME}),
        exclusive=use.exclusivity is Exclusivity.EXCLUSIVE,
    )


def _formats(use: ProposedUse) -> frozenset[Format] | None:
    return frozenset(run.format for run in use.formats) or None


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
    for field, is_missing, sentence in needs:
        if is_missing:
            missing[f"use.{field}"] = sentence
    if missing:
        raise BadInput(missing)
