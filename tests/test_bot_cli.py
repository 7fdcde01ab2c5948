"""The command line: what it prints, how it exits, and what it says when it cannot."""

import importlib.metadata
import json
import re
import shutil
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import HARBOUR, CommandLine, Run, release
from filelock import FileLock

import embeddings.reranker
from bot.cli import pincite
from bot.rendering.index_report import build_text
from bot.settings import read_settings
from retriever.build.build import Build
from retriever.index.generation_manifest import CorpusFolder, read_manifest
from retriever.index.home import Home

QUESTION = "What was agreed about the harbor of Busan?"
COMMANDS = sorted(pincite.commands)
NUL = "\x00"


def on_samples(cli: CommandLine, home: Home, *arguments: str) -> Run:
    return cli("--home", home.path, *arguments)


def test_ask_prints_the_documented_object(cli: CommandLine, home: Home) -> None:
    run = on_samples(cli, home, "ask", "What was agreed with Sung Kim?", "--json")
    assert (run.code, run.err, run.out.count("\n")) == (0, "", 1)
    answer = run.json
    assert list(answer) == [
        "schema", "question", "searched", "verdict", "likelihood", "reason", "generation",
        "documents", "newest", "milliseconds", "withheld", "unreachable", "damaged", "skipped",
        "listed", "mentioned", "passages",
    ]  # fmt: skip
    assert answer["searched"] == {
        "text": "What was agreed with Sung Kim?",
        "after": None,
        "before": None,
        "within": [],
        "names": ["Sung Kim"],
        "spelt": {},
        "periods": [],
        "order": None,
        "literal": False,
    }
    assert (answer["schema"], answer["verdict"], answer["documents"]) == (1, "found", 32)
    assert answer["withheld"] == []
    for passage in answer["passages"]:
        assert list(passage) == [
            "rank", "citation", "text", "label", "page", "heading", "columns", "score",
            "highlights", "also_in", "reading_page", "document",
        ]  # fmt: skip
        assert list(passage["document"]) == [
            "id", "path", "title", "posted", "event", "source", "link",
        ]  # fmt: skip
        assert passage["text"] in Path(passage["document"]["path"]).read_text("utf-8")
        assert 0 <= passage["score"] <= 1


def test_an_explanation_adds_up(cli: CommandLine, home: Home) -> None:
    answer = on_samples(cli, home, "ask", "sanctions on ships", "--json", "--explain").json
    for passage in answer["passages"]:
        points = [each["points"] for each in passage["explanation"]]
        assert sum(points) == pytest.approx(passage["score"], abs=1e-6)


def test_exit_codes_say_what_was_found(cli: CommandLine, home: Home) -> None:
    assert on_samples(cli, home, "ask", "What was agreed with Sung Kim?").code == 0
    run = on_samples(cli, home, "ask", "What was agreed with Zaphod Quxley?")
    assert (run.code, run.err) == (1, "")
    assert run.out.startswith("Not found in these documents: no document mentions Zaphod Quxley\n")
    run = on_samples(cli, home, "ask", "the of and", "--json")
    assert (run.code, run.json["verdict"], run.json["passages"]) == (1, "none", [])


def test_words_need_no_quotation_marks(cli: CommandLine, home: Home) -> None:
    run = on_samples(cli, home, "ask", "--json", "sanctions", "on", "ships")
    assert run.json["question"] == "sanctions on ships"


def test_top_and_days(cli: CommandLine, home: Home) -> None:
    question = "What was agreed with Sung Kim?"
    answer = on_samples(cli, home, "ask", question, "--top", "2", "--json").json
    assert [each["rank"] for each in answer["passages"]] == [1, 2]
    dated = on_samples(
        cli, home, "ask", question, "--after", "2023-10", "--before", "2023-10", "--json"
    ).json
    assert (dated["searched"]["after"], dated["searched"]["before"]) == ("2023-10-01", "2023-10-31")
    year = on_samples(cli, home, "ask", question, "--after", "2024", "--before", "2024", "--json")
    assert year.json["searched"]["before"] == "2024-12-31"
    posted = {each["document"]["posted"] for each in year.json["passages"]} - {None}
    assert all(day.startswith("2024") for day in posted)


