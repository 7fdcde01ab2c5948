"""The reading page: answers as chat gives them, documents, and what became of a citation."""

import io
import logging
import shutil
from html import escape
from pathlib import Path
from urllib.parse import quote

import pytest
from conftest import HARBOUR, RELEASES, Shelf, release
from docx import Document
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient
from web_site import Page, Site

from bot.rendering.reading_page import (
    citation_path,
    document_path,
    on_reading_page,
    reading_page_link,
)
from bot.web.protection import HEADERS
from retriever.answering.ask import ask
from retriever.build.build import build_index
from retriever.citing.citation import Citation, receipt_of
from retriever.index.generation import Generation
from retriever.index.home import Home

DEEPEN = "The two sides agreed to deepen the harbor of Busan for container ships by 2025."
CITED = Citation("harbour.txt", "2", receipt_of(DEEPEN))
ASKED = "What was agreed with Carl Diaz?"


@pytest.fixture
def site(shelf: Shelf) -> Site:
    return Site(shelf.home)


def quoted(page: Page) -> list[str]:
    return page.texts("blockquote p")


def edit(shelf: Shelf, old: str, new: str) -> None:
    file = shelf.folder / "harbour.txt"
    assert old in file.read_text("utf-8")
    file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")


def test_the_first_page_asks_for_a_question(site: Site) -> None:
    page = site.open()
    assert page.status == 200
    assert page.text("h1") == "Ask the documents"
    assert page.attribute("input[type=search]", "name") == "q"
    assert "3 documents to 2023-09-02" in page.text("footer")


def test_an_answer_is_what_the_documents_say_word_for_word(site: Site) -> None:
    page = site.open(q=ASKED)
    assert quoted(page)[0] == DEEPEN
    assert page.text(".verdict").startswith("Likely found (about ")
    assert page.texts(".passages h2")[0].startswith("Korea and Elbonia Hold Harbor Talks")
    assert "4 March 2021 (event 3 March 2021) · paragraph 2" in page.texts(".place")
    assert f"“{ASKED}” · names Carl Diaz · 3 documents" in page.text(".searched p")
    assert str(CITED) in page.texts(".links code")
    assert citation_path(CITED) in {each.attributes["href"] for each in page.all(".passages h2 a")}


def test_the_best_sentence_is_marked(site: Site) -> None:
    page = site.open(q="When will the governor visit again?")
    assert "Governor Diaz praised the fish market. He will visit again in the autumn." in quoted(
        page
    )
    assert "He will visit again in the autumn." in page.texts("mark")


def test_what_is_not_there_is_said_so(site: Site) -> None:
    page = site.open(q="Who won the chess championship of Ruritania?")
    assert page.text(".verdict strong") == "Not found in these documents"
    assert quoted(page) == []


def test_a_follow_up_carries_the_questions_before_it(site: Site) -> None:
    first = site.open(q=ASKED)
    carried = [each.attributes["value"] for each in first.all("input[name=earlier]")]
    assert carried == [ASKED]
    second = site.open(q="and on fish?", earlier=carried)
    assert "Diaz" in second.text(".searched p")
    assert quoted(second)[0].startswith("Governor Diaz praised the fish market.")
    assert second.texts(".earlier a") == [ASKED]
    back = site.open(second.attribute(".earlier a", "href"))
    assert quoted(back) == quoted(first)
    carried = [each.attributes["value"] for each in second.all("input[name=earlier]")]
    assert carried == [ASKED, "and on fish?"]


def test_a_long_conversation_is_carried_as_far_as_an_address_reaches(site: Site) -> None:
    earlier = [f"{number} {'word ' * 100}" for number in range(60)]
    page = site.open(q="and now?", earlier=earlier)
    carried = [str(each.attributes["value"]) for each in page.all("input[name=earlier]")]
    assert carried[-1] == "and now?"
    assert [each.split()[0] for each in carried[:-1]] == list(map(str, range(53, 60)))


def test_more_passages_are_shown_when_they_are_asked_for(site: Site) -> None:
    page = site.open(q=ASKED)
    more = site.open(page.attribute(".more a", "href"))
    assert len(quoted(more)) > len(quoted(page))
    assert more.all(".more") == []


