import os
from pathlib import Path
from threading import Event, Thread

import pytest

from corpus.errors import FolderMissing, Unreadable
from corpus.folder.file_io import read_bytes
from corpus.folder.limits import DEFAULT_MEGABYTES
from corpus.folder.listing import list_folder, read_sidecars
from corpus.folder.worker_pool import read_all


def write(path: Path, text: str = "1. One is.\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def listed(folder: Path) -> tuple[list[str], dict[str, str]]:
    listing = list_folder(folder)
    ids = [file.id for file in listing.files]
    return ids, {file.id: file.reason for file in listing.skipped}


def test_files_are_listed_by_their_path_in_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.md", "a/B.TXT", "외교부.markdown", "x.text"):
        write(tmp_path / name)
    assert listed(tmp_path) == (["a/B.TXT", "a/z.md", "b.txt", "x.text", "외교부.markdown"], {})
    assert list_folder(tmp_path).files[0].path.read_text() == "1. One is.\n"


def test_hidden_files_and_folders_are_passed_over(tmp_path: Path) -> None:
    write(tmp_path / ".hidden.txt")
    write(tmp_path / ".git" / "a.txt")
    assert listed(tmp_path) == ([], {})


@pytest.mark.parametrize(
    "name",
    ["report.pdf.part", "report.PDF.crdownload", "report.pdf.partial", "~$report.docx",
     ".~lock.report.odt#", "Thumbs.db", ".DS_Store", "Desktop.ini", "notes.txt~", "x.tmp",
     "report.pdf.download/Info.txt", "__MACOSX/a.txt", "@eaDir/a.txt"],
)  # fmt: skip
def test_what_programs_put_beside_documents_is_passed_over(tmp_path: Path, name: str) -> None:
    write(tmp_path / name)
    assert listed(tmp_path) == ([], {})


def test_a_name_that_only_begins_so_is_a_document(tmp_path: Path) -> None:
    write(tmp_path / "part.txt")
    write(tmp_path / "~ten.txt")
    assert listed(tmp_path) == (["part.txt", "~ten.txt"], {})


def test_unknown_endings_are_skipped_with_the_reason_and_what_to_do(tmp_path: Path) -> None:
    for name in ("a.png", "b.ppt", "c.xyz", "LICENSE", "d.05", "e.doc", "f.aspx"):
        write(tmp_path / name)
    assert listed(tmp_path) == (
        ["LICENSE", "d.05", "e.doc", "f.aspx"],  # of these the content says what they are
        {
            "a.png": "there is no reader for .png; recognise its text and save that as .pdf",
            "b.ppt": "there is no reader for .ppt; save it as .pptx",
            "c.xyz": "there is no reader for .xyz",
        },
    )


def test_a_link_is_followed_only_inside_the_folder(tmp_path: Path) -> None:
    secret = write(tmp_path / "secret.txt")
    folder = tmp_path / "corpus"
    write(folder / "a.txt")
    (folder / "inside.txt").symlink_to(folder / "a.txt")
    (folder / "out.txt").symlink_to(secret)
    (folder / "up.txt").symlink_to("../secret.txt")
    (folder / "gone.txt").symlink_to("nothing.txt")
    assert listed(folder) == (
        ["a.txt", "inside.txt"],
        {
            "gone.txt": "it cannot be opened",
            "out.txt": "it links out of the folder",
            "up.txt": "it links out of the folder",
        },
    )


def test_a_link_to_a_folder_is_named(tmp_path: Path) -> None:
    write(tmp_path / "elsewhere" / "secret.txt")
    write(tmp_path / "beside" / "b.txt")
    folder = tmp_path / "corpus"
    write(folder / "sub" / "a.txt")
    (folder / "beside").symlink_to(tmp_path / "beside")
    (folder / "out").symlink_to(tmp_path / "elsewhere")
    (folder / "sub" / "loop").symlink_to(folder)
    write(folder / ".store" / "c.txt")
    (folder / "latest").symlink_to(".store")
    listing = list_folder(folder, roots=[folder, tmp_path / "beside"])
    assert [each.id for each in listing.files] == ["sub/a.txt"]
    read = "it links to a folder of the corpus, where its documents are read"
    assert {each.id: (each.reason, each.elsewhere) for each in listing.skipped} == {
        "beside": (read, True),
        "latest": ("it links to a hidden folder, which is not followed (follow_links)", False),
        "out": ("it links to a folder out of the corpus; index that folder too", False),
        "sub/loop": (read, True),
    }


def test_a_link_to_a_folder_is_followed_where_a_setting_says_so(tmp_path: Path) -> None:
    write(tmp_path / "elsewhere" / "secret.txt")
    folder = tmp_path / "corpus"
    write(folder / "sub" / "a.txt")
    write(folder / ".store" / "7f" / "b.txt")
    (folder / ".store" / "7f" / "up").symlink_to(folder)
    (folder / "2023").symlink_to(".store/7f")
    (folder / "latest").symlink_to("2023")
    (folder / "alias").symlink_to("sub")
    (folder / "sub" / "loop").symlink_to("..")
    (folder / "sub" / "itself").symlink_to("itself")
    (folder / "out").symlink_to(tmp_path / "elsewhere")
    listing = list_folder(folder, follow_links=True)
    assert [each.id for each in listing.files] == ["2023/b.txt", "sub/a.txt"]
    assert [each.id for each in listing.skipped] == ["out", "sub/itself"]
    read = read_all(listing.files)
    assert [each.reason for each in read] == ["", ""]


def test_a_link_into_the_home_is_not_followed(tmp_path: Path) -> None:
    write(tmp_path / "home" / "models" / "a.txt")
    (tmp_path / "link").symlink_to("home/models")
    listing = list_folder(tmp_path, apart_from=tmp_path / "home", follow_links=True)
    assert (listing.files, listing.skipped) == ([], [])


def test_a_link_to_itself_is_skipped(tmp_path: Path) -> None:
    write(tmp_path / "a.txt")
    (tmp_path / "loop.txt").symlink_to("loop.txt")
    ids, skipped = listed(tmp_path)
    assert ids == ["a.txt"]
    assert list(skipped) == ["loop.txt"]


def test_the_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    write(tmp_path / "real" / "a.txt")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert listed(tmp_path / "link") == (["a.txt"], {})


def test_a_pipe_is_no_document_and_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "folder.txt").mkdir()
    assert listed(tmp_path) == ([], {"pipe.txt": "it is not a regular file"})


