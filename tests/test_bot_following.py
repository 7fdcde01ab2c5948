"""`pincite follow` and `pincite news`."""

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, CommandLine, release

from retriever.index.home import FOLLOWING

ASKED = "What was agreed with Elbonia on the harbor of Busan?"
WIDENED = "Korea and Elbonia agreed to widen the harbor of Busan by two further piers."
TREATY = release("Korea and Elbonia Sign Harbor Treaty", "2021-05-06", WIDENED)


def write(name: str, text: str) -> None:
    Path("releases", name).write_text(text, "utf-8")


@pytest.fixture
def following(indexed: CommandLine) -> CommandLine:
    run = indexed("follow", *ASKED.split())
    assert (run.code, run.out) == (0, f"Followed as 1: “{ASKED}”\n")
    return indexed


def test_what_is_new_is_shown_once(following: CommandLine) -> None:
    assert (following("news").code, following("news").out) == (1, "Nothing new.\n")
    write("treaty.txt", TREATY)
    following("index")
    run = following("news")
    assert run.code == 0 and run.out.startswith(f"1 “{ASKED}”\nLikely found")
    assert "two further piers" in run.out and "deepen the harbor" not in run.out
    assert following("news").out == "Nothing new.\n"
    shutil.copy("releases/treaty.txt", "releases/copy.txt")
    Path("releases/treaty.txt").rename("releases/moved.txt")
    following("index")
    assert following("news").code == 1


def test_what_a_document_says_beside_its_answer_is_not_news(following: CommandLine) -> None:
    beside = "The delegation took bus 101 to the hotel by the lake."
    further = "They also agreed that the harbor of Busan gets a third crane from Elbonia."
    title = "Korea and Elbonia Sign Harbor Treaty"
    write("treaty.txt", release(title, "2021-05-06", WIDENED))
    following("index")
    assert WIDENED in following("news", "--format", "csv").out
    write("treaty.txt", release(title, "2021-05-06", WIDENED, beside))
    following("index")
    assert following("news").code == 1
    write("treaty.txt", release(title, "2021-05-06", WIDENED, beside, further))
    following("index")
    told = following("news", "--json").json["news"]
    assert [hit["text"] for each in told for hit in each["answer"]["passages"]] == [further]


def test_what_nobody_could_read_is_told_later(following: CommandLine) -> None:
    write("treaty.txt", TREATY)
    following("index")
    write("treaty.txt", TREATY.replace("by two", "by  two"))
    run = following("news")
    assert (run.code, run.out) == (1, "Nothing new.\n")
    assert "1: Withheld: treaty.txt changed" in run.err
    following("index")
    assert "two further piers" in following("news").out
    assert following("news").code == 1


def test_since_a_day_it_is_shown_again(following: CommandLine) -> None:
    write("treaty.txt", TREATY)
    following("index")
    run = following("news", "--since", "2021", "--format", "json")
    assert [each["number"] for each in run.json["news"]] == [1]
    (passage,) = run.json["news"][0]["answer"]["passages"]
    assert passage["text"] == WIDENED
    assert following("news", "--format", "csv").out.count(WIDENED) == 1
    assert following("news", "--json").json == {"schema": 1, "news": []}
    assert WIDENED in following("news", "--since", "2021-01-01", "--format", "jsonl").out
    assert following("news", "--since", "2999").code == 1


def test_news_as_markdown_has_its_footnote(following: CommandLine) -> None:
    write("treaty.txt", TREATY)
    following("index")
    told = following("news", "--format", "markdown").out
    assert f"> {WIDENED}[^1]" in told and "treaty.txt#1@" in told


def test_a_question_is_followed_once_and_stopped(following: CommandLine) -> None:
    assert following("follow", ASKED).out.startswith("Followed as 1:")
    assert following("follow", "fish", "--folder", "releases").out.startswith("Followed as 2:")
    assert following("follow").out == f" 1 “{ASKED}”\n 2 “fish” · only releases\n"
    listed = following("follow", "--json").json["followed"]
    assert listed[1] == {"number": 2, "question": "fish", "folders": ["releases"]}
    assert following("follow", "--stop", "1").out == f"No longer followed: “{ASKED}”\n"
    following("follow", "--stop", "2")
    assert (following("follow").code, following("follow").out) == (1, "No question is followed.\n")
    assert following("follow", ASKED).out.startswith("Followed as 3:")  # no number comes again
    following("follow", "--stop", "1").refuses(advice="`pincite follow` lists them")


def test_only_the_named_folders_have_news(indexed: CommandLine) -> None:
    shutil.copytree("releases", "minutes")
    write("../minutes/treaty.txt", "")
    indexed("index", "releases", "minutes")
    indexed("follow", ASKED, "--folder", "releases")
    write("../minutes/treaty.txt", TREATY)
    indexed("index")
    assert indexed("news").code == 1
    write("treaty.txt", TREATY)
    indexed("index")
    assert "two further piers" in indexed("news").out


def test_refusals_say_what_to_do(indexed: CommandLine, tmp_path: Path) -> None:
    indexed("news").refuses(advice="run `pincite follow")
    indexed("follow", "fish", "--folder", "nowhere").refuses(advice="choose from releases")
    indexed("follow", "fish", "--stop", "1").refuses(advice="not both")
    indexed("follow", "--folder", "releases").refuses(advice="give one")
    indexed("follow", "\x01").refuses(advice="type what you want to know")
    indexed("--home", tmp_path / "none", "follow", "fish").refuses(advice="pincite index")
    assert not (tmp_path / "none").exists()


def test_what_is_followed_is_its_owners_alone(following: CommandLine) -> None:
    file = following.home / FOLLOWING
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    os.truncate(file, 1_000)
    following("news").refuses(advice="check the disk's space and rights")


def test_a_reader_who_has_read_enough_is_told_again(following: CommandLine) -> None:
    write("treaty.txt", TREATY)
    following("index")
    with sqlite3.connect(following.home / FOLLOWING) as kept:
        before = kept.execute("SELECT told FROM questions").fetchall()
    program = "import sys; from bot.cli import main; sys.argv[0] = 'pincite'; main()"
    with subprocess.Popen(
        [sys.executable, "-c", program, "news"],
        stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as reading:  # fmt: skip
        assert reading.stdout
        reading.stdout.close()
    assert reading.returncode == 0
    with sqlite3.connect(following.home / FOLLOWING) as kept:
        assert kept.execute("SELECT told FROM questions").fetchall() == before
    assert following("news", "--json").json["news"]
