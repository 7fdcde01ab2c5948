"""What is printed can be pasted, whatever a file is called, also through a shell."""

import random
import subprocess
import unicodedata
from pathlib import Path

import pytest
from conftest import CommandLine
from editing_releases import store_of

from retriever.citing.citation import Citation, citation_of
from retriever.citing.pasted import pasted_citation, pasted_citations
from retriever.citing.receipts import CitationState
from retriever.citing.verifier import Verifier
from retriever.errors import CitationRefused
from retriever.index.passages import PassageStore

PIECES = [
    " ", "  ", "\u00a0", "-", "--all", "~", "#", "#2", "@", "%", "%41", "'", '"', "`id`", "$HOME",
    "\\", "!", ";", "&", "|", "<", ">", "*", "?", "[1]", "(2)", "{a,b}", "=", ",", ".", "..", "p2",
    "other.txt#2@0123456789ab", "x.txt#1@0123abcd", "¶3", "\u3164", "\u2800", "\u115f", "\ufe0f",
    "\u3000", "\u2003", "“", "”", "‘", "«", "é", "e\u0301", "가", "\u1112\u1161\u11ab", "\u11ab",
    "\u212b", "日本", "א", "é\u0323", "😀", "a", "Release", "2024-05-01", "/",
]  # fmt: skip
"""What names are made of; file systems take all of it, and no piece is refused by the index."""


def hostile_names(count: int) -> list[str]:
    """Names of text files, all different and short enough for a file system."""
    chance, names = random.Random(14), dict[str, None]()
    while len(names) < count:
        made = "".join(chance.choices(PIECES, k=chance.randint(1, 6)))
        parts = [part for part in f"{made}.txt".split("/") if part]
        name = "/".join(parts)
        hidden = any(part.startswith(".") for part in parts)
        if parts[-1] != ".txt" and not hidden and len(name.encode()) < 200:
            names[name] = None
    return list(names)


def written(folder: Path, count: int) -> list[str]:
    names, kept = hostile_names(count * 2), []
    for number, name in enumerate(names):
        file = folder / name
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            if not file.exists():
                file.write_text(f"Talks\n\n1. It is talk number {number}.\n", "utf-8")
                kept.append(name)
        except OSError:  # a file of this name is where a folder should be, or the other way round
            continue
        if len(kept) == count:
            break
    return kept


def printed(store: PassageStore) -> list[str]:
    citations = [
        citation_of(document, each)
        for document in store.all_documents()
        for each in store.passages_of(document.number)
    ]
    assert len(set(map(str, citations))) == len(citations)
    return list(map(str, citations))


def through_a_shell(words: list[str], folder: Path) -> list[str]:
    """The arguments that a shell makes of these words, one line each."""
    script = folder / "script.sh"
    script.write_text("".join(f"printf '%s\\0' {each}\nprintf '\\n\\0'\n" for each in words))
    out = subprocess.run(["bash", script], cwd=folder, capture_output=True, check=True).stdout
    return [each.strip("\0").replace("\0", " ") for each in out.decode().split("\n\0")[:-1]]


@pytest.mark.parametrize("count", [200, pytest.param(2_000, marks=pytest.mark.slow)])
def test_printed_citations_of_hostile_names_verify(count: int, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    names = written(tmp_path / "folder", count)
    store = store_of(tmp_path / "index", tmp_path / "folder")
    assert {each.id for each in store.all_documents()} == set(names)
    citations = printed(store)
    assert len(citations) == count
    pasted = [
        citations,
        [unicodedata.normalize("NFC", each) for each in citations],
        [f" “{each}”.\n"[2:-3] for each in citations],
        [each.replace(" ", "\n   ") for each in citations],
        [f"{each[:80]}\n{each[80:]}" for each in citations],
        through_a_shell([f'"{each}"' for each in citations], tmp_path),
        through_a_shell([f"'{each}'" for each in citations], tmp_path),
    ]
    for texts in pasted:
        receipts = Verifier(store).verify_each([pasted_citation(store, each) for each in texts])
        assert [each for each in receipts if each.state is not CitationState.HOLDS] == []
        assert [str(each.citation) for each in receipts] == citations


def test_a_shell_without_quotation_marks_keeps_citations_whole(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    written(tmp_path / "folder", 300)
    store = store_of(tmp_path / "index", tmp_path / "folder")
    plain = [each for each in printed(store) if not set("(){}[]*?") & set(each)]
    assert len(plain) > 150
    words = through_a_shell(plain, tmp_path)
    assert words == plain
    arguments = [word for each in plain for word in each.split(" ")]
    assert not [each for each in arguments if each.startswith("-") and each != "-"]
    assert list(map(str, pasted_citations(store, arguments))) == plain


def test_no_name_holds_a_foreign_citation() -> None:
    for name in hostile_names(500):
        text = str(Citation(name, "1", "0" * 12))
        assert text.count("#") == text.count("@") == 1
        for at in (n for n, each in enumerate(text) if each in " /:"):
            for part in (text[:at], text[at + 1 :]):
                for reading in Citation.readings(part):  # the end of a name is still its own
                    assert reading.receipt == "0" * 12 and name.endswith(reading.document)


def test_what_is_no_citation_is_told_from_what_is_in_pieces(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    for name in ("a b.txt", "b.txt", "c.txt"):
        (folder / name).write_text(f"Talks\n\n1. They met in {name}.\no Twice.\n")
    store = store_of(tmp_path / "index", folder)
    one = next(each for each in printed(store) if each.startswith("a b.txt#1 o 1@"))
    other = next(each for each in printed(store) if each.startswith("c.txt#1@"))
    arguments = ["nonsense", *one.split(" "), "more", other, "rest"]
    found = list(pasted_citations(store, arguments))
    assert [str(each) for each in found if isinstance(each, Citation)] == [one, other]
    refused = [n for n, each in enumerate(found) if isinstance(each, CitationRefused)]
    assert refused == [0, 2, 4]


def test_what_ask_prints_for_people_is_pasted_back(cli: CommandLine) -> None:
    folder = Path("releases")
    folder.mkdir()
    names = ["-x.txt", " a  b.txt", "other.txt#2@0123456789ab: holds.txt", "c\u00a0d's “e”.txt",
             "\u1112\u1161\u11ab.txt", "f\u3164.txt", "100%.txt"]  # fmt: skip
    for name in names:
        (folder / name).write_text(f"Talks\n\n1. The zebra was crowned in {name!r}.\n", "utf-8")
    assert cli("index", "releases").code == 0
    shown = cli("ask", "Where was the zebra crowned?", "--top", "20").out
    lines = [line for line in shown.splitlines() if "@" in line and line.startswith("   %")]
    lines += [line for line in shown.splitlines() if line[-13:-12] == "@" and line not in lines]
    assert len(lines) == len(names)
    run = cli("verify", *lines)
    assert (run.code, run.err) == (0, "")
    assert run.out.endswith(f"{len(names)} of {len(names)} hold.\n")
    again = [line.split(": ")[0] for line in run.out.splitlines()[:-1]]
    assert cli("verify", *again).code == 0
    for each in again:
        assert cli("show", each).code == 0