def test_a_follow_up_says_what_was_searched(cli: CommandLine, home: Home) -> None:
    earlier = "What was agreed with Sung Kim"
    run = on_samples(cli, home, "ask", "and about defectors?", "--history", f"{earlier}?")
    assert run.code == 0
    assert f"Searched: “{earlier}. and about defectors?” · names Sung Kim" in run.out
    quoted = [line for line in run.out.splitlines() if line.startswith(("   │", "   ┃"))]
    assert "defectors" in quoted[0]


def test_last_month_counts_from_the_day_of_asking(cli: CommandLine, home: Home) -> None:
    question = "What was agreed with the U.S. last month?"
    answer = on_samples(cli, home, "ask", question, "--asked-on", "2023-11-05", "--json").json
    assert answer["searched"]["periods"] == ["October 2023"]
    assert answer["verdict"] != "none"
    assert answer["passages"][0]["document"]["posted"].startswith("2023-10")
    run = on_samples(cli, home, "ask", question, "--asked-on", "1999-02-05")
    assert (run.code, "dated January 1999" in run.out) == (1, True)
    assert run.out.startswith("Not found in these documents: nothing is ")


def test_a_misspelt_name_and_an_order_are_said(cli: CommandLine, home: Home) -> None:
    run = on_samples(cli, home, "ask", "latest on Sung Kym", "--json")
    assert run.json["searched"]["names"] == ["Sung Kim"]
    assert next(iter(run.json["searched"]["spelt"].values())).casefold().endswith("kim")
    assert run.json["searched"]["order"] == "latest"
    shown = on_samples(cli, home, "ask", "latest on Sung Kym").out
    assert "spelt" in shown.splitlines()[-1]
    assert "latest first" in shown.splitlines()[-1]


def test_index_says_what_it_did_and_what_it_skipped(indexed: CommandLine) -> None:
    Path("releases/photo.jpg").write_bytes(b"\xff")
    Path("releases/bad.txt").write_bytes(b"")
    run = indexed("index", "releases")
    assert run.out.startswith("Indexed 3 documents, 7 passages; 0 encoded (generation 000002")
    assert "Skipped 1: it is empty (bad.txt)\n" in run.out
    assert "Skipped 1: there is no reader for .jpg; recognise its text" in run.out
    again = indexed("index", "--json")  # the folders of the last time
    assert list(again.json) == [
        "schema", "generation", "published", "documents", "passages", "encoded", "skipped",
        "remarks",
    ]  # fmt: skip
    assert (again.json["published"], again.json["encoded"]) == (False, 0)
    assert indexed("index").out.startswith("Nothing changed: 3 documents, 7 passages; 0 encoded")


def test_what_is_not_read_is_told_from_what_is_stated_of_files(indexed: CommandLine) -> None:
    Path("releases/manifest.csv").write_text("file,title\nnone.txt,Talks\n")
    unread = "could not be read, or only in part, and may hold the answer"
    fault = "not all of its entries are used: line 2 matches no document (none.txt)"
    assert f"\nmanifest.csv: {fault}\n" in indexed("index").out + "\n"
    answer = indexed("ask", "Who won the cup of curling?")
    assert unread not in answer.out
    assert indexed("ask", "Who won the cup of curling?", "--json").json["skipped"] == 0
    facts = indexed("status", "--json").json
    assert (facts["skipped"], facts["remarks"]) == ({}, {fault: ["manifest.csv"]})
    Path("releases/bad.txt").write_bytes(b"")
    indexed("index")
    assert f"1 file {unread}" in indexed("ask", "Who won the cup of curling?").out


