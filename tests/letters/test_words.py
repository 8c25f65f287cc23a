"""How a letter puts things: terms and names, money in the reckoning, changes, each in the letter's own language."""

from dataclasses import replace
from datetime import date

from ledger.letters import compose
from ledger.letters.fees import the_fee
from ledger.letters.granting import not_included
from ledger.letters.language import Speaker
from ledger.letters.model import Letter, LetterKind, plain
from ledger.rights.bounds import Territory
from ledger.rights.requests import ItemDecision
from ledger.rights.scope import Cap
from ledger.rights.tariff import Money, Quote, QuoteLine
from ledger.rights.uses import QuantityUnit
from tests.letters import cast
from tests.letters.test_compose import a_grant, text_of


def values_of(letter: Letter) -> dict[str, str]:
    return {clause.code: plain(clause.paragraphs[0]) for clause in letter.clauses()}


def test_addresses_and_names_keep_their_small_first_letter() -> None:
    use = replace(
        cast.use(),
        urls=("https://reader.example/a", "https://reader.example/b"),
        title="eBook of tides",
        publisher="iMar Books",
    )
    grant = cast.grant(assignee=replace(cast.grant().assignee, name="iMar Books"))
    said = values_of(a_grant(use=use, grant=grant))
    assert said["urls"] == "https://reader.example/a, https://reader.example/b"
    assert (said["publication"], said["publisher"], said["licensee"]) == (
        "eBook of tides",
        "iMar Books",
        "iMar Books",
    )
    assert said["purpose"] == "Education"


def test_only_those_who_asked_are_thanked_for_asking() -> None:
    thanked = {kind for kind in LetterKind if "Thank you" in text_of(cast.letter(kind, "en"))}
    assert thanked == set(LetterKind) - {LetterKind.ENQUIRY, LetterKind.REVOCATION}
    assert values_of(cast.letter(LetterKind.ENQUIRY, "en"))["reference"] == "RQ-2026-0457"


def test_a_price_settled_by_hand_names_no_tariff() -> None:
    line = QuoteLine(code="manual", label="Flat fee", working="agreed", minor=18000)
    quote = Quote(tariff_id="", tariff_version=0, lines=(line,), total=Money(minor=18000, currency="GBP"))
    section = next(s for s in a_grant(quote=quote).sections if s.code == "fee")
    assert section.heading == "Fee"
    assert section.clauses[0].label == "Flat fee"


def test_the_reckoning_is_in_money_and_in_the_letters_language() -> None:
    lines = (
        QuoteLine(
            code="base",
            label="Buch",
            working="1840 words (up to 2000): 10000 + 1840 x 2500/1000",
            minor=14600,
        ),
        QuoteLine(code="world", label="Welt", working="150% of 14600", minor=7300),
        QuoteLine(code="rounding", label="Rounding", working="from 21900 to 22000", minor=100),
        QuoteLine(code="already_paid", label="Already paid", working="4000 were paid before", minor=-4000),
    )
    total = Money(minor=18000, currency="EUR")
    quote = Quote(tariff_id="t", tariff_version=1, lines=lines, total=total)
    labels = [
        clause.label.replace("\u00a0", " ")
        for clause in the_fee(Speaker("de"), cast.grant(fee=total), quote, cast.decision()).clauses
    ]
    assert labels[:4] == [
        "Buch – 1.840 Wörter: 100,00 € + 1.840 × 0,025 €",
        "Welt – 150 % von 146,00 €",
        "Rundung – von 219,00 € auf 220,00 €",
        "Bereits bezahlt",
    ]


def test_an_amendment_says_what_changed_in_its_own_language() -> None:
    before = cast.grant("de")
    scope = replace(
        before.scope,
        caps=(Cap(unit=QuantityUnit.COPIES, at_most=6000),),
        territory=Territory(),
        languages=None,
    )
    letter = compose.compose_amendment(
        cast.frame("de"),
        piece=cast.piece("de"),
        earlier=compose.EarlierLetter(number="HR-1", date=date(2026, 1, 5), grant=before),
        grant=cast.grant("de", scope=scope, fee=None),
        changes=(
            compose.Change(code="print_run", label="Copies", before="3000 copies", after="6000 copies"),
        ),
        authorities=cast.authorities(),
        decision=cast.decision(),
    )
    section = next(s for s in letter.sections if s.code == "changes")
    said = {c.label: [plain(p) for p in c.paragraphs] for c in section.clauses}
    assert said == {
        "Auflage": ["Bisher: höchstens 3.000 Exemplare", "Jetzt: höchstens 6.000 Exemplare"],
        "Gebiet": ["Bisher: Irland, Kanada, Vereinigtes Königreich", "Jetzt: Weltweit"],
        "Sprache": ["Bisher: Deutsch", "Jetzt: Alle Sprachen"],
    }


def test_a_part_that_is_not_granted_is_named_in_the_letters_language() -> None:
    other = compose.OtherItem(
        label="Die Flut am Mittag",
        kind=cast.ComponentKind.PHOTOGRAPH,
        decision=ItemDecision.DECLINED,
        ref="it_02",
    )
    section = not_included(Speaker("de"), (other,))
    assert plain(section.clauses[0].paragraphs[0]) == "Die Flut am Mittag (Fotografie): abgelehnt."


def test_a_value_that_ends_in_a_full_stop_gets_no_second_one() -> None:
    said = plain(Speaker("ru").say("Copies online are to be taken down by {date}.", date="15 июля 2026 г."))
    assert said == "Копии в интернете следует удалить не позднее 15 июля 2026 г."
    owner = "We cannot grant it, because the rights are not ours to give. Please ask {owner}."
    assert plain(Speaker("en").say(owner, owner="Okafor Inc.")).endswith("Okafor Inc.")
    assert plain(Speaker("en").say(owner, owner="Okafor")).endswith("Okafor.")


def test_the_first_of_a_month_in_french() -> None:
    assert Speaker("fr").date(date(2026, 7, 1)) == "1er juillet 2026"
    assert Speaker("fr").date(date(2026, 7, 11)) == "11 juillet 2026"
