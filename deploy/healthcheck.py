"""Whether the bot in this container works, for HEALTHCHECK: exit code 0 if it says so itself."""

import http.client
import os
import sys


def answers(port: str) -> bool:
    """Whether the bot on this port says that it is ready; it prints why not."""
    bot = http.client.HTTPConnection("127.0.0.1", int(port), timeout=4)
    try:
        bot.request("GET", "/readyz")
        reply = bot.getresponse()
        sys.stdout.write(reply.read().decode())
        return reply.status == 200
    except (OSError, http.client.HTTPException) as error:
        sys.stdout.write(f"{error}\n")
        return False
    finally:
        bot.close()


if __name__ == "__main__":
    sys.exit(0 if answers(os.environ.get("PORT") or "3000") else 1)
