"""The reading page in a real browser: asking, opening citations, hostile documents, accessibility.

It takes the system's Chromium and is skipped where there is none.
"""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from conftest import Shelf, release
from playwright.sync_api import Browser, Dialog, Page, sync_playwright
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate
from web_site import Site

from bot.rendering.reading_page import citation_path, document_path, reading_page_link
from bot.web.serving import listen
from retriever.citing.citation import Citation, receipt_of

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
PATIENCE = 120_000
"""Milliseconds that an action may take on a machine with much else to do."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine"),
]

DEEPEN = "The two sides agreed to deepen the harbor of Busan for container ships by 2025."
CITED = Citation("harbour.txt", "2", receipt_of(DEEPEN))
HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)><svg onload=alert(3)>"
    "\"' onmouseover='alert(4)' </title></textarea><style>*{display:none}</style>"
)


@dataclass(slots=True)
class Visit:
    """A page of a browser, and what it should never report."""

    page: Page
    address: str
    reports: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)

    def ask(self, question: str) -> None:
        self.page.fill("#q", question)
        self.page.keyboard.press("Enter")
        self.page.wait_for_selector(f"h1:has-text({question!r})")

    def text(self, selector: str) -> str:
        return " ".join(self.page.locator(selector).first.inner_text().split())

    def is_in_view(self, selector: str) -> bool:
        return bool(
            self.page.locator(selector).evaluate(
                "e => { const r = e.getBoundingClientRect();"
                " return r.top >= 0 && r.top < innerHeight }"
            )
        )


@contextmanager
def served(site: Site) -> Iterator[str]:
    """The address at which a site is served meanwhile."""
    with listen("127.0.0.1", 0, {}) as listening:
        config = uvicorn.Config(site.app, log_config=None, access_log=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture
def visit(shelf: Shelf, browser: Browser) -> Iterator[Visit]:
    """A visit of a phone's width; nothing may run in a page, or be refused by its policy."""
    with served(Site(shelf.home)) as address:
        context = browser.new_context(viewport={"width": 390, "height": 844})
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        visit = Visit(page, address)

        def refuse(dialog: Dialog) -> None:
            visit.reports.append(dialog.message)
            dialog.dismiss()

        page.on("dialog", refuse)
        page.on("pageerror", lambda error: visit.reports.append(str(error)))
        page.on(
            "console",
            lambda message: visit.reports.append(message.text) if message.type == "error" else None,
        )
        page.on("request", lambda request: _note_stranger(visit, request.url))
        yield visit
        assert context.cookies() == []
        context.close()
    assert visit.reports == []


def _note_stranger(visit: Visit, address: str) -> None:
    if not address.startswith(visit.address):
        visit.reports.append(address)


def _assert_accessible(page: Page) -> None:
    results = Axe().run(page, options={"preload": False})
    assert results.violations_count == 0, results.generate_report()


def test_asking_following_up_and_opening_a_citation_by_keyboard(visit: Visit) -> None:
    visit.open("/")
    assert visit.page.evaluate("document.activeElement.id") == "q"
    visit.page.keyboard.type("What was agreed with Carl Diaz?")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_selector(".verdict.found")
    assert visit.text("blockquote") == DEEPEN
    assert visit.page.locator("mark").first.inner_text() == DEEPEN
    visit.ask("and on fish?")
    assert visit.text("blockquote").startswith("Governor Diaz praised the fish market.")
    assert visit.text(".earlier") == "What was agreed with Carl Diaz?"
    assert not visit.page.locator(".searched p").is_visible()
    visit.page.locator(".searched summary").press("Enter")
    assert "Diaz" in visit.text(".searched p")
    visit.page.locator(".passages h2 a").first.press("Enter")
    visit.page.wait_for_selector("#cited")
    assert visit.text("#cited .words").startswith("Governor Diaz praised the fish market.")
    assert visit.text("#cited .receipt strong") == "The cited words hold."
    visit.page.go_back()
    assert visit.text("h1") == "and on fish?"
    visit.page.go_back()
    assert visit.text("h1") == "What was agreed with Carl Diaz?"


