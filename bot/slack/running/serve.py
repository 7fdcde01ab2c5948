"""Running the bot: Socket Mode or HTTP, until SIGTERM; what is in flight is finished first."""

import logging
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from slack_bolt import App
from starlette.types import ASGIApp

from bot.open_generations import OpenGenerations, ambiguous_names
from bot.settings import Settings
from bot.signals import set_from_handler
from bot.slack.answering.access import Access
from bot.slack.answering.answer_queue import AnswerQueue
from bot.slack.answering.metrics import Metrics
from bot.slack.answering.news import News
from bot.slack.errors import SlackRefused, Unreachable
from bot.slack.listening.app import build_app
from bot.slack.running.app_manifest import FOLLOW_UP_SCOPES, SCOPES
from bot.slack.running.connection import Connection, identify
from bot.slack.running.health import Health
from bot.slack.running.http_mode import SlackRequests
from bot.slack.running.http_server import HttpServer
from bot.slack.running.socket_mode import Lines
from bot.slack.sending import wording
from bot.slack.sending.sender import Sender
from bot.slack.sending.slack_client import Standing
from bot.slack.store.store import KEPT_DAYS, STATE, Store
from retriever.errors import RetrieverError
from retriever.index.generation_manifest import read_manifest
from retriever.index.home import Home

_SWITCH_INTERVAL = 0.001  # seconds; a search must not keep an acknowledgement waiting
_DRAIN = 8.0  # seconds that questions in flight may take when the bot is stopped
_LAST_WORDS = 2.0  # seconds that the bot still listens once Slack has refused a token
_RESTART_AFTER = 10.0  # seconds until a watcher that ended is begun again

log = logging.getLogger(__name__)


def run(
    generations: OpenGenerations, settings: Settings, connection: Connection, *,
    watch: bool = False,
) -> None:  # fmt: skip
    """Runs the bot until SIGTERM or Ctrl-C; raises `SlackRefused`, also once Slack takes the tokens
    no longer, and `WebRefused` where it is to serve the reading page and cannot."""
    access = Access.from_settings(settings.slack)
    _require_unambiguous_folders(generations.home, access)
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: set_from_handler(stopped))
    sys.setswitchinterval(_SWITCH_INTERVAL)
    bot = _Bot(generations, settings, connection, stopped)
    in_background(bot.end_when_refused)
    if watch:
        in_background(_keep_fresh, generations.home, stopped)
    with bot.listening(), suppress(Unreachable):  # when it was stopped
        bot.work()
    if bot.standing.refusal:
        raise SlackRefused(bot.standing.refusal)


def _require_unambiguous_folders(home: Home, access: Access) -> None:
    with suppress(RetrieverError):  # without an index that can be read, nothing is shown
        folders = read_manifest(home.generation()).folders
        if several := access.named_folders & ambiguous_names(each.path for each in folders):
            raise SlackRefused(f"In the index, {wording.several_folders(several)}.")


class _Bot:
    """One run of the bot."""

    def __init__(
        self, generations: OpenGenerations, settings: Settings, connection: Connection,
        stopped: threading.Event,
    ) -> None:  # fmt: skip
        self._generations, self._settings, self._connection = generations, settings, connection
        self._access, self._stopped = Access.from_settings(settings.slack), stopped
        self._metrics = Metrics()
        self.standing = Standing(self._metrics.count_rate_limit)
        self._health = Health(generations, self.standing, self._metrics)
        self._slack = (
            SlackRequests(connection.signing_secret) if connection.mode == "http" else None
        )

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Tells who asks how the bot is, from before Slack is reached until all is done.

        Raises `SlackRefused` where Slack's requests could not come.
        """
        server, port = None, self._connection.port
        try:
            if self._connection.listens:
                server = HttpServer(
                    self._connection.host, port, self._health, self._slack, self._reading_page()
                )
        except OSError:
            if self._slack:
                raise SlackRefused(f"Port {port} cannot be used; set PORT to a free one.") from None
            log.warning("the port cannot be used, so nobody can ask how the bot is; set PORT to a "
                        "free one", extra={"port": port})  # fmt: skip
        try:
            yield
        finally:
            if server:
                server.close()

    def _reading_page(self) -> ASGIApp | None:
        if not (self._slack and self._settings.slack.get("reading_page")):
            return None
        from bot.web.serving import mounted_page  # most bots go without

        return mounted_page(self._connection.host, self._generations, self._settings)

    def end_when_refused(self) -> None:
        """Stops the bot a moment after Slack has refused a token: that the app was removed, Slack
        tells with a second event."""
        self.standing.lost.wait()
        log.error("Slack refuses a token, so the bot ends", extra={"code": self.standing.code})
        self._stopped.wait(_LAST_WORDS)
        self._stopped.set()

    def work(self) -> None:
        """Answers until stopped, and then what is under way; raises `SlackRefused`."""
        connection, access, stopped = self._connection, self._access, self._stopped
        kept = self._settings.slack.get("keep_days", KEPT_DAYS)
        store = Store(self._generations.home.path / STATE, keep_days=kept)
        self._health.store = store
        identity = identify(connection, stopped, self.standing)
        scopes = identity.scopes or {*SCOPES, *(FOLLOW_UP_SCOPES if access.follow_ups else ())}
        sender = Sender(connection.bot_token, connection.api_url, frozenset(scopes), self.standing)
        if access.checks_users and not sender.may("users:read"):
            log.warning("guests cannot be told from members, so nobody is answered; install the "
                        "app again with the manifest of `pincite slack manifest`")  # fmt: skip
        queue = AnswerQueue.open(
            self._generations,
            store,
            access,
            sender,
            identity.team,
            self._metrics,
            web=self._settings.web,
        )
        news = News(queue)
        secret = connection.signing_secret or "none"
        app = build_app(queue, news, secret, identity.user, identity.name)
        in_background(queue.sweep, stopped)
        in_background(news.watch, stopped)
        try:
            if self._slack:
                self._serve_http(self._slack, app, queue)
            else:
                self._serve_sockets(app, queue)
        finally:
            stopped.set()
            queue.close(_DRAIN)

    def _serve_http(self, slack: SlackRequests, app: App, queue: AnswerQueue) -> None:
        slack.open(app)
        self._health.connection = lambda: ""
        queue.warm_up()
        log.info("ready", extra={"mode": "http", "port": self._connection.port})
        self._stopped.wait()
        slack.close()

    def _serve_sockets(self, app: App, queue: AnswerQueue) -> None:
        queue.warm_up()
        lines = Lines(app, self._connection, self.standing)
        self._health.connection = lines.problem
        self._metrics.watch_connections(lines.open)
        lines.serve(self._stopped)


def in_background(work: Callable[..., object], *arguments: object) -> None:
    """Does something in a thread that ends with the process."""
    threading.Thread(target=work, args=arguments, daemon=True).start()


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
