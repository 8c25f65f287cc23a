"""Invented people and works, and one letter of each kind in each language."""

from dataclasses import replace
from datetime import UTC, date, datetime

from ledger.letters import compose
from ledger.letters.language import LANGUAGES
from ledger.letters.model import (
    Correspondent,
    Ground,
    GroundKind,
    Letter,
    Letterhead,
    LetterKind,
    Signatory,
    Verification,
)
from ledger.rights.answers import Answer, Ask, AskReason, Outcome, Reason, ReasonCode
from ledger.rights.authority import Authorised, Authority, Link
from ledger.rights.bounds import Period, Territory
from ledger.rights.codes import ConditionCode
from ledger.rights.grants import Grant
from ledger.rights.parties import Contact, Party
from ledger.rights.pieces import (
    Author,
    Claim,
    ClaimRole,
    Component,
    ComponentKind,
    Evidence,
    LinkStatus,
    Piece,
    Source,
)
from ledger.rights.requests import ItemDecision
from ledger.rights.scope import Cap, Scope
from ledger.rights.tariff import Money, Quote, QuoteLine
from ledger.rights.terms import Action, Condition, Modality
from ledger.rights.terms import Ground as TermsGround
from ledger.rights.uses import (
    Channel,
    Duration,
    Format,
    FormatRun,
    Modification,
    Portion,
    Product,
    ProposedUse,
    Purpose,
    QuantityUnit,
)

ISSUED = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
NAMES = {
    "en": ("Ada Mercer", "Meridian Press Ltd", "Estuaries: A Reader", "The Tide at Noon"),
    "fr": ("Ève Lacombe", "Éditions du Môle", "Lire l’estuaire", "La marée de midi"),
    "es": ("Íñigo Peña", "Ediciones La Bahía", "Antología del estuario", "La marea del mediodía"),
    "de": ("Jürgen Groß", "Verlag am Kai GmbH", "Lesebuch der Flussmündungen", "Die Flut am Mittag"),
    "ru": ("Анна Морозова", "Издательство «Пристань»", "Книга об устьях рек", "Прилив в полдень"),
    "ar": ("ليلى الحداد", "دار المرفأ للنشر", "مختارات المصب", "المد عند الظهيرة"),
    "zh-Hans": ("林海燕", "港湾出版社", "河口读本", "正午的潮水"),
}
TEXT, PHOTO = "co_text", "co_photo"
HARBOUR = Party(id="pa_harbour", name="Harbour Review", legal_name="Harbour Review CIC", country="GB")
LANTERN = Party(
    id="pa_lantern",
    name="The Lantern",
    contacts=(
        Contact(
            email="permissions@lantern.example", name="Rights desk", url="https://lantern.example/rights"
        ),
    ),
)
CLAUSE = (
    "You may republish our articles on community sites that carry no advertising, with a credit and a link."
)
EVIDENCE = "The author assigns to Harbour Review all rights in the text for the full term of protection."


