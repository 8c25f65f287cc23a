"""Servers in processes of their own, and a reader that asks them over HTTP as fast as they answer."""

import os
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Server:
    """A server that runs: where it listens, and the process that started it."""

    port: int
    process: subprocess.Popen[bytes]

    def cpu_seconds(self) -> float:
        """What it and its workers have computed so far; resolution 10 ms."""
        return sum(_ticks(pid) for pid in _family(self.process.pid)) / TICKS

    def resident_bytes(self) -> int:
        """The memory that it and its workers hold just now."""
        return resident_bytes(self.process.pid)


@dataclass(frozen=True)
class Run:
    """One measured run."""

    per_second: float
    cpu_microseconds: float
    p50_microseconds: float


@contextmanager
def serving(module: str, *arguments: str) -> Iterator[Server]:
    """``python -m module arguments... port`` until the end of the block; waits until it answers."""
    port = _free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments, str(port)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
    )
    try:
        _await_answer(port, process)
        yield Server(port, process)
    finally:
        process.terminate()
        process.wait(20)


def resident_bytes(pid: int) -> int:
    """The memory that a process and its children hold just now (Linux)."""
    pages = (int(Path(f"/proc/{each}/statm").read_text().split()[1]) for each in _family(pid))
    return sum(pages) * os.sysconf("SC_PAGE_SIZE")


def fetch(server: Server, target: str, cookie: str = "") -> tuple[int, bytes]:
    """Status and body of one GET."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(_request(target, cookie))
        head, body = _answer(connection)
    return int(head.split()[1]), body


def run(
    server: Server, targets: Sequence[str], seconds: float, connections: int = 8, cookie: str = ""
) -> Run:
    """Ask for the targets in turn over kept connections, one question at a time on each, for so long.

    Raises ``AssertionError`` for an answer that is not 200.
    """
    asked = [_request(target, cookie) for target in targets]
    before = server.cpu_seconds()
    times, took = _ask(server.port, asked, seconds, connections)
    cpu = server.cpu_seconds() - before
    return Run(len(times) / took, cpu / len(times) * 1e6, sorted(times)[len(times) // 2] / 1e3)


def ask_all(server: Server, targets: Sequence[str]) -> None:
    """Ask each once, over one kept connection. Raises ``AssertionError`` for an answer that is not 200."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for target in targets:
            connection.sendall(_request(target))
            _answer(connection)


def _ask(port: int, asked: Sequence[bytes], seconds: float, connections: int) -> tuple[list[int], float]:
    sockets = [socket.create_connection(("127.0.0.1", port), timeout=20) for _ in range(connections)]
    ready = selectors.DefaultSelector()
    since: dict[socket.socket, int] = {}
    times: list[int] = []
    clock = time.perf_counter_ns
    number, start = 0, clock()
    end = start + int(seconds * 1e9)
    try:
        for each in sockets:
            each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            ready.register(each, selectors.EVENT_READ)
            since[each] = clock()
            each.sendall(asked[number % len(asked)])
            number += 1
        while (now := clock()) < end:
            for key, _ in ready.select(1):
                each = key.fileobj
                assert isinstance(each, socket.socket)
                _answer(each)
                now = clock()
                times.append(now - since[each])
                since[each] = now
                each.sendall(asked[number % len(asked)])
                number += 1
    finally:
        for each in sockets:
            each.close()
        ready.close()
    assert times, "nothing was answered"
    return times, (clock() - start) / 1e9


def _request(target: str, cookie: str = "") -> bytes:
    proof = f"Cookie: {cookie}\r\n" if cookie else ""
    return f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n{proof}\r\n".encode()


def _answer(connection: socket.socket) -> tuple[bytes, bytes]:
    """Head and body of one answer that says its length."""
    data = connection.recv(65536)
    while (end := data.find(b"\r\n\r\n")) < 0:
        data += connection.recv(65536)
    head = data[:end]
    assert head.startswith(b"HTTP/1.1 200"), data[:2000].decode(errors="replace")
    at = head.lower().index(b"content-length:") + 15
    length = int(head[at:].split(b"\r\n", 1)[0])
    body = data[end + 4 :]
    while len(body) < length:
        body += connection.recv(65536)
    return head, body


def _await_answer(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
                connection.sendall(_request("/"))
                if connection.recv(16):
                    return
        except OSError:
            pass
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("the server did not start")
        time.sleep(0.1)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(each for child in children for each in _family(int(child)))]


def _ticks(pid: int) -> int:
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(after_name[11]) + int(after_name[12])
