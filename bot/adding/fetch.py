"""One file over http or https, from public addresses only, within limits of size and time.

A name is looked up once, every address that it has is checked, and the connection goes to a checked
one: what the name means a moment later has no say. No proxy is used.
"""

import http.client
import importlib.metadata
import io
import re
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import quote, urljoin, urlsplit

from corpus.folder.file_io import too_large
from corpus.text.characters import printable

IPAddress = IPv4Address | IPv6Address

_MOST_REDIRECTS = 5
_LONGEST_URL = 2_000
"""Characters of a URL; a manifest's reader takes no longer one."""

_PORTS = {"http": 80, "https": 443}
_REDIRECTS = {301, 302, 303, 307, 308}
_CHUNK = 65_536  # bytes
_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*")
_NUMBER = re.compile(r"(?:.*\.)?(?:\d+|0x[0-9a-f]*)")  # systems read 127.1 and 0x7f000001 too
_SAFE = "/%:@!$&'()*+,;=~-._"
_NAT64 = IPv6Network("64:ff9b::/96")  # IPv4 behind a translator (RFC 6052)
_ELSEWHERE = "save it and add the file"


class NotFetched(Exception):
    """A URL has nothing for us; the message is the reason, without the URL, and what to do."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds to wait for a connection, and for everything together but the looking up of names,
    which the system limits."""

    connection: float = 10
    total: float = 60


TIMEOUTS = Timeouts()


@dataclass(frozen=True, slots=True)
class Fetched:
    """The bytes of a file, with the media type and the charset that the server states, in lower
    case and empty where it states none.

    `url` is the one that was asked for, as it is sent and without its fragment.
    """

    url: str
    data: bytes
    media_type: str
    charset: str


@dataclass(frozen=True, slots=True)
class _Target:
    """A URL in parts; `host` is in ASCII, `netloc` as a `Host` header has it."""

    scheme: str
    host: str
    port: int
    netloc: str
    path: str

    def __str__(self) -> str:
        return f"{self.scheme}://{self.netloc}{self.path}"


def is_public(address: IPAddress) -> bool:
    """Whether this is an address of the public Internet, and so is an IPv4 address within it."""
    if isinstance(address, IPv6Address):
        within = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            within = IPv4Address(int(address) & 0xFFFF_FFFF)
        if within is not None:
            return is_public(within)
        if address.is_site_local:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


def fetch(
    url: str,
    *,
    megabytes: int,
    allowed: Callable[[IPAddress], bool] = is_public,
    timeouts: Timeouts = TIMEOUTS,
) -> Fetched:
    """The file at a URL, or at the end of its redirects; raises `NotFetched`.

    Every IP address of each host on the way must be `allowed`.
    """
    deadline = time.monotonic() + timeouts.total
    asked = target = _parsed(url)
    try:
        for _ in range(_MOST_REDIRECTS + 1):
            with _connect(target, allowed, deadline, timeouts.connection) as connected:
                response = _request(target, connected, deadline)
                if response.status not in _REDIRECTS:
                    return _whole_file(asked, response, megabytes)
                target = _redirected(target, response)
    except TimeoutError:
        raise NotFetched(f"it takes longer than {timeouts.total:g} seconds; {_ELSEWHERE}") from None
    except (OSError, http.client.HTTPException):
        raise NotFetched(f"its server breaks off or speaks no HTTP; {_ELSEWHERE}") from None
    raise NotFetched(f"it redirects more than {_MOST_REDIRECTS} times; name the last address")


def _parsed(url: str) -> _Target:
    """The parts of a URL; raises `NotFetched` when it is none that is fetched."""
    if printable(url) != url or re.search(r"\s", url):
        raise NotFetched("it holds blanks or what cannot be printed; correct it")
    if len(url) > _LONGEST_URL:
        raise NotFetched(f"it is longer than {_LONGEST_URL:,} characters; {_ELSEWHERE}")
    try:
        parts = urlsplit(url)
        if parts.scheme not in _PORTS:
            raise NotFetched(f"only http and https are fetched; {_ELSEWHERE}")
        if "@" in parts.netloc:
            raise NotFetched("it holds a name or password; remove them")
        host, port = _ascii_host(parts.hostname or ""), parts.port
    except ValueError:  # of the port, of brackets, of a name that has no form in ASCII
        raise NotFetched("it is no address of a public host; correct it") from None
    netloc = (f"[{host}]" if ":" in host else host) + (f":{port}" if port is not None else "")
    path = quote(parts.path or "/", safe=_SAFE)
    query = f"?{quote(parts.query, safe=f'{_SAFE}?')}" if parts.query else ""
    return _Target(parts.scheme, host, port or _PORTS[parts.scheme], netloc, path + query)


