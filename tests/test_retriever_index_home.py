"""The home folder: generations are published whole, kept a while, and written by one at a time."""

import multiprocessing
import os
import stat
from pathlib import Path

import pytest
from filelock import FileLock

from embeddings.vector_cache import VectorCache
from retriever.errors import Busy, NoIndex
from retriever.index.home import KEPT_GENERATIONS, Home

PUBLICATIONS = 60


def publish(home: Home, digest: str) -> str:
    with home.locked(), home.unfinished() as folder:
        (folder / "manifest.json").write_text(digest)
        return home.publish(folder, digest)


def test_before_the_first_there_is_nothing(tmp_path: Path) -> None:
    home = Home(tmp_path / "none")
    assert (home.current(), home.kept()) == (None, [])
    with pytest.raises(NoIndex, match=r"no index yet in .*; run `pincite index FOLDER` first"):
        home.generation()
    assert not home.path.exists()


def test_names_count_and_old_ones_go(tmp_path: Path) -> None:
    home = Home(tmp_path)
    names = [publish(home, f"{n:064x}"[::-1]) for n in range(5)]
    assert [name.split("-")[0] for name in names] == [f"{n:06d}" for n in range(1, 6)]
    assert home.current() == names[-1]
    assert home.kept() == names[-KEPT_GENERATIONS:]
    assert sorted(each.name for each in home.generations.iterdir()) == home.kept()
    assert home.generation() == home.generations / names[-1]
    assert home.generation(names[-2]) == home.generations / names[-2]
    with pytest.raises(NoIndex, match=rf"no generation '{names[0]}'; choose .*{names[2]}"):
        home.generation(names[0])


@pytest.mark.parametrize("name", ["..", ".", "../..", "/", "/etc", "generations", "\x00"])
def test_no_name_leads_out_of_the_generations(tmp_path: Path, name: str) -> None:
    home = Home(tmp_path)
    publish(home, "a" * 64)
    with pytest.raises(NoIndex, match="choose one that is kept"):
        home.generation(name)


def test_what_a_crash_left_is_swept_and_never_current(tmp_path: Path) -> None:
    home = Home(tmp_path)
    name = publish(home, "a" * 64)
    left = home.generations / ".unfinished-999999"
    left.mkdir()
    (left / "passages.db").write_text("half")
    (home.path / "CURRENT.next").write_text("000009-half")
    assert (home.current(), home.kept()) == (name, [name])
    second = publish(home, "b" * 64)
    assert not left.exists()
    assert home.kept() == [name, second]


def test_a_crash_before_current_is_replaced_leaves_the_old_one(tmp_path: Path) -> None:
    home = Home(tmp_path)
    name = publish(home, "a" * 64)
    (home.generations / "000002-bbbbbbbb").mkdir()
    assert home.current() == name
    assert publish(home, "c" * 64) == "000003-cccccccc"


def test_a_failure_while_building_leaves_nothing(tmp_path: Path) -> None:
    home = Home(tmp_path)
    name = publish(home, "a" * 64)
    with pytest.raises(KeyboardInterrupt), home.unfinished() as folder:
        (folder / "passages.db").write_text("half")
        raise KeyboardInterrupt
    assert [each.name for each in home.generations.iterdir()] == [name]


def test_a_current_that_names_nothing_says_what_to_do(tmp_path: Path) -> None:
    home = Home(tmp_path)
    publish(home, "a" * 64)
    (tmp_path / "CURRENT").write_text("000007-gone\n")
    with pytest.raises(NoIndex, match="names the generation '000007-gone', which is not"):
        home.generation()


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe\x00", b"\x00" * 16, b"a" * 10_000])
def test_a_damaged_current_says_what_to_do(tmp_path: Path, content: bytes) -> None:
    home = Home(tmp_path)
    publish(home, "a" * 64)
    (tmp_path / "CURRENT").write_bytes(content)
    with pytest.raises(NoIndex, match="run `pincite index"):
        home.generation()


def test_a_stranger_in_the_generations_stops_nothing(tmp_path: Path) -> None:
    home = Home(tmp_path)
    name = publish(home, "a" * 64)
    (home.generations / "notes of mine").mkdir()
    assert home.kept() == [name]
    assert publish(home, "b" * 64) == "000002-bbbbbbbb"
    assert (home.generations / "notes of mine").is_dir()


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with (
        FileLock(tmp_path / "lock"),
        pytest.raises(Busy, match="indexing; wait until it has finished"),
        home.locked(),
    ):
        pass
    with home.locked():
        pass


def _publish_many(path: Path) -> None:
    for number in range(PUBLICATIONS):
        publish(Home(path), f"{number:064x}"[::-1])


def test_a_reader_always_sees_a_generation(tmp_path: Path) -> None:
    home = Home(tmp_path)
    publish(home, "f" * 64)
    writer = multiprocessing.get_context("spawn").Process(target=_publish_many, args=(tmp_path,))
    writer.start()
    seen = set()
    while writer.is_alive():
        name = home.current()
        assert name is not None
        seen.add(name)
    writer.join()
    assert writer.exitcode == 0
    assert len(seen) > 1
    assert home.current() == home.kept()[-1]


def test_models_can_be_shared(tmp_path: Path) -> None:
    assert Home(tmp_path).models == tmp_path / "models"
    assert Home(tmp_path, tmp_path / "other").models == tmp_path / "other"


def modes(folder: Path) -> dict[str, int]:
    """The rights of a folder, and of all files and folders below it."""
    every = (folder, *folder.rglob("*"))
    return {str(each.relative_to(folder)): stat.S_IMODE(each.stat().st_mode) for each in every}


def test_a_home_is_its_owners_alone_whatever_the_umask_is(tmp_path: Path) -> None:
    home = Home(tmp_path / "new" / "home")
    before = os.umask(0)
    try:
        name = publish(home, "a" * 64)
        VectorCache(home.vectors_of("0" * 16), 2).close()
    finally:
        os.umask(before)
    found = modes(home.path)
    assert found["."] == 0o700
    assert found[f"generations/{name}"] == 0o700
    for file in (f"generations/{name}/manifest.json", "CURRENT", "lock"):
        assert found[file] == 0o600
    assert found[f"models/{'0' * 16}/vectors.db"] == 0o600


def test_a_home_that_everybody_could_read_is_closed_when_it_is_written(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    publish(home, "a" * 64)
    for path in (home.path, *home.path.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    publish(home, "b" * 64)
    assert all(mode & 0o077 == 0 for mode in modes(home.path).values())


def test_what_is_not_ours_in_a_home_stays_as_it_is(tmp_path: Path) -> None:
    others = ("mine", "evaluation", "lockers")
    for name in others:
        (tmp_path / name).mkdir()
    for path in (tmp_path, *(tmp_path / each for each in others)):
        path.chmod(0o755)
    name = publish(Home(tmp_path), "a" * 64)
    found = modes(tmp_path)
    assert {found[each] for each in (".", *others)} == {0o755}
    assert found[f"generations/{name}"] == 0o700
    assert found["CURRENT"] == 0o600


def test_a_home_that_was_opened_to_a_group_stays_open_to_it(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    publish(home, "a" * 64)
    for path in (home.path, *home.path.rglob("*")):
        path.chmod(0o750 if path.is_dir() else 0o640)
    name = publish(home, "b" * 64)
    found = modes(home.path)
    assert found["."] == found[f"generations/{name}"] == 0o750
    assert found["CURRENT"] == found[f"generations/{name}/manifest.json"] == 0o640
