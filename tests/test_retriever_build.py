"""Indexing: only what changed is encoded, generations replay, bad folders change nothing."""

import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import CULTURE, HARBOUR, ROOT, VACCINES, Shelf, release

from bot.rendering.answers import answer_json
from bot.rendering.index_report import build_text
from corpus.errors import CorpusError, FolderMissing
from corpus.folder.file_io import file_hash
from corpus.folder.listing import ListedFile
from corpus.folder.worker_pool import FileRead, read_all
from retriever.answering.answer import Answer
from retriever.answering.ask import ask
from retriever.build.build import Build, build_index
from retriever.build.changes import Changes, changes_since
from retriever.errors import NothingToIndex
from retriever.index.generation import Generation
from retriever.index.home import KEPT_GENERATIONS, Home

QUESTION = "What was agreed about the harbor of Busan?"
KILLS = 7


@pytest.fixture
def own(shelf: Shelf, models: Path, tmp_path: Path) -> Shelf:
    """The small corpus with a vector cache that no other test fills."""
    place = tmp_path / "own models"
    shutil.copytree(
        models, place, copy_function=os.link, ignore=shutil.ignore_patterns("vectors.db*")
    )
    return Shelf(shelf.folder, Home(tmp_path / "own", place))


def as_printed(answer: Answer) -> dict[str, object]:
    return answer_json(answer, explain=True) | {"milliseconds": None}


def test_everything_is_encoded_once(own: Shelf) -> None:
    told: list[tuple[str, int, int]] = []
    first = build_index(own.home, [own.folder], progress=lambda *now: told.append(now))
    passages, contexts = 3 + 2 + 2, 3
    assert (first.published, first.encoded) == (True, passages)
    assert (first.manifest.documents, first.manifest.passages) == (3, passages)
    assert (first.manifest.oldest, first.manifest.newest) == ("2021-03-04", "2023-09-02")
    assert ("Reading releases", 3, 3) in told
    assert ("Encoding passages", passages + contexts, passages + contexts) in told

    second = own.index()
    assert (second.published, second.encoded) == (False, 0)
    assert (second.generation, own.home.kept()) == (first.generation, [first.generation])


def test_only_what_changed_is_encoded(own: Shelf) -> None:
    own.index()
    own.write(harbour=HARBOUR.replace("by 2025", "by 2026"))  # neither title nor lead
    assert own.index().encoded == 1
    own.write(harbour=HARBOUR.replace("Carl Diaz", "Carla Diaz"))  # the lead, which is one sentence
    assert own.index().encoded == 1
    own.write(harbour=HARBOUR)  # what was seen before is remembered
    assert own.index().encoded == 0
    (own.folder / "culture.txt").unlink()
    build = own.index()
    assert (build.published, build.encoded, build.manifest.documents) == (True, 0, 2)
    (own.folder / "harbour.txt").rename(own.folder / "port.txt")
    build = own.index()
    assert (build.published, build.encoded) == (True, 0)


def test_an_added_document_answers_at_once_and_a_removed_one_no_more(shelf: Shelf) -> None:
    question = "Which animal is the mascot of the winter games?"
    assert shelf.ask(question).passages == ()
    shelf.write(games=release("Games", "2024-01-02", "The mascot of the winter games is a zebra."))
    shelf.index()
    assert shelf.ask(question).passages[0].document.id == "games.txt"
    (shelf.folder / "games.txt").unlink()
    shelf.index()
    assert shelf.ask(question).passages == ()


def test_an_older_generation_is_replayed(shelf: Shelf) -> None:
    first = Generation.open(shelf.home)
    before = as_printed(ask(first, QUESTION))
    shelf.write(port=release("Harbor Fees", "2024-05-05", "Harbor fees of Busan were agreed."))
    shelf.index()
    now = as_printed(shelf.ask(QUESTION))
    assert now["generation"] != before["generation"]
    assert now["passages"] != before["passages"]
    assert as_printed(ask(Generation.open(shelf.home, first.name), QUESTION)) == before
    assert as_printed(ask(first, QUESTION)) == before  # and one that was open all the while

    shelf.write(harbour=HARBOUR.replace("2025", "2026"))
    shelf.index()
    replayed = ask(Generation.open(shelf.home, first.name), QUESTION)
    assert replayed.withheld == ("harbour.txt",)


