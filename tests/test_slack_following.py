"""Questions that are followed in Slack: what is new is told where they were asked, once."""

import itertools
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from conftest import RELEASES, release
from slack_bot import forget, replies, told
from slack_faults import dropped, slow
from slack_following import Place, placed
from slack_world import Message

from bot.slack.sending import wording

ASKED = "What was agreed with Elbonia on the harbor of Busan?"
COUNT = itertools.count(2)


@dataclass(frozen=True, slots=True)
class Treaty:
    """A release that answers, in words that no other one has."""

    agreed: str = field(
        default_factory=lambda: (
            f"Korea and Elbonia agreed to widen the harbor of Busan by {next(COUNT)} piers."
        )
    )

    @property
    def text(self) -> str:
        return release("Korea and Elbonia Sign Harbor Treaty", "2021-05-06", self.agreed)


@pytest.fixture(scope="module")
def bot(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    below = tmp_path_factory.mktemp("following")
    for name in ("open", "closed"):
        (below / "documents" / name).mkdir(parents=True)
    with placed(models, _with_releases(below)) as made:
        yield made


@pytest.fixture
def place(bot: Place) -> Iterator[Place]:
    """The bot with nothing on the screens; all that changes is undone."""
    bot.slack.settle()
    forget(bot.slack)
    yield bot
    for reference, *_ in bot.state("SELECT reference FROM follows"):
        stop = {"action_id": "stop_telling", "type": "button", "block_id": "b", "value": reference}
        bot.slack._click(bot.slack.bot_messages()[-1], stop, "U0ALICE").wait()
    shutil.rmtree(bot.folder)
    _with_releases(bot.folder.parent)
    bot.build()


def _with_releases(below: Path) -> Path:
    for name, text in {
        **{f"open/{name}": text for name, text in RELEASES.items()},
        "closed/minutes.txt": release("Minutes", "2021-01-01", "Tea was had in the garden."),
    }.items():
        file = below / "documents" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return below


def write(place: Place, name: str, text: str) -> None:
    (place.folder / name).write_text(text, "utf-8")


def followed(place: Place, channel: str = "C0GENERAL", user: str = "U0ALICE") -> Message:
    """The answer to a mention, of which somebody wants to be told when there is more."""
    asked = place.slack.mention(ASKED, channel=channel)
    (answer,) = replies(place.slack, channel, asked.ts)
    place.slack.click(answer, "follow", user).wait()
    (notice,) = told(place.slack, user)
    assert wording.FOLLOWED_HERE in notice.visible_text and ASKED in notice.visible_text
    return answer


def news(place: Place, answer: Message) -> list[Message]:
    """What was told below an answer."""
    _, *later = replies(place.slack, answer.channel, str(answer.thread_ts))
    return later


def test_what_is_new_is_told_once_in_the_thread(place: Place) -> None:
    treaty = Treaty()
    answer = followed(place)
    write(place, "open/treaty.txt", treaty.text)
    place.index()
    (told_,) = news(place, answer)
    assert treaty.agreed in told_.visible_text and "deepen the harbor" not in told_.visible_text
    assert told_.text.startswith(f"{wording.NEWS}: “Korea and Elbonia agreed")
    shutil.copy(place.folder / "open/treaty.txt", place.folder / "open/again.txt")
    place.index()
    for file in place.folder.glob("open/[ta]*"):
        file.unlink()
    place.index()
    write(place, "open/later.txt", treaty.text)
    place.index()
    assert news(place, answer) == [told_]


def test_what_is_told_has_the_buttons_of_an_answer_and_one_to_stop(place: Place) -> None:
    treaty = Treaty()
    answer = followed(place)
    write(place, "open/treaty.txt", treaty.text)
    place.index()
    (told_,) = news(place, answer)
    place.slack.click(told_, "show_context").wait()
    place.slack.wait_for(
        lambda: [v for v in place.slack.views() if treaty.agreed in v.visible_text]
    )
    place.slack.click(told_, "stop_telling", "U0BOB").wait()
    (stopped,) = told(place.slack, "U0BOB")
    assert stopped.visible_text == wording.STOPPED
    write(place, "open/lamps.txt", Treaty().text)
    place.index()
    assert news(place, answer) == [told_]
    place.slack.click(told_, "stop_telling", "U0BOB").wait()
    assert wording.NOT_FOLLOWED in [each.visible_text for each in told(place.slack, "U0BOB", 2)]


def test_a_no_is_followed_too(place: Place) -> None:
    asked = place.slack.dm("What was agreed with Ruritania on wolves?")
    (no,) = replies(place.slack, asked.channel, asked.ts)
    assert "No passage answers that" in no.visible_text
    place.slack.click(no, "follow").wait()
    told(place.slack)
    agreed = "Korea and Ruritania agreed to count the wolves of the mountains each winter."
    write(place, "closed/w.txt", release("Korea and Ruritania on Wolves", "2022-01-02", agreed))
    place.index()
    (told_,) = news(place, no)
    assert agreed in told_.visible_text


def test_no_place_is_told_what_it_may_not_see(place: Place) -> None:
    treaty = Treaty()
    public, private = followed(place), followed(place, "G0PRIVATE", "U0BOB")
    write(place, "closed/treaty.txt", treaty.text)
    place.index()
    (told_,) = news(place, private)
    assert treaty.agreed in told_.visible_text and news(place, public) == []
    write(place, "open/treaty.txt", treaty.text)
    place.index()
    (told_,) = news(place, public)  # which it could not see before
    assert treaty.agreed in told_.visible_text and len(news(place, private)) == 1


def test_who_asked_in_private_is_told_directly(place: Place) -> None:
    treaty = Treaty()
    place.slack.slash("/ask", f"follow {ASKED}", user="U0BOB")
    (notice,) = told(place.slack, "U0BOB")
    assert wording.FOLLOWED_DIRECTLY in notice.visible_text and ASKED in notice.visible_text
    place.slack.slash("/ask", ASKED)
    (answer,) = told(place.slack)
    place.slack.click(answer, "follow").wait()
    told(place.slack, count=2)
    write(place, "closed/treaty.txt", treaty.text)
    place.index()
    for channel in ("D0ALICE", "D0BOB"):
        (told_,) = [m for m in place.slack.bot_messages(channel) if treaty.agreed in m.visible_text]
        assert told_.thread_ts is None
    assert not [m for m in place.slack.bot_messages("C0GENERAL") if treaty.agreed in m.visible_text]


def test_what_is_followed_is_listed_with_buttons_to_stop(place: Place) -> None:
    place.slack.slash("/ask", "following").wait()
    (nothing,) = told(place.slack)
    assert "/ask follow" in nothing.visible_text
    forget(place.slack)
    followed(place)
    place.slack.slash("/ask", "Follow fish markets", user="U0BOB")
    told(place.slack, "U0BOB")
    forget(place.slack)
    place.slack.slash("/ask", "follow", user="U0BOB")
    (listed,) = told(place.slack, "U0BOB")  # also what the channel is told
    assert ASKED in listed.visible_text and "“fish markets”" in listed.visible_text
    place.slack.slash("/ask", "following", channel="C0RANDOM")
    (other,) = told(place.slack)
    assert ASKED in other.visible_text and "fish markets" not in other.visible_text
    place.slack.click(listed, "stop_telling", "U0BOB").wait()
    told(place.slack, "U0BOB", 2)
    assert len(place.state("SELECT 1 FROM follows")) == 1


def test_who_is_not_answered_follows_nothing(place: Place) -> None:
    answer = followed(place)
    place.slack.click(answer, "follow", "U0GUEST").wait()
    (refused,) = told(place.slack, "U0GUEST")
    assert refused.visible_text == wording.REFUSED_GUEST
    place.slack.slash("/ask", "follow fish", user="U0GUEST")
    assert wording.REFUSED_GUEST in told(place.slack, "U0GUEST", 2)[-1].visible_text
    assert [user for (user,) in place.state("SELECT person FROM follows")] == ["U0ALICE"]


def test_a_question_that_is_deleted_is_followed_no_longer(place: Place) -> None:
    treaty = Treaty()
    asked = place.slack.dm(ASKED)
    (answer,) = replies(place.slack, asked.channel, asked.ts)
    place.slack.click(answer, "follow").wait()
    told(place.slack)
    write(place, "open/treaty.txt", treaty.text)
    place.index()
    assert len(news(place, answer)) == 1
    place.slack.delete(asked)
    place.slack.wait_for(lambda: len(place.slack.messages(asked.channel, asked.ts)) == 0)
    assert place.state("SELECT 1 FROM follows") == []
    kept = place.state("SELECT question FROM questions WHERE message LIKE ?", f"%{asked.ts}")
    assert len(kept) == 2 and "Elbonia" not in str(kept)


def test_what_came_between_answer_and_click_is_told(place: Place) -> None:
    treaty = Treaty()
    asked = place.slack.mention(ASKED)
    (answer,) = replies(place.slack, "C0GENERAL", asked.ts)
    write(place, "open/treaty.txt", treaty.text)
    place.build()
    place.slack.click(answer, "follow").wait()
    told(place.slack)
    place.wait()
    assert [treaty.agreed in each.visible_text for each in news(place, answer)] == [True]


@pytest.mark.slow
def test_what_is_just_being_changed_is_told_when_it_is_read(place: Place) -> None:
    treaty = Treaty()
    answer = followed(place)
    write(place, "open/treaty.txt", treaty.text)
    place.build()
    write(place, "open/treaty.txt", f"{treaty.text}\n")
    with suppress(TimeoutError):
        place.slack.wait_for(lambda: news(place, answer), timeout=8)
    assert news(place, answer) == []
    place.index()
    assert [treaty.agreed in each.visible_text for each in news(place, answer)] == [True]


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["before", "after"])
def test_a_crash_while_it_is_told_tells_nothing_twice(place: Place, fault: str) -> None:
    treaty = Treaty()
    answer = followed(place)
    write(place, "open/treaty.txt", treaty.text)
    cut = dropped(after_effect=True) if fault == "after" else slow(5)
    place.slack.faults.plan("chat.postMessage", cut)
    posted = len(place.slack.calls("chat.postMessage"))
    place.build()
    place.slack.wait_for(lambda: len(place.slack.calls("chat.postMessage")) > posted, timeout=60)
    place.bot.kill()
    place.bot.start().ready()
    place.wait()
    assert [treaty.agreed in each.visible_text for each in news(place, answer)] == [True]
