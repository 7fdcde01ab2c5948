"""Following folders: when something below them may have changed."""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Event

from corpus.folder.listing import is_passed_over

SETTLED = 200
"""Milliseconds without a change until a burst of changes has settled."""
LONGEST_BURST = 1_000
"""Milliseconds after which a burst counts as settled though it goes on."""
LOOK = 500
"""Milliseconds between two looks at whether the folders are still the same ones."""
EVERY = 300.0
"""Seconds after which there may be a change that nobody reported."""
_REMOTE = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "lustre",
           "fuse", "davfs", "vboxsf", "prl_fs", "virtiofs"}  # fmt: skip
"""Kinds of disks whose changes are made elsewhere, so that the system reports none."""


def follow_folders(
    folders: Sequence[Path], stopped: Event, *, apart_from: Path, polling: bool = False
) -> Iterator[None]:
    """Yields when it has begun to look, and whenever something below the folders may have changed.

    Bursts are settled. A folder may vanish and return. Folders on a network disk are looked
    through again and again, as all are with `polling`, or where the system can watch no more.
    What is passed over, as hidden files are, or lies below `apart_from` counts for nothing. Ends
    when `stopped` is set.
    """
    from watchfiles import watch  # brings its own event loop

    def counts(_: object, changed: str) -> bool:
        path = Path(changed)
        if path.is_relative_to(apart_from):
            return False
        below = next(
            (path.relative_to(each) for each in folders if path.is_relative_to(each)), None
        )
        return below is not None and not any(map(is_passed_over, below.parts))

    polling = polling or any(map(_is_remote, folders))
    while not stopped.is_set():
        known = _identities(folders)
        there = [folder for folder, identity in zip(folders, known, strict=True) if identity]
        if not there:
            yield
            while not stopped.wait(LOOK / 1000) and _identities(folders) == known:
                pass
            continue
        last = 0.0  # what changed before it was watched is seen by looking
        try:
            for changes in watch(
                *there, watch_filter=counts, debounce=LONGEST_BURST, step=SETTLED,
                stop_event=stopped, rust_timeout=LOOK, yield_on_timeout=True,
                raise_interrupt=True, force_polling=polling, ignore_permission_denied=True,
            ):  # fmt: skip
                if changes or not last or time.monotonic() - last > EVERY:
                    last = time.monotonic()
                    yield
                if _identities(folders) != known:
                    break
        except FileNotFoundError:  # it vanished just now
            continue
        except (OSError, RuntimeError):  # the system watches no more files
            polling = True
            stopped.wait(LOOK / 1000)


def _identities(folders: Sequence[Path]) -> list[tuple[int, int] | None]:
    """What changes when another folder takes the place of one; None where there is none."""
    return [_identity(folder) for folder in folders]


def _identity(folder: Path) -> tuple[int, int] | None:
    try:
        status = folder.stat()
    except OSError:
        return None
    return (status.st_dev, status.st_ino) if folder.is_dir() else None


def _is_remote(folder: Path) -> bool:
    """Whether a folder is on a network disk, as far as the system says."""
    try:
        lines = Path("/proc/self/mounts").read_text("utf-8", "replace").splitlines()
    except OSError:
        return False
    kinds = {line.split()[1].replace(r"\040", " "): line.split()[2] for line in lines}
    real = folder.resolve()
    kind = next((kinds[str(each)] for each in (real, *real.parents) if str(each) in kinds), "")
    return kind.partition(".")[0] in _REMOTE
