"""The serving command refuses what would confuse its readers."""

import socket

import pytest

from ledger.cli.serving import must_be_free
from ledger.settings import BadSetting


def test_a_port_that_is_taken_is_refused_in_a_line():
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(BadSetting, match=f"Port {port}"):
            must_be_free("127.0.0.1", port)
    must_be_free("127.0.0.1", port)