def test_a_time_restricts_the_answer_and_stays_in_the_form(site: Site) -> None:
    page = site.open(q="What did the government do?", after="2022", before="2022-12")
    assert {each.split("?")[0] for each in hrefs(page, ".passages h2 a")} == {"/d/vaccines.txt"}
    assert "from 2022-01-01 to 2022-12-31" in page.text(".searched p")
    assert page.attribute("input[name=after]", "value") == "2022-01-01"
    assert "open" in page.all(".filters")[0].attributes


def hrefs(page: Page, selector: str) -> list[str]:
    return [str(each.attributes["href"]) for each in page.all(selector)]


@pytest.fixture
def two_folders(models: Path, tmp_path: Path) -> Home:
    """Two corpus folders; the private one has a sentence of the public one too."""
    public, private = tmp_path / "public", tmp_path / "private"
    for folder in (public, private):
        folder.mkdir()
    (public / "harbour.txt").write_text(HARBOUR)
    secret = release(
        "Secret Talks on Tunnels", "2021-05-05", "The tunnel to Elbonia is dug.", DEEPEN
    )
    (private / "secret.txt").write_text(secret)
    home = Home(tmp_path / "home", models, models)
    build_index(home, [public, private])
    return home


def test_a_folder_restricts_the_answer(two_folders: Home) -> None:
    page = Site(two_folders).open(q="tunnel", folder="private")
    assert hrefs(page, ".passages h2 a")[0].split("?")[0] == "/d/secret.txt"
    assert [each.attributes["value"] for each in page.all("input[name=folder]")] == [
        "public",
        "private",
    ]
    assert len(page.all("input[name=folder][checked]")) == 1


def test_of_other_folders_nothing_is_said(two_folders: Home) -> None:
    site = Site(two_folders, folders=["public"])
    tunnel = "The tunnel to Elbonia is dug."
    of_public = Citation("harbour.txt", "1", receipt_of(tunnel))
    opened = [
        site.open(q="What of the tunnel?"),
        site.open(q="What of the tunnel?", folder="private"),
        site.open("/d/secret.txt"),
        site.open(citation_path(Citation("secret.txt", "1", receipt_of(tunnel)))),
        site.open(citation_path(of_public)),
        site.open(citation_path(CITED)),
        site.open("/d/secret.txt?dropped=1"),
    ]
    for page in opened:
        text = page.html.lower().replace("what of the tunnel?", "").replace("tunnel%3f", "")
        assert "dug" not in text
        assert "secret talks" not in text
    assert [page.status for page in opened] == [200, 200, 404, 200, 200, 200, 404]
    assert opened[3].text(".receipt strong") == "The cited words are gone."
    assert opened[4].text(".receipt strong") == "The cited words have changed."
    assert opened[4].all(".difference") == []  # it would show words of the other folder
    assert opened[0].text("footer").startswith("1 document to 2021-03-04 ")
    (two_folders.path.parent / "public" / "harbour.txt").unlink()
    assert "secret.txt" not in site.open(citation_path(CITED)).html


def test_a_citation_that_is_pasted_opens_its_page(site: Site) -> None:
    page = site.open(q=f"‘{CITED}’"[1:-1])
    assert page.text("#cited .words") == DEEPEN


def test_a_document_has_its_paragraphs_and_what_they_are_cited_by(site: Site, shelf: Shelf) -> None:
    page = site.open("/d/harbour.txt")
    assert page.text("h1").startswith("Korea and Elbonia Hold Harbor Talks")
    assert page.texts(".label") == ["Paragraph 1", "Paragraph 2", "Paragraph 3"]
    assert page.texts(".words")[1] == DEEPEN
    assert hrefs(page, ".label")[1] == citation_path(CITED)
    stored = site.library.open().document("harbour.txt")
    assert stored and stored.sha256 in page.text(".about")
    assert page.all("#cited") == []


def test_a_citation_opens_at_its_paragraph_and_holds(site: Site) -> None:
    page = site.open(citation_path(CITED))
    assert page.text("#cited .words") == DEEPEN
    assert page.text("#cited .receipt strong") == "The cited words hold."
    assert page.texts(".words")[0].startswith("Minister Alice Brown")
    assert str(CITED) in page.text("#cited code")


def test_the_address_may_name_another_document_than_the_citation(site: Site) -> None:
    page = site.open(f"/d/culture.txt?c={quote(str(CITED))}")
    assert page.text("#cited .words") == DEEPEN


