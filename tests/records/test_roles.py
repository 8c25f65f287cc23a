"""PostgreSQL: the role that the ledger runs as does all of its work, and nothing to the journal but append."""

import psycopg
import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine
from sqlalchemy.exc import DBAPIError

from ledger.cli.group import main
from ledger.desk.house.erasing import erase_person
from ledger.desk.letters import issuing
from ledger.desk.letters.verifying import verify_ledger
from ledger.desk.register.registering import register_piece
from ledger.desk.requests import deciding
from ledger.desk.requests.requesting import submit_request
from ledger.records.failures import RecordsUnavailable
from ledger.records.migrating import migrate
from ledger.records.roles import grant_to
from ledger.settings import load_settings
from ledger.worker import drain
from tests.cast import cheap_hashing, enter, populate  # noqa: F401
from tests.desk.conftest import PAGES
from tests.desk.test_main_job import form, items_of
from tests.postgres import postgres_server  # noqa: F401

pytestmark = pytest.mark.postgres


def plain(url):
    """As the driver reads it."""
    return url.replace("+psycopg", "")


@pytest.fixture(scope="module")
def app(postgres_server, tmp_path_factory, cheap_hashing):
    """(settings of the owner, url of the application's role); the cast is in the house."""
    owner = postgres_server.fresh_database()
    settings = load_settings({}, data=tmp_path_factory.mktemp("roles") / "house", database=owner)
    populate(settings)
    with psycopg.connect(plain(owner), autocommit=True) as raw:
        raw.execute("CREATE ROLE ledger_app LOGIN")
    done = CliRunner().invoke(
        main, ["--data", str(settings.data), "--database", owner, "migrate", "--role", "ledger_app"]
    )
    assert done.exit_code == 0, done.output
    yield owner, owner.replace("ledger_test@", "ledger_app@"), settings.data
    with psycopg.connect(plain(owner), autocommit=True) as raw:
        raw.execute("DROP OWNED BY ledger_app")
        raw.execute("DROP ROLE ledger_app")


def test_a_request_from_its_page_to_its_letter_and_its_erasure(app):
    _owner, url, data = app
    settings = load_settings({}, data=data, database=url)
    cast = enter(settings)
    piece = register_piece(cast.desk, cast.edith, (PAGES / "the-signal-house.html").read_bytes())
    sent = submit_request(cast.desk, form(cast, piece.id), verified=True)
    first, *others = items_of(cast, sent.request_id)
    deciding.decide(cast.desk, cast.bob, sent.request_id, first, "granted")
    for item in others:
        deciding.decide(cast.desk, cast.bob, sent.request_id, item, "declined", {"reason": "Not ours."})
    assert issuing.issue(cast.desk, cast.bob, sent.request_id).state == "issued"
    drain(settings, now=cast.clock())
    erase_person(cast.desk, cast.bob, sent.request_id, "their wish")
    assert all(report.first is None for report in verify_ledger(cast.desk))
    cast.desk.database.close()


REFUSED = [
    "UPDATE journal_entry SET kind = 'x'",
    "DELETE FROM journal_entry",
    "TRUNCATE journal_entry",
    "TRUNCATE personal_datum",
    "UPDATE personal_datum SET value = 'x'",
    "UPDATE journal_tile SET level = 1",
    "DELETE FROM journal_tile",
    "INSERT INTO journal_entry SELECT * FROM journal_entry ON CONFLICT (publisher_id, seq) DO UPDATE SET kind = 'x'",
    "ALTER TABLE journal_entry DISABLE TRIGGER ALL",
    "DROP TRIGGER journal_entry_no_change ON journal_entry",
    "CREATE TRIGGER quiet BEFORE INSERT ON journal_entry FOR EACH ROW EXECUTE FUNCTION journal_refuse()",
    "CREATE RULE quiet AS ON INSERT TO journal_entry DO INSTEAD NOTHING",
    "CREATE OR REPLACE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "SET session_replication_role = replica",
    "ALTER TABLE journal_entry OWNER TO ledger_app",
    "DROP TABLE journal_entry",
    "SET ROLE ledger_test",
    "UPDATE alembic_version SET version_num = 'x'",
    "CREATE TABLE journal_shadow (x int)",
]


@pytest.mark.parametrize("statement", REFUSED)
def test_the_role_can_do_nothing_to_the_journal_but_append(app, statement):
    engine = create_engine(app[1])
    try:
        with (
            pytest.raises(DBAPIError, match=r"permission denied|must be owner"),
            engine.begin() as connection,
        ):
            connection.exec_driver_sql(statement)
    finally:
        engine.dispose()


def test_what_the_role_may_append_has_to_be_next(app):
    """COPY asks for the right to insert alone; the triggers hold it to the next number all the same."""
    with psycopg.connect(plain(app[1])) as raw:
        row = raw.execute(
            "SELECT publisher_id, kind, at, leaf_hash, leaf FROM journal_entry LIMIT 1"
        ).fetchone()
        with (
            pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="must be the next number"),
            raw.cursor().copy(
                "COPY journal_entry (publisher_id, kind, at, leaf_hash, leaf, seq) FROM STDIN"
            ) as copy,
        ):
            copy.write_row((*row, 900))


def test_a_role_that_no_right_holds_is_refused(postgres_server, tmp_path):
    url = postgres_server.fresh_database()
    migrate(url)
    with pytest.raises(RecordsUnavailable, match="stands above rights"):
        grant_to(url, "ledger_test")
    with pytest.raises(RecordsUnavailable, match="no role nobody_here"):
        grant_to(url, "nobody_here")
    with pytest.raises(RecordsUnavailable, match="knows no roles"):
        grant_to(f"sqlite:///{tmp_path / 'ledger.db'}", "x")
