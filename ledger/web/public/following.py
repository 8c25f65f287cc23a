"""The requester's own page of a request, behind a secret link: where it stands, and what can be done about it."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from ledger.desk.amounts import copies
from ledger.desk.context import Desk
from ledger.desk.letters import duties
from ledger.desk.refusals import BadInput, Clash
from ledger.desk.requests import following, forgetting, limiting, requesting, topping_up
from ledger.desk.requests.drafting import is_draft
from ledger.desk.requests.following import Status
from ledger.desk.requests.invoicing import invoice_behind
from ledger.records.failures import Stale
from ledger.rights.requests import RequestEvent, RequestState, events_from
from ledger.rights.tariff import Quote
from ledger.rights.uses import Format
from ledger.rights.vocabulary import term
from ledger.rights.wire import from_plain
from ledger.web.context import AnyRequest, Posted, TheDesk, client_ip
from ledger.web.forms import Form
from ledger.web.pages import page
from ledger.web.public import history, questions

SAID = {
    "confirmed": "Your address is confirmed.",
    "sent": "Your message is sent.",
    "answered": "Your answer to the price is recorded.",
    "withdrawn": "The request is withdrawn.",
    "mailed": "The link is on its way again (once a day at most). Look in the folder for unwanted mail, too.",
    "reported": "The publisher is told that it is done.",
    "extended": "Your wish to extend the letter is sent; this page follows it.",
}


def secret(response: Response[Any]) -> Response[Any]:
    """Keep a page that a secret link opens out of caches and search engines."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@get("/requests/{token:str}", sync_to_thread=True)
def status_page(request: AnyRequest, desk: TheDesk, token: FromPath[str]) -> Response[Any]:
    """Where the request stands."""
    said = next((words for key, words in SAID.items() if key in request.query_params), "")
    return _page(request, desk, token, Form(), said=said)


def _page(
    request: AnyRequest,
    desk: Desk,
    token: str,
    form: Form,
    status: int = 200,
    said: str = "",
    refused: str = "",
) -> Response[Any]:
    found = following.status(desk, token)
    kept_until = forgetting.kept_until(desk, found.request.turn_since)
    common: dict[str, Any] = {
        "kept_until": kept_until,
        "found": found,
        "token": token,
        "form": form,
        "said": said,
        "refused": refused,
    }
    if is_draft(found.request):
        url = f"{desk.base_url}/requests/{token}"
        return secret(page(request, "public/status_draft.html", status, url=url, **common))
    if found.request.verified_at is None and found.request.state == RequestState.DRAFT:
        return secret(page(request, "public/status_sent.html", status, **common))
    return secret(page(request, "public/status.html", status, **_told(desk, found), **common))


def _told(desk: Desk, found: Status) -> dict[str, Any]:
    """What the page tells of a request that is on its way or closed."""
    spent = following.clock_of(found.events, desk.clock())
    open_to = events_from(RequestState(found.request.state))
    turn, following_step = history.turn_words(found)
    return {
        "turn": turn,
        "today": desk.today(),
        "next_step": following_step,
        "spent": {side.value: history.days(span) for side, span in spent.by_turn.items() if span},
        "strip": history.strip(spent.stretches),
        "pauses": [each for each in spent.pauses if each[0].date() != each[1].date()],
        "timeline": history.timeline(found),
        "messages": history.messages(found),
        "reports": duties.reported(found.events),
        "decided": {item.id: history.decision_words(found, item) for item in found.items},
        "settled": {item.id: history.settled(item) for item in found.items},
        "badges": {item.id: history.decision_badge(found, item) for item in found.items},
        "quotes": _quotes(found),
        "may_withdraw": RequestEvent.WITHDRAW in open_to,
        "may_write": found.request.closed_at is None or RequestEvent.REOPEN in open_to,
    }


def _quotes(found: Status) -> list[tuple[Any, Quote]]:
    """Quotes with their calculation lines, the newest first."""
    rows = sorted(found.quotes, key=lambda row: row.made_at, reverse=True)
    return [(row, from_plain(Quote, row.document)) for row in rows]


def _back(token: str, said: str) -> Redirect:
    return Redirect(f"/requests/{token}?{said}=1", status_code=303)


@post("/requests/{token:str}/messages", status_code=200, sync_to_thread=True)
def write(request: AnyRequest, desk: TheDesk, form: Posted, token: FromPath[str]) -> Response[Any]:
    """Write to the publisher; answers its question where it asked one."""
    try:
        following.reply(desk, token, form.value("text"))
    except BadInput as refusal:
        form.errors.update(refusal.errors)
        return _page(request, desk, token, form, 422)
    except (Clash, Stale) as refusal:
        return _page(request, desk, token, form, 409, refused=str(refusal))
    return _back(token, "sent")


