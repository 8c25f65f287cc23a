"""What WeasyPrint leaves to us before the PDF is written: the second standard, the signature field, one compression."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from xml.etree import ElementTree as ET

import pydyf  # type: ignore[import-untyped]

from ledger.letters.render_job import RenderJob

SIGNATURE_FIELD = "Signature"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_UA = "http://www.aiim.org/pdfua/ns/id/"
_EXT = "http://www.aiim.org/pdfa/ns/extension/"
_SCHEMA = "http://www.aiim.org/pdfa/ns/schema#"
_PROPERTY = "http://www.aiim.org/pdfa/ns/property#"
_EMPTY_MAPPING = re.compile(rb"(<[0-9a-fA-F]+>) <>")
_COMPRESSION = 6


def claim_both_standards(metadata: Any) -> None:
    """Make the XMP packet say PDF/A-3a and PDF/UA-1.

    ``pdfuaid:part`` (ISO 14289-1, section 5) must be in the one RDF block. PDF/A knows no such schema, so
    ISO 19005-3, 6.6.2.3.3 wants it described in an extension schema as well.
    """
    original = metadata.generate_rdf_metadata
    for prefix, uri in (("pdfaExtension", _EXT), ("pdfaSchema", _SCHEMA), ("pdfaProperty", _PROPERTY)):
        ET.register_namespace(prefix, uri)

    def generate(variant: str, version: int, conformance: str) -> bytes:
        rdf = ET.fromstring(original(variant, version, conformance))  # noqa: S314
        description = ET.SubElement(rdf, f"{{{_RDF}}}Description", {f"{{{_RDF}}}about": ""})
        ET.SubElement(description, f"{{{_UA}}}part").text = "1"
        rdf.append(_extension_schema())
        packet: bytes = ET.tostring(rdf, encoding="utf-8")
        return packet

    metadata.generate_rdf_metadata = generate


def _extension_schema() -> ET.Element:
    def resource(parent: ET.Element) -> ET.Element:
        return ET.SubElement(parent, f"{{{_RDF}}}li", {f"{{{_RDF}}}parseType": "Resource"})

    outer = ET.Element(f"{{{_RDF}}}Description", {f"{{{_RDF}}}about": ""})
    schemas = ET.SubElement(ET.SubElement(outer, f"{{{_EXT}}}schemas"), f"{{{_RDF}}}Bag")
    schema = resource(schemas)
    for name, text in (
        ("schema", "PDF/UA Universal Accessibility Schema"),
        ("namespaceURI", _UA),
        ("prefix", "pdfuaid"),
    ):
        ET.SubElement(schema, f"{{{_SCHEMA}}}{name}").text = text
    properties = ET.SubElement(ET.SubElement(schema, f"{{{_SCHEMA}}}property"), f"{{{_RDF}}}Seq")
    row = resource(properties)
    for name, text in (
        ("name", "part"),
        ("valueType", "Integer"),
        ("category", "internal"),
        ("description", "Indicates which part of ISO 14289 standard is followed"),
    ):
        ET.SubElement(row, f"{{{_PROPERTY}}}{name}").text = text
    return outer


class Finisher:
    """Called by WeasyPrint with the finished object tree, right before it is written."""

    def __init__(self, job: RenderJob) -> None:
        self._job = job

    def __call__(self, document: Any, pdf: Any) -> None:
        _state_media_types(pdf, {item.name: item.media_type for item in self._job.attachments})
        _map_every_glyph(pdf)
        _make_footers_artifacts(pdf)
        _give_list_items_bodies(pdf)
        _add_signature_field(pdf, self._job.signature_label)
        _write_once(pdf)


def _object(pdf: Any, reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]


def _state_media_types(pdf: Any, types: dict[str, str]) -> None:
    """WeasyPrint guesses them from the machine's mime.types: then bytes would differ between machines."""
    by_name = {pydyf.String(name).data: media for name, media in types.items()}
    for item in pdf.objects:
        if isinstance(item, dict) and item.get("Type") == "/Filespec":
            stream = _object(pdf, item["EF"]["F"])
            stream.extra["Subtype"] = "/" + _name(by_name[item["UF"].data])


def _name(text: str) -> str:
    """Escape a PDF name (ISO 32000-1, 7.3.5)."""
    return re.sub(r"[^A-Za-z0-9.+-]", lambda m: f"#{ord(m[0]):02x}", text)


def _map_every_glyph(pdf: Any) -> None:
    """Give a zero width joiner to glyphs with no character of their own, as the half of an Arabic ligature.

    ISO 14289-1, 7.21.7 wants every glyph shown mapped to Unicode; the joiner changes neither word nor search.
    """
    for item in pdf.objects:
        if isinstance(item, pydyf.Stream) and any("beginbfchar" in str(part) for part in item.stream[:40]):
            item.stream = [_EMPTY_MAPPING.sub(rb"\1 <200d>", pydyf._to_bytes(part)) for part in item.stream]


