"""What manifests beside the documents state of them."""

import datetime
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.folder.limits import DEFAULT_MEGABYTES
from corpus.folder.listing import list_folder, read_sidecars
from corpus.folder.sidecars import SIDECAR_NAMES, sidecar_metadata
from corpus.metadata import NO_METADATA, Metadata
from corpus.readers import read_documents

NOT_ALL = "not all of its entries are used"
DAY = datetime.date(2023, 10, 17)


def lines(*entries: Any) -> bytes:
    return "\n".join(json.dumps(entry) for entry in entries).encode()


def titles(files: list[str], *entries: Any, at: str = "manifest.jsonl") -> dict[str, str]:
    beside = sidecar_metadata(files, {at: lines(*entries)})
    assert not any("matches" not in each for each in beside.faults.values())
    return {name: stated.title for name, stated in beside.metadata.items()}


ENTRY = {"file": "a.txt", "title": "Talks", "date": "2023-10-17", "source": "https://e.org/a"}
STATED = Metadata("Talks", DAY, "", "https://e.org/a")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("manifest.jsonl", lines(ENTRY)),
        ("manifest.jsonl", b"\n\n" + lines(ENTRY) + b"\r\n"),
        ("manifest.jsonl", b"\xef\xbb\xbf" + lines(ENTRY)),
        ("manifest.json", json.dumps([ENTRY]).encode()),
        ("manifest.csv", b"file,title,date,source\na.txt,Talks,2023-10-17,https://e.org/a\n"),
        ("manifest.csv", b"File;Date;Title;URL\r\na.txt;2023-10-17;Talks;https://e.org/a\r\n"),
        ("manifest.csv", b"title\tfile\tposted\tlink\nTalks\ta.txt\t2023-10-17\thttps://e.org/a"),
        ("manifest.csv", "file,title,date,source\na.txt,Talks,2023-10-17,https://e.org/a".encode("utf-16")),
    ],
)  # fmt: skip
def test_a_manifest_of_each_kind(name: str, data: bytes) -> None:
    beside = sidecar_metadata(["a.txt", "b.txt"], {name: data})
    assert beside.faults == {}
    assert beside.metadata == {"a.txt": Metadata("Talks", DAY, name, "https://e.org/a")}


@pytest.mark.parametrize(
    "fields",
    [
        {"date": "2023-10-17T22:30:00+09:00"},
        {"posted": "20231017"},
        {"published": "Tue, 17 Oct 2023 20:22:05 +0000"},
        {"Date ": "October 17, 2023"},
        {"date": "", "posted": None, "published": "17.10.2023"},
        {"date": "2023년 10월 17일"},
    ],
)
def test_a_day_in_its_forms(fields: dict[str, Any]) -> None:
    beside = sidecar_metadata(["a.txt"], {"manifest.jsonl": lines({"file": "a.txt", **fields})})
    assert beside.metadata == {"a.txt": Metadata("", DAY, "manifest.jsonl")}
    assert beside.faults == {}


@pytest.mark.parametrize("date", ["2023-10", "October 17", "30 February 2023", "04/02/2016", 2023,
                                  "0001-01-01", "0999-12-31", "9999-12-31"])  # fmt: skip
def test_what_is_no_day_is_told_and_the_rest_is_believed(date: Any) -> None:
    entry = {"file": "a.txt", "title": "Talks", "date": date}
    beside = sidecar_metadata(["a.txt"], {"manifest.jsonl": lines(entry)})
    assert beside.metadata == {"a.txt": Metadata("Talks")}
    said = f" ({date})" if isinstance(date, str) else ""
    assert beside.faults == {
        "manifest.jsonl": f"{NOT_ALL}: line 1 has a date that names no one day{said}"
    }


@pytest.mark.parametrize(
    "source",
    ["github:owner/repository data.rss", "file:///etc/passwd", "javascript:alert(1)", "e.org/a",
     "https://e.org/a b", "https://", "", None, 7, ["https://e.org/b"], "x" * 10_000],
)  # fmt: skip
def test_a_source_is_an_address_of_the_web(source: Any) -> None:
    entry = {"file": "a.txt", "source": source, "url": "https://e.org/a"}
    beside = sidecar_metadata(["a.txt"], {"manifest.jsonl": lines(entry)})
    assert beside.metadata["a.txt"].source == "https://e.org/a"