@pytest.mark.parametrize("indexed", [False, True])
def test_words_that_changed_are_shown_with_the_difference(
    shelf: Shelf, site: Site, indexed: bool
) -> None:
    edit(shelf, "by 2025", "by 2031")
    if indexed:
        shelf.index()
    page = site.open(citation_path(CITED))
    assert page.text("#cited .receipt strong") == "The cited words have changed."
    assert page.texts("del") == ["[removed: 2025.]"]
    assert page.texts("ins") == ["[added: 2031.]"]
    assert page.text("#cited .words") == DEEPEN.replace("2025", "2031")
    assert bool(page.texts(".note")) is not indexed
    new = site.open(hrefs(page, "#cited .receipt a")[0])
    assert new.text("#cited .receipt strong") == "The cited words hold."


def test_words_that_moved_are_shown_where_they_are(shelf: Shelf, site: Site) -> None:
    edit(shelf, "1. Minister", "1. It rained in Busan.\n\n2. Minister")
    edit(shelf, "2. The two", "3. The two")
    page = site.open(citation_path(CITED))
    assert page.text("#cited .receipt strong") == "The cited words have moved."
    assert "harbour.txt#3@" in page.text("#cited .receipt")
    assert page.text("#cited .words") == DEEPEN


@pytest.mark.parametrize("indexed", [False, True])
def test_a_file_that_is_gone_is_not_shown(shelf: Shelf, site: Site, indexed: bool) -> None:
    (shelf.folder / "harbour.txt").unlink()
    if indexed:
        shelf.index()
    page = site.open(citation_path(CITED))
    assert page.text(".receipt strong") == "The cited words are gone."
    assert "Busan" not in page.html
    assert "Busan" not in site.open("/d/harbour.txt").html


def test_the_same_file_under_another_name_is_found(shelf: Shelf, site: Site) -> None:
    (shelf.folder / "harbour.txt").rename(shelf.folder / "port.txt")
    page = site.open(citation_path(CITED))
    assert page.text("#cited .receipt strong") == "The cited words have moved."
    assert "port.txt#2@" in page.text("#cited .receipt")
    assert site.open(hrefs(page, "#cited .receipt a")[0]).text("#cited .words") == DEEPEN


def test_a_paragraph_that_is_gone_leaves_its_document(shelf: Shelf, site: Site) -> None:
    edit(shelf, "3. Governor Diaz praised the fish market. He will visit again in the autumn.", "")
    gone = Citation(
        "harbour.txt", "3",
        receipt_of("Governor Diaz praised the fish market. He will visit again in the autumn."),
    )  # fmt: skip
    page = site.open(citation_path(gone))
    assert page.text(".receipt strong") == "The cited words are gone."
    assert DEEPEN in page.texts(".words")


def test_what_was_dropped_is_shown_on_demand(site: Site) -> None:
    page = site.open(hrefs(site.open("/d/harbour.txt"), ".about a")[0])
    assert "Press Releases" in " ".join(page.texts(".dropped"))
    assert page.texts(".paragraph .words")[1] == DEEPEN
    assert all(page.texts(".rule"))


def test_other_editions_are_named(shelf: Shelf, site: Site) -> None:
    long = [
        "Minister Alice Brown met Governor Carl Diaz of Elbonia in Busan on March 3.",
        DEEPEN,
        "Governor Diaz praised the fish market and the long new quay of the old harbor.",
    ]
    title = "Korea and Elbonia Hold Harbor Talks in Busan (March 3)"
    shelf.write(
        harbour=release(title, "2021-03-04", *long),
        corrected=release(title, "2021-03-05", *long, "A word was corrected in this release."),
    )
    shelf.index()
    page = site.open("/d/harbour.txt")
    assert hrefs(page, ".about ul a") == ["/d/corrected.txt"]


def test_documents_of_one_file_are_listed(shelf: Shelf, site: Site) -> None:
    mails = [
        f"From press@example.org Tue Mar  5 10:0{number}:00 2024\nFrom: press@example.org\n"
        f"Date: Tue, 5 Mar 2024 10:0{number}:00 +0000\nSubject: Letter {number}\n\n"
        f"The {word} letter is about the long road from Busan to Seoul.\n\n"
        for number, word in enumerate(("first", "second"))
    ]
    (shelf.folder / "press.mbox").write_text("".join(mails))
    shelf.index()
    page = site.open("/d/press.mbox")
    assert page.texts("main li a") == ["Letter 0", "Letter 1"]
    letter = site.open(hrefs(page, "main li a")[1])
    assert "second letter" in letter.texts(".words")[0]
    assert "/d/press.mbox" in hrefs(letter, ".about a")


