"""Forty releases as blocks that a file of any format can be made of, and their text versions.

They are the samples, and eight longer ones made of the samples' sentences: with a paragraph that
is longer than a printed page, with two levels of bullets, with headings.
"""

import datetime
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import corpus
from corpus.document import Document, Span
from corpus.language.sentences import sentence_spans
from corpus.readers import read_documents

SAMPLES = Path(corpus.__file__).parent / "samples"
LONGER = 8


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph with what is printed before it (`1.`, `o`, `-`, nothing), or a heading."""

    printed: str
    text: str
    is_heading: bool = False

    @property
    def line(self) -> str:
        return f"{self.printed} {self.text}".strip()


@dataclass(frozen=True, slots=True)
class Release:
    name: str
    title: str
    posted: datetime.date | None
    blocks: tuple[Block, ...]

    @property
    def text(self) -> str:
        date = f"Date {self.posted}\n\n" if self.posted else ""
        return f"{self.title}\n\n{date}" + "\n\n".join(block.line for block in self.blocks) + "\n"

    @property
    def document(self) -> Document:
        """What the text version is read as: what every other format has to give."""
        return read_documents(f"{self.name}.txt", self.text.encode())[0]


@cache
def releases() -> tuple[Release, ...]:
    """The forty, always the same."""
    samples = [_of_sample(path) for path in sorted(SAMPLES.glob("*.txt"))]
    return (*samples, *(_longer(number, samples) for number in range(LONGER)))


def _of_sample(path: Path) -> Release:
    document = read_documents(path.name, path.read_bytes())[0]
    text = document.text
    headings = [(each.span, True) for each in document.dropped if each.rule == "heading"]
    spans = sorted(
        [*headings, *((passage.span, False) for passage in document.passages)],
        key=lambda each: each[0].start,
    )
    blocks = []
    for span, is_heading in spans:
        line = text.rfind("\n", 0, span.start) + 1
        printed = "" if is_heading else _one_line(Span(line, span.start).of(text))
        blocks.append(Block(printed, _one_line(span.of(text)), is_heading))
    title = document.title if document.title_stated else ""
    return Release(path.stem, _one_line(title), document.posted, tuple(blocks))


def _longer(number: int, samples: list[Release]) -> Release:
    """A long release: numbered paragraphs under headings, bullets, and one page-long paragraph."""
    some = samples[number::LONGER] + samples[: number + 3]
    texts = [block.text for each in some for block in each.blocks if len(block.text) > 120]
    sentences = [span.of(text) for text in texts for span in sentence_spans(text)]
    blocks = [Block("", "Opening of the Talks", is_heading=True)]
    blocks += [Block(f"{n}.", text) for n, text in enumerate(texts[:6], start=1)]
    blocks += [
        Block("o", texts[6]),
        Block("-", texts[7]),
        Block("-", texts[8]),
        Block("o", texts[9]),
    ]
    blocks += [Block("7.", " ".join(sentences[: 30 + number]))]
    blocks += [Block("", "Next Steps", is_heading=True)]
    blocks += [Block(f"{n}.", text) for n, text in enumerate(texts[10:14], start=8)]
    day = datetime.date(2023, 3, 1 + number)
    title = f"Outcome of the {number + 1}th Round of Consultations on Maritime Cooperation"
    return Release(f"longer_{number}", title, day, tuple(blocks))


def _one_line(text: str) -> str:
    return " ".join(text.split())
