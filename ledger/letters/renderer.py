"""The worker process: ``python -m ledger.letters.renderer``. Jobs come in on stdin, PDFs go out on stdout.

It has no business with the network or with writing files, so both are shut before the first job: an audit hook
refuses sockets, programs and files opened for writing, and RLIMIT_FSIZE 0 refuses the writing itself.

Wire format. In: 4-byte big-endian length, then a pickled RenderJob (the parent is trusted). Out: one status byte
(b"K" and the PDF, or b"E" and a message), a 4-byte length, the bytes; never a pickle, since a document may have
broken the worker.
"""

from __future__ import annotations

import os
import pickle
import resource
import struct
import sys
from typing import BinaryIO

CPU_SECONDS = 10  # per job
MEMORY_BYTES = 1_500_000_000
_FORBIDDEN = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork", "ctypes.dlopen")


def limit_process() -> None:
    """Memory, file size and core dumps; the CPU limit is moved on before each job."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def allow_cpu(seconds: int) -> None:
    """Let the process run ``seconds`` more of CPU time; past that the kernel kills it (SIGXCPU)."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(usage.ru_utime + usage.ru_stime) + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


def refuse_side_effects(event: str, args: tuple[object, ...]) -> None:
    """Audit hook (PEP 578)."""
    if event.startswith(_FORBIDDEN):
        raise PermissionError(f"a letter renderer may not use {event}")
    if event == "open":
        mode, flags = args[1], args[2]
        writing = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC)
        if writing or (isinstance(mode, str) and set(mode) & set("wax+")):
            raise PermissionError("a letter renderer may not write files")


def serve(jobs: BinaryIO, answers: BinaryIO) -> None:
    """Answer jobs until the parent closes the pipe."""
    from ledger.letters.engine import Engine, LettersUnavailable

    try:
        engine = Engine()
    except LettersUnavailable as error:
        _answer(answers, b"E", str(error).encode())
        return
    _warm(engine)
    limit_process()
    sys.addaudithook(refuse_side_effects)
    _answer(answers, b"K", b"ready")
    while len(head := jobs.read(4)) == 4:
        job = pickle.loads(jobs.read(struct.unpack(">I", head)[0]))  # noqa: S301
        allow_cpu(CPU_SECONDS)
        try:
            _answer(answers, b"K", engine.render(job))
        except MemoryError:
            os._exit(3)  # the heap is not to be trusted after that
        except BaseException as error:  # FatalURLFetchingError is a BaseException
            _answer(answers, b"E", f"{type(error).__name__}: {error}".encode()[:2_000])
            if not isinstance(error, Exception):
                continue


def _warm(engine: object) -> None:
    """Import and parse everything once, while files may still be read freely."""
    from datetime import UTC, datetime

    from ledger.letters.engine import Engine
    from ledger.letters.render_job import RenderJob

    assert isinstance(engine, Engine)
    picture = "<svg viewBox='0 0 1 1'><title>Warm</title><path d='M0 0h1v1z'/></svg>"
    page = f"<!DOCTYPE html><html lang=en><title>Warm</title><p>Warm {picture}</html>"
    engine.render(RenderJob(page, "en", "", "", "", datetime(2000, 1, 1, tzinfo=UTC), "Signature"))


def _answer(stream: BinaryIO, status: bytes, body: bytes) -> None:
    stream.write(status + struct.pack(">I", len(body)) + body)
    stream.flush()


def main() -> None:
    """Keep the real stdout for answers; whatever a library prints goes to stderr."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