def test_old_generations_go(shelf: Shelf) -> None:
    names = [Generation.open(shelf.home).name]
    for year in range(2026, 2026 + KEPT_GENERATIONS):
        shelf.write(harbour=HARBOUR.replace("2025", str(year)))
        names.append(shelf.index().generation)
    assert shelf.home.kept() == names[1:]


def test_equal_corpora_answer_alike(shelf: Shelf, models: Path, tmp_path: Path) -> None:
    again = Shelf(shelf.folder, Home(tmp_path / "again", models, models))
    again.index()
    one, two = as_printed(shelf.ask(QUESTION)), as_printed(again.ask(QUESTION))
    assert one["passages"] == two["passages"]


def test_a_damaged_generation_is_built_anew(shelf: Shelf) -> None:
    name = Generation.open(shelf.home).name
    for file in ("manifest.json", "passages.db", "vectors.faiss", "lexical/meta.json"):
        (shelf.home.generation() / file).unlink()
        build = shelf.index()
        assert (build.published, build.encoded) == (True, 0)
        assert build.generation != name
        assert shelf.ask(QUESTION).passages[0].document.id == "harbour.txt"


def test_the_same_id_in_two_folders(models: Path, tmp_path: Path) -> None:
    for place, text in (("a/r", HARBOUR), ("b/r", VACCINES), ("c/r", CULTURE)):
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / "x.txt").write_text(text)
    home = Home(tmp_path / "home", models, models)
    folders = [tmp_path / name / "r" for name in "abca"]  # the first is named twice
    build = build_index(home, folders)
    assert [list(each.files) for each in build.manifest.folders] == [
        ["x.txt"],
        ["r/x.txt"],
        ["r~2/x.txt"],
    ]
    first = ask(Generation.open(home), "vaccine doses for Freedonia").passages[0]
    assert (first.document.id, first.document.path) == ("r/x.txt", str(tmp_path / "b/r/x.txt"))


def empty(folder: Path) -> None:
    folder.mkdir()


def hidden(folder: Path) -> None:
    folder.mkdir()
    (folder / ".release.txt").write_text(HARBOUR)


def binary(folder: Path) -> None:
    folder.mkdir()
    (folder / "a.txt").write_bytes(bytes(range(256)) * 20)


def blank(folder: Path) -> None:
    folder.mkdir()
    (folder / "a.txt").write_bytes(b" \n\t\n")


def undecodable(folder: Path) -> None:
    folder.mkdir()
    (folder / "a.txt").write_bytes(b"\xff\xfe\x41")


def foreign(folder: Path) -> None:
    folder.mkdir()
    (folder / "a.xls").write_bytes(b"\xd0\xcf\x11\xe0")


def link(folder: Path) -> None:
    folder.mkdir()
    (folder / "a.txt").symlink_to("/etc/passwd")


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (empty, r"\(no files\)"),
        (hidden, r"\(no files\)"),
        (binary, "1 skipped: it holds binary data, not text"),
        (blank, "1 skipped: it is empty"),
        (undecodable, "1 skipped: it is marked as utf-16 but breaks off"),
        (foreign, r"1 skipped: there is no reader for \.xls"),
        (link, "1 skipped: it links out of the folder"),
    ],
)
def test_a_folder_without_documents_changes_nothing(
    shelf: Shelf, tmp_path: Path, make: Callable[[Path], None], why: str
) -> None:
    make(tmp_path / "bad")
    with pytest.raises(
        NothingToIndex, match=rf"No document can be read in .*{why}.*; name another"
    ):
        build_index(shelf.home, [tmp_path / "bad"])
    assert len(shelf.home.kept()) == 1
    assert shelf.ask(QUESTION).passages[0].document.id == "harbour.txt"


