"""What is new of a generation: words that no folder of a reader's had before."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import release

from retriever.build.build import build_index
from retriever.following.sightings import (
    SIGHTINGS,
    Folders,
    new_rows,
    sight,
    step_before,
    step_of,
)
from retriever.index.generation import Generation
from retriever.index.home import Home

PIERS = "The two sides agreed to build five piers."
TEA = "Tea was had in the garden."


@dataclass
class Shelves:
    """Two corpus folders, and what was seen in them so far."""

    home: Home
    folder: Path
    database: sqlite3.Connection
    step: int = 0

    def write(self, name: str, *paragraphs: str) -> None:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(release("A Title", "2021-03-04", *paragraphs), "utf-8")

    def look(self) -> "Shelves":
        """Indexes and looks at the new generation."""
        build_index(self.home, [self.folder / "open", self.folder / "closed"])
        self.generation = Generation.open(self.home, fast=True)
        self.before, self.step = self.step, sight(self.database, self.generation)
        return self

    def news(
        self, folders: Folders = None, known_in: Folders = None, after: int | None = None
    ) -> list[str]:
        """The texts that are new since the look before, or after a step."""
        since = self.before if after is None else after
        known_in = folders if known_in is None else known_in
        rows = new_rows(self.database, self.generation, since, self.step, folders, known_in)
        return [self.generation.store.passage(row).text for row in rows.rows.tolist()]


@pytest.fixture
def shelves(models: Path, tmp_path: Path) -> Iterator[Shelves]:
    with closing(sqlite3.connect(":memory:")) as database:
        database.executescript(SIGHTINGS)
        made = Shelves(Home(tmp_path / "home", models, models), tmp_path, database)
        made.write("open/harbour.txt", "Minister Brown met Governor Diaz.", "They shook hands.")
        made.write("closed/minutes.txt", "The minutes were read.", "Nobody objected.")
        yield made.look()


def test_an_edit_brings_its_words_alone(shelves: Shelves) -> None:
    shelves.write("open/harbour.txt", "Minister Brown met Governor Diaz.", "They bowed.")
    assert shelves.look().news() == ["They bowed."]


def test_a_copy_a_move_and_other_typography_are_not_new(shelves: Shelves) -> None:
    old = shelves.folder / "open/harbour.txt"
    shelves.write("open/copy.txt", "“MINISTER BROWN” met  Governor Diaz", "They shook hands.")
    assert shelves.look().news() == []
    old.rename(shelves.folder / "open/moved.txt")
    assert shelves.look().news() == []


def test_what_is_deleted_and_comes_back_is_not_new(shelves: Shelves) -> None:
    shelves.write("open/harbour.txt", "They shook hands.")
    assert shelves.look().news() == []
    shelves.write("open/harbour.txt", "Minister Brown met Governor Diaz.", "They shook hands.")
    assert shelves.look().news() == []


def test_words_are_new_where_nobody_could_see_them_before(shelves: Shelves) -> None:
    shelves.write("closed/more.txt", PIERS)
    shelves.look()
    assert shelves.news() == shelves.news(["closed"]) == [PIERS]
    assert shelves.news(["open"]) == shelves.news([]) == []
    shelves.write("open/more.txt", PIERS)
    shelves.look()
    assert set(shelves.news(["open"])) == {PIERS}
    assert shelves.news() == shelves.news(["closed"]) == shelves.news(["open", "closed"]) == []


def test_what_stood_in_a_folder_that_was_seen_is_not_new_in_another(shelves: Shelves) -> None:
    shelves.write("closed/harbour.txt", "Minister Brown met Governor Diaz.", TEA)
    shelves.look()
    assert shelves.news(["closed"], known_in=["open", "closed"]) == [TEA]


def test_several_generations_are_told_together(shelves: Shelves) -> None:
    followed = shelves.step
    shelves.write("open/more.txt", PIERS)
    shelves.look()
    shelves.write("open/tea.txt", TEA)
    shelves.look()
    assert shelves.news(after=followed) == [PIERS, TEA]
    (shelves.folder / "open/more.txt").unlink()
    assert shelves.look().news(after=followed) == [TEA]


def test_a_generation_is_looked_at_once(shelves: Shelves) -> None:
    changes = shelves.database.total_changes
    assert sight(shelves.database, shelves.generation) == shelves.step
    assert step_of(shelves.database, shelves.generation.name) == shelves.step
    assert step_of(shelves.database, "000009-00000000") is None
    assert shelves.database.total_changes == changes


def test_steps_are_found_by_day(shelves: Shelves) -> None:
    shelves.database.execute("INSERT INTO sightings VALUES (9, 'later', '2031-05-02')")
    assert step_before(shelves.database, "2031-05-03") == 9
    assert step_before(shelves.database, "2031-05-02") == shelves.step
    assert step_before(shelves.database, "2001-01-01") == 0
