"""Words people type, in the one form in which they are kept and compared; and the small index over requests.

Folding: compatibility forms made plain, case and accents taken off, letters and digits kept. Chinese and
Japanese are written without spaces, so each of their characters is a word of its own (Korean syllables too).
"""

import re
import unicodedata
from collections.abc import Iterable

from sqlalchemy.sql.elements import ColumnElement

from ledger.records.request_tables import request_word
from ledger.records.tenant import Tenant
from ledger.stream_safe import stream_safe

MAX_WORD = 64
"""Characters kept of one word."""
MAX_QUERY_WORDS = 12
"""Words used of one question."""

_WORD = re.compile(r"[^\W_]+")
_UNSPACED = re.compile(
    "([\u2e80-\u2fdf\u3005-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\U00020000-\U0003ffff])"
)
_LAST = "\U0010ffff"


def words(text: str | None, limit: int = 2_000) -> list[str]:
    """The folded words of a text in their order, at most ``limit``."""
    if not text:
        return []
    plain = unicodedata.normalize("NFKD", stream_safe(text[: limit * MAX_WORD])).casefold()
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    spaced = _UNSPACED.sub(r" \1 ", unicodedata.normalize("NFC", bare))
    return [word[:MAX_WORD] for word in _WORD.findall(spaced)][:limit]


def folded(text: str | None) -> str:
    """The folded words, joined by single spaces."""
    return " ".join(words(text))


def index_words(tenant: Tenant, request_id: str, texts: Iterable[str | None]) -> None:
    """Make a request findable by the words of these texts, and by no others any more."""
    tenant.change(tenant.delete(request_word).where(request_word.c.request_id == request_id))
    found = {word for text in texts for word in words(text)}
    tenant.insert(request_word, *({"word": word, "request_id": request_id} for word in sorted(found)))


def starts_with(column: ColumnElement[str], word: str) -> list[ColumnElement[bool]]:
    """The condition that a column begins with a word, as a range that an index can answer."""
    return [column >= word, column < word + _LAST]
