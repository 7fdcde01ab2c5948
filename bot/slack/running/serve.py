"""Running the bot: Socket Mode or HTTP, until SIGTERM; what is in flight is finished first."""

import logging
import signal
import subprocess
import sys
import threading
from contextlib import suppress

from bot.slack.answering.access import Access, ambiguous
from bot.slack.answering.answer_queue import Desk
from bot.slack.errors import SlackRefused, Unreachable
from bot.slack.listening.app import build_app
from bot.slack.running.app_manifest import FOLLOW_UP_SCOPES, SCOPES
from bot.slack.running.connection import Connection, identify
from bot.slack.running.http_mode import over_http
from bot.slack.running.socket_mode import over_sockets
from bot.slack.sending import wording
from bot.slack.sending.sender import Post
from bot.slack.state import State
from retriever.errors import RetrieverError
from retriever.index.home import Home
from retriever.index.manifest import read_manifest

_SWITCH = 0.001  # seconds; a search must not keep an acknowledgement waiting
_IN_FLIGHT = 8.0  # seconds that questions in flight may take when the bot is stopped
_FRESH = 10.0  # seconds until a watcher that ended is begun again

log = logging.getLogger(__name__)


def run(home: Home, access: Access, connection: Connection, *, watch: bool = False) -> None:
    """Runs the bot until SIGTERM or Ctrl-C; raises `SlackRefused`."""
    _require_names_of_their_own(home, access)
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    sys.setswitchinterval(_SWITCH)
    with suppress(Unreachable):  # when it was stopped
        _run(home, access, connection, stopped, watch=watch)


def _require_names_of_their_own(home: Home, access: Access) -> None:
    with suppress(RetrieverError):  # without an index that can be read, nothing is shown
        folders = read_manifest(home.generation()).folders
        if several := access.named & ambiguous(each.path for each in folders):
            raise SlackRefused(f"In the index, {wording.several_folders(several)}.")


def _run(
    home: Home, access: Access, connection: Connection, stopped: threading.Event, *, watch: bool
) -> None:
    identity = identify(connection, stopped)
    scopes = identity.scopes or {*SCOPES, *(FOLLOW_UP_SCOPES if access.follow_ups else ())}
    post = Post(connection.bot_token, connection.api_url, frozenset(scopes))
    if access.asks_who and not post.may("users:read"):
        log.warning("guests cannot be told from members, so nobody is answered; install the app "
                    "again with the manifest of `pincite slack manifest`")  # fmt: skip
    desk = Desk.open(home, State(home.path / "state.db"), access, post, identity.team)
    app = build_app(desk, connection.signing_secret or "none", identity.user)
    helpers = [threading.Thread(target=desk.sweep, args=(stopped,), daemon=True)]
    if watch:
        helpers.append(threading.Thread(target=_keep_fresh, args=(home, stopped), daemon=True))
    for helper in helpers:
        helper.start()
    desk.warm()
    try:
        if connection.mode == "http":
            over_http(app, desk, connection, stopped)
        else:
            over_sockets(app, connection, stopped)
    finally:
        stopped.set()
        desk.close(_IN_FLIGHT)


def _keep_fresh(home: Home, stopped: threading.Event) -> None:
    """Follows the folders in a process of its own, so that building never slows answering.

    That process ends with this one, whose pipe it reads; if it ends by itself it is begun again.
    """
    command = [sys.argv[0], "--home", str(home.path), "index", "--watch"]
    while not stopped.is_set():
        try:
            watcher = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                text=True, errors="replace",
            )  # fmt: skip
            for complaint in watcher.stderr or ():
                log.warning("the index could not be refreshed", extra={"error": complaint.strip()})
            watcher.wait()
        except OSError as error:
            log.warning("the index is not kept fresh", extra={"error": type(error).__name__})
        stopped.wait(_FRESH)
