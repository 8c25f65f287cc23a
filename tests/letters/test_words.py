"""How a letter puts things: terms and names, money in the reckoning, changes, each in the letter's own language."""

from dataclasses import replace
from datetime import date

import pytest

from ledger.letters import compose
from ledger.letters.clean import clean_letter
from ledger.letters.fees import the_fee
from ledger.letters.granting import not_included, the_authority
from ledger.letters.language import LANGUAGES, Speaker
from ledger.letters.markup import direction
from ledger.letters.model import Ground, GroundKind, Letter, LetterKind, Run, Style, ground_list, plain
from ledger.letters.parts import quotes
from ledger.rights import uses
from ledger.rights.authority import Authorised, Authority, Link
from ledger.rights.bounds import Territory
from ledger.rights.codes import ConditionCode
from ledger.rights.requests import ItemDecision
from ledger.rights.scope import Cap
from ledger.rights.tariff import Money, Quote, QuoteLine
from ledger.rights.terms import Condition
from ledger.rights.terms import Ground as TermsGround
from ledger.rights.uses import ExtentUnit, QuantityUnit
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
    urls = a_grant(use=use, grant=grant).clause("urls")
    assert urls is not None
    assert [plain(each) for each in urls.paragraphs] == list(use.urls)  # one below the other
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
        "Auflage": ["Bisher: Höchstens 3.000 Exemplare", "Jetzt: Höchstens 6.000 Exemplare"],
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
    owner = "We cannot give the permission you ask for, because the rights are not ours. Please ask {owner}."
    assert plain(Speaker("en").say(owner, owner="Okafor Inc.")).endswith("Okafor Inc.")
    assert plain(Speaker("en").say(owner, owner="Okafor")).endswith("Okafor.")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["1 copy", "2 copies", "11 copies", "21 copies", "1,001 copies"]),
        ("fr", ["1 exemplaire", "2 exemplaires", "11 exemplaires", "21 exemplaires", "1 001 exemplaires"]),
        ("de", ["1 Exemplar", "2 Exemplare", "11 Exemplare", "21 Exemplare", "1.001 Exemplare"]),
        (
            "ru",
            ["1 экземпляр", "2 экземпляра", "11 экземпляров", "21 экземпляр", "1 001 экземпляр"],
        ),
        ("ar", ["نسخة واحدة", "نسختان", "11 نسخة", "21 نسخة", "1,001 نسخة"]),
        ("zh-Hans", ["1份", "2份", "11份", "21份", "1,001份"]),
    ],
)
def test_a_number_and_its_unit_agree(language: str, said: list[str]) -> None:
    speaker = Speaker(language)
    counted = [speaker.counted(count, QuantityUnit.COPIES) for count in (1, 2, 11, 21, 1001)]
    assert [each.replace("\u202f", " ").replace("\u00a0", " ") for each in counted] == said


def test_arabic_has_a_form_for_few_and_one_for_many() -> None:
    said = [Speaker("ar").counted(count, QuantityUnit.RECIPIENTS) for count in (3, 10, 11, 99, 100, 103)]
    assert said == ["3 متلقين", "10 متلقين", "11 متلقيًا", "99 متلقيًا", "100 متلقٍّ", "103 متلقين"]


def test_a_limit_takes_the_form_its_own_sentence_asks_for() -> None:
    limits = {
        "en": "at most 6,001 copies",
        "de": "höchstens 6.001 Exemplare",
        "ru": "не более 6 001 экземпляра",
        "zh-Hans": "最多6,001份",
    }
    for language, said in limits.items():
        limit = Speaker(language).at_most(6001, QuantityUnit.COPIES)
        assert limit.replace("\u202f", " ").replace("\u00a0", " ") == said
    assert Speaker("ru").at_most(3, QuantityUnit.COPIES) == "не более 3 экземпляров"
    assert Speaker("en").at_most(1, QuantityUnit.VIEWS) == "at most 1 view"
    assert Speaker("zh-Hans").at_most(1, QuantityUnit.VIEWS) == "最多1次浏览"


