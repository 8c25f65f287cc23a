"""The requester's own page of a request, behind a secret link: where it stands, and what can be done about it."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from ledger.desk.answers.rights_view import part_labels
from ledger.desk.context import Desk
from ledger.desk.letters import duties
from ledger.desk.refusals import BadInput, Clash, Refusal
from ledger.desk.requests import following, forgetting, limiting, requesting
from ledger.desk.requests.drafting import is_draft
from ledger.desk.requests.following import Status
from ledger.desk.requests.invoicing import invoice_behind
from ledger.desk.requests.quoting import settled_price
from ledger.records.failures import Stale
from ledger.records.request_rows import RequestRow
from ledger.rights.requests import RequestEvent, RequestState, events_from
from ledger.rights.tariff import Quote
from ledger.rights.wire import from_plain
from ledger.said import said
from ledger.web.context import AnyRequest, Posted, TheDesk, client_ip
from ledger.web.forms import Form
from ledger.web.pages import translated_page
from ledger.web.public import history
from ledger.web.reader_language import reader_language
from ledger.web.tongues import N_, Tongue, tongue

SAID = {
    "confirmed": N_("Your address is confirmed."),
    "sent": N_("Your message is sent."),
    "answered": N_("Your answer to the price is recorded."),
    "withdrawn": N_("The request is withdrawn."),
    "mailed": N_(
        "The link is on its way again (once a day at most). Look in the folder for unwanted mail, too."
    ),
    "reported": N_("The publisher is told that it is done."),
    "extended": N_("Your wish to extend the letter is sent; this page follows it."),
}
_PRESS = N_("Press one of the two buttons under the price.")
_TOO_LATE = N_("This cannot be done any more: the request has gone on meanwhile. Look at the page again.")


def secret(response: Response[Any]) -> Response[Any]:
    """Keep a page that a secret link opens out of caches and search engines."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@get("/requests/{token:str}", sync_to_thread=True)
def status_page(request: AnyRequest, desk: TheDesk, token: FromPath[str]) -> Response[Any]:
    """Where the request stands."""
    news = next((words for key, words in SAID.items() if key in request.query_params), "")
    return status_answer(request, desk, token, Form(), news=news)


def status_answer(
    request: AnyRequest,
    desk: Desk,
    token: str,
    form: Form,
    status: int = 200,
    news: str = "",
    refused: Exception | None = None,
) -> Response[Any]:
    """The page as it stands now, with what was typed, what was just done (``news``) or why it was not (``refused``)."""
    found = following.status(desk, token)
    spoken = tongue(language_of(request, found.request))
    form.errors = spoken.all_again(form.errors)
    common: dict[str, Any] = {
        "kept_until": forgetting.kept_until(desk, found.request.turn_since),
        "found": found,
        "titles": spoken.quoted(found.titles.values()),
        "token": token,
        "form": form,
        "said": spoken.say(news),
        "refused": _refusal(spoken, refused) if refused else "",
    }
    if is_draft(found.request):
        template, common["url"] = "public/status_draft.html", f"{desk.base_url}/requests/{token}"
    elif found.request.verified_at is None and found.request.state == RequestState.DRAFT:
        template = "public/status_sent.html"
    else:
        template = "public/status.html"
        common |= _told(desk, found, spoken)
    return secret(translated_page(request, template, spoken.language, status, **common))


def language_of(request: AnyRequest, row: RequestRow) -> str:
    """The language a requester's pages are answered in; nobody has chosen one for a draft."""
    return reader_language(request, None if is_draft(row) else row.language)


def _refusal(spoken: Tongue, refused: Exception) -> str:
    """What the desk said, where this language has words for it."""
    message = refused.message if isinstance(refused, Refusal) else str(refused)
    return spoken.again(message) if spoken.knows(message) else spoken.say(_TOO_LATE)


def _told(desk: Desk, found: Status, spoken: Tongue) -> dict[str, Any]:
    """What the page tells of a request that is on its way or closed."""
    spent = following.clock_of(found.events, desk.clock())
    open_to = events_from(RequestState(found.request.state))
    turn, following_step = history.turn_words(found, spoken)
    return {
        "turn": turn,
        "today": desk.today(),
        "next_step": following_step,
        "spent": {side.value: history.days(span, spoken) for side, span in spent.by_turn.items() if span},
        "usual": history.usual_time(found, spoken),
        "strip": history.strip(spent.stretches),
        "pauses": [each for each in spent.pauses if each[0].date() != each[1].date()],
        "timeline": history.timeline(found, spoken),
        "messages": history.messages(found, spoken),
        "reports": duties.reported(found.events),
        "labels": {
            component: label
            for piece in found.pieces
            for component, label in part_labels(piece, spoken.speaker).items()
        },
        "decided": {item.id: history.decision_words(found, item, spoken) for item in found.items},
        "settled": {item.id: history.settled(item, spoken.speaker) for item in found.items},
        "badges": {item.id: history.decision_badge(found, item, spoken) for item in found.items},
        "quotes": _quotes(found, spoken),
        "may_withdraw": RequestEvent.WITHDRAW in open_to,
        "may_write": found.request.closed_at is None or RequestEvent.REOPEN in open_to,
    }


