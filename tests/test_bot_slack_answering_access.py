"""Who may see what: the settings, and the whole matrix of places, folders and ways to ask.

The matrix runs the real bot as a process of its own: whatever it sends to a place is searched for
everything that only the restricted folder has.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import slack_privacy
from conftest import ROOT, Shelf, release
from slack_delivery import Gesture
from slack_standin import SCOPES, SUBSCRIPTIONS, Slack
from slack_world import BOT_USER, Channel, Message, View

from bot.open_generations import OpenGenerations
from bot.slack.answering.access import Access, User, kind_of
from bot.slack.answering.responder import Responder
from bot.slack.question import Question
from bot.slack.sending import wording
from bot.slack.store.store import Store
from retriever.answering.answer import Verdict
from retriever.answering.ask import ask
from retriever.build.build import build_index
from retriever.index.generation import Generation
from retriever.index.home import Home

# The settings.


def test_without_folders_everything_may_be_shown_everywhere() -> None:
    assert Access().folders_in("C1", "public") is None


def test_the_most_specific_line_counts() -> None:
    access = Access({"C1": ("a", "b"), "private": ("b",), "*": ("c",), "direct": ()})
    assert access.folders_in("C1", "private") == ("a", "b")
    assert access.folders_in("C2", "private") == ("b",)
    assert access.folders_in("C2", "public") == ("c",)
    assert access.folders_in("D1", "direct") == ()


def test_a_place_that_no_line_names_shows_nothing() -> None:
    assert Access({"C1": ("a",)}).folders_in("C2", "public") == ()


def test_of_two_folders_of_one_name_nothing_is_shown(shelf: Shelf) -> None:
    other = shelf.folder.with_name("private") / "releases"
    other.mkdir(parents=True)
    (other / "secret.txt").write_text("1. The secret talks were held in Busan.\n")
    asked = Question("command", "T1", "C1", "U1", "Who met in Busan?", "", asked_on="2024-01-01")
    access = Access({"*": ("releases",)}, guests=True, external=True)
    nobody: Any = None
    store = Store(shelf.home.path / "state.db")
    responder = Responder(OpenGenerations(shelf.home), store, access, nobody, "T1", {})
    assert responder.generations.size(("releases",))[0] == 3
    assert responder.find(asked).passages
    build_index(shelf.home, [shelf.folder, other])
    assert responder.generations.size(("releases",)) == (0, None)
    assert not responder.find(asked).passages
    assert responder.generations.size(None)[0] == 4


@pytest.mark.parametrize(
    ("channel", "says", "kind"),
    [
        ("C1", {}, "public"),
        ("C1", {"channel_type": "channel"}, "public"),
        ("C1", {"channel_type": "group"}, "private"),
        ("C1", {"channel_type": "mpim"}, "private"),
        ("C1", {"channel_name": "privategroup"}, "private"),
        ("C1", {"channel_name": "directmessage"}, "public"),  # so may anybody name a channel
        ("C1", {"channel_name": "mpdm-alice--bob-1"}, "private"),
        ("G1", {}, "private"),
        ("D1", {}, "direct"),
        ("D1", {"channel_type": "im"}, "direct"),
        ("", {}, "public"),
    ],
)
def test_the_kind_of_a_place(channel: str, says: dict[str, str], kind: str) -> None:
    assert kind_of(channel, **says) == kind


@pytest.mark.parametrize(
    ("access", "person", "shared", "refused"),
    [
        (Access(), User(), False, ""),
        (Access(), User(is_guest=False), False, ""),
        (Access(), User(is_guest=True), False, wording.REFUSED_GUEST),
        (Access(guests=True), User(is_guest=True), False, ""),
        (Access(), User(), True, wording.REFUSED_EXTERNAL),
        (Access(), User(of_this_workspace=False), False, wording.REFUSED_EXTERNAL),
        (Access(external=True), User(of_this_workspace=False), True, ""),
        (Access(external=True), User(is_guest=True), True, wording.REFUSED_GUEST),
    ],
)
def test_who_is_answered(access: Access, person: User, shared: bool, refused: str) -> None:
    assert access.refusal(person, shared_channel=shared) == refused


# The matrix.

COPIED = "The two sides agreed to paint every lantern of the old pier green before winter."
OPEN = {
    "harbor.txt": release(
        "Korea and Elbonia Hold Harbor Talks in Busan (March 3)",
        "2021-03-04",
        "Minister Alice Brown met Governor Carl Diaz of Elbonia in Busan on March 3.",
        "The two sides agreed to deepen the harbor of Busan for container ships by 2025.",
        COPIED,
    )
}
CLOSED = {
    "obsidian.txt": release(
        "Quarterly Review of the Obsidian Ledger (May 9)",
        "2022-05-10",
        "Director Quillon Vandermeer met Envoy Park Jin-hwa at the Tarragon house on May 9.",
        "The board agreed to move the reserve of the fund to Montserrat by the end of the year.",
        COPIED,
    )
}
SECRETS = (
    "obsidian", "ledger", "quillon", "vandermeer", "park jin", "jin-hwa", "tarragon",
    "montserrat", "closed/", "2022-05-10", "10 may 2022",
)  # fmt: skip
QUESTIONS = {
    "open": "What was agreed on the harbor of Busan?",
    "restricted": "Where does the board move the reserve of the fund?",
    "both": "Who paints the lanterns of the old pier?",
}
SLIPS = {
    "misspelt": "What did Quilon Vandermer do with the reserve?",
    "in Hangul": "박진화 기금 예비",
    "without capitals": "what did the board do in may 2022?",
}
"""Questions that name what only the restricted folder has, in another spelling."""
PLACES = {
    "public": "C0GENERAL",
    "public, not a member": "C0RANDOM",
    "private": "G0PRIVATE",
    "private, not a member": "G0SECRET",
    "shared": "C0SHARED",
    "group": "G0GROUPDM",
    "direct": "D0ALICE",
}
WITHOUT_BOT = {"C0RANDOM", "G0SECRET"}
SCOPES_HERE = SCOPES | {
    "users:read", "channels:history", "groups:history", "mpim:history",
}  # fmt: skip
EVENTS_HERE = SUBSCRIPTIONS | {"message.channels", "message.groups", "message.mpim"}


@dataclass
class Bot:
    """The bot that runs, with the Slack it runs in."""

    slack: Slack
    log: Path

    def said(self, channel: str) -> list[Message]:
        """Everything that the bot shows in a place, to all or to some."""
        everybody = self.slack.bot_messages(channel)
        return everybody + [
            each
            for user in ("U0ALICE", "U0BOB", "U0GUEST", "U0EXT")
            for each in self.slack.ephemerals(user, channel)
        ]

    def wait_for(self, channel: str, count: int) -> None:
        """Waits until the bot has said so much in a place, so that nobody is left without a word;
        and a little longer, since it must not say more."""
        self.slack.wait_for(lambda: len(self.said(channel)) >= count, 20, f"{count} in {channel}")
        self.slack.settle(quiet=0.15)


@pytest.fixture(scope="module")
def shelves(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Two corpus folders in one index: `open` and `closed`."""
    place = tmp_path_factory.mktemp("shelves")
    for name, documents in (("open", OPEN), ("closed", CLOSED)):
        (place / name).mkdir()
        for file, text in documents.items():
            (place / name / file).write_text(text, "utf-8")
    (place / "home").mkdir()
    (place / "home" / "models").symlink_to(models)
    build_index(Home(place / "home"), [place / "open", place / "closed"])
    return Home(place / "home")


