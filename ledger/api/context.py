"""What a JSON handler may ask for by the name of its parameter; ``app.py`` offers the same to every door."""

from typing import Any

from litestar import Request
from litestar.di import NamedDependency

from ledger.desk.context import Desk, Who

AnyRequest = Request[Any, Any, Any]
TheDesk = NamedDependency[Desk]
Staff = NamedDependency[Who]
TheAddress = NamedDependency[str]
"""Where the asker comes from."""
