"""Log lines as JSON. No line carries a name, an answer, a code, a cookie or an address."""

import json
import logging
from datetime import UTC, datetime


class JsonLines(logging.Formatter):
    """One JSON object a line: when, how bad, who, what; with the traceback if there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line, whatever it holds."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "says": record.getMessage(),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def log_as_json(level: str) -> None:
    """Send every log line to stderr as JSON from this level on."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for chatty in ("alembic", "httpx2", "uvicorn.error"):
        logging.getLogger(chatty).setLevel(logging.WARNING)  # uvicorn's would hold the addresses of phones
