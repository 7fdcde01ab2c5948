"""Fetching: from a real server on this machine, and never from where it must not."""

import gzip
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from web_server import WebServer, answer, local, moved, serving

from bot.adding.fetch import Fetched, NotFetched, Timeouts, fetch, is_public

PAGE = b"<html><p>They met.</p></html>"
HTML = {"content_type": "text/html; charset=UTF-8"}


@pytest.fixture
def web() -> Iterator[WebServer]:
    with serving() as server:
        yield server


def got(address: str, **options: Any) -> Fetched:
    return fetch(address, **{"megabytes": 1, "allowed": local, **options})


def refused(address: str, **options: Any) -> str:
    with pytest.raises(NotFetched) as reason:
        got(address, **options)
    return str(reason.value)


def test_a_page_is_fetched_as_it_is(web: WebServer) -> None:
    web.answers["/a%20b?q=%C3%A9"] = answer(PAGE, **HTML)
    found = got(web.address("/a%20b?q=é#part"))
    assert found == Fetched(web.address("/a%20b?q=%C3%A9"), PAGE, "text/html", "utf-8")
    ((_, headers),) = web.requests
    assert headers.pop("user-agent").startswith("pincite/0.")
    assert headers == {
        "host": f"127.0.0.1:{web.port}", "accept": "*/*", "accept-encoding": "identity",
        "connection": "close",
    }  # fmt: skip


def test_chunks_and_a_body_that_ends_with_the_connection(web: WebServer) -> None:
    web.answers["/chunks"] = (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    )
    web.answers["/end"] = b"HTTP/1.0 200 OK\r\n\r\nabcde"
    for path in web.answers:
        assert got(web.address(path)) == Fetched(web.address(path), b"abcde", "", "")


def test_redirects_are_followed_and_the_first_address_is_kept(web: WebServer) -> None:
    for step in range(5):
        web.answers[f"/{step}"] = moved(f"{step + 1}", ("301 A", "303 B", "307 C")[step % 3])
    web.answers["/5"] = answer(PAGE, **HTML)
    found = got(web.address("/0"))
    assert (found.url, found.data) == (web.address("/0"), PAGE)
    web.answers["/x"] = moved("/0")
    assert "more than 5 times" in refused(web.address("/x"))


@pytest.mark.parametrize("to", ["/loop", "", "#x"])
def test_a_loop_of_redirects_ends(web: WebServer, to: str) -> None:
    web.answers["/loop"] = moved(to)
    assert "more than 5 times" in refused(web.address("/loop"))
    assert len(web.requests) == 6


@pytest.mark.parametrize(
    ("to", "reason"),
    [
        ("http://10.0.0.1/", "10.0.0.1, which is no public address"),
        ("http://169.254.169.254/latest/meta-data/", "169.254.169.254, which is no"),
        ("http://[::1]/", "::1, which is no"),
        ("//0x7f000001/", "no address of a public host"),
        ("http://a:b@127.0.0.1/", "a name or password"),
        ("file:///etc/passwd", "only http and https"),
        ("gopher://127.0.0.1/", "only http and https"),
        ("http://exa mple/", "blanks"),
        ("http://x\x1b/", "cannot be printed"),
        ("http://[31m/", "redirects to no address"),
        ("/\xe9\xff", "404"),
    ],
)
def test_each_redirect_is_checked(web: WebServer, to: str, reason: str) -> None:
    web.answers["/"] = moved(to)
    assert reason in refused(web.address("/"))


def test_a_redirect_from_a_public_host_to_this_machine(web: WebServer) -> None:
    web.answers["/"] = moved(web.address("/secret", host="localhost"))
    asked: list[str] = []

    def first(address: Any) -> bool:
        asked.append(str(address))
        return len(asked) == 1

    assert "127.0.0.1, which is no public" in refused(web.address("/"), allowed=first)
    assert [path for path, _ in web.requests] == ["/"]


