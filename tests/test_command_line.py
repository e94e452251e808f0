"""The command line from outside: what it prints, and how it says no."""

import json
import logging
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import httpx2
import pytest
from typer.testing import CliRunner

from service.__main__ import app
from service.serving import alone
from service.settings import Settings
from tests.people import ADA, Phone, Visitor
from tests.processes import environment, thaw, until_ready
from tests.services import running, settings_for

EVENT = {"event", "code", "join", "organizer", "wall"}
ROOM = (
    "id,name,field,passions,offers,asks,came_with\n"
    "ada,Ada,Lighthouses,Kites;Soup,Knots,!Maps,\n"
    "leo,Leo,Bakeries,Soup,Maps,Knots,\n"
    "mara,Mara,Harbours,Kites,Maps,,noor\n"
    "noor,Noor,Bakeries,Soup,Knots,Maps,\n"
)


@dataclass(frozen=True, slots=True)
class Said:
    """How a command ended and what it printed where."""

    code: int
    out: str
    err: str

    @property
    def found(self) -> dict[str, Any]:
        """The one JSON object on stdout."""
        found: dict[str, Any] = json.loads(self.out)
        assert isinstance(found, dict)
        assert self.err == ""
        return found

    @property
    def sentence(self) -> str:
        """The one plain sentence on stderr with which a command gives up."""
        assert self.code == 1, f"{self.code}: {self.out}{self.err}"
        assert self.out == ""
        assert len(self.err.splitlines()) == 1, self.err
        assert self.err.strip().endswith("."), self.err
        assert "Traceback" not in self.err
        assert "Errno" not in self.err
        return self.err.strip()


Say = Callable[..., Said]


@pytest.fixture
def settings(sqlite_url: str) -> Settings:
    """The configuration of the machine on which commands are typed."""
    return settings_for(sqlite_url)


@pytest.fixture
def say(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Say]:
    """Types a command there; keywords change the environment. Leaves the test's own log as it was."""
    before = logging.root.handlers[:], logging.root.level
    monkeypatch.chdir(tmp_path)
    for name, value in environment(settings).items():
        monkeypatch.setenv(name, value)

    def command(*words: object, **changes: str) -> Said:
        ended = CliRunner(env=changes).invoke(app, [str(word) for word in words])
        assert ended.exception is None or isinstance(ended.exception, SystemExit), repr(ended.exception)
        return Said(ended.exit_code, ended.stdout, ended.stderr)

    yield command
    logging.root.handlers, logging.root.level = before


def test_thaw_and_python_m_service_are_the_same_command() -> None:
    for program in ([sys.executable, "-m", "service"], [str(Path(sys.executable).parent / "thaw")]):
        ended = subprocess.run([*program, "--version"], capture_output=True, text=True, check=True, timeout=60)
        assert ended.stdout == f"thaw {version('thaw')}\n"


@pytest.mark.parametrize(
    "words",
    [
        ("serve", "--fast"),
        ("juggle",),
        ("event", "create"),
        ("event", "end"),
        ("event", "delete"),
        ("event", "create", "Harbour Evening", "--room", "room.csv", "--fields", "fields.txt"),
        ("event", "create", "Harbour Evening", "--rounds", "many"),
        ("pair",),
        ("pair", "room.csv", "--rounds", "0"),
        ("crowd",),
        ("crowd", "http://127.0.0.1/J/ABCDEFGH", "--people", "0"),
        ("qr", "ABCDEFGH"),
        ("demo", "--people", "1"),
    ],
    ids=" ".join,
)
def test_a_command_used_wrongly_says_how_it_is_meant(say: Say, words: tuple[str, ...]) -> None:
    said = say(*words)
    assert said.code == 2
    assert said.out == ""
    assert "Usage:" in said.err


