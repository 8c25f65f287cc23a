"""Commands that keep running: the web server, and the worker by itself."""

import socket
import threading

import click

from ledger.cli.house import House
from ledger.desk.house.people import needs_first_run
from ledger.settings import BadSetting


@click.command()
@click.option("--host", help="Address to listen on (LEDGER_HOST, default 127.0.0.1).")
@click.option("--port", type=int, help="Port to listen on (LEDGER_PORT, default 8000).")
@click.option("--workers", type=int, default=1, show_default=True, help="Web processes.")
@click.option("--no-worker", is_flag=True, help="Leave the jobs to a separate `ledger work`.")
@click.pass_obj
def serve(house: House, host: str | None, port: int | None, workers: int, no_worker: bool) -> None:
    """Serve the ledger. A new data folder starts with a first-run page."""
    from ledger.app import serve as run
    from ledger.worker import start_background

    house.give(host=host, port=port)
    must_be_free(house.settings.host, house.settings.port)
    house.begin()
    is_new = needs_first_run(house.desk)
    house.desk.database.close()  # migrated; every process opens the house for itself
    background = None if no_worker else start_background(house.settings)
    click.echo(f"Serving on {house.settings.base_url} (data in {house.settings.data}); Ctrl-C ends it.")
    if is_new:
        click.echo(f"Nobody can sign in yet: open {house.settings.base_url}/set-up to set the house up.")
        if not house.settings.is_local:
            click.echo(f"The set-up page asks for this code: {house.settings.set_up_code()}")
    try:
        run(house.settings, workers)
    finally:
        if background is not None:
            background.stop()


def must_be_free(host: str, port: int) -> None:
    """Refuse a port somebody listens on: two servers would share it, and readers would meet either by chance."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            reason = (error.strerror or "it cannot be used").lower()
            raise BadSetting(
                f"Port {port} on {host}: {reason}. Stop what runs there, or give another (--port; PORT= with make)."
            ) from error


@click.command()
@click.pass_obj
def work(house: House) -> None:
    """Do the ledger's jobs (mail, letters, reminders) until told to stop."""
    from ledger.worker import run_worker

    house.desk.database.close()
    stop = threading.Event()
    try:
        run_worker(house.settings, stop)
    except KeyboardInterrupt:
        stop.set()
