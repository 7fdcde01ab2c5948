"""The house: arrows point one way, names are ours alone, documentation and pins are complete."""

import importlib.metadata
import re
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

import pytest
from conftest import ROOT
from packaging.requirements import Requirement

from bot.cli import pincite
from bot.settings import _KINDS

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PACKAGES = ("bot", "corpus", "embeddings", "retriever")
MODULES = [
    file
    for package in PACKAGES
    for file in sorted((ROOT / package).rglob("*.py"))
    if file.stem != "__init__"
]
COMMANDS_AND_CORES = {"ask", "evaluate"}
"""Names of commands that the module doing the work has as well."""


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_arrows_point_one_way() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    if not lint.exists():
        pytest.skip("import-linter is not installed here")
    run = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout
    assert "Contracts: 8 kept, 0 broken." in run.stdout


def _modules_with(pattern: str) -> set[str]:
    return {
        file.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for file in (ROOT / package).rglob("*.py")
        if re.search(pattern, file.read_text("utf-8"))
    }


def test_only_the_settings_read_the_environment() -> None:
    writes = {"embeddings/export.py", "embeddings/offline.py"}
    assert _modules_with(r"os\.(environ|getenv)") == {"bot/settings.py"} | writes


def test_the_runtime_is_imported_only_behind_what_silences_it() -> None:
    importing = _modules_with(r"(?:import|from) (?:onnxruntime|sentence_transformers|torch)\b")
    assert {Path(each).parts[0] for each in importing} == {"embeddings"}
    first = re.search(
        r"^from .*", (ROOT / "embeddings/__init__.py").read_text("utf-8"), re.MULTILINE
    )
    assert first and first[0].startswith("from . import offline")


def test_nobody_else_ships_our_names() -> None:
    owners = importlib.metadata.packages_distributions()
    for package in PACKAGES:
        assert set(owners.get(package, ())) <= {"pincite"}


def test_every_package_that_is_shipped_is_named() -> None:
    assert tuple(PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) == PACKAGES
    assert tuple(PROJECT["tool"]["importlinter"]["root_packages"]) == PACKAGES
    assert "Private :: Do Not Upload" in PROJECT["project"]["classifiers"]


@pytest.mark.parametrize("command", sorted(pincite.commands))
def test_the_readme_names_every_command(command: str) -> None:
    assert f"pincite {command}" in (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("key", sorted(_KINDS))
def test_the_readme_names_every_setting(key: str) -> None:
    assert re.search(
        rf"^(?:{key} = |\[{key}\])", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE
    )


def test_the_readme_names_every_option_of_ask() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    options = {name for each in pincite.commands["ask"].params for name in each.opts}
    assert {name for name in options if name.startswith("--") and name not in text} == set()


def test_every_command_in_the_readme_exists() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    named = set(re.findall(r"^\$ pincite (\w+)|`pincite (\w+)", text, re.MULTILINE))
    assert {one or other for one, other in named} <= set(pincite.commands)


def test_the_changelog_is_about_this_version() -> None:
    heads = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert heads[0] == PROJECT["project"]["version"]


def test_every_dependency_is_pinned_to_a_version_within_its_bounds() -> None:
    files = ("constraints.txt", "constraints/dev.txt", "constraints/torch-cuda.txt")
    text = "\n".join((ROOT / name).read_text("utf-8") for name in files)
    pins = re.findall(r"^([\w.-]+)==([\w.]+)", text, re.MULTILINE)
    pinned = {normal(name): version for name, version in pins}
    wanted = [
        *PROJECT["project"]["dependencies"],
        *PROJECT["project"]["optional-dependencies"]["dev"],
    ]
    assert len(pinned) == len(pins)
    for each in map(Requirement, wanted):
        assert each.specifier.contains(pinned[normal(each.name)]), each


def test_what_is_imported_is_declared() -> None:
    distributions = importlib.metadata.packages_distributions()
    imported = {
        match
        for package in PACKAGES
        for file in (ROOT / package).rglob("*.py")
        for match in re.findall(r"^\s*(?:from|import) (\w+)", file.read_text("utf-8"), re.MULTILINE)
    }
    foreign = imported - set(sys.stdlib_module_names) - set(PACKAGES)
    project = PROJECT["project"]
    stated = [*project["dependencies"], *project["optional-dependencies"]["languages"]]
    declared = {normal(Requirement(each).name) for each in stated}
    owners = {name: set(map(normal, distributions.get(name, ()))) for name in foreign}
    undeclared = {name for name, by in owners.items() if by and not by & declared}
    assert undeclared == set()


def test_style_is_checked_where_ruff_is_installed() -> None:
    ruff = shutil.which("ruff", path=str(Path(sys.executable).parent))
    if ruff is None:
        pytest.skip("ruff is not installed here")
    run = subprocess.run([ruff, "check", *PACKAGES], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout


def test_folders_fit_in_the_head() -> None:
    modules = Counter(file.parent.relative_to(ROOT).as_posix() for file in MODULES)
    assert {folder: count for folder, count in modules.items() if count > 14} == {}


def test_a_name_leads_to_one_module() -> None:
    folders: dict[str, set[str]] = {}
    for file in MODULES:
        folders.setdefault(file.stem, set()).add(file.parent.relative_to(ROOT).as_posix())
    del folders["errors"]
    shared = {name: places for name, places in folders.items() if len(places) > 1}
    assert shared.keys() == COMMANDS_AND_CORES
    assert {
        name: len(places - {"bot/commands"}) for name, places in shared.items()
    } == dict.fromkeys(COMMANDS_AND_CORES, 1)


def test_files_fit_in_the_head() -> None:
    longest = {
        file.relative_to(ROOT).as_posix(): lines
        for package in PACKAGES
        for file in (ROOT / package).rglob("*.py")
        if (lines := len(file.read_text("utf-8").splitlines())) > 400
    }
    assert longest == {}
