"""Assistants ask over the Model Context Protocol, with the client of its own SDK."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import httpx2
import pytest
from conftest import HARBOUR, ROOT, CommandLine, Shelf, release
from mcp import Client, StdioServerParameters
from mcp.types import CallToolResult

from bot.assistants.asked_index import AskedIndex
from bot.assistants.calls import CALLS
from bot.assistants.tool_server import tool_server
from bot.assistants.tools import TOOLS
from bot.settings import Settings
from retriever.build.build import build_index
from retriever.index.home import Home

QUESTION = "What was agreed about the harbor of Busan?"
QUOTED = "The two sides agreed to deepen the harbor of Busan for container ships by 2025."
PROGRAM = [sys.executable, "-c", "from bot.cli import main; main()"]


def asked(home: Home, folders: list[str] | None = None) -> AskedIndex:
    return AskedIndex(home, Settings(home.path, home.models, ""), folders)


def called(index: AskedIndex, name: str, **arguments: Any) -> CallToolResult:
    """What the SDK's client gets for a call, in this process."""

    async def call() -> CallToolResult:
        async with Client(tool_server(lambda: index)) as client:
            return await client.call_tool(name, arguments)

    return anyio.run(call)


def given(index: AskedIndex, name: str, **arguments: Any) -> dict[str, Any]:
    result = called(index, name, **arguments)
    assert not result.is_error, result.content
    assert isinstance(result.structured_content, dict)
    return result.structured_content


def refusal(index: AskedIndex, name: str, **arguments: Any) -> str:
    """The one sentence of a call that fails."""
    result = called(index, name, **arguments)
    assert result.is_error and result.structured_content is None
    [text] = result.content
    sentence: str = text.text  # type: ignore[union-attr]
    assert "\n" not in sentence and sentence.endswith(".")
    return sentence


def test_a_quotation_that_is_asked_for_verifies(shelf: Shelf) -> None:
    index = asked(shelf.home)
    answer = given(index, "ask", question=QUESTION, passages=2)
    assert answer["verdict"] == "found"
    best = answer["passages"][0]
    assert (best["text"], best["best_sentence"], best["label"]) == (QUOTED, QUOTED, "2")
    assert best["citation"].startswith("harbour.txt#2@")
    assert best["text"] in HARBOUR
    checked = given(index, "verify", citations=[each["citation"] for each in answer["passages"]])
    assert checked["checked"] == checked["holds"] == len(answer["passages"])


def test_no_answer_is_a_no(shelf: Shelf) -> None:
    answer = given(asked(shelf.home), "ask", question="What did Rex Tillerson say in Seoul?")
    assert (answer["verdict"], answer["passages"]) == ("none", [])
    assert answer["reason"] == "no document mentions Rex Tillerson or Seoul"


def test_a_follow_up_is_read_with_the_questions_before(shelf: Shelf) -> None:
    answer = given(
        asked(shelf.home),
        "ask",
        question="and about the fish market?",
        earlier_questions=["What did Governor Diaz say in Busan?"],
    )
    assert "Governor Diaz praised the fish market" in answer["passages"][0]["text"]


def test_days_restrict_what_is_asked(shelf: Shelf) -> None:
    answer = given(asked(shelf.home), "ask", question=QUESTION, after="2022-01-01")
    assert "harbour.txt" not in {each["citation"].partition("#")[0] for each in answer["passages"]}


def test_a_citation_is_shown_in_its_place_and_after_an_edit_with_the_difference(
    shelf: Shelf,
) -> None:
    index = asked(shelf.home)
    citation = given(index, "ask", question=QUESTION)["passages"][0]["citation"]
    shown = given(index, "show", citation=citation)
    assert (shown["state"], shown["posted"]) == ("holds", "2021-03-04")
    assert [each["label"] for each in shown["passages"]] == ["1", "2", "3"]
    assert [each["cited"] for each in shown["passages"]] == [False, True, False]
    shelf.write(harbour=HARBOUR.replace("by 2025", "by 2027"))
    shown = given(index, "show", citation=citation, neighbours=0)
    assert shown["state"] == "changed"
    assert "[-2025.-] {+2027.+}" in shown["difference"]
    answer = given(index, "ask", question=QUESTION)
    assert answer["withheld"] == ["harbour.txt"]
    assert given(index, "status")["waiting"] == 1


