"""`pincite serve`: the reading page, until it is stopped."""

from __future__ import annotations

from pathlib import Path

import click

from bot.output import FOUND, hint
from bot.startup import settings_and_home


@click.command(short_help="Serve answers and documents to a browser.")
@click.option("--host", default="127.0.0.1", metavar="HOST", help="Where to listen.  [127.0.0.1]")
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=8000, metavar="PORT", help="...  [8000]"
)
@click.option("--debug", is_flag=True, help="Log failures with their trace; may log questions.")
@click.pass_obj
def serve(home_flag: Path | None, host: str, port: int, debug: bool) -> int:
    """Serve a page to ask the documents, and one for each document, until Ctrl-C.

    On 127.0.0.1, as it is by default, only this machine reaches it, but all of its users do. To
    listen for others, set a token of 16 signs or more in PINCITE_WEB_TOKEN, or put it behind a
    proxy that signs people in, and name the header that has its user as `user_header` in the table
    [web] of pincite.toml. There, `folders` names the corpus folders that may be shown.

    \b
    Examples:
      pincite serve
      PINCITE_WEB_TOKEN=... pincite serve --host 0.0.0.0 --port 8080
    """
    from bot.web.serving import listen, serve_page

    settings, home = settings_and_home(home_flag)
    with listen(host, port, settings.web) as listening:
        serve_page(
            listening, host, home, settings, debug=debug,
            ready=lambda address: hint(f"Open {address} in a browser; Ctrl-C stops it."),
        )  # fmt: skip
    return FOUND
