"""Reading a page that is to be registered: from bytes, or from where it stands. Nothing is written here."""

from ledger import fetch
from ledger.desk.refusals import BadInput
from ledger.intake.draft import Draft, UnreadablePage
from ledger.intake.reader import read
from ledger.intake.urls import NotAWebAddress


def read_page(
    data: bytes | None = None, *, url: str | None = None, content_type: str | None = None
) -> tuple[Draft, bytes, str | None]:
    """Read a page from bytes, or fetch it. Returns the draft, the bytes and their media type.

    Raises ``BadInput`` with one line: what is wrong with the page or the address, and what to do.
    """
    if data is None:
        if not url:
            raise BadInput({"page": "Give a file, the page's text, or its address."})
        fetched = get_page(url, "url")
        data, content_type, url = fetched.body, fetched.content_type, fetched.final_url
    try:
        return read(data, content_type=content_type, url=url), data, content_type
    except UnreadablePage as error:
        raise BadInput({"page": str(error)}) from error
    except NotAWebAddress as error:
        raise BadInput({"url": str(error)}) from error


def get_page(address: str, field: str) -> fetch.Fetched:
    """What stands at an address. Raises ``BadInput`` for ``field``, also where the server answers with an error: its
    error page is not the page that was asked for (RFC 9110, 15.5)."""
    try:
        fetched = fetch.fetch(address)
    except (fetch.FetchRefused, fetch.FetchFailed, NotAWebAddress) as error:
        raise BadInput({field: str(error)}) from error
    if fetched.status != 200:
        said = f"The server answered {fetched.status}: check that the address is right and public."
        raise BadInput({field: said})
    return fetched