def test_a_file_too_large_is_skipped_unread(tmp_path: Path) -> None:
    largest = DEFAULT_MEGABYTES * 2**20
    for name, size in (("fits.txt", largest), ("large.txt", largest + 1)):
        with (tmp_path / name).open("wb") as file:
            file.truncate(size)
    assert listed(tmp_path) == (
        ["fits.txt"],
        {"large.txt": "it is larger than 20 MB (limits.megabytes)"},
    )
    assert len(read_bytes(tmp_path / "fits.txt")) == largest
    with pytest.raises(Unreadable, match="it is larger than 20 MB"):
        read_bytes(tmp_path / "large.txt")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b"a\nb.txt", "a\\nb.txt"),
        (b"a\x1b[31m.txt", "a\\x1b[31m.txt"),
        ("a\u202etxt.txt".encode(), "a\\u202etxt.txt"),
        (b"caf\xe9.txt", "caf\\udce9.txt"),
    ],
)
def test_a_name_that_cannot_be_printed_is_shown_escaped(
    tmp_path: Path, name: bytes, shown: str
) -> None:
    Path(os.fsdecode(os.path.join(os.fsencode(tmp_path), name))).write_text("1. One is.\n")
    reason = "its name holds characters that cannot be printed"
    assert listed(tmp_path) == ([], {shown: reason})


