"""Thirty followed questions through forty generations: each new answer is told once."""

import itertools
import random
import shutil
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from conftest import SAMPLES, release
from slack_bot import replies, told
from slack_faults import dropped, rate_limited
from slack_following import Place, placed
from slack_world import Message

from bot.slack.sending import wording

GENERATIONS = 40
COUNTRIES = (
    "Elbonia Freedonia Ruritania Zubrowka Genovia Latveria Wakanda Sokovia Graustark Florin "
    "Guilder Syldavia Borduria Krakozhia Molvania Novistrana Arstotzka Zamunda Andorria Bialya "
    "Kasnia Markovia Qurac Vlatava Carpathia Moronica Tomania Bacteria Osterlich Klopstokia"
).split()
TOPICS = (
    "harbor dredging;wheat exports;satellite launches;vaccine storage;railway bridges;fishing "
    "quotas;student exchanges;solar power;copper mining;visa waivers;flood warnings;coffee "
    "tariffs;film archives;mountain rescue;undersea cables;tax treaties;forest fires;rice "
    "seeds;air routes;nursing schools;glass recycling;border patrols;museum loans;horse "
    "breeding;wind turbines;language courses;desert wells;ice roads;tea auctions;ferry safety"
).split(";")
SEEN = {"C0GENERAL": {"open"}, "G0PRIVATE": {"closed"}, "D0ALICE": {"open", "closed"}}
CRASHES, FAULTS = {6, 13, 22, 31, 38}, {9: dropped(after_effect=True), 27: rate_limited(2)}


@dataclass(frozen=True, slots=True)
class Followed:
    """A question, where it is told, and the thread; none where it was asked in private."""

    number: int
    channel: str
    thread: str | None

    @property
    def question(self) -> str:
        return asked(self.number)


def asked(number: int) -> str:
    return f"What was agreed with {COUNTRIES[number]} on {TOPICS[number]}?"


@dataclass
class Corpus:
    """What the two folders hold, changed at random; each answer names its question."""

    folder: Path
    chance: random.Random
    files: dict[str, list[str]] = field(default_factory=dict)
    gone: dict[str, list[str]] = field(default_factory=dict)
    numbers: Counter[str] = field(default_factory=Counter)

    def answer(self, number: int) -> str:
        self.numbers["answer"] += 1
        return (
            f"Korea and {COUNTRIES[number]} agreed on {TOPICS[number]}: they will spend "
            f"{1_000 + self.numbers['answer']} thousand dollars on it each year."
        )

    def filler(self) -> str:
        self.numbers["filler"] += 1
        return f"The delegation took bus {100 + self.numbers['filler']} to the hotel by the lake."

    def write(self, name: str, paragraphs: list[str]) -> None:
        self.files[name] = paragraphs
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        about = next((i for i, c in enumerate(COUNTRIES) if f"and {c} agreed" in paragraphs[0]), 0)
        title = f"Korea and {COUNTRIES[about]} Hold Talks on {TOPICS[about].title()}"
        file.write_text(release(title, "2024-05-06", *paragraphs), "utf-8")

    def new_name(self) -> str:
        self.numbers["file"] += 1
        return f"{self.chance.choice(['open', 'open', 'closed'])}/r{self.numbers['file']:03}.txt"

    def add(self) -> None:
        answer = self.answer(self.chance.randrange(len(COUNTRIES)))
        self.write(self.new_name(), [answer, self.filler(), self.filler()])

    def edit(self) -> None:
        """Another paragraph changes, or the answer itself, or but its typography."""
        name = self.any()
        first, *others = self.files[name]
        what = self.chance.choice(["beside", "typography", "answer"])
        if what == "answer":
            number = next(i for i, c in enumerate(COUNTRIES) if f"and {c} agreed" in first)
            first = self.answer(number)
        elif what == "typography":
            first = first.replace(": they", ":  they").replace("Korea", "KOREA")
        self.write(name, [first, *others[:-1], self.filler()] if what == "beside" else
                   [first, *others])  # fmt: skip

    def copy(self) -> None:
        self.write(self.new_name(), self.files[self.any()])

    def move(self) -> None:
        name = self.any()
        paragraphs = self.files[name]
        self.delete(name)
        self.write(self.new_name(), paragraphs)

    def delete(self, name: str = "") -> None:
        name = name or self.any()
        self.gone[name] = self.files.pop(name)
        (self.folder / name).unlink()

    def bring_back(self) -> None:
        if self.gone:
            name = self.chance.choice(sorted(self.gone))
            self.write(name, self.gone.pop(name))

    def any(self) -> str:
        return self.chance.choice(sorted(self.files))

    def change(self) -> None:
        changes = [self.add, self.add, self.edit, self.edit, self.copy, self.move, self.delete,
                   self.bring_back]  # fmt: skip
        for change in self.chance.choices(changes, k=self.chance.randint(2, 5)):
            change()
        if len(self.files) < 8:
            self.add()

    def answers(self, folders: set[str]) -> set[str]:
        """The answers that may be seen in these folders, by their figures."""
        return {
            figure(paragraphs[0]) for name, paragraphs in self.files.items()
            if name.split("/")[0] in folders
        }  # fmt: skip


