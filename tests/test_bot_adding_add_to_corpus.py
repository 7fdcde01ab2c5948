"""Adding: safe names, nothing overwritten or left behind, sources noted, and the command."""

import datetime
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from conftest import HARBOUR, ROOT, CommandLine, release
from web_server import WebServer, answer, local, moved, serving

import bot.commands.add
from bot.adding import placing
from bot.adding.add_to_corpus import ENDINGS, Added, NotAdded, add_document
from bot.adding.placing import place_file, safe_name
from bot.rendering.reasons import remedied
from corpus.folder.listing import list_folder, read_sidecars
from corpus.readers import READERS, read_documents

PAGE = b"<html><head><title>Talks</title></head><body><p>They met in Busan.</p></body></html>"


@pytest.fixture
def web() -> Iterator[WebServer]:
    with serving() as server:
        yield server


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "folder"
    made.mkdir()
    return made


def added(what: str | Path, folder: Path, **options: Any) -> Added:
    return add_document(str(what), folder, **{"megabytes": 1, "allowed": local, **options})


def refused(what: str | Path, folder: Path, **options: Any) -> str:
    before = sorted(folder.rglob("*"))
    with pytest.raises(NotAdded) as reason:
        added(what, folder, **options)
    assert sorted(folder.rglob("*")) == before
    return str(reason.value)


def entries(folder: Path) -> list[Any]:
    return [json.loads(line) for line in (folder / "manifest.jsonl").read_text().splitlines()]


def test_what_a_killed_adder_left_half_written_is_removed(folder: Path) -> None:
    for name in (".0123456789abcdef.part", ".0123456789abcde.part", "0123456789abcdef.part"):
        (folder / name).write_bytes(b"half")
    place_file(folder, "talks.txt", b"They met.")
    assert sorted(os.listdir(folder)) == [
        ".0123456789abcde.part", "0123456789abcdef.part", "talks.txt",
    ]  # fmt: skip


# Names.


@pytest.mark.parametrize(
    ("stem", "name"),
    [
        ("../../x", "-..-x.txt"),
        (".hidden", "hidden.txt"),
        ("...", "document.txt"),
        ("", "document.txt"),
        ("a/b\\c:d", "a-b-c-d.txt"),
        ("a\x00b\nc\x1b[31m\u202ed\udcff", "abc[31md.txt"),
        ("  a   b. ", "a b.txt"),
        ("con", "_con.txt"),
        ("COM1.old", "_COM1.old.txt"),
        ("console", "console.txt"),
        ("외교부", "외교부.txt"),
        ("a#2@01234567", "a-2@01234567.txt"),
    ],
)
def test_a_name_is_made_safe(stem: str, name: str) -> None:
    assert safe_name(stem, ".txt") == name


@pytest.mark.parametrize("stem", ["x" * 400, "외교부" * 200, "é" * 400])
def test_a_long_name_is_cut_between_characters(stem: str, folder: Path) -> None:
    for number in range(12):
        placed = place_file(folder, safe_name(stem, ".markdown"), b"%d" % number)
        assert placed.path.name.startswith(stem[:60])
    assert len(os.listdir(folder)) == 12


# Files.


