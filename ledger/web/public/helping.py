"""The help page: the whole way in plain words, with the pictures that the README shows, too."""

from typing import Any

from litestar import Response, get

from ledger.web.context import AnyRequest
from ledger.web.pages import page

TOUR: tuple[tuple[str, str, str], ...] = (
    (
        "1-find.png",
        "Find the piece",
        "By its address, by words of the title, by the author, or by a few sentences pasted from it. What is not "
        "here is not thereby free: nobody has recorded its rights yet.",
    ),
    (
        "2-rights.png",
        "See who holds what",
        "Text and pictures may have different owners, and whoever published the piece is often not one of them. "
        "Each holder stands beside the words that this rests on. Where nothing is known, the page says so.",
    ),
    (
        "3-may-i.png",
        "May I?",
        "Describe your use in a few questions. The answer comes at once, with its reasons and the exact clause. "
        "“I am not sure” is an answer: nothing is guessed from it. Often you need not ask anybody, and the credit "
        "line is there to copy.",
    ),
    (
        "4-request.png",
        "Ask, if you have to",
        "What you have said is carried over. You are asked only what matters for your use, and you look it over "
        "before anything is sent. A link in your mail confirms the address; until then nobody is told.",
    ),
    (
        "5-status.png",
        "Follow it",
        "Your own page shows whose turn it is and since when, how long this publisher really takes, the price with "
        "its arithmetic, messages, and the letter. Silence is never a refusal, and never a permission.",
    ),
    (
        "9-confirm.png",
        "How a piece gets into the register",
        "An editor gives the page's address or its text. Each thing the reader found stands beside the words it was "
        "read from, and what the page does not say stays empty. A person confirms the record, not a machine.",
    ),
    (
        "6-queue.png",
        "At the publisher's desk",
        "Staff see who has waited longest, and whose turn it is. Nobody's request is lost in somebody's inbox.",
    ),
    (
        "7-decide.png",
        "A decision with its grounds",
        "Each part is decided by itself: granted, declined with a reason, or referred to the owner. A publisher "
        "cannot grant more than it holds; the ledger refuses to write such a letter.",
    ),
    (
        "8-letter.png",
        "The letter",
        "A signed PDF that names what is granted and what is not. Anybody can check it here, years later, without "
        "sending us the file.",
    ),
)
"""Picture, heading, words; a picture that is not there is left out, its words stay."""


@get("/help", sync_to_thread=False)
def help_page(request: AnyRequest) -> Response[Any]:
    """How it works."""
    assets = request.app.state.assets
    steps = [
        (f"tour/{name}" if f"tour/{name}" in assets else "", title, words) for name, title, words in TOUR
    ]
    return page(request, "public/help.html", steps=steps)


handlers = [help_page]