def test_a_broken_line_is_passed_over_and_told() -> None:
    broken = [b'{"file": "a.txt"', b"[1]", b'{"title": "No file"}', b"{" * 100_000]
    data = b"\n".join([lines(ENTRY), *broken, lines({"file": "b.txt", "title": "B"})])
    beside = sidecar_metadata(["a.txt", "b.txt"], {"manifest.jsonl": data})
    assert [each.title for each in beside.metadata.values()] == ["Talks", "B"]
    assert beside.faults == {
        "manifest.jsonl": f"{NOT_ALL}: line 2 is no JSON, line 3 is no object with keys, "
        "line 4 states no file, line 5 is no JSON"
    }


@pytest.mark.parametrize(
    ("name", "data", "fault"),
    [
        ("manifest.json", b'{"file": "a.txt"}', "it is no list of entries"),
        ("manifest.json", b"[" * 100_000, "it is no JSON"),
        ("manifest.jsonl", b"\x00\x01\xff", "it holds binary data, not text"),
        (
            "manifest.csv",
            b"file,title\na.txt,A,more",
            f"{NOT_ALL}: line 2 has more cells than the first line",
        ),
        ("manifest.csv", b"x" * 200_000 + b"\na", f"{NOT_ALL}: line 1 cannot be read"),
    ],
)
def test_a_manifest_that_is_none(name: str, data: bytes, fault: str) -> None:
    beside = sidecar_metadata(["a.txt"], {name: data})
    assert (beside.metadata, beside.faults) == ({}, {name: fault})


def test_a_broken_row_costs_no_other() -> None:
    rows = "file,title\na.txt,A\nb.txt," + "x" * 200_000 + "\nc.txt,C\u2028D\x0bE\nd.txt,D\n"
    beside = sidecar_metadata(["a.txt", "b.txt", "c.txt", "d.txt"], {"manifest.csv": rows.encode()})
    titles = {name: stated.title for name, stated in beside.metadata.items()}
    assert titles == {"a.txt": "A", "c.txt": "C D E", "d.txt": "D"}
    assert beside.faults == {"manifest.csv": f"{NOT_ALL}: line 3 cannot be read"}


@pytest.mark.parametrize(
    "file", ["../a.txt", "/a.txt", "sub/../../a.txt", "C:\\a.txt", "\\\\host\\a.txt", "", ".", 1]
)
def test_a_name_that_leaves_the_folder_is_passed_over(file: Any) -> None:
    beside = sidecar_metadata(["a.txt"], {"manifest.jsonl": lines({**ENTRY, "file": file})})
    assert beside.metadata == {}
    assert beside.faults


def test_half_a_character_is_no_title() -> None:
    data = b'{"file": "a.txt", "title": "\\ud800", "source": "https://e.org/a"}'
    beside = sidecar_metadata(["a.txt"], {"manifest.jsonl": data})
    assert beside.metadata == {"a.txt": Metadata(source="https://e.org/a")}
    assert beside.faults


def test_a_name_in_other_writings() -> None:
    assert titles(["sub/a.txt"], {"file": "./sub\\a.txt", "title": "A"}) == {"sub/a.txt": "A"}
    assert titles(["e\u0301.txt"], {"file": "\u00e9.txt", "title": "A"}) == {"e\u0301.txt": "A"}


def test_an_entry_without_an_ending_or_with_another() -> None:
    assert titles(["a.txt"], {"file": "a", "title": "A"}) == {"a.txt": "A"}
    assert titles(["a.pdf"], {"file": "a.txt", "title": "A"}) == {"a.pdf": "A"}
    both = ({"file": "a.txt", "title": "Text"}, {"file": "a.pdf", "title": "Print"})
    assert titles(["a.pdf", "a.txt"], *both) == {"a.pdf": "Print", "a.txt": "Text"}


def test_what_is_no_ending_is_part_of_the_name() -> None:
    assert titles(["v1.2.txt", "v1.txt"], {"file": "v1.2", "title": "A"}) == {"v1.2.txt": "A"}
    assert titles(["v1.txt"], {"file": "v1.2", "title": "A"}) == {}
    entries = ({"file": "minutes.05", "title": "May"}, {"file": "minutes.06", "title": "June"})
    files = ["minutes.05.pdf", "minutes.06.PDF", "minutes.txt"]
    assert titles(files, *entries) == {"minutes.05.pdf": "May", "minutes.06.PDF": "June"}