def test_a_file_is_copied_once(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "Harbor Talks.TXT"
    file.write_text(HARBOUR)
    first = added(file, folder)
    assert first == Added(folder / "Harbor Talks.txt", "", new=True)
    assert first.path.read_text() == HARBOUR
    assert added(file, folder) == Added(first.path, "", new=False)
    assert added(first.path, folder) == Added(first.path, "", new=False)
    file.write_text("Another document.")
    assert added(file, folder).path.name == "Harbor Talks-2.txt"
    assert not added(file, folder).new
    assert first.path.read_text() == HARBOUR
    assert sorted(os.listdir(folder)) == ["Harbor Talks-2.txt", "Harbor Talks.txt"]
    assert first.path.stat().st_mode & 0o777 == file.stat().st_mode & 0o777


def test_a_name_that_differs_in_its_ending_or_case_is_taken(folder: Path) -> None:
    (folder / "Page.TXT").write_text("1. Here are words.")
    assert (
        place_file(folder, "page.html", PAGE, "https://example.org/page").path.name == "page-2.html"
    )
    listing = list_folder(folder)
    stated = read_sidecars(listing.files, listing.sidecars).metadata
    assert {name: each.source for name, each in stated.items()} == {
        "page-2.html": "https://example.org/page"
    }


def test_a_file_that_cannot_be_added(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    (tmp_path / "old.doc").write_bytes(b"x")
    (tmp_path / "none").write_bytes(b"\0\1\2\3")
    (tmp_path / "a.xyz").write_bytes(b"x")
    (tmp_path / "manifest.csv").write_bytes(b"file,title\na.txt,Talks\n")
    (tmp_path / "large.txt").write_bytes(b"x" * (2**20 + 1))
    os.mkfifo(tmp_path / "pipe.txt")
    for name, reason in {
        "loop.txt": "symbolic links",
        "old.doc": "no reader for .doc; save it as .docx",
        "a.xyz": "no reader for .xyz; save it as PDF, Word or text",
        "large.txt": "larger than 1 MB",
        "pipe.txt": "not a regular file",
        "missing.txt": "No such file",
        "folder": "it is a folder; name its files",
        "manifest.csv": "a file of this name is no document",
    }.items():
        assert reason in refused(tmp_path / name, folder)


def test_a_folder_that_cannot_be_written(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text("Words.")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert "No space left on device in " in refused(tmp_path / "a.txt", folder)


def test_a_disk_without_links_or_locks(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    monkeypatch.setattr(placing.fcntl, "flock", refuse)
    assert place_file(folder, "a.txt", b"one").path.name == "a.txt"
    assert place_file(folder, "a.txt", b"two").path.name == "a-2.txt"
    assert sorted(os.listdir(folder)) == ["a-2.txt", "a.txt"]


def test_many_at_once_lose_nothing(folder: Path) -> None:
    def put(number: int) -> None:
        place_file(folder, "a.txt", b"%d" % (number % 20), f"https://example.org/{number % 20}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(put, range(60)))
    files = [file for file in folder.iterdir() if file.suffix == ".txt"]
    assert sorted(int(file.read_bytes()) for file in files) == list(range(20))
    assert {each["file"]: each["source"].rpartition("/")[2] for each in entries(folder)} == {
        file.name: file.read_text() for file in files
    }
    assert not [name for name in os.listdir(folder) if name.startswith(".")]


@pytest.mark.slow
def test_a_watcher_never_sees_half(folder: Path) -> None:
    """What is not hidden is whole at every moment, and its source is known."""
    code = f"""
import sys; sys.path.insert(0, {str(ROOT)!r})
from pathlib import Path
from bot.adding.placing import place_file
for n in range(300): place_file(Path({str(folder)!r}), "a.txt", b"%03d" % n * 50_000, f"https://x/{{n}}")
"""
    writer = subprocess.Popen([sys.executable, "-c", code])
    seen = 0
    while writer.poll() is None or seen < 300:
        files = [each for each in folder.iterdir() if re.fullmatch(r"a.*\.txt", each.name)]
        known = {each["file"] for each in entries(folder)} if files else set()
        assert all(file.stat().st_size == 150_000 for file in files[-5:])
        assert {file.name for file in files} <= known
        seen = len(files)
    assert writer.returncode == 0


# Pages.


def test_a_page_is_added_with_its_source(web: WebServer, folder: Path) -> None:
    web.answers["/news/talks"] = answer(PAGE, content_type="text/html; charset=utf-8")
    address = web.address("/news/talks")
    page = added(f"{address}#top", folder)
    assert page == Added(folder / "talks.html", address, new=True)
    assert page.path.read_bytes() == PAGE
    today = datetime.date.today().isoformat()
    assert entries(folder) == [{"file": "talks.html", "source": address, "fetched": today}]
    assert added(address, folder) == Added(page.path, address, new=False)
    assert len(entries(folder)) == 1
    listing = list_folder(folder)
    beside = read_sidecars(listing.files, listing.sidecars)
    assert (beside.metadata["talks.html"].source, beside.faults) == (address, {})
    (document,) = read_documents("talks.html", PAGE, beside.metadata["talks.html"])
    assert document.source == address


def test_a_redirected_page_goes_by_the_address_that_was_named(web: WebServer, folder: Path) -> None:
    web.answers |= {
        "/a": moved("/b?token=secret"),
        "/b?token=secret": answer(PAGE, content_type="text/html"),
    }
    page = added(web.address("/a"), folder)
    assert (page.path.name, page.source) == ("a.html", web.address("/a"))
    assert "secret" not in (folder / "manifest.jsonl").read_text()


def test_an_existing_manifest_is_continued(web: WebServer, folder: Path) -> None:
    before = '{"file": "a.txt", "title": "외교부"}\nbroken\n{"file": "b.txt"}'
    manifest = folder / "manifest.jsonl"
    manifest.write_text(before, "utf-8")
    manifest.chmod(0o640)
    web.answers["/x"] = answer(b"Words.", content_type="text/plain")
    added(web.address("/x"), folder)
    assert manifest.read_text("utf-8").startswith(before + '\n{"file": "x.txt", "source": "http')
    assert (manifest.read_text().count("\n"), manifest.stat().st_mode & 0o777) == (4, 0o640)
    manifest.write_text(before, "utf-16")
    web.answers["/y"] = answer(b"Words.", content_type="text/plain")
    assert "manifest.jsonl is not in UTF-8; convert it" in refused(web.address("/y"), folder)


@pytest.mark.parametrize(
    ("path", "kind", "name"),
    [
        ("/a.pdf", "application/pdf", "a.pdf"),
        ("/a.PDF", "application/octet-stream", "a.pdf"),
        ("/a.md", "text/plain", "a.md"),
        ("/a", "application/pdf", "a.pdf"),
        ("/a.php", "text/html", "a.php.html"),
        ("/view.do?seq=322308&x=a/b", "text/html; charset=x", "view.do-seq=322308&x=a-b.html"),
        ("/report.pdf", "text/html", "report.pdf.html"),
        ("/", "text/html", "127.0.0.1-{port}.html"),
        ("/news/", "text/plain", "news.txt"),
        ("/a/..%2F..%2Fx", "text/plain", "x.txt"),
        ("/..%5C..%5Cx.txt", "text/plain", "x.txt"),
        ("/..", "text/plain", "127.0.0.1-{port}.txt"),
        ("/.hidden", "text/plain", "hidden.txt"),
        ("/" + "x" * 400, "text/plain", "x" * 200 + ".txt"),
        ("/%EC%99%B8%EA%B5%90.txt", "text/plain", "외교.txt"),
        ("/%00%1B%0Aa.txt", "text/plain", "a.txt"),
    ],
)
def test_a_page_gets_a_name(web: WebServer, folder: Path, path: str, kind: str, name: str) -> None:
    web.answers[path] = answer(b"Words.", content_type=kind)
    assert added(web.address(path), folder).path == folder / name.format(port=web.port)


def test_what_has_no_reader_is_refused(web: WebServer, folder: Path) -> None:
    picture = answer(b"GIF89a", content_type="image/gif")
    script = answer(b"#!/bin/sh", content_type="application/x-sh")
    web.answers |= {"/a.gif": picture, "/b": script}
    assert "no reader for .gif; recognise its text" in refused(web.address("/a.gif"), folder)
    assert "no reader for files without" in refused(web.address("/b"), folder)
    web.answers["/manifest.csv"] = answer(b"file,title\na,b\n", content_type="text/csv")
    assert "is no document, but states" in refused(web.address("/manifest.csv"), folder)
    assert "answers 404 (Not Found)" in refused(web.address("/c"), folder)
    assert "10.0.0.1, which is no public" in refused("http://10.0.0.1/", folder)


def test_every_kind_has_a_reader() -> None:
    assert set(ENDINGS.values()) <= set(READERS)


@pytest.mark.parametrize(
    ("kind", "stored"),
    [
        ("text/plain; charset=EUC-KR", "\ufeff외교부".encode()),
        ("text/html; charset=ks_c_5601-1987", "\ufeff외교부".encode()),
        ("text/plain; charset=no-such", "외교부".encode("euc-kr")),
        ("text/plain; charset=rot13", "외교부".encode("euc-kr")),
        ("text/plain; charset=ascii", "외교부".encode("euc-kr")),
        ("text/plain", "외교부".encode("euc-kr")),
    ],
)
def test_a_charset_that_only_the_server_states_is_kept(
    web: WebServer, folder: Path, kind: str, stored: bytes
) -> None:
    web.answers["/a"] = answer("외교부".encode("euc-kr"), content_type=kind)
    assert added(web.address("/a"), folder).path.read_bytes() == stored


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("외교부".encode(), "text/plain; charset=iso-8859-1"),
        (b"plain", "text/plain; charset=euc-kr"),
        ("<meta charset=euc-kr>외교부".encode("euc-kr"), "text/html; charset=euc-kr"),
        ("%PDF é".encode("latin-1"), "application/pdf; charset=latin-1"),
    ],
)
def test_bytes_that_need_no_server_are_stored_as_they_are(
    web: WebServer, folder: Path, body: bytes, kind: str
) -> None:
    web.answers["/a"] = answer(body, content_type=kind)
    assert added(web.address("/a"), folder).path.read_bytes() == body


# The command.


def test_a_file_is_added_and_answers(indexed: CommandLine) -> None:
    Path("port.txt").write_text(
        release("Port Fees", "2024-05-05", "The port fees of Gdynia were lowered on May 4.")
    )
    run = indexed("add", "port.txt")
    path = Path("releases/port.txt").absolute()
    assert (run.code, run.err) == (0, "")
    assert run.out.startswith(f"Added {path}\nIndexed 4 documents, 8 passages; 1 encoded")
    assert "port.txt#1@" in indexed("ask", "What happened to the port fees of Gdynia?").out
    run = indexed("add", "port.txt")
    assert run.out.startswith(f"Already there: {path}\nNothing changed: 4 documents")
    facts = indexed("add", "port.txt", "--json").json
    assert list(facts) == ["schema", "added", "there", "refused", "index"]
    assert facts["there"] == [{"path": str(path), "source": None}]
    assert (facts["added"], facts["refused"], facts["index"]["documents"]) == ([], [], 4)


def test_a_page_is_added_and_linked(
    indexed: CommandLine, web: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def local_add(*arguments: Any, **options: Any) -> Added:
        return add_document(*arguments, **options, allowed=local)

    web.answers["/gdynia"] = answer(
        b"<p>1. The port fees of Gdynia were lowered on May 4, 2024, by a third.</p>",
        content_type="text/html",
    )
    monkeypatch.setattr("bot.adding.add_to_corpus.add_document", local_add)
    run = indexed("add", web.address("/gdynia"), "--json")
    assert run.json["added"] == [
        {"path": str(Path("releases/gdynia.html").absolute()), "source": web.address("/gdynia")}
    ]
    answered = indexed("ask", "What happened to the port fees of Gdynia?", "--json").json
    assert answered["passages"][0]["document"]["source"] == web.address("/gdynia")


@pytest.mark.parametrize(
    "address",
    """http://127.0.0.1/ http://localhost/ http://[::1]/ http://169.254.169.254/latest
    http://10.0.0.1/ http://0x7f000001/ http://2130706433/ file:///etc/passwd ftp://x.org/a.txt
    gopher://x.org/ http://user:secret@x.org/ https://user:secret@x.org:x/""".split(),
)
def test_the_command_fetches_from_public_hosts_only(indexed: CommandLine, address: str) -> None:
    before = sorted(Path("releases").iterdir())
    run = indexed("add", address)
    run.refuses(advice=" was not added: ")
    assert "secret" not in run.err
    assert sorted(Path("releases").iterdir()) == before


def test_good_ones_are_added_and_bad_ones_named(indexed: CommandLine) -> None:
    Path("good.txt").write_text("1. The good words stand here, for all to be read.")
    arguments = ["add", "good.txt", "bad\x1b[31m.txt", "http://me:secret@10.0.0.1/", "old.doc"]
    run = indexed(*arguments, "--json")
    assert (run.code, run.err.count("\n")) == (2, 3)
    assert "\x1b" not in run.err
    assert "secret" not in run.err + run.out
    assert [Path(each["path"]).name for each in run.json["added"]] == ["good.txt"]
    assert [each["document"] for each in run.json["refused"]][1:] == [
        "http://…@10.0.0.1/", "old.doc"
    ]  # fmt: skip
    assert run.json["index"]["documents"] == 4


def test_what_cannot_be_read_is_not_added(indexed: CommandLine) -> None:
    before = sorted(Path("releases").rglob("*"))
    for name, data, said in (
        ("bad.txt", b"\x00\x01\xff", "it holds binary data, not text; open it in its program"),
        ("none.txt", b"", "it is empty; add one that has text"),
        (
            "bad.docx",
            b"PK\x03\x04",
            "or not what its ending says; open it in its program, and save it anew",
        ),
    ):
        Path(name).write_bytes(data)
        run = indexed("add", name)
        assert (run.code, run.out) == (2, "")
        assert f"{name} was not added: " in run.err
        assert said in run.err
        facts = indexed("add", name, "--json").json
        assert (facts["added"], facts["index"]) == ([], None)
        assert facts["refused"][0]["reason"] in run.err
    assert sorted(Path("releases").rglob("*")) == before


def test_what_was_there_already_stays_and_is_named_alone(indexed: CommandLine) -> None:
    for name in ("bad.txt", "worse.txt"):
        Path("releases", name).write_bytes(b"")
    Path("releases/manifest.csv").write_text("file,title\nnone.txt,Talks\n")
    run = indexed("add", "releases/bad.txt")
    bad = Path("releases/bad.txt").absolute()
    assert run.code == 2
    assert run.out.splitlines()[0] == f"Already there: {bad}"
    assert run.out.splitlines()[2:] == [
        "1 other file is not read, or only in part; `pincite status` says why."
    ]
    assert run.err.splitlines() == [
        f"pincite: {bad} is in the folder, but is not read: it is empty; add one that has text."
    ]
    assert bad.exists()
    Path("port.txt").write_text("1. The port fees of Gdynia were lowered on May 4.")
    assert (run := indexed("add", "port.txt")).code == 0
    assert (run.err, "remarks" in run.out) == ("", False)


def test_what_is_read_in_part_is_added(indexed: CommandLine) -> None:
    with zipfile.ZipFile("pack.zip", "w") as pack:
        pack.writestr("a.txt", "1. The port fees of Gdynia were lowered on May 4.")
        pack.writestr("b.png", "x")
    run = indexed("add", "pack.zip")
    assert run.code == 0
    assert "pack.zip is added, but it is read in part; left out: there is no reader" in run.err


@pytest.mark.parametrize(
    ("reason", "advice"),
    [
        ("it is larger than 20 MB (limits.megabytes)", "raise that limit in pincite.toml"),
        (
            "reading it takes more than 30 s of processor time (limits.seconds)",
            "that limit in pincite.toml",
        ),
        ("it has no text layer (3 pages); run OCR on it first", "run OCR on it first"),
        ("it has no text but a.pdf", "add one that has text"),
        ("it unpacks to more than 20 MB", "divide it"),
        ("it is damaged", "or as PDF, Word or text"),
    ],
)
def test_advice_fits_the_reason(reason: str, advice: str) -> None:
    assert remedied(reason).endswith(advice)


def test_where_documents_are_added(indexed: CommandLine, tmp_path: Path) -> None:
    Path("new.txt").write_text("1. The new words stand here, for all to be read.")
    Path("releases/2024").mkdir()
    Path("releases/.hidden").mkdir()
    assert indexed("add", "new.txt", "--to", "releases/2024").code == 0
    assert Path("releases/2024/new.txt").exists()
    for wrong in (tmp_path, Path("releases/.hidden")):
        indexed("add", "new.txt", "--to", wrong).refuses(advice="name a folder in")
    indexed("add", "new.txt", "--to", "nowhere").refuses(advice="name a folder of documents")
    indexed("add").refuses(advice="See `pincite add --help`")


def test_the_first_document_of_all(cli: CommandLine) -> None:
    Path("new.txt").write_text("1. The new words stand here, for all to be read.")
    Path("first").mkdir()
    cli("add", "new.txt").refuses(advice="name a folder of documents")
    assert cli("add", "new.txt", "--to", "first").out.count("Indexed 1 documents") == 1
    Path("pincite.toml").write_text("folders = ['first']\n[limits]\nmegabytes = 1")
    Path("large.txt").write_bytes(b"x" * (2**20 + 1))
    cli("add", "large.txt").refuses(
        advice="it is larger than 1 MB (limits.megabytes); raise that limit"
    )


def test_a_password_is_not_shown() -> None:
    assert bot.commands.add._PASSWORD.sub("//…@", "http://a:b@c@d/e@f") == "http://…@d/e@f"


def test_a_document_does_not_take_over_the_source_of_one_that_is_gone(folder: Path) -> None:
    placed = place_file(folder, "talks.html", PAGE, "https://example.org/talks.html")
    placed.path.unlink()
    assert place_file(folder, "talks.html", b"<p>Other talks.").path.name == "talks-2.html"


def test_a_source_is_taken_back_when_the_name_is_taken_at_the_last_moment(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place_file(folder, "a.html", PAGE, "https://example.org/a.html")
    before = entries(folder)

    def taken(written: Path, path: Path) -> None:
        path.write_bytes(b"<p>Theirs.")
        raise FileExistsError(path)

    monkeypatch.setattr(placing, "_rename", taken)
    with pytest.raises(FileExistsError):
        place_file(folder, "b.html", PAGE + b" ", "https://example.org/b.html")
    assert entries(folder) == before


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("manifest.csv", b"file,title,source\ntalks.html,Talks,https://example.org/t.html\n"),
        ("manifest.json", b'[{"file": "talks.html", "source": "https://example.org/t.html"}]'),
    ],
)
def test_every_manifest_is_looked_at_for_names(folder: Path, name: str, data: bytes) -> None:
    (folder / name).write_bytes(data)
    assert place_file(folder, "talks.html", PAGE).path.name == "talks-2.html"


def test_a_manifest_that_links_out_of_the_folder_is_not_continued(
    web: WebServer, folder: Path, tmp_path: Path
) -> None:
    web.answers["/x"] = answer(PAGE, content_type="text/html")
    (tmp_path / "private").write_text("a secret")
    (folder / "manifest.jsonl").symlink_to(tmp_path / "private")
    said = refused(web.address("/x"), folder)
    assert said == "its folder's manifest.jsonl cannot be used: it links out of the folder"


def test_a_page_that_was_deleted_comes_back_under_its_name(folder: Path) -> None:
    source = "https://example.org/talks.html"
    place_file(folder, "talks.html", PAGE, source).path.unlink()
    assert place_file(folder, "talks.html", b"<p>Later talks.", source).path.name == "talks.html"
