"""The example of a configuration, and that nobody reads the environment behind its back."""

from pathlib import Path

import pytest

from service.settings import Settings

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / ".env.example"


def test_the_example_names_every_setting_and_nothing_else() -> None:
    named = [line.partition("=")[0] for line in _settings_lines()]
    assert sorted(named) == sorted(str(field.alias) for field in Settings.model_fields.values())
    assert len(set(named)) == len(named)


def test_copying_the_example_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for field in Settings.model_fields.values():
        monkeypatch.delenv(str(field.alias), raising=False)
    copied, untouched = Settings(_env_file=EXAMPLE), Settings(_env_file=None)
    assert copied.public_url == untouched.public_url
    assert copied.model_dump(exclude={"given_url"}) == untouched.model_dump(exclude={"given_url"})


def test_every_setting_of_the_example_says_what_it_is_for() -> None:
    lines = EXAMPLE.read_text().splitlines()
    for line in _settings_lines():
        before = lines[lines.index(line) - 1]
        assert before.startswith("# ") or "=" in before, f"{line} stands without a word"


def test_nobody_but_settings_reads_the_environment() -> None:
    for file in (ROOT / "service").rglob("*.py"):
        text = file.read_text()
        assert "os.environ" not in text, file.name
        assert "getenv(" not in text, file.name


def _settings_lines() -> list[str]:
    return [line for line in EXAMPLE.read_text().splitlines() if line and not line.startswith("#")]