def test_names_in_a_line_of_arabic_keep_their_own_direction() -> None:
    """Each in a run of its own: the page sets them apart, over line breaks too."""
    letter = cast.letter(LetterKind.GRANT, "ar")
    out = letter.clause("excluded")
    assert out is not None
    assert [run.text for run in out.paragraphs[0]] == ["صورة فوتوغرافية", " (", "Photo: K. Okafor", ")"]
    speaker = Speaker("ar")
    said = speaker.series("ليلى", (Run("Béla", Style.VALUE), *speaker.remark("a@b.example", "1 مارس 2026")))
    assert plain(said) == "ليلى، Béla (a@b.example، 1 مارس 2026)"
    assert [run.text for run in said if run.style is Style.VALUE] == [
        "ليلى",
        "Béla",
        "a@b.example",
        "1 مارس 2026",
    ]
    assert plain(Speaker("zh-Hans").remark("甲", "乙")) == "（甲、乙）"
    assert speaker.remark("") == ()


def test_a_price_line_in_arabic_sets_its_label_apart_and_machines_do_not_see_the_marks() -> None:
    letter = clean_letter(cast.letter(LetterKind.GRANT, "ar"))
    line = letter.clause("fee_line_base")
    assert line is not None
    assert line.label.startswith("\u2068Anthology, print\u2069 – ")
    assert "\u2068" not in str(ground_list(letter))
    english = cast.letter(LetterKind.GRANT, "en").clause("fee_line_base")
    assert english is not None
    assert "\u2068" not in english.label
    assert direction("\u2068Anthology\u2069 – 1") == "rtl"
    assert direction("\u2068نص\u2069 a") == "ltr"


@pytest.mark.parametrize("name", ["a\u2069b", "a\u2068b", "\u2069a\u2068", "\u2068" * 9 + "a" + "\u2069" * 9])
def test_marks_of_direction_from_outside_cannot_break_out(name: str) -> None:
    lines = (QuoteLine(code="x", label=name, working="lump sum", minor=18000),)
    quote = Quote(tariff_id="t", tariff_version=1, lines=lines, total=Money(minor=18000, currency="GBP"))
    section = the_fee(Speaker("ar"), cast.grant("ar"), quote, cast.decision())
    letter = clean_letter(replace(cast.letter(LetterKind.GRANT, "ar"), sections=(section,)))
    label = next(letter.clauses()).label
    assert label.replace("b", "") == "\u2068a\u2069 – \u2068lump sum\u2069"


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_amount_in_brackets_is_not_put_into_brackets_again(language: str) -> None:
    letter = compose.compose_decline(
        cast.frame(language),
        piece=cast.piece(language),
        use=replace(cast.use(language), quantity=1, unit=ExtentUnit.PAGES),
        decision=cast.decision(reason="No."),
    )
    assert "))" not in text_of(letter)
    assert "））" not in text_of(letter)


def test_a_name_that_leads_on_takes_the_colon_of_its_language() -> None:
    assert [Speaker(each).headed("Voss", "a") for each in ("en", "fr", "zh-Hans")] == [
        "Voss: a",
        "Voss\u00a0: a",
        "Voss：a",
    ]


def test_a_part_with_a_name_of_its_own_stands_behind_the_title() -> None:
    other = compose.OtherItem(
        label="La marée de midi", part="Encadré 2", decision=ItemDecision.DECLINED, ref="it_02"
    )
    section = not_included(Speaker("fr"), (other,))
    said = plain(section.clauses[0].paragraphs[0]).replace("\u00a0", " ")
    assert said == "La marée de midi : Encadré 2 : refusé."


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_house_without_a_named_person_is_not_greeted_by_its_name(language: str) -> None:
    frame = cast.frame(language)
    person, company = cast.NAMES[language][:2]
    common = {"piece": cast.piece(language), "use": cast.use(language), "decision": cast.decision()}
    named = compose.compose_decline(frame, **common)
    nameless = replace(frame, addressee=replace(frame.addressee, attention=""))
    unnamed = compose.compose_decline(nameless, **common)
    assert person in plain(named.salutation)
    assert company not in plain(unnamed.salutation)
    assert plain(unnamed.salutation)


