"""What decides that documents are read again covers all that reads, embeds and files them."""

import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from conftest import ROOT

import retriever.build.program_version as program

HARMLESS = {
    "anyio": "waits for changes of folders",
    "click": "prints",
    "et-xmlfile": "writes XML; openpyxl imports it",
    "filelock": "keeps writers apart",
    "lxml": "parses XML for openpyxl where it is installed, to the same tree",
    "mdurl": "normalises addresses in Markdown, which are no text",
    "numpy": "copies and adds single floats; vectors are made by the runtime",
    "packaging": "compares versions",
    "pebble": "starts processes",
    "pillow": "is loaded by openpyxl for pictures, which are not read",
    "rich": "prints",
    "setuptools": "is loaded by some environments themselves",
}
"""Libraries that indexing loads and that change nothing of what an index holds."""

LOADED = """
import sys
from pathlib import Path
from corpus.readers import READERS
from retriever import Home, build_index
home, models, folder = map(Path, sys.argv[1:])
build_index(Home(home, models, models), [folder])
for ending, reader in READERS.items():  # in this process, as the workers load them
    try:
        list(reader(b"<p>Text.</p>"))
    except Exception:
        pass
for name, module in sorted(sys.modules.items()):
    print(name, getattr(module, "__file__", None) or "")
"""


@pytest.fixture(scope="module")
def loaded(models: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The modules that a process has loaded which indexes, with their files."""
    place = tmp_path_factory.mktemp("loaded")
    (place / "folder").mkdir()
    (place / "folder" / "a.txt").write_text("Talks\n\n1. The two sides agreed on grain.")
    printed = subprocess.check_output(
        [sys.executable, "-c", LOADED, place / "home", models, place / "folder"],
        cwd=ROOT, text=True,
    )  # fmt: skip
    return dict(line.split(" ", 1) for line in printed.splitlines() if " " in line)


def test_every_module_that_reads_or_files_is_covered(loaded: dict[str, str]) -> None:
    ours = {
        Path(file)
        for name, file in loaded.items()
        if file and name.partition(".")[0] in ("bot", "corpus", "embeddings", "retriever")
    }
    packages = {file for file in ours if file.name == "__init__.py"}
    rest = ours - packages - set(program.deciding_files())
    names = {file.relative_to(ROOT).as_posix() for file in rest}
    assert names == {"retriever/errors.py", "retriever/progress.py"}


def test_every_library_that_reads_or_files_is_covered(loaded: dict[str, str]) -> None:
    owners = packages_distributions()
    used = {
        owner.lower().replace("_", "-")
        for name, file in loaded.items()
        if "site-packages" in file
        for owner in owners.get(name.partition(".")[0], ())
    }
    deciding = {each.lower().replace("_", "-") for each in program.DECIDING_LIBRARIES}
    assert used - deciding - HARMLESS.keys() - {"pincite"} == set()


@pytest.mark.parametrize("library", program.DECIDING_LIBRARIES)
def test_another_version_of_a_library_is_another_program(
    library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = program.program_digest()
    known = program.version

    def changed(name: str) -> str:
        return known(name) + (".1" if name == library else "")

    monkeypatch.setattr(program, "version", changed)
    program.program_digest.cache_clear()
    assert program.program_digest() != now
    program.program_digest.cache_clear()


@pytest.mark.parametrize(
    "file",
    ["corpus/formats/pdf/pdfium.py", "retriever/index/lexical/terms.py", "embeddings/vectors.py"],
)
def test_another_file_is_another_program(
    file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = program.program_digest()
    copied = []
    for each in program.deciding_files():
        target = tmp_path / each.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(each.read_bytes())
        copied.append(target)
    monkeypatch.setattr(program, "_ROOT", tmp_path)
    monkeypatch.setattr(program, "deciding_files", lambda: copied)
    program.program_digest.cache_clear()
    assert program.program_digest() == now
    with (tmp_path / file).open("a") as text:
        text.write("# another version\n")
    program.program_digest.cache_clear()
    assert program.program_digest() != now
    program.program_digest.cache_clear()
