"""Write versions/0001_register.py anew from the tables. Only until the first release, which freezes it.

    python -m migrations.write_initial

After the release a change of the tables is a new script in versions/ with its own upgrade and downgrade.
"""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine

from ledger.records.base import Document, Id, UtcDateTime, Word
from ledger.records.schema import extras_down, extras_up, metadata

TARGET = Path(__file__).parent / "versions" / "0001_register.py"

HEAD = '''"""The register, its requests and letters, its journal, its mail: the first tables.

Written by ``python -m migrations.write_initial`` until the first release; never by hand.
"""

# ruff: noqa: E501 - statements stand as the database gets them

import sqlalchemy as sa
from alembic import op

from ledger.records.base import Document, Id, UtcDateTime, Word

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

'''


def render_item(kind: str, item: Any, _context: Any) -> str | bool:
    """The house's own types by their names."""
    named = {id(Document): "Document", id(Id): "Id", id(Word): "Word"}
    if kind == "type" and id(item) in named:
        return named[id(item)]
    return "UtcDateTime()" if kind == "type" and isinstance(item, UtcDateTime) else False


def statements(name: str, sql: dict[str, list[str]]) -> str:
    """A literal table of the SQL statements of each dialect."""
    lines = [f"{name} = {{"]
    for dialect, wanted in sql.items():
        lines.append(f'    "{dialect}": (')
        lines += ['        """' + "\n".join(one.splitlines()) + '""",' for one in wanted]
        lines.append("    ),")
    return "\n".join([*lines, "}", "", ""])


def functions() -> str:
    """upgrade() and downgrade() with every table spelled out."""
    options = {"render_item": render_item, "user_module_prefix": ""}
    with create_engine("sqlite://").connect() as connection:
        context = MigrationContext.configure(connection, opts={**options, "target_metadata": metadata})
        made = produce_migrations(context, metadata)
        assert made.upgrade_ops is not None
        assert made.downgrade_ops is not None
        up = render_python_code(made.upgrade_ops, render_item=render_item, user_module_prefix="")
        down = render_python_code(made.downgrade_ops, render_item=render_item, user_module_prefix="")
    run = "    bind = op.get_bind()\n    for statement in {}[bind.dialect.name]:\n"
    run += "        bind.exec_driver_sql(statement)\n"
    return (
        f'def upgrade() -> None:\n    """Make every table."""\n    {up}\n{run.format("EXTRAS")}\n\n'
        f'def downgrade() -> None:\n    """Drop every table and all that is in them."""\n'
        f"{run.format('EXTRAS_DOWN')}    {down}\n"
    )


def main() -> None:
    """Write the script, tidied by ruff."""
    both = ("sqlite", "postgresql")
    extras = statements("EXTRAS", {name: extras_up(name) for name in both})
    extras += statements("EXTRAS_DOWN", {name: extras_down(name) for name in both})
    TARGET.write_text(f"{HEAD}\n{extras}\n{functions()}")
    ruff = shutil.which("ruff", path=str(Path(sys.executable).parent)) or "ruff"
    for step in (["format", "--quiet"], ["check", "--fix", "--quiet"]):
        subprocess.run([ruff, *step, str(TARGET)], check=True)  # noqa: S603 - our own file


if __name__ == "__main__":
    main()