def test_a_new_index_is_in_use_at_the_next_call(shelf: Shelf) -> None:
    index = asked(shelf.home)
    assert given(index, "status")["documents"] == 3
    shelf.write(zebra=release("Zebra News", "2020-02-02", "The zebra was crowned in Elbonia."))
    shelf.index()
    assert given(index, "status")["documents"] == 4
    assert given(index, "ask", question="Was the zebra crowned?")["verdict"] == "found"


def test_only_the_folders_that_are_named_are_shown(shelf: Shelf, tmp_path: Path) -> None:
    other = tmp_path / "secret"
    other.mkdir()
    (other / "plan.txt").write_text(
        release("The Secret Plan", "2024-01-02", "The secret plan is to move the harbor of Busan."),
        "utf-8",
    )
    build_index(shelf.home, [shelf.folder, other])
    everything = asked(shelf.home)
    citation = given(everything, "ask", question="What is the secret plan?")["passages"][0][
        "citation"
    ]
    assert citation.startswith("plan.txt#")
    index = asked(shelf.home, ["releases"])
    answer = given(index, "ask", question="What is the secret plan?")
    assert "plan.txt" not in str(answer)
    assert given(index, "status") == {
        "folders": ["releases"],
        "documents": 3,
        "newest": "2023-09-02",
        "indexed": given(everything, "status")["indexed"],
        "not_read": 0,
        "waiting": 0,
    }
    receipts = [
        given(index, "verify", citations=[each])["citations"][0] | {"citation": ""}
        for each in (citation, "nothing.txt#1@0123456789ab")
    ]
    assert receipts[0] == receipts[1]
    assert receipts[0]["reason"] == "there is no such document"
    assert given(index, "show", citation=citation)["passages"] == []


def test_words_that_moved_into_another_folder_are_not_shown_there(
    shelf: Shelf, tmp_path: Path
) -> None:
    other = tmp_path / "secret"
    other.mkdir()
    (other / "copy.txt").write_text(HARBOUR, "utf-8")
    build_index(shelf.home, [shelf.folder, other])
    index = asked(shelf.home, ["releases"])
    citation = given(index, "ask", question=QUESTION)["passages"][0]["citation"]
    assert citation.startswith("harbour.txt#")
    (shelf.folder / "harbour.txt").unlink()
    [checked] = given(asked(shelf.home), "verify", citations=[citation])["citations"]
    assert "copy.txt" in str(checked)
    assert "copy.txt" not in str(called(index, "verify", citations=[citation]))


MALFORMED: list[tuple[str, dict[str, Any], str]] = [
    ("ask", {}, "ask cannot take 'question' (Field required)"),
    ("ask", {"question": 7}, "'question' (Input should be a valid string)"),
    ("ask", {"question": "x", "top": 3}, "'top' (Extra inputs are not permitted)"),
    ("ask", {"question": "x", "after": "yesterday"}, "ask cannot take 'after'"),
    ("ask", {"question": "x", "passages": 1000}, "ask cannot take 'passages'"),
    ("ask", {"question": " "}, "question"),
    ("ask", {"question": "x" * 100_000}, "question"),
    ("show", {"citation": "nonsense"}, "'nonsense' is no citation; copy one from an answer"),
    ("show", {"citation": "x" * 100_000}, "show cannot take 'citation'"),
    ("verify", {"citations": []}, "verify cannot take 'citations'"),
    ("verify", {"citations": ["\x1b[31m#\n@"]}, "is no citation"),
    ("delete", {}, "There is no tool 'delete'; call ask, list, show, verify, status."),
]


@pytest.mark.parametrize(("name", "arguments", "said"), MALFORMED)
def test_a_malformed_call_fails_with_a_sentence(
    shelf: Shelf, name: str, arguments: dict[str, Any], said: str
) -> None:
    assert said in refusal(asked(shelf.home), name, **arguments)


def test_without_an_index_the_tools_say_what_to_do(models: Path, tmp_path: Path) -> None:
    index = asked(Home(tmp_path / "home", models))
    for name, arguments in (("ask", {"question": "x"}), ("status", {})):
        assert refusal(index, name, **arguments).startswith("There is no index yet")


def test_a_defect_tells_no_more_than_its_kind(shelf: Shelf, monkeypatch: Any) -> None:
    def fails(*_: object) -> None:
        raise TypeError("with a secret")

    monkeypatch.setitem(CALLS, "status", fails)
    assert "TypeError" in (said := refusal(asked(shelf.home), "status"))
    assert "secret" not in said


