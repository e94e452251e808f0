"""The habits of templates, styles and scripts that a page's safety and one grep rely on."""

import re
from pathlib import Path

import pytest

from service.domain.lifecycle import AttendeeState
from service.domain.signals import ANIMALS
from service.rendering import CRITICAL, Assets
from service.settings import asset_dir

TEMPLATES = asset_dir("templates")
STATIC = asset_dir("static")
PAGES = sorted(TEMPLATES.rglob("*.html"))
SHEETS = sorted((STATIC / "css").glob("*.css"))
SCRIPTS = sorted((STATIC / "js").glob("*.js"))
SERVICE = Path(__file__).parent.parent / "service"

NEVER = {
    "a style attribute": r"\sstyle\s*=",
    "an inline script": r"<script(?![^>]*\ssrc=)",
    "an event handler": r"\son[a-z]+\s*=|hx-on",
    "evaluated script": r"js:|javascript:",
    "unescaped text": r"\|\s*safe\b",
    "a foreign address": r"(?:src|href|action)\s*=\s*[\"']?(?:https?:)?//",
}


def name_of(file: Path) -> str:
    return file.parent.name + "/" + file.name


@pytest.mark.parametrize("page", PAGES, ids=name_of)
@pytest.mark.parametrize("habit", NEVER)
def test_no_template_holds_what_our_policy_forbids(page: Path, habit: str) -> None:
    assert not re.search(NEVER[habit], page.read_text()), f"{name_of(page)} has {habit}"


@pytest.mark.parametrize("state", AttendeeState)
def test_every_state_has_its_fragment(state: AttendeeState) -> None:
    assert (TEMPLATES / "attendee" / f"_{state}.html").is_file()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_form_posts_and_says_what_it_does(page: Path) -> None:
    for form in re.findall(r"<form[^>]*(?:\{[{%].*?[%}]\}[^>]*)*>", page.read_text()):
        assert 'method="post"' in form, form
        assert "data-action=" in form, form


def test_every_template_is_used() -> None:
    text = "".join(file.read_text() for file in [*PAGES, *SERVICE.rglob("*.py")])
    for page in PAGES:
        state = page.stem.removeprefix("_")
        known = state in set(AttendeeState) and page.parent.name == "attendee"
        assert known or f'"{name_of(page)}"' in text, f"{name_of(page)} is used nowhere"


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.stem)
def test_every_style_sheet_stays_in_its_layer_and_takes_colours_by_meaning(sheet: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.S)
    outside = re.sub(r"@layer [^{};]+;", "", text).strip()
    assert not outside or outside.startswith("@layer"), f"{sheet.name} has rules outside a layer"
    assert "!important" not in text
    if sheet.stem not in ("colours", "grounds"):
        assert not re.search(r"#[0-9a-fA-F]{3,8}\b", text), f"{sheet.name} names a colour"


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_no_script_evaluates_text_or_keeps_anything_on_the_phone(script: Path) -> None:
    never = r"\beval\b|new Function|innerHTML|localStorage|sessionStorage|document\.write"
    assert not re.search(never, script.read_text())


def test_every_animal_has_its_drawing_and_takes_the_colour_around_it() -> None:
    drawings = {file.stem: file.read_text() for file in (STATIC / "animals").glob("*.svg")}
    assert set(drawings) == set(ANIMALS)
    assert all("currentColor" in drawing and "#" not in drawing for drawing in drawings.values())


def test_the_first_question_carries_at_most_four_kilobytes_of_style() -> None:
    assets = Assets(STATIC)
    assert len(assets.critical.encode()) <= 4096
    assert {sheet.stem for sheet in SHEETS} >= set(CRITICAL)


def test_an_assets_address_changes_with_what_it_holds(tmp_path: Path) -> None:
    (tmp_path / "css").mkdir()
    (tmp_path / "css" / "layers.css").write_text("@layer base;")
    before = Assets(tmp_path).url("thaw.css")
    (tmp_path / "css" / "base.css").write_text("@layer base { p { margin: 0; } }")
    assert Assets(tmp_path).url("thaw.css") != before
