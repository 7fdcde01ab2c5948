"""Whether the bot in this container works, for HEALTHCHECK: exit code 0 if so.

In HTTP mode it is asked itself whether it has an index. In Socket Mode it has no door of its own:
it works when it has an index and holds a connection out of the container, which is Slack's.
"""

import http.client
import os
import sys
from pathlib import Path

_ESTABLISHED = "01"
_OWN = ("0100007F:", "00000000000000000000000001000000:", "0000000000000000FFFF00000100007F:")


def answers(port: str) -> bool:
    """Whether the bot says, in HTTP mode, that it is ready."""
    bot = http.client.HTTPConnection("127.0.0.1", int(port), timeout=4)
    try:
        bot.request("GET", "/readyz")
        return bot.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        bot.close()


def connected(table: str) -> bool:
    """Whether one of the kernel's TCP connections, as in /proc/net/tcp, leads out of here."""
    rows = (line.split() for line in table.splitlines()[1:])
    return any(row[3] == _ESTABLISHED and not row[2].startswith(_OWN) for row in rows if row)


def main() -> int:
    """Says by the exit code whether all is well."""
    if os.environ.get("SLACK_MODE") == "http":
        return 0 if answers(os.environ.get("PORT") or "3000") else 1
    tables = [Path("/proc/net/tcp"), Path("/proc/net/tcp6")]
    online = any(connected(table.read_text()) for table in tables if table.exists())
    indexed = Path(os.environ.get("PINCITE_HOME", "."), "CURRENT").exists()
    return 0 if online and indexed else 1


if __name__ == "__main__":
    sys.exit(main())
