"""`pincite list`, and lists in an answer, in a conversation and for assistants."""

import csv
import io
import json
from pathlib import Path

import click
import pytest
from conftest import CommandLine, Shelf, release
from test_bot_assistants import asked, given
from web_site import Site

from bot.chat.conversation import Chat
from retriever.index.generation import Generation


@pytest.fixture
def cranes(shelf: Shelf) -> Shelf:
    """Seven documents that mention cranes, and three that do not."""
    for day in range(1, 8):
        text = release(f"Crane {day}", f"2024-01-0{day}", f"The port got crane {day}. It is new.")
        shelf.write(**{f"crane{day}": text})
    shelf.index()
    return shelf


def said(chat: Chat, line: str) -> str:
    return click.unstyle("\n".join(chat.reply(line)))


def test_documents_are_listed_with_day_and_citation(indexed: CommandLine) -> None:
    run = indexed("list", "Diaz")
    assert run.code == 0
    assert run.out.splitlines()[:6] == [
        "Found: 1 document mentions “Diaz”",
        "",
        " 1 Korea and Elbonia Hold Harbor Talks in Busan (March 3)",
        "   4 March 2021 (event 3 March 2021) · paragraph 1",
        "   │ Minister Alice Brown met Governor Carl Diaz of Elbonia in Busan on March 3.",
        run.out.splitlines()[5],
    ]
    assert run.out.splitlines()[5].startswith("   harbour.txt#1@")
    every = indexed("list", "--json").json
    assert [each["document"]["id"] for each in every["passages"]] == [
        "culture.txt", "vaccines.txt", "harbour.txt",
    ]  # fmt: skip
    assert (every["listed"], every["mentioned"]["documents"]) == ("list", 3)


def test_a_list_is_a_table_too(indexed: CommandLine) -> None:
    (row,) = csv.DictReader(io.StringIO(indexed("list", "films", "--format", "csv").out))
    assert (row["title"], row["posted"]) == ("Film Week Opens in Grand Fenwick", "2023-09-02")
    assert row["citation"].startswith("culture.txt#1@")
    lines = indexed("list", "--format", "jsonl", "--limit", "2").out.splitlines()
    assert [json.loads(line)["document"] for line in lines] == ["culture.txt", "vaccines.txt"]
    assert indexed("list", "--format", "markdown").out.startswith("| title | posted | event |")


def test_a_list_can_be_restricted(indexed: CommandLine) -> None:
    def listed(*options: str) -> list[str]:
        found = indexed("list", "--json", *options).json
        return [each["document"]["id"] for each in found["passages"]]

    assert listed("--after", "2022", "--before", "2022") == ["vaccines.txt"]
    assert listed("Korea", "in", "2021") == ["harbour.txt"]
    assert listed("Freedonia", "--mentions", "cold houses") == ["vaccines.txt"]
    assert listed("Freedonia", "--mentions", "warm houses") == []
    assert len(listed("--folder", "releases")) == 3


def test_what_cannot_be_listed_is_said(indexed: CommandLine) -> None:
    run = indexed("list", "Zorblatt")
    assert run.code == 1
    assert "no document mentions “Zorblatt”" in run.out
    indexed("list", "--folder", "nowhere").refuses(advice="it has releases")
    indexed("list", "of", "the").refuses(advice="name somebody or something")
    indexed("list", "--after", "2023", "--before", "2022").refuses(advice="swap them")


def test_a_question_for_documents_is_answered_with_a_list(indexed: CommandLine) -> None:
    run = indexed("ask", "How many documents mention Freedonia?")
    assert run.out.startswith("Found: 1 document mentions “Freedonia”")
    assert "about" not in run.out.splitlines()[3]  # nothing is likely
    assert indexed("ask", "How many documents mention Zorblatt?").code == 1


