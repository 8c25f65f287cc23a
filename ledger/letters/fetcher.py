"""The only addresses a letter may load: its own pictures, from memory."""

from __future__ import annotations

from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse


class MemoryFetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
    """Serves ``letter:`` addresses from a dict; anything else stops the rendering.

    An ordinary exception would only be logged and the letter would go out without its picture, so the fatal one it is.
    """

    def __init__(self, images: dict[str, tuple[bytes, str]]) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
        self._images = images

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        """Raises FatalURLFetchingError for every address that is not one of the letter's pictures."""
        if url not in self._images:
            raise FatalURLFetchingError(f"a letter may not load {url[:100]!r}")
        data, media_type = self._images[url]
        return URLFetcherResponse(url, data, {"Content-Type": media_type})
