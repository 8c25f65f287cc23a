"""Where everything meets: the doors, the house behind them, and the server."""

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from functools import partial
from types import ModuleType
from typing import Any

from litestar import Litestar, Router
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler
from litestar.types import ControllerRouterHandler

import ledger.api
import ledger.web
from ledger.api.pieces import LOOKUP, quick_lookup
from ledger.desk.context import Desk
from ledger.desk.house.opening import open_desk
from ledger.records import tasks
from ledger.settings import Settings
from ledger.web.assets import read_assets
from ledger.web.context import DEPENDENCIES
from ledger.web.errors import MAX_BODY, answer_error
from ledger.web.pages import make_pages
from ledger.web.public.quick_page import PAGES, quick_page
from ledger.web.security import Security, harden, headers_of_every_answer, refuse_forgery


def create_app(
    settings: Settings, desk: Desk | None = None, enqueue: Callable[..., None] = tasks.enqueue
) -> Litestar:
    """The application: an ASGI app over every handler the doors list.

    A module of ``ledger.web`` or ``ledger.api`` takes part by having a list called ``handlers``.
    """
    own_desk = desk is None
    house = desk or open_desk(settings)
    return _House(
        # Through one router: registered one by one, two threaded handlers of the same path (GET and POST) would
        # be wrapped for their thread twice, and answer with a coroutine.
        route_handlers=[Router("/", route_handlers=list(_handlers()))],
        dependencies=dict(DEPENDENCIES),
        guards=[refuse_forgery],
        before_send=[harden],
        exception_handlers={Exception: answer_error},
        state=State(state_over(settings, house, enqueue)),
        on_shutdown=[house.database.close] if own_desk else [],
        request_max_body_size=MAX_BODY,
        multipart_form_part_limit=500,
        openapi_config=None,
        logging_config=None,  # the framework's own would log what readers send
        debug=False,
    )


def state_over(settings: Settings, desk: Desk, enqueue: Callable[..., None]) -> dict[str, Any]:
    """All that the handlers know of the house they are the doors of."""
    security = Security(settings.secret(), settings.base_url)
    return {
        "settings": settings,
        "desk": desk,
        "enqueue": enqueue,
        "security": security,
        "headers": headers_of_every_answer(security),
        "pages": make_pages(settings.templates, site_name=settings.site_name),
        "assets": read_assets(),
    }


class _House(Litestar):
    """The application, with a short way for the two questions that are asked most."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request; a lookup or a rights page that finds its piece does not pass through the framework."""
        if scope["type"] == "http" and scope["method"] == "GET":
            path, state = scope["path"], self.state
            if path == LOOKUP and await quick_lookup(state.desk, scope, send, state.headers):
                return
            if path.startswith(PAGES) and await quick_page(
                state.desk, state.pages, scope, send, state.headers
            ):
                return
        await super().__call__(scope, receive, send)


def _handlers() -> Iterator[ControllerRouterHandler]:
    for door in (ledger.web, ledger.api):
        for module in _modules(door):
            for handler in getattr(module, "handlers", ()):
                if isinstance(handler, HTTPRouteHandler) and "GET" in handler.http_methods:
                    handler.http_methods.add("HEAD")  # what can be read can be asked after (RFC 9110, 9.3.2)
                yield handler


def _modules(package: ModuleType) -> Iterator[ModuleType]:
    yield package
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        yield importlib.import_module(found.name)


def serve(settings: Settings, workers: int = 1) -> None:
    """Serve until interrupted. ``workers`` are processes; each opens the house for itself."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.http import HTTP1Settings

    server = Granian(
        "ledger.app:create_app",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        workers=workers,
        websockets=False,
        http1_settings=HTTP1Settings(header_read_timeout=10_000),
        log_access=False,  # addresses of pages can be secret (links that sign in)
        respawn_failed_workers=True,
    )
    server.serve(target_loader=partial(create_app, settings), wrap_loader=False)
