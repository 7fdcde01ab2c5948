import datetime
from collections.abc import Sequence

import pytest
from conftest import cpu_seconds

from retriever.question.courtesies import is_courtesy
from retriever.question.follow_ups import Thread, named, read_thread, without_periods

TODAY = datetime.date(2024, 3, 15)
KIM = "What was agreed with Sung Kim in Jakarta in October 2023?"
BORRELL = "What did Josep Borrell say about maritime security in Europe?"


def after(*turns: str) -> Thread:
    *history, question = turns
    return read_thread(question, history, TODAY)


@pytest.mark.parametrize(
    "question",
    ["And about defectors?", "what about China?", "How about sanctions?", "Who else was there?",
     "Why?", "When?", "defectors", "more", "What about him?", "And the same with Park Jin?",
     "ok, and why?"],
)  # fmt: skip
def test_a_fragment_is_put_into_the_earlier_question(question: str) -> None:
    assert after(KIM, question) == Thread(question, KIM, replaces=True)
    assert after(KIM, question).text == f"{KIM.rstrip('?')}. {question}"


@pytest.mark.parametrize(
    "question",
    ["Did he visit Seoul?", "What did he say about the nuclear test?", "Where did they meet?",
     "What was the outcome of that meeting?", "And did Park Jin attend?", "What came of it all?",
     "Who were the others?"],
)  # fmt: skip
def test_a_question_that_points_back_takes_over_the_last_question(question: str) -> None:
    assert after(KIM, question) == Thread(question, KIM)
    assert after(KIM, question).text == f"{KIM.rstrip('?')}. {question}"


@pytest.mark.parametrize(
    ("turns", "text"),
    [
        (
            ["Did he visit Seoul later?"],
            "What was agreed with Sung Kim in Jakarta. Did he visit Seoul later?",
        ),
        (
            ["What else did he say in May?"],
            "Sung Kim, Jakarta, in 2023. What else did he say in May?",
        ),
        (
            ["What did he say in 2022?"],
            "What was agreed with Sung Kim in Jakarta. What did he say in 2022?",
        ),
        (
            ["Whom did he meet?", "What did she say to him?"],
            "Sung Kim, Jakarta, in October 2023. Whom did he meet. What did she say to him?",
        ),
    ],
)
def test_the_times_of_the_earlier_question_are_pointed_at_too(turns: list[str], text: str) -> None:
    assert after(KIM, *turns).text == text


def test_what_is_pointed_at_is_the_whole_question_when_it_has_no_names() -> None:
    earlier = "what was agreed on vaccines?"
    assert after(earlier, "Where are they stored?").text == (
        "what was agreed on vaccines. Where are they stored?"
    )


@pytest.mark.parametrize(
    "question",
    [BORRELL, f"And {BORRELL}", "How many doses were sent to Freedonia?", "NATO",
     "Is there a plan for Busan?", "What did Kim say about his visit?",
     "What did defence ministers agree on trade in their talks?",
     "what happened in Paris last month", "And who spoke with Park Jin in July 2022?",
     "So what happened in Busan in 2022?", "Is it true that Park Jin called?"],
)  # fmt: skip
def test_a_change_of_topic_takes_over_nothing(question: str) -> None:
    thread = after(KIM, question)
    assert thread == Thread(question)
    assert thread.text == question


@pytest.mark.parametrize(
    ("question", "taken"),
    [
        ("and in 2022?", "What was agreed with Sung Kim in Jakarta?"),
        ("What about in March 2022?", "What was agreed with Sung Kim in Jakarta?"),
        ("last month?", "What was agreed with Sung Kim in Jakarta?"),
        ("and with Lee Shin-hwa?", "What was agreed in Jakarta in October 2023?"),
        ("And in 2022 with Lee Shin-hwa?", "What was agreed in Jakarta?"),
        ("And a year later with Lee Shin-hwa?", "What was agreed in Jakarta in October 2023?"),
        ("and in Seoul?", "What was agreed with Sung Kim in October 2023?"),
    ],
)
def test_a_period_or_phrase_replaces_the_earlier_one(question: str, taken: str) -> None:
    found = after(KIM, question)
    assert (" ".join(found.earlier.split()).replace(" ?", "?"), found.replaces) == (taken, True)


