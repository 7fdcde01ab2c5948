"""`pincite serve` as a process: it says where, answers, and ends when it is told to."""

import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from conftest import Shelf

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_says_where_it_is_answers_and_ends(shelf: Shelf, number: signal.Signals) -> None:
    program = Path(sys.executable).with_name("pincite")
    command = [program, "--home", shelf.home.path, "serve", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as serving:
        try:
            assert serving.stderr
            said = serving.stderr.readline()
            address = said.split()[1]
            assert said == f"Open {address} in a browser; Ctrl-C stops it.\n"
            with urllib.request.urlopen(f"{address}?q=What+of+the+harbor%3F") as page:
                assert "to deepen the harbor of Busan" in page.read().decode()
            serving.send_signal(number)
            assert serving.wait(60) == 0
            assert serving.stderr.read() == ""
        finally:
            serving.kill()
