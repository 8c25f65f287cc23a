"""Pages: the one Jinja environment of the HTML door, and ``page``, which answers with one.

Templates are the product's own files; nothing a user wrote is ever compiled.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Undefined, pass_context, select_autoescape
from jinja2.runtime import Context
from litestar import Request, Response
from litestar.enums import MediaType
from markupsafe import Markup

from ledger.web import condition_words, words
from ledger.web.assets import read_assets
from ledger.web.security import CSRF_FIELD, Security


@dataclass(frozen=True)
class Pages:
    """What a page is made with."""

    environment: Environment
    site_name: str

    def of_a_stranger(self, template: str, path: str, values: dict[str, Any]) -> str:
        """``template`` for a reader without any cookie. ``LookupError`` if it has a form that wants a token."""
        return self.environment.get_template(template).render(
            {"path": path, "signed_in": False, "csrf_token": _no_token, **values}
        )


def make_pages(*folders: Path, site_name: str = "Permissions Ledger") -> Pages:
    """The environment over template ``folders``, searched in order."""
    environment = Environment(
        loader=FileSystemLoader([str(folder) for folder in folders]),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=_Careful,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    known = {name: asset.fingerprint for name, asset in read_assets().items()}
    environment.globals.update(
        asset=lambda name: f"/static/{name}?v={known[name]}", csrf_field=_csrf_field, site_name=site_name
    )
    environment.filters.update(words.FILTERS)
    environment.filters.update(
        condition=condition_words.condition_sentence, split_conditions=condition_words.split_conditions
    )
    return Pages(environment, site_name)


def _no_token() -> str:
    raise LookupError("This page has a form: it needs a cookie to bind its token to.")


class _Careful(Undefined):
    """An absent name is false and prints as nothing, but going on from it (``x.y``) is an error."""

    __getattr__ = StrictUndefined.__getattr__


@pass_context
def _csrf_field(context: Context) -> Markup:
    token = context["csrf_token"]()
    return Markup('<input type="hidden" name="{}" value="{}">').format(CSRF_FIELD, token)


def page(
    request: Request[Any, Any, Any], template: str, /, status: int = 200, **values: Any
) -> Response[str]:
    """``template`` as the answer, with ``values`` and what every page has: its path and the form token.

    It is rendered here and now, so that a new form cookie can go out with it; never shared by caches, since a
    page may carry such a token. Do not call it inside a transaction.
    """
    security: Security = request.app.state.security
    pages: Pages = request.app.state.pages
    token = security.token_for(request)
    text = pages.environment.get_template(template).render(
        {
            "path": request.url.path,
            "signed_in": security.session_cookie(request) is not None,
            "csrf_token": token.spell,
            **values,
        }
    )
    response = Response(text, media_type=MediaType.HTML, status_code=status)
    response.headers["Cache-Control"] = "no-store" if values.get("who") else "private, no-cache"
    if token.new_cookie is not None:
        response.set_cookie(token.new_cookie)
    return response