def test_an_event_is_made_listed_ended_and_deleted_without_a_browser(say: Say, settings: Settings) -> None:
    assert say("event", "list", "--json").found == {"events": []}
    made = say("event", "create", "Harbour Evening", "--open", "--json").found
    assert set(made) == EVENT
    assert made["join"] == f"{settings.public_url}/J/{made['code']}"
    assert made["organizer"].startswith(f"{settings.public_url}/o/")
    assert made["wall"].startswith(f"{settings.public_url}/wall/")
    assert len({made["organizer"].rpartition("/")[2], made["wall"].rpartition("/")[2]}) == 2
    assert _states(say) == {made["event"]: "open"}

    assert say("event", "end", made["code"].lower()).code == 0
    assert _states(say) == {made["event"]: "ended"}
    assert say("event", "end", made["event"]).sentence
    assert say("event", "delete", made["event"]).code == 0
    assert _states(say) == {}
    assert say("event", "delete", made["event"]).sentence == "No event has this identifier or code."
    assert say("event", "end", "nobody").sentence == "No event has this identifier or code."


def test_events_are_told_in_words_too(say: Say) -> None:
    assert say("event", "list").out == "No events yet.\n"
    told = say("event", "create", "Été au port").out
    made = dict(line.split(maxsplit=1) for line in told.splitlines())
    assert set(made) == EVENT
    listed = say("event", "list").out
    assert made["event"] in listed
    assert made["code"] in listed
    assert "draft" in listed
    assert "Été au port" in listed


def test_json_of_an_event_keeps_every_letter(say: Say) -> None:
    say("event", "create", "Été 🌊 au port")
    assert say("event", "list", "--json").found["events"][0]["name"] == "Été 🌊 au port"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("",), "name"),
        (("n" * 61,), "60 characters"),
        (("Harbour Evening", "--rounds", "0"), "rounds"),
        (("Harbour Evening", "--round-seconds", "5"), "30 seconds"),
    ],
)
def test_an_event_that_makes_no_sense_is_refused_and_not_half_made(say: Say, words: tuple[str, ...], why: str) -> None:
    assert why in say("event", "create", *words).sentence
    assert _states(say) == {}


def test_ada_is_offered_the_answers_of_the_room_file(say: Say, settings: Settings, tmp_path: Path) -> None:
    room = tmp_path / "room.csv"
    room.write_text(ROOM)
    made = say("event", "create", "Harbour Evening", "--room", room, "--open", "--json").found
    with running(settings):
        phone = Phone(settings.public_url, made["join"], ADA)
        assert _offered(phone.get(made["join"]).main) == ["Kites", "Soup"]
        phone.answer("kites")
        assert _offered(phone.page.main) == ["Lighthouses", "Bakeries", "Harbours"]
        phone.answer("bakeries")
        assert sorted(_offered(phone.page.main)) == ["Knots", "Maps"]
        phone.client.close()


def test_a_list_that_the_room_file_leaves_empty_keeps_the_default(say: Say, settings: Settings, tmp_path: Path) -> None:
    room = tmp_path / "room.csv"
    room.write_text("id,field\nada,Lighthouses\nleo,Bakeries\n")
    made = say("event", "create", "Harbour Evening", "--room", room, "--open", "--json").found
    with running(settings):
        phone = Phone(settings.public_url, made["join"], ADA)
        assert "Singing" in _offered(phone.get(made["join"]).main)
        phone.answer("singing")
        assert _offered(phone.page.main) == ["Lighthouses", "Bakeries"]
        phone.client.close()


def test_fields_come_from_a_file_with_one_a_line(say: Say, settings: Settings, tmp_path: Path) -> None:
    fields = tmp_path / "fields.txt"
    fields.write_text("\ufeffLighthouses\r\n\r\n  Bakeries  \nLighthouses\n", newline="")
    made = say("event", "create", "Harbour Evening", "--fields", fields, "--open", "--json").found
    with running(settings):
        phone = Phone(settings.public_url, made["join"], ADA)
        phone.get(made["join"])
        phone.answer("singing")
        assert _offered(phone.page.main) == ["Lighthouses", "Bakeries"]
        phone.client.close()