def test_a_new_index_is_used_at_the_next_question(shelf: Shelf, site: Site) -> None:
    assert quoted(site.open(q="Who opened the lighthouse?")) == []
    shelf.write(light=release("Lighthouse", "2024-01-02", "Mayor Pym opened the lighthouse."))
    shelf.index()
    assert (
        quoted(site.open(q="Who opened the lighthouse?"))[0] == "Mayor Pym opened the lighthouse."
    )


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\" onmouseover='alert(3)' {{ 7*7 }}"


HOSTILE_NAMES = (
    '"><script>alert(1)<!--.txt', "a?b#c%2e&d=1.txt", "two  blanks &amp; ¶.txt",
    "etc%2f..%2fetc.txt", "javascript:alert(1).txt", "한국 자료.txt",
)  # fmt: skip


def test_nothing_that_documents_say_becomes_markup(shelf: Shelf, site: Site) -> None:
    for number, name in enumerate(HOSTILE_NAMES):
        text = release(
            f"{HOSTILE} Title {number}", "2024-05-06",
            f"The {HOSTILE} delegation {number} of Sokovia came by \u202eship\u202c.",
        )  # fmt: skip
        (shelf.folder / name).write_text(text)
    shelf.index()
    answer = site.open(q=f"{HOSTILE} delegation of Sokovia", earlier=[HOSTILE], folder=HOSTILE)
    assert answer.status == 200
    pages = [answer, site.open(q="the delegation of Sokovia", more="1")]
    links = dict.fromkeys(hrefs(pages[1], ".passages h2 a"))
    pages += [site.open(each) for each in links]
    assert sum("The cited words hold." in page.html for page in pages) >= len(HOSTILE_NAMES)
    for page in pages:
        assert page.status == 200
        assert page.all("script, img, iframe, style, [onerror], [onmouseover], [style]") == []
        assert "\u202e" not in page.html
        assert "49" not in page.text("h1")


def test_every_document_can_be_opened_by_its_path(shelf: Shelf, site: Site) -> None:
    for name in HOSTILE_NAMES:
        shutil.copy(shelf.folder / "harbour.txt", shelf.folder / name)
    shelf.index()
    for name in (*HOSTILE_NAMES, *RELEASES):
        page = site.open(document_path(name))
        assert (page.status, len(page.texts(".paragraph"))) in ((200, 3), (200, 2)), name


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"q": "what?", "after": "yesterday"}, "'yesterday' is no date"),
        ({"q": "what?", "after": "2023", "before": "2022"}, "swap them"),
        ({"q": "what?", "before": "2023-02-30"}, "is no date"),
        ({"q": "x" * 4_001}, "ask a shorter one"),
        ({"q": "\u200b"}, "The question is empty"),
    ],
)
def test_what_cannot_be_asked_is_told_in_a_sentence(
    site: Site, query: dict[str, str], said: str
) -> None:
    page = site.open(**query)
    assert page.status == 400
    assert said in page.text("main")
    assert hrefs(page, "main a") == ["/"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/d/none.txt", 404),
        ("/d/harbour.txt?c=nonsense", 400),
        ("/d/%ff%fe", 404),
        ("/d/../../etc/passwd", 404),
        ("/d/%2e%2e%2f%2e%2e%2fetc%2fpasswd", 404),
        ("/d/%00", 404),
        ("/d/", 404),
        ("/nowhere", 404),
        ("/d/harbour.txt?c=harbour.txt%232%4001234567", 200),
        ("/d/none.txt?c=none.txt%232%400123456789ab", 200),
        (f"/d/harbour.txt?c={'x' * 3000}", 400),
    ],
)
def test_an_address_that_leads_nowhere_is_told_so(site: Site, path: str, status: int) -> None:
    page = site.open(path)
    assert page.status == status
    assert page.texts("h1") and "Traceback" not in page.html
    assert dict(page.headers).items() >= {n.lower(): v for n, v in HEADERS.items()}.items()


