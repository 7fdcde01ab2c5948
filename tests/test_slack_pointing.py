"""What a question points at: forwarded and linked messages, blocks, files, and a thread's root."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from slack_bot import PAGE, QUESTION, forget, installed, replies, searched, staged, told
from slack_delivery import Gesture
from slack_events import passing_on
from slack_payloads import rich
from slack_standin import Slack
from slack_world import Message

from bot.slack.answering.pointing import excerpt, may_lean, says_nothing
from bot.slack.answering.users import without_addressees
from bot.slack.messages.message_words import words_of
from bot.slack.sending import wording
from bot.slack.store.store import STATE, Forgotten, Store
from retriever.index.home import Home

ANSWER_THIS = "can you answer this?"
KEPT = "SELECT count(*) FROM questions WHERE question LIKE ?"


@pytest.fixture(scope="module", params=["socket", "http"])
def place(
    request: pytest.FixtureRequest, home: Home, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Slack, Path]]:
    """One bot that may read what threads hang from, for all tests, and its log."""
    at = tmp_path_factory.mktemp("pointing")
    stated = "[slack]\nfollow_ups = true\n"
    with staged(home, at, request.param, stated, follow_ups=True) as made:
        made.slack.scopes.add("mpim:history")
        made.slack.subscriptions.add("message.mpim")
        yield made.slack, at / "log"


@pytest.fixture
def slack(place: tuple[Slack, Path]) -> Slack:
    place[0].settle()
    forget(place[0])
    return place[0]


def answer_to(slack: Slack, asked: Gesture) -> Message:
    """The only answer in the thread that a message belongs to."""
    assert asked.message
    (answer,) = replies(slack, asked.channel, asked.message.thread_ts or asked.ts)
    return answer


def gone(slack: Slack, asked: Gesture) -> bool:
    """Whether a message has no answer any more."""
    return not [m for m in slack.messages(asked.channel, asked.ts) if m.user == "U0BOT"]


# Messages that are passed on.


def test_a_forwarded_question_is_answered(slack: Slack) -> None:
    said = slack.say(QUESTION, "U0BOB", "C0RANDOM")
    direct = slack.forward(said, channel="D0ALICE")
    called = slack.forward(said, f"<@U0BOT> {ANSWER_THIS}")
    for asked in (direct, called):
        answer = answer_to(slack, asked)
        assert PAGE in answer.visible_text and QUESTION.rstrip("?") in searched(answer)


def test_words_that_others_point_at_are_forgotten_with_who_wrote_them(
    place: tuple[Slack, Path], slack: Slack
) -> None:
    text = "What was agreed with Sung Kim in the blue room?"
    said = slack.say(text, "U0KIM")
    assert said.message
    slack.forward(said, channel="D0ALICE")
    slack.mention(ANSWER_THIS, thread_ts=said.ts)
    slack.shortcut("find_sources", said.message)
    slack.settle()
    store = Store(place[1].with_name("home") / STATE)
    assert store._database.rows(KEPT, f"%{text}%") == [(3,)]
    assert store.forget_person("U0KIM") == Forgotten(0, 0)
    assert store._database.rows(KEPT, f"%{text}%") == [(0,)]
    store.close()


def test_a_forwarded_message_of_blocks_alone_is_read(slack: Slack) -> None:
    said = slack.say(QUESTION, "U0BOB", "C0RANDOM")
    assert said.message
    shown = {**passing_on(slack.world, said.message), "text": "", "fallback": "[no preview]"}
    asked = slack.dm("?", attachments=[shown])
    assert PAGE in answer_to(slack, asked).visible_text


def test_a_question_about_a_forwarded_message_is_read_with_it(slack: Slack) -> None:
    said = slack.say(QUESTION, "U0BOB", "C0RANDOM")
    asked = slack.forward(said, "<@U0BOT> and when was that?")
    assert "Sung Kim" in searched(answer_to(slack, asked))


def test_a_linked_message_is_read_once_slack_shows_it(slack: Slack) -> None:
    said = slack.say(QUESTION, "U0BOB", "C0RANDOM")
    assert said.message
    shown = passing_on(slack.world, said.message)
    asked = slack.mention(f"what does the archive say? <{shown['from_url']}>")
    slack.unfurl(asked, {key: shown[key] for key in shown.keys() - {"is_share"}})
    slack.wait_for(
        lambda: any(PAGE in m.visible_text for m in replies(slack, asked.channel, asked.ts))
    )


def test_an_edit_may_overtake_the_mention(slack: Slack) -> None:
    slack.subscriptions -= {"app_mention", "message.channels"}
    asked = slack.mention("What did they say?")
    slack.subscriptions |= {"app_mention", "message.channels"}
    assert asked.message
    slack.edit(asked, f"<@U0BOT> {QUESTION}")
    answer = answer_to(slack, asked)
    late = {**asked.message.json, "type": "app_mention", "channel": asked.channel}
    slack.happen(late).wait()
    assert PAGE in answer.visible_text and answer_to(slack, asked) == answer


def test_what_other_links_show_changes_nothing(slack: Slack) -> None:
    asked = slack.mention(f"{QUESTION} <https://example.org/page>")
    answer = answer_to(slack, asked)
    slack.unfurl(asked, {"title": "A page", "text": "About Zanzibar", "from_url": "https://e.org"})
    assert answer_to(slack, asked) == answer and not slack.calls("chat.update", "chat.delete")


# Words in blocks, and files.


def test_a_message_of_blocks_alone_is_read(slack: Slack) -> None:
    slack.subscriptions.discard("message.channels")
    posted = slack.say(f"to everybody, also <@U0BOT>: {QUESTION}", order="message first")
    slack.subscriptions.add("message.channels")
    slack.settle()
    blocks = [rich({"type": "user", "user_id": "U0BOT"}, {"type": "text", "text": f" {QUESTION}"})]
    assert posted.message
    event = {**posted.message.json, "text": "", "blocks": blocks, "ts": slack.world.ts()}
    where = {"channel": "C0GENERAL", "channel_type": "channel", "event_ts": event["ts"]}
    slack.world.messages["C0GENERAL", event["ts"]] = replace(posted.message, ts=event["ts"])
    slack.happen({**event, **where}).wait()
    (answer,) = replies(slack, "C0GENERAL", event["ts"])
    assert PAGE in answer.visible_text


def test_sources_of_a_message_of_blocks_are_found(slack: Slack) -> None:
    card = {"type": "section", "text": {"type": "mrkdwn", "text": QUESTION}}
    said = slack.bot_says("")
    assert said.message
    slack.shortcut(
        "find_sources", slack.server.do(lambda: slack.world.change(said.message, blocks=[card]))
    )  # type: ignore[arg-type]
    (answer,) = told(slack)
    assert PAGE in answer.visible_text


def test_files_are_named_as_not_read(slack: Slack) -> None:
    files = [{"id": "F1", "name": "Notes.pdf"}, {"id": "F2", "title": "The plan", "name": "p.doc"}]
    asked = slack.say(f"<@U0BOT> {QUESTION}", subtype="file_share", files=files)
    answer = answer_to(slack, asked)
    assert PAGE in answer.visible_text and "Not read: Notes.pdf, The plan" in answer.visible_text
    alone = slack.dm("", subtype="file_share", files=files[:1])
    assert "Not read: Notes.pdf" in answer_to(slack, alone).visible_text


# What a thread hangs from.


@pytest.mark.parametrize("typed", [ANSWER_THIS, ""])
def test_a_mention_asks_what_its_thread_hangs_from(slack: Slack, typed: str) -> None:
    root = slack.say(f"Morning all. {QUESTION}", "U0BOB")
    slack.mention(typed, thread_ts=root.ts)
    answer = answer_to(slack, root)
    assert PAGE in answer.visible_text and QUESTION.rstrip("?") in searched(answer)


def test_a_question_that_leans_is_read_with_what_its_thread_hangs_from(slack: Slack) -> None:
    root = slack.say(QUESTION, "U0BOB")
    slack.mention("and when was that?", thread_ts=root.ts)
    assert "Sung Kim" in searched(answer_to(slack, root))


def test_a_question_of_its_own_is_not(slack: Slack) -> None:
    root = slack.say("Lunch at noon?", "U0BOB")
    slack.mention(QUESTION, thread_ts=root.ts)
    assert "Lunch" not in searched(answer_to(slack, root))
    assert not slack.calls("conversations.replies")


def test_help_is_help_and_thanks_are_nothing_in_a_thread(slack: Slack) -> None:
    root = slack.say(QUESTION, "U0BOB")
    slack.mention("help", thread_ts=root.ts)
    (usage,) = told(slack)
    assert wording.OWN_WORDS in usage.visible_text
    slack.mention("thanks!", thread_ts=root.ts)
    slack.settle(quiet=0.5)
    assert not slack.calls("conversations.replies")


def test_what_a_bot_wrote_is_not_asked(slack: Slack) -> None:
    root = slack.bot_says(QUESTION)
    slack.mention(ANSWER_THIS, thread_ts=root.ts)
    (notice,) = told(slack)
    assert wording.POINTED_OF_BOT in notice.visible_text


def test_what_was_deleted_is_said(slack: Slack) -> None:
    root = slack.say(QUESTION, "U0BOB")
    slack.say("an aside", "U0BOB", thread_ts=root.ts)
    slack.delete(root)
    slack.mention(ANSWER_THIS, thread_ts=root.ts)
    (notice,) = told(slack)
    assert wording.POINTED_DELETED in notice.visible_text


def test_the_scope_that_is_lacking_is_named(copied: Home, tmp_path: Path) -> None:
    with installed(copied, tmp_path / "log") as (slack, _):
        root = slack.say(QUESTION, "U0BOB")
        slack.mention(ANSWER_THIS, thread_ts=root.ts)
        (notice,) = told(slack)
        assert "channels:history" in notice.visible_text
        assert not slack.calls("conversations.replies")


def test_an_answer_follows_what_it_points_at(slack: Slack) -> None:
    root = slack.say("Who met in Jakarta?", "U0BOB")
    slack.mention(ANSWER_THIS, thread_ts=root.ts)
    old = answer_to(slack, root)
    slack.edit(root, QUESTION)
    slack.wait_for(lambda: QUESTION.rstrip("?") in answer_to(slack, root).visible_text)
    slack.delete(root)
    slack.wait_for(lambda: wording.POINTED_DELETED in answer_to(slack, root).visible_text)
    assert answer_to(slack, root).ts == old.ts


# Edits.


@pytest.mark.parametrize(("edited", "direct"), [("thanks", False), (":+1:", True), ("help", True)])
def test_an_edit_that_leaves_no_question_leaves_no_answer(
    slack: Slack, edited: str, direct: bool
) -> None:
    asked = slack.dm(QUESTION) if direct else slack.mention(QUESTION)
    answer_to(slack, asked)
    slack.edit(asked, edited if direct else f"<@U0BOT> {edited}")
    slack.wait_for(lambda: gone(slack, asked))
    slack.edit(asked, QUESTION if direct else f"<@U0BOT> {QUESTION}")
    assert PAGE in answer_to(slack, asked).visible_text


def test_an_edit_of_nothing_that_is_asked_does_nothing(slack: Slack) -> None:
    root = slack.say(QUESTION, "U0BOB")
    asked = slack.mention(ANSWER_THIS, thread_ts=root.ts)
    answer = answer_to(slack, root)
    slack.edit(asked, f"<@U0BOT> *{ANSWER_THIS}*")
    slack.unfurl(root)
    assert answer_to(slack, root) == answer and not slack.calls("chat.update", "chat.delete")


# Group messages.


def test_in_a_group_message_it_answers_a_mention(slack: Slack) -> None:
    slack.say(QUESTION, channel="G0GROUPDM")
    asked = slack.mention(QUESTION, channel="G0GROUPDM", order="message first")
    assert PAGE in answer_to(slack, asked).visible_text
    assert len(slack.bot_messages("G0GROUPDM")) == 1


# Long messages, and people who are called.


def test_sources_of_a_long_message_are_found(slack: Slack) -> None:
    told_before = (
        QUESTION + " I ask because of the following. " + "And so on and on it goes. " * 320
    )
    said = slack.say(f"{told_before} cc <@U0BOB>", "U0KIM")
    assert said.message and len(said.message.text) > 8_000
    slack.shortcut("find_sources", said.message)
    (answer,) = told(slack)
    assert PAGE in answer.visible_text


def test_who_is_called_is_not_asked_about(slack: Slack) -> None:
    said = slack.say(f"{QUESTION} cc <@U0BOB>", "U0KIM")
    assert said.message
    slack.shortcut("find_sources", said.message)
    (answer,) = told(slack)
    assert PAGE in answer.visible_text and "bob" not in searched(answer)


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("What was agreed with <@U1>?", "What was agreed with <@U1>?"),
        ("What was agreed with <@U1> and <@U2>? cc <@U3>, <@U4>",
         "What was agreed with <@U1> and <@U2>? cc  ,  "),
        ("<@U1> what was agreed?", "  what was agreed?"),
        ("was it <@U1>’s visit", "was it <@U1>’s visit"),
        ("Thank you <@U1>\n<@U2> who did <@U3> meet?", "Thank you  \n  who did <@U3> meet?"),
        ("nobody", "nobody"),
    ],
)  # fmt: skip
def test_a_mention_is_a_name_where_its_sentence_leads_to_it(typed: str, left: str) -> None:
    assert without_addressees(typed) == left


@pytest.mark.parametrize(
    "typed",
    ["can you take this?", "any thoughts on that?", "^", "?", "", "is this true?", "sources please",
     "what do the files say on this", "please look it up", "do we know?", "<@U0BOB> can you check?",
     "what's your opinion", "anybody got an answer here?", "pls confirm", "answer him"],
)  # fmt: skip
def test_what_says_nothing_itself(typed: str) -> None:
    assert says_nothing(typed) and may_lean(typed)


@pytest.mark.parametrize(
    ("typed", "leans"),
    [("visas?", True), ("and in 2024?", True), ("who was there?", True), ("what else?", True),
     ("what else did he say?", True),
     ("what did he say about visas?", True), ("what about Ukraine?", False), ("thanks", False),
     ("who met in Jakarta?", False), ("how was <@U0KIM> received?", False),
     ("what was the catch of the deep sea fleets that year?", False)],
)  # fmt: skip
def test_what_says_something_itself(typed: str, leans: bool) -> None:
    assert not says_nothing(typed) and may_lean(typed) == leans


def test_an_excerpt_ends_with_a_sentence() -> None:
    assert excerpt("Short.") == "Short."
    assert excerpt("One is here. " * 100) == ("One is here. " * 76).strip()
    assert excerpt("word " * 300) == ("word " * 200).strip()
    assert excerpt("x" * 1_500) == "x" * 1_000


@pytest.mark.parametrize(
    ("block", "said"),
    [
        (rich({"type": "text", "text": "a < b"}, {"type": "emoji", "name": "+1"}), "a &lt; b:+1:"),
        (rich({"type": "link", "url": "https://a.b", "text": "x"},
              {"type": "channel", "channel_id": "C1"}), "<https://a.b|x><#C1>"),
        ({"type": "rich_text", "elements": [{"type": "rich_text_list", "elements": [
            {"type": "rich_text_section", "elements": [{"type": "text", "text": word}]}
            for word in ("one", "two")]}]}, "one\ntwo"),
        ({"type": "section", "text": {"text": "*b*"}, "fields": [{"text": "f"}]}, "*b*\nf"),
        ({"type": "divider"}, ""),
        ("no block", ""),
    ],
)  # fmt: skip
def test_the_words_of_blocks(block: object, said: str) -> None:
    assert words_of({"text": "", "blocks": [block]}) == said
    assert words_of({"text": "t", "blocks": [block]}) == "t"


@pytest.mark.parametrize(
    ("attachment", "said"),
    [
        ({"title": "Talks", "text": "They met.", "fallback": "f"}, "Talks\nThey met."),
        ({"blocks": [{"type": "section", "text": {"text": "They met."}}]}, "They met."),
        ({"fallback": "They met."}, "They met."),
        ({"is_msg_unfurl": True, "text": "They met."}, ""),
    ],
)
def test_the_words_of_attachments(attachment: dict[str, object], said: str) -> None:
    assert words_of({"text": "", "attachments": [attachment]}) == said
