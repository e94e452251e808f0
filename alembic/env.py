"""Runs migrations on their own connection. Foreign keys stay off on SQLite: batch mode recreates tables."""

from typing import Any

from alembic import context
from sqlalchemy import create_engine, pool
from sqlmodel import SQLModel

from service import models  # noqa: F401 the tables register themselves


def render_item(kind: str, thing: Any, _context: Any) -> str | bool:
    """Write SQLModel's own column types as SQLAlchemy's, so that a migration needs nothing but sqlalchemy."""
    name = type(thing).__name__
    if kind == "type" and name == "AutoString":
        length = thing.impl.length
        return f"sa.String(length={length})" if length else "sa.String()"
    if kind == "type" and name == "UTCDateTime":
        return "sa.DateTime(timezone=True)"
    return False


def migrate() -> None:
    """Run what is missing, in one transaction."""
    engine = create_engine(context.config.get_main_option("sqlalchemy.url") or "", poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=SQLModel.metadata,
            render_item=render_item,
            compare_type=True,
            render_as_batch=connection.dialect.name == "sqlite",
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


migrate()
