"""Bringing the tables of a database up to date with alembic."""

from functools import cache

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from service.settings import asset_dir


def migrate(database_url: str) -> None:
    """Bring the database to the newest revision."""
    command.upgrade(_config(database_url), "head")


@cache
def newest_revision() -> str | None:
    """The revision that the code needs."""
    return ScriptDirectory.from_config(_config("")).get_current_head()


def _config(database_url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(asset_dir("alembic")))
    config.set_main_option("sqlalchemy.url", database_url.replace("%", "%%"))
    return config
