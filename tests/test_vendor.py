"""Vendored files are what their list says, and nothing else is there."""

import hashlib
import re
from pathlib import Path

VENDOR = Path(__file__).parent.parent / "static" / "vendor"


def test_vendored_files_are_unchanged_and_all_listed() -> None:
    listed = dict(re.findall(r"^(\S+\.js) .*sha256 ([0-9a-f]{64})$", (VENDOR / "VENDOR.txt").read_text(), re.M))
    found = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in VENDOR.glob("*.js")}
    assert found == listed