@contextmanager
def running(home: Home, working: Path, stated: str) -> Iterator[Bot]:
    """The bot with a table `[slack]` of settings, until it is stopped."""
    working.mkdir()
    (working / "pincite.toml").write_text(stated, "utf-8")
    with Slack(scopes=SCOPES_HERE, subscriptions=EVENTS_HERE) as slack:
        environment = {
            **os.environ, **slack.environment(), "PINCITE_HOME": str(home.path),
            "PYTHONPATH": str(ROOT),
        }  # fmt: skip
        command = [sys.executable, "-c", "from bot.cli import main; main()", "slack"]
        with (working / "log").open("w") as log:
            program = subprocess.Popen(command, env=environment, cwd=working, stderr=log)
            try:
                slack_privacy.watch(working / "log", slack)
                slack.wait_connected()
                yield Bot(slack, working / "log")
            finally:
                program.terminate()
                assert program.wait(120) == 0


@pytest.fixture(scope="module")
def bot(shelves: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    """The restricted folder may be shown in direct messages and in one private channel."""
    stated = """[slack]
        follow_ups = true
        [slack.folders]
        "*" = ["open"]
        direct = ["open", "closed"]
        G0PRIVATE = ["open", "closed"]
    """
    with running(shelves, tmp_path_factory.mktemp("bot") / "working", stated) as made:
        yield made


def leaks(*sent: Any) -> list[str]:
    """What of the restricted folder stands in payloads, seen or not."""
    text = json.dumps([each.payload for each in sent], ensure_ascii=False).casefold()
    return [secret for secret in SECRETS if secret in text]


def ways_to_ask(bot: Bot, question: str, channel: str) -> dict[str, Gesture]:
    """Asks in every way that there is in a place."""
    slack = bot.slack
    ways = {"command": slack.slash("/ask", question, channel=channel)}
    if channel not in WITHOUT_BOT:
        if channel.startswith("D"):
            ways["direct message"] = slack.dm(question)
        else:
            ways["mention"] = slack.mention(question, channel=channel)
    written = slack.say(question, channel=channel, user="U0ALICE")
    assert written.message
    ways["shortcut"] = slack.shortcut("find_sources", written.message)
    return ways


def follow(bot: Bot, asked: Gesture, question: str, channel: str) -> None:
    """Goes on in the thread of an answer, with and without naming the bot."""
    if channel.startswith("D"):
        bot.slack.dm(f"and {question}", thread_ts=asked.ts)
        return
    bot.slack.mention(f"and {question}", channel=channel, thread_ts=asked.ts)
    bot.slack.say(f"And {question}", channel=channel, thread_ts=asked.ts)


def click_on_everything(bot: Bot, channel: str) -> list[Any]:
    """Clicks on every button of what the bot said; gives the modals that opened."""
    before = {view.id for view in bot.slack.views()}
    for action in ("show_more", "show_context", "share", "retry"):
        for message in bot.said(channel):
            if message.to in (None, "U0ALICE") and _has(message, action):
                bot.slack.click(message, action)
        bot.slack.settle(quiet=0.3)
    return [view for view in bot.slack.views() if view.id not in before]


def _has(message: Message, action: str) -> bool:
    return f'"action_id": "{action}"' in json.dumps(message.payload)


@pytest.mark.parametrize("place", PLACES)
def test_no_place_shows_what_it_may_not(bot: Bot, place: str) -> None:
    channel, slack = PLACES[place], bot.slack
    may = channel in ("G0PRIVATE", "D0ALICE")
    questions = (*QUESTIONS.values(), *SLIPS.values())
    asked = {question: ways_to_ask(bot, question, channel) for question in questions}
    count = sum(map(len, asked.values()))
    bot.wait_for(channel, count)
    for question, ways in asked.items():
        for name in {"mention", "direct message"} & ways.keys():
            follow(bot, ways[name], question, channel)
            count += 1
    bot.wait_for(channel, count)
    modals = click_on_everything(bot, channel)
    sent = bot.said(channel)
    if may:
        assert {"montserrat", "quillon", "obsidian"} <= set(leaks(*sent))
        assert leaks(*modals)
    else:
        assert leaks(*sent) == []
        assert leaks(*modals) == []
        answered = ["harbor of Busan for container" in each.visible_text for each in sent]
        assert any(answered) or channel == "C0SHARED"
    everywhere = [each for each in slack.bot_messages() if each.channel not in PLACES.values()]
    assert leaks(*everywhere) == []


@pytest.mark.parametrize("question", [*QUESTIONS.values(), *SLIPS.values()])
def test_a_private_window_shows_what_everybody_may_see(bot: Bot, question: str) -> None:
    before = {view.id for view in bot.slack.views("U0BOB")}
    bot.slack.global_shortcut("ask_modal", "U0BOB")
    bot.slack.settle(quiet=0.15)
    (view,) = [view for view in bot.slack.views("U0BOB") if view.id not in before]
    bot.slack.submit_view(view, {"question": {"question": question}})

    def answered() -> list[View]:
        now = [each for each in bot.slack.views("U0BOB") if each.id == view.id]
        waiting = ("Ask the documents", wording.LOADING)
        return [each for each in now if not any(word in each.visible_text for word in waiting)]

    (filled,) = bot.slack.wait_for(answered)
    assert leaks(filled) == []
    assert filled.visible_text.startswith("Passages")


@pytest.mark.parametrize("channel", ["C0RANDOM", "D0ALICE"])
def test_examples_are_of_what_may_be_shown_there(bot: Bot, channel: str) -> None:
    before = len(bot.slack.ephemerals())
    bot.slack.slash("/ask", "help", channel=channel)
    *_, usage = bot.slack.wait_for(lambda: bot.slack.ephemerals()[before:], 20)
    assert "/ask " in usage.visible_text
    assert channel.startswith("D") or leaks(usage) == []


def test_nothing_is_said_of_what_is_elsewhere(bot: Bot) -> None:
    """The number of documents and the newest day are those of the folders that are shown."""
    bot.slack.slash("/ask", QUESTIONS["open"], channel="C0RANDOM", user="U0BOB")
    bot.slack.wait_for(lambda: bot.slack.ephemerals("U0BOB", "C0RANDOM"))
    (answer,) = bot.slack.ephemerals("U0BOB", "C0RANDOM")
    assert "1 document up to 4 March 2021" in answer.visible_text


def test_nobody_from_elsewhere_is_answered(bot: Bot) -> None:
    slack, question = bot.slack, QUESTIONS["open"]
    asked = [
        slack.mention(question, user="U0EXT", channel="C0SHARED"),
        slack.mention(question, user="U0GUEST"),
        slack.dm(question, user="U0EXT"),
        slack.dm(question, user="U0GUEST"),
    ]
    commands = [
        slack.slash("/ask", question, user="U0EXT", channel="C0SHARED"),
        slack.slash("/ask", question, user="U0GUEST"),
    ]

    def said() -> list[Message]:
        replies = [m for each in asked for m in slack.messages(each.channel, each.ts)[1:]]
        return [*replies, *slack.ephemerals("U0EXT"), *slack.ephemerals("U0GUEST")]

    slack.wait_for(lambda: len(said()) >= len(asked) + len(commands))
    slack.settle()
    refusals = {wording.REFUSED_EXTERNAL, wording.REFUSED_GUEST}
    assert [each.visible_text in refusals for each in said()] == [True] * 6


def test_a_guest_sees_no_more_by_clicking(bot: Bot) -> None:
    asked = bot.slack.mention(QUESTIONS["open"], user="U0BOB")
    bot.slack.wait_for(lambda: len(bot.slack.messages("C0GENERAL", asked.ts)) > 1)
    answer = bot.slack.messages("C0GENERAL", asked.ts)[1]
    for action in ("show_more", "show_context"):
        bot.slack.click(answer, action, user="U0GUEST")
    bot.slack.settle(quiet=0.5)
    shown = [view.visible_text for view in bot.slack.views("U0GUEST")]
    assert not any("harbor of Busan for container" in text for text in shown)


def test_nothing_is_shared_with_other_companies(bot: Bot) -> None:
    """In a channel of which the bot has heard nothing yet, so that only Slack knows that it is
    shared."""
    members = {"U0ALICE", "U0EXT", BOT_USER}
    bot.slack.world.channels["C0NEW"] = Channel("C0NEW", "new", "channel", members, shared=True)
    bot.slack.slash("/ask", QUESTIONS["open"], channel="C0NEW")
    bot.slack.wait_for(lambda: bot.slack.ephemerals("U0ALICE", "C0NEW"))
    (answer,) = bot.slack.ephemerals("U0ALICE", "C0NEW")
    # A command and a click do not say that their channel is shared: whoever shares is warned.
    assert "also people of other organisations" in json.dumps(answer.payload)
    bot.slack.say("Good morning.", "U0ALICE", "C0NEW")  # by which the bot learns it
    bot.slack.settle()
    bot.slack.click(answer, "share")
    bot.slack.settle(quiet=0.5)
    assert not bot.slack.bot_messages("C0NEW")
    refused = [each.visible_text for each in bot.slack.ephemerals("U0ALICE", "C0NEW")]
    assert wording.REFUSED_EXTERNAL in refused


def test_a_place_without_folders_says_so(shelves: Home, tmp_path: Path) -> None:
    stated = '[slack.folders]\ndirect = ["closed"]\nC0GENERAL = ["unknown"]\n'
    with running(shelves, tmp_path / "working", stated) as bot:
        slack = bot.slack
        asked = slack.mention(QUESTIONS["restricted"], channel="G0PRIVATE")
        empty = slack.mention(QUESTIONS["restricted"], channel="C0GENERAL")
        direct = slack.dm(QUESTIONS["restricted"])
        for each in (empty, direct):
            slack.wait_for(lambda each=each: len(slack.messages(each.channel, each.ts)) > 1)
        slack.wait_for(lambda: slack.ephemerals("U0ALICE", "G0PRIVATE"))
        (refused,) = slack.ephemerals("U0ALICE", "G0PRIVATE")
        assert refused.visible_text == wording.REFUSED_PLACE
        assert len(slack.messages("G0PRIVATE", asked.ts)) == 1
        none = slack.messages("C0GENERAL", empty.ts)[1]
        assert leaks(none) == []
        assert "No passage answers that in 0 documents." in none.visible_text
        assert "Montserrat" in slack.messages(direct.channel, direct.ts)[1].visible_text
        slack.open_home()
        slack.wait_for(slack.home)
        home = slack.home()
        open_here = {"montserrat", "obsidian", "ledger", "10 may 2022", "2022-05-10"}
        assert home and {*leaks(home)} <= open_here  # what a direct message may show
        assert "1 document up to 10 May 2022" in home.visible_text


# The answer itself.


@pytest.mark.parametrize("question", [*QUESTIONS.values(), *SLIPS.values()])
@pytest.mark.parametrize("history", [(), ("What did Quilon Vandermer say?",), ("박진화?",)])
def test_a_restricted_answer_holds_nothing_else(
    shelves: Home, question: str, history: tuple[str, ...]
) -> None:
    answer = ask(Generation.open(shelves), question, history=history, folders=["open"], top=20)
    text = repr(answer).casefold()
    assert [secret for secret in SECRETS if secret in text] == []
    assert {hit.citation.document for hit in answer.passages} <= {"harbor.txt"}


def test_a_name_that_only_others_have_is_as_unknown_as_any(shelves: Home) -> None:
    generation = Generation.open(shelves)
    for pattern in ("What did {} say?", "what did {} say?", "What was agreed with {}?"):
        theirs, nobodys = (
            ask(generation, pattern.format(name), folders=["open"])
            for name in ("Vandermeer", "Fotheringay")
        )
        assert theirs.verdict is nobodys.verdict
        assert theirs.reason == nobodys.reason
        assert len(theirs.searched.names) == len(nobodys.searched.names)
    known = ask(generation, "What was agreed with Diaz of Elbonia?", folders=["open"])
    assert known.verdict is not Verdict.NONE


def test_what_changed_since_is_not_named_either(shelves: Home, tmp_path: Path) -> None:
    folder = tmp_path / "open"
    folder.mkdir()
    (folder / "harbor.txt").write_text(OPEN["harbor.txt"], "utf-8")
    closed = tmp_path / "closed"
    closed.mkdir()
    (closed / "obsidian.txt").write_text(CLOSED["obsidian.txt"], "utf-8")
    home = Home(tmp_path / "home", shelves.models, shelves.models)
    build_index(home, [folder, closed])
    time.sleep(0.01)
    (folder / "harbor.txt").write_text("Another text.", "utf-8")
    answer = ask(Generation.open(home), SLIPS["misspelt"], folders=["open"])
    text = repr(answer).casefold()
    assert [secret for secret in SECRETS if secret in text] == []
    assert "mentions" not in answer.reason
