"""Logos and signature pictures: checked once when uploaded, and again before a letter carries them."""

from __future__ import annotations

import re
import struct
import xml.etree.ElementTree as ET
import zlib

from ledger.letters.model import Image

MAX_BYTES = 1_000_000
MAX_SIDE = 4_000  # pixels; beyond it a tiny file can unpack to gigabytes
MAX_ELEMENTS = 2_000
MAX_DEPTH = 30

_PNG = b"\x89PNG\r\n\x1a\n"
_OTHER_ENCODING = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"'](?!utf-8[\"'])|\x00")
_SVG_NS = "{http://www.w3.org/2000/svg}"
_SHAPES = {"path", "rect", "circle", "ellipse", "line", "polyline", "polygon"}
_PAINT = {"linearGradient", "radialGradient", "stop", "clipPath"}
_SVG_ELEMENTS = frozenset({"svg", "g", "defs", "title", "desc", "metadata"} | _SHAPES | _PAINT)


class BadImage(ValueError):
    """A picture a letter cannot carry; the message says what is wrong and what to do."""


def check_image(data: bytes) -> Image:
    """PNG or SVG bytes as an Image.

    Raises BadImage when the file is too large, damaged, of another kind, or an SVG that holds text, scripts,
    styles or references (export it as plain paths).
    """
    if len(data) > MAX_BYTES:
        raise BadImage(f"The picture has {len(data):,} bytes; at most {MAX_BYTES:,} are allowed.")
    if data.startswith(_PNG):
        _check_png(data)
        return Image(data, "image/png")
    if b"<svg" in data[:2_000]:
        _check_svg(data)
        return Image(data, "image/svg+xml")
    raise BadImage("The picture is neither PNG nor SVG; export it as one of these.")


def _check_png(data: bytes) -> None:
    """Walk the chunks (PNG 3rd edition, section 5): lengths, checksums, size, one image, proper end."""
    at, names = len(_PNG), []
    while at + 12 <= len(data):
        length, name = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 8 : at + 8 + length]
        crc = data[at + 8 + length : at + 12 + length]
        if len(crc) != 4 or zlib.crc32(name + body) != struct.unpack(">I", crc)[0]:
            raise BadImage("The PNG is damaged; export it again.")
        if name == b"IHDR":
            width, height = struct.unpack(">II", body[:8])
            if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE):
                raise BadImage(f"The PNG is {width} by {height} pixels; at most {MAX_SIDE} by {MAX_SIDE}.")
        names.append(name)
        at += 12 + length
    if names[:1] != [b"IHDR"] or names[-1:] != [b"IEND"] or b"IDAT" not in names or at != len(data):
        raise BadImage("The PNG is damaged; export it again.")


def _check_svg(data: bytes) -> None:
    lowered = data.lower()
    if _OTHER_ENCODING.search(lowered):
        raise BadImage("The SVG is not in UTF-8; export it again as UTF-8.")
    if b"<!doctype" in lowered or b"<!entity" in lowered or b"<?xml-stylesheet" in lowered:
        raise BadImage("The SVG holds a document type or style sheet; export it as plain SVG.")
    try:
        root = ET.fromstring(data)  # noqa: S314  no entities: refused above
    except (ET.ParseError, ValueError, RecursionError) as error:
        raise BadImage("The SVG cannot be read; export it again.") from error
    if root.tag != f"{_SVG_NS}svg":
        raise BadImage("The picture is not an SVG; export it again.")
    _walk_svg(root)


def _walk_svg(root: ET.Element) -> None:
    stack, seen = [(root, 1)], 0
    while stack:
        element, depth = stack.pop()
        seen += 1
        if seen > MAX_ELEMENTS or depth > MAX_DEPTH:
            raise BadImage("The SVG is too complicated; simplify it or use a PNG.")
        if element.tag.startswith(_SVG_NS) and element.tag.removeprefix(_SVG_NS) not in _SVG_ELEMENTS:
            name = element.tag.removeprefix(_SVG_NS)
            raise BadImage(f"The SVG holds <{name}>; convert everything to paths, or use a PNG.")
        for key, value in element.attrib.items():
            if key.endswith("href") or key.startswith("on") or _points_outside(value):
                raise BadImage("The SVG refers to something outside itself; convert everything to paths.")
        stack.extend((child, depth + 1) for child in element)


def _points_outside(value: str) -> bool:
    squeezed = "".join(value.lower().split())
    return "url(" in squeezed.replace("url(#", "") or "javascript:" in squeezed or "@import" in squeezed