def _quotes(found: Status, spoken: Tongue) -> list[tuple[Any, Quote, list[str]]]:
    """Quotes with their calculation lines, and what they are for otherwise than asked; the newest first."""
    rows = sorted(found.quotes, key=lambda row: row.made_at, reverse=True)
    read = [(row, from_plain(Quote, row.document)) for row in rows]
    return [(row, sums, settled_price(found.request, sums, spoken.speaker)) for row, sums in read]


def _back(token: str, done: str) -> Redirect:
    return Redirect(f"/requests/{token}?{done}=1", status_code=303)


@post("/requests/{token:str}/messages", status_code=200, sync_to_thread=True)
def write(request: AnyRequest, desk: TheDesk, form: Posted, token: FromPath[str]) -> Response[Any]:
    """Write to the publisher; answers its question where it asked one."""
    try:
        following.reply(desk, token, form.value("text"))
    except BadInput as refusal:
        form.errors.update(refusal.errors)
        return status_answer(request, desk, token, form, 422)
    except (Clash, Stale) as refusal:
        return status_answer(request, desk, token, form, 409, refused=refusal)
    return _back(token, "sent")


@post("/requests/{token:str}/quotes/{quote_id:str}", status_code=200, sync_to_thread=True)
def answer_quote(
    request: AnyRequest, desk: TheDesk, form: Posted, token: FromPath[str], quote_id: FromPath[str]
) -> Response[Any]:
    """Accept or decline a price."""
    if form.value("answer") not in ("accept", "decline"):
        return status_answer(request, desk, token, form, 422, refused=BadInput({"answer": said(_PRESS)}))
    try:
        following.answer_offer(desk, token, quote_id, accept=form.value("answer") == "accept")
    except (Clash, Stale) as refusal:
        return status_answer(request, desk, token, form, 409, refused=refusal)
    return _back(token, "answered")


@get("/requests/{token:str}/invoice", sync_to_thread=True)
def invoice(request: AnyRequest, desk: TheDesk, token: FromPath[str]) -> Response[Any]:
    """What the accepted price asks for, to print."""
    view = invoice_behind(desk, token)
    spoken = tongue(language_of(request, view.request))
    return secret(
        translated_page(
            request,
            "public/invoice.html",
            spoken.language,
            view=view,
            back=f"/requests/{token}",
            settled=settled_price(view.request, view.sums, spoken.speaker),
            country=spoken.country(view.request.document["requester"].get("country")),
        )
    )


@get("/requests/{token:str}/withdraw", sync_to_thread=True)
def withdraw_page(request: AnyRequest, desk: TheDesk, token: FromPath[str]) -> Response[Any]:
    """Are you sure?"""
    found = following.status(desk, token)
    spoken = tongue(language_of(request, found.request))
    titles = spoken.quoted(found.titles.values())
    return secret(
        translated_page(request, "public/withdraw.html", spoken.language, titles=titles, token=token)
    )


@post("/requests/{token:str}/withdraw", status_code=200, sync_to_thread=True)
def withdraw(request: AnyRequest, desk: TheDesk, form: Posted, token: FromPath[str]) -> Response[Any]:
    """Take the request back."""
    try:
        following.withdraw(desk, token)
    except (Clash, Stale) as refusal:
        return status_answer(request, desk, token, form, 409, refused=refusal)
    return _back(token, "withdrawn")


@post("/requests/{token:str}/link", sync_to_thread=True)
def mail_again(request: AnyRequest, desk: TheDesk, token: FromPath[str]) -> Response[Any]:
    """Mail the link that confirms the address once more."""
    limiting.count(desk, "mails", client_ip(request))
    requesting.send_link_again(desk, token)
    return _back(token, "mailed")


@post("/requests/{token:str}/duties/{duty_id:str}", status_code=200, sync_to_thread=True)
def report(
    request: AnyRequest, desk: TheDesk, form: Posted, token: FromPath[str], duty_id: FromPath[str]
) -> Response[Any]:
    """Say that something a letter asks for is done."""
    try:
        duties.report_duty(desk, token, duty_id, form.value(f"duty.{duty_id}"))
    except BadInput as refusal:
        form.errors.update(refusal.errors)
        return status_answer(request, desk, token, form, 422)
    except (Clash, Stale) as refusal:
        return status_answer(request, desk, token, form, 409, refused=refusal)
    return _back(token, "reported")


@get("/requests/{token:str}/letters/{name:str}", sync_to_thread=True)
def letter(desk: TheDesk, token: FromPath[str], name: FromPath[str]) -> Response[bytes]:
    """A letter's PDF; ``name`` is its id with ``.pdf``."""
    number, content = following.letter_pdf(desk, token, name.removesuffix(".pdf"))
    shown = Response(content, media_type="application/pdf")
    shown.headers["Content-Disposition"] = f'attachment; filename="{number}.pdf"'
    return secret(shown)


handlers = [
    status_page,
    write,
    answer_quote,
    invoice,
    withdraw_page,
    withdraw,
    mail_again,
    report,
    letter,
]