@post("/requests/{token:str}/quotes/{quote_id:str}", status_code=200, sync_to_thread=True)
def answer_quote(
    request: AnyRequest, desk: TheDesk, form: Posted, token: FromPath[str], quote_id: FromPath[str]
) -> Response[Any]:
    """Accept or decline a price."""
    if form.value("answer") not in ("accept", "decline"):
        return _page(request, desk, token, form, 422, refused="Press one of the two buttons under the price.")
    try:
        following.answer_offer(desk, token, quote_id, accept=form.value("answer") == "accept")
    except (Clash, Stale) as refusal:
        return _page(request, desk, token, form, 409, refused=str(refusal))
    return _back(token, "answered")


@get("/requests/{token:str}/invoice", sync_to_thread=True)
def invoice(request: AnyRequest, desk: TheDesk, token: FromPath[str]) -> Response[Any]:
    """What the accepted price asks for, to print."""
    view = invoice_behind(desk, token)
    return secret(page(request, "public/invoice.html", view=view, back=f"/requests/{token}"))


@get("/requests/{token:str}/withdraw", sync_to_thread=True)
def withdraw_page(request: AnyRequest, desk: TheDesk, token: FromPath[str]) -> Response[Any]:
    """Are you sure?"""
    found = following.status(desk, token)
    return secret(page(request, "public/withdraw.html", found=found, token=token))


@post("/requests/{token:str}/withdraw", status_code=200, sync_to_thread=True)
def withdraw(request: AnyRequest, desk: TheDesk, form: Posted, token: FromPath[str]) -> Response[Any]:
    """Take the request back."""
    try:
        following.withdraw(desk, token)
    except (Clash, Stale) as refusal:
        return _page(request, desk, token, form, 409, refused=str(refusal))
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
        return _page(request, desk, token, form, 422)
    except (Clash, Stale) as refusal:
        return _page(request, desk, token, form, 409, refused=str(refusal))
    return _back(token, "reported")


@get("/requests/{token:str}/letters/{name:str}", sync_to_thread=True)
def letter(desk: TheDesk, token: FromPath[str], name: FromPath[str]) -> Response[bytes]:
    """A letter's PDF; ``name`` is its id with ``.pdf``."""
    number, content = following.letter_pdf(desk, token, name.removesuffix(".pdf"))
    shown = Response(content, media_type="application/pdf")
    shown.headers["Content-Disposition"] = f'attachment; filename="{number}.pdf"'
    return secret(shown)


@get("/requests/{token:str}/extend/{letter_id:str}", sync_to_thread=True)
def extend_page(
    request: AnyRequest, desk: TheDesk, token: FromPath[str], letter_id: FromPath[str]
) -> Response[Any]:
    """Ask for more of the same: more copies, a longer time, further countries."""
    row, _ = following.letter_behind(desk, token, letter_id)
    use = row.document["use"]
    form = Form.filled({"formats": use.get("formats") or [], "end": use.get("end")})
    return _extend_page(request, desk, token, letter_id, form)


def _extend_page(
    request: AnyRequest, desk: Desk, token: str, letter_id: str, form: Form, status: int = 200
) -> Response[Any]:
    row, found = following.letter_behind(desk, token, letter_id)
    values = {
        "letter": found,
        "token": token,
        "form": form,
        "formats": row.document["use"].get("formats") or [],
        "names": {each.value: term(each) for each in Format},
    }
    return secret(page(request, "public/extend.html", status, **values))


@post("/requests/{token:str}/extend/{letter_id:str}", status_code=200, sync_to_thread=True)
def extend(
    request: AnyRequest, desk: TheDesk, form: Posted, token: FromPath[str], letter_id: FromPath[str]
) -> Response[Any]:
    """Send the wish; it is a request of its own that names the letter, priced by the difference."""
    row, found = following.letter_behind(desk, token, letter_id)
    changes = _changes(form, row.document["use"])
    try:
        if form.errors:
            raise BadInput(form.errors)
        sent = topping_up.ask_for_top_up(desk, row, found, changes)
    except BadInput as refusal:
        form.errors.update(questions.plain_errors(refusal.errors))
        return _extend_page(request, desk, token, letter_id, form, 422)
    except (Clash, Stale) as refusal:
        return _page(request, desk, token, form, 409, refused=str(refusal))
    path = sent.status_url.removeprefix(desk.base_url)
    return Redirect(f"{path}?extended=1", status_code=303)


def _changes(form: Form, use: dict[str, Any]) -> dict[str, Any]:
    """What was changed against the use as it was asked for."""
    changes: dict[str, Any] = {}
    runs = [dict(each) for each in use.get("formats") or []]
    for number, run in enumerate(runs):
        place = f"formats.{number}.print_run"
        try:
            if typed := form.value(place).strip():
                run["print_run"] = copies(typed)
        except ValueError as error:
            form.errors[place] = str(error)
    if runs and [str(run.get("print_run")) for run in runs] != [
        str(r.get("print_run")) for r in use["formats"]
    ]:
        changes["formats"] = runs
    end, territory = form.value("end").strip(), form.value("territory").strip()
    if end and end != use.get("end"):
        changes |= {"end": end, "duration": "fixed_term"}
    if territory:
        try:
            changes["territory"] = questions.read_territory(territory)
        except ValueError as error:
            form.errors["territory"] = str(error)
    return changes


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
    extend_page,
    extend,
]
