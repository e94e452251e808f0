"""Every environment variable, typed, with its default. Nothing else reads the environment."""

import ipaddress
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

THREADS = 20
"""Worker threads for pages and forms, and as many database connections."""

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


class Settings(BaseSettings):
    """The whole configuration. ``.env.example`` names every one; a test holds the two together."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", populate_by_name=True)

    database_url: str = Field("sqlite:///var/thaw.db", alias="DATABASE_URL")
    host: str = Field("127.0.0.1", alias="HOST")
    port: int = Field(8000, alias="PORT", ge=0, le=65535)
    given_url: str = Field("", alias="PUBLIC_URL")
    secret_key: str = Field("", alias="SECRET_KEY")
    web_concurrency: int = Field(1, alias="WEB_CONCURRENCY", ge=1)
    forwarded_allow_ips: str = Field("127.0.0.1", alias="FORWARDED_ALLOW_IPS")
    log_level: str = Field("INFO", alias="LOG_LEVEL")
    metrics_token: str = Field("", alias="METRICS_TOKEN")
    hosting: str = Field("", alias="THAW_HOSTING")
    test_delays: float = Field(1.0, alias="THAW_TEST_DELAYS", gt=0, le=1)

    @field_validator("database_url")
    @classmethod
    def _known_driver(cls, url: str) -> str:
        for short in ("postgres://", "postgresql://"):
            if url.startswith(short):
                return "postgresql+psycopg://" + url.removeprefix(short)
        return url

    @property
    def public_url(self) -> str:
        """The address that people reach Thaw by, without a slash at its end."""
        return (self.given_url or f"http://127.0.0.1:{self.port}").rstrip("/")

    @property
    def secrets(self) -> list[str]:
        """The signing keys, newest first."""
        return [key.strip() for key in self.secret_key.split(",") if key.strip()]

    @property
    def https(self) -> bool:
        """Whether people reach Thaw over https, so that cookies can be bound to it."""
        return self.public_url.startswith("https://")

    def objections(self) -> list[str]:
        """Why this configuration cannot be served, one sentence each; empty when it can."""
        return [sentence for wrong, sentence in self._rules() if wrong]

    def _rules(self) -> list[tuple[bool, str]]:
        return [
            (not self.secrets, "SECRET_KEY is missing. Give it a long random text."),
            (any(len(key) < 16 for key in self.secrets), "SECRET_KEY is too short. Use at least 16 characters."),
            (self.web_concurrency > 1, "WEB_CONCURRENCY above 1 is not supported. Run one process."),
            (not self.https and not _nearby(self.public_url), "PUBLIC_URL is http. Use https, or a private address."),
            (self.https and self.test_delays != 1, "THAW_TEST_DELAYS is for tests only, never on https."),
            (self.log_level.upper() not in LOG_LEVELS, f"LOG_LEVEL is unknown. Use {', '.join(LOG_LEVELS)}."),
            (0 < len(self.hosting) < 12 and self.hosting != "open", "THAW_HOSTING needs at least 12 characters."),
        ]


def _nearby(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_private


def asset_dir(name: str) -> Path:
    """A folder of the repository's top level (templates, static, alembic), or its copy inside the wheel."""
    here = Path(__file__).resolve().parent
    checkout = here.parent / name
    return checkout if checkout.is_dir() else here / "_assets" / name