@pytest.mark.parametrize(
    ("turns", "text"),
    [
        (["And in July?"], "What was agreed with Sung Kim in Jakarta in 2023. And in July?"),
        (["And in July?", "and in May?"],
         "What was agreed with Sung Kim in Jakarta in 2023. and in May?"),
        (["and on 8 July?"], "What was agreed with Sung Kim in Jakarta in 2023. and on 8 July?"),
        (["And before July?"],
         "What was agreed with Sung Kim in Jakarta in 2023. And before July?"),
        (["and since May?"], "What was agreed with Sung Kim in Jakarta in 2023. and since May?"),
        (["and between March and May?"],
         "What was agreed with Sung Kim in Jakarta in 2023. and between March and May?"),
        (["and until May last year?"],
         "What was agreed with Sung Kim in Jakarta. and until May last year?"),
        (["and in July 2022?"], "What was agreed with Sung Kim in Jakarta. and in July 2022?"),
        (["and in 2022?", "and in July?"],
         "What was agreed with Sung Kim in Jakarta in 2022. and in July?"),
    ],
)  # fmt: skip
def test_a_month_or_day_is_in_the_year_of_the_earlier_question(turns: list[str], text: str) -> None:
    assert " ".join(after(KIM, *turns).text.split()) == text


def test_who_did_something_is_taken_over_with_its_time() -> None:
    earlier = "Who was made envoy for Haiti in July 2021?"
    assert after(earlier, "What had he done before that?").text == (
        "Who was made envoy for Haiti in July 2021. What had he done before that?"
    )


@pytest.mark.parametrize(
    "question",
    ["What did Lugar think of him?", "Did Borrell agree with him?", "Does Japan want the same?",
     "What did Borrell say about it?", "Whom did Borrell thank for putting it together?",
     "Which ministers did he meet?", "What kind of new maritime patrol law does he want?",
     "Which Korean officials was she to see?", "Was Borrell in that meeting?",
     "Did Borrell go there?", "What did Borrell write to her?"],
)  # fmt: skip
def test_a_pronoun_behind_a_name_may_mean_another(question: str) -> None:
    assert after(KIM, question) == Thread(question, KIM)


@pytest.mark.parametrize(
    "question",
    ["What did Borrell say about his visit?", "Did Borrell and Park say that they agree?",
     "When Borrell came to Seoul, did he visit Busan?", "What did Borrell say about her speech?",
     "If the travel card of my supervisor is lost, is it replaced?",
     "Did Borrell ask Park Jin to meet him?", "Why did the Union say that it would stay?"],
)  # fmt: skip
def test_a_pronoun_may_mean_what_its_question_names(question: str) -> None:
    assert after(KIM, question) == Thread(question)


def test_a_word_that_asks_is_no_name() -> None:
    assert named("Which Maine towns were hit") == ("Maine",)
    assert named("Since when") == ()
    assert named("Palau’s president") == ("Palau",)
    assert "Experience" in after("What is the Experience Fund?", "Since when does it exist?").text


class Atlas:
    """Documents that know which places are alike, and answer the turns they are told to."""

    def __init__(self, *answered: str) -> None:
        self._answered = answered

    def answer(self, turn: str, earlier: str, *, leans: bool) -> bool:
        return leans or turn in self._answered

    def like(self, name: str, names: Sequence[str]) -> str | None:
        places = {"Libya", "Ukraine", "Jakarta", "Seoul", "Peru"}
        return next((each for each in names if {each, name} <= places), None)


@pytest.mark.parametrize(
    ("turns", "text"),
    [
        (["What did Lugar say about Libya?", "what about Ukraine?"],
         "What did Lugar say. what about Ukraine?"),
        (["What did Lugar say about Libya in 2011?", "and Ukraine?"],
         "What did Lugar say in 2011. and Ukraine?"),
        (["What did Lugar say about Libya?", "what about Biden?"],
         "What did Lugar say about Libya. what about Biden?"),
        (["What did Lugar tell Peru's president about tin?", "and Ukraine?"],
         "What did Lugar tell president about tin. and Ukraine?"),
        (["What did Sung Kim say?", "and in 2024?", "and in Jakarta?"],
         "What did Sung Kim say. and in 2024. and in Jakarta?"),
        (["What did Sung Kim say in Seoul?", "and in 2024?", "and in Jakarta?"],
         "What did Sung Kim say. and in 2024. and in Jakarta?"),
        (["What did Sung Kim say in Seoul in 2023?", "and in 2024?", "and in Jakarta?",
          "and in 2022?"], "What did Sung Kim say. and in Jakarta. and in 2022?"),
    ],
)  # fmt: skip
def test_a_name_replaces_one_that_is_like_it_and_a_time_stays(turns: list[str], text: str) -> None:
    *history, question = turns
    found = " ".join(read_thread(question, history, TODAY, Atlas()).text.split())
    assert found.replace(" .", ".").replace("..", ".") == text


