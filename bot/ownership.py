"""Whether settings and an index that are only found, not named, are this user's own.

Who runs Pincite in a folder of somebody else's, or in one that others may write, is not to obey
what they put there. As with git's safe.directory, naming the folder trusts it.
"""

import os
import stat
from collections.abc import Collection, Mapping
from pathlib import Path

from bot.errors import SettingsError

TRUST = "PINCITE_TRUST"
"""The environment variable that names the folders to trust, divided as in `PATH`."""


def own_users(environment: Mapping[str, str]) -> frozenset[int]:
    """Whose files are the user's own: root's, the user's, and for root by `sudo` the caller's."""
    if not hasattr(os, "geteuid"):
        return frozenset()
    user, caller = os.geteuid(), environment.get("SUDO_UID", "")
    by_sudo = user == 0 and caller.isascii() and caller.isdigit() and len(caller) <= 10
    return frozenset({0, user, int(caller) if by_sudo else user})


def require_own(
    path: Path, trusted: Collection[Path], own: Collection[int], opened: int | None = None
) -> None:
    """Raises `SettingsError` unless only the user or root can have put this file or folder there.

    It and the folder that holds it, and where it is a link those of its target, belong to one of
    the `own` users, and nobody else may write them; what lies in a sticky folder, as `/tmp` is,
    only its owner can replace. `opened` is the descriptor from which it is read. Systems without
    such owners trust everything, and what is not there yet is judged by the folder alone.
    """
    if not hasattr(os, "geteuid"):
        return
    folder = path.parent.resolve()
    if folder in trusted:
        return
    fault = _fault(folder, folder.stat(), own)
    if not fault and os.path.lexists(path):
        target = path.resolve().parent
        fault = (
            _fault(path, os.stat(path if opened is None else opened), own)
            or _fault(path, path.lstat(), own)
            or _fault(target, target.stat(), own)
        )
    if fault:
        raise SettingsError(
            f"{path} is not used, because {fault}; change that, or trust the folder: set "
            f"{TRUST}={folder}."
        )


def _fault(path: Path, status: os.stat_result, own: Collection[int]) -> str:
    """Who else could have written a file or put something into a folder; empty if nobody."""
    if status.st_uid not in own:
        return f"{path} belongs to {_name(status.st_uid)}"
    if status.st_mode & stat.S_ISVTX or stat.S_ISLNK(status.st_mode):  # a link's mode says nothing
        return ""
    if status.st_mode & stat.S_IWOTH:
        return f"everybody may write {path}"
    if status.st_mode & stat.S_IWGRP and not any(_is_private(status.st_gid, user) for user in own):
        return f"others may write {path}"
    return ""


def _is_private(group: int, owner: int) -> bool:
    """Whether a group is a user's own of the same name, as many systems give one to each user."""
    import grp
    import pwd

    try:
        user = pwd.getpwuid(owner)
        found = grp.getgrgid(group)
    except KeyError:
        return False
    alone = set(found.gr_mem) <= {user.pw_name}
    return alone and (found.gr_gid, found.gr_name) == (user.pw_gid, user.pw_name)


def _name(user: int) -> str:
    import pwd

    try:
        return f"the user {pwd.getpwuid(user).pw_name}"
    except KeyError:
        return f"the user {user}"
