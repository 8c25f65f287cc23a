"""What an owner wrote in confidence is shown to nobody else."""

from click.testing import CliRunner
from litestar.testing import TestClient

from ledger.cli import main
from ledger.desk.register.claiming import file_claim
from tests.application import application
from tests.desk.test_letter_life import owner_grants
from tests.desk.test_main_job import PRINT, wire  # noqa: F401


def test_an_owners_words_are_on_no_public_page_and_in_no_public_record(cast, wire):
    *_, words = owner_grants(cast, wire)
    use = {**PRINT, "licensee": "pa_nobody"}
    with TestClient(application(cast), base_url=cast.settings.base_url) as client:
        pages = [
            client.get(f"/pieces/{wire.id}"),
            client.get(f"/pieces/{wire.id}/may-i?portion=full_article&channels=print&is_commercial=yes"),
            client.get(f"/api/pieces/{wire.id}"),
            client.get("/api/pieces", params={"url": wire.urls[0]}),
            client.post("/api/answer", json={"piece": wire.id, "use": use}),
            *(
                client.get(f"/api/pieces/{wire.id}/as/{name}")
                for name in ("odrl", "schema.org", "ninjs", "rsl")
            ),
        ]
    for page in pages:
        assert page.status_code == 200, page.url
        assert words not in page.text, page.url
        assert "rights@meridian.example" not in page.text, page.url


def test_nor_are_they_once_the_public_record_is_written_anew(cast, wire):
    *_, words = owner_grants(cast, wire)
    claim = {
        "party": "Nora Field",
        "role": "holder",
        "evidence": "Text by Nora Field",
        "evidence_kind": "byline",
    }
    file_claim(cast.desk, cast.bob, wire.id, claim)
    with TestClient(application(cast), base_url=cast.settings.base_url) as client:
        answered = client.get("/api/pieces", params={"url": wire.urls[0]})
    record = answered.json()
    assert "Nora Field" in answered.text
    assert words not in answered.text
    assert [each["clause"] for each in record["terms"]] == [each.clause for each in wire.terms]


def test_an_owners_words_are_in_no_file_that_the_command_line_exports(cast, wire):
    *_, words = owner_grants(cast, wire)
    for standard in ("odrl", "schema.org", "ninjs", "rsl", "tdmrep"):
        command = ["--data", str(cast.settings.data), "export", wire.id, "--as", standard]
        done = CliRunner().invoke(main, command)
        assert done.exit_code == 0, done.output
        assert words not in done.output, standard
        assert "rights@meridian.example" not in done.output, standard