def test_assistants_are_told_to_quote_and_to_say_no() -> None:
    async def listed() -> Any:
        async with Client(tool_server(lambda: None)) as client:  # type: ignore[arg-type, return-value]
            return client.instructions, (await client.list_tools()).tools

    instructions, tools = anyio.run(listed)
    assert "Quote the paragraphs word for word" in instructions
    assert "When the verdict is none, say" in instructions
    assert [each.name for each in tools] == list(TOOLS) == list(CALLS)
    for each in tools:
        assert each.annotations.read_only_hint
        assert each.input_schema["type"] == each.output_schema["type"] == "object"
    assert "say no" in tools[0].description
    assert {"verdict", "passages"} <= set(tools[0].output_schema["properties"])


async def _conversation(server: Any) -> dict[str, Any]:
    """Asks, verifies what is quoted, and calls wrongly, as an assistant does."""
    async with Client(server) as client:
        wrong = await client.call_tool("ask", {})
        answer = (await client.call_tool("ask", {"question": QUESTION})).structured_content
        citations = [each["citation"] for each in answer["passages"]]
        checked = (await client.call_tool("verify", {"citations": citations})).structured_content
        return {"wrong": wrong.is_error, "answer": answer, "checked": checked}


def _is_served(met: dict[str, Any]) -> None:
    assert met["wrong"]
    assert met["answer"]["passages"][0]["text"] == QUOTED
    assert met["checked"]["holds"] == met["checked"]["checked"] >= 1


@pytest.mark.slow
def test_it_is_served_on_standard_input_and_output(shelf: Shelf) -> None:
    command, *arguments = PROGRAM
    environment = dict(os.environ) | {"PYTHONPATH": str(ROOT)}
    server = StdioServerParameters(
        command=command, args=[*arguments, "--home", str(shelf.home.path), "mcp"], env=environment
    )
    _is_served(anyio.run(partial(_conversation, server)))


@pytest.fixture
def address(shelf: Shelf, request: Any) -> Iterator[str]:
    """Where the program serves the shelf over HTTP; a parameter is its token."""
    token = getattr(request, "param", "")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with subprocess.Popen(
        [*PROGRAM, "--home", str(shelf.home.path), "mcp", "--http", str(port)],
        env=dict(os.environ) | {"PYTHONPATH": str(ROOT), "PINCITE_MCP_TOKEN": token},
    ) as process:
        url = f"http://127.0.0.1:{port}/mcp"
        deadline = time.monotonic() + 120
        while True:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except ConnectionRefusedError:
                assert process.poll() is None and time.monotonic() < deadline
                time.sleep(0.1)
        yield url
        process.terminate()


@pytest.mark.slow
def test_it_is_served_over_http_to_this_machine_alone(address: str) -> None:
    _is_served(anyio.run(partial(_conversation, address)))
    foreign = httpx2.post(address, json={}, headers={"Host": "evil.example"})
    assert foreign.status_code == 421
    page = httpx2.post(address, json={}, headers={"Origin": "https://evil.example"})
    assert page.status_code == 403


@pytest.mark.slow
@pytest.mark.parametrize("address", ["letmein"], indirect=True)
def test_over_http_a_token_can_be_wanted(address: str) -> None:
    assert httpx2.post(address, json={}).status_code == 401
    wrong = {"Authorization": "Bearer nobody"}
    assert httpx2.post(address, json={}, headers=wrong).status_code == 401
    right = {"Authorization": "Bearer letmein"}
    assert httpx2.post(address, json={}, headers=right).status_code != 401


def test_an_assistant_is_greeted_before_the_index_is_loaded() -> None:
    code = (
        "import sys, bot.assistants.tool_server\n"
        "heavy = ('numpy', 'faiss', 'onnxruntime', 'tantivy', 'sqlite3', 'torch')\n"
        "print([name for name in heavy if name in sys.modules])\n"
    )
    assert subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True) == "[]\n"


def test_a_port_in_use_is_said(cli: CommandLine) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        run = cli("mcp", "--http", str(taken.getsockname()[1]))
        run.refuses(advice="name a free one")


def test_the_table_of_assistants_holds_names(cli: CommandLine) -> None:
    Path("pincite.toml").write_text("[mcp]\nfolders = [7]\n")
    cli("mcp").refuses(advice="a list of names")