@pytest.mark.parametrize(("name", "why"), [("gone", "does not exist"), ("file", "is not a folder")])
def test_what_is_no_folder_changes_nothing(
    shelf: Shelf, tmp_path: Path, name: str, why: str
) -> None:
    (tmp_path / "file").write_text(HARBOUR)
    with pytest.raises(CorpusError, match=f"{why}; name a folder of documents"):
        build_index(shelf.home, [shelf.folder, tmp_path / name])
    assert shelf.ask(QUESTION).passages[0].document.id == "harbour.txt"


def test_a_folder_with_an_undecodable_name_is_indexed_or_refused(
    shelf: Shelf, tmp_path: Path
) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9"))
    folder.mkdir()
    (folder / "a.txt").write_text(HARBOUR)
    try:
        build_index(shelf.home, [folder])
    except CorpusError as error:
        str(error).encode()
    assert shelf.ask(QUESTION).passages


def test_skipped_files_are_named_with_their_reasons(shelf: Shelf) -> None:
    (shelf.folder / "empty.txt").write_bytes(b"")
    (shelf.folder / "photo.jpg").write_bytes(b"\xff\xd8")
    (shelf.folder / "out.txt").symlink_to("/etc/passwd")
    assert shelf.index().manifest.folders[0].skipped == {
        "empty.txt": "it is empty",
        "out.txt": "it links out of the folder",
        "photo.jpg": "there is no reader for .jpg; recognise its text and save that as .pdf",
    }


@pytest.mark.slow
def test_a_kill_at_any_moment_leaves_an_index_that_answers(shelf: Shelf) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from retriever.build.build import build_index; from retriever.index.home import Home\n"
        "home, models, folder = map(Path, sys.argv[1:])\n"
        "print('ready', flush=True)\n"
        "build_index(Home(home, models, models), [folder])\n"
    )
    places = [str(path) for path in (shelf.home.path, shelf.home.models, shelf.folder)]

    def build(year: int, until: float | None) -> bool:
        """Indexes a change, for so many seconds or to the end; whether it was killed."""
        shelf.write(harbour=HARBOUR.replace("2025", str(year)))
        with subprocess.Popen(
            [sys.executable, "-c", code, *places], cwd=ROOT, stdout=subprocess.PIPE
        ) as process:
            process.stdout.readline()  # type: ignore[union-attr]
            if until is not None:
                time.sleep(until)
                process.send_signal(signal.SIGKILL)
        assert process.returncode in (0, -signal.SIGKILL)
        return process.returncode != 0

    started = time.monotonic()
    assert not build(2030, None)
    takes, killed, year = time.monotonic() - started, 0, 2030
    while killed < KILLS:
        year += 1
        if build(year, takes * (killed + 1) / (KILLS + 1)):
            killed += 1
        else:
            takes *= 0.9  # it is faster now
        answer = shelf.ask("How many doses of vaccine went to Freedonia?")
        assert answer.passages[0].document.id == "vaccines.txt"
    shelf.index()
    assert str(year) in shelf.ask(QUESTION).passages[0].text
    assert sorted(each.name for each in shelf.home.generations.iterdir()) == shelf.home.kept()


AWAY = "the folder is not there, and its documents stay as they were"


def both(shelf: Shelf, more: Path) -> Build:
    return build_index(shelf.home, [shelf.folder, more])


@pytest.fixture
def more(shelf: Shelf, tmp_path: Path) -> Path:
    """A second folder beside the shelf's, indexed with it; two files share a name."""
    folder = tmp_path / "more"
    folder.mkdir()
    (folder / "harbour.txt").write_text(release("A Zebra", "2024-01-05", "The zebra came in May."))
    (folder / "blank.txt").write_text("")
    both(shelf, folder)
    return folder


def test_a_folder_that_is_away_stays_as_it_was_while_another_one_changes(
    shelf: Shelf, more: Path, tmp_path: Path
) -> None:
    more.rename(tmp_path / "away")
    shelf.write(port=release("A Port", "2024-01-06", "The turnip harvest was shipped."))
    build = both(shelf, more)
    assert (build.manifest.documents, build.encoded) == (5, 1)
    assert build.manifest.folders[1].skipped == {"blank.txt": "it is empty"}
    assert build.manifest.folders[1].remarks == {"more/": AWAY}
    assert shelf.ask("Who shipped the turnip harvest?").passages[0].document.id == "port.txt"
    assert "more/harbour.txt" in shelf.ask("When did the zebra come?").withheld
    assert not both(shelf, more).published

    (tmp_path / "away").rename(more)
    build = both(shelf, more)
    assert (build.manifest.documents, build.encoded) == (5, 0)
    assert build.manifest.folders[1].skipped == {"blank.txt": "it is empty"}
    assert shelf.ask("When did the zebra come?").passages[0].document.id == "more/harbour.txt"


