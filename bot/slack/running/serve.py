"""Running the bot: Socket Mode or HTTP, until SIGTERM; what is in flight is finished first."""

import logging
import signal
import subprocess
import sys
import threading
from contextlib import suppress

from bot.slack.answering.access import Access, ambiguous_names
from bot.slack.answering.answer_queue import AnswerQueue
from bot.slack.answering.open_generations import OpenGenerations
from bot.slack.errors import SlackRefused, Unreachable
from bot.slack.listening.app import build_app
from bot.slack.running.app_manifest import FOLLOW_UP_SCOPES, SCOPES
from bot.slack.running.connection import Connection, identify
from bot.slack.running.http_mode import serve_http
from bot.slack.running.socket_mode import serve_sockets
from bot.slack.sending import wording
from bot.slack.sending.sender import Sender
from bot.slack.store.store import Store
from retriever.errors import RetrieverError
from retriever.index.generation_manifest import read_manifest
from retriever.index.home import Home

_SWITCH_INTERVAL = 0.001  # seconds; a search must not keep an acknowledgement waiting
_DRAIN = 8.0  # seconds that questions in flight may take when the bot is stopped
_RESTART_AFTER = 10.0  # seconds until a watcher that ended is begun again

log = logging.getLogger(__name__)


def run(
    generations: OpenGenerations, access: Access, connection: Connection, *, watch: bool = False
) -> None:
    """Runs the bot until SIGTERM or Ctrl-C; raises `SlackRefused`."""
    _require_unambiguous_folders(generations.home, access)
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    sys.setswitchinterval(_SWITCH_INTERVAL)
    with suppress(Unreachable):  # when it was stopped
        _run(generations, access, connection, stopped, watch=watch)


def _require_unambiguous_folders(home: Home, access: Access) -> None:
    with suppress(RetrieverError):  # without an index that can be read, nothing is shown
        folders = read_manifest(home.generation()).folders
        if several := access.named_folders & ambiguous_names(each.path for each in folders):
            raise SlackRefused(f"In the index, {wording.several_folders(several)}.")


def _run(
    generations: OpenGenerations, access: Access, connection: Connection,
    stopped: threading.Event, *, watch: bool,
) -> None:  # fmt: skip
    home = generations.home
    identity = identify(connection, stopped)
    scopes = identity.scopes or {*SCOPES, *(FOLLOW_UP_SCOPES if access.follow_ups else ())}
    sender = Sender(connection.bot_token, connection.api_url, frozenset(scopes))
    if access.checks_users and not sender.may("users:read"):
        log.warning("guests cannot be told from members, so nobody is answered; install the app "
                    "again with the manifest of `pincite slack manifest`")  # fmt: skip
    store = Store(home.path / "state.db")
    queue = AnswerQueue.open(generations, store, access, sender, identity.team)
    app = build_app(queue, connection.signing_secret or "none", identity.user, identity.name)
    background = [threading.Thread(target=queue.sweep, args=(stopped,), daemon=True)]
    if watch:
        background.append(threading.Thread(target=_keep_fresh, args=(home, stopped), daemon=True))
    for thread in background:
        thread.start()
    queue.warm_up()
    try:
        if connection.mode == "http":
            serve_http(app, queue, connection, stopped)
        else:
            serve_sockets(app, connection, stopped)
    finally:
        stopped.set()
        queue.close(_DRAIN)


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
        stopped.wait(_RESTART_AFTER)
