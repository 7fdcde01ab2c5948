"""From Slack to the reading page, which a bot in HTTP mode can serve itself; and taking along."""

import html
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from slack_bot import PAGE, QUESTION, Bot, Stage, forget, staged, told, workspace

from bot.slack.sending import wording
from retriever.index.home import Home

TOKEN = "0123456789abcdef"
OUTSIDE = "https://docs.example.org/read"
STATED = f'[web]\naddress = "{OUTSIDE}"\ntoken = "{TOKEN}"\n[slack]\nreading_page = true\n'


@pytest.fixture(scope="module")
def open_stage(home: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with staged(home, tmp_path_factory.mktemp("reading"), "http", STATED) as made:
        yield made


@pytest.fixture
def stage(open_stage: Stage) -> Stage:
    forget(open_stage.slack)
    return open_stage


def opened(stage: Stage, path: str, token: str = TOKEN) -> tuple[int, str]:
    """The status and text of a page that the bot serves."""
    address = f"http://127.0.0.1:{stage.slack.bot_port}{path}"
    asked = Request(address, headers={"Authorization": f"Bearer {token}"} if token else {})
    try:
        with urlopen(asked, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


def links(stage: Stage) -> list[str]:
    """Where the citations of an answer to a command lead."""
    stage.slack.slash("/ask", QUESTION)
    (answer,) = told(stage.slack)
    texts = [
        each["text"]
        for block in answer.blocks
        if block["type"] == "context"
        for each in block["elements"]
        if each["type"] == "mrkdwn"
    ]
    return [re.fullmatch(rf"<(.+)\|{wording.CHECK}>", text)[1] for text in texts]  # type: ignore[index]


def test_a_citation_leads_to_its_page_which_the_bot_serves(stage: Stage) -> None:
    led = links(stage)
    assert led and all(each.startswith(f"{OUTSIDE}/d/") for each in led)
    for prefix in ("/read", ""):  # a proxy may leave its path away
        status, page = opened(stage, prefix + led[0].removeprefix(OUTSIDE).partition("#")[0])
        assert status == 200 and PAGE in html.unescape(page) and 'id="cited"' in page
        assert 'href="/read/style.css"' in page


def test_nobody_reads_without_the_token_and_slack_is_served_as_before(stage: Stage) -> None:
    for path in ("/read/", "/", "/nowhere"):
        assert opened(stage, path, token="")[0] == 401
        assert opened(stage, path, token="x" * 16)[0] == 401
    assert stage.bot.page("/healthz") == (200, "ok\n")
    assert opened(stage, "/slack/events", token="")[0] == 405


def test_what_is_taken_along_is_markdown_with_footnotes(stage: Stage) -> None:
    stage.slack.slash("/ask", QUESTION)
    (answer,) = told(stage.slack)
    stage.slack.click(answer, "take_along").wait()
    view = stage.slack.wait_for(
        lambda: [v for v in stage.slack.views() if wording.LOADING not in v.visible_text], 5
    )[-1]
    assert f"## {QUESTION}" in view.visible_text and "[^1]: " in view.visible_text


@pytest.mark.parametrize("mode", ["socket", "http"])
def test_the_page_may_be_served_elsewhere_or_nowhere(home: Home, tmp_path: Path, mode: str) -> None:
    elsewhere = f'[web]\naddress = "{OUTSIDE}"\nfolders = []\n'
    with staged(home, tmp_path, mode, elsewhere) as made:
        assert opened(made, "/")[0] == 404
        assert links(made) == []  # since that page does not show the folder


def test_a_page_that_anybody_could_read_is_refused(
    copied: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (copied.path / "pincite.toml").write_text("[slack]\nreading_page = true\n")
    monkeypatch.setenv("HOST", "0.0.0.0")
    with workspace("http") as slack:
        bot = Bot(slack, copied, tmp_path / "log").start()
        assert bot.process.wait(60) == 2
    assert "set a token" in bot.log and "Traceback" not in bot.log
