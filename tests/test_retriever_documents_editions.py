"""The same words in several documents: shown once, as the newest edition of their release."""

import datetime
from pathlib import Path

import pytest
from conftest import HARBOUR, Shelf, release

from retriever.build.build import build_index
from retriever.documents.editions import MOST_EDITIONS

QUESTION = "What was agreed about the harbor of Busan?"
FURNITURE = "바로가기 메뉴\n본문 바로가기\n주메뉴 바로가기\n\n"


def test_the_newest_edition_is_shown(shelf: Shelf) -> None:
    shelf.write(again=HARBOUR.replace("2021-03-04", "2021-03-09"))
    shelf.index()
    first, *others = shelf.ask(QUESTION).passages
    assert first.document.id == "again.txt"
    assert [each.split("@")[0] for each in first.also_in] == ["harbour.txt#2"]
    assert first.text not in {hit.text for hit in others}


def test_typography_and_furniture_make_no_other_text(shelf: Shelf) -> None:
    wrapped = HARBOUR.replace("the harbor of", "the harbor\u00a0 of").replace("agreed", "AGREED")
    shelf.write(again=FURNITURE + wrapped.replace("2021-03-04", "2021-03-09"))
    shelf.index()
    first, *others = shelf.ask(QUESTION).passages
    assert (first.document.id, len(first.also_in)) == ("again.txt", 1)
    assert "the harbor\u00a0 of" in first.text
    assert not any("by 2025" in hit.text for hit in others)


def test_a_correction_keeps_both(shelf: Shelf) -> None:
    shelf.write(again=HARBOUR.replace("2021-03-04", "2021-03-09").replace("by 2025", "by 2027"))
    shelf.index()
    hits = shelf.ask(QUESTION).passages
    shown = [hit for hit in hits if hit.label == "2" and "harbor" in hit.text]
    assert sorted(hit.document.id for hit in shown) == ["again.txt", "harbour.txt"]
    assert [hit.also_in for hit in shown] == [(), ()]


def test_the_same_sentence_of_another_event_takes_no_place(shelf: Shelf) -> None:
    """What two sides agreed is not shown as what two others agreed later."""
    agreed = "The two sides agreed to keep in close touch on all matters of the sea."
    for name, who, day in (("one", "Minister Able met Minister Baker", "2022-05-05"),
                           ("two", "Governor Chan met Governor Dorn", "2023-06-06")):  # fmt: skip
        shelf.write(**{name: release(f"{who} in Seoul", day, f"{who} in Seoul.", agreed)})
    shelf.index()
    for name, who in (("one", "Able"), ("two", "Chan")):
        hits = shelf.ask(f"What was agreed with {who} on matters of the sea?").passages
        found = next(hit for hit in hits if hit.text == agreed)
        other = {"one": "two", "two": "one"}[name]
        assert found.document.id == f"{name}.txt"
        assert [each.split("@")[0] for each in found.also_in] == [f"{other}.txt#2"]


@pytest.mark.parametrize(
    ("options", "shown"),
    [({"before": "2021-03-04"}, "harbour.txt"), ({"within": ("harbour.txt",)}, "harbour.txt")],
)
def test_only_what_may_answer_takes_its_place(
    shelf: Shelf, options: dict[str, object], shown: str
) -> None:
    shelf.write(again=HARBOUR.replace("2021-03-04", "2021-05-09").replace("March 3", "May 8"))
    shelf.index()
    if "before" in options:
        options = {"before": datetime.date.fromisoformat(str(options["before"]))}
    first = shelf.ask(QUESTION, **options).passages[0]
    assert first.document.id == shown


def test_what_may_not_be_shown_crowds_out_nothing(shelf: Shelf, tmp_path: Path) -> None:
    """The places of a passage say nothing of how often it stands in other folders."""
    secret = tmp_path / "secret"
    secret.mkdir()
    shelf.write(again=HARBOUR.replace("2021-03-04", "2021-03-09"))
    for number in range(15):
        (secret / f"{number}.txt").write_text(HARBOUR.replace("2021-03-04", "2021-03-10"))
    build_index(shelf.home, [shelf.folder, secret])
    first = shelf.ask(QUESTION, folders=["releases"]).passages[0]
    assert first.document.id == "again.txt"
    assert [each.split("@")[0] for each in first.also_in] == ["harbour.txt#2"]
    assert len(shelf.ask(QUESTION).passages[0].also_in) == MOST_EDITIONS


def test_a_changed_edition_takes_no_place(shelf: Shelf) -> None:
    shelf.write(again=HARBOUR.replace("2021-03-04", "2021-03-09"))
    shelf.index()
    file = shelf.folder / "again.txt"
    file.write_text(file.read_text() + "\n")
    first = shelf.ask(QUESTION).passages[0]
    assert (first.document.id, first.also_in) == ("harbour.txt", ())