def piece(language: str = "en") -> Piece:
    author, _, _, title = NAMES[language]
    claim = Claim(
        id="cl_1",
        party=HARBOUR,
        role=ClaimRole.HOLDER,
        component_id=TEXT,
        evidence=Evidence(text=EVIDENCE, kind="contract"),
    )
    return Piece(
        id="pc_01",
        publisher=HARBOUR,
        title=title,
        components=(
            Component(id=TEXT, kind=ComponentKind.TEXT, words=1840),
            Component(id=PHOTO, kind=ComponentKind.PHOTOGRAPH, credit="Photo: K. Okafor"),
        ),
        urls=("https://harbour-review.example/2025/11/the-tide-at-noon",),
        authors=(Author(name=author),),
        language=language,
        published=date(2025, 11, 14),
        source=Source(
            name="The Lantern",
            url="https://lantern.example/tide",
            url_status=LinkStatus.GIVEN,
            published=date(2025, 11, 2),
        ),
        claims=(claim,),
        notice="© 2025 Harbour Review",
        content_sha256="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    )


def use(language: str = "en") -> ProposedUse:
    _, publisher, book, _ = NAMES[language]
    return ProposedUse(
        actions=(Action.REPUBLISH_FULL, Action.PRINT),
        channels=(Channel.PRINT,),
        purpose=Purpose.EDUCATION,
        is_commercial=True,
        portion=Portion.FULL_ARTICLE,
        product=Product.ANTHOLOGY,
        formats=(FormatRun(format=Format.PAPERBACK, print_run=3000), FormatRun(format=Format.EBOOK)),
        territory=Territory(included=frozenset({"GB", "IE", "CA"})),
        language=language,
        modification=Modification.MINOR_EDITS,
        duration=Duration.CURRENT_EDITION,
        title=book,
        publisher=publisher,
        identifier="978-1-4028-9462-6",
        context="For a reader on rivers used in schools." if language == "en" else None,
    )


def grant(language: str = "en", **changes: object) -> Grant:
    _, publisher, _, title = NAMES[language]
    values: dict[str, object] = {
        "id": "gr_1",
        "piece_id": "pc_01",
        "grantor": HARBOUR,
        "assignee": Party(id="pa_asker", name=publisher),
        "component_ids": (TEXT,),
        "actions": frozenset({Action.REPUBLISH_FULL, Action.PRINT}),
        "scope": Scope(
            channels=frozenset({Channel.PRINT}),
            purposes=frozenset({Purpose.EDUCATION}),
            commercial=True,
            products=frozenset({Product.ANTHOLOGY}),
            territory=Territory(included=frozenset({"GB", "IE", "CA"})),
            languages=frozenset({language}),
            period=Period(start=date(2026, 6, 1), end=date(2031, 5, 31)),
            formats=frozenset({Format.PAPERBACK, Format.EBOOK}),
            caps=(Cap(unit=QuantityUnit.COPIES, at_most=3000),),
            editions=frozenset({Duration.CURRENT_EDITION}),
        ),
        "conditions": (
            Condition(code=ConditionCode.EXACT_CREDIT_LINE),
            Condition(code=ConditionCode.LINK_ARTICLE, modality=Modality.SHOULD),
            Condition(code=ConditionCode.SOCIAL_TAG, modality=Modality.SHOULD, parameter="@harbourreview"),
            Condition(code=ConditionCode.VOUCHER_COPY),
            Condition(code=ConditionCode.NO_RESALE, modality=Modality.MUST_NOT),
            Condition(code=ConditionCode.STYLE_EDITS_OK, modality=Modality.MAY),
        ),
        "credit_line": f"{title}. © 2025 Harbour Review. Reproduced by permission.",
        "fee": Money(minor=18000, currency="GBP"),
    }
    return Grant(**{**values, **changes})  # type: ignore[arg-type]


def authorities() -> dict[str, Authority]:
    ground = TermsGround(claim_id="cl_1", assigner="Harbour Review", clause=EVIDENCE)
    link = Link(party=HARBOUR, role="holder", sentence="", ground=ground, claim_id="cl_1")
    return {TEXT: Authority(verdict=Authorised.YES, chain=(link,))}


def quote(paid: bool = False) -> Quote:
    lines = [
        QuoteLine(code="base", label="Anthology, print", working="1,840 words in bands", minor=15000),
        QuoteLine(code="run", label="Print run", working="3,000 copies × 1.20", minor=3000),
    ]
    already = Money(minor=9000, currency="GBP") if paid else None
    if paid:
        lines.append(QuoteLine(code="paid", label="Less what was paid", working="", minor=-9000))
    total = Money(minor=sum(line.minor for line in lines), currency="GBP")
    return Quote(
        tariff_id="harbour-2026", tariff_version=3, lines=tuple(lines), total=total, already_paid=already
    )


def frame(language: str = "en", number: str = "HARBOUR-REVIEW-2026-000123") -> compose.Frame:
    person, company, _, _ = NAMES[language]
    publisher = Correspondent(
        "Harbour Review",
        lines=("12 Quay Street", "Bristol BS1 4ZZ, United Kingdom"),
        contacts=("rights@harbour-review.example",),
    )
    return compose.Frame(
        number=number,
        date=date(2026, 5, 4),
        issued_at=ISSUED,
        language=language,
        letterhead=Letterhead(publisher),
        addressee=Correspondent(company, person, ("4 Mill Lane", "Leeds LS1 2AB"), ("ada@meridian.example",)),
        signatory=Signatory("Jo Marsh", "Permissions officer"),
        verification=Verification(
            f"https://harbour-review.example/verify/{number}",
            "journal.harbour-review.example",
            4182,
            "fc0f523e08970f17bc2720746db1f50d3bf4507dacc81dbcee78312667a630bf",
        ),
        request_ref="RQ-2026-0457",
    )


def decision(**changes: object) -> compose.Decision:
    return compose.Decision(**{"ref": "it_01", **changes})  # type: ignore[arg-type]


QUOTED = (Ground(GroundKind.INBOUND_CLAUSE, "tm_lantern", CLAUSE),)


def _grant(language: str) -> Letter:
    others = (
        compose.OtherItem(
            label=NAMES[language][3],
            kind=ComponentKind.PHOTOGRAPH,
            decision=ItemDecision.REFERRED,
            ref="it_02",
            owner="K. Okafor",
            contact=Contact(email="studio@okafor.example"),
        ),
    )
    return compose.compose_grant(
        frame(language),
        piece=piece(language),
        use=use(language),
        grant=grant(language),
        authorities=authorities(),
        decision=decision(),
        quote=quote(),
        material=compose.Material(words=1840, opening="At noon", closing="the sea"),
        others=others,
    )


def _amendment(language: str) -> Letter:
    before = grant(language)
    scope = replace(before.scope, caps=(Cap(unit=QuantityUnit.COPIES, at_most=6000),))
    return compose.compose_amendment(
        frame(language),
        piece=piece(language),
        earlier=compose.EarlierLetter(
            number="HARBOUR-REVIEW-2026-000098", date=date(2026, 2, 3), grant=before
        ),
        grant=grant(language, scope=scope, fee=quote(paid=True).total),
        changes=(),
        authorities=authorities(),
        decision=decision(),
        quote=quote(paid=True),
    )


def permitted_answer() -> Answer:
    ground = TermsGround(terms_id="tm_lantern", clause=CLAUSE, assigner="The Lantern")
    reason = Reason(code=ReasonCode.RULE_PERMITS, sentence="", ground=ground)
    conditions = (Condition(code=ConditionCode.CREDIT_PUBLISHER), Condition(code=ConditionCode.LINK_ARTICLE))
    return Answer(component_id=TEXT, outcome=Outcome.PERMITTED, reasons=(reason,), conditions=conditions)


def letter(kind: LetterKind, language: str) -> Letter:
    """One letter of a kind in a language."""
    common = {"piece": piece(language), "use": use(language)}
    page, act = frame(language), decision(quotes=QUOTED)
    if kind is LetterKind.GRANT:
        return _grant(language)
    if kind is LetterKind.AMENDMENT:
        return _amendment(language)
    if kind is LetterKind.DECLINE:
        return compose.compose_decline(page, decision=act, **common)
    if kind is LetterKind.REFERRAL:
        ask = Ask(party=LANTERN, contact=LANTERN.contacts[0], reason=AskReason.NO_SUBLICENCE)
        return compose.compose_referral(page, ask=ask, decision=act, **common)
    if kind is LetterKind.NO_PERMISSION_NEEDED:
        return compose.compose_no_permission_needed(
            page,
            answer=permitted_answer(),
            decision=decision(),
            credit_line="© 2025 Harbour Review",
            **common,
        )
    if kind is LetterKind.ENQUIRY:
        enquiry = compose.Enquiry(
            requester=NAMES[language][1],
            answer_url="https://harbour-review.example/answer/7Q2M",
            needed_by=date(2026, 6, 1),
            why=AskReason.RESERVED,
        )
        return compose.compose_enquiry(page, enquiry=enquiry, decision=act, **common)
    earlier = compose.EarlierLetter(number="HARBOUR-REVIEW-2026-000098", date=date(2026, 2, 3))
    return compose.compose_revocation(
        page,
        piece=piece(language),
        earlier=earlier,
        effective=date(2026, 7, 1),
        decision=act,
        take_down_by=date(2026, 7, 15),
    )


ALL = [(kind, language) for language in LANGUAGES for kind in LetterKind]
