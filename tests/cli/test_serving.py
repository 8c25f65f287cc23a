"""The serving command refuses what would confuse its readers."""

import socket

import pytest
from click.testing import CliRunner

from ledger.cli import main
from ledger.cli.house import House
from ledger.cli.serving import must_be_free
from ledger.settings import DEFAULT_PORT, BadSetting


def test_a_port_that_is_taken_is_refused_in_a_line():
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(BadSetting, match=f"Port {port}"):
            must_be_free("127.0.0.1", port)
    must_be_free("127.0.0.1", port)


def test_a_demonstration_whose_port_is_taken_stops_before_it_writes_anything(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = CliRunner().invoke(main, ["--data", str(tmp_path / "new"), "demo", "--port", port])
    assert done.exit_code == 2
    assert f"Port {port}" in done.output
    assert not (tmp_path / "new").exists()


def test_a_port_given_after_the_settings_were_read_counts(tmp_path):
    house = House(tmp_path)
    assert house.settings.port == DEFAULT_PORT
    house.give(port=9123)
    assert (house.settings.port, house.settings.base_url) == (9123, "http://127.0.0.1:9123")