def test_where_the_words_leave_it_open_the_documents_decide() -> None:
    question = "How long is the commitment?"
    assert read_thread(question, [KIM], TODAY, Atlas(question)) == Thread(question, KIM)
    assert read_thread(question, [KIM], TODAY, Atlas()) == Thread(question)
    turns = [KIM, question, "Who signed it?"]
    assert "Sung Kim" in read_thread(turns[-1], turns[:-1], TODAY, Atlas(question)).text


@pytest.mark.parametrize(
    "question", ["what else?", "And what else?", "anything else?", "more", "who else?", "go on"]
)
def test_what_else_asks_for_nothing_but_more(question: str) -> None:
    assert after(KIM, question) == Thread(question, KIM, replaces=True)
    assert after(KIM, question).wants_more
    assert not after(question).wants_more


@pytest.mark.parametrize(
    "question", ["what else did he say?", "and when?", "more aid", "elsewhere"]
)
def test_what_asks_for_more_says_nothing_else(question: str) -> None:
    assert not after(KIM, question).wants_more


@pytest.mark.parametrize("turns", [(KIM,), (KIM, "and in 2024?"), (KIM, "what else?")])
def test_a_question_asked_once_more_is_read_as_it_was(turns: tuple[str, ...]) -> None:
    again = turns[-1].lower()
    assert read_thread(again, turns, TODAY, Atlas(again)) == after(*turns)


def test_two_steps_back_still_count() -> None:
    assert after(KIM, "and about defectors?", "and China?").earlier == KIM
    assert after(KIM, "and with Park Jin?", "and with Lee Shin-hwa?").text == (
        "What was agreed in Jakarta in October 2023. and with Lee Shin-hwa?"
    )
    assert "Sung Kim" in after(KIM, "Did he visit Seoul?", "And when?").text


def test_a_new_topic_begins_the_thread_anew() -> None:
    assert after(KIM, "and why?", BORRELL, "and when?").earlier == BORRELL


def test_a_chain_of_fifty_keeps_its_topic_and_its_size() -> None:
    assert after(KIM, *["and why?"] * 50).earlier == KIM
    assert "Sung Kim" in after(KIM, *["What did he say?"] * 50).text
    assert len(after("what happened?", *["What did it say about it?"] * 2_000).text) < 5_000


@pytest.mark.parametrize(
    "courtesy",
    ["thanks", "OK, thank you!", "great", "Hello", "감사합니다", "no thanks", "yes", "👍",
     "thanks a lot", "hm", "Hmm...", ":tada: :+1:", "+1", "ok, makes sense", "wow!", "lol", "ty",
     "that helps, thank you so much", "exactly what I was looking for", "100%", "<@U024BE7LH> thx",
     "^^"],
)  # fmt: skip
def test_a_courtesy_asks_nothing_and_leaves_the_thread_as_it_was(courtesy: str) -> None:
    assert is_courtesy(courtesy)
    assert after(KIM, courtesy, "and why?") == after(KIM, "and why?")


def test_a_courtesy_before_a_question_is_no_part_of_it() -> None:
    assert after(KIM, "Thanks! What about China?") == after(KIM, "What about China?")


@pytest.mark.parametrize(
    "question",
    ["thanks for what?", "Who greeted him?", "great powers", "again", "everyone", "",
     "right to work", "100% tariffs", "no first use", "super delegates", "and then?", "ER visits"],
)  # fmt: skip
def test_a_question_is_no_courtesy(question: str) -> None:
    assert not is_courtesy(question)


def test_without_an_earlier_question_nothing_is_taken_over() -> None:
    assert after("and about defectors?") == Thread("and about defectors?")
    assert after("", "and why?").text == "and why?"
    assert after("?", "and why?").text == "and why?"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("What was said in October 2023 in Seoul?", "What was said in Seoul?"),
        ("Who met since March 2022, and why?", "Who met, and why?"),
        ("in 2022", ""),
        ("Who met on May 3, 2022 and on May 5, 2022?", "Who met and?"),
        ("Who met?", "Who met?"),
    ],
)
def test_a_text_without_its_periods(text: str, left: str) -> None:
    assert without_periods(text, TODAY) == left


@pytest.mark.parametrize(
    "unit",
    ["him ", "x him Kim ", "Kim him ", "him in May 2022 ", "him A. ", "It said Kim Lee 2022 ",
     "and ", "and until May in Q3 2022 ", "ok ", "hm ", "did it ", "it cost ", "his, ",
     "with Kim ", "9", "그는 ", "?", " "],
)  # fmt: skip
def test_no_thread_takes_long(unit: str) -> None:
    turn = unit * (4_000 // len(unit))
    assert cpu_seconds(lambda: read_thread(turn, [turn] * 10, TODAY)) < 4
