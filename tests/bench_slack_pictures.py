"""Six answers as a phone shows them, for the eye.

    python tests/bench_slack_pictures.py FOLDER     (writes found.png, follow_up.png and so on)

The documents are the samples, one long paragraph of their words, and a table. Chromium makes the
pictures, which have to be installed, as Debian's package `chromium` with `fonts-noto-core`.
"""

import csv
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from bench import home_of
from conftest import SAMPLES, release
from slack_pictures import PHONE, page_of

from bot.slack.showing.answer_messages import answer_message
from corpus.readers import read_documents
from retriever.answering.ask import ask
from retriever.build.build import build_index
from retriever.index.generation import Generation

TABLE = (
    ("Country", "Food aid in 2022", "Food aid in 2023", "Shipped through"),
    ("Sanesia", "6,200 tons", "7,100 tons", "Lumen Quay"),
    ("Ostrava Islands", "", "1,150 tons", "Lumen Quay"),
    ("Veldonia", "900 tons", "", "Kestrel Bay"),
    ("Marisota", "2,480 tons", "2,510 tons", "Kestrel Bay"),
)
ASKED = {
    "found": ("What was agreed with Sung Kim?",),
    "follow_up": ("What was agreed with Sung Kim?", "and what did they say about China?"),
    "long_paragraph": ("What did the delegates say about the harbour of Port Amber?",),
    "table": ("How much food aid was shipped to each country in 2022 and 2023?",),
    "related": ("Did Sung Kim bring up semiconductors?",),
    "none": ("Who won the chess cup of Atlantis?",),
}
"""The questions of each thread; the last one is answered."""
_CUT = 6_000  # points


def documents(place: Path) -> list[Path]:
    """The folders that are indexed."""
    folder = place / "more"
    folder.mkdir()
    with (folder / "food_aid.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(TABLE)
    words = list(_paragraphs())
    best = "The delegates said that the harbour of Port Amber will be dredged before winter."
    long = " ".join([*words[: len(words) // 2], best, *words[len(words) // 2 :]])
    (folder / "minutes.txt").write_text(release("Minutes of a Long Day", "2023-11-02", long))
    return [SAMPLES, folder]


def _paragraphs() -> Iterator[str]:
    for file in sorted(SAMPLES.glob("mofa_31[4-6]*.txt")):
        for document in read_documents(file.name, file.read_bytes()):
            yield from (" ".join(each.text.split()) for each in document.passages)


def picture(page: Path, target: Path) -> None:
    """What a browser shows of a page, cut below what is drawn."""
    browser = shutil.which("chromium") or sys.exit("Chromium is not installed.")
    subprocess.run(
        [browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
         "--hide-scrollbars", "--force-device-scale-factor=1.5", f"--window-size={PHONE},{_CUT}",
         f"--screenshot={target}", page.as_uri()],
        check=True, capture_output=True,
    )  # fmt: skip


def main() -> None:
    target = Path(sys.argv[1]).resolve()
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        home = home_of(place / "home")
        build_index(home, documents(place))
        generation = Generation.open(home)
        for name, (*history, question) in ASKED.items():
            answer = replace(ask(generation, question, history=history, top=20), milliseconds=0)
            page = place / f"{name}.html"
            page.write_text(page_of(answer_message(answer, "a-reference0"), "pincite"), "utf-8")
            picture(page, target / f"{name}.png")
            print(name, answer.verdict, flush=True)


if __name__ == "__main__":
    main()
