"""Who is let in to the reading page."""

import base64
import socket
from pathlib import Path

import pytest
from conftest import CommandLine, Shelf
from web_site import Site, settings_file

from bot.errors import SettingsError
from bot.settings import read_settings
from bot.web.errors import WebRefused
from bot.web.protection import HEADERS, Gate, host_in, is_loopback, loopback_hosts
from bot.web.serving import listen

TOKEN = "correct-horse-battery"


def basic(password: str, user: str = "me") -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        (basic(TOKEN), 200),
        (basic(TOKEN, user=""), 200),
        (basic("wrong"), 401),
        (basic(TOKEN + "x"), 401),
        ({"Authorization": f"Bearer {TOKEN}"}, 200),
        ({"Authorization": f"bearer {TOKEN}"}, 200),
        ({"Authorization": "Bearer "}, 401),
        ({"Authorization": "Basic %%%"}, 401),
        ({"Authorization": f"Digest {TOKEN}"}, 401),
        ({"Authorization": TOKEN}, 401),
    ],
)
def test_a_token_is_asked_for(shelf: Shelf, headers: dict[str, str], status: int) -> None:
    site = Site(shelf.home, Gate(token=TOKEN))
    for path in ("/", "/d/harbour.txt", "/style.css"):
        answer = site.client.get(path, headers=headers)
        assert answer.status_code == status
        assert (answer.headers.get("www-authenticate") is not None) is (status == 401)
        assert answer.headers["content-security-policy"] == HEADERS["Content-Security-Policy"]


def test_a_proxy_names_its_user(shelf: Shelf) -> None:
    site = Site(shelf.home, Gate(user_header="X-Forwarded-User"))
    assert site.client.get("/").status_code == 403
    assert site.client.get("/", headers={"X-Forwarded-User": " "}).status_code == 403
    assert site.client.get("/", headers={"X-Forwarded-User": "ann"}).status_code == 200


def test_with_both_the_proxy_has_to_know_the_token(shelf: Shelf) -> None:
    site = Site(shelf.home, Gate(token=TOKEN, user_header="X-User"))
    assert site.client.get("/", headers={"X-User": "ann"}).status_code == 401
    assert site.client.get("/", headers=basic(TOKEN)).status_code == 403
    assert site.client.get("/", headers={"X-User": "ann"} | basic(TOKEN)).status_code == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:8000", 200),
        ("127.0.0.1", 200),
        ("[::1]:8000", 200),
        ("LOCALHOST", 200),
        ("docs.example.org", 200),
        ("evil.example.com", 421),
        ("127.0.0.1.evil.example.com", 421),
        ("localhost@evil.example.com", 421),
        ("[::1", 421),
        ("", 421),
    ],
)
def test_a_strangers_name_that_leads_here_is_refused(shelf: Shelf, host: str, status: int) -> None:
    hosts = loopback_hosts("127.0.0.1", "https://docs.example.org/read")
    answer = Site(shelf.home, Gate(hosts=hosts)).client.get("/", headers={"Host": host})
    assert answer.status_code == status


def test_hosts() -> None:
    assert host_in("Docs.Example.org:80") == "docs.example.org"
    assert [is_loopback(each) for each in ("localhost", "127.0.0.9", "::1")] == [True] * 3
    assert [is_loopback(each) for each in ("0.0.0.0", "::", "example.org", "")] == [False] * 4


def test_others_are_served_only_where_somebody_is_kept_out() -> None:
    with pytest.raises(WebRefused, match="set a token in PINCITE_WEB_TOKEN"):
        listen("0.0.0.0", 0, {"address": "https://docs.example.org"})
    with listen("127.0.0.1", 0, {}) as listening:
        port = listening.getsockname()[1]
        assert port > 0
        with pytest.raises(WebRefused, match=f"Port {port} of 127.0.0.1 cannot be used"):
            listen("127.0.0.1", port, {})


def test_the_command_says_why_it_does_not_serve(indexed: CommandLine) -> None:
    indexed("serve", "--host", "0.0.0.0").refuses(advice="PINCITE_WEB_TOKEN")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        indexed("serve", "--port", port).refuses(advice="--port")
    settings_file(Path.cwd(), '[web]\nfolders = ["release"]')
    indexed("serve", "--port", "0").refuses(advice="it has releases")


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ('[web]\ntoken = "short"', "16 or more signs"),
        ('[web]\ntoken = "with a blank in it"', "16 or more signs"),
        ('[web]\naddress = "ftp://example.org"', "an address such as"),
        ('[web]\naddress = "https://user@example.org"', "an address such as"),
        ('[web]\nuser_header = "X User"', "the name of a header"),
        ("[web]\nfolders = [1]", "can only set 'folders', a list of names"),
        ('[web]\nport = "8000"', "can only set 'folders', a list of names"),
        ("web = 1", "no dict"),
    ],
)
def test_settings_that_cannot_be_used(tmp_path: Path, stated: str, said: str) -> None:
    settings_file(tmp_path, stated)
    with pytest.raises(SettingsError, match=said):
        read_settings(working=tmp_path, environment={})


def test_the_token_of_the_environment_comes_first(tmp_path: Path) -> None:
    settings_file(tmp_path, f'[web]\ntoken = "{TOKEN}"\nfolders = ["releases"]')
    assert read_settings(working=tmp_path, environment={}).web["token"] == TOKEN
    named = read_settings(working=tmp_path, environment={"PINCITE_WEB_TOKEN": "x" * 16})
    assert named.web == {"token": "x" * 16, "folders": ["releases"]}
    with pytest.raises(SettingsError, match="PINCITE_WEB_TOKEN is not 16 or more signs"):
        read_settings(working=tmp_path, environment={"PINCITE_WEB_TOKEN": "x"})