def test_a_bad_row_is_named_by_its_line_and_nothing_is_made(say: Say, tmp_path: Path) -> None:
    room = tmp_path / "room.csv"
    room.write_text(ROOM + ",Sam,Bakeries,Soup,Knots,Maps,\n")
    for command in (
        ("event", "create", "Harbour Evening", "--room", room),
        ("pair", room),
        ("crowd", "http://x", "--room", room),
    ):
        assert say(*command).sentence.startswith("Line 6")
    room.write_text(ROOM.replace("leo,Leo", "ada,Leo"))
    for command in (
        ("event", "create", "Harbour Evening", "--room", room),
        ("pair", room),
        ("crowd", "http://x", "--room", room),
    ):
        assert say(*command).sentence.startswith("Line 3")
    assert _states(say) == {}


@pytest.mark.parametrize("option", ["--room", "--fields"])
def test_a_file_that_is_not_there_or_no_text_is_named(say: Say, tmp_path: Path, option: str) -> None:
    assert "nowhere.csv" in say("event", "create", "Harbour Evening", option, "nowhere.csv").sentence
    (tmp_path / "picture.csv").write_bytes(b"id\n\xff\xfe\x00")
    assert "picture.csv" in say("event", "create", "Harbour Evening", option, "picture.csv").sentence
    assert tmp_path.name in say("pair", tmp_path).sentence
    assert _states(say) == {}


def test_too_many_fields_and_too_long_ones_are_refused(say: Say, tmp_path: Path) -> None:
    fields = tmp_path / "fields.txt"
    for lines, why in (
        (["Lighthouses"], "2 to 24"),
        ([f"Field {n}" for n in range(25)], "2 to 24"),
        (["a" * 41, "b"], "40"),
    ):
        fields.write_text("\n".join(lines))
        assert why in say("event", "create", "Harbour Evening", "--fields", fields).sentence
    assert _states(say) == {}


def test_a_draft_says_that_it_is_not_open_yet(say: Say, settings: Settings) -> None:
    made = say("event", "create", "Harbour Evening", "--json").found
    with running(settings):
        visitor = Visitor(settings.public_url)
        assert "not open yet" in visitor.get(made["join"]).text
        assert visitor.page.status == 409
        assert not visitor.client.cookies
        visitor.client.close()


def test_pair_prints_rounds_and_reasons(say: Say, tmp_path: Path) -> None:
    room = tmp_path / "room.csv"
    room.write_text(ROOM)
    found = say("pair", room, "--rounds", "2", "--seed", "5", "--json").found
    assert set(found) == {"people", "rounds", "reasons"}
    assert found["people"] == 4
    assert [round_["number"] for round_ in found["rounds"]] == [1, 2]
    counted = {"number", "groups", "left_out", "same_field", "with_reason", "help", "seconds"}
    assert all(set(round_) == counted for round_ in found["rounds"])
    assert all(set(reason) == {"round", "group", "to", "kind", "text"} for reason in found["reasons"])
    again = say("pair", room, "--rounds", "2", "--seed", "5", "--json").found
    assert _timeless(again) == _timeless(found)
    told = say("pair", room)
    assert told.code == 0
    assert all(name in told.out for name in ("ada", "leo", "mara", "noor"))


def test_a_code_is_drawn_as_svg(say: Say, tmp_path: Path) -> None:
    made = say("event", "create", "Harbour Evening", "--json").found
    drawing = tmp_path / "code.svg"
    said = say("qr", made["code"].lower(), "-o", drawing)
    assert (said.code, said.out, said.err) == (0, "", "")
    assert ElementTree.fromstring(drawing.read_text()).tag == "{http://www.w3.org/2000/svg}svg"  # noqa: S314 our own
    assert say("qr", "NOTACODE", "-o", drawing).sentence
    assert "nowhere" in say("qr", made["code"], "-o", tmp_path / "nowhere" / "code.svg").sentence


