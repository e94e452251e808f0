"""The command line: ``thaw``, the same as ``python -m service``."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from pydantic import ValidationError
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from service.domain.errors import Refused
from service.settings import Settings

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Thaw, the icebreaker."
)
event = typer.Typer(no_args_is_help=True, help="Events without a browser.")
app.add_typer(event, name="event")

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
Which = Annotated[str, typer.Argument(help="The event's identifier or code.")]


@app.callback(invoke_without_command=True)
def main(shows_version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    """One person, one true reason, one question."""
    if shows_version:
        typer.echo(f"thaw {version('thaw')}")
        raise typer.Exit


@app.command()
def serve(
    migrate: Annotated[bool, typer.Option("--migrate", help="Bring the tables up to date first.")] = False,
) -> None:
    """Serve; reads the environment."""
    from service import serving

    with _plainly():
        serving.serve(_settings(), migrate_first=migrate)


@app.command("migrate")
def migrate_tables() -> None:
    """Bring the database's tables up to date."""
    from service.migrating import migrate

    with _plainly():
        migrate(_settings().database_url)


@app.command()
def demo(
    people: Annotated[int, typer.Option(envvar="PEOPLE", min=2, max=500, help="How large the crowd is.")] = 24,
    port: Annotated[int | None, typer.Option(envvar="PORT", help="Where to serve.")] = None,
) -> None:
    """Serve a demo event with simulated guests, ready for a real phone."""
    from service.dev import demo as party

    with _plainly():
        party.run(people, port or 8000)


@event.command("create")
def create_event(
    name: str,
    room: Annotated[Path | None, typer.Option(help="Take fields, passions and topics from a room file.")] = None,
    fields: Annotated[Path | None, typer.Option(help="Take fields from a file, one a line.")] = None,
    opened: Annotated[bool, typer.Option("--open", help="Let people in at once.")] = False,
    rounds: Annotated[int, typer.Option(help="How many rounds are planned.")] = 3,
    round_seconds: Annotated[int, typer.Option(help="How long a round lasts.")] = 600,
    as_json: AsJson = False,
) -> None:
    """Make an event; prints its identifier, code, and the join, organizer and wall addresses."""
    from service.dev import events

    settings = _settings()
    with _plainly():
        if room and fields:
            raise typer.BadParameter("Give --room or --fields, not both.")
        plan = events.Plan(name, _options(room, fields), opened, rounds, round_seconds)
        made = events.make(_database(settings), plan, settings.public_url)
    _print(made, as_json, "\n".join(f"{key:10} {text}" for key, text in made.items()))


@event.command("list")
def list_events(as_json: AsJson = False) -> None:
    """Every event in the database."""
    from service.dev import events

    with _plainly():
        found = events.listed(_database(_settings()))
    lines = [f"{one['event']}  {one['code']}  {one['state']:6} {one['starts']}  {one['name']}" for one in found]
    _print({"events": found}, as_json, "\n".join(lines) or "No events yet.")


@event.command("end")
def end_event(which: Which) -> None:
    """End an event."""
    from service.dev import events

    with _plainly():
        events.end(_database(_settings()), which)


@event.command("delete")
def delete_event(which: Which) -> None:
    """Delete an event with everything that was said at it."""
    from service.dev import events

    with _plainly():
        events.delete(_database(_settings()), which)


@app.command()
def pair(
    room: Annotated[Path, typer.Argument(help="A room file (CSV).")],
    rounds: Annotated[int, typer.Option(min=1, max=100)] = 1,
    seed: int = 0,
    as_json: AsJson = False,
) -> None:
    """Print the rounds that Thaw would make of a room file. No server needed. README says what a room file holds."""
    from service.dev.pair import rehearse, told

    with _plainly():
        result = rehearse(_text(room), rounds, seed)
    _print(result, as_json, told(result))


@app.command()
def crowd(
    url: Annotated[str, typer.Argument(help="The join address of a running event.")],
    people: Annotated[int, typer.Option(min=1, max=5000)] = 20,
    room: Annotated[Path | None, typer.Option(help="Play the people of a room file.")] = None,
    organizer: Annotated[str | None, typer.Option(help="The organizer's address: the crowd starts the rounds.")] = None,
    rounds: Annotated[int, typer.Option(min=1, max=100)] = 1,
    meet: Annotated[float, typer.Option(min=0, help="Seconds that people talk.")] = 5.0,
    as_json: AsJson = False,
) -> None:
    """Simulated phones against a running Thaw; exits 1 if anything went wrong."""
    import asyncio

    from service.dev import crowd as phones

    with _plainly():
        text = _text(room) if room else None
        report = asyncio.run(phones.run(url, people=people, room=text, organizer=organizer, rounds=rounds, meet=meet))
    _print(report.as_json(), as_json, report.told())
    raise typer.Exit(1 if report.failed else 0)


@app.command()
def qr(code: str, out: Annotated[Path, typer.Option("-o", help="The SVG file to write.")]) -> None:
    """Write an event's QR code as SVG."""
    from service import qr as drawing
    from service.domain.codes import read_code
    from service.screens.event import join_url

    with _plainly():
        out.write_text(drawing.svg(join_url(_settings().public_url, read_code(code))) + "\n")


@contextmanager
def _plainly() -> Iterator[None]:
    """Turn what can go wrong into one sentence on stderr and exit 1."""
    try:
        yield
    except Refused as error:
        _give_up(error.sentence)
    except OSError as error:
        _give_up(f"{error.filename or 'Thaw'}: {error.strerror or error}.")
    except ValueError as error:
        _give_up(str(error))
    except (ArgumentError, ModuleNotFoundError) as error:
        _give_up(f"DATABASE_URL is not the address of a database that Thaw can use ({type(error).__name__}).")
    except SQLAlchemyError as error:
        _give_up(
            f"The database does not answer, or has no tables yet: thaw migrate makes them ({type(error).__name__})."
        )


def _give_up(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(1)


def _settings() -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        _give_up(f"{'.'.join(map(str, first['loc']))}: {first['msg']}.")


def _database(settings: Settings) -> Any:
    from service.database import Database

    _refuse_missing(settings.database_url)
    return Database(settings.database_url)


def _refuse_missing(database_url: str) -> None:
    """A command that reads should not leave an empty file behind where it was started by mistake."""
    file = database_url.removeprefix("sqlite:///")
    if file != database_url and not Path(file).is_file():
        raise ValueError(f"There is no database at {file} yet: thaw migrate makes it.")


def _options(room: Path | None, fields: Path | None) -> dict[str, list[str]]:
    from service.domain import rooms

    if room:
        read = rooms.read(_text(room))
        return {"field": list(read.fields), "passion": list(read.passions), "help": list(read.topics)}
    if fields:
        lines = [line.strip() for line in _text(fields).splitlines()]
        return {"field": list(dict.fromkeys(line for line in lines if line))}
    return {}


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"{file} is not a UTF-8 text.") from error


def _print(result: Any, as_json: bool, text: str) -> None:
    typer.echo(json.dumps(result, ensure_ascii=False) if as_json else text)


if __name__ == "__main__":
    sys.exit(app())
