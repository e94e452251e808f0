"""The wheel carries its templates, assets and migrations, and runs from anywhere."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROOF = """
from service.migrating import newest_revision
from service.rendering import Renderer
renderer = Renderer()
assert "_assets" in str(renderer.assets.root), renderer.assets.root
print(len(renderer.page("home/page.html", alert=None, code="")), newest_revision(), renderer.assets.url("thaw.css"))
"""


@pytest.mark.slow
def test_the_wheel_serves_its_own_pages_from_an_empty_folder(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    with zipfile.ZipFile(next(tmp_path.glob("thaw-*.whl"))) as wheel:
        wheel.extractall(tmp_path / "installed")
        entry_points = next(name for name in wheel.namelist() if name.endswith("entry_points.txt"))
        assert "thaw = service.__main__:app" in wheel.read(entry_points).decode()
        assert not [name for name in wheel.namelist() if name.startswith("tests")]
    ran = subprocess.run(
        [sys.executable, "-P", "-c", PROOF],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "installed"), "PATH": "/usr/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert "0001" in ran.stdout