def test_an_answer_says_how_many_documents_it_leaves_out(cranes: Shelf) -> None:
    chat = Chat(cranes.home, lambda: Generation.open(cranes.home), 1)
    assert "name" not in said(chat, "Who praised the fish market?").splitlines()[-2]
    chat = Chat(cranes.home, lambda: Generation.open(cranes.home), 1)
    cranes.write(more=release("Again", "2024-02-01", "Governor Diaz ate fish at a market stall."))
    cranes.index()
    answer = said(chat, "What did Governor Diaz praise?")
    assert "2 documents name Diaz; 1 is shown." in answer


def test_a_conversation_lists_and_goes_on(cranes: Shelf) -> None:
    chat = Chat(cranes.home, lambda: Generation.open(cranes.home), 2)
    first = said(chat, "list all documents that mention cranes")
    assert first.startswith("Found: 7 documents mention “cranes”; the newest 2 are shown, /all")
    assert "Crane 7" in first and "Crane 6" in first and "It is new." not in first
    assert " 3 Crane 5" in said(chat, "/more")
    every = said(chat, "/all")
    assert every.startswith("Found: 7 documents mention “cranes”\n")
    assert [f" {8 - day} Crane {day}" in every for day in range(1, 8)] == [True] * 7
    assert "It is new." in said(chat, "/show 3")
    wanted = said(chat, "/list Diaz")
    assert wanted.startswith("Found: 1 document mentions “Diaz”")
    assert "Minister Alice Brown met" in said(chat, "/show 1")
    said(chat, "/only 1")
    assert "no document mentions “cranes”" in said(chat, "/list cranes")


def test_the_earliest_document_is_shown_with_its_passage(cranes: Shelf) -> None:
    chat = Chat(cranes.home, lambda: Generation.open(cranes.home), 5)
    first = said(chat, "When were cranes first mentioned?")
    assert first.startswith("Found: this is the first; 7 documents mention “cranes”, /all")
    assert "The port got crane 1. It is new." in first and "Crane 2" not in first


def test_assistants_list_documents(cranes: Shelf) -> None:
    index = asked(cranes.home)
    listed = given(index, "list", words="cranes", documents=3)
    assert (listed["count"], listed["copies"], listed["mentioned"]) == (7, 0, ["cranes"])
    assert [each["title"] for each in listed["documents"]] == ["Crane 7", "Crane 6", "Crane 5"]
    first = listed["documents"][0]
    assert first["sentence"] == "The port got crane 7."
    checked = given(index, "verify", citations=[first["citation"]])
    assert checked["holds"] == 1
    answer = given(index, "ask", question="How many documents mention cranes?")
    assert (answer["listed"], answer["mentioning"]) == ("count", 7)
    hidden = given(asked(cranes.home, []), "list", words="cranes")
    assert (hidden["count"], hidden["documents"]) == (0, [])


def test_the_reading_page_lists_documents(cranes: Shelf) -> None:
    site = Site(cranes.home)
    page = site.open(q="Which documents mention cranes?")
    assert page.text(".verdict").startswith("Found: 7 documents mention “cranes”; the newest 5")
    assert page.texts("blockquote p")[0] == "The port got crane 7."
    assert len(page.texts("article h2")) == 5
    whole = site.open(page.attribute(".more a", "href"))
    assert page.text(".more a") == "All documents"
    assert len(whole.texts("article h2")) == 7 and not whole.all(".more a")


def test_a_folder_is_meant_by_its_name(cli: CommandLine) -> None:
    for folder, title in {"minutes": "Crane Minutes", "news": "Crane News"}.items():
        Path(folder).mkdir()
        text = release(title, "2024-01-01", f"The crane of the {folder} is new.")
        Path(folder, "one.txt").write_text(text, "utf-8")
    assert cli("index", "minutes", "news").code == 0
    found = cli("list", "crane", "--folder", "news", "--json").json
    assert [each["document"]["title"] for each in found["passages"]] == ["Crane News"]
    assert (found["documents"], found["mentioned"]["documents"]) == (1, 1)
