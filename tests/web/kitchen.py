"""Every part on one page, with an Answer from made-up terms: looked at by people and checked by axe."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ledger.rights.answers import Answer, Ask, AskReason, Ground, Outcome, PieceAnswer, Reason, ReasonCode
from ledger.rights.codes import ConditionCode
from ledger.rights.parties import Contact, Party
from ledger.rights.terms import Condition, Modality, TermsKind, Timing
from ledger.web.forms import Form
from ledger.web.pages import make_pages

ROOT = Path(__file__).parents[2]
DATA = Path(__file__).with_name("data")

CLAUSE = "Sites run by their readers may carry our articles in full,\nwith a link to the original."
WIRE = Party(id="pa_1", name="Meridian Wire")


def _reason(code: ReasonCode, sentence: str, clause: str | None = None) -> Reason:
    ground = clause and Ground(
        terms_kind=TermsKind.STANDING,
        terms_name="Site terms",
        assigner="Harbour Review",
        clause=clause,
        clause_sha256="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        url="https://harbour-review.example/terms",
    )
    return Reason(code=code, sentence=sentence, ground=ground or None)


def _answer() -> Answer:
    return Answer(
        component_id="co_text",
        outcome=Outcome.ASK,
        reasons=(
            _reason(
                ReasonCode.NO_CLAIM,
                "The site terms of Harbour Review do not reach this text: Meridian Wire holds it.",
                CLAUSE,
            ),
            _reason(ReasonCode.SILENT, "Nothing that Meridian Wire has published permits it."),
        ),
        ask=Ask(party=WIRE, contact=Contact(email="rights@meridian.example"), reason=AskReason.SILENT),
        unknown_facts=("is_commercial", "print_run"),
        exception_notice="Carried here under fair use for research.",
    )


def _permitted() -> Answer:
    return Answer(
        component_id="co_photo",
        outcome=Outcome.PERMITTED,
        reasons=(_reason(ReasonCode.RULE_PERMITS, "The terms permit it.", CLAUSE),),
        conditions=(
            Condition(code=ConditionCode.LINK_ARTICLE),
            Condition(code=ConditionCode.NOTIFY, timing=Timing.AFTER),
            Condition(code=ConditionCode.LOGO, modality=Modality.SHOULD),
        ),
    )


def values() -> dict[str, Any]:
    """What the template needs: a form with mistakes in it, two Answers, a moment."""
    text, photo = _answer(), _permitted()
    return {
        "form": Form(
            data={"name": ["Alice Ferro"], "formats": ["ebook"], "email": ["alice at fenwick"]},
            errors={
                "email": "Write the address as name@example.org.",
                "is_commercial": "Say whether anybody earns money by it.",
                "price": "Price must be a number, such as 12.50.",
            },
        ),
        "single": PieceAnswer(
            piece_id="pc_1", outcome=Outcome.ASK, components=(text,), asks=(text.ask,) if text.ask else ()
        ),
        "several": PieceAnswer(piece_id="pc_1", outcome=Outcome.ASK, components=(text, photo)),
        "labels": {"co_text": "The text", "co_photo": "Photograph: the harbour at dawn"},
        "since": datetime(2026, 3, 6, 14, 5, tzinfo=UTC),
    }


def render() -> str:
    """The page, rendered outside any request."""
    environment = make_pages(ROOT / "templates", DATA).environment
    return environment.get_template("kitchen_sink.html").render(
        csrf_token=lambda: "t" * 64, path="/find", **values()
    )
