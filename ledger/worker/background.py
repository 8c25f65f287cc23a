"""A worker beside the web server, so that the default set-up works at once."""

import logging
import os
import signal
import subprocess
import sys
import threading

from ledger.settings import Settings, load_settings
from ledger.worker.running import run_worker

log = logging.getLogger("ledger.worker")


class Background:
    """A worker in a process of its own, started anew when it dies. ``stop`` ends it."""

    def __init__(self, settings: Settings) -> None:
        self._environment = {**os.environ, **_environment(settings)}
        self._stopping = threading.Event()
        self._child: subprocess.Popen[bytes] | None = None
        self._keeper = threading.Thread(target=self._keep, name="ledger-worker-keeper", daemon=True)
        self._keeper.start()

    def stop(self, wait_seconds: float = 10.0) -> None:
        """Let the worker finish what it is doing for so long, then end it."""
        self._stopping.set()
        child = self._child
        if child is not None and child.stdin is not None:
            child.stdin.close()
            try:
                child.wait(wait_seconds)
            except subprocess.TimeoutExpired:
                child.kill()
        self._keeper.join(wait_seconds)

    @property
    def pid(self) -> int | None:
        """The process id of the worker that runs now."""
        return self._child.pid if self._child is not None else None

    def _keep(self) -> None:
        pause = 1.0
        while not self._stopping.is_set():
            # The worker reads its standard input and leaves when that ends: with us, however we end.
            self._child = subprocess.Popen(
                [sys.executable, "-c", "from ledger.worker import main; main()"],
                stdin=subprocess.PIPE,
                env=self._environment,
            )
            if self._stopping.is_set() and self._child.stdin is not None:  # told to stop while starting
                self._child.stdin.close()
            code = self._child.wait()
            if self._stopping.is_set():
                return
            log.warning("The worker ended with code %s; starting another in %.0f s.", code, pause)
            self._stopping.wait(pause)
            pause = min(pause * 2, 60.0)


def start_background(settings: Settings) -> Background:
    """Start a worker beside this process; it ends with this process, even when this one is killed."""
    return Background(settings)


def _environment(settings: Settings) -> dict[str, str]:
    """The settings as ``load_settings`` reads them."""
    stamps = settings.time_stamping
    values = {
        "DATA": str(settings.data),
        "DATABASE": settings.database_url,
        "BASE_URL": settings.base_url,
        "HOST": settings.host,
        "PORT": str(settings.port),
        "SITE_NAME": settings.site_name,
        "MAIL_FROM": settings.mail_from,
        "SMTP_URL": settings.smtp_url,
        "SECRET": settings.secret_hex,
        "BEHIND_PROXY": "1" if settings.behind_proxy else "",
        "LETTER_KEY": str(settings.letter_token or settings.letter_key or ""),
        "LETTER_CERTIFICATE": str(settings.letter_certificate or ""),
        "TIMESTAMP_URL": stamps.url if stamps else "",
        "TIMESTAMP_ROOTS": str(stamps.roots) if stamps else "",
        "TIMESTAMP_NETWORK": stamps.network if stamps else "",
        "TIMESTAMP_OPTIONAL": "1" if stamps and stamps.optional else "",
    }
    return {f"LEDGER_{name}": value or "" for name, value in values.items()}


def main() -> None:
    """The worker process of ``Background``: runs until it is told to stop or its parent is gone."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())

    def watch() -> None:
        sys.stdin.buffer.read()
        stop.set()

    threading.Thread(target=watch, name="parent", daemon=True).start()
    run_worker(load_settings(), stop)
    sys.stdout.flush()
    # Threads of jobs that are still running must not keep the process: the next worker carries them on.
    os._exit(0)