def _redirected(target: _Target, response: http.client.HTTPResponse) -> _Target:
    """Where a redirect leads; it is checked as every URL is."""
    # A header is read as Latin-1, whatever its bytes are.
    location = (response.getheader("Location") or "").encode("latin-1").decode("utf-8", "replace")
    try:
        return _parsed(urljoin(str(target), location))
    except ValueError:
        raise NotFetched("it redirects to no address; check it in a browser") from None


def _ascii_host(host: str) -> str:
    """A host as it is looked up; raises `ValueError` for what is neither a name nor an address."""
    name = host.removesuffix(".") if ":" in host else host.encode("idna").decode().removesuffix(".")
    if _HOST.fullmatch(name) and not _NUMBER.fullmatch(name):
        return name
    return str(ip_address(name))


def _connect(
    target: _Target, allowed: Callable[[IPAddress], bool], deadline: float, timeout: float
) -> socket.socket:
    """A connection to an address that was checked; under https, with a certificate that holds."""
    last = OSError()
    for family, at in _resolved(target, allowed):
        connection = socket.socket(family, socket.SOCK_STREAM)
        try:
            connection.settimeout(min(timeout, _seconds_left(deadline)))
            connection.connect(at)
            if target.scheme == "https":
                context = ssl.create_default_context()
                return context.wrap_socket(connection, server_hostname=target.host)
            return connection
        except OSError as error:
            connection.close()
            last = error
    if isinstance(last, ssl.SSLCertVerificationError):
        raise NotFetched(f"its certificate does not hold; {_ELSEWHERE}")
    why = "in time" if isinstance(last, TimeoutError) else f"({last.strerror or 'no reason given'})"
    raise NotFetched(f"its server does not answer {why}; try again later")


def _resolved(
    target: _Target, allowed: Callable[[IPAddress], bool]
) -> list[tuple[int, tuple[str, int]]]:
    """The families and socket addresses of a host, which may all be connected to."""
    try:
        found = [str(ip_address(target.host))]
    except ValueError:
        try:
            answers = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
        except OSError:
            raise NotFetched("its host is unknown; check the address and the network") from None
        found = list(dict.fromkeys(str(answer[4][0]) for answer in answers))
    for each in found:
        if not allowed(ip_address(each)):
            raise NotFetched(f"it leads to {each}, which is no public address; {_ELSEWHERE}")
    return [
        (socket.AF_INET6 if ":" in each else socket.AF_INET, (each, target.port)) for each in found
    ]


def _request(
    target: _Target, connected: socket.socket, deadline: float
) -> http.client.HTTPResponse:
    connected.settimeout(_seconds_left(deadline))
    connection = http.client.HTTPConnection(target.host, target.port)
    connection.sock = connected
    connection.request(
        "GET",
        target.path,
        headers={
            "Host": target.netloc,
            "User-Agent": f"pincite/{importlib.metadata.version('pincite')}",
            "Accept": "*/*",
            "Accept-Encoding": "identity",
            "Connection": "close",
        },
    )
    response = http.client.HTTPResponse(connected, method="GET")
    response.fp = io.BufferedReader(_DeadlineReader(connected, deadline))
    response.begin()
    return response


class _DeadlineReader(io.RawIOBase):
    """Reads from a socket until the deadline, however often something comes before."""

    def __init__(self, connected: socket.socket, deadline: float) -> None:
        self._connected, self._deadline = connected, deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self._connected.settimeout(_seconds_left(self._deadline))
        return self._connected.recv_into(buffer)


def _seconds_left(deadline: float) -> float:
    """The seconds until the deadline; raises `TimeoutError` when there are none."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _whole_file(asked: _Target, response: http.client.HTTPResponse, megabytes: int) -> Fetched:
    """The body of a response; raises `NotFetched` when it is not one whole file."""
    if response.status != HTTPStatus.OK:
        known = [each.phrase for each in HTTPStatus if each == response.status]
        said = f"{response.status}{f' ({known[0]})' if known else ''}"
        raise NotFetched(f"its server answers {said}; check the address in a browser")
    # A few compressed bytes can stand for any number, and none were asked for.
    if response.getheader("Content-Encoding", "identity").strip().lower() not in ("", "identity"):
        raise NotFetched(f"its server sends it compressed; {_ELSEWHERE}")
    if response.getheader("Transfer-Encoding", "chunked").strip().lower() != "chunked":
        raise NotFetched(f"its server sends it in another form; {_ELSEWHERE}")
    largest, body = megabytes * 2**20, bytearray()
    while len(body) <= largest and (response.length or 0) <= largest:
        chunk = response.read(_CHUNK)
        if not chunk:
            break
        body += chunk
    else:
        raise NotFetched(f"{too_large(megabytes)}; raise that limit in pincite.toml")
    if response.length:  # it should have gone on
        raise http.client.IncompleteRead(bytes(body))
    if not body:
        raise NotFetched("it is empty; check the address in a browser")
    headers = response.headers
    stated = headers.get_content_type() if headers.get("Content-Type") else ""
    return Fetched(str(asked), bytes(body), stated, headers.get_content_charset("").lower())
