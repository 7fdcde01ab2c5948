"""Which program made a generation: the code and the libraries that decide what one holds.

A version that reads, embeds or files documents otherwise indexes them again, without anybody
remembering to say so.
"""

import hashlib
import sys
from functools import cache
from importlib.metadata import version
from pathlib import Path

_ROOT = Path(__file__).parents[2]

DECIDING_CODE = ("corpus", "embeddings", "retriever/build", "retriever/index")
"""Folders of the program, with all that is below them, documents that ship excepted."""

DECIDING_LIBRARIES = (
    "chardet", "datasketch", "faiss-cpu", "markdown-it-py", "olefile", "onnxruntime", "openpyxl",
    "pypdfium2", "pyspellchecker", "rapidfuzz", "selectolax", "stop-words", "tantivy",
    "tokenizers",
)  # fmt: skip
"""Those whose next version may read, cut, embed, spell or file a text otherwise."""


def deciding_files() -> list[Path]:
    """The modules of the deciding code, sorted."""
    beir = _ROOT / "retriever" / "evaluation" / "beir.py"  # reads collections into documents
    modules = (file for folder in DECIDING_CODE for file in (_ROOT / folder).rglob("*.py"))
    return sorted([*modules, beir])


@cache
def program_digest() -> str:
    """16 hex digits that change with a deciding file, its name, a library's or Python's version."""
    digest = hashlib.sha256()
    for file in deciding_files():
        digest.update(file.relative_to(_ROOT).as_posix().encode() + b"\0" + file.read_bytes())
    # What is a letter, and how mail is read, the interpreter says.
    digest.update(f"Python {sys.version_info[:2]}\0".encode())
    for library in DECIDING_LIBRARIES:
        digest.update(f"{library} {version(library)}\0".encode())
    return digest.hexdigest()[:16]