def test_an_entry_with_a_leading_folder() -> None:
    entry = {"file": "txt/a.txt", "title": "A"}
    assert titles(["a.txt"], entry) == {"a.txt": "A"}
    assert titles(["raw/a.html", "txt/a.txt"], entry) == {"raw/a.html": "A", "txt/a.txt": "A"}
    assert titles(["a.txt", "txt/a.txt"], entry) == {"txt/a.txt": "A"}


def test_a_namesake_in_another_folder_is_another_document() -> None:
    assert titles(["2022/report.txt"], {"file": "2021/report.txt", "title": "2021"}) == {}
    entries = ({"file": "en/a.txt", "title": "E"}, {"file": "ko/a.txt", "title": "K"})
    assert titles(["a.txt", "raw/a.html"], *entries) == {}


def test_what_matches_nothing_is_told_by_its_number() -> None:
    rows = b"file,title\na.txt,A\nb.TXT,B\nold.txt,Old\nphoto.jpg,Photo\nnew.txt,New\n../c.txt,C\n"
    beside = sidecar_metadata(["a.txt", "B.txt"], {"manifest.csv": rows}, ["photo.jpg"])
    assert beside.faults == {
        "manifest.csv": f"{NOT_ALL}: line 7 names a file out of its folder (../c.txt), "
        "line 4 matches no document (old.txt), line 6 matches no document (new.txt)"
    }
    assert {name: stated.title for name, stated in beside.metadata.items()} == {
        "a.txt": "A",
        "B.txt": "B",
    }


def test_a_long_list_of_faults_is_cut() -> None:
    entries = [{"file": f"{number}.txt"} for number in range(17)]
    fault = sidecar_metadata(["a.txt"], {"manifest.json": json.dumps(entries).encode()}).faults
    assert fault["manifest.json"].endswith("entry 5 matches no document (4.txt), and 12 more")


def test_case_counts_where_it_tells_files_apart() -> None:
    assert titles(["Sub/A.PDF"], {"file": "./sub/a.pdf", "title": "A"}) == {"Sub/A.PDF": "A"}
    assert titles(["a.txt", "A.txt"], {"file": "A.TXT", "title": "A"}) == {"A.txt": "A"}
    assert titles(["Sub/a.txt", "sub/A.txt"], {"file": "sub/a.txt", "title": "A"}) == {}
    both = ({"file": "Ä.txt", "title": "Large"}, {"file": "A\u0308.TXT", "title": "Larger"})
    assert titles(["ä.txt"], *both) == {}


def test_the_last_word_on_a_file_counts() -> None:
    assert titles(["a.txt"], ENTRY, {"file": "a.txt", "title": "New"}) == {"a.txt": "New"}


def test_the_nearest_manifest_wins_and_others_fill_in() -> None:
    sidecars = {
        "manifest.jsonl": lines({**ENTRY, "file": "sub/a.txt"}, {"file": "b.txt", "title": "B"}),
        "sub/manifest.jsonl": lines({"file": "a.txt", "title": "Near"}),
        "sub/manifest.csv": b"file,title,date\na.txt,Csv,2020-01-01\n",
        "sub~/manifest.jsonl": lines({"file": "../sub/a.txt", "title": "Beside"}),
    }  # fmt: skip
    beside = sidecar_metadata(["b.txt", "sub/a.txt"], sidecars)
    day = datetime.date(2020, 1, 1)
    assert beside.metadata == {
        "b.txt": Metadata("B"),
        "sub/a.txt": Metadata("Near", day, "manifest.csv", "https://e.org/a"),
    }
    assert list(beside.faults) == ["sub~/manifest.jsonl"]


def test_what_is_stated_wins_over_the_words() -> None:
    page = b"Other Title\n\n2020-01-01\n\n1. The two sides met today.\n"
    stated = sidecar_metadata(["a.txt"], {"manifest.jsonl": lines(ENTRY)}).metadata["a.txt"]
    (document,) = read_documents("a.txt", page, stated)
    assert (document.title, document.posted, document.posted_from, document.source) == (
        "Talks", DAY, "manifest.jsonl", "https://e.org/a",
    )  # fmt: skip
    assert [each.label for each in document.passages] == ["1"]


