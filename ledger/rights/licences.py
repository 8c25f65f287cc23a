"""Creative Commons: six licences, CC0 and the Public Domain Mark, versions 1.0 to 4.0 and the national ports.

Canonical addresses follow https://creativecommons.org/licenses/list.en. Version 3.0 was the last to be
ported; 4.0 never was.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class LicenceCode(StrEnum):
    BY = "by"
    BY_SA = "by-sa"
    BY_ND = "by-nd"
    BY_NC = "by-nc"
    BY_NC_SA = "by-nc-sa"
    BY_NC_ND = "by-nc-nd"
    CC0 = "cc0"
    PDM = "pdm"


VERSIONS = ("1.0", "2.0", "2.1", "2.5", "3.0", "4.0")
_PORTS = """
    ae ar at au az be bg br ca ch cl cn co cr cz de dk ec ee eg es fi fr ge gr gt hk hr hu ie igo il
    in it jp kr lu mk mt mx my nl no nz pe ph pl pr pt ro rs scotland se sg si th tw ug uk us ve vn
    za
"""
PORTS = frozenset(_PORTS.split())
"""Jurisdiction codes as they stand in the addresses; "uk" and "igo" are Creative Commons' own."""

_NAMES = {
    "attribution": "by",
    "sharealike": "sa",
    "noderivatives": "nd",
    "noderivs": "nd",
    "noncommercial": "nc",
}
_PORT_NAMES = {
    "australia": "au",
    "austria": "at",
    "brazil": "br",
    "canada": "ca",
    "france": "fr",
    "germany": "de",
    "igo": "igo",
    "india": "in",
    "international": "",
    "generic": "",
    "unported": "",
    "ireland": "ie",
    "italy": "it",
    "japan": "jp",
    "netherlands": "nl",
    "new zealand": "nz",
    "poland": "pl",
    "polska": "pl",
    "portugal": "pt",
    "scotland": "scotland",
    "south africa": "za",
    "spain": "es",
    "sweden": "se",
    "switzerland": "ch",
    "united states": "us",
    "deutschland": "de",
    "usa": "us",
    "us": "us",
    "uk": "uk",
    "united kingdom": "uk",
    "england and wales": "uk",
    "españa": "es",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """``version`` None is a licence named without one ("CC BY-SA"); its address is then unknown."""

    code: LicenceCode
    version: str | None = None
    port: str | None = None

    @property
    def id(self) -> str:
        """Short name, close to SPDX: "CC-BY-NC-ND-3.0-US", "CC0-1.0", "PDM-1.0", "CC-BY-SA"."""
        if self.code in (LicenceCode.CC0, LicenceCode.PDM):
            return f"{self.code.upper()}-{self.version or '1.0'}"
        parts = ["CC", self.code.upper(), self.version, self.port.upper() if self.port else None]
        return "-".join(part for part in parts if part)

    @property
    def name(self) -> str:
        """As people write it: "CC BY-NC-ND 3.0 US"."""
        if self.code is LicenceCode.CC0:
            return f"CC0 {self.version or '1.0'}"
        if self.code is LicenceCode.PDM:
            return f"Public Domain Mark {self.version or '1.0'}"
        parts = ["CC", self.code.upper(), self.version, self.port.upper() if self.port else None]
        return " ".join(part for part in parts if part)

    @property
    def url(self) -> str | None:
        """The canonical https address, with its closing slash; None while the version is unknown."""
        root = "https://creativecommons.org"
        if self.code is LicenceCode.CC0:
            return f"{root}/publicdomain/zero/{self.version or '1.0'}/"
        if self.code is LicenceCode.PDM:
            return f"{root}/publicdomain/mark/{self.version or '1.0'}/"
        if self.version is None:
            return None
        return f"{root}/licenses/{self.code}/{self.version}/" + (f"{self.port}/" if self.port else "")

    @property
    def elements(self) -> frozenset[str]:
        """by, sa, nd, nc: what the licence asks. Empty for CC0 and the Public Domain Mark."""
        if self.code in (LicenceCode.CC0, LicenceCode.PDM):
            return frozenset()
        return frozenset(self.code.split("-"))


_URL = re.compile(
    r"creativecommons\.org/(?:licen[sc]es|publicdomain)/(?P<code>[a-z-]+|zero|mark)/(?P<version>\d\.\d)"
    r"(?:/(?P<port>[a-z]{2,8})(?![a-z]))?",
    re.I,
)
_SHORT = re.compile(
    r"\bCC[\s-]*(?P<elements>BY(?:[\s-]+(?:NC|ND|SA|NoDerivs|NonCommercial))*)\b"
    r"(?:[\s,-]*v?(?P<version>\d\.\d))?(?P<rest>[^.;)\n]{0,30})",
    re.I,
)
_LONG = re.compile(
    r"(?:Creative\s+Commons|\bCC)\b[\s,:()-]*(?P<elements>(?:(?:Attribution|Non-?Commercial|No-?Deriv(?:ative)?s"
    r"|No\s+Derivatives|Share-?\s?Alike)[\s,/–-]*)+)(?P<rest>[^;)\n]{0,60})",
    re.I,
)
_ZERO = re.compile(r"\bCC[\s-]?(?:0|Zero)\b(?:[\s-]*(?P<version>1\.0))?", re.I)
_MARK = re.compile(r"\bPublic\s+Domain\s+Mark\b|\bCC[\s-]?PDM\b|\bPDM[\s-]1\.0\b", re.I)


def licence_from_text(text: str) -> Licence | None:
    """The Creative Commons licence named in ``text`` by address or by a common spelling, or None.

    An address wins over a name. ``CC-BY-SA`` gives a licence without a version; nothing is guessed.
    """
    return _from_url(text) or _from_short(text) or _from_long(text) or _from_public_domain(text)


def _from_url(text: str) -> Licence | None:
    for match in _URL.finditer(text):
        code = {"zero": "cc0", "mark": "pdm"}.get(
            match["code"].lower(), _ordered(match["code"].lower().split("-"))
        )
        port = (match["port"] or "").lower()
        if code and match["version"] in VERSIONS:
            known = LicenceCode(code)
            free = known in (LicenceCode.CC0, LicenceCode.PDM)
            return Licence(
                code=known, version=match["version"], port=port if port in PORTS and not free else None
            )
    return None


def _from_short(text: str) -> Licence | None:
    for match in _SHORT.finditer(text):
        parts = re.split(r"[\s-]+", match["elements"].lower())
        code = _ordered([_NAMES.get(part, part) for part in parts])
        if match[0].startswith("cc by") and not match["version"] and len(parts) == 1:
            continue  # "copied to cc by mistake" is plain English
        if code:
            return Licence(
                code=LicenceCode(code), version=_version(match["version"]), port=_port(match["rest"])
            )
    return None


def _from_long(text: str) -> Licence | None:
    for match in _LONG.finditer(text):
        words = re.sub(r"[^a-z]", "", match["elements"].lower())
        parts = [short for name, short in _NAMES.items() if name in words]
        code = _ordered(parts)
        found = re.match(r"\D{0,30}?\b(\d\.\d)\b", match["rest"])
        if code:
            rest = match["rest"][found.end() :] if found else match["rest"]
            version = _version(found[1]) if found else None
            return Licence(code=LicenceCode(code), version=version, port=_port(rest))
    return None


def _from_public_domain(text: str) -> Licence | None:
    if match := _ZERO.search(text):
        return Licence(code=LicenceCode.CC0, version=match["version"] or "1.0")
    return Licence(code=LicenceCode.PDM, version="1.0") if _MARK.search(text) else None


def _ordered(parts: list[str]) -> str | None:
    """The elements in the licence's own order, or None when no such licence exists."""
    found = set(parts)
    code = "-".join(element for element in ("by", "nc", "nd", "sa") if element in found)
    return code if found <= {"by", "nc", "nd", "sa"} and code in set(LicenceCode) else None


def _version(text: str | None) -> str | None:
    return text if text in VERSIONS else None


def _port(rest: str) -> str | None:
    cleaned = rest.strip(" -,()/").lower()
    for name, code in _PORT_NAMES.items():
        if re.match(rf"{re.escape(name)}\b", cleaned):
            return code or None
    first = re.match(r"[a-z]{2,8}\b", cleaned)
    # A bare two-letter word ("in", "at", "be") may be plain English: only capitals count as a port.
    if first and first[0] in PORTS and rest.strip(" -,()/")[: len(first[0])].isupper():
        return first[0]
    return None