def test_each_skipped_file_can_be_seen_with_the_whole_reason(indexed: CommandLine) -> None:
    assert indexed("status", "--skipped").out == "Nothing was skipped.\n"
    with zipfile.ZipFile("releases/pack.zip", "w") as pack:
        pack.writestr("a.txt", "1. The port fees of Gdynia were lowered on May 4.")
        for ending in ("png", "doc", "xls", "ppt", "mobi"):
            pack.writestr(f"b.{ending}", "x")
    for number in range(5):
        Path(f"releases/bad{number}.txt").write_bytes(b"")
    said = indexed("index").out
    assert "Skipped 5: it is empty (bad0.txt, bad1.txt, bad2.txt and 2 more)\n" in said
    assert "pack.zip: it is read in part; left out: there is no reader for .png;" in said
    assert said.endswith("; and 2 more\n`pincite status --skipped` names each file, with the whole "
                         "reason.\n")  # fmt: skip
    told = indexed("status", "--skipped").out.splitlines()
    assert told[:5] == [f"bad{number}.txt: it is empty" for number in range(5)]
    assert told[-1] == "    there is no reader for .mobi; save it as .epub (b.mobi)"
    indexed("status", "--skipped", "--copies").refuses(advice="give one of them")


def test_an_older_generation_is_replayed(indexed: CommandLine) -> None:
    before = indexed("ask", QUESTION, "--json", "--explain").json
    Path("releases/port.txt").write_text(
        release("Harbor Fees", "2024-05-05", "Harbor fees of Busan were agreed.")
    )
    indexed("index")
    now = indexed("ask", QUESTION, "--json", "--explain").json
    replayed = indexed(
        "ask", QUESTION, "--json", "--explain", "--generation", before["generation"]
    ).json
    assert now["passages"] != before["passages"]
    assert before.pop("milliseconds") > 0
    replayed.pop("milliseconds")
    assert json.dumps(replayed) == json.dumps(before)
    indexed("ask", QUESTION, "--generation", "000009-x").refuses(advice="choose one that is kept")


def test_a_changed_file_is_withheld_and_named(indexed: CommandLine) -> None:
    citation = indexed("ask", QUESTION, "--json").json["passages"][0]["citation"]
    assert indexed("verify", citation).code == 0
    assert indexed("show", citation).code == 0
    file = Path("releases/harbour.txt")
    file.write_text(HARBOUR.replace("2025", "2026"))
    run = indexed("ask", QUESTION)
    assert "harbour.txt#" not in run.out
    assert (
        "Withheld: harbour.txt changed or went since the index was built; run `pincite index`."
        in run.out
    )
    run = indexed("verify", citation, "--json")
    assert (run.code, run.json["checked"], run.json["holds"]) == (1, 1, 0)
    assert run.json["receipts"][0]["state"] == "changed"
    shown = indexed("show", citation, "--json")
    assert (shown.code, shown.json["state"]) == (1, "changed")
    assert {"removed": "2025."} in shown.json["difference"]
    assert indexed("index").code == 0
    again = indexed("show", citation, "--json").json  # the index before still has these words
    assert (again["state"], again["difference"]) == ("changed", shown.json["difference"])
    for number in range(2):
        Path(f"releases/more{number}.txt").write_text(release("More", "2020-01-01", f"{number}."))
        indexed("index")
    shown = indexed("show", citation, "--json")  # none has them now
    assert (shown.code, shown.json["state"], shown.json["difference"]) == (1, "changed", [])
    assert shown.json["now"] == indexed("ask", QUESTION, "--json").json["passages"][0]["citation"]
    file.unlink()
    run = indexed("verify", citation, "--json")
    assert (run.code, run.json["receipts"][0]["state"]) == (1, "gone")