def test_a_permanent_address_scrolls_to_the_cited_paragraph(visit: Visit, shelf: Shelf) -> None:
    paragraphs = [f"In year {year} the port of Busan shipped grain." for year in range(1900, 2020)]
    shelf.write(ports=release("Grain through the Years", "2021-01-01", *paragraphs))
    shelf.index()
    cited = Citation("ports.txt", "100", receipt_of(paragraphs[99]))
    visit.page.goto(reading_page_link(visit.address, cited))
    assert visit.text("#cited .words") == paragraphs[99]
    assert visit.is_in_view("#cited")
    visit.open("/")
    visit.open(citation_path(cited).partition("#")[0])  # as somebody cut it
    visit.page.wait_for_function("document.activeElement.id == 'cited'")
    assert visit.is_in_view("#cited")


def test_changed_and_gone_documents(visit: Visit, shelf: Shelf) -> None:
    file = shelf.folder / "harbour.txt"
    file.write_text(file.read_text("utf-8").replace("by 2025", "by 2031"), "utf-8")
    visit.open(citation_path(CITED))
    assert visit.text("#cited .receipt strong") == "The cited words have changed."
    assert visit.text("del") == "[removed: 2025. ]"
    assert visit.text("ins") == "[added: 2031. ]"
    _assert_accessible(visit.page)
    file.unlink()
    visit.page.reload()
    assert visit.text(".receipt strong") == "The cited words are gone."
    _assert_accessible(visit.page)


def test_a_hostile_document_runs_nothing_and_hides_nothing(visit: Visit, shelf: Shelf) -> None:
    name = '"><script>alert(5)<!--.txt'
    text = release(f"{HOSTILE} Talks", "2024-05-06", f"{HOSTILE} The Sokovia talks began.")
    (shelf.folder / name).write_text(text, "utf-8")
    shelf.index()
    visit.open("/")
    visit.ask("What began in Sokovia?")
    assert "<script>alert(1)</script>" in visit.text(".passages")
    visit.page.locator(".passages h2 a").first.click()
    visit.page.wait_for_selector("#cited")
    assert "<style>*{display:none}</style>" in visit.text("#cited .words")
    assert visit.page.locator("h1").is_visible()
    visit.open("/?" + urlencode({"q": HOSTILE, "earlier": HOSTILE, "folder": HOSTILE}))
    visit.open(document_path(name) + "?dropped=1")
    assert visit.page.locator("h1").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1200])
def test_nothing_bars_anybody(visit: Visit, scheme: str, width: int) -> None:
    page = visit.page
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": 800})
    follow_up = {"q": "and on fish?", "earlier": "What was agreed with Carl Diaz?"}
    for path in (
        "/",
        "/?" + urlencode({"q": "What was agreed with Carl Diaz?", "after": "2020"}),
        "/?" + urlencode(follow_up),
        "/?" + urlencode({"q": "Who won the chess championship of Ruritania?"}),
        "/d/harbour.txt",
        "/d/harbour.txt?dropped=1",
        citation_path(CITED),
    ):
        visit.open(path)
        for each in page.locator("summary").all():
            each.click()
        _assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


PAGES, PARAGRAPHS = 300, 8
PAINT = "performance.getEntriesByName('first-contentful-paint')[0]"


def _long_report(file: Path) -> str:
    """Writes a report of many pages, and gives one of its last paragraphs."""
    style = getSampleStyleSheet()["BodyText"]
    story: list[Paragraph | PageBreak] = []
    text = ""
    for number in range(PAGES):
        for line in range(PARAGRAPHS):
            text = (
                f"On day {number} of the survey, party {line} measured the depth of the river at "
                f"station {number * PARAGRAPHS + line}, found it to be {number + line} metres, and "
                "noted the colour of the water, the kind of the bed and the strength of the wind."
            )
            story.append(Paragraph(text, style))
        story.append(PageBreak())
    SimpleDocTemplate(str(file), title="The Survey of the River").build(story)
    return text


def test_a_document_of_300_pages_is_painted_within_a_second(visit: Visit, shelf: Shelf) -> None:
    _long_report(shelf.folder / "survey.pdf")
    shelf.index()
    store = Site(shelf.home).library.open().generation.store
    document = store.document_named("survey.pdf")
    assert document and document.count > PAGES * PARAGRAPHS * 0.9
    last = store.passages_of(document.number)[-1]
    cited = Citation("survey.pdf", last.label, receipt_of(last.text))
    paints = []
    for _ in range(3):
        visit.open("/")
        visit.open(citation_path(cited))
        assert visit.is_in_view("#cited")
        visit.page.wait_for_function(f"{PAINT} !== undefined")
        paints.append(visit.page.evaluate(f"{PAINT}.startTime"))
    assert min(paints) <= 1_000, paints
