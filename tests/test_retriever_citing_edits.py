"""Edits at random, in every format: what was not touched holds or moved, what was is changed."""

import random
from collections import Counter
from pathlib import Path

import pytest
from editing_releases import FORMATS, check_edits
from releases import releases

RELEASES = [each for each in releases() if len(each.blocks) > 1]


def _require_all(counts: Counter[str]) -> None:
    """`check_edits` has checked each receipt; here is that it met some of each kind."""
    assert counts["untouched holds"] > 10 * counts["untouched moved"]
    assert counts["edited changed"] > 0
    assert set(counts) <= {
        "untouched holds", "untouched moved", "edited changed", "removed changed", "removed gone",
    }  # fmt: skip


@pytest.mark.parametrize("ending", FORMATS)
def test_what_an_edit_does_not_touch_holds(ending: str, tmp_path: Path) -> None:
    some = RELEASES[: 30 if ending in ("txt", "md") else 5]
    counts = check_edits(tmp_path / ending, ending, some, random.Random(2))
    _require_all(counts)


@pytest.mark.slow
@pytest.mark.parametrize("ending", FORMATS)
def test_what_five_hundred_edits_do_not_touch_holds(ending: str, tmp_path: Path) -> None:
    counts: Counter[str] = Counter()
    for number in range(-(-500 // len(RELEASES))):
        place = tmp_path / f"{ending}{number}"
        some = random.Random(number).sample(RELEASES, len(RELEASES))
        counts += check_edits(place, ending, some, random.Random(number))
    assert counts["untouched moved"] > 0
    _require_all(counts)
