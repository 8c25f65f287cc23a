"""The house itself, as ``ledger serve --no-worker`` runs it: ``python -m tests.bench.house_server FOLDER PORT``."""

import sys

from ledger.app import serve
from ledger.settings import load_settings


def main() -> None:
    """Serve until told to stop."""
    folder, port = sys.argv[1:]
    serve(load_settings({}, data=folder, port=port))


if __name__ == "__main__":
    main()
