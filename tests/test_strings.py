"""Every string for people stands in the catalogue, and the catalogue holds nothing else."""

import re
from html import unescape

from tests.strings import ROOT, TEMPLATE, collected


def test_the_catalogue_holds_every_string_and_no_other() -> None:
    assert TEMPLATE.read_text() == collected(), "run make strings"


def test_no_words_stand_in_a_template_outside_the_catalogue() -> None:
    for file in sorted((ROOT / "templates").rglob("*.html")):
        marked = re.sub(r"\{%-? trans.*?endtrans -?%\}", " ", file.read_text(), flags=re.S)
        plain = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", marked, flags=re.S)
        text = unescape(re.sub(r"<[^>]*>", " ", plain, flags=re.S))
        found = re.findall(r"[A-Za-z]{3,}.*", text)
        assert not found, f"{file.name}: {found[:3]}"
