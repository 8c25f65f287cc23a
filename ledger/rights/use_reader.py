"""Read the JSON use."""

from __future__ import annotations

from collections.abc import Mapping

from ledger.rights.uses import ProposedUse


def read_use(data: Mapping[str, object]) -> ProposedUse:
    """Raises BadUse with every error at once."""
    raise NotImplementedError
