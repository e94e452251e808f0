"""Drafts a migration from the models on a throw-away database: ``make revision MESSAGE="what it does"``."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command

from service.migrating import _config, migrate
from service.settings import asset_dir

if __name__ == "__main__":
    number = len(list((Path(asset_dir("alembic")) / "versions").glob("*.py"))) + 1
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/draft.db"
        migrate(url)
        command.revision(_config(url), message=sys.argv[1], autogenerate=True, rev_id=f"{number:04}")