def test_show_gives_the_paragraph_in_its_place(indexed: CommandLine) -> None:
    citation = indexed("ask", QUESTION, "--json").json["passages"][0]["citation"]
    found = indexed("show", citation, "--context", "1", "--json").json
    assert list(found) == [
        "schema", "citation", "state", "path", "now", "text", "difference", "also", "reason",
        "document", "passages",
    ]  # fmt: skip
    assert (found["citation"], found["state"], found["now"]) == (citation, "holds", None)
    assert [(each["label"], each["cited"]) for each in found["passages"]] == [
        ("1", False),
        ("2", True),
        ("3", False),
    ]
    assert list(found["document"]) == ["id", "path", "title", "posted", "event", "source", "link"]
    assert list(found["passages"][0]) == ["label", "page", "heading", "columns", "text", "cited"]
    lines = indexed("show", citation, "--context", "1").out.splitlines()
    assert [line for line in lines if "┃" in line] == [
        "   ┃ The two sides agreed to deepen the harbor of Busan for container ships by 2025."
    ]


def test_show_raw_gives_the_whole_document_with_what_is_dropped(indexed: CommandLine) -> None:
    run = indexed("show", "harbour.txt", "--raw")
    assert (run.code, run.err) == (0, "")
    lines = run.out.splitlines()
    assert lines[:3] == [
        "Korea and Elbonia Hold Harbor Talks in Busan (March 3)",
        "posted 4 March 2021 (date block)",
        "event 3 March 2021 (title, year inferred from the posted date)",
    ]
    assert f"{'[board]':>26} × Press Releases" in lines
    assert f"{'[hits]':>26} × 17" in lines
    assert f"{'1':>26} │ 1. Minister Alice Brown met Governor Carl Diaz of Elbonia" in run.out
    path = Path("releases/harbour.txt").resolve()
    assert lines[-1] == f"harbour.txt ({path}): It is as it was indexed."
    read = indexed("show", "harbour.txt", "--raw", "--json").json
    assert list(read) == ["schema", "state", "reason", "document", "parts"]
    assert (read["state"], read["reason"]) == ("valid", None)
    assert read["document"]["events_from"] == "title, year inferred from the posted date"
    text = Path("releases/harbour.txt").read_text()
    assert all(text[each["start"] : each["end"]] == each["text"] for each in read["parts"])
    assert "".join("".join(each["text"].split()) for each in read["parts"]) == "".join(text.split())


def test_show_raw_of_a_citation_and_of_a_file_that_changed(indexed: CommandLine) -> None:
    citation = indexed("ask", QUESTION, "--json").json["passages"][0]["citation"]
    shown = indexed("show", citation, "--raw").out
    assert [line[:28].strip() for line in shown.splitlines() if "┃" in line] == ["2 ┃"]
    file = Path("releases/harbour.txt")
    file.write_text("1. Other words\x9b2J stand \x1b[31mhere now.\n")
    run = indexed("show", citation, "--raw")
    assert (run.code, run.err) == (1, "")
    assert "1. Other words\\x9b2J stand \\x1b[31mhere now." in run.out
    assert "It changed since it was indexed; run `pincite index` to take it in." in run.out
    assert not set("\x1b\x9b") & set(indexed("show", citation, "--raw", "--json").out)
    file.write_bytes(b"\x00\x01\xff")
    run = indexed("show", "harbour.txt", "--raw")
    assert (run.code, "It cannot be read: it holds binary data, not text." in run.out) == (1, True)
    file.unlink()
    run = indexed("show", "harbour.txt", "--raw")
    assert (run.code, "It cannot be read: it cannot be opened" in run.out) == (1, True)
    assert indexed("show", "harbour.txt", "--raw", "--json").json["state"] == "missing"


