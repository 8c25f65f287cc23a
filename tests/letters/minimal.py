"""The shortest letter of each kind: a house and an addressee with an e-mail address each, a use in three facts."""

from dataclasses import replace
from datetime import date

from ledger.letters import compose
from ledger.letters.model import Correspondent, Letter, Letterhead, LetterKind, Signatory
from ledger.rights.answers import Ask, AskReason
from ledger.rights.bounds import Territory
from ledger.rights.codes import ConditionCode
from ledger.rights.grants import Grant
from ledger.rights.parties import Contact, Party
from ledger.rights.pieces import Piece, Source
from ledger.rights.scope import Scope
from ledger.rights.terms import Action, Condition
from ledger.rights.uses import Channel, ProposedUse
from tests.letters import cast

USE = ProposedUse(actions=(Action.REPUBLISH_FULL,), channels=(Channel.COMMUNITY_SITE,), is_commercial=False)
OWNER = Party(id="pa_lantern", name="The Lantern", contacts=(Contact(email="permissions@lantern.example"),))
EARLIER = compose.EarlierLetter(number="HARBOUR-REVIEW-2026-000098", date=date(2026, 2, 3))
REASON = "The rights on which the letter rests have come to an end."


def frame(language: str) -> compose.Frame:
    return replace(
        cast.frame(language),
        letterhead=Letterhead(Correspondent("Harbour Review", contacts=("rights@harbour-review.example",))),
        addressee=Correspondent(cast.NAMES[language][1], contacts=("ada@meridian.example",)),
        signatory=Signatory("Harbour Review", ""),
    )


def piece(language: str) -> Piece:
    whole = cast.piece(language)
    return replace(whole, components=whole.components[:1], source=Source(), content_sha256=None, notice=None)


def grant(language: str, territory: Territory = Territory()) -> Grant:  # noqa: B008  a frozen value
    return cast.grant(
        language,
        actions=frozenset({Action.REPUBLISH_FULL}),
        scope=Scope(channels=frozenset({Channel.COMMUNITY_SITE}), territory=territory),
        conditions=(Condition(code=ConditionCode.CREDIT_PUBLISHER),),
        fee=None,
    )


def letter(kind: LetterKind, language: str) -> Letter:
    """One short letter of a kind in a language."""
    page, act, work = frame(language), cast.decision(), piece(language)
    if kind is LetterKind.GRANT:
        return compose.compose_grant(
            page,
            piece=work,
            use=USE,
            grant=grant(language),
            authorities=cast.authorities(),
            decision=act,
        )
    if kind is LetterKind.AMENDMENT:
        before = grant(language, Territory(included=frozenset({"GB"})))
        return compose.compose_amendment(
            page,
            piece=work,
            earlier=replace(EARLIER, grant=before),
            grant=grant(language),
            changes=(),
            authorities=cast.authorities(),
            decision=act,
        )
    if kind is LetterKind.DECLINE:
        return compose.compose_decline(page, piece=work, use=USE, decision=act)
    if kind is LetterKind.REFERRAL:
        ask = Ask(party=OWNER, contact=OWNER.contacts[0], reason=AskReason.NO_SUBLICENCE)
        return compose.compose_referral(page, piece=work, use=USE, ask=ask, decision=act)
    if kind is LetterKind.NO_PERMISSION_NEEDED:
        return compose.compose_no_permission_needed(
            page, piece=work, use=USE, answer=cast.permitted_answer(), decision=act
        )
    if kind is LetterKind.ENQUIRY:
        enquiry = compose.Enquiry(
            requester=cast.NAMES[language][1],
            answer_url="https://harbour-review.example/answer/7Q2M",
            why=AskReason.RESERVED,
        )
        return compose.compose_enquiry(page, piece=work, use=USE, enquiry=enquiry, decision=act)
    return compose.compose_revocation(
        page,
        piece=work,
        earlier=EARLIER,
        effective=date(2026, 7, 1),
        decision=cast.decision(reason=REASON),
    )
