"""Really Simple Licensing 1.0 (https://rslstandard.org/rsl): rsl > content > license. The way out.

RSL speaks of automated use only: training, input, index, search. A use stands under ``permits`` when the rights
room permits it for every component of the page and RSL can say all that it is bound to. What is prohibited,
reserved or asked for stands under ``prohibits``, with the page where to ask under ``terms``; and since a reader
may take a gap for leave, so does an AI use about which nothing was said. Search about which nothing was said is
left out: a reader must not drop a page from its index because of us.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape, quoteattr

from ledger.interchange import about
from ledger.interchange.naming import BASE_URL, Names, uri_of
from ledger.interchange.rsl_vocabulary import LEGAL, NAMESPACE
from ledger.rights.answers import AskReason, Outcome, PieceAnswer
from ledger.rights.bounds import Territory
from ledger.rights.codes import ConditionCode
from ledger.rights.evaluation import evaluate_piece
from ledger.rights.parties import PartyKind
from ledger.rights.pieces import Piece
from ledger.rights.terms import Modality
from ledger.rights.uses import Action, ProposedUse

TOKENS = {"ai-train": Action.AI_TRAIN, "ai-input": Action.AI_INPUT, "search": Action.INDEX}
AI_TOKENS = ("ai-index", "ai-input", "ai-train")

_CREDIT = frozenset(
    ConditionCode(code)
    for code in ("credit_author", "credit_publisher", "acknowledge_copyright", "link_article", "link_back")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Licence:
    """The tokens that share one set of bounds."""

    user: str | None = None
    geo: tuple[str, ...] = ()
    not_geo: tuple[str, ...] = ()
    payment: str = "free"


def to_rsl(
    piece: Piece,
    *,
    today: date,
    base_url: str = BASE_URL,
    legal: Mapping[str, tuple[str, ...]] | None = None,
) -> bytes:
    """The licence file of one piece. ``legal`` are warranties or disclaimers that the publisher itself has made.

    Raises ValueError for a legal type, or a word under it, that RSL does not know.
    """
    names = Names(base_url)
    permitted: dict[_Licence, list[str]] = {}
    prohibited = ["ai-index"]
    for token, action in TOKENS.items():
        licence, answer = _licence_for(piece, action, today)
        if licence is not None:
            permitted.setdefault(licence, []).append(token)
        elif action is not Action.INDEX or _spoken(answer):
            prohibited.append(token)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<rsl xmlns="{NAMESPACE}">']
    for url in _addresses(piece) or (names.piece(piece.id),):
        lines.append(f"  <content url={quoteattr(url)}>")
        for licence, tokens in permitted.items() or {_Licence(): []}.items():
            lines += _license(licence, tokens, prohibited, names.asking(piece.id), legal or {})
        lines += _owner(piece, today)
        lines += [f"    <terms>{escape(names.piece(piece.id))}</terms>", "  </content>"]
    return ("\n".join([*lines, "</rsl>"]) + "\n").encode()


def _addresses(piece: Piece) -> tuple[str, ...]:
    """Each address in full; "*" and "$" mean something in a pattern (RFC 9309) and stand here for themselves."""
    found = (uri.replace("*", "%2A").replace("$", "%24") for url in piece.urls if (uri := uri_of(url)))
    return tuple(dict.fromkeys(found))


def _licence_for(piece: Piece, action: Action, today: date) -> tuple[_Licence | None, PieceAnswer]:
    """The widest bounds within which the use is permitted, if RSL can say them."""
    first = evaluate_piece(piece, ProposedUse(actions=(action,)), today)
    for territory in (None, *_territories(piece)):
        for user in (None, "non-commercial", "commercial"):
            commercial = None if user is None else user == "commercial"
            use = ProposedUse(actions=(action,), territory=territory, is_commercial=commercial)
            payment = _payment(evaluate_piece(piece, use, today))
            if payment is not None:
                geo = tuple(sorted(territory.included or ())) if territory else ()
                not_geo = tuple(sorted(territory.excluded)) if territory else ()
                return _Licence(user=user, geo=geo, not_geo=not_geo, payment=payment), first
    return None, first


def _territories(piece: Piece) -> list[Territory]:
    found = {
        r.scope.territory: None for t in piece.terms for r in t.rules if r.scope.territory != Territory()
    }
    return list(found)


def _payment(answer: PieceAnswer) -> str | None:
    """The payment type for a permitted use; None when it is not permitted or bound to more than RSL can say."""
    if answer.outcome is Outcome.NO_PERMISSION_NEEDED:
        return "free"
    if answer.outcome is not Outcome.PERMITTED:
        return None
    bound = {c.code for c in answer.conditions if c.modality in (Modality.MUST, Modality.MUST_NOT)}
    if ConditionCode.FEE in bound:
        return "purchase" if bound <= _CREDIT | {ConditionCode.FEE} else None
    if bound:
        return "attribution" if bound <= _CREDIT else None
    return "free"


def _spoken(answer: PieceAnswer) -> bool:
    """Whether something was said against the use: a prohibition or a reservation."""
    reserved = any(ask.reason is AskReason.RESERVED for ask in answer.asks)
    return answer.outcome is Outcome.PROHIBITED or reserved


def _license(
    licence: _Licence,
    tokens: list[str],
    prohibited: list[str],
    asking: str,
    legal: Mapping[str, tuple[str, ...]],
) -> list[str]:
    lines = ["    <license>"]
    named = (
        ("permits", "usage", tokens),
        ("permits", "user", [licence.user] if licence.user else []),
        ("permits", "geo", licence.geo),
        ("prohibits", "usage", _shortest(prohibited)),
        ("prohibits", "geo", licence.not_geo),
    )
    for element, kind, values in named:
        if values:
            lines.append(f'      <{element} type="{kind}">{escape(" ".join(values))}</{element}>')
    if tokens and licence.payment == "purchase":
        lines.append(f'      <payment type="purchase"><custom>{escape(asking)}</custom></payment>')
    elif tokens:
        lines.append(f'      <payment type="{licence.payment}"/>')
    lines += [_legal(kind, values) for kind, values in legal.items()]
    return [*lines, "    </license>"]


def _legal(kind: str, values: tuple[str, ...]) -> str:
    if kind not in LEGAL:
        raise ValueError(f'"{kind}" is no legal type of RSL: use one of {", ".join(LEGAL)}')
    known = LEGAL[kind]
    for value in values:
        address = (kind == "contact" and "@" in value) or uri_of(value) is not None
        if (value not in known) if known else not address:
            allowed = f"use {', '.join(known)}" if known else "use an address in full"
            raise ValueError(f'"{value}" is no {kind} of RSL: {allowed}')
    return f'      <legal type="{kind}">{escape(" ".join(values))}</legal>'


def _shortest(tokens: list[str]) -> list[str]:
    """The three AI tokens together are "ai-all"."""
    if set(AI_TOKENS) <= set(tokens):
        return ["ai-all", *(token for token in tokens if token not in AI_TOKENS)]
    return sorted(tokens)


def _owner(piece: Piece, today: date) -> list[str]:
    held = about.holders(piece, today)
    if not held:
        return []
    contact = held[0].permissions_contact()
    kind = "person" if held[0].kind is PartyKind.PERSON else "organization"
    more = ""
    if contact and contact.email:
        more += f" contactEmail={quoteattr(contact.email)}"
    if contact and contact.url:
        more += f" contactUrl={quoteattr(contact.url)}"
    return [f'    <copyright type="{kind}"{more}>{escape(held[0].name)}</copyright>']
