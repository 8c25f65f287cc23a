"""Worker processes that render letters: kept warm, limited, and replaced when they misbehave."""

from __future__ import annotations

import os
import pickle
import queue
import select
import struct
import subprocess
import sys
import threading
import time
import weakref
from pathlib import Path
from typing import Self

from ledger.letters.engine import LettersUnavailable, check_harfbuzz_subset
from ledger.letters.render_job import RenderJob

START_SECONDS = 60.0
WALL_SECONDS = 10.0
JOBS_PER_WORKER = 2_000  # then a fresh process, whatever a library may have leaked by then
MAX_PDF = 64_000_000


class RenderFailed(RuntimeError):
    """No PDF. ``reason`` is timeout, crash, refused or busy; the message is one line for the log and the clerk."""

    def __init__(self, reason: str, message: str) -> None:
        self.reason = reason
        super().__init__(message)


class _Worker:
    def __init__(self) -> None:
        root = str(Path(__file__).parents[2])
        # A bare environment: no proxies, no locale, no fontconfig settings of the host.
        path = os.pathsep.join([root, os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
        kept = {
            key: os.environ[key] for key in ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT") if key in os.environ
        }
        self.jobs = 0
        self.process = subprocess.Popen(
            [sys.executable, "-m", "ledger.letters.renderer"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=root,
            env={**kept, "PYTHONPATH": path, "LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"},
            bufsize=0,
        )
        try:
            self._receive(time.monotonic() + START_SECONDS)
        except RenderFailed as error:
            self.kill()
            if error.reason == "refused":
                raise LettersUnavailable(str(error)) from error
            raise

    def render(self, job: RenderJob, seconds: float) -> bytes:
        deadline = time.monotonic() + seconds
        body = pickle.dumps(job, protocol=pickle.HIGHEST_PROTOCOL)
        assert self.process.stdin is not None
        self.jobs += 1
        try:
            self._send(struct.pack(">I", len(body)) + body, deadline)
        except (BrokenPipeError, ConnectionError) as error:
            raise RenderFailed("crash", "The letter renderer stopped; the letter was not made.") from error
        return self._receive(deadline)

    def _send(self, data: bytes, deadline: float) -> None:
        """Write without trusting the worker to read: a full pipe waits for the deadline, not for ever."""
        assert self.process.stdin is not None
        handle, view = self.process.stdin.fileno(), memoryview(data)
        os.set_blocking(handle, False)
        while view:
            ready = select.select([], [handle], [], max(0.0, deadline - time.monotonic()))[1]
            if not ready:
                raise RenderFailed("timeout", "The letter took too long to lay out; shorten its texts.")
            view = view[os.write(handle, view) :]

    def _receive(self, deadline: float) -> bytes:
        head = self._read(5, deadline)
        status, length = head[:1], struct.unpack(">I", head[1:])[0]
        if length > MAX_PDF:
            raise RenderFailed("refused", f"The letter would have {length:,} bytes.")
        body = self._read(length, deadline)
        if status != b"K":
            raise RenderFailed("refused", body.decode("utf-8", "replace"))
        return body

    def _read(self, count: int, deadline: float) -> bytes:
        assert self.process.stdout is not None
        handle, parts = self.process.stdout.fileno(), bytearray()
        while len(parts) < count:
            if not select.select([handle], [], [], max(0.0, deadline - time.monotonic()))[0]:
                raise RenderFailed("timeout", "The letter took too long to lay out; shorten its texts.")
            piece = os.read(handle, min(count - len(parts), 1 << 20))
            if not piece:
                raise RenderFailed("crash", "The letter needs too much memory or time; shorten its texts.")
            parts += piece
        return bytes(parts)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()


class RenderPool:
    """Up to ``size`` renderers, started when first needed. Safe to use from many threads; use as a context
    manager, or call ``close``.

    Raises LettersUnavailable at once when the machine lacks libharfbuzz-subset.
    """

    def __init__(self, size: int = 2, *, wall_seconds: float = WALL_SECONDS) -> None:
        check_harfbuzz_subset()
        self._wall = wall_seconds
        self._idle: queue.LifoQueue[_Worker | None] = queue.LifoQueue()
        self._live: set[_Worker] = set()
        self._lock = threading.Lock()
        for _ in range(size):
            self._idle.put(None)  # a place without a process yet
        self._finalizer = weakref.finalize(self, _kill_all, self._live)

    def render(self, job: RenderJob, *, wait_seconds: float = 60.0) -> bytes:
        """The PDF of one job, within the wall-clock limit once a renderer is free.

        Raises RenderFailed.
        """
        try:
            worker = self._idle.get(timeout=wait_seconds)
        except queue.Empty:
            raise RenderFailed("busy", "All letter renderers are busy; try again in a minute.") from None
        keep: _Worker | None = None
        try:
            worker = worker or self._start()
            pdf = worker.render(job, self._wall)
            keep = worker
            return pdf
        except RenderFailed as error:
            keep = worker if error.reason == "refused" else None
            raise
        finally:
            if worker is not None and (keep is None or worker.jobs >= JOBS_PER_WORKER):
                self._stop(worker)
                keep = None
            self._idle.put(keep)

    def _start(self) -> _Worker:
        worker = _Worker()
        with self._lock:
            self._live.add(worker)
        return worker

    def _stop(self, worker: _Worker) -> None:
        with self._lock:
            self._live.discard(worker)
        worker.kill()

    def close(self) -> None:
        """Stop all renderers, also those at work."""
        self._finalizer()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _kill_all(workers: set[_Worker]) -> None:
    for worker in list(workers):
        worker.kill()
    workers.clear()
