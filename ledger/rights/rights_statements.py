"""The twelve statements of RightsStatements.org: the status of a work. They grant nothing.

Names and addresses follow https://rightsstatements.org/page/1.0/.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RightsStatement:
    id: str
    name: str
    in_copyright: bool | None  # None: not known or not evaluated

    @property
    def url(self) -> str:
        return f"http://rightsstatements.org/vocab/{self.id}/1.0/"


def _all(*rows: tuple[str, str, bool | None]) -> dict[str, RightsStatement]:
    return {row[0]: RightsStatement(id=row[0], name=row[1], in_copyright=row[2]) for row in rows}


STATEMENTS = _all(
    ("InC", "In Copyright", True),
    ("InC-OW-EU", "In Copyright - EU Orphan Work", True),
    ("InC-EDU", "In Copyright - Educational Use Permitted", True),
    ("InC-NC", "In Copyright - Non-Commercial Use Permitted", True),
    ("InC-RUU", "In Copyright - Rights-holder(s) Unlocatable or Unidentifiable", True),
    ("NoC-CR", "No Copyright - Contractual Restrictions", False),
    ("NoC-NC", "No Copyright - Non-Commercial Use Only", False),
    ("NoC-OKLR", "No Copyright - Other Known Legal Restrictions", False),
    ("NoC-US", "No Copyright - United States", False),
    ("CNE", "Copyright Not Evaluated", None),
    ("UND", "Copyright Undetermined", None),
    ("NKC", "No Known Copyright", None),
)


def statement_from_text(text: str) -> RightsStatement | None:
    """The statement named by its address, or by its id alone; None when it is none of the twelve."""
    found = re.search(r"rightsstatements\.org/(?:vocab|page)/([A-Za-z-]+)/", text)
    return STATEMENTS.get(found[1] if found else text.strip())