def test_show_raw_lists_the_documents_of_a_file_that_holds_several(indexed: CommandLine) -> None:
    with zipfile.ZipFile("releases/pack.zip", "w") as pack:
        pack.writestr("2024/a.txt", "1. The port fees of Gdynia were lowered on May 4.")
        pack.writestr("2024/b $.txt", "1. The port fees of Gdynia were raised on June 4.")
        pack.writestr("c.png", "x")
    with zipfile.ZipFile("releases/one.zip", "w") as pack:
        pack.writestr("a.txt", "1. The fees of the canal were lowered on May 4.")
    Path("releases/a.eml").write_bytes(
        b"Subject: Fees\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nThe fees were raised."
        b"\n--b\nContent-Type: message/rfc822\n\nSubject: Tolls\n\nThe tolls are due.\n\n--b--\n"
    )
    indexed("index")
    run = indexed("show", "pack.zip", "--raw")
    assert (run.code, run.err) == (0, "")
    lines = run.out.splitlines()
    assert lines[0] == "pack.zip holds 2 documents."
    assert '  pincite show "pack.zip/2024:b %24.txt" --raw' in lines
    assert lines[-1].startswith("it is read in part; left out: there is no reader for .png")
    assert "raised on June 4" in indexed("show", "pack.zip/2024:b %24.txt", "--raw").out
    facts = indexed("show", "pack.zip", "--raw", "--json").json
    assert [each["id"] for each in facts["documents"]] == [
        "pack.zip/2024:a.txt", "pack.zip/2024:b $.txt"
    ]  # fmt: skip
    assert "fees of the canal" in indexed("show", "one.zip", "--raw").out
    shown = indexed("show", "a.eml", "--raw").out
    assert "The fees were raised." in shown
    assert shown.splitlines()[-2:] == [
        "Tolls (1 passage)", '  pincite show "a.eml/1" --raw'
    ]  # fmt: skip
    indexed("show", "pack.zip").refuses(advice="show the whole with --raw")


def test_show_says_why_a_file_is_not_read(indexed: CommandLine) -> None:
    Path("releases/bad.txt").write_bytes(b"")
    indexed("index")
    for more in ((), ("--raw",)):
        indexed("show", "bad.txt", *more).refuses(advice="it is empty; add one that has text")


def test_status_says_what_changed_since(indexed: CommandLine) -> None:
    facts = indexed("status", "--json").json
    assert (facts["documents"], facts["passages"]) == (3, 7)
    assert (facts["oldest"], facts["newest"]) == ("2021-03-04", "2023-09-02")
    assert (facts["changed"], facts["missing"], facts["new"], facts["skipped"]) == ([], [], [], {})
    assert facts["dropped"]["title"] == facts["dropped"]["board"] == 3
    count = sum(facts["dropped"].values())
    assert f"{count} lines that are no passages, searched with them: hits 6," in (
        indexed("status").out
    )
    assert "Nothing changed." in indexed("status").out
    Path("releases/harbour.txt").write_text("1. Other words stand here now, as anyone can see.\n")
    Path("releases/culture.txt").unlink()
    Path("releases/port.txt").write_text(HARBOUR)
    facts = indexed("status", "--json").json
    assert facts["changed"] == ["harbour.txt"]
    assert facts["missing"] == ["culture.txt"]
    assert [name.split("/")[-1] for name in facts["new"]] == ["port.txt"]
    assert "Run `pincite index` to take the changes in." in indexed("status").out


def test_status_sees_what_is_stated_anew_and_what_was_repaired(indexed: CommandLine) -> None:
    Path("releases/blank.txt").write_text("")
    indexed("index")
    Path("releases/manifest.jsonl").write_text('{"file": "harbour.txt", "title": "Talks"}')
    assert indexed("status", "--json").json["changed"] == ["harbour.txt"]
    Path("releases/blank.txt").write_text("It is blank no more, but says this.")
    assert indexed("status", "--json").json["changed"] == ["blank.txt", "harbour.txt"]
    indexed("index")
    assert "Nothing changed." in indexed("status").out