def test_pages_are_only_read(site: Site) -> None:
    answer = site.client.post("/", data={"q": "what?"})
    assert answer.status_code == 405
    assert "This page is only read." in answer.text


def test_without_an_index_the_page_says_so(tmp_path: Path) -> None:
    page = Site(Home(tmp_path / "nothing")).open()
    assert page.status == 503
    assert "There is no index yet" in page.text("main")


def test_a_defect_is_told_without_what_was_asked(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("secret question")

    monkeypatch.setattr("bot.web.library.Holdings.answer", fail)
    with caplog.at_level(logging.INFO):
        page = site.open(q="secret question")
    assert page.status == 500
    logged = [each.getMessage() for each in caplog.records if each.name.startswith("bot.")]
    assert logged == ["defect: RuntimeError"]
    assert "secret" not in page.html


def test_damage_of_the_index_is_told_without_where_it_lies(shelf: Shelf) -> None:
    (shelf.home.generation() / "passages.db").write_bytes(b"nothing")
    page = Site(shelf.home).open(q=ASKED)
    assert page.status == 503
    assert str(shelf.home.path) not in page.html


def test_the_style_and_the_icon_are_ours(site: Site) -> None:
    assert "prefers-color-scheme: dark" in site.open("/style.css").html
    assert site.open("/icon.svg").headers["content-type"] == "image/svg+xml"


def test_it_can_be_mounted_below_another_application(shelf: Shelf) -> None:
    whole = TestClient(Starlette(routes=[Mount("/read", Site(shelf.home).app)]))
    answer = whole.get("/read/", params={"q": ASKED})
    assert f'href="/read{escape(citation_path(CITED))}"' in answer.text
    assert whole.get("/read" + citation_path(CITED)).status_code == 200
    assert 'href="/read/style.css"' in answer.text


def test_an_answer_links_to_the_reading_page_where_that_shows_the_folder(shelf: Shelf) -> None:
    generation = Generation.open(shelf.home)
    answer = ask(generation, ASKED)

    def links(**web: object) -> list[str]:
        placed = on_reading_page(answer, web, generation)
        return [each.reading_page for each in placed.passages]

    address = "https://docs.example.org/read/"
    expected = [reading_page_link(address, each.citation) for each in answer.passages]
    assert expected
    assert links(address=address) == links(address=address, folders=["releases"]) == expected
    assert not any(links(address=address, folders=[]) + links())


@pytest.mark.parametrize(
    ("form", "ending", "begins"),
    [("markdown", "md", "## What was agreed"), ("csl-json", "json", "["), ("bibtex", "bib", "@")],
)
def test_a_conversation_can_be_taken_along(site: Site, form: str, ending: str, begins: str) -> None:
    answer = site.open(q="and on fish?", earlier=[ASKED])
    taken = site.open(next(each for each in hrefs(answer, ".links a") if f"format={form}" in each))
    named = f'attachment; filename="pincite.{ending}"'
    assert (taken.status, taken.headers["content-disposition"]) == (200, named)
    assert taken.html.startswith(begins)
    assert form != "markdown" or (DEEPEN in taken.html and "## and on fish?" in taken.html)


def test_word_takes_an_answer_along(site: Site) -> None:
    taken = site.client.get("/export", params={"q": ASKED, "format": "docx"})
    assert DEEPEN in "".join(each.text for each in Document(io.BytesIO(taken.content)).paragraphs)


@pytest.mark.parametrize("query", [{"q": ASKED}, {"q": ASKED, "format": "exe"}, {"format": "docx"}])
def test_nothing_is_taken_along_that_was_not_asked_for(site: Site, query: dict[str, str]) -> None:
    assert site.open("/export", **query).status == 400


def test_the_permanent_address_of_a_citation() -> None:
    assert reading_page_link("https://docs.example.org/read/", CITED) == (
        f"https://docs.example.org/read/d/harbour.txt?c=harbour.txt%232%40{CITED.receipt}#cited"
    )
    odd = Citation("a b/ü?#.txt", "4 o 2", "0123456789ab")
    assert reading_page_link("http://127.0.0.1:8000", odd) == (
        "http://127.0.0.1:8000/d/a%20b/%C3%BC%3F%2523.txt"
        "?c=a%20b%2F%C3%BC%3F%2523.txt%234%20o%202%400123456789ab#cited"
    )
