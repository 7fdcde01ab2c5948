"""Nothing here needs the network: proven without one, and refused while the tests run."""

import errno
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import RELEASES, ROOT, NetworkUsed

UNSHARE = ["unshare", "-rn"]


def may_unshare() -> bool:
    if shutil.which("unshare") is None:
        return False
    return subprocess.run([*UNSHARE, "true"], capture_output=True).returncode == 0


@pytest.mark.skipif(not may_unshare(), reason="this machine permits no network namespaces")
def test_a_machine_without_a_network_indexes_and_answers(tmp_path: Path) -> None:
    (tmp_path / "releases").mkdir()
    for name, text in RELEASES.items():
        (tmp_path / "releases" / name).write_text(text)

    def pincite(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*UNSHARE, sys.executable, "-c", "from bot.cli import main; main()", *arguments],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(ROOT), "HF_HOME": str(tmp_path / "hub")},
        )

    run = pincite("index", "releases")  # the model too is prepared here
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith("Indexed 3 documents, 7 passages; 7 encoded")
    run = pincite("ask", "What was agreed about the harbor of Busan?")
    assert (run.returncode, run.stderr) == (0, "")
    assert "harbour.txt#2@" in run.stdout


def test_without_a_network_there_is_none() -> None:
    if not may_unshare():
        pytest.skip("this machine permits no network namespaces")
    code = "import socket; socket.create_connection(('192.0.2.1', 80), 1)"
    run = subprocess.run([*UNSHARE, sys.executable, "-c", code], capture_output=True, text=True)
    assert "Network is unreachable" in run.stderr


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("example.org", 443), ("2001:db8::1", 80)])
def test_the_tests_reach_no_other_machine(address: tuple[str, int]) -> None:
    with pytest.raises(NetworkUsed):
        socket.create_connection(address, 1)
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as one:
        for connect in (one.connect, one.connect_ex):
            with pytest.raises(NetworkUsed):
                connect(address)


def test_this_machine_may_be_reached() -> None:
    try:
        with socket.create_server(("127.0.0.1", 0)) as server:
            socket.create_connection(server.getsockname(), 5).close()
    except OSError as error:  # an empty network namespace has not even loopback
        if error.errno != errno.ENETUNREACH:
            raise
        pytest.skip("there is no loopback here")
