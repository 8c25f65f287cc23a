"""The command line: the same acts as the web door, for scripts and for whoever keeps the machine."""

from ledger.cli.group import main

__all__ = ["main"]
