"""Letters that give nothing: no, ask someone else, no need to ask, and the question to the holder."""

from __future__ import annotations

from ledger.letters.granting import the_conditions
from ledger.letters.language import Speaker
from ledger.letters.matters import Decision, Enquiry, Frame
from ledger.letters.model import (
    Clause,
    Ground,
    GroundKind,
    Layout,
    Letter,
    LetterKind,
    Run,
    Section,
    Style,
    Text,
)
from ledger.letters.parts import (
    Row,
    finish,
    form,
    house,
    opening,
    own_words,
    prose,
    quotes,
    record,
    saying,
    statement,
    table,
    the_work,
    title_run,
    value,
    whom_to_ask,
)
from ledger.letters.permitted import wording_values
from ledger.letters.requested import the_request
from ledger.rights.answers import Answer, Ask, AskReason, Outcome, PieceAnswer
from ledger.rights.bounds import Territory
from ledger.rights.pieces import Piece
from ledger.rights.uses import ProposedUse

ASK_REASONS = {
    AskReason.RESERVED: "The holder reserves this use and wants to be asked first.",
    AskReason.SILENT: "No terms on record say anything about this use. Silence is not permission.",
    AskReason.UNKNOWN_FACTS: "Some facts needed for an answer are not known.",
    AskReason.CONFLICT: "The terms on record contradict each other.",
    AskReason.TITLE_UNKNOWN: "Nobody who is shown to hold the rights has allowed this use.",
    AskReason.NO_SUBLICENCE: "Our own licence does not allow us to sublicense this use.",
}
_ONLY_OURS = (
    "This decision concerns only our own permission. "
    "It says nothing about uses that the law allows without permission."
)
_NO_ADVICE = "This letter states what our records show. It is not legal advice."
_CONFIRMS = "This letter confirms what the quoted words already allow. It grants nothing beyond them."


def compose_decline(
    frame: Frame,
    *,
    piece: Piece,
    use: ProposedUse,
    decision: Decision,
    answer: Answer | PieceAnswer | None = None,
) -> Letter:
    """A refusal with its reason: staff's own words, or that the words on record do not allow the use."""
    speaker = Speaker(frame.language)
    prohibited = answer is not None and answer.outcome is Outcome.PROHIBITED
    standard = (
        "The words on record do not allow this use."
        if prohibited
        else "Our permissions office has decided not to grant this use."
    )
    why = [saying(speaker, "decline_reason", standard, decision.ground, *decision.quotes)]
    if decision.reason:
        why.append(Clause("decline_reason_words", (value(decision.reason),), grounds=(decision.ground,)))
    after = [
        saying(speaker, "only_ours", _ONLY_OURS, house("only_ours")),
        saying(
            speaker,
            "ask_again",
            "A new request with other details will be considered afresh.",
            house("ask_again"),
        ),
    ]
    sections = [
        opening(
            speaker,
            frame,
            speaker.say("We cannot give the permission you ask for."),
            grounds=(decision.ground,),
        ),
        the_work(speaker, piece),
        the_request(speaker, use),
        prose("why", speaker.message("Why"), why),
        quotes(speaker, decision.quotes),
        prose("meaning", speaker.message("What this means"), after),
        own_words(speaker, frame, wording_values(speaker, piece)),
    ]
    subject = speaker.say("Your request to use {title}", title=title_run(piece))
    return finish(speaker, frame, LetterKind.DECLINE, subject, sections)


def compose_referral(frame: Frame, *, piece: Piece, use: ProposedUse, ask: Ask, decision: Decision) -> Letter:
    """A redirection to the real owner. Raises ValueError when ``ask`` names nobody."""
    if ask.party is None:
        raise ValueError("a referral needs the party to ask; decline instead, or find the owner first")
    speaker = Speaker(frame.language)
    sentence = (
        "We cannot give the permission you ask for, because the rights are not ours. Please ask {owner}."
    )
    theirs = "The decision is theirs alone. We cannot say whether they will agree or what they may charge."
    sections = [
        opening(speaker, frame, speaker.say(sentence, owner=ask.party.name), grounds=(decision.ground,)),
        whom_to_ask(speaker, ask.party, ask.contact, record(ask.party.id), decision.ground),
        the_work(speaker, piece),
        the_request(speaker, use),
        prose("why", speaker.message("Why"), _why(speaker, ask.reason, decision)),
        quotes(speaker, decision.quotes),
        prose(
            "meaning",
            speaker.message("What this means"),
            [
                saying(speaker, "theirs", theirs, house("theirs")),
                saying(speaker, "only_ours", _ONLY_OURS, house("only_ours")),
            ],
        ),
        own_words(speaker, frame, {**wording_values(speaker, piece), "holder": ask.party.name}),
    ]
    subject = speaker.say("Whom to ask about {title}", title=title_run(piece))
    return finish(speaker, frame, LetterKind.REFERRAL, subject, sections)


