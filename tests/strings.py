"""Collects every string for people into service/locale/thaw.pot. ``make strings`` runs it, a test checks it."""

from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

ROOT = Path(__file__).parent.parent
TEMPLATE = ROOT / "service" / "locale" / "thaw.pot"
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2), "gettext": None}
METHODS = [("service/**.py", "python"), ("templates/**.html", "jinja2")]


def collected() -> str:
    """The gettext template of all strings, sorted, without places and dates that would change by themselves."""
    catalogue = Catalog(project="Thaw", header_comment="# Every string that Thaw shows to people.")
    found = extract_from_dir(
        ROOT,
        METHODS,
        {"jinja2": {"trimmed": "true"}},
        keywords=KEYWORDS,
        directory_filter=lambda folder: not Path(folder).name.startswith((".", "_")),
    )
    for file, _line, message, comments, context in found:
        catalogue.add(message, None, [(file, 0)], auto_comments=comments, context=context)
    out = BytesIO()
    write_po(out, catalogue, width=110, no_location=True, omit_header=True, sort_output=True)
    return out.getvalue().decode()


if __name__ == "__main__":
    TEMPLATE.parent.mkdir(exist_ok=True)
    TEMPLATE.write_text(collected())
