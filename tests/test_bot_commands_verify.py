"""`verify` and `show`: what they say of citations as people paste them."""

from pathlib import Path

import pytest
from conftest import HARBOUR, CommandLine

QUESTION = "What was agreed about the harbor of Busan?"


@pytest.fixture
def citation(indexed: CommandLine) -> str:
    """The citation of the second paragraph of the talks on a harbour."""
    found: str = indexed("ask", QUESTION, "--json").json["passages"][0]["citation"]
    assert found.startswith("harbour.txt#2@")
    return found


def test_a_difference_is_marked(indexed: CommandLine, citation: str) -> None:
    file = Path("releases/harbour.txt")
    file.write_text(HARBOUR.replace("by 2025", "by 2026\x1b[31m"))
    now = indexed("verify", citation, "--json").json["receipts"][0]["now"]
    run = indexed("verify", citation)
    assert (run.code, run.err) == (1, "")
    assert run.out.splitlines() == [
        f"{citation}: changed; what stands there now is {now} ({file.resolve()})",
        "   │ The two sides agreed to deepen the harbor of Busan for container ships by [-2025.-]",
        "   │ {+2026\\x1b[31m.+}",
        "0 of 1 hold.",
    ]
    assert run.out.splitlines()[:3] == indexed("show", citation).out.splitlines()[-3:]
    assert indexed("verify", now).code == 0


def test_what_moved_has_a_new_citation(indexed: CommandLine, citation: str) -> None:
    Path("releases/harbour.txt").rename("releases/-port #1.txt")
    moved = citation.replace("harbour.txt", "%2Dport %231.txt")
    path = Path("releases/-port #1.txt").resolve()
    run = indexed("verify", citation)
    assert (run.code, run.err) == (1, "")
    assert run.out == f"{citation}: moved; the same words are now {moved} ({path})\n0 of 1 hold.\n"
    assert indexed("verify", moved).code == 0
    shown = indexed("show", citation, "--json").json
    assert (shown["state"], shown["now"], shown["document"]["id"]) == (
        "moved",
        moved,
        "-port #1.txt",
    )
    assert "┃ The two sides agreed to deepen" in indexed("show", citation).out


def test_what_is_no_citation_does_not_stop_the_others(indexed: CommandLine, citation: str) -> None:
    run = indexed("verify", "nonsense", citation, "\x1b[31mmore nonsense")
    assert run.code == 2
    assert run.out.startswith(f"{citation}: holds (")
    assert run.out.endswith("\n1 of 1 hold.\n")
    first, second = run.err.splitlines()
    assert first.startswith("pincite: 'nonsense' is no citation; copy one from an answer")
    assert "\\x1b[31mmore nonsense" in second
    found = indexed("verify", "nonsense", citation, "--json").json
    assert (found["checked"], found["holds"]) == (2, 1)
    assert [each["state"] for each in found["receipts"]] == ["malformed", "holds"]


def test_a_citation_of_an_older_version_says_how_to_get_a_new_one(
    indexed: CommandLine, citation: str
) -> None:
    run = indexed("verify", "harbour.txt#2@0123abcd", "harbour.txt#77@0123abcd")
    assert (run.code, run.err) == (1, "")
    older = "is of an older version of Pincite, which named the file and not its words"
    path = Path("releases/harbour.txt").resolve()
    assert run.out.splitlines() == [
        f"harbour.txt#2@0123abcd: {older}; what stands there now is {citation} ({path})",
        "   │ The two sides agreed to deepen the harbor of Busan for container ships by 2025.",
        f"harbour.txt#77@0123abcd: {older}; ask again for one of today ({path})",
        "0 of 2 hold.",
    ]


def test_a_file_that_cannot_be_read_is_named_with_the_reason(
    indexed: CommandLine, citation: str
) -> None:
    Path("releases/harbour.txt").write_bytes(b"\x00\x01\xff")
    reason = "cannot be read now: it holds binary data, not text"
    run = indexed("verify", citation)
    assert (run.code, f"{citation}: {reason} (" in run.out) == (1, True)
    run = indexed("verify", "--all")
    assert (run.code, f"harbour.txt: {reason} (" in run.out) == (1, True)


def test_each_document_that_does_not_hold_is_listed(indexed: CommandLine) -> None:
    for number in range(12):
        Path(f"releases/more {number}.txt").write_text(f"Talks\n\n1. It is talk number {number}.\n")
    indexed("index")
    run = indexed("verify", "--all")
    assert (run.code, run.out) == (0, "All passages of 15 of 15 documents hold.\n")
    for number in range(12):
        Path(f"releases/more {number}.txt").write_text("Talks\n\n1. It is over.\n")
    Path("releases/harbour.txt").write_text(HARBOUR.replace("praised", "liked"))
    Path("releases/vaccines.txt").unlink()
    Path("releases/culture.txt").rename("releases/film.txt")
    run = indexed("verify", "--all")
    assert run.code == 1
    lines = [line.rpartition(" (")[0] for line in run.out.splitlines()[:-1]]
    assert lines == [
        "culture.txt: moved: its file is now film.txt",
        "harbour.txt: of 3 passages 1 changed",
        *(
            f"{name}: of 1 passages 1 changed"
            for name in sorted(f"more {n}.txt" for n in range(12))
        ),
        "vaccines.txt: gone: its file is not there",
    ]
    assert run.out.endswith("All passages of 0 of 15 documents hold.\n")
    found = indexed("verify", "--all", "--json").json
    assert (found["checked"], found["holds"], len(found["documents"])) == (15, 0, 15)
    assert found["documents"][1]["passages"] == {"holds": 2, "changed": 1}


def test_a_citation_needs_no_quotation_marks(indexed: CommandLine) -> None:
    name = "a  b - it's -l [1] & co.txt"
    Path("releases", name).write_text(
        "Talks\n\n1. They met at the zoo.\no The zebra was crowned.\n"
    )
    indexed("index")
    cited = indexed("ask", "Was the zebra crowned?", "--json").json["passages"][0]["citation"]
    assert cited.startswith("a%20%20b - it%27s %2Dl [1] %26 co.txt#1 o 1@")
    other = indexed("ask", QUESTION, "--json").json["passages"][0]["citation"]
    run = indexed("verify", *cited.split(" "), other, *cited.split(" "), "--json")
    assert (run.code, run.err) == (0, "")
    assert [each["citation"] for each in run.json["receipts"]] == [cited, other, cited]
    assert indexed("show", *cited.split(" ")).code == 0
    assert indexed("show", cited.partition("#")[0], "--raw").code == 0
    assert indexed("show", name, "--raw").code == 0
