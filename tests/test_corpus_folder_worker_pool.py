"""Files are read within limits: what hangs, bursts or crashes is skipped, the rest goes on."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import hostile
import pytest
from conftest import ROOT

from corpus.folder import worker_pool
from corpus.folder.file_io import file_hash
from corpus.folder.limits import Limits
from corpus.folder.listing import ListedFile
from corpus.folder.worker_pool import FileRead, read_all


def files(folder: Path, *words: str) -> list[ListedFile]:
    """Files of these words; those of several lines are documents."""
    made = []
    for number, word in enumerate(words):
        path = folder / f"{number:03}.hostile"
        path.write_text(word)
        made.append(ListedFile(path.name, path))
    return made


def children() -> set[int]:
    """The processes that this one has started and that have not ended."""
    listed = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    return {int(each) for file in listed for each in file.read_text().split()}


def readers() -> set[int]:
    """The children that read files."""
    found = set()
    for each in children():
        with contextlib.suppress(FileNotFoundError):  # it has just ended
            if b"resource_tracker" not in Path(f"/proc/{each}/cmdline").read_bytes():
                found.add(each)
    return found


def read(made: list[ListedFile], limits: Limits | None = None) -> list[FileRead]:
    return list(read_all(made, limits or Limits(seconds=120, memory=1024), hostile.read))


GOOD = "1. One is.\n\n2. Two is.\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("hang", "reading it takes longer than 2 s, mostly waiting (limits.seconds)"),
        ("spin", "reading it takes more than 2 s of processor time (limits.seconds)"),
        ("eat", "reading it takes more than 1024 MB of memory (limits.memory)"),
        ("segfault", "its reader crashed (SIGSEGV)"),
        ("abort", "reading it takes more than 1024 MB of memory (limits.memory)"),
        ("kill", "reading it takes more than 1024 MB of memory (limits.memory)"),
        ("exit", "its reader crashed (exit code 3)"),
        ("fail", "its reader failed (KeyError: 'xref')"),
        ("escape", "its reader failed (ValueError: \N{REPLACEMENT CHARACTER})"),
    ],
)
def test_a_bad_file_is_skipped_and_the_rest_is_read(
    tmp_path: Path, word: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if word == "hang":
        monkeypatch.setattr(worker_pool, "_PATIENCE", 1)
    made = files(tmp_path, GOOD, word, GOOD, GOOD)
    found = read(made, Limits(seconds=2 if "2 s" in reason else 120, memory=1024))
    assert [each.id for each in found] == [each.id for each in made]
    assert [each.reason for each in found] == ["", reason, "", ""]
    assert [len(each.documents) for each in found] == [1, 0, 1, 1]
    assert found[1].broken_off == (word not in ("fail", "escape"))
    assert [each.sha256 for each in found] == [file_hash(each.path.read_bytes()) for each in made]
    assert not readers()


@pytest.mark.slow
def test_waiting_takes_no_processor_time(tmp_path: Path) -> None:
    (found,) = read(files(tmp_path, "doze 3\n\n" + GOOD), Limits(seconds=1))
    assert (found.reason, len(found.documents)) == ("", 1)


@pytest.mark.slow
def test_each_file_has_its_own_time(tmp_path: Path) -> None:
    found = read(files(tmp_path, *["compute 1.5\n\n" + GOOD] * 6), Limits(seconds=3))
    assert {each.reason for each in found} == {""}


def test_a_defect_costs_a_plain_text_no_more_than_itself(tmp_path: Path) -> None:
    for name, text in (("a.txt", "fail"), ("b.txt", GOOD)):
        (tmp_path / name).write_text(text)
    found = read([ListedFile(name, tmp_path / name) for name in ("a.txt", "b.txt")])
    assert [each.reason for each in found] == ["its reader failed (KeyError: 'xref')", ""]
    assert found[0].sha256 == file_hash(b"fail")


@pytest.mark.slow
def test_many_crashes_cost_only_their_files(tmp_path: Path) -> None:
    words = ["segfault" if number % 3 == 0 else GOOD for number in range(24)]
    found = read(files(tmp_path, *words), Limits())
    for word, each in zip(words, found, strict=True):
        assert bool(each.documents) == (word == GOOD), (each.id, each.reason)
        assert each.reason.startswith("its reader crashed") == (word != GOOD)


def test_plain_texts_are_read_without_any_process(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(GOOD)
    results = read_all([ListedFile("a.txt", path)] * 3)
    assert len(next(results).documents) == 1
    assert not readers()
    assert len(list(results)) == 2


@pytest.mark.slow
def test_a_large_text_is_read_apart(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(GOOD * 46_000)
    (found,) = read_all([ListedFile("a.txt", path)], Limits(seconds=120))
    assert len(found.documents[0].passages) == 92_000


def test_a_text_of_a_few_pages_is_read_here_and_a_longer_one_apart(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    for times, apart in ((4_000, False), (6_000, True)):
        path.write_text(GOOD * times)
        results = read_all([ListedFile("a.txt", path)])
        assert next(results).documents
        assert bool(readers()) == apart
        results.close()  # type: ignore[attr-defined]


def test_a_file_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with path.open("wb") as file:
        file.truncate(2**40)  # no machine has the memory, or the time, to read it
    (found,) = read_all([ListedFile("a.txt", path)])
    assert (found.reason, found.sha256) == ("it is larger than 20 MB (limits.megabytes)", "")


def test_what_vanishes_is_skipped(tmp_path: Path) -> None:
    (found,) = read([ListedFile("a.hostile", tmp_path / "a.hostile")])
    assert found.reason == "it cannot be opened (No such file or directory)"


def test_closing_ends_the_readers(tmp_path: Path) -> None:
    results = read_all(files(tmp_path, GOOD, *["hang"] * 4), Limits(), hostile.read)
    assert next(results).documents
    assert readers()
    results.close()  # type: ignore[attr-defined]
    assert not readers()


@pytest.mark.slow
def test_readers_that_have_hardly_begun_end_in_silence(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    for _ in range(5):
        results = read_all(files(tmp_path, GOOD), None, hostile.read)
        assert next(results).documents
        results.close()  # type: ignore[attr-defined]
    assert capfd.readouterr().err == ""


def running(marker: str) -> list[int]:
    """The processes whose command line has this marker."""
    found = []
    for each in Path("/proc").glob("[0-9]*"):
        try:
            if marker.encode() in (each / "cmdline").read_bytes().split(b"\0"):
                found.append(int(each.name))
        except OSError:
            continue
    return found


@pytest.mark.slow
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGKILL])
def test_an_interruption_leaves_no_process_behind(tmp_path: Path, sign: signal.Signals) -> None:
    marker = f"987{os.getpid()}{int(sign)}"
    made = files(tmp_path, f"start {marker}", f"start {marker}")
    program = tmp_path / "program.py"
    program.write_text(
        "from pathlib import Path\nimport hostile\nimport signal\n"
        "from corpus.folder.listing import ListedFile\n"
        "from corpus.folder.worker_pool import read_all\n"
        # Where the tests run in the background, the signal was ignored from the beginning.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "if __name__ == '__main__':\n"
        f"    names = {[str(each.path) for each in made]!r}\n"
        "    list(read_all([ListedFile(n, Path(n)) for n in names], None, hostile.read))\n"
    )
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    process = subprocess.Popen(
        [sys.executable, program], stderr=subprocess.PIPE, env=os.environ | {"PYTHONPATH": paths}
    )
    wait_until(lambda: len(running(marker)) == 2)
    process.send_signal(sign)
    _, errors = process.communicate(timeout=120)
    assert errors.count(b"Traceback") <= 1
    wait_until(lambda: not running(marker))


def wait_until(holds: Callable[[], bool], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_readers_that_cannot_be_started_are_told_of(tmp_path: Path) -> None:
    made = files(tmp_path, GOOD)[0]
    program = (
        "import sys\nfrom multiprocessing import spawn\nfrom pathlib import Path\nimport hostile\n"
        "from corpus.folder.listing import ListedFile\nfrom corpus.errors import NoWorkers\n"
        "from corpus.folder.worker_pool import read_all\n"
        "spawn.set_executable(sys.argv[1] + '.nowhere')\n"
        "try:\n    list(read_all([ListedFile('a', Path(sys.argv[1]))], None, hostile.read))\n"
        "except NoWorkers as error:\n    print(error)\n"
    )
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    said = subprocess.run(
        [sys.executable, "-c", program, made.path], capture_output=True, text=True, timeout=300,
        env=os.environ | {"PYTHONPATH": paths},
    )  # fmt: skip
    assert said.stdout.startswith("The processes that read files cannot be started (")
