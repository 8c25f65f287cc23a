"""A browser without scripts: follows the forms that pages show."""

import re
from html import unescape
from typing import Any

from httpx import Response
from litestar.testing import TestClient
from selectolax.lexbor import LexborHTMLParser

_TOKEN = re.compile(r'name="csrf" value="([0-9a-f]{64})"')


class Visitor:
    """Wraps a test client; keeps its cookies as a browser does."""

    def __init__(self, client: TestClient[Any]) -> None:
        self.client = client

    def get(self, path: str, **options: Any) -> Response:
        options.setdefault("headers", {"accept": "text/html"})
        return self.client.get(path, follow_redirects=False, **options)

    def token(self, path: str = "/sign-in") -> str:
        """The form token that a page shows this visitor."""
        found = _TOKEN.search(self.get(path).text)
        assert found, f"{path} shows no form"
        return unescape(found[1])

    def post(
        self, path: str, data: dict[str, Any] | None = None, seen_on: str | None = None, **more: Any
    ) -> Response:
        """Send a form as a browser would from the page ``seen_on`` (by default one with a sign-in form)."""
        fields = {"csrf": self.token(seen_on or "/sign-in"), **(data or {})}
        headers = {"accept": "text/html", "origin": "http://127.0.0.1:8000", "sec-fetch-site": "same-origin"}
        headers.update(more.pop("headers", {}))
        return self.client.post(path, data=fields, headers=headers, follow_redirects=False, **more)

    @staticmethod
    def fields(page: str, action: str) -> dict[str, list[str]]:
        """What the form on ``page`` whose action ends in ``action`` would send as it stands."""
        form = next(
            each
            for each in LexborHTMLParser(page).css("form")
            if (each.attributes["action"] or "").endswith(action)
        )
        sent: dict[str, list[str]] = {}
        for node in form.css("input[name], textarea[name], select[name]"):
            known = node.attributes
            value = known.get("value") or ""
            if known.get("type") in ("checkbox", "radio") and "checked" not in known:
                continue
            if node.tag == "textarea":
                value = node.text().removeprefix("\n")
            if node.tag == "select":
                chosen = node.css_first("option[selected]") or node.css_first("option")
                value = (chosen.attributes.get("value") or chosen.text()) if chosen else ""
            sent.setdefault(known["name"] or "", []).append(value)
        return sent

    def plant(self, name: str, value: str) -> None:
        """Put a cookie into this browser, as somebody else may have done."""
        self.client.cookies.set(name, value, domain="127.0.0.1", path="/")

    def sign_in(self, email: str, password: str) -> Response:
        return self.post("/sign-in", {"email": email, "password": password})

    @property
    def cookies(self) -> dict[str, str]:
        return dict(self.client.cookies.items())