def test_a_name_is_looked_up_once(web: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who answers with another address a moment later gains nothing."""
    web.answers["/"] = answer(PAGE, **HTML)
    looked_up: list[str] = []

    def changing(host: str, port: int, **_: Any) -> list[Any]:
        looked_up.append(host)
        at = "127.0.0.1" if len(looked_up) == 1 else "10.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (at, port))]

    monkeypatch.setattr(socket, "getaddrinfo", changing)
    assert got(web.address("/", host="rebind.example")).data == PAGE
    assert looked_up == ["rebind.example"]
    assert web.requests[0][1]["host"] == f"rebind.example:{web.port}"


def test_every_address_of_a_name_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    def several(_: str, port: int, **__: Any) -> list[Any]:
        return [(2, 1, 6, "", (at, port)) for at in ("127.0.0.1", "10.1.2.3")]

    monkeypatch.setattr(socket, "getaddrinfo", several)
    assert "10.1.2.3, which is no public" in refused("http://several.example/")


def test_under_https_the_name_is_that_of_the_certificate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, certificate = tmp_path / "key", tmp_path / "certificate"
    command = [
        "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out",
        certificate, "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
    ]  # fmt: skip
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("openssl makes no certificate here")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    names: list[str | None] = []
    context.sni_callback = lambda _, name, __: names.append(name)
    with serving(context) as server:
        server.answers["/"] = answer(PAGE, **HTML)
        secure = server.address("/", "localhost", "https")
        assert "its certificate does not hold" in refused(secure)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert got(secure).data == PAGE
        assert names == ["localhost", "localhost"]
        assert "its certificate does not hold" in refused(server.address("/", scheme="https"))
        server.answers["/slow"] = trickle
        assert "longer than" in refused(
            server.address("/slow", "localhost", "https"), timeouts=Timeouts(1, 0.5)
        )


def trickle(out: BinaryIO) -> None:
    out.write(b"HTTP/1.1 200 OK\r\n\r\n")
    for _ in range(30_000):
        out.write(b"x")
        time.sleep(0.02)


def trickling_headers(out: BinaryIO) -> None:
    for character in b"HTTP/1.1 200 OK\r\nX: " + b"x" * 30_000:
        out.write(bytes([character]))
        time.sleep(0.02)


def silence(_: BinaryIO) -> None:
    time.sleep(600)


@pytest.mark.parametrize("slow", [trickle, trickling_headers, silence])
def test_a_slow_server_is_left(web: WebServer, slow: Any) -> None:
    web.answers["/"] = slow
    began = time.monotonic()
    assert "longer than 0.5 seconds" in refused(web.address("/"), timeouts=Timeouts(1, 0.5))
    assert time.monotonic() - began < 300  # where the server would go on for 600


def test_a_server_that_does_not_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert "does not answer" in refused(f"http://127.0.0.1:{port}/")


def endless(out: BinaryIO) -> None:
    out.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        out.write(b"x" * 65_536)


def endless_chunks(out: BinaryIO) -> None:
    out.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        out.write(b"10000\r\n" + b"x" * 65_536 + b"\r\n")


def endless_continue(out: BinaryIO) -> None:
    while True:
        out.write(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)


def test_a_body_without_end(web: WebServer) -> None:
    web.answers |= {"/a": endless, "/b": endless_chunks, "/c": answer(content_length="1048577")}
    for path in web.answers:
        assert refused(web.address(path)).startswith(
            "it is larger than 1 MB (limits.megabytes); raise "
        )
    web.answers["/d"] = endless_continue
    assert "longer than" in refused(web.address("/d"), timeouts=Timeouts(1, 0.5))
    web.answers["/e"] = answer(b"x" * 2**20)
    assert len(got(web.address("/e")).data) == 2**20


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "br", "identity, gzip"])
def test_what_is_compressed_is_refused(web: WebServer, encoding: str) -> None:
    web.answers["/"] = answer(gzip.compress(bytes(2**24)), content_encoding=encoding)
    web.answers["/t"] = answer(b"x", transfer_encoding="gzip, chunked")
    assert "sends it compressed" in refused(web.address("/"))
    assert "in another form" in refused(web.address("/t"))


@pytest.mark.parametrize(
    "reply",
    [
        answer(b"abc", content_length="4"),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc",
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n",
        b"HTTP/1.1 200 " + b"x" * 70_000 + b"\r\n\r\n",
        b"",
    ],
)
def test_a_broken_answer_is_refused(web: WebServer, reply: bytes) -> None:
    web.answers["/"] = reply
    reason = refused(web.address("/"))
    assert "breaks off or speaks no HTTP" in reason or "it is empty" in reason


def test_an_answer_that_is_longer_than_it_says_is_cut_there(web: WebServer) -> None:
    web.answers["/"] = answer(b"abcdef", content_length="3")
    assert got(web.address("/")).data == b"abc"


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("404 \x1b[31mGone", "404 (Not Found);"),
        ("503 No", "503 (Service"),
        ("799 X", "799;"),
        ("206 Partial", "206 (Partial Content);"),
    ],
)
def test_errors_are_named_without_the_words_of_the_server(
    web: WebServer, status: str, said: str
) -> None:
    web.answers["/"] = answer(b"x", status)
    assert f"its server answers {said}" in refused(web.address("/"))


REFUSED = [
    ("file:///etc/passwd", "only http and https"),
    ("ftp://example.org/x.txt", "only http and https"),
    ("gopher://example.org/", "only http and https"),
    ("//example.org/", "only http and https"),
    ("http://user:pw@127.0.0.1/", "a name or password"),
    ("http://user@127.0.0.1/", "a name or password"),
    ("http://example.org\\@127.0.0.1/", "a name or password"),
    ("http://0x7f000001/", "no address of a public host"),
    ("http://2130706433/", "no address of a public host"),
    ("http://0177.0.0.1/", "no address of a public host"),
    ("http://127.1/", "no address of a public host"),
    ("http://", "no address of a public host"),
    ("http://a..b/", "no address of a public host"),
    ("http://a\\b/", "no address of a public host"),
    ("http://[::1/", "no address of a public host"),
    ("http://127.0.0.1:99999/", "no address of a public host"),
    ("http://127.0.0.1:x/", "no address of a public host"),
    ("http://127.0.0.1/a b", "blanks"),
    ("http://127.0.0.1/\r\nX: y", "blanks"),
    ("http://127.0.0.1/" + "x" * 2_000, "longer than 2,000 characters"),
    ("http://no-such.localhost.invalid./", "unknown"),
]


@pytest.mark.parametrize(("address", "reason"), REFUSED, ids=lambda value: str(value)[:40])
def test_what_is_no_address_to_fetch(
    address: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: Any, **__: Any) -> None:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert reason in refused(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "64:ff9b::808:808"])
def test_public_addresses(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    """0.0.0.0 10.0.0.1 100.64.0.1 127.0.0.1 169.254.169.254 172.16.0.1 192.168.1.1 192.0.2.1
    198.18.0.1 224.0.0.1 240.0.0.1 255.255.255.255 :: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:10.0.0.1
    64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 2002:7f00:1:: 2002:a00:1:: 2001::1 2001:db8::1 fc00::1
    fe80::1 fe80::1%1 fec0::1 ff02::1 100::1""".split(),
)
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


def test_full_width_digits_are_digits() -> None:
    assert "127.0.0.1, which is no public" in refused("http://１２７.0.0.1/", allowed=is_public)
