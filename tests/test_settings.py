"""Settings: defaults that work, overrides in order, refusals in one line, secrets kept to oneself."""

import re
import threading
from dataclasses import fields
from pathlib import Path

import pytest

import ledger.settings
from ledger.settings import BadSetting, Settings, kept_secret, load_settings


def test_the_defaults_work_on_this_machine() -> None:
    settings = load_settings({})
    assert settings.data == Path("var").absolute()
    assert settings.database_url == f"sqlite:///{settings.data}/ledger.db"
    assert (settings.base_url, settings.host, settings.port) == ("http://127.0.0.1:8000", "127.0.0.1", 8000)
    assert settings.is_local
    assert settings.smtp_url is None


def test_the_command_line_overrules_the_environment(tmp_path: Path) -> None:
    settings = load_settings({"LEDGER_DATA": "/nowhere", "LEDGER_PORT": "81"}, data=tmp_path, port=8123)
    assert settings.data == tmp_path
    assert settings.base_url == "http://127.0.0.1:8123"
    assert load_settings({"LEDGER_PORT": "81"}, port=None).port == 81


def test_the_port_follows_the_base_url_on_this_machine_only() -> None:
    assert load_settings({"LEDGER_BASE_URL": "http://localhost:9000/"}).port == 9000
    away = load_settings({"LEDGER_BASE_URL": "https://permissions.example.org"})
    assert (away.port, away.is_local, away.mail_from) == (8000, False, "ledger@permissions.example.org")


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("LEDGER_BASE_URL", "http://permissions.example.org", "not encrypted"),
        ("LEDGER_BASE_URL", "permissions.example.org", "no address of a site"),
        ("LEDGER_BASE_URL", "https://example.org/ledger", "no address of a site"),
        ("LEDGER_BASE_URL", "https://example.org:https", "no address of a site"),
        ("LEDGER_BASE_URL", "http://[::1", "no address of a site"),
        ("LEDGER_PORT", "http", "no port"),
        ("LEDGER_PORT", "-1", "no port"),
        ("LEDGER_PORT", "70000", "no port"),
        ("LEDGER_SECRET", "short", "64 hexadecimal digits"),
        ("LEDGER_SECRET", "ab" * 16, "64 hexadecimal digits"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line(name: str, value: str, says: str) -> None:
    with pytest.raises(BadSetting, match=says) as refusal:
        load_settings({name: value})
    assert "\n" not in str(refusal.value)
    assert name in str(refusal.value)


def test_every_variable_is_documented_and_every_documented_one_exists() -> None:
    documented = set(re.findall(r"``LEDGER_([A-Z_]+)``", ledger.settings.__doc__ or ""))
    source = Path(ledger.settings.__file__).read_text()
    read = set(re.findall(r'values\.get\("([a-z_]+)"', source))
    assert {name.lower() for name in documented} == read


def test_a_secret_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    settings = load_settings({}, data=tmp_path)
    first = settings.secret()
    assert len(first) == 32
    assert load_settings({}, data=tmp_path).secret() == first
    assert (tmp_path / "keys" / "secret").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "keys").stat().st_mode & 0o077 == 0
    assert load_settings({"LEDGER_SECRET": "ab" * 32}, data=tmp_path).secret() == b"\xab" * 32


def test_many_at_once_make_one_secret(tmp_path: Path) -> None:
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda: found.append(kept_secret(tmp_path / "keys" / "secret")))
        for _ in range(16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 16
    assert len(set(found)) == 1
    assert [file.name for file in (tmp_path / "keys").iterdir()] == ["secret"]


def test_printing_settings_shows_no_secret() -> None:
    settings = load_settings(
        {
            "LEDGER_DATABASE": "postgresql://user:hunter2@host/x",
            "LEDGER_SMTP_URL": "smtp://user:hunter3@host",
            "LEDGER_SECRET": "ab" * 32,
        }
    )
    for secret in ("hunter2", "hunter3", "abab"):
        assert secret not in repr(settings)


def test_templates_and_migrations_are_found_in_a_checkout_and_in_a_wheel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = load_settings({})
    assert (settings.templates / "base.html").is_file()
    assert (ledger.settings.shipped_folder("migrations") / "env.py").is_file()
    (tmp_path / "ledger" / "templates").mkdir(parents=True)
    monkeypatch.setattr(ledger.settings, "_HERE", tmp_path / "ledger")
    assert settings.templates == tmp_path / "ledger" / "templates"
    assert ledger.settings.shipped_folder("migrations") == tmp_path / "migrations"


def test_settings_are_frozen() -> None:
    assert all(field.name for field in fields(Settings))
    with pytest.raises(AttributeError):
        load_settings({}).port = 1  # type: ignore[misc]