def _make_footers_artifacts(pdf: Any) -> None:
    """WeasyPrint marks running footers as content and leaves them out of the tree; ISO 14289-1, 7.8 wants artifacts."""
    root = _object(pdf, pdf.catalog["StructTreeRoot"])
    parents = _object(pdf, root["ParentTree"])["Nums"]
    owners = dict(zip(parents[0::2], parents[1::2], strict=True))
    in_tree = _descendants(pdf, root["K"][0])
    for reference in pdf.page_references:
        page = _object(pdf, reference)
        marks = owners[page["StructParents"]]
        content = _object(pdf, page["Contents"]).stream
        for at, mark in enumerate(content):
            if not isinstance(mark, pydyf.Dictionary) or "MCID" not in mark:
                continue
            element = marks[mark["MCID"]]
            if element not in in_tree:
                content[at - 1] = "/Artifact"
                content[at] = pydyf.Dictionary({"Type": "/Pagination", "Subtype": "/Footer"})
                marks[mark["MCID"]] = "null"
                _object(pdf, element).clear()


def _descendants(pdf: Any, reference: bytes) -> set[bytes]:
    """References of all structure elements below one, itself included."""
    found, open_ = set(), [reference]
    while open_:
        one = open_.pop()
        found.add(one)
        element = _object(pdf, one)
        if element.get("Type") == "/StructElem":
            open_ += [kid for kid in element.get("K", ()) if isinstance(kid, bytes)]
    return found


def _give_list_items_bodies(pdf: Any) -> None:
    """WeasyPrint tags a list item's paragraphs beside its label; ISO 32000-1, 14.8.4.3.3 wants them in an LBody."""
    list_items = [
        item for item in pdf.objects if isinstance(item, pydyf.Dictionary) and item.get("S") == "/LI"
    ]
    for item in list_items:
        kids = [(kid, _object(pdf, kid)) for kid in item["K"]]
        if any(kid["S"] == "/LBody" for _, kid in kids):
            continue
        inside = [(ref, kid) for ref, kid in kids if kid["S"] not in ("/Lbl", "/L")]
        body = pydyf.Dictionary({"Type": "/StructElem", "S": "/LBody", "P": item.reference, "Pg": item["Pg"]})
        pdf.add_object(body)
        body["K"] = pydyf.Array([ref for ref, _ in inside])
        for _, kid in inside:
            kid["P"] = body.reference
        item["K"] = pydyf.Array([ref for ref, kid in kids if kid["S"] in ("/Lbl", "/L")] + [body.reference])


def _add_signature_field(pdf: Any, label: str) -> None:
    """An empty, invisible signature field on page 1, tagged as a Form, for pyHanko to fill.

    Made here and not by the signer, because PDF/UA-1 7.18.1 wants the widget in the structure tree and the tree
    is at hand only now. A zero rectangle needs no appearance (ISO 19005-3, 6.3.3); flag 132 is Print + Locked.
    """
    page = _object(pdf, pdf.page_references[0])
    root = _object(pdf, pdf.catalog["StructTreeRoot"])
    document = _object(pdf, root["K"][0])
    parents = _object(pdf, root["ParentTree"])
    key = max(parents["Nums"][0::2]) + 1
    widget = pydyf.Dictionary(
        {
            "Type": "/Annot",
            "Subtype": "/Widget",
            "FT": "/Sig",
            "T": pydyf.String(SIGNATURE_FIELD),
            "TU": pydyf.String(label),
            "Rect": pydyf.Array((0, 0, 0, 0)),
            "F": 132,
            "P": page.reference,
            "StructParent": key,
        }
    )
    pdf.add_object(widget)
    target = pydyf.Dictionary({"Type": "/OBJR", "Obj": widget.reference, "Pg": page.reference})
    pdf.add_object(target)
    form = pydyf.Dictionary(
        {
            "Type": "/StructElem",
            "S": "/Form",
            "P": document.reference,
            "Pg": page.reference,
            "Alt": pydyf.String(label),
            "K": pydyf.Array([target.reference]),
        }
    )
    pdf.add_object(form)
    document["K"].append(form.reference)
    parents["Nums"].extend([key, form.reference])
    page.setdefault("Annots", pydyf.Array()).append(widget.reference)
    # SigFlags 3: signatures exist, append only (ISO 32000-1, table 219).
    pdf.catalog["AcroForm"] = pydyf.Dictionary({"Fields": pydyf.Array([widget.reference]), "SigFlags": 3})


class _Zlib:
    """What pydyf wants of zlib, at our level."""

    compress = staticmethod(zlib.compress)

    @staticmethod
    def compressobj(level: int) -> Any:
        return zlib.compressobj(_COMPRESSION)


@contextmanager
def light_compression() -> Iterator[None]:
    """pydyf compresses at level 9, which costs three times what level 6 does, for one per cent of a letter."""
    pydyf.zlib = _Zlib
    try:
        yield
    finally:
        pydyf.zlib = zlib


def _write_once(pdf: Any) -> None:
    """Put each object's bytes in its place: pydyf composes all twice, for the file and for its identifier.

    The metadata stay readable for tools that look for the XMP packet in the bytes.
    """
    for item in pdf.objects:
        if isinstance(item, pydyf.Stream) and item.extra.get("Type") == "/Metadata":
            item.compress = False
    pdf.objects = [_Written(item) if item.free == "n" else item for item in pdf.objects]


class _Written(pydyf.Object):  # type: ignore[misc]
    """A finished object: its bytes, its number, and whether it may go into an object stream."""

    data = b""
    compressible = False

    def __init__(self, item: Any) -> None:
        super().__init__()
        self.number, self.generation = item.number, item.generation
        self.compressible = item.compressible
        self.data = item.data
