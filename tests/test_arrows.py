"""The shape of the house: who may import whom, and the few rules that a reader relies on."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SERVICE = Path(__file__).parent.parent / "service"
FILES = sorted(SERVICE.rglob("*.py"))
EVERYBODY = {"app", "__main__", "serving", "dev"}
"""These put things together, or stand outside, and may know all."""
ALLOWED: dict[str, set[str]] = {
    "domain": set(),
    "settings": set(),
    "live": {"settings"},
    "rendering": {"settings"},
    "qr": {"settings"},
    "logs": set(),
    "migrating": {"settings"},
    "database": {"settings"},
    "models": {"domain"},
    "identity": {"models", "database", "settings"},
    "actions": {"database", "models", "domain", "live.topics"},
    "screens": {"models", "domain", "qr"},
    "routes": {
        "actions",
        "screens",
        "models",
        "domain",
        "database",
        "identity",
        "rendering",
        "live",
        "settings",
        "migrating",
    },
}
WEB_AND_STORE = ("fastapi", "starlette", "sqlmodel", "sqlalchemy", "asyncio", "jinja2", "datetime.now", "time")


def imports(file: Path) -> Iterator[str]:
    """Every module a file imports, by its full name."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room_of(file: Path) -> str:
    """The part of the house a file belongs to."""
    return file.relative_to(SERVICE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(SERVICE)))
def test_every_arrow_points_the_allowed_way(file: Path) -> None:
    room = room_of(file)
    if room in EVERYBODY or room == "__init__":
        return
    for name in imports(file):
        if name.startswith("service."):
            there = name.removeprefix("service.")
            mine = there.split(".")[0] == room
            assert mine or any(f"{there}.".startswith(f"{known}.") for known in ALLOWED[room]), f"{file.name} -> {name}"


def test_the_domain_knows_no_web_no_database_and_no_clock() -> None:
    for file in (SERVICE / "domain").glob("*.py"):
        for name in imports(file):
            assert name.split(".")[0] not in WEB_AND_STORE, f"{file.name} -> {name}"
        text = file.read_text()
        assert "now(" not in text.replace("utc_now(", "now("), f"{file.name} has a clock of its own"


def test_only_the_matching_module_calls_the_solver() -> None:
    callers = {file.name for file in FILES if any(name.startswith("rustworkx") for name in imports(file))}
    assert callers == {"matching.py"}


def test_only_lifecycle_assigns_a_state() -> None:
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text())):
            targets = node.targets if isinstance(node, ast.Assign) else []
            for target in targets:
                if isinstance(target, ast.Attribute) and target.attr == "state":
                    assert file.name == "lifecycle.py", f"{file.name}: {ast.unparse(target)}"


def test_meetings_are_made_in_one_place() -> None:
    makers = {
        file.relative_to(SERVICE).as_posix()
        for file in FILES
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Meeting"
    }
    assert makers == {"actions/pairing.py"}


def test_the_crowd_imports_nothing_of_ours_but_itself() -> None:
    for file in (SERVICE / "dev" / "crowd").glob("*.py"):
        ours = [name for name in imports(file) if name.startswith("service.")]
        assert all(name.startswith("service.dev.crowd") for name in ours), file.name


def test_application_code_never_commits() -> None:
    for file in FILES:
        if file.name != "database.py":
            assert ".commit(" not in file.read_text(), file.name
