"""Each package shows its public names: they exist, are in order and are documented."""

import ast
import inspect
import subprocess
import sys
from importlib import import_module
from itertools import pairwise
from typing import Any

import pytest
from conftest import ROOT

PACKAGES = ("bot", "corpus", "embeddings", "retriever")


def names(package: str) -> list[str]:
    return list(getattr(import_module(package), "__all__", ()))


def constants(package: str) -> dict[str, str]:
    """The module constants of a package that a docstring follows, with the docstring."""
    documented = {}
    for file in (ROOT / package).rglob("*.py"):
        body = ast.parse(file.read_text("utf-8")).body
        for each, following in pairwise(body):
            if isinstance(each, ast.AnnAssign):
                targets = [each.target]
            elif isinstance(each, ast.Assign):
                targets = each.targets
            else:
                continue
            if isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant):
                for target in targets:
                    documented[ast.unparse(target)] = str(following.value.value)
    return documented


def documentation(package: str, name: str) -> str:
    value: Any = getattr(import_module(package), name)
    if inspect.isclass(value) or inspect.isroutine(value):
        doc = value.__doc__ or ""
        return "" if doc.startswith(f"{name}(") else doc  # which a dataclass writes for itself
    return constants(package).get(name, "")


@pytest.mark.parametrize("package", PACKAGES)
def test_public_names_exist_and_are_in_order(package: str) -> None:
    shown = names(package)
    assert sorted(set(shown), key=lambda name: (not name.isupper(), name)) == shown
    assert [each for each in shown if not hasattr(import_module(package), each)] == []
    assert set(shown) <= set(dir(import_module(package)))


@pytest.mark.parametrize("package", PACKAGES)
def test_public_names_are_documented(package: str) -> None:
    assert [each for each in names(package) if not documentation(package, each).strip()] == []


def test_an_unknown_name_is_none_of_corpus() -> None:
    with pytest.raises(AttributeError, match="module 'corpus' has no attribute 'nothing'"):
        import_module("corpus").nothing  # noqa: B018


def test_the_names_of_corpus_are_loaded_when_they_are_used() -> None:
    code = (
        "import corpus, sys\n"
        "assert not [name for name in sys.modules if name.startswith('corpus.')]\n"
        "from corpus import *\n"
        "from corpus.document import Document as same\n"
        "assert Document is same is corpus.Document and read_all\n"
        "heavy = {'selectolax', 'pypdfium2', 'numpy', 'markdown_it', 'pebble'}\n"
        "print(sorted(heavy & sys.modules.keys()))\n"
    )
    assert subprocess.check_output([sys.executable, "-c", code], cwd=ROOT).strip() == b"[]"
