"""The tests themselves use no network: whatever reaches for one fails."""

import errno
import socket

import pytest
from conftest import NetworkUsed


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