def compose_no_permission_needed(
    frame: Frame,
    *,
    piece: Piece,
    use: ProposedUse,
    answer: Answer,
    decision: Decision,
    credit_line: str = "",
    public_domain_in: Territory | None = None,
) -> Letter:
    """A confirmation that the use is already free: by the quoted clause, or by the public domain.

    Raises ValueError unless the answer is permitted or no_permission_needed: silence never permits. A permission needs
    its exact words among the answer's reasons or the decision's quotes.
    """
    grounds = (*decision.quotes, *_clauses_of(answer))
    _require_freedom(answer, grounds)
    speaker = Speaker(frame.language)
    free = _why_free(speaker, answer, public_domain_in or use.territory or Territory())
    meaning = [saying(speaker, "no_advice", _NO_ADVICE, house("no_advice"))]
    if any(ground.quote for ground in grounds):
        meaning.insert(0, saying(speaker, "confirms", _CONFIRMS, house("confirms")))
    sections = [
        opening(speaker, frame, free, grounds=(decision.ground, *grounds)),
        the_work(speaker, piece),
        the_request(speaker, use),
        quotes(speaker, grounds),
        the_conditions(speaker, answer.conditions, grounds),
        _plain_credit(speaker, credit_line, decision),
        prose("meaning", speaker.message("What this means"), meaning),
        own_words(speaker, frame, wording_values(speaker, piece)),
    ]
    subject = speaker.say("No permission needed for {title}", title=title_run(piece))
    return finish(speaker, frame, LetterKind.NO_PERMISSION_NEEDED, subject, sections)


def _require_freedom(answer: Answer, grounds: tuple[Ground, ...]) -> None:
    if answer.outcome not in (Outcome.PERMITTED, Outcome.NO_PERMISSION_NEEDED):
        raise ValueError(
            f"the answer is {answer.outcome}, so permission is needed; decide the request instead"
        )
    if answer.outcome is Outcome.PERMITTED and not any(ground.quote for ground in grounds):
        raise ValueError("no words on record permit this use; a confirmation has to quote them")


def _why_free(speaker: Speaker, answer: Answer, where: Territory) -> Text:
    if answer.outcome is Outcome.NO_PERMISSION_NEEDED:
        return speaker.say(
            "You do not need our permission for the use you describe: "
            "according to our records the work is in the public domain ({territory}).",
            territory=speaker.territory(where),
        )
    return speaker.say(
        "You do not need our permission for the use you describe: the words quoted below already allow it."
    )


def compose_enquiry(
    frame: Frame, *, piece: Piece, use: ProposedUse, enquiry: Enquiry, decision: Decision
) -> Letter:
    """A letter to the holder that passes a request on, with the one-purpose page where they answer."""
    speaker = Speaker(frame.language)
    asked = (
        "{requester} has asked us for permission to use a work to which, according to our records, you hold the "
        "rights. We cannot grant it and are passing the request on to you."
    )
    page = Run(enquiry.answer_url, Style.LINK, enquiry.answer_url)
    how = "You can grant it, decline it, name a fee, or tell us that the rights are not yours, on this page: {url}"
    silence = "If you do not answer, we take that as neither a yes nor a no."
    answer = [
        saying(speaker, "answer_page", how, decision.ground, url=page),
        saying(speaker, "silence", silence, house("silence")),
    ]
    sections = [
        statement(
            speaker,
            speaker.say(asked, requester=enquiry.requester),
            grounds=(decision.ground, record(piece.id)),
        ),
        the_work(speaker, piece),
        _their_request(speaker, frame, use, enquiry),
        prose("why", speaker.message("Why"), _why(speaker, enquiry.why, decision)),
        quotes(speaker, decision.quotes),
        prose("answer", speaker.message("How to answer"), answer),
        own_words(speaker, frame, wording_values(speaker, piece)),
    ]
    subject = speaker.say("Request for permission to use {title}", title=title_run(piece))
    return finish(speaker, frame, LetterKind.ENQUIRY, subject, sections)


def _their_request(speaker: Speaker, frame: Frame, use: ProposedUse, enquiry: Enquiry) -> Section:
    """Who asks and by when, then what they ask for."""
    needed = speaker.date(enquiry.needed_by) if enquiry.needed_by else ""
    rows: list[Row] = [
        ("reference", "Our reference", value(frame.request_ref), (record(frame.request_ref),)),
        ("requester", "Requested by", value(enquiry.requester), (form("licensee"),)),
        ("needed_by", "Answer needed by", value(needed), (form("needed_by"),)),
        ("context", "In the requester’s words", value(use.context or ""), (form("context"),)),
    ]
    asker, request = table(speaker, "requester", "The request", rows), the_request(speaker, use)
    return Section(request.code, request.heading, request.layout, (*asker.clauses, *request.clauses))


def _why(speaker: Speaker, reason: AskReason | None, decision: Decision) -> list[Clause]:
    clauses = (
        [saying(speaker, f"why_{reason}", ASK_REASONS[reason], decision.ground, *decision.quotes)]
        if reason
        else []
    )
    if decision.reason:
        clauses.append(Clause("why_words", (value(decision.reason),), grounds=(decision.ground,)))
    return clauses


def _clauses_of(answer: Answer) -> tuple[Ground, ...]:
    """The verbatim clauses among the answer's reasons, once each, with the Terms they come from."""
    found: dict[str, Ground] = {}
    for reason in answer.reasons:
        if reason.ground and reason.ground.clause and reason.ground.terms_id:
            found.setdefault(
                reason.ground.clause,
                Ground(GroundKind.INBOUND_CLAUSE, reason.ground.terms_id, reason.ground.clause),
            )
    return tuple(found.values())


def _plain_credit(speaker: Speaker, credit_line: str, decision: Decision) -> Section:
    clauses: tuple[Clause, ...] = ()
    if credit_line:
        clauses = (
            Clause(
                "credit_line",
                (value(credit_line),),
                label=speaker.message("Credit line"),
                grounds=(decision.ground,),
            ),
        )
    return Section("credit", speaker.message("Credit"), Layout.QUOTE, clauses)
