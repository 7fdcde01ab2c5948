"""Readers that hang, eat memory, crash or fail, for what reads files within limits."""

import ctypes
import os
import signal
import subprocess
import time

from corpus.document import Document
from corpus.metadata import Metadata
from corpus.readers import read_documents


def read(identifier: str, data: bytes, stated: Metadata) -> list[Document]:
    """Does what the file says, else reads it."""
    word = data.split(maxsplit=1)[0].decode() if data.strip() else ""
    if word == "hang":
        time.sleep(600)
    if word == "doze":  # waits for its turn, as on a busy machine
        time.sleep(float(data.split()[1]))
        data = data.split(b"\n", 1)[1]
    if word == "compute":
        end = time.process_time() + float(data.split()[1])
        while time.process_time() < end:
            pass
        data = data.split(b"\n", 1)[1]
    if word == "spin":  # in one C call, which no signal handler of Python interrupts
        sum(range(10**12))
    if word == "start":  # a program, and forgotten
        subprocess.run(["sleep", data.split()[1].decode()])
    if word == "eat":
        _ = bytearray(3 * 2**30)
    if word == "segfault":
        ctypes.string_at(0)
    if word == "abort":
        os.abort()
    if word == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if word == "exit":
        os._exit(3)
    if word == "fail":
        raise KeyError("xref")
    if word == "escape":
        raise ValueError("\ud800")
    return read_documents(identifier.removesuffix(".hostile") + ".txt", data, stated)
