"""The sections only a grant has: credit, conditions, authority, exclusions, general terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ledger.letters.conditions import condition_clause
from ledger.letters.language import Speaker
from ledger.letters.matters import Decision, NotOurs, OtherItem
from ledger.letters.model import Clause, Ground, GroundKind, Layout, Section, Text
from ledger.letters.parts import component_name, house, mail, saying, value, web
from ledger.rights.authority import Authorised, Authority, Link
from ledger.rights.codes import ConditionCode
from ledger.rights.condition_words import FORCES, Force, force_of
from ledger.rights.grants import Grant
from ledger.rights.parties import Contact
from ledger.rights.pieces import ClaimRole, Piece
from ledger.rights.requests import ItemDecision
from ledger.rights.terms import Condition

_CREDITS = (
    ConditionCode.EXACT_CREDIT_LINE,
    ConditionCode.CREDIT_PUBLISHER,
    ConditionCode.CREDIT_AUTHOR,
    ConditionCode.ACKNOWLEDGE_COPYRIGHT,
)
_LINKS = (ConditionCode.LINK_ARTICLE,)


def require_authority(grant: Grant, authorities: Mapping[str, Authority]) -> None:
    """Raises NotOurs unless every component of the grant has a proven yes with its chain."""
    if not grant.component_ids:
        raise NotOurs("the grant names no component; a letter cannot grant nothing")
    for component_id in grant.component_ids:
        found = authorities.get(component_id)
        if found is None:
            raise NotOurs(
                f"no authority was looked up for component {component_id}; check it before granting"
            )
        if found.verdict is not Authorised.YES or not found.chain:
            gaps = "; ".join(s.message for s in found.shortfall) or "no chain of title proves it"
            raise NotOurs(f"authority over component {component_id} is {found.verdict}: {gaps}")


def the_credit(speaker: Speaker, grant: Grant, piece: Piece, decision: Decision) -> Section:
    """The credit line word for word, and the link; each marked required or only recommended."""
    grounds = (decision.ground,)
    clauses = []
    if grant.credit_line:
        clauses.append(
            _quoted(
                speaker,
                "credit_line",
                "Credit line",
                value(grant.credit_line),
                _strictest(grant, _CREDITS),
                grounds,
            )
        )
    if piece.urls:
        clauses.append(
            _quoted(
                speaker,
                "credit_link",
                "Link to the article",
                web(piece.urls[0]),
                _strictest(grant, _LINKS),
                grounds,
            )
        )
    return Section("credit", speaker.message("Credit"), Layout.QUOTE, tuple(clauses))


def _quoted(
    speaker: Speaker, code: str, label: str, text: Text, duty: Force, grounds: tuple[Ground, ...]
) -> Clause:
    return Clause(
        code,
        (text,),
        label=speaker.message(label),
        grounds=grounds,
        duty=duty,
        duty_word=speaker.message(FORCES[duty]),
    )


def _strictest(grant: Grant, codes: Sequence[ConditionCode]) -> Force:
    """Required only where a Condition says so: a credit nobody demanded is a recommendation."""
    found = {force_of(condition) for condition in grant.conditions if condition.code in codes}
    return Force.REQUIRED if Force.REQUIRED in found else Force.RECOMMENDED


def the_conditions(
    speaker: Speaker,
    conditions: Sequence[Condition],
    grounds: tuple[Ground, ...],
    elsewhere: frozenset[ConditionCode] = frozenset(),
) -> Section:
    """The Conditions, the binding ones first, less those that other sections print."""
    shown = [condition for condition in conditions if condition.code not in elsewhere]
    order = list(Force)
    shown.sort(key=lambda condition: order.index(force_of(condition)))
    clauses = [condition_clause(speaker, condition, grounds) for condition in shown]
    return Section("conditions", speaker.message("Conditions"), Layout.LIST, tuple(clauses))


def the_authority(
    speaker: Speaker, grant: Grant, piece: Piece, authorities: Mapping[str, Authority]
) -> Section:
    """On what chain the grantor may grant, component by component, with the words that prove each link."""
    clauses = []
    for component_id in grant.component_ids:
        for index, link in enumerate(authorities[component_id].chain):
            clauses.append(_link_clause(speaker, piece, component_id, link, first=index == 0))
    return Section("authority", speaker.message("Our authority to grant this"), Layout.LIST, tuple(clauses))


def _link_clause(speaker: Speaker, piece: Piece, component_id: str, link: Link, *, first: bool) -> Clause:
    words = link.ground.clause if link.ground and link.ground.clause else ""
    ref = link.claim_id or (link.ground.terms_id if link.ground else None) or piece.id
    kind = GroundKind.RECORD if link.claim_id else GroundKind.INBOUND_CLAUSE
    ground = Ground(kind, ref, words)
    name = component_name(speaker, piece, component_id)
    sentence = _standing(speaker, piece, link, name) if first else _above(speaker, piece, link, name)
    said = speaker.say("On record: {evidence}", evidence=speaker.quoted(words)) if words else ()
    evidence = (*said, *speaker.remark(*_said_when(piece, link, speaker))) if said else ()
    paragraphs = tuple(text for text in (sentence, evidence) if text)
    return Clause("authority", paragraphs, grounds=(ground,))


def _said_when(piece: Piece, link: Link, speaker: Speaker) -> tuple[str, str] | tuple[()]:
    """Where the words are somebody's statement to us: from which address it came, and on what day."""
    terms_id = link.ground.terms_id if link.ground else None
    for claim in piece.claims:
        evidence = claim.evidence
        mine = claim.id == link.claim_id or (terms_id is not None and claim.terms_id == terms_id)
        if mine and evidence is not None and evidence.kind == "statement":
            address = (evidence.url or "").removeprefix("mailto:")
            day = speaker.date(evidence.recorded_on) if evidence.recorded_on else ""
            return (address, day)
    return ()


