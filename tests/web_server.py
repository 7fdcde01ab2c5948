"""A web server on this machine that answers as a test tells it to, however badly."""

import contextlib
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address
from typing import BinaryIO

Answer = bytes | Callable[[BinaryIO], None]


def answer(body: bytes = b"", status: str = "200 OK", **headers: str) -> bytes:
    """A response; `content_type="x"` is the header `content-type: x`."""
    stated = {"content_length": str(len(body)), **headers}
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in stated.items()]
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode() + body


def moved(to: str, status: str = "302 Found") -> bytes:
    return answer(status=status, location=to)


@dataclass
class WebServer:
    """Answers by path, and keeps the requests with their headers in lower case."""

    port: int
    answers: dict[str, Answer] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def address(self, path: str, host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"


@contextlib.contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[WebServer]:
    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            line = self.rfile.readline().decode()
            headers = {}
            while header := self.rfile.readline().decode().strip():
                name, _, value = header.partition(": ")
                headers[name.lower()] = value
            path = line.split()[1]
            server.requests.append((path, headers))
            reply = server.answers.get(path, answer(status="404 Not Found"))
            with contextlib.suppress(OSError):
                self.wfile.write(reply) if isinstance(reply, bytes) else reply(self.wfile)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

        def get_request(self):  # type: ignore[no-untyped-def]
            connection, address = super().get_request()
            return (context.wrap_socket(connection, True) if context else connection), address

        def handle_error(self, *_: object) -> None:
            pass

    with Server(("127.0.0.1", 0), Handler) as listening:
        server = WebServer(listening.server_address[1])
        threading.Thread(target=listening.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield server
        finally:
            listening.shutdown()


def local(address: IPv4Address | IPv6Address) -> bool:
    """Allows 127.0.0.1 and nothing else."""
    return str(address) == "127.0.0.1"