def test_a_quotation_that_two_grounds_share_is_printed_once() -> None:
    other = Ground(GroundKind.INBOUND_CLAUSE, "tm_2", "Ask first.")
    again = Ground(GroundKind.RECORD, "cl_9", cast.CLAUSE)
    section = quotes(Speaker("en"), (*cast.QUOTED, other, again))
    assert [plain(clause.paragraphs[0]) for clause in section.clauses] == [cast.CLAUSE, "Ask first."]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_link_of_the_chain_says_what_its_party_is(language: str) -> None:
    """A name alone does not say why it is in the chain."""
    ground = TermsGround(claim_id="cl_2", assigner="Quill Agency", clause="Words.")
    chain = tuple(
        Link(party=replace(cast.LANTERN, name=name), role=role, sentence="", ground=ground, claim_id="cl_2")
        for name, role in (("Aye", "licensee"), ("Bee", "licensee"), ("Cee", "agent"), ("Dee", "holder"))
    )
    authorities = {cast.TEXT: Authority(verdict=Authorised.YES, chain=chain)}
    section = the_authority(Speaker(language), cast.grant(language), cast.piece(language), authorities)
    said = [plain(clause.paragraphs[0]) for clause in section.clauses]
    part = Speaker(language).label(cast.ComponentKind.TEXT)
    assert all(part in each for each in said)
    assert ["Quill Agency" in each for each in said] == [True, True, False, False]
    assert [name in each for name, each in zip(("Bee", "Cee", "Dee"), said[1:], strict=True)] == [True] * 3
    if language == "en":
        assert said[1:] == [
            "Bee holds a licence from Quill Agency (text).",
            "Cee acts as agent of – (text).",
            "Dee holds the rights (text).",
        ]


def test_a_sum_in_arabic_keeps_its_order_and_money_its_sign() -> None:
    lines = (
        QuoteLine(
            code="base",
            label="Book",
            working="1840 words (up to 2000): 10000 + 1840 x 2500/1000",
            minor=14600,
        ),
        QuoteLine(code="already_paid", label="Already paid", working="600 were paid before", minor=-600),
    )
    total = Money(minor=14000, currency="USD")
    quote = Quote(tariff_id="t", tariff_version=1, lines=lines, total=total)
    section = the_fee(Speaker("ar"), cast.grant("ar", fee=total), quote, cast.decision())
    letter = clean_letter(replace(cast.letter(LetterKind.GRANT, "ar"), sections=(section,)))
    first, paid, _ = letter.clauses()
    sum_ = "100.00\u00a0US$ + 1,840\u00a0×\u00a00.025\u00a0US$"
    assert first.label == f"\u2068Book\u2069 – 1,840 كلمة: \u2068{sum_}\u2069"
    assert plain(paid.paragraphs[0]) == "\u22126.00\u00a0US$"


def test_the_first_of_a_month_in_french() -> None:
    assert Speaker("fr").date(date(2026, 7, 1)) == "1er\u00a0juillet 2026"
    assert Speaker("fr").date(date(2026, 7, 11)) == "11\u00a0juillet 2026"


def test_words_that_stand_within_others_are_printed_once_and_stay_a_ground() -> None:
    part = Ground(GroundKind.RECORD, "cl_3", cast.CLAUSE[:30])
    section = quotes(Speaker("en"), (part, *cast.QUOTED))
    assert [plain(clause.paragraphs[0]) for clause in section.clauses] == [cast.CLAUSE]
    assert section.clauses[0].grounds == (*cast.QUOTED, part)


def test_how_long_is_no_edition() -> None:
    def said(*durations: uses.Duration) -> tuple[str, list[str]]:
        grant = cast.grant(scope=replace(cast.grant().scope, editions=frozenset(durations)))
        edition, term = (a_grant(grant=grant).clause(code) for code in ("edition", "term"))
        assert term is not None
        return plain(edition.paragraphs[0]) if edition else "", [plain(each) for each in term.paragraphs]

    days = "From 1\u00a0June 2026 to 31\u00a0May 2031"
    assert said(uses.Duration.CURRENT_EDITION) == ("Current edition", [days])
    assert said(uses.Duration.FIXED_TERM) == ("", [days])
    assert said(uses.Duration.ONE_TIME) == ("", ["One time only", days])


def test_the_words_a_condition_was_read_from_stand_between_quotation_marks() -> None:
    conditions = (
        Condition(
            code=ConditionCode.NO_EDITS, parameter="produce and reproduce, but not Share, Adapted Material"
        ),
        Condition(code=ConditionCode.SOCIAL_TAG, parameter="@harbourreview"),
    )
    letter = a_grant(grant=cast.grant(conditions=conditions))
    said = values_of(letter)
    quoted = "“produce and reproduce, but not Share, Adapted Material”"
    assert said["condition_no_edits"] == f"Do not change the text. {quoted}"
    assert said["condition_social_tag"].endswith("social media. @harbourreview")