def test_a_missing_folder_and_a_file_in_its_place(tmp_path: Path) -> None:
    with pytest.raises(
        FolderMissing, match=r"nowhere does not exist; name a folder of documents\."
    ):
        list_folder(tmp_path / "nowhere")
    with pytest.raises(
        FolderMissing, match=r"a\.txt is not a folder; name a folder of documents\."
    ):
        list_folder(write(tmp_path / "a.txt"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_what_may_not_be_read(tmp_path: Path) -> None:
    locked = write(tmp_path / "locked" / "a.txt")
    secret = write(tmp_path / "secret.txt")
    secret.chmod(0)
    locked.parent.chmod(0)
    try:
        with pytest.raises(Unreadable, match=r"it cannot be opened \(Permission denied\)"):
            read_bytes(secret)
        assert listed(tmp_path)[1]["locked"] == "the folder cannot be listed"
        with pytest.raises(FolderMissing, match="cannot be read; change its permissions"):
            list_folder(locked.parent)
    finally:
        locked.parent.chmod(0o700)


def test_a_file_that_vanished_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"it cannot be opened \(No such file or directory\)"):
        read_bytes(tmp_path / "gone.txt")


def test_one_folder_is_passed_over(tmp_path: Path) -> None:
    for name in ("a.txt", "index/b.txt", "more/index/c.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("One is.")
    listing = list_folder(tmp_path, apart_from=tmp_path / "index")
    assert [each.id for each in listing.files] == ["a.txt", "more/index/c.txt"]


def test_a_home_is_no_folder_of_documents(tmp_path: Path) -> None:
    with pytest.raises(FolderMissing, match="is the home of an index"):
        list_folder(tmp_path, apart_from=tmp_path)


def test_what_became_a_link_out_of_the_folder_is_not_read(tmp_path: Path) -> None:
    write(tmp_path / "outside" / "a.txt", "a secret")
    folder = tmp_path / "corpus"
    for name in ("a.txt", "b.txt", "inner/a.txt", "manifest.jsonl"):
        write(folder / name)
    (folder / "inside.txt").symlink_to("b.txt")
    listing = list_folder(folder)
    assert len(listing.files) == 4
    (folder / "a.txt").unlink()
    (folder / "a.txt").symlink_to(tmp_path / "outside" / "a.txt")
    (folder / "inner").rename(tmp_path / "inner")
    (folder / "inner").symlink_to(tmp_path / "outside")
    (folder / "manifest.jsonl").unlink()
    (folder / "manifest.jsonl").symlink_to("../outside/a.txt")
    read = {each.id: each for each in read_all(listing.files)}
    reasons = {name: each.reason for name, each in read.items() if each.reason}
    assert reasons == dict.fromkeys(("a.txt", "inner/a.txt"), "it links out of the folder")
    assert read["inside.txt"].documents and not read["a.txt"].sha256
    faults = read_sidecars(listing.files, listing.sidecars).faults
    assert faults == {"manifest.jsonl": "it links out of the folder"}


def test_a_link_is_never_followed_however_often_it_is_swapped(tmp_path: Path) -> None:
    write(tmp_path / "outside" / "a.txt", "a secret")
    folder = tmp_path / "corpus"
    path = write(folder / "inner" / "a.txt", "ours")
    over = Event()

    def swap() -> None:
        away, link = folder / "away", folder / "link"
        link.symlink_to(tmp_path / "outside")
        while not over.is_set():
            (folder / "inner").rename(away)
            link.rename(folder / "inner")
            (folder / "inner").rename(link)
            away.rename(folder / "inner")

    swapping = Thread(target=swap)
    swapping.start()
    try:
        found = []
        for _ in range(3_000):
            try:
                found.append(read_bytes(path, below=folder))
            except Unreadable as error:
                found.append(str(error).encode())
    finally:
        over.set()
        swapping.join()
    assert b"ours" in found
    assert b"a secret" not in found


def test_a_folder_that_may_only_be_passed_through_is(tmp_path: Path) -> None:
    path = write(tmp_path / "corpus" / "inner" / "a.txt")
    path.parent.chmod(0o311)
    assert read_bytes(path, below=tmp_path / "corpus") == b"1. One is.\n"
    path.parent.chmod(0o755)
