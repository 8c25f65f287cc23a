"""Pages: the Jinja environment of the HTML door in each language, and ``page``, which answers with one.

Templates are the product's own files; nothing a user wrote is ever compiled.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Undefined, pass_context, select_autoescape
from jinja2.ext import Extension
from jinja2.runtime import Context
from litestar import Request, Response
from litestar.enums import MediaType
from markupsafe import Markup

from ledger.web import words
from ledger.web.assets import read_assets
from ledger.web.reader_language import remember, switch
from ledger.web.security import CSRF_FIELD, Security
from ledger.web.tongues import LANGUAGES, Tongue, tongue


@dataclass(frozen=True)
class Pages:
    """What a page is made with."""

    environments: Mapping[str, Environment]
    site_name: str

    @property
    def environment(self) -> Environment:
        """The English one: of every page that is not translated."""
        return self.environments["en"]

    def of_a_stranger(self, template: str, path: str, values: dict[str, Any]) -> str:
        """``template`` for a reader without any cookie. ``LookupError`` if it has a form that wants a token."""
        return self.environment.get_template(template).render(
            {"path": path, "signed_in": False, "csrf_token": _no_token, **values}
        )


@cache
def make_pages(*folders: Path, site_name: str = "Permissions Ledger") -> Pages:
    """The environments over template ``folders``, searched in order; one set for all the apps of a process, because a
    template is compiled when it is first used, which takes longer than all else about a page."""
    known = {name: asset.fingerprint for name, asset in read_assets().items()}
    shared = {"asset": lambda name: f"/static/{name}?v={known[name]}", "site_name": site_name}
    return Pages({each: _environment(folders, tongue(each), shared) for each in LANGUAGES}, site_name)


def _environment(folders: tuple[Path, ...], spoken: Tongue, shared: dict[str, Any]) -> Environment:
    """Templates in one language: ``_`` and ``ngettext`` say its sentences, the filters its dates, money and terms."""
    environment = Environment(
        loader=FileSystemLoader([str(folder) for folder in folders]),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=_Careful,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals.update(
        shared,
        csrf_field=_csrf_field,
        _=spoken.markup,
        ngettext=spoken.plural,
        spoken=spoken.language,
        direction=spoken.direction,
        gap=spoken.gap,
        stop=spoken.stop,
    )
    environment.filters.update(words.filters(spoken))
    environment.add_extension(_Sentences)
    return environment


class _Sentences(Extension):
    """Says ``{{ _("...") }}`` without values when a template is compiled, not each time that a page is made: the
    shell of every page has a dozen, and the rights page is counted in microseconds."""

    _BARE = re.compile(r'{{ _\("([^"\\]+)"\) }}')

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        say: Any = self.environment.globals["_"]
        return self._BARE.sub(lambda found: str(say(found[1])), source)


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
    """``template`` in English as the answer, with ``values`` and what every page has: its path and the form token.

    It is rendered here and now, so that a new form cookie can go out with it; never shared by caches, since a
    page may carry such a token. Do not call it inside a transaction.
    """
    return _answer(request, template, status, "en", values)


def translated_page(
    request: Request[Any, Any, Any], template: str, language: str, /, status: int = 200, **values: Any
) -> Response[str]:
    """The same in one of ``tongues.LANGUAGES``, which the whole template must speak; its foot offers the others."""
    response = _answer(request, template, status, language, {"switch": switch(request), **values})
    remember(request, response, request.app.state.security.secure)
    return response


def _answer(
    request: Request[Any, Any, Any], template: str, status: int, language: str, values: dict[str, Any]
) -> Response[str]:
    security: Security = request.app.state.security
    pages: Pages = request.app.state.pages
    token = security.token_for(request)
    text = (
        pages.environments[language]
        .get_template(template)
        .render(
            {
                "path": request.url.path,
                "signed_in": security.session_cookie(request) is not None,
                "csrf_token": token.spell,
                **values,
            }
        )
    )
    response = Response(text, media_type=MediaType.HTML, status_code=status)
    response.headers["Cache-Control"] = "no-store" if values.get("who") else "private, no-cache"
    if token.new_cookie is not None:
        response.set_cookie(token.new_cookie)
    return response
