"""A real disk that does not answer: the other folders answer, and what lies on it is withheld."""

import ctypes
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

PINCITE = Path(sys.executable).with_name("pincite")
PORT = "1. Freedonia and Sylvania agreed to dredge the harbor of Busan in March."
GRAIN = "1. Freedonia and Sylvania agreed to store grain in Osaka for the winter."
MNT_DETACH = 2


def run(home: Path, *arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        [PINCITE, "--home", home, *arguments], capture_output=True, text=True, timeout=120
    )
    return done.returncode, done.stdout


@pytest.fixture
def gone(tmp_path: Path) -> Iterator[Path]:
    """An empty folder, and over it, once it is called for, a FUSE disk that nobody serves."""
    folder = tmp_path / "net"
    folder.mkdir()
    yield folder
    ctypes.CDLL(None).umount2(os.fsencode(folder), MNT_DETACH)


def cover(folder: Path) -> int:
    """Mounts a disk that never answers over a folder; gives its descriptor, to be kept open."""
    try:
        device = os.open("/dev/fuse", os.O_RDWR)
    except OSError as error:
        pytest.skip(f"no FUSE here: {error}")
    options = f"fd={device},rootmode=40000,user_id=0,group_id=0".encode()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(b"nobody", os.fsencode(folder), b"fuse", 0, options):
        os.close(device)
        pytest.skip(f"no disk may be mounted here: {os.strerror(ctypes.get_errno())}")
    return device


def test_the_other_folder_answers_and_the_documents_are_named(tmp_path: Path, gone: Path) -> None:
    here, home = tmp_path / "here", tmp_path / "home"
    here.mkdir()
    (here / "port.txt").write_text(PORT)
    (gone / "grain.txt").write_text(GRAIN)
    (gone / "more.txt").write_text(GRAIN.replace("winter", "summer"))
    assert run(home, "index", str(here), str(gone))[0] == 0
    device = cover(gone)
    try:
        started = time.monotonic()
        code, found = run(home, "ask", "--json", "What was agreed about the harbor of Busan?")
        assert code == 0
        assert [each["document"]["id"] for each in json.loads(found)["passages"]] == ["port.txt"]
        code, none = run(home, "ask", "--json", "What was agreed about grain in Osaka?")
        assert set(json.loads(none)["unreachable"]) == {"grain.txt", "more.txt"}
        assert code != 0
        assert time.monotonic() - started < 60  # each read waits two seconds, and none for ever
    finally:
        os.close(device)  # ends the disk, and so what waits for it