def test_a_digest_tells_facts_apart() -> None:
    facts = [
        Metadata("Talks", DAY, "manifest.csv", "https://e.org/a"),
        Metadata("Talk", DAY, "manifest.csv", "https://e.org/a"),
        Metadata("Talks", None, "", "https://e.org/a"),
        Metadata("Talks", DAY, "manifest.jsonl", "https://e.org/a"),
        Metadata("Talks", DAY, "manifest.csv"),
    ]
    assert len({each.digest for each in facts}) == len(facts)
    assert (NO_METADATA.digest, Metadata("Talks").digest[:8]) == ("", "0914605b")


def test_manifests_of_a_folder_are_no_documents(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for name in ("a.txt", "sub/b.txt"):
        (tmp_path / name).write_text("1. One is.\n")
    (tmp_path / "manifest.jsonl").write_bytes(lines(ENTRY))
    (tmp_path / "sub/manifest.csv").write_text("file,title\nb,B\n")
    listing = list_folder(tmp_path)
    assert [each.id for each in listing.files] == ["a.txt", "sub/b.txt"]
    assert [each.id for each in listing.sidecars] == ["manifest.jsonl", "sub/manifest.csv"]
    assert listing.skipped == []
    beside = read_sidecars(listing.files, listing.sidecars)
    assert {name: each.title for name, each in beside.metadata.items()} == {
        "a.txt": "Talks",
        "sub/b.txt": "B",
    }


def test_a_manifest_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "manifest.csv").write_text("file,title\na,A\n")
    (tmp_path / "corpus/manifest.csv").symlink_to(tmp_path / "manifest.csv")
    with (tmp_path / "corpus/manifest.jsonl").open("wb") as file:
        file.truncate(DEFAULT_MEGABYTES * 2**20 + 1)
    assert {each.id: each.reason for each in list_folder(tmp_path / "corpus").skipped} == {
        "manifest.csv": "it links out of the folder",
        "manifest.jsonl": "it is larger than 20 MB (limits.megabytes)",
    }
    listing = list_folder(tmp_path)
    with (tmp_path / "manifest.csv").open("ab") as file:
        file.truncate(2**20 + 1)
    faults = read_sidecars(listing.files, listing.sidecars, 1).faults
    assert faults["manifest.csv"] == "it is larger than 1 MB (limits.megabytes)"
    (tmp_path / "manifest.csv").unlink()
    faults = read_sidecars(listing.files, listing.sidecars).faults
    assert faults["manifest.csv"] == "it cannot be opened (No such file or directory)"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20), st.lists, max_leaves=4
)
KEYS = st.sampled_from(["file", "title", "date", "source", "url", "x"])


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(SIDECAR_NAMES),
    st.binary(max_size=200) | st.lists(st.dictionaries(KEYS, VALUES), max_size=4).map(json.dumps),
)
def test_anything_may_stand_in_a_manifest(name: str, data: bytes | str) -> None:
    raw = data.encode() if isinstance(data, str) else data
    for each in sidecar_metadata(["a.txt", "sub/b.md"], {name: raw}).metadata.values():
        json.dumps([each.title, each.source]).encode()
        each.title.encode()


@pytest.mark.parametrize(
    "stated", [Metadata("Talks"), Metadata(posted=DAY), Metadata("Talks", DAY)]
)
def test_what_is_stated_moves_no_label(stated: Metadata) -> None:
    page = (
        b"Talks in Oslo\n\nOslo, Norway\nMinister's Visit\n\n"
        b"They met on Monday.\n\nThey agreed on six ships.\n"
    )
    (own,) = read_documents("a.txt", page)
    (document,) = read_documents("a.txt", page, stated)
    labels = {each.text: each.label for each in own.passages}
    assert labels["They agreed on six ships."] == document.passages[-1].label
    assert all(labels.get(each.text, each.label) == each.label for each in document.passages)


def test_the_clear_dates_of_a_sidecar_tell_how_the_others_are_meant() -> None:
    def posted(*dates: str) -> list[str]:
        entries = [{"file": f"{at}.txt", "date": date} for at, date in enumerate(dates)]
        files = [entry["file"] for entry in entries]
        read = sidecar_metadata(files, {"manifest.jsonl": lines(*entries)}).metadata
        return [str(read[name].posted) if name in read else "" for name in files]

    assert posted("03/04/2024", "31/01/24") == ["2024-04-03", "2024-01-31"]
    assert posted("03/04/2024", "01/31/24") == ["2024-03-04", "2024-01-31"]
    assert posted("03/04/2024", "17. Januar 2024") == ["", "2024-01-17"]
    assert posted("17-Jan-24", "January 17th, 2024") == ["2024-01-17", "2024-01-17"]