def test_status_says_that_another_version_built_the_index(indexed: CommandLine) -> None:
    assert indexed("status", "--json").json["other_version"] is False
    (path,) = Path(".pincite/generations").glob("*/manifest.json")
    replace(read_manifest(path.parent), program="0123456789abcdef").write(path.parent)
    run = indexed("status")
    assert "Another version of Pincite built it" in run.out
    assert "Nothing changed" not in run.out
    assert indexed("status", "--json").json["other_version"] is True
    assert indexed("index", "--json").json["published"] is True
    assert indexed("status", "--json").json["other_version"] is False


def test_a_folder_that_is_away_is_missing(indexed: CommandLine) -> None:
    Path("releases").rename("away")
    assert indexed("status", "--json").json["missing"] == [
        "culture.txt", "harbour.txt", "vaccines.txt",
    ]  # fmt: skip


def test_status_lists_copies(indexed: CommandLine) -> None:
    none = "0 of 3 documents have a copy among them; different releases: 0.\n"
    assert indexed("status", "--copies").out == none
    Path("releases/again.txt").write_text(HARBOUR.replace("2021-03-04", "2021-03-05"))
    indexed("index")
    facts = indexed("status", "--copies", "--json").json
    assert list(facts) == ["schema", "generation", "documents", "copies"]
    ((newest, other),) = facts["copies"]
    assert list(newest) == ["id", "title", "posted", "source"]
    assert (newest["id"], newest["posted"]) == ("again.txt", "2021-03-05")
    assert (other["id"], other["posted"]) == ("harbour.txt", "2021-03-04")
    assert indexed("status", "--copies").out.splitlines() == [
        "Korea and Elbonia Hold Harbor Talks in Busan (March 3)",
        "   again.txt · 5 March 2021",
        "   harbour.txt · 4 March 2021",
        "",
        "2 of 4 documents have a copy among them; different releases: 1.",
    ]


def test_status_sees_a_new_file_whose_name_another_folder_has(indexed: CommandLine) -> None:
    Path("more").mkdir()
    Path("more/other.txt").write_text(release("Other", "2020-01-01", "Other words stand here."))
    indexed("index", "releases", "more")
    Path("more/harbour.txt").write_text(HARBOUR)
    assert indexed("status", "--json").json["new"] == ["more/harbour.txt"]


def test_a_skipped_file_whose_name_another_folder_has_is_not_new(indexed: CommandLine) -> None:
    Path("more").mkdir()
    Path("more/other.txt").write_text(release("Other", "2020-01-01", "Other words stand here."))
    for folder in ("releases", "more"):
        Path(folder, "blank.txt").write_text("\n")
    indexed("index", "releases", "more")
    facts = indexed("status", "--json").json
    assert facts["skipped"] == {"it is empty": ["blank.txt", "more/blank.txt"]}
    assert facts["new"] == []
    Path("more/new.txt").write_text("\n")
    assert indexed("status", "--json").json["new"] == ["more/new.txt"]


def test_a_reason_that_quotes_a_file_is_printable(home: Home) -> None:
    folder = CorpusFolder("/a", {}, {"a.pdf": "of \x1b[31m“a”"})
    manifest = replace(read_manifest(home.generation()), folders=(folder,))
    assert "of \\x1b[31m“a”" in build_text(Build("g", manifest, 0, published=True))


