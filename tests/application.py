"""One application for a whole test process: making one takes longer than most tests do."""

from litestar import Litestar

from ledger.app import create_app, state_over
from ledger.web.pages import Pages
from tests.cast import Cast

_MADE: list[Litestar] = []
_PAGES: dict[tuple[object, str], Pages] = {}


def application(cast: Cast) -> Litestar:
    """The doors of this cast's house. One house at a time: whoever had the application before has lost it.

    Two at once, other handlers or other settings want a ``create_app`` of their own.
    """
    settings = cast.settings
    if not _MADE:
        _MADE.append(create_app(settings, cast.desk, cast.enqueue))
    state = state_over(settings, cast.desk, cast.enqueue)
    state["pages"] = _PAGES.setdefault((settings.templates, settings.site_name), state["pages"])
    (app,) = _MADE
    app.state.clear()
    app.state.update(state)
    return app
