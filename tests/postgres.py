"""One throw-away PostgreSQL server for a test session, from Debian's own binaries.

Any room may use it. In a test file::

    from tests.postgres import postgres_server  # noqa: F401  (a session fixture)

    @pytest.mark.postgres
    def test_something(postgres_server):
        engine = sqlalchemy.create_engine(postgres_server.fresh_database())

``fresh_database()`` makes an empty database and returns its SQLAlchemy URL. The server starts on first use,
listens on a Unix socket and on a random loopback port, keeps its files in a temporary folder, and is stopped
when the process ends. Without the binaries the tests are skipped, with the reason. However many test files
import the fixture, there is one server a process.
"""

import atexit
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

SUPERUSER = "ledger_test"


class PostgresUnavailable(Exception):
    """No server can be started here; the text says why and what to install."""


class PostgresServer:
    """A running server; ``durable=True`` keeps fsync on, for tests of what a crash leaves behind."""

    def __init__(self, durable: bool = False) -> None:
        self._bin = _newest_binaries()
        self._owner = _owner()
        self.folder = Path(tempfile.mkdtemp(prefix="ledger-pg-"))
        self.data = self.folder / "data"
        self.port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None
        if self._owner is not None:
            os.chown(self.folder, self._owner.pw_uid, self._owner.pw_gid)
        try:
            self._initdb(durable)
            self.start()
        except BaseException:
            self.close()
            raise

    def url(self, database: str, user: str = SUPERUSER) -> str:
        """The SQLAlchemy URL of a database on this server, over loopback."""
        return f"postgresql+psycopg://{user}@127.0.0.1:{self.port}/{database}"

    def fresh_database(self) -> str:
        """Create an empty database with a name nobody else has; return its SQLAlchemy URL."""
        name = "t_" + uuid.uuid4().hex[:16]
        with self.admin() as connection:
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        return self.url(name)

    def drop(self, url: str) -> None:
        """Drop a database made by fresh_database, closing whoever is still connected to it."""
        name = url.rsplit("/", 1)[1]
        with self.admin() as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )

    def admin(self, database: str = "postgres") -> psycopg.Connection:
        """An autocommit connection as the superuser."""
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user=SUPERUSER,
            dbname=database,
            autocommit=True,
            connect_timeout=10,
        )

    def start(self) -> None:
        """Start the server and wait until it answers; up to 60 s."""
        arguments = [str(self._bin / "postgres"), "-D", str(self.data), "-p", str(self.port)]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                arguments,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                **self._as_owner(),
            )
        deadline = time.monotonic() + 60
        while True:
            if self._process.poll() is not None:
                raise PostgresUnavailable("the server ended at once: " + self._log_tail())
            try:
                self.admin().close()
                return
            except psycopg.OperationalError as error:
                if time.monotonic() > deadline:
                    raise PostgresUnavailable(f"no answer within 60 s: {error}") from error
                time.sleep(0.05)

    def stop(self, immediate: bool = False) -> None:
        """Stop the server: a fast shutdown, or as a crash would (immediate)."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(signal.SIGQUIT if immediate else signal.SIGINT)
        try:
            self._process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(timeout=10)

    def close(self) -> None:
        """Stop the server and remove its folder."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _initdb(self, durable: bool) -> None:
        arguments = [str(self._bin / "initdb"), "-D", str(self.data), "-U", SUPERUSER, "-A", "trust"]
        arguments += ["-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        made = subprocess.run(
            arguments, capture_output=True, text=True, check=False, timeout=120, **self._as_owner()
        )
        if made.returncode != 0:
            raise PostgresUnavailable("initdb failed: " + made.stderr.strip()[-500:])
        settings = {
            "listen_addresses": "'127.0.0.1'",
            "unix_socket_directories": f"'{self.folder}'",
            "max_connections": "200",
            "shared_buffers": "'64MB'",
            "fsync": "on" if durable else "off",
            "full_page_writes": "on" if durable else "off",
            "synchronous_commit": "on",
            "timezone": "'UTC'",
        }
        with (self.data / "postgresql.conf").open("a") as conf:
            conf.writelines(f"{name} = {value}\n" for name, value in settings.items())

    def _as_owner(self) -> dict[str, object]:
        """PostgreSQL refuses to run as root: as root, run it as another user of the machine."""
        options: dict[str, object] = {
            "cwd": str(self.folder),
            "env": {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
        }
        if self._owner is not None:
            options |= {"user": self._owner.pw_uid, "group": self._owner.pw_gid, "extra_groups": []}
        return options

    def _log_tail(self) -> str:
        return (self.folder / "log").read_text(errors="replace").strip()[-800:]


def _newest_binaries() -> Path:
    """Where initdb and postgres are: LEDGER_TEST_PG_BIN, Debian's newest, or what is on the PATH."""
    given = os.environ.get("LEDGER_TEST_PG_BIN")
    if given:
        candidates = [Path(given)]
    else:
        numbered = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if path.parent.name.isdigit()]
        candidates = sorted(numbered, key=lambda path: int(path.parent.name), reverse=True)
        on_path = shutil.which("initdb")
        if on_path:
            candidates.append(Path(on_path).resolve().parent)
    for folder in candidates:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise PostgresUnavailable("no PostgreSQL server binaries: apt-get install postgresql (make test does it)")


def _owner() -> pwd.struct_passwd | None:
    """Whom to run the server as: None means ourselves; as root, `postgres` or else `nobody`."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise PostgresUnavailable(
        "running as root, and there is no user `postgres` or `nobody` to run the server as"
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@cache
def server() -> PostgresServer:
    """The server of this process, started on first use.

    Raises PostgresUnavailable where none can be started. Stopped when the process ends.
    """
    started = PostgresServer()
    atexit.register(started.close)
    return started


@pytest.fixture(scope="session")
def postgres_server() -> PostgresServer:
    """The session's server; the test is skipped, with the reason, where there are no binaries."""
    try:
        return server()
    except PostgresUnavailable as reason:
        pytest.skip(str(reason))


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The SQLAlchemy URL of a fresh, empty database; dropped after the test."""
    url = postgres_server.fresh_database()
    yield url
    postgres_server.drop(url)
