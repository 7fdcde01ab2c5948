"""Settings: `pincite.toml`, then the environment, then flags; what cannot be used is refused."""

from pathlib import Path

import pytest
from fuzzing import mutations

from bot.settings import Settings, SettingsError, no_colour, read_settings
from corpus.folder.limits import Limits
from embeddings import DEFAULT_MODEL


def write(folder: Path, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pincite.toml").write_text(text)


def test_without_anything_there_are_defaults(tmp_path: Path) -> None:
    environment = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    assert read_settings(None, tmp_path, environment) == Settings(
        tmp_path / ".pincite", tmp_path / "cache" / "pincite" / "models", DEFAULT_MODEL,
        looked_above=True,
    )  # fmt: skip
    for passed_over in ({}, {"XDG_CACHE_HOME": "cache"}):
        assert read_settings(None, tmp_path, passed_over).models.is_relative_to(Path.home())


def test_the_models_are_where_the_environment_or_the_file_says(tmp_path: Path) -> None:
    write(tmp_path, 'models = "mine"')
    (tmp_path / "below").mkdir()
    assert read_settings(None, tmp_path / "below", {}).models == tmp_path / "mine"
    named = {"PINCITE_MODELS": str(tmp_path / "named"), "XDG_CACHE_HOME": str(tmp_path)}
    assert read_settings(None, tmp_path, named).models == tmp_path / "named"


def test_the_file_is_found_upwards_and_its_paths_count_from_it(tmp_path: Path) -> None:
    write(tmp_path, 'home = "kept"\nmodels = "all"\nmodel = "m"\nfolders = ["a", "/b"]\ntop = 7\n')
    (tmp_path / "x" / "y").mkdir(parents=True)
    assert read_settings(None, tmp_path / "x" / "y", {}) == Settings(
        tmp_path / "kept", tmp_path / "all", "m", (tmp_path / "a", Path("/b")), 7
    )


def test_a_home_is_found_upwards_unless_one_may_be_made(tmp_path: Path) -> None:
    below = tmp_path / "x" / "y"
    below.mkdir(parents=True)
    (tmp_path / ".pincite").mkdir()
    found = read_settings(None, below, {})
    assert (found.home, found.looked_above) == (tmp_path / ".pincite", False)
    assert read_settings(None, below, {}, upwards=False).home == below / ".pincite"
    assert read_settings(None, below, {"PINCITE_HOME": "z"}).home == below / "z"
    (below / ".pincite").mkdir()
    assert read_settings(None, below, {}).home == below / ".pincite"
    write(tmp_path / "x", "top = 7")  # beside the file, as ever
    assert read_settings(None, below, {}).home == tmp_path / "x" / ".pincite"


def test_limits_are_set_one_by_one(tmp_path: Path) -> None:
    write(tmp_path, "[limits]\nseconds = 5\n")
    assert read_settings(None, tmp_path, {}).limits == Limits(seconds=5)
    assert read_settings(None, tmp_path.parent, {}).limits == Limits(20, 30, 1024)


def test_the_nearest_file_holds(tmp_path: Path) -> None:
    write(tmp_path, "top = 7")
    write(tmp_path / "x", "top = 8")
    assert read_settings(None, tmp_path / "x", {}).top == 8


def test_flag_over_environment_over_file(tmp_path: Path) -> None:
    write(tmp_path, 'home = "file"\nmodel = "file"')
    environment = {"PINCITE_HOME": "environment", "PINCITE_MODEL": "other"}
    below = tmp_path / "below"
    below.mkdir()
    assert read_settings(None, below, {}).home == tmp_path / "file"
    stated = read_settings(None, below, environment)
    assert (stated.home, stated.model) == (below / "environment", "other")
    assert read_settings(Path("flag"), below, environment).home == below / "flag"
    assert read_settings(Path("/flag"), below, environment).home == Path("/flag")
    assert read_settings(None, below, {"PINCITE_HOME": ""}).home == tmp_path / "file"


def test_a_model_folder_in_the_file_counts_from_it(tmp_path: Path) -> None:
    write(tmp_path, 'model = "models/mine"')
    (tmp_path / "models" / "mine").mkdir(parents=True)
    (tmp_path / "below").mkdir()
    assert read_settings(None, tmp_path / "below", {}).model == str(tmp_path / "models" / "mine")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("top = ", r"cannot be read .*; correct it\.$"),
        (
            "colour = 1",
            r"sets 'colour', which is unknown; "
            r"use home, models, model, folders, follow_links, top, min_score, search, limits, "
            r"slack, mcp, web\.$",
        ),
        ("top = 'five'", r"value of 'top' is no int; correct it\.$"),
        ("top = true", r"'top'.*; correct it\.$"),
        ("top = 0", r"'top' is not between 1 and 100; correct it\.$"),
        ("min_score = 1.5", r"'min_score' is not between 0\.0 and 1\.0; correct it\.$"),
        ("min_score = 'high'", r"value of 'min_score' is no float; correct it\.$"),
        ("top = 101", r"'top' is not between 1 and 100; correct it\.$"),
        ("home = 3", r"value of 'home' is no str; correct it\.$"),
        ("folders = 'a'", r"value of 'folders' is no list; correct it\.$"),
        ("folders = [1]", r"'folders' holds something else than texts; correct it\.$"),
        ('home = "~no-such-user/x"', r"; correct it\.$"),
        ("limits = 3", r"value of 'limits' is no dict; correct it\.$"),
        ("[limits]\nhours = 1", r"sets 'hours'; use megabytes, seconds, memory\.$"),
        ("[limits]\nseconds = 0", r"'limits.seconds' is not .* between 1 and 3,600; correct it\.$"),
        ("[limits]\nmemory = true", r"'limits.memory' is not .* 512 and 65,536; correct it\.$"),
        ("[search]\ndepth = 1", r"can only set 'reranker', .* and 'languages', .*; correct it\.$"),
        ('[search]\nlanguages = "ko"', r"'languages', a list of codes; correct it\.$"),
        ('[search]\nlanguages = ["kr"]', r"has 'kr', .*; use codes such as ko, es, fr\.$"),
        ("[search]\nlanguages = [1]", r"has '1', which is the code of no language .*\.$"),
        ("[limits]\nmegabytes = 1.5", r"'limits.megabytes' is not .* 1 and 1,024; correct it\.$"),
    ],
)
def test_what_cannot_be_used_is_refused(tmp_path: Path, text: str, message: str) -> None:
    write(tmp_path, text)
    with pytest.raises(SettingsError, match=message) as error:
        read_settings(None, tmp_path, {})
    assert str(tmp_path / "pincite.toml") in str(error.value)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pincite.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match="cannot be read"):
        read_settings(None, tmp_path, {})


