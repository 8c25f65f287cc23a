"""The connection that ``ledger.fetch`` goes out over, and nobody else: to one address that was checked, in time."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable
from typing import Any

import httpcore


def time_left(deadline: float) -> float:
    """Seconds until ``deadline`` (``time.monotonic``), at least a thousandth: httpcore takes 0 for no limit."""
    return max(0.001, deadline - time.monotonic())


class CheckedBackend(httpcore.NetworkBackend):
    """Connects to the address that was checked, whatever the name now says, and holds one deadline."""

    def __init__(self, address: str, deadline: float) -> None:
        self._address, self._deadline = address, deadline
        self._real = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        stream = self._real.connect_tcp(self._address, port, timeout=time_left(self._deadline))
        return _TimedStream(stream, self._deadline)

    def sleep(self, seconds: float) -> None:
        time.sleep(min(seconds, time_left(self._deadline)))


class _TimedStream(httpcore.NetworkStream):
    """A stream whose every step must end by the deadline: a drip of bytes cannot stretch it."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream, self._deadline = stream, deadline

    def _timeout(self) -> float:
        if time.monotonic() > self._deadline:
            raise httpcore.ReadTimeout("deadline")
        return time_left(self._deadline)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, timeout=self._timeout())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, timeout=self._timeout())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, timeout=self._timeout())
        return _TimedStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
