"""The one Jinja environment: pages, fragments, and asset links that carry a checksum. No queries, no cookies."""

import hashlib
import json
import re
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from service.settings import asset_dir

CRITICAL = ("layers", "colours", "base", "swell", "floe", "chip", "links", "question")
"""The style sheets that the first question carries inline; everything else is linked."""


class Assets:
    """The static files: one joined style sheet, and addresses that change whenever a file does."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @cached_property
    def stylesheet(self) -> str:
        """Every block's file, the declaration of the layers first, without comments and indentation."""
        files = sorted((self.root / "css").glob("*.css"), key=lambda file: (file.stem != "layers", file.stem))
        return "\n".join(_squeezed(file) for file in files)

    @cached_property
    def critical(self) -> Markup:
        """The part of the style sheet without which the first question would jump."""
        css = self.root / "css"
        return Markup("\n".join(_squeezed(css / f"{name}.css") for name in CRITICAL))  # noqa: S704 our own files

    def url(self, name: str) -> str:
        """The address of a static file, or of the joined ``thaw.css``, with its checksum."""
        content = self.stylesheet.encode() if name == "thaw.css" else (self.root / name).read_bytes()
        return f"/static/{name}?v={hashlib.sha256(content).hexdigest()[:12]}"

    def animal(self, name: str) -> Markup:
        """An animal's drawing, to stand inline and take the colour of the text around it."""
        return Markup((self.root / "animals" / f"{name}.svg").read_text().strip())  # noqa: S704 our own files


def _squeezed(file: Path) -> str:
    text = re.sub(r"/\*.*?\*/", "", file.read_text(), flags=re.S)
    return re.sub(r"\s*([{};,])\s*|(:) ", r"\1\2", re.sub(r"\s+", " ", text)).strip()


class Renderer:
    """Turns a screen into a page or a fragment. The same template serves both."""

    def __init__(self) -> None:
        self.assets = Assets(asset_dir("static"))
        self.environment = Environment(
            loader=FileSystemLoader(asset_dir("templates")),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
        )
        self.environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
        urls: dict[str, str] = {}
        drawings: dict[str, Markup] = {}
        self.environment.globals |= {
            "asset": lambda name: urls.get(name) or urls.setdefault(name, self.assets.url(name)),
            "animal": lambda name: drawings.get(name) or drawings.setdefault(name, self.assets.animal(name)),
            "critical_css": self.assets.critical,
            "pushed": False,
        }

    def page(self, template: str, **context: Any) -> str:
        """A whole page, or any template by its name."""
        return self.environment.get_template(template).render(**context)

    def frame(self, template: str, **context: Any) -> str:
        """A socket frame that makes a phone morph its screen into this one."""
        content = self.page(template, pushed=True, **context)
        return json.dumps({"target": "#screen", "swap": "outerMorph", "content": content}, ensure_ascii=False)