def _standing(speaker: Speaker, piece: Piece, link: Link, component: str) -> Text:
    """As what the grantor itself grants."""
    if link.role == ClaimRole.LICENSEE:
        sentence = "We grant this under a licence from {principal} that allows us to sublicense this use ({component})."
    elif link.role == ClaimRole.AGENT:
        sentence = "We grant this as agent of {principal} ({component})."
    else:
        return speaker.say("We grant this as holder of the rights ({component}).", component=component)
    return speaker.say(sentence, principal=_principal(piece, link), component=component)


def _above(speaker: Speaker, piece: Piece, link: Link, component: str) -> Text:
    """As what somebody further up the chain stands in it."""
    party = link.party.name
    if link.role == ClaimRole.LICENSEE:
        sentence = "{party} holds a licence from {principal} ({component})."
    elif link.role == ClaimRole.AGENT:
        sentence = "{party} acts as agent of {principal} ({component})."
    else:
        return speaker.say("{party} holds the rights ({component}).", party=party, component=component)
    return speaker.say(sentence, party=party, principal=_principal(piece, link), component=component)


def _principal(piece: Piece, link: Link) -> str:
    """Whom a link speaks for: who gave a licensee its terms, or an agent its mandate."""
    if link.role == ClaimRole.LICENSEE:
        return (link.ground.assigner if link.ground else None) or "–"
    principal = next((claim.principal for claim in piece.claims if claim.id == link.claim_id), None)
    return next((claim.party.name for claim in piece.claims if claim.party.id == principal), "–")


def printed_elsewhere(grant: Grant, piece: Piece) -> frozenset[ConditionCode]:
    """Conditions that the credit and the fee sections already state in full."""
    codes = set()
    if grant.credit_line:
        codes.add(ConditionCode.EXACT_CREDIT_LINE)
    if piece.urls:
        codes.update(_LINKS)
    if grant.fee is not None:
        codes.add(ConditionCode.FEE)
    return frozenset(codes)


def not_included(speaker: Speaker, others: Sequence[OtherItem]) -> Section:
    """Parts of the request that this letter does not grant, each with what became of it, and third-party material."""
    clauses = [_other(speaker, item) for item in others]
    third = (
        "Material that carries the credit of a third party is not included. "
        "Permission for it has to be obtained from its holder."
    )
    clauses.append(saying(speaker, "third_party", third, house("third_party")))
    return Section("not_included", speaker.message("What is not included"), Layout.LIST, tuple(clauses))


def _other(speaker: Speaker, item: OtherItem) -> Clause:
    name = speaker.headed(item.label, item.part) if item.part else item.label
    name = speaker.noted(name, speaker.label(item.kind) if item.kind else "")
    if item.decision is ItemDecision.REFERRED:
        sentence = speaker.say("{item}: please ask {owner}.", item=name, owner=item.owner)
    elif item.decision is ItemDecision.NOT_NEEDED:
        sentence = speaker.say("{item}: no permission needed.", item=name)
    else:
        sentence = speaker.say("{item}: declined.", item=name)
    reached = (_address(item),) if item.contact and (item.contact.email or item.contact.url) else ()
    reason = (value(item.reason),) if item.reason else ()
    ground = Ground(GroundKind.DECISION, item.ref, item.reason)
    return Clause(f"not_included_{item.decision}", (sentence, *reached, *reason), grounds=(ground,))


def _address(item: OtherItem) -> Text:
    contact = item.contact or Contact()
    return mail(contact.email) if contact.email else web(contact.url or "")


def general_terms(speaker: Speaker, *, fee_first: bool) -> Section:
    """Effect, revocation, reserved rights, no endorsement."""
    effect = (
        "This permission takes effect once the fee has been paid."
        if fee_first
        else "This permission takes effect on the date of this letter."
    )
    sentences = (
        ("effect", effect),
        (
            "revocation",
            "We may revoke this permission in writing if its terms are broken "
            "or if the rights on which it rests come to an end.",
        ),
        ("reserved", "All rights that are not expressly granted here are reserved."),
        (
            "no_endorsement",
            "Nothing in this letter means that the author or the publisher endorses you, your work or your views.",
        ),
    )
    clauses = tuple(saying(speaker, code, english, house(code)) for code, english in sentences)
    return Section("general", speaker.message("General terms"), Layout.LIST, clauses)
