"""A disk that does not answer: each read ends in time, and none is begun while it would hang."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Shelf

from corpus.errors import Unreadable
from retriever.answering.answer import UNREACHABLE_REASON, Verdict
from retriever.citing import originals as originals_module
from retriever.citing.disk_patience import DiskPatience, DiskUnreachable
from retriever.citing.originals import FileState, Original

MOUNTS = rb"""/dev/vda / ext4 rw 0 0
server:/a /mnt/net nfs4 rw 0 0
server:/b /mnt/an\040other nfs4 rw 0 0
"""
SECONDS = 0.1


class Disk:
    """Files of which some hang until the disk is back."""

    def __init__(self, folder: Path) -> None:
        (folder / "mounts").write_bytes(MOUNTS)
        self.patience = DiskPatience(SECONDS, folder / "mounts")
        self.back = threading.Event()
        self.asked = 0

    def read(self, name: str, *, hangs: bool) -> str:
        def reading() -> str:
            self.asked += 1
            if hangs:
                self.back.wait(30)
            return f"read {name}"

        return self.patience.read(Path(name), reading)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    made = Disk(tmp_path)
    yield made
    made.back.set()


def hang(disk: Disk, *names: str) -> None:
    for name in names:
        with pytest.raises(DiskUnreachable):
            disk.read(name, hangs=True)


def test_what_is_read_is_given_and_what_fails_fails_as_it_did(disk: Disk) -> None:
    def broken() -> None:
        raise Unreadable("it is no file")

    assert disk.read("/mnt/net/a.txt", hangs=False) == "read /mnt/net/a.txt"
    with pytest.raises(Unreadable, match="it is no file"):
        disk.patience.read(Path("/mnt/net/a.txt"), broken)


def test_a_file_that_hangs_is_not_asked_twice(disk: Disk) -> None:
    hang(disk, "/mnt/net/a.txt", "/mnt/net/a.txt")
    assert disk.asked == 1
    assert disk.read("/mnt/net/b.txt", hangs=False)  # one file says nothing about the disk


def test_a_disk_is_given_up_after_two_and_the_others_answer(disk: Disk) -> None:
    hang(disk, "/mnt/net/a.txt", "/mnt/net/b.txt")
    started = time.monotonic()
    hang(disk, "/mnt/net/c/d.txt")
    assert time.monotonic() - started < SECONDS
    assert disk.asked == 2
    for name in ("/mnt/netted.txt", "/home/a.txt", "/mnt/an other/a.txt"):
        assert disk.read(name, hangs=False)


def test_a_disk_that_answers_meanwhile_is_not_given_up(disk: Disk) -> None:
    hang(disk, "/a.txt")  # as a link to another disk would
    assert disk.read("/b.txt", hangs=False)
    hang(disk, "/c.txt")
    assert disk.read("/d.txt", hangs=False)


def test_a_disk_that_is_back_is_read_again(disk: Disk) -> None:
    hang(disk, "/mnt/an other/a.txt", "/mnt/an other/b.txt")
    disk.back.set()
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            assert disk.read("/mnt/an other/a.txt", hangs=False)
            return
        except DiskUnreachable:
            time.sleep(0.01)
    pytest.fail("it is still given up")


def test_threads_that_are_free_are_used_again(disk: Disk) -> None:
    before = threading.active_count()
    for number in range(50):
        disk.read(f"/{number}.txt", hangs=False)
    assert threading.active_count() <= before + 1


def test_without_a_list_of_mounts_a_folder_counts_as_a_disk(tmp_path: Path) -> None:
    disk = Disk(tmp_path)
    (tmp_path / "mounts").unlink()
    hang(disk, "/net/a.txt", "/net/b.txt", "/net/c.txt")
    assert disk.asked == 2
    assert disk.read("/local/a.txt", hangs=False)
    disk.back.set()


def test_the_document_is_withheld_by_name_and_the_others_answer(
    shelf: Shelf, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Hanging(DiskPatience):
        """Reads one file as from a disk that is gone."""

        def read(self, path, read):  # type: ignore[no-untyped-def]
            gone = path.name == "harbour.txt"
            return super().read(path, (lambda: disk.back.wait(30)) if gone else read)

    monkeypatch.setattr(originals_module, "_PATIENCE", Hanging(SECONDS))
    answer = shelf.ask("harbor of Busan and vaccine doses for Freedonia", min_score=0)
    assert answer.unreachable == ("harbour.txt",)
    assert answer.withheld == ()
    assert {hit.document.id for hit in answer.passages} >= {"vaccines.txt"}
    assert Original(shelf.folder / "harbour.txt", "").state is FileState.UNREACHABLE
    only = shelf.ask("What was agreed about the harbor of Busan?", within=["harbour.txt"])
    assert (only.verdict, only.reason) == (Verdict.NONE, UNREACHABLE_REASON)
    assert only.is_open