def test_doctor_is_content_and_then_is_not(
    indexed: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = indexed("doctor", "--json")
    assert run.code == 0
    assert {each["subject"]: each["well"] for each in run.json["findings"]} == dict.fromkeys(
        [
            "installation",
            "import names",
            "model",
            "index",
            "prepared model",
            "other models",
            "documents",
        ],
        True,
    )
    with monkeypatch.context() as patch:
        patch.setattr(embeddings.reranker, "SHIPPED", tmp_path)
        run = indexed("doctor")
        assert run.code == 1
        assert (
            "problem  other models: The reranker that comes with Pincite is missing or damaged"
            in run.out
        )
        assert "Questions are answered without the reranker." in run.out
    Path("releases/harbour.txt").unlink()
    run = indexed("doctor")
    assert run.code == 1
    Path("releases/culture.txt").write_text(Path("releases/culture.txt").read_text() + "\n")
    run = indexed("doctor")
    problem = "of 3 2 are not as they were indexed (1 changed where nothing is cited, 1 gone)"
    assert f"problem  documents: {problem}; run `pincite index`." in run.out
    vectors = next(Path(".pincite/generations").glob("*/vectors.faiss"))
    vectors.write_bytes(b"")
    run = indexed("doctor")
    assert (run.code, run.err) == (1, "")
    assert "vectors.faiss differ from the manifest; run `pincite index`." in run.out


BAD = [
    (["ask", ""], "type what you want to know"),
    (["ask", " \t "], "type what you want to know"),
    (["ask", "\x1b\x07\x00"], "type what you want to know"),
    (["ask", "x" * 100_000], "ask a shorter one"),
    (["ask"], "See `pincite ask --help`"),
    (["ask", "x", "--after", "yesterday"], "write it as 2023-10-17, 2023-10 or 2023"),
    (["ask", "x", "--after", "2023-02-30"], "write it as"),
    (["ask", "x", "--before", "2023-13"], "write it as"),
    (["ask", "x", "--before", "0"], "write it as"),
    (["ask", "x", "--before", "99999"], "write it as"),
    (["ask", "x", "--before", "9" * 14], "write it as"),
    (["ask", "x", "--after", "2023-10-17-05"], "write it as"),
    (["ask", "x", "--after", "2023-00"], "write it as"),
    (["ask", "x", "--after", ""], "write it as"),
    (["ask", "x", "--top", "0"], "See `pincite ask --help`"),
    (["ask", "x", "--top", "many"], "See `pincite ask --help`"),
    (["ask", "x", "--colour"], "See `pincite ask --help`"),
    (["askk", "x"], "See `pincite --help`"),
    (["--home", "~no-such-user/x", "status"], "."),
    (["show", "nonsense"], "copy one from an answer"),
    (["show", "nonsense", "--raw"], "name one as it stands in a citation"),
    (["show", "a.txt#1@0123456789ab", "--raw"], "name one as it stands in a citation"),
    (["show", "\x1b]0;x", "--raw"], "name one as it stands in a citation"),
    (["verify"], "or give --all"),
    (["verify", "--all", "a.txt#1@0123456789ab"], "or give --all"),
    (["verify", "nonsense"], "copy one from an answer"),
    (["index", "no-such-folder"], "name a folder of documents"),
    (["index", "releases/harbour.txt"], "name a folder of documents"),
    (["index", "empty"], "name another folder"),
    (["index", "releases", "--poll"], "give it with --watch"),
    (["eval", "none.jsonl"], "name another"),
    (["completion", "csh"], "See `pincite completion --help`"),
]


@pytest.mark.parametrize(("arguments", "advice"), BAD, ids=lambda value: str(value)[:40])
def test_a_mistake_is_one_line_and_the_index_still_answers(
    indexed: CommandLine, arguments: list[str], advice: str
) -> None:
    Path("empty").mkdir()
    indexed(*arguments).refuses(advice=advice)
    assert indexed("ask", QUESTION).code == 0


@pytest.mark.parametrize(
    "name", ["ask x", "chat", "status", "show a#1@0123456789ab", "verify --all", "index"]
)
def test_without_an_index_it_says_what_to_do(cli: CommandLine, name: str) -> None:
    advice = "name a folder" if name == "index" else "run `pincite index FOLDER` first"
    cli(*name.split()).refuses(advice=advice)


def test_an_empty_name_is_no_folder(indexed: CommandLine) -> None:
    indexed("index", "").refuses(advice="The name of a folder is empty")


def test_another_writer_makes_it_wait(indexed: CommandLine) -> None:
    with FileLock(indexed.home / "lock"):
        indexed("index", "releases").refuses(advice="wait until it has finished")
        assert indexed("ask", QUESTION).code == 0


@pytest.mark.parametrize("file", ["manifest.json", "passages.db", "vectors.faiss", "lexical"])
def test_the_advice_on_a_damaged_index_helps(indexed: CommandLine, file: str) -> None:
    (path,) = Path(".pincite/generations").glob(f"*/{file}")
    for each in [path] if path.is_file() else list(path.iterdir()):
        each.write_bytes(b"")
    indexed("ask", QUESTION).refuses(advice="run `pincite index` to build it anew")
    assert indexed("index").code == 0
    assert indexed("ask", QUESTION).code == 0


def test_the_advice_on_another_format_helps(indexed: CommandLine) -> None:
    (path,) = Path(".pincite/generations").glob("*/manifest.json")
    replace(read_manifest(path.parent), format=99).write(path.parent)
    indexed("ask", QUESTION).refuses(advice="has format 99")
    assert indexed("index").code == 0
    assert indexed("ask", QUESTION).code == 0


def test_settings_are_read_and_refused(indexed: CommandLine) -> None:
    Path("pincite.toml").write_text("top = 1\nfolders = ['releases']\n")
    assert len(indexed("ask", QUESTION, "--json").json["passages"]) == 1
    assert (
        len(indexed("ask", QUESTION, "--json", "--top", "2", "--min-score", "0").json["passages"])
        == 2
    )
    assert indexed("index").out.startswith("Nothing changed: 3 documents")
    for text in ("top = ", "tops = 1", "top = 'x'", "folders = [1]"):
        Path("pincite.toml").write_text(text)
        indexed("status").refuses(advice=str(Path("pincite.toml").absolute()))


def test_no_arguments_give_the_help(cli: CommandLine) -> None:
    run = cli()
    assert run.code in (0, 2)
    shown = run.out or run.err
    assert shown.startswith("Usage: pincite [OPTIONS] COMMAND")
    assert shown.count("\n") > 10


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_each_command_has_an_example(cli: CommandLine, command: str) -> None:
    run = cli(command, "--help")
    assert (run.code, run.err) == (0, "")
    example = run.out.partition("Example")[2]
    assert f"pincite {command}" in example


def test_the_version_is_that_of_the_project(cli: CommandLine) -> None:
    assert re.fullmatch(r"pincite \d+\.\d+\.\d+\n", cli("--version").out)


def test_doctor_is_content_without_what_only_prepares_a_model(
    indexed: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = importlib.metadata.version

    def without(*missing: str) -> None:
        def version(name: str) -> str:
            if name in missing:
                raise importlib.metadata.PackageNotFoundError(name)
            return known(name)

        monkeypatch.setattr(importlib.metadata, "version", version)

    without("torch")
    run = indexed("doctor")
    assert run.code == 0
    assert "no torch, so only a prepared model can be used" in run.out
    without("faiss-cpu")
    run = indexed("doctor")
    assert run.code == 1
    assert "the package faiss-cpu is missing; install it." in run.out


def test_a_model_that_an_earlier_version_kept_in_the_home_is_used(
    indexed: CommandLine, models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = "What was agreed about the harbor of Busan?"
    monkeypatch.setenv("PINCITE_MODELS", str(tmp_path / "nowhere"))
    indexed("ask", question).refuses(advice="run `pincite index` to prepare it")
    shutil.copytree(models, indexed.home / "models", dirs_exist_ok=True)
    assert indexed("ask", question).code == 0
    assert "prepared model: all-MiniLM-L6-v2" in indexed("doctor").out
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)  # nothing is prepared again
    Path("releases", "more.txt").write_text(release("Grain", "2024-01-02", "Grain was agreed."))
    assert indexed("index").code == 0
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("named", [True, False])
def test_who_has_no_folder_for_caches_has_models_in_the_home(
    indexed: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: bool
) -> None:
    monkeypatch.delenv("PINCITE_MODELS")
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file") if named else "")
    monkeypatch.setenv("HOME", str(tmp_path / "file"))
    assert read_settings().models == indexed.home / "models"
