"""What each kind of letter says, and that every clause with effect rests on something."""

from dataclasses import replace
from datetime import date

import pytest

from ledger.letters import compose
from ledger.letters.conditions import SENTENCES
from ledger.letters.language import LANGUAGES
from ledger.letters.markup import letter_html, preview_html
from ledger.letters.model import GroundKind, Letter, LetterKind, ground_list, plain
from ledger.rights.answers import Ask, AskReason, Outcome
from ledger.rights.authority import Authorised, Authority
from ledger.rights.codes import ConditionCode
from ledger.rights.condition_words import Force, force_of
from ledger.rights.scope import Scope
from ledger.rights.tariff import Money
from ledger.rights.terms import Condition, Modality
from tests.letters import cast


def text_of(letter: Letter) -> str:
    return "\n".join(plain(p) for clause in letter.clauses() for p in clause.paragraphs)


def a_grant(**changes: object) -> Letter:
    values: dict[str, object] = {
        "piece": cast.piece(),
        "use": cast.use(),
        "grant": cast.grant(),
        "authorities": cast.authorities(),
        "decision": cast.decision(),
        "quote": cast.quote(),
    }
    return compose.compose_grant(cast.frame(), **{**values, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(("kind", "language"), cast.ALL)
def test_every_operative_clause_of_every_letter_has_a_ground(kind: LetterKind, language: str) -> None:
    letter = cast.letter(kind, language)
    assert letter.kind is kind
    assert [clause.code for clause in letter.clauses() if clause.operative and not clause.grounds] == []
    assert all(row["text"] for row in ground_list(letter))
    assert len({section.code for section in letter.sections}) == len(letter.sections)


@pytest.mark.parametrize("kind", list(LetterKind))
def test_all_languages_say_the_same_clauses(kind: LetterKind) -> None:
    codes = {language: [c.code for c in cast.letter(kind, language).clauses()] for language in LANGUAGES}
    codes["en"] = [code for code in codes["en"] if code != "context"]  # only the English cast has that field
    assert all(found == codes["fr"] for found in codes.values())


def test_a_grant_states_every_axis() -> None:
    letter = a_grant(material=compose.Material(pages="1–4", words=1840, opening="At noon", closing="the sea"))
    said = {clause.code: plain(clause.paragraphs[0]) for clause in letter.clauses()}
    assert said["licensee"] == "Meridian Press Ltd"
    assert said["territory"] == "Canada, Ireland, United Kingdom"
    assert said["print_run"] == "At most 3,000 copies"
    assert said["formats"] == "Paperback (3,000), e-book"
    assert said["term"] == "From 1\u00a0June 2026 to 31\u00a0May 2031"
    assert said["exclusivity"] == "Non-exclusive"
    assert said["sublicensing"] == "Not allowed"
    assert said["alterations"] == "Minor edits"
    assert said["excluded"] == "Photograph (Photo: K. Okafor)"
    assert (said["pages"], said["opening"], said["closing"]) == ("1–4", "“At noon”", "“the sea”")
    assert said["fee"] == "£180.00"
    assert said["content_sha256"].startswith("9f86d081")
    for code in ("revocation", "reserved", "no_endorsement", "third_party", "authority"):
        assert letter.clause(code) is not None


def test_required_and_recommended_credit_are_told_apart() -> None:
    letter = a_grant()
    line, link = letter.clause("credit_line"), letter.clause("credit_link")
    assert line is not None
    assert link is not None
    assert (line.duty, link.duty) == (Force.REQUIRED, Force.RECOMMENDED)
    nobody_asked = a_grant(grant=cast.grant(conditions=())).clause("credit_line")
    assert nobody_asked is not None
    assert nobody_asked.duty is Force.RECOMMENDED


def test_no_edits_wins_over_what_was_asked() -> None:
    grant = cast.grant(conditions=(Condition(code=ConditionCode.NO_EDITS),))
    clause = a_grant(grant=grant).clause("alterations")
    assert clause is not None
    assert plain(clause.paragraphs[0]) == "None; the text is to stay as it is"


def test_the_authority_is_shown_with_the_words_that_prove_it() -> None:
    clause = a_grant().clause("authority")
    assert clause is not None
    assert clause.grounds[0].quote == cast.EVIDENCE
    assert clause.grounds[0].kind is GroundKind.RECORD
    assert cast.EVIDENCE in plain(clause.paragraphs[1])


@pytest.mark.parametrize(
    "authorities",
    [
        {},
        {cast.TEXT: Authority(verdict=Authorised.NO)},
        {cast.TEXT: Authority(verdict=Authorised.UNKNOWN)},
        {cast.TEXT: Authority(verdict=Authorised.YES)},
        {cast.PHOTO: cast.authorities()[cast.TEXT]},
    ],
)
def test_no_grant_and_no_amendment_without_proven_authority(authorities: dict[str, Authority]) -> None:
    with pytest.raises(compose.NotOurs):
        a_grant(authorities=authorities)
    with pytest.raises(compose.NotOurs):
        compose.compose_amendment(
            cast.frame(),
            piece=cast.piece(),
            earlier=compose.EarlierLetter(number="HR-2026-000001", date=date(2026, 1, 5)),
            grant=cast.grant(),
            changes=(compose.Change(code="term", label="Term", before="a", after="b"),),
            authorities=authorities,
            decision=cast.decision(),
        )


def test_a_grant_of_nothing_is_refused() -> None:
    with pytest.raises(compose.NotOurs, match="names no component"):
        a_grant(grant=cast.grant(component_ids=()))


def test_a_fee_that_is_not_the_quotes_total_is_refused() -> None:
    with pytest.raises(ValueError, match="not the total"):
        a_grant(grant=cast.grant(fee=Money(minor=1, currency="GBP")))


@pytest.mark.parametrize(
    ("fee", "paid", "english"),
    [
        (
            Money(minor=18000, currency="GBP"),
            False,
            "This permission takes effect once the fee has been paid.",
        ),
        (
            Money(minor=18000, currency="GBP"),
            True,
            "This permission takes effect on the date of this letter.",
        ),
        (None, False, "This permission takes effect on the date of this letter."),
    ],
)
def test_when_the_permission_takes_effect(fee: Money | None, paid: bool, english: str) -> None:
    quote = cast.quote() if fee else None
    assert english in text_of(a_grant(grant=cast.grant(fee=fee), quote=quote, fee_paid=paid))


def test_a_free_grant_says_so() -> None:
    assert "No fee is charged." in text_of(a_grant(grant=cast.grant(fee=None), quote=None))


def test_an_unbounded_scope_is_said_in_words_not_left_out() -> None:
    letter = a_grant(grant=cast.grant(scope=Scope()))
    said = {clause.code: plain(clause.paragraphs[0]) for clause in letter.clauses()}
    assert (said["territory"], said["language"], said["term"]) == (
        "Worldwide",
        "All languages",
        "No end date",
    )


def test_silence_and_asking_never_become_a_confirmation() -> None:
    for outcome in (Outcome.ASK, Outcome.PROHIBITED):
        with pytest.raises(ValueError, match="permission is needed"):
            compose.compose_no_permission_needed(
                cast.frame(),
                piece=cast.piece(),
                use=cast.use(),
                answer=replace(cast.permitted_answer(), outcome=outcome),
                decision=cast.decision(),
            )


def test_a_confirmation_has_to_quote_the_words() -> None:
    with pytest.raises(ValueError, match="quote"):
        compose.compose_no_permission_needed(
            cast.frame(),
            piece=cast.piece(),
            use=cast.use(),
            answer=replace(cast.permitted_answer(), reasons=()),
            decision=cast.decision(),
        )
    letter = cast.letter(LetterKind.NO_PERMISSION_NEEDED, "de")
    clause = letter.clause("quoted_words")
    assert clause is not None
    assert plain(clause.paragraphs[0]) == cast.CLAUSE


def test_a_referral_needs_somebody_and_a_revocation_a_reason() -> None:
    with pytest.raises(ValueError, match="the party to ask"):
        compose.compose_referral(
            cast.frame(),
            piece=cast.piece(),
            use=cast.use(),
            ask=Ask(party=None, contact=None, reason=AskReason.TITLE_UNKNOWN),
            decision=cast.decision(),
        )
    with pytest.raises(ValueError, match="say why"):
        compose.compose_revocation(
            cast.frame(),
            piece=cast.piece(),
            earlier=compose.EarlierLetter(number="HR-2026-000001", date=date(2026, 1, 5)),
            effective=date(2026, 7, 1),
            decision=cast.decision(),
        )


def test_an_enquiry_says_that_silence_is_no_answer() -> None:
    letter = cast.letter(LetterKind.ENQUIRY, "en")
    assert "neither a yes nor a no" in text_of(letter)
    assert "https://harbour-review.example/answer/7Q2M" in text_of(letter)


def test_a_decline_says_nothing_about_what_the_law_allows() -> None:
    assert "concerns only our own permission" in text_of(cast.letter(LetterKind.DECLINE, "en"))


def test_every_condition_has_a_sentence_and_negatives_never_turn_into_permissions() -> None:
    assert set(SENTENCES) == set(ConditionCode)
    no_resale = Condition(code=ConditionCode.NO_RESALE, modality=Modality.MUST_NOT)
    assert force_of(no_resale) is Force.REQUIRED
    assert force_of(Condition(code=ConditionCode.LOGO, modality=Modality.MUST_NOT)) is Force.FORBIDDEN


def test_the_preview_marks_the_ground_of_each_clause() -> None:
    letter = cast.letter(LetterKind.GRANT, "en")
    html = preview_html(letter)
    assert html.startswith("<article")
    for kind in ("form_field", "decision", "record", "house"):
        assert f'data-ground="{kind}"' in html
    assert 'data-clause="territory"' in html
    assert "data-ground" not in letter_html(letter)


def test_what_outsiders_write_is_escaped_and_their_links_are_checked() -> None:
    nasty = "<script>alert(1)</script>"
    piece = replace(cast.piece(), title=nasty, urls=("javascript:alert(1)",))
    letter = compose.compose_decline(
        cast.frame(), piece=piece, use=cast.use(), decision=cast.decision(reason=nasty)
    )
    for html in (preview_html(letter), letter_html(letter)):
        assert "<script" not in html
        assert 'href="javascript' not in html


def test_own_wording_is_filled_once_and_never_compiled() -> None:
    frame = replace(cast.frame(), own_wording=("Write to {publisher} about {title}, {{7*7}}.",))
    with pytest.raises(ValueError, match=r"brace|placeholder"):
        compose.compose_decline(frame, piece=cast.piece(), use=cast.use(), decision=cast.decision())
    frame = replace(cast.frame(), own_wording=("About {title}.",))
    piece = replace(cast.piece(), title="{publisher} {{7*7}}")
    letter = compose.compose_decline(frame, piece=piece, use=cast.use(), decision=cast.decision())
    assert "About {publisher} {{7*7}}." in text_of(letter)


def test_partial_letters_name_what_became_of_the_rest() -> None:
    letter = cast.letter(LetterKind.GRANT, "en")
    clause = letter.clause("not_included_referred")
    assert clause is not None
    assert "K. Okafor" in plain(clause.paragraphs[0])
    assert "Part of your request is granted." in text_of(letter)
    assert plain(clause.paragraphs[0]).startswith("The Tide at Noon (photograph): ")


def test_whom_a_letter_names_is_not_said_to_be_unknown() -> None:
    """The rights name whom to ask also where nobody who is shown to hold the piece has allowed the use."""
    ask = Ask(party=cast.LANTERN, contact=cast.LANTERN.contacts[0], reason=AskReason.TITLE_UNKNOWN)
    letter = compose.compose_referral(
        cast.frame(), piece=cast.piece(), use=cast.use(), ask=ask, decision=cast.decision()
    )
    why = letter.clause("why_title_unknown")
    assert why is not None
    assert plain(why.paragraphs[0]) == "Nobody who is shown to hold the rights has allowed this use."
    assert "Please ask The Lantern." in text_of(letter)
