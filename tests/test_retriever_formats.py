"""A folder of office files and mail is indexed, answers, and its citations hold."""

import dataclasses
from pathlib import Path

from conftest import HARBOUR, Shelf
from releases import releases
from rendering_mail import mailbox, quoted_printable
from rendering_office import typed_docx
from rendering_tables import archived, book, hwp, hwpx, outlook, slides, workbook

from corpus.readers import read_documents
from retriever.build.build import build_index
from retriever.citing.citation import Citation
from retriever.citing.receipts import CitationState
from retriever.citing.verifier import Verifier, look_up
from retriever.index.home import Home
from retriever.index.passages import PassageStore


def test_every_format_answers_and_its_citations_hold(shelf: Shelf) -> None:
    some = releases()[3:6]
    (shelf.folder / "harbour.txt").unlink()
    (shelf.folder / "a.docx").write_bytes(typed_docx(some[0]))
    (shelf.folder / "b.eml").write_bytes(quoted_printable(some[1]))
    harbour = read_documents("harbour.txt", HARBOUR.encode())[0]
    talks = dataclasses.replace(some[2], title=harbour.title, posted=harbour.posted)
    text = "The two sides agreed to deepen the harbor of Busan for container ships by 2025."
    talks = dataclasses.replace(
        talks, blocks=(dataclasses.replace(some[2].blocks[0], text=text), *some[2].blocks[1:])
    )
    (shelf.folder / "c.mbox").write_bytes(mailbox([some[2], talks]))
    (shelf.folder / "d.docx").write_bytes(b"PK\x03\x04")
    build = shelf.index()
    assert build.manifest.documents == 2 + 2 + 2
    assert build.manifest.folders[0].skipped == {
        "d.docx": "it is damaged, or not what its ending says"
    }
    assert not shelf.index().published

    answer = shelf.ask("What was agreed about the harbor of Busan?")
    best = answer.passages[0]
    assert best.text == text
    store = PassageStore.open(shelf.home.generation())
    receipts = Verifier(store).verify_documents()
    assert {receipt.state for receipt in receipts} == {CitationState.HOLDS}
    found = look_up(store, Citation.parse(str(best.citation)))
    assert found.document is not None
    assert found.document.id == "c.mbox/2"


def test_every_other_format_answers_and_its_citations_hold(shelf: Shelf) -> None:
    (shelf.folder / "harbour.txt").unlink()

    def text(name: str) -> str:
        return f"The harbour of {name} bought seven cranes in May."

    def rows(name: str) -> list[list[str]]:
        return [["Harbour", "Cranes"], [name, text(name)]]

    files: dict[str, tuple[str, bytes]] = {
        "Arvik": ("a.xlsx", workbook({"One": rows("Arvik"), "Two": rows("Elsewhere")})),
        "Belmar": ("b.csv", "\n".join(map(",".join, rows("Belmar"))).encode()),
        "Corvo": ("c.pptx", slides([("Plan", ["Two ships"], ""), ("Buys", [text("Corvo")], "")])),
        "Delmar": ("d.epub", book("The Sea", [("Cranes", text("Delmar"))])),
        "Elvas": ("e.msg", outlook("Cranes", f"1. {text('Elvas')}")),
        "Fenwick": ("f.hwpx", hwpx(["항만 소식", text("Fenwick")])),
        "Gravik": ("g.hwp", hwp(["항만 소식", text("Gravik")])),
        "Helmar": ("h.zip", archived({"2024/note.txt": f"Cranes\n\n1. {text('Helmar')}\n"})),
        "Isvik": ("i.aspx", f"<!doctype html><h1>Cranes</h1><p>{text('Isvik')}</p>".encode()),
        "Jolster": ("j", f"Cranes\n\n1. {text('Jolster')}\n".encode()),
    }
    for file, data in files.values():
        (shelf.folder / file).write_bytes(data)
    shelf.index()
    store = PassageStore.open(shelf.home.generation())
    for name, (file, _) in files.items():
        best = shelf.ask(f"How many cranes did the harbour of {name} buy?").passages[0]
        assert text(name) in best.text
        assert str(best.citation).startswith(file)
        assert look_up(store, Citation.parse(str(best.citation))).document is not None
    receipts = Verifier(store).verify_documents()
    assert {receipt.state for receipt in receipts} == {CitationState.HOLDS}


def test_progress_and_order_do_not_depend_on_the_workers(shelf: Shelf, tmp_path: Path) -> None:
    for number, release in enumerate(releases()[:5]):
        (shelf.folder / f"{number}.eml").write_bytes(quoted_printable(release))
    told: list[tuple[str, int, int]] = []
    place = Home(tmp_path / "other", shelf.home.models, shelf.home.models)
    first = build_index(place, [shelf.folder], progress=lambda *now: told.append(now))
    reading = [done for what, done, total in told if what == "Reading releases" and total == 8]
    assert reading == [1, 2, 3, 4, 5, 6, 7, 8]
    again = shelf.index()
    one, two = (
        PassageStore.open(each.generation(build.generation))
        for each, build in ((place, first), (shelf.home, again))
    )
    assert one.count == two.count
    assert [one.passage(row) for row in range(one.count)] == [
        two.passage(row) for row in range(two.count)
    ]