def test_no_color_counts_when_it_is_not_empty() -> None:
    assert no_colour({"NO_COLOR": "1"})
    assert not no_colour({"NO_COLOR": ""})
    assert not no_colour({})


GOOD = b"""\
home = ".p"\nmodels = "m"\nmodel = "a"\nfolders = ["r", "s"]\ntop = 5
[search]\nreranker = "x"\nlanguages = ["ko"]\n[limits]\nmegabytes = 20\nseconds = 3
[slack]\nguests = false\nfolders = {"*" = ["r"]}\ncontact = "me"
"""
HOSTILE = [
    GOOD,
    b"top = " + b"9" * 5_000,
    b"a = " + b"[" * 5_000,
    b"a = " + b"{a=" * 3_000,
    b"a." * 2_000 + b"a = 1",
    b'"' + b"k" * 3_000 + b'" = 1',
    b'home = "a\\u0000b"',
    b'folders = ["a\\u0000b"]',
    b'home = "\xff"',
    b'model = "' + b"x" * 300 + b'"',
    b'model = "' + b"x" * 5_000 + b'"',
    b'models = "' + b"x" * 300 + b'"',
    b'[search]\nreranker = "\\u0000"',
    b'[slack]\nfolders = {"C' + b"-" * 3_000 + b'" = 1}',
    b"top = 1e999",
    b"top = nan",
    b"top = 2020-99-99T00:00:00Z",
    b"a = 1 # " + b"x" * 2**20,
]


def test_whatever_the_file_holds_is_one_sentence(tmp_path: Path) -> None:
    refused = 0
    for data in (*HOSTILE, *mutations(HOSTILE[:-1], 600, seed=14)):
        (tmp_path / "pincite.toml").write_bytes(data)
        try:
            read_settings(None, tmp_path, {})
        except SettingsError as error:
            said = str(error)
            assert str(tmp_path / "pincite.toml") in said
            assert said.endswith(".") and "\n" not in said and len(said) < 500
            refused += 1
    assert refused > 500