def figure(answer: str) -> str:
    return next(word for word in answer.split() if word.isdigit())


def figures(message: Message) -> set[str]:
    """The answers that a message tells of."""
    words = message.visible_text.replace("\n", " ").split()
    return {
        word for word, after in itertools.pairwise(words)
        if word.isdigit() and after == "thousand"
    }  # fmt: skip


def follow_all(place: Place) -> list[Followed]:
    """Ten questions in a public channel, ten in direct messages, five in a private channel, and
    five that are only typed to be followed."""
    slack, followed = place.slack, []
    for number in range(len(COUNTRIES)):
        if number >= 25:
            slack.slash("/ask", f"follow {asked(number)}")
            slack.wait_for(lambda n=number: any(asked(n) in m.visible_text for m in
                                                slack.ephemerals()))  # fmt: skip
            followed.append(Followed(number, "D0ALICE", None))
            continue
        channel = "C0GENERAL" if number < 10 else "D0ALICE" if number < 20 else "G0PRIVATE"
        typed = slack.dm(asked(number)) if number in range(10, 20) else slack.mention(
            asked(number), channel=channel
        )  # fmt: skip
        (answer,) = replies(slack, channel, typed.ts)
        slack.click(answer, "follow").wait()
        followed.append(Followed(number, channel, typed.ts))
    slack.wait_for(lambda: len(place.state("SELECT 1 FROM follows")) == len(COUNTRIES))
    assert len(told(slack, count=30)) == 30
    return followed


def news_of(place: Place, followed: Followed) -> list[Message]:
    """What was told of a question, in the order in which it was told."""
    return [
        message for message in place.slack.bot_messages(followed.channel)
        if message.thread_ts == followed.thread and f"{wording.NEWS}:" in message.text
        and followed.question in message.visible_text
    ]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("seed", [7])
def test_each_new_answer_is_told_once(models: Path, tmp_path: Path, seed: int) -> None:
    corpus = Corpus(tmp_path / "documents", random.Random(seed))
    shutil.copytree(SAMPLES, tmp_path / "documents/open/samples")
    for number in range(0, len(COUNTRIES), 3):
        name = corpus.new_name()
        corpus.write(name, [corpus.answer(number), corpus.filler(), corpus.filler()])
    (tmp_path / "documents/closed").mkdir(exist_ok=True)
    corpus.write("closed/first.txt", [corpus.answer(1), corpus.filler()])
    with placed(models, tmp_path) as place:
        followed = follow_all(place)
        known = {each: corpus.answers(SEEN[each.channel]) for each in followed}
        due: dict[Followed, list[set[str]]] = {each: [] for each in followed}
        for generation in range(GENERATIONS):
            corpus.change()
            if generation in FAULTS:
                place.slack.faults.plan("chat.postMessage", FAULTS[generation])
            place.build()
            if generation in CRASHES:
                place.slack.wait_for(lambda: place.slack.calls("chat.postMessage"))
                place.bot.kill()
                place.bot.start().ready()
            place.wait()
            for each in followed:
                now = corpus.answers(SEEN[each.channel])
                own = {n for n in now - known[each] if belongs(corpus, n, each.number)}
                if own:
                    due[each].append(own)
                known[each] |= now
        told_ = {each: [figures(message) for message in news_of(place, each)] for each in followed}
        assert told_ == due
        everything = sum(len(each) for each in due.values())
        assert everything > 30 and len(news_in(place)) == everything


def belongs(corpus: Corpus, number: str, question: int) -> bool:
    """Whether an answer of this figure answers a question."""
    texts = [paragraphs[0] for paragraphs in corpus.files.values()]
    return any(figure(t) == number and f"and {COUNTRIES[question]} agreed" in t.replace(
        "KOREA", "Korea") for t in texts)  # fmt: skip


def news_in(place: Place) -> list[Message]:
    return [m for m in place.slack.bot_messages() if f"{wording.NEWS}:" in m.text]
