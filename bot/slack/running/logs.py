"""The log: JSON lines on a stream, of the bot's own records alone."""

import json
import logging
import re
import time
from typing import Any

_SECRET = re.compile(r"x(?:ox[a-z](?:\.xox[a-z])?|app)-[\w-]+|(?:https?|wss?)://[^\s\"\\]+")


class JsonFormatter(logging.Formatter):
    """Log records as JSON, one a line; tokens and addresses are never among them."""

    _PLAIN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

    def format(self, record: logging.LogRecord) -> str:
        """The record with its time, level, message and extra fields."""
        at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        fields = {key: value for key, value in vars(record).items() if key not in self._PLAIN}
        entry = {"at": f"{at}Z", "level": record.levelname.lower(), "from": record.name,
                 "message": record.getMessage(), **fields}  # fmt: skip
        if record.exc_info:
            entry["trace"] = self.formatException(record.exc_info)
        return _SECRET.sub("***", json.dumps(entry, ensure_ascii=False, default=str))


def log_json_to(stream: Any, level: str = "INFO") -> None:
    """Sends our records to the stream as JSON lines, and no others."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    handler.addFilter(_is_ours)


def _is_ours(record: logging.LogRecord) -> bool:
    """Whether a record is ours: those of Bolt and the SDK quote what was sent."""
    return record.name.startswith("bot.")
