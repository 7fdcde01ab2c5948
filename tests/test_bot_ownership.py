"""Settings and an index that are found, not named, are used only when they are the user's own."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import CommandLine

from bot.settings import SettingsError, read_settings

SOMEBODY = 54_321
posix = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="the system has no such owners")
pytestmark = posix


@pytest.fixture
def given_away(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Gives a file or folder to somebody else; who is not root becomes somebody else instead."""
    own = os.geteuid()

    def give(path: Path) -> None:
        if own == 0:
            os.chown(path, SOMEBODY, SOMEBODY, follow_symlinks=False)
        else:
            monkeypatch.setattr(os, "geteuid", lambda: own + 1)

    return give


def project(folder: Path, text: str = "top = 7") -> Path:
    folder.mkdir(mode=0o755)
    (folder / "pincite.toml").write_text(text)
    (folder / "pincite.toml").chmod(0o644)
    (folder / "below").mkdir(mode=0o755)
    return folder


def refusal(folder: Path, environment: dict[str, str] | None = None) -> str:
    with pytest.raises(SettingsError) as error:
        read_settings(None, folder, environment or {})
    assert "\n" not in str(error.value)
    return str(error.value)


def test_settings_of_somebody_else_are_not_obeyed(
    tmp_path: Path, given_away: Callable[[Path], None]
) -> None:
    folder = project(tmp_path / "p")
    assert read_settings(None, folder / "below", {}).top == 7
    given_away(folder / "pincite.toml")
    said = refusal(folder / "below")
    assert said.startswith(f"{folder / 'pincite.toml'} is not used, because {folder}")
    assert " belongs to the user " in said
    assert said.endswith(f"or trust the folder: set PINCITE_TRUST={folder}.")


@pytest.mark.parametrize(("name", "who"), [("pincite.toml", 0o646), (".", 0o757)])
def test_settings_that_others_may_write_are_not_obeyed(tmp_path: Path, name: str, who: int) -> None:
    folder = project(tmp_path / "p")
    (folder / name).chmod(who)
    assert "everybody may write" in refusal(folder)


def test_what_a_group_may_write_is_not_obeyed(tmp_path: Path) -> None:
    import grp

    folder = project(tmp_path / "p")
    shared = next(
        (each.gr_gid for each in grp.getgrall() if each.gr_gid not in (0, *os.getgroups())), 0
    )
    if os.geteuid() != 0 or not shared:
        pytest.skip("only root gives a folder to another group")
    os.chown(folder, -1, shared)
    folder.chmod(0o775)
    assert "others may write" in refusal(folder)


def test_in_a_sticky_folder_nobody_replaces_what_is_ours(tmp_path: Path) -> None:
    folder = project(tmp_path / "p")
    folder.chmod(0o1777)
    assert read_settings(None, folder, {}).top == 7


def test_a_link_counts_with_its_target(tmp_path: Path, given_away: Callable[[Path], None]) -> None:
    theirs, folder = project(tmp_path / "theirs"), tmp_path / "p"
    folder.mkdir(mode=0o755)
    (folder / "pincite.toml").symlink_to(theirs / "pincite.toml")
    assert read_settings(None, folder, {}).top == 7
    theirs.chmod(0o777)
    assert f"everybody may write {theirs}" in refusal(folder)
    theirs.chmod(0o755)
    given_away(folder / "pincite.toml")
    assert "belongs to" in refusal(folder)


def test_a_folder_that_is_named_is_trusted(tmp_path: Path) -> None:
    folder = project(tmp_path / "p")
    folder.chmod(0o777)
    assert read_settings(None, folder, {"PINCITE_TRUST": f"/nowhere:{folder}"}).top == 7
    assert "everybody" in refusal(folder, {"PINCITE_TRUST": str(folder / "below")})
    assert "everybody" in refusal(folder, {"PINCITE_TRUST": ""})


def test_an_index_that_is_only_found_is_judged_alike(tmp_path: Path) -> None:
    home = tmp_path / ".pincite"
    home.mkdir()
    home.chmod(0o777)
    assert f"{home} is not used, because everybody may write {home}" in refusal(tmp_path)
    for named in ({"PINCITE_HOME": str(home)}, {"PINCITE_TRUST": str(tmp_path)}):
        assert read_settings(None, tmp_path, named).home == home
    assert read_settings(home, tmp_path, {}).home == home
    home.chmod(0o700)
    assert read_settings(None, tmp_path, {}).home == home


def test_a_home_that_trusted_settings_name_is_trusted(tmp_path: Path) -> None:
    folder = project(tmp_path / "p", 'home = "kept"')
    (folder / "kept").mkdir()
    (folder / "kept").chmod(0o777)
    assert read_settings(None, folder, {}).home == folder / "kept"


def test_a_command_says_so_in_one_sentence(
    cli: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = project(tmp_path / "p")
    folder.chmod(0o777)
    monkeypatch.chdir(folder)
    cli("status").refuses(advice="PINCITE_TRUST=")


def test_by_sudo_the_caller_s_files_are_own(tmp_path: Path) -> None:
    import pwd

    if os.geteuid() != 0:
        pytest.skip("only root gives a folder away")
    someone = next(each for each in pwd.getpwall() if each.pw_uid and each.pw_uid == each.pw_gid)
    folder = project(tmp_path / "p")
    for path in (folder, folder / "pincite.toml"):
        os.chown(path, someone.pw_uid, someone.pw_gid)
    for caller in ("", "-1", "x", "9" * 5_000, str(SOMEBODY)):
        assert "belongs to" in refusal(folder, {"SUDO_UID": caller})
    caller = {"SUDO_UID": str(someone.pw_uid)}
    assert read_settings(None, folder, caller).top == 7
    folder.chmod(0o757)
    assert "everybody may write" in refusal(folder, caller)


def test_only_root_is_by_sudo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = project(tmp_path / "p")
    monkeypatch.setattr(os, "geteuid", lambda: SOMEBODY)
    if folder.stat().st_uid == 0:
        os.chown(folder, SOMEBODY + 1, -1)
    assert "belongs to" in refusal(folder, {"SUDO_UID": str(folder.stat().st_uid)})


def test_a_folder_that_may_not_be_entered_is_no_defect(tmp_path: Path) -> None:
    folder = project(tmp_path / "p")
    folder.chmod(0)
    root = os.geteuid() == 0
    if root:
        os.seteuid(SOMEBODY)  # whom all of the folder is closed to
    try:
        named = {"PINCITE_MODELS": "/models"}
        assert read_settings(Path("/home/index"), folder / "below", named).top == 5
        assert "Permission denied" in refusal(folder / "below", named)
    finally:
        if root:
            os.seteuid(0)
        folder.chmod(0o755)