def test_a_crowd_that_finds_nobody_reports_it_and_fails(say: Say) -> None:
    said = say("crowd", "http://127.0.0.1:9/J/ABCDEFGH", "--people", "2", "--json")
    assert said.code == 1
    assert said.found["joined"] == 0
    assert "could not reach" in said.found["errors"][0]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is missing"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is too short"),
        ({"SECRET_KEY": "a long and random text,short"}, "SECRET_KEY is too short"),
        ({"PUBLIC_URL": "http://thaw.example.org"}, "PUBLIC_URL is http"),
        ({"PUBLIC_URL": "http://93.184.216.34:8000"}, "PUBLIC_URL is http"),
        ({"PUBLIC_URL": "https://thaw.example.org", "THAW_TEST_DELAYS": "0.5"}, "THAW_TEST_DELAYS"),
        ({"WEB_CONCURRENCY": "2"}, "WEB_CONCURRENCY"),
        ({"THAW_HOSTING": "hunter2"}, "THAW_HOSTING"),
        ({"PORT": "eighty"}, "PORT"),
        ({"PORT": "65536"}, "PORT"),
        ({"THAW_TEST_DELAYS": "0"}, "THAW_TEST_DELAYS"),
        ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL"),
        ({"DATABASE_URL": "a file"}, "DATABASE_URL"),
        ({"DATABASE_URL": "mysql://127.0.0.1/thaw"}, "DATABASE_URL"),
    ],
    ids=lambda value: " ".join(f"{name}={text}" for name, text in value.items()) if isinstance(value, dict) else None,
)
def test_a_configuration_that_cannot_be_served_is_refused_in_words(say: Say, changes: dict[str, str], why: str) -> None:
    assert why in say("serve", **changes).sentence


@pytest.mark.parametrize("address", ["http://127.0.0.1:8000", "http://192.168.1.20:8000", "http://[::1]:8000"])
def test_private_addresses_may_be_served_without_https(address: str) -> None:
    assert settings_for("sqlite://", PUBLIC_URL=address).objections() == []


@pytest.mark.parametrize(
    "words", [("event", "list"), ("event", "create", "Evening"), ("event", "end", "abc")], ids=" ".join
)
def test_a_database_without_tables_names_the_command_that_makes_them(
    say: Say, tmp_path: Path, words: tuple[str, ...]
) -> None:
    empty = f"sqlite:///{tmp_path / 'empty.db'}"
    assert "thaw migrate" in say(*words, DATABASE_URL=empty).sentence
    assert say("migrate", DATABASE_URL=empty).code == 0
    assert say("migrate", DATABASE_URL=empty).code == 0, "twice changes nothing"
    assert say("event", "list", "--json", DATABASE_URL=empty).found == {"events": []}


def test_a_second_thaw_on_the_same_file_is_refused_and_the_first_goes_on(
    say: Say, settings: Settings, tmp_path: Path
) -> None:
    with thaw(settings, tmp_path, "serve") as first:
        until_ready(settings, first)
        second = _serve_in_vain(settings_for(settings.database_url), tmp_path)
        assert second.sentence.startswith("Another Thaw is serving")
        made = say("event", "create", "Harbour Evening", "--open", "--json").found
        assert httpx2.get(made["join"], trust_env=False).status_code == 200
        first.terminate()
        assert first.wait(20) == 0
    assert "Traceback" not in (tmp_path / "thaw.log").read_text()


def test_only_one_thaw_holds_a_database_of_either_kind(database_url: str) -> None:
    with alone(database_url), pytest.raises(ValueError, match="Another Thaw is serving"), alone(database_url):
        pass
    with alone(database_url):
        pass


def test_a_port_in_use_is_named_in_one_sentence(settings: Settings, tmp_path: Path) -> None:
    with socket.create_server((settings.host, settings.port)):
        assert f"Port {settings.port}" in _serve_in_vain(settings, tmp_path).sentence


def _serve_in_vain(settings: Settings, folder: Path) -> Said:
    ended = subprocess.run(
        [sys.executable, "-m", "service", "serve"],
        env=environment(settings),
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return Said(ended.returncode, ended.stdout, ended.stderr)


def _states(say: Say) -> dict[str, str]:
    return {one["event"]: one["state"] for one in say("event", "list", "--json").found["events"]}


def _offered(screen: str) -> list[str]:
    return re.findall(r'<button[^>]* name="value" value="[^"]*">([^<]+)', screen)


def _timeless(result: dict[str, Any]) -> dict[str, Any]:
    return result | {"rounds": [round_ | {"seconds": 0} for round_ in result["rounds"]]}