def test_a_folder_that_is_away_is_missed_when_everything_is_read_anew(
    shelf: Shelf, more: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more.rename(tmp_path / "away")
    monkeypatch.setattr("retriever.build.build.program_digest", lambda: "another version")
    before = shelf.home.kept()
    with pytest.raises(FolderMissing, match=r"more is not there.*; bring it back, or name the oth"):
        both(shelf, more)
    assert shelf.home.kept() == before
    assert build_index(shelf.home, [shelf.folder]).manifest.documents == 3


def test_when_every_folder_is_away_nothing_is_indexed(shelf: Shelf, tmp_path: Path) -> None:
    shelf.folder.rename(tmp_path / "away")
    with pytest.raises(FolderMissing, match="does not exist"):
        shelf.index()


def test_what_is_read_in_part_is_told_until_it_changes(shelf: Shelf) -> None:
    with zipfile.ZipFile(shelf.folder / "pack.zip", "w") as pack:
        pack.writestr("a.txt", "1. The port fees of Gdynia were lowered on May 4.")
        pack.writestr("b.png", "x")
    told = {name: reason for reason, (name,) in shelf.index().manifest.skipped.items()}
    assert list(told) == ["pack.zip"]
    shelf.write(port=release("A Port", "2024-01-06", "The turnip harvest was shipped."))
    assert shelf.index().manifest.skipped == {told["pack.zip"]: ["pack.zip"]}
    again = build_index(shelf.home, [shelf.folder], retry=True)
    assert again.manifest.skipped == {told["pack.zip"]: ["pack.zip"]}
    assert again.manifest.documents == 5


def test_what_was_skipped_is_read_again_when_it_is_asked_for(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    (shelf.folder / "blank.txt").write_text("")
    shelf.index()
    read: list[str] = []

    def noted(files: Iterable[ListedFile], *rest: Any) -> Iterator[FileRead]:
        listed = list(files)
        read.extend(each.id for each in listed)
        return read_all(listed, *rest)

    monkeypatch.setattr("retriever.build.folder_survey.read_all", noted)
    assert not shelf.index().published
    build = build_index(shelf.home, [shelf.folder], retry=True)
    assert (read, build.encoded, build.manifest.documents) == (["blank.txt"], 0, 3)
    assert build.manifest.folders[0].skipped == {"blank.txt": "it is empty"}


def test_what_was_broken_off_is_read_once_more_by_itself(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    reason = "reading it takes more than 30 s of processor time (limits.seconds)"
    tries = []

    def tired(files: Iterable[ListedFile], *rest: Any) -> Iterator[FileRead]:
        for each, file in zip(read_all(files := list(files), *rest), files, strict=True):
            if file.id == "slow.txt":
                tries.append(file.id)
                yield FileRead(each.id, each.path, each.sha256, reason=reason, broken_off=True)
            else:
                yield each

    monkeypatch.setattr("retriever.build.folder_survey.read_all", tired)
    shelf.write(slow="1. The words of a long document stand here.\n")
    again = f"{reason}; the next run reads it once more"
    for expected in ({again: ["slow.txt"]}, {reason: ["slow.txt"]}, {reason: ["slow.txt"]}):
        build = shelf.index()
        assert (build.manifest.skipped, build.manifest.documents) == (expected, 3)
    assert (len(tries), build.published) == (2, False)
    shelf.write(slow="1. Other words of a long document stand here.\n")
    assert shelf.index().manifest.skipped == {again: ["slow.txt"]}
    monkeypatch.setattr("retriever.build.folder_survey.read_all", read_all)
    assert (shelf.index().manifest.skipped, shelf.index().manifest.documents) == ({}, 4)


def test_a_manifest_is_reported_until_it_is_mended(shelf: Shelf) -> None:
    manifest = shelf.folder / "manifest.csv"
    manifest.write_text("file,title\nharbour.txt,Harbor\nold.txt,Old\n")
    fault = "not all of its entries are used: line 3 matches no document (old.txt)"
    for published in (True, False):
        build = shelf.index()
        assert (build.published, build.manifest.remarks) == (published, {fault: ["manifest.csv"]})
        assert build.manifest.skipped == {}
        assert f"manifest.csv: {fault}" in build_text(build).splitlines()
    manifest.write_text("file,title\nharbour.txt,Harbor\nolder.txt,Old\n")
    assert "line 3 matches no document (older.txt)" in build_text(shelf.index())
    manifest.write_text("file,title\nharbour.txt,Harbor\n")
    assert shelf.index().manifest.remarks == {}


def test_links_to_folders_are_followed_as_the_setting_says(shelf: Shelf) -> None:
    (shelf.folder / ".store").mkdir()
    (shelf.folder / ".store" / "new.txt").write_text("1. The mascot of the games is a zebra.\n")
    (shelf.folder / "2024").symlink_to(".store")
    assert list(shelf.index().manifest.folders[0].skipped) == ["2024"]
    build = build_index(shelf.home, [shelf.folder], follow_links=True)
    assert (build.manifest.documents, build.manifest.skipped) == (4, {})
    assert changes_since(build.manifest, shelf.home, 20) == Changes()
    assert shelf.ask("Which animal is the mascot?").passages[0].document.id == "2024/new.txt"
    assert build_index(shelf.home, [shelf.folder], follow_links=True).published is False
    assert shelf.index().manifest.documents == 3


def test_a_home_inside_its_corpus_is_no_part_of_it(shelf: Shelf, models: Path) -> None:
    home = Home(shelf.folder / "index", models, models)
    first = build_index(home, [shelf.folder])
    assert (first.manifest.documents, first.manifest.folders[0].skipped) == (3, {})
    assert not build_index(home, [shelf.folder]).published


def test_a_file_that_moves_under_the_id_of_another_is_read_there(shelf: Shelf, more: Path) -> None:
    (shelf.folder / "harbour.txt").unlink()
    (more / "more").mkdir()
    (more / "harbour.txt").rename(more / "more" / "harbour.txt")
    both(shelf, more)
    assert shelf.ask("When did the zebra come?").passages[0].document.id == "more/harbour.txt"


def test_a_file_that_changed_while_its_reader_failed_is_read_again(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = release("A Port", "2024-01-06", "The turnip harvest was shipped.").encode()
    (shelf.folder / "port.txt").write_bytes(b"damaged")

    def replaced(files: Iterable[ListedFile], *_: Any) -> Iterator[FileRead]:
        for each in files:
            each.path.write_bytes(good)
            yield FileRead(each.id, each.path, file_hash(good), reason="its reader took too long")

    with monkeypatch.context() as patch:
        patch.setattr("retriever.build.folder_survey.read_all", replaced)
        assert shelf.index().manifest.documents == 3
    assert shelf.index().manifest.documents == 4


def test_a_folder_within_another_one_is_read_once(shelf: Shelf, models: Path) -> None:
    for name in ("inner", ".hidden"):
        (shelf.folder / name).mkdir()
        words = release(f"A {name} Zebra", "2024-01-05", f"The {name} zebra came in May.")
        (shelf.folder / name / "zebra.txt").write_text(words)
    inner, hidden = shelf.folder / "inner", shelf.folder / ".hidden"
    build = build_index(shelf.home, [inner, shelf.folder, hidden])
    assert [each.path for each in build.manifest.folders] == [str(shelf.folder), str(hidden)]
    assert build.manifest.documents == 5


def test_a_file_in_the_place_of_a_folder_makes_the_others_no_less_there(
    shelf: Shelf, more: Path
) -> None:
    for each in more.iterdir():
        each.unlink()
    more.rmdir()
    more.write_text("This is no folder.")
    changes = changes_since(Generation.open(shelf.home).manifest, shelf.home, 64)
    assert (changes.changed, changes.missing) == ([], ["more/harbour.txt"])
