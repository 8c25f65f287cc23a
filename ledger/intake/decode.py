"""Bytes to text: refuse what is no page, read legacy encodings, never raise but UnreadablePage."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from ledger.intake.draft import UnreadablePage

MAX_BYTES = 50_000_000
"""A page with more markup than this is refused before it is parsed."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = (
    (b"%PDF-", "a PDF"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"RIFF", "a media file"),
    (b"PK\x03\x04", "a ZIP archive or office document"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"\x00\x00\x00 ftyp", "a video"),
    (b"OggS", "an audio file"),
    (b"ID3", "an audio file"),
    (b"SQLite format 3", "a database"),
    (b"{\\rtf", "an RTF document"),
)
_TEXT_TYPES = ("text/", "application/xhtml", "application/xml", "application/rss", "application/atom",
               "application/rdf", "application/octet-stream", "application/json")  # fmt: skip
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w:.-]{2,40})", re.I)
_XML_CHARSET = re.compile(rb"^\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w:.-]{2,40})", re.I)
_HTTP_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w:.-]{2,40})", re.I)
_NO_CHARSETS = frozenset({"undefined", "punycode", "idna", "unicode-escape", "raw-unicode-escape", "utf-7"})
"""Codecs of Python that no page is written in: they fail in ways of their own, or make halves of characters."""
_WESTERN_NAMES = (
    "cp1252 cp1254 cp1257 cp1258 cp775 cp437 cp850 cp858 latin_1 iso8859_1 iso8859_3 iso8859_4 iso8859_9 iso8859_10"
    " iso8859_13 iso8859_14 iso8859_15 iso8859_16 mac_roman hp_roman8"
)
_WESTERN_OR_BALTIC = frozenset(_WESTERN_NAMES.split())
_POLISH = re.compile("[ąęłśżź]")
_SIGNS = re.compile("[\x80-\x9f¦§¨°±´¶·¸»¼½¾¿¹²³ħ]")
_NOISE = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufffd]")


def decode(data: bytes, content_type: str | None = None) -> str:
    """The text of a page. The order of authority is the WHATWG one: byte order mark, HTTP header, the page's
    own declaration; then UTF-8, then a guess for legacy charsets.

    Raises UnreadablePage for empty, oversized, binary or garbled input.
    """
    if len(data) > MAX_BYTES:
        raise UnreadablePage(
            f"The page has {len(data) / 1e6:.0f} MB; at most {MAX_BYTES // 1_000_000} MB of markup are read. "
            "Give the article alone."
        )
    if not data.strip():
        raise UnreadablePage(
            "The page is empty: there is nothing to read. Check that the right file was given."
        )
    _refuse_binary(data, content_type)
    text = _decoded(data, content_type)
    if not text.strip("\ufeff \t\r\n\x00"):
        raise UnreadablePage(
            "The page is empty: there is nothing to read. Check that the right file was given."
        )
    sample = text[:200_000]
    if len(_NOISE.findall(sample)) > max(4, len(sample) // 50):
        raise UnreadablePage(
            "The page's encoding is broken: its letters cannot be told. Save it again as UTF-8 and retry."
        )
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "\ufffd").lstrip("\ufeff")


def _refuse_binary(data: bytes, content_type: str | None) -> None:
    kind = next((name for magic, name in _MAGIC if data.startswith(magic)), None)
    if kind is None and data[4:8] == b"ftyp":
        kind = "a video"
    if kind is None and content_type:
        bare = content_type.split(";")[0].strip().lower()
        if bare and not bare.startswith(_TEXT_TYPES) and not bare.endswith("+xml"):
            kind = f"of the type {bare[:60]}"
    if kind is None and not data.startswith(tuple(bom for bom, _ in _BOMS)) and _looks_binary(data[:4096]):
        kind = "binary data"
    if kind:
        raise UnreadablePage(f"This is no page but {kind}: give HTML or plain text.")


def _looks_binary(head: bytes) -> bool:
    controls = sum(head.count(code) for code in (*range(9), *range(14, 27), *range(28, 32)))
    return head.count(0) > 2 or controls > max(2, len(head) // 20)


def _decoded(data: bytes, content_type: str | None) -> str:
    for bom, name in _BOMS:
        if data.startswith(bom):
            return data.decode(name, "replace")
    declared = _declared(data, content_type)
    if declared:
        try:
            return data.decode(declared)
        except UnicodeDecodeError:
            pass  # a page that lies about its charset: fall through to what the bytes say
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _legacy(data, declared, error)


def _declared(data: bytes, content_type: str | None) -> str | None:
    header = _HTTP_CHARSET.search(content_type or "")
    inside = _XML_CHARSET.search(data[:1024]) or _META_CHARSET.search(data[:4096])
    for name in (header[1] if header else None, inside[1].decode("ascii", "replace") if inside else None):
        if name:
            # WHATWG: what calls itself Latin-1 is in practice windows-1252.
            spelled = "cp1252" if name.lower() in ("iso-8859-1", "latin1", "latin-1", "us-ascii") else name
            try:
                info = codecs.lookup(spelled)
            except (LookupError, ValueError):
                continue
            if getattr(info, "_is_text_encoding", True) and info.name not in _NO_CHARSETS:
                return info.name
    return None


def _legacy(data: bytes, declared: str | None, error: UnicodeDecodeError) -> str:
    """UTF-8 with a few bad bytes is read with marks for them; anything else is guessed on a sample."""
    lenient = data.decode("utf-8", "replace")
    bad = lenient.count("\ufffd")
    good = sum(1 for letter in lenient[:100_000] if letter > "\x7f" and letter != "\ufffd")
    if bad <= max(3, good // 20):
        return lenient
    if declared:
        return data.decode(declared, "replace")
    window = data[max(0, error.start - 2000) : error.start + 30_000]
    words = re.sub(rb"<[^<>]*>", b" ", window)  # markup is ASCII: it only dilutes the letters that tell
    best = from_bytes(window).best()
    if best is None:
        return lenient
    return data.decode(_likelier(words, best.encoding), "replace")


def _likelier(words: bytes, guess: str) -> str:
    """Central European text is often taken for Baltic or Western: its own letters settle it."""
    if guess not in _WESTERN_OR_BALTIC:
        return guess
    for name in ("cp1250", "iso8859_2"):
        text = words.decode(name, "replace")
        if len(_POLISH.findall(text)) >= 4 and not _SIGNS.search(text):
            return name
    return guess
