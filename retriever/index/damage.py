"""Damage to the files of a generation: what is looked at when it is opened, and when it fails."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from corpus.folder.file_io import file_hash
from embeddings import EmbeddingError
from embeddings.checksum import checksum_of
from retriever.errors import RetrieverError
from retriever.index.generation_manifest import Manifest, damaged


def file_hashes(folder: Path) -> dict[str, str]:
    """The sha256 of each file in a generation's folder."""
    files = [file for file in sorted(folder.rglob("*")) if file.is_file()]
    with ThreadPoolExecutor() as pool:  # hashing holds no lock
        digests = pool.map(lambda file: file_hash(file.read_bytes()), files)
        return {
            file.relative_to(folder).as_posix(): digest
            for file, digest in zip(files, digests, strict=True)
        }


def altered_files(folder: Path, manifest: Manifest) -> list[str]:
    """The files of a generation that are missing or differ from what its manifest says."""

    def differs(file: str) -> bool:
        path = folder / file
        return not path.is_file() or file_hash(path.read_bytes()) != manifest.files[file]

    with ThreadPoolExecutor() as pool:
        wrong = pool.map(differs, manifest.files)
        return [file for file, is_wrong in zip(manifest.files, wrong, strict=True) if is_wrong]


def require_checksums(folder: Path, manifest: Manifest) -> None:
    """Raises `GenerationDamaged` unless the files with a checksum are as they were written.

    They are those that another library reads, which may end the process over a wrong length.
    """
    for name, checksum in manifest.checksums.items():
        try:
            same = checksum_of(folder / name) == checksum
        except OSError as error:
            raise damaged(folder, name, error) from None
        if not same:
            raise damaged(folder, name)


@contextmanager
def blaming_damage(folder: Path, manifest: Manifest) -> Iterator[None]:
    """Raises `GenerationDamaged` for what fails in here as a defect would, if a file is damaged.

    Looking for it reads all files, and so is left until something has failed.
    """
    try:
        yield
    except (RetrieverError, EmbeddingError):
        raise
    except BaseException as error:
        # What tantivy and tokenizers panic with is no `Exception`, and has no name to import.
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            for file in altered_files(folder, manifest):
                raise damaged(folder, file, error) from None
        raise
