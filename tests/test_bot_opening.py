"""Documents are opened at the passage: on the web, in an editor at the line, at a page."""

import os
import sys
from pathlib import Path

import pytest
from conftest import HARBOUR, CommandLine, read_document

from bot.opening.programs import NotOpened, open_target
from bot.opening.target import Target
from retriever.citing.file_lines import line_in_file

QUESTION = "What was agreed about the harbor of Busan?"


class Programs:
    """Programs on the path that only note what they were told."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.notes = folder, folder / "notes"

    def put(self, *names: str, says: str = "", code: int = 0) -> None:
        for name in names:
            program = self.folder / name
            program.write_text(
                f"#!{sys.executable}\nimport os, sys\n"
                f"note = open({str(self.notes)!r}, 'a')\n"
                "note.write('\\0'.join([os.path.basename(sys.argv[0]), *sys.argv[1:]]) + '\\n')\n"
                f"print({says!r})\nsys.exit({code})\n"
            )
            program.chmod(0o755)

    def told(self) -> list[str]:
        """What the last program was told, its name first."""
        return self.notes.read_text().splitlines()[-1].split("\0")


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Programs:
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.delenv("EDITOR", raising=False)
    return Programs(folder)


@pytest.mark.parametrize(
    ("editor", "told"),
    [
        ("vim", ["vim", "+7", "/a b/x.txt"]),
        ("emacsclient -t", ["emacsclient", "-t", "+7", "/a b/x.txt"]),
        ("code --wait", ["code", "--wait", "--goto", "/a b/x.txt:7"]),
        ("subl", ["subl", "/a b/x.txt:7"]),
        ("kate", ["kate", "--line", "7", "/a b/x.txt"]),
        ("myown", ["myown", "/a b/x.txt"]),
    ],
)
def test_an_editor_begins_at_the_line(programs: Programs, editor: str, told: list[str]) -> None:
    programs.put(editor.split()[0])
    open_target(Target(path=Path("/a b/x.txt"), line=7), editor)
    assert programs.told() == told


def test_what_a_file_is_called_is_no_command(programs: Programs) -> None:
    programs.put("vim", "xdg-open")
    evil = Path("/x/$(touch owned); `id` {line} --help.txt")
    open_target(Target(path=evil, line=1), "vim")
    assert programs.told() == ["vim", "+1", str(evil)]
    open_target(Target(path=evil))
    assert programs.told() == ["xdg-open", str(evil)]


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("org.gnome.Evince.desktop", ["evince", "--page-label=4", "/x/y.pdf"]),
        ("okularApplication_pdf.desktop", ["okular", "--page=4", "/x/y.pdf"]),
        ("firefox-esr.desktop", ["firefox", "file:///x/y.pdf#page=4"]),
        ("unknown.desktop", ["xdg-open", "/x/y.pdf"]),
    ],
)
def test_a_pdf_opens_at_its_page(programs: Programs, entry: str, told: list[str]) -> None:
    programs.put("evince", "okular", "firefox", "xdg-open")
    programs.put("xdg-mime", says=entry)
    open_target(Target(path=Path("/x/y.pdf"), page=4), "vim")
    assert programs.told() == told


def test_what_cannot_be_opened_is_said(programs: Programs) -> None:
    with pytest.raises(NotOpened, match=r"There is no xdg-open here to open https://x\.org with"):
        open_target(Target(address="https://x.org"))
    with pytest.raises(NotOpened, match=r"nowhere could not be run .* correct EDITOR"):
        open_target(Target(path=Path("/x.txt"), line=1), "nowhere")
    programs.put("xdg-open", code=3)
    with pytest.raises(NotOpened, match="xdg-open could not open file:///x"):
        open_target(Target(path=Path("/x")))


def citation(indexed: CommandLine) -> str:
    cited: str = indexed("ask", "--json", QUESTION).json["passages"][0]["citation"]
    return cited


def test_a_text_opens_in_the_editor_at_its_line(
    indexed: CommandLine, programs: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    cited = citation(indexed)
    file = Path("releases/harbour.txt").resolve()
    line = 1 + HARBOUR[: HARBOUR.index("2. The two sides agreed")].count("\n")
    run = indexed("open", "--print", cited)
    assert (run.code, run.out, run.err) == (0, f"{file}:{line}\n", "")
    programs.put("vim")
    monkeypatch.setenv("VISUAL", "vim")
    assert indexed("open", *cited.split(" ")).code == 0
    assert programs.told() == ["vim", f"+{line}", str(file)]


def test_an_address_opens_at_the_passage_and_the_file_when_it_is_wanted(
    indexed: CommandLine, programs: Programs
) -> None:
    Path("releases/manifest.jsonl").write_text(
        '{"file": "harbour.txt", "source": "https://example.org/harbour"}\n'
    )
    assert indexed("index").code == 0
    cited = citation(indexed)
    programs.put("xdg-open")
    assert indexed("open", cited).code == 0
    told = programs.told()
    assert told[1].startswith("https://example.org/harbour#:~:text=The%20two%20sides%20agreed")
    assert indexed("open", "--file", "--print", cited).out.endswith("/releases/harbour.txt:12\n")


def test_words_that_changed_moved_or_are_gone_are_said(
    indexed: CommandLine, programs: Programs
) -> None:
    cited, file = citation(indexed), Path("releases/harbour.txt")
    file.write_text(HARBOUR.replace("by 2025", "by 2027"))
    run = indexed("open", "--print", cited)
    assert (run.code, run.out) == (1, f"{file.resolve()}:12\n")
    assert "[-2025.-]\n   │ {+2027.+}" in run.err
    file.write_text("\n\n" + HARBOUR)
    assert indexed("open", "--print", cited).out == f"{file.resolve()}:14\n"
    file.unlink()
    run = indexed("open", cited)
    assert (run.code, run.out) == (1, "")
    assert "gone; its file is not there" in run.err
    indexed("open", "nonsense").refuses(advice="copy one from an answer")


def test_without_a_program_it_is_one_sentence(indexed: CommandLine, programs: Programs) -> None:
    run = indexed("open", citation(indexed))
    assert run.code == 2
    assert "There is no xdg-open here to open " in run.err


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_lines_are_counted_as_editors_do(newline: str) -> None:
    data = HARBOUR.replace("\n", newline).replace("hit", "\x0b\u2028hit").encode()
    document = read_document("x.txt", data)
    assert [line_in_file(data, document, each) for each in document.passages] == [10, 12, 14]


def test_a_paragraph_of_markdown_is_found_below_its_signs() -> None:
    text = "# Talks\n\nThank you *very* much.\n\nThey met.\n\nThank you **very** much.\n"
    document = read_document("x.md", text.encode())
    lines = [line_in_file(text.encode(), document, each) for each in document.passages]
    assert lines == [3, 5, 7]


def test_an_office_document_has_no_lines() -> None:
    document = read_document("x.txt", b"One two three.\n")
    [passage] = document.passages
    assert line_in_file(b"PK\x03\x04" + os.urandom(64) + b"\0" * 64, document, passage) is None
