"""The body of a release: logical lines become labelled passages.

Labels are those printed in the document: `4` for a numbered paragraph, `4 o 2` for the second `o`
bullet under it, `4 * 1` for its first note, `4 (2) (A)` for an item of the third level, `4 ¶2` for
an unnumbered paragraph that continues it.
Where nothing is printed `¶3` is the third paragraph; a number printed again is `2 bis`.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from corpus.document import Dropped, Passage, Span
from corpus.language.sentences import sentence_spans
from corpus.release.boilerplate import TRAILING_END_MARK, boilerplate_rule
from corpus.release.boilerplate_words import READ_ON_ADJECTIVES, READ_ON_NOUNS
from corpus.release.head import source_line_address
from corpus.release.headings import ITEM, is_heading, is_marked_heading, is_short, tells
from corpus.release.speakers import is_questioner, is_transcript, speaker_of
from corpus.text.characters import strip_span
from corpus.text.logical_lines import (
    BULLET,
    PARAGRAPH_NUMBER,
    Line,
    counted_number,
    outline_numbers,
    starts_block,
)
from corpus.text.numerals import numeral

_NOTES = "*※"
_SEVERAL_LEVELS = re.compile(r"\d{1,3}(?:\.\d{1,3}){1,8}[.)]?")
_AROUND = "().）"
_NUMERALS = {
    style: [numeral(number, style) for number in range(1, last + 1)]
    for style, last in (("a", 26), ("A", 26), ("i", 39), ("I", 39))
}
_FOLLOWS = {style: frozenset(pairwise(numerals)) for style, numerals in _NUMERALS.items()}
_LONGEST = 4_000  # no paragraph of a release is longer; more is a page that lost its line breaks
_PIECE = 1_200
_READ_ON = re.compile(
    rf"(?:{READ_ON_ADJECTIVES})(?:\s(?:{READ_ON_NOUNS}|(?:from|on|in|about|press)\b.*))?$|"
    r"(?:read (?:more|also|next)|see (?:also|more)|you (?:may|might|are here)|in this section|"
    r"on this page|follow|share|explore|stay|legal|privacy|contact|subscribe|footer)\b",
    re.IGNORECASE,
)
"""`Related links`, `More from the Press Office`, `Read more`, `Follow us`."""
_SIGNATURE_LINES = 3  # at the end


@dataclass(frozen=True, slots=True)
class Marker:
    """A list marker under which others may be nested: its style, how it is printed, and the
    position of its passage. The style is `1`, `a`, `A`, `i`, `I` or the bullet itself."""

    style: str
    printed: str
    position: int


@dataclass(slots=True)
class ReleaseBody:
    """The passages read so far, and the place in the outline of the next line."""

    text: str
    outline: frozenset[str] = frozenset()
    passages: list[Passage] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    source: str = ""
    heading: str = ""
    under: str = ""  # in a table
    columns: str = ""
    speaker: str = ""
    transcript: bool = False
    question: int | None = None
    top: int | None = None
    number: str = ""
    markers: list[Marker] = field(default_factory=list)
    interrupted: list[Marker] = field(default_factory=list)
    used: Counter[str] = field(default_factory=Counter)
    paragraphs: int = 0
    section: int = 0
    labelled: dict[str, int] = field(default_factory=dict)  # in this section

    def add(self, label: str, span: Span, parent: int | None) -> int:
        """Adds the passage on this range of the text and gives its position."""
        start, end = strip_span(self.text, span.start, span.end)
        glued = TRAILING_END_MARK.search(self.text, max(start, end - 200), end)
        if glued and glued.start() > start:
            self.dropped.append(Dropped(Span(*glued.span()), "end or translation mark"))
            end = glued.start()
        self.used[label] += 1
        if self.used[label] > 1:
            again = self.used[label]
            label += " bis" if again == 2 else f" bis {again - 1}"
        self.passages.append(
            Passage(
                label,
                Span(start, end),
                self.text[start:end],
                " · ".join(dict.fromkeys(filter(None, (self.heading, self.under)))),
                self.speaker,
                parent,
                columns=self.columns,
            )
        )
        self.labelled.setdefault(label, len(self.passages) - 1)
        return len(self.passages) - 1


def read_body(text: str, lines: list[Line], title: str) -> ReleaseBody:
    """The passages of these lines, in order."""
    body = ReleaseBody(
        text, outline_numbers(lines), transcript=is_transcript(line.text for line in lines)
    )
    grouped = _contact_groups(lines) | _links_behind(lines)
    pending: list[str] = []
    for position, line in enumerate(lines):
        signed = line.indented and position >= len(lines) - _SIGNATURE_LINES
        rule = grouped.get(position) or boilerplate_rule(line.text, indented=signed, title=title)
        if url := source_line_address(line.text):
            body.source = body.source or url
            rule = "source"
        body.under, body.columns = line.under, ""
        if line.column_head and not line.furniture:
            body.dropped.append(Dropped(line.span, "column head"))
        elif line.columns and not line.furniture:
            _add_row(body, line)
        elif rule or line.furniture:
            body.dropped.append(Dropped(line.span, rule or "page furniture"))
        elif is_marked_heading(line) or (
            is_heading(lines, position) and not _outline_number(line, body.outline)
        ):
            _add_heading(body, line)
        elif pending and not starts_block(line.text):
            _add_numbered(body, pending, line.span)
            pending = []
        elif line.text and _printed_numbers(line.text)[1] == len(line.text):
            pending = _printed_numbers(line.text)[0]
        else:
            if pending:  # a number without words of its own
                body.top, body.number, body.markers = None, _digits(pending[0]), []
            pending = []
            _add_line(body, line)
    return body


def _add_heading(body: ReleaseBody, line: Line) -> None:
    """A heading is the context of what follows, and a paragraph too if it tells something."""
    body.top, body.number, body.markers, body.interrupted = None, "", [], []
    if tells(line.text):
        body.heading = ""
        _add_paragraph(body, line)
        body.top = None
    else:
        body.dropped.append(Dropped(line.span, "heading"))
    body.heading = line.text
    body.section = len(body.passages)
    body.labelled.clear()


def _add_row(body: ReleaseBody, line: Line) -> None:
    """A row of a table with a head is whole, whatever its first cell looks like."""
    spans = _pieces(line)
    body.columns = line.columns if len(spans) == 1 else ""
    body.interrupted = body.markers or body.interrupted
    _add_spans(body, spans, None)


def _add_line(body: ReleaseBody, line: Line) -> None:
    outlined = _outline_number(line, body.outline)
    numbers, end = _printed_numbers(line.text)
    marker = BULLET.match(line.text)
    item = ITEM.match(line.text)
    if outlined and not line.literal:
        _add_outlined(body, outlined, line.span)
    elif numbers:
        _add_numbered(body, numbers, Span(line.span.start + end, line.span.end))
    elif marker and marker.group() in _NOTES and len(body.passages) > body.section:
        _add_note(body, marker.group(), Span(line.span.start + marker.end(), line.span.end))
    elif marker:
        _add_bullet(body, marker.group(), Span(line.span.start + marker.end(), line.span.end))
    elif item and _items_before(body, item.group()):
        _add_item(body, item.group(), Span(line.span.start + item.end(), line.span.end))
    else:
        _add_paragraph(body, line)


def _add_numbered(body: ReleaseBody, printed: Sequence[str], span: Span) -> None:
    """`2.` opens a paragraph; `(2)` is an item of the paragraph before it; `2. (1)` is both."""
    above = body.passages[body.top].label if body.top is not None else "("
    first = printed[0]
    if first.startswith("(") and not above.startswith("("):
        _add_item(body, first, span)
        return
    number = first if first.startswith("(") else _digits(first)
    position = body.add(" ".join([number, *printed[1:]]), span, None)
    body.number = number if printed[1:] else body.passages[position].label
    body.top = position
    body.markers, body.interrupted = [Marker("1", each, position) for each in printed[1:]], []


def _outline_number(line: Line, outline: frozenset[str]) -> str:
    """The number of several levels that a line begins with, as printed; "" for any other line.

    It is one where a word processor counts it; one that is typed may be a day or a figure.
    """
    if _SEVERAL_LEVELS.fullmatch(line.label):
        return line.label
    number = "" if PARAGRAPH_NUMBER.match(line.text) else counted_number(line.text)
    if number not in outline:
        return ""
    return f"{number}." if line.text.startswith(f"{number}.") else number


def _add_outlined(body: ReleaseBody, printed: str, span: Span) -> None:
    """`1.2` opens a paragraph under `1`."""
    label = printed.rstrip(".)")
    parent = body.labelled.get(label.rpartition(".")[0])
    body.top = body.add(label, Span(span.start + len(printed), span.end), parent)
    body.number = body.passages[body.top].label
    body.markers, body.interrupted = [], []


def _digits(printed: str) -> str:
    return ".".join(str(int(digits)) for digits in re.findall(r"\d+", printed))


def _printed_numbers(text: str) -> tuple[list[str], int]:
    """The number that a line begins with, and one in brackets after it; and where they end."""
    first = PARAGRAPH_NUMBER.match(text)
    if not first:
        return [], 0
    after_first = len(text) - len(text[first.end() :].lstrip())
    nested = PARAGRAPH_NUMBER.match(text, after_first)
    if nested and nested.group().startswith("("):
        return [first.group(), nested.group()], nested.end()
    return [first.group()], first.end()


def _add_item(body: ReleaseBody, printed: str, span: Span) -> None:
    """An item of an enumeration, under the paragraph or under an item or bullet of it."""
    found = _items_before(body, printed)
    assert found
    markers, depth, style = found
    before = markers[depth : depth + 1]
    body.markers = markers[:depth]
    if before:  # of `2. (1)`, which is one passage, the next is `2 (2)`
        previous = body.passages[before[0].position]
        parent = previous.parent if previous.parent is not None else body.top
        above = previous.label.rpartition(f" {before[0].printed}")[0]
    else:
        parent = body.markers[-1].position if body.markers else body.top
        above = body.passages[parent].label if parent is not None else body.number
    position = body.add(f"{above} {printed}".strip(), span, parent)
    body.markers.append(Marker(style, printed, position))


def _items_before(body: ReleaseBody, printed: str) -> tuple[list[Marker], int, str] | None:
    """The markers that an item follows, which a paragraph may have interrupted, with its depth
    among them and its style; None for what is no item. A number always is one."""
    for markers in (body.markers, body.interrupted):
        if place := _place_of(markers, printed):
            return markers, *place
    return None


def _place_of(markers: list[Marker], printed: str) -> tuple[int, str] | None:
    """The depth of `(b)`, which is that of the `(a)` before it, and its style; None without one.

    `(a)` is at the depth of what is numbered in the same way, else below all. A number is at the
    depth of other numbers, whichever they are, but `(1)` below the letters under them.
    """
    value = printed.strip(_AROUND)
    if value.isdecimal():
        numbers = [depth for depth, marker in enumerate(markers) if marker.style == "1"]
        opens = value == "1" and markers and markers[-1].style in _NUMERALS
        return (numbers[-1] if numbers and not opens else len(markers)), "1"
    for depth, marker in reversed([*enumerate(markers)]):
        if (marker.printed.strip(_AROUND), value) in _FOLLOWS.get(marker.style, ()):
            return depth, marker.style
    for style, numerals in _NUMERALS.items():
        if value == numerals[0]:
            same = [depth for depth, marker in enumerate(markers) if marker.style == style]
            return (same[-1] if same else len(markers)), style
    return None


def _add_bullet(body: ReleaseBody, marker: str, span: Span) -> None:
    """Depth is the order in which bullets first appear under a paragraph, whichever they are."""
    known = next((depth for depth, each in enumerate(body.markers) if each.style == marker), None)
    body.markers = body.markers[:known] if known is not None else body.markers
    parent = body.markers[-1].position if body.markers else body.top
    position = _add_under(body, parent, marker, span)
    body.markers.append(Marker(marker, marker, position))


def _add_note(body: ReleaseBody, marker: str, span: Span) -> None:
    """A note belongs to the passage above it; several notes in a row to the same one."""
    parent: int | None = len(body.passages) - 1
    last = body.passages[-1].label.split()
    if len(last) > 1 and last[-2] in _NOTES:
        parent = body.passages[-1].parent
    _add_under(body, parent, marker, span)


def _add_under(body: ReleaseBody, parent: int | None, marker: str, span: Span) -> int:
    above = body.passages[parent].label if parent is not None else body.number
    stem = f"{above} {marker}" if above else marker
    body.used[stem] += 1
    return body.add(f"{stem} {body.used[stem]}", span, parent)


def _add_paragraph(body: ReleaseBody, line: Line) -> None:
    """A paragraph without a marker: it continues a numbered one, or has a label of its own."""
    speaker = speaker_of(line.text, in_transcript=body.transcript)
    body.interrupted = body.markers or body.interrupted
    if speaker:
        body.speaker, body.number, body.interrupted = speaker, "", []
        if is_questioner(speaker):
            body.question = len(body.passages)
    answer = body.question if not is_questioner(body.speaker) else None
    _add_spans(body, _pieces(line), answer)


def _add_spans(body: ReleaseBody, spans: list[Span], answer: int | None) -> None:
    for span in spans:
        if body.number:
            body.used[f"{body.number} ¶"] += 1
            label = f"{body.number} ¶{body.used[f'{body.number} ¶'] + 1}"
            body.add(label, span, body.top)
        else:
            body.paragraphs += 1
            body.top = body.add(f"¶{body.paragraphs}", span, answer)
    body.markers = []


def _pieces(line: Line) -> list[Span]:
    """The line, or runs of its sentences when it is longer than any paragraph.

    A sentence that is as long is cut between words, and a word where it is.
    """
    if len(line.text) <= _LONGEST:
        return [line.span]
    spans: list[Span] = []
    whole = sentence_spans(line.text)
    for sentence in (piece for each in whole for piece in _cut(line.text, each)):
        start, end = line.span.start + sentence.start, line.span.start + sentence.end
        if spans and end - spans[-1].start <= _PIECE:
            spans[-1] = Span(spans[-1].start, end)
        else:
            spans.append(Span(start, end))
    return spans


def _cut(text: str, sentence: Span) -> Iterator[Span]:
    start = sentence.start
    while sentence.end - start > _LONGEST:
        blank = text.rfind(" ", start + 1, start + _LONGEST)
        end = blank if blank > 0 else start + _LONGEST
        if not text[start:end].isspace():
            yield Span(start, end)
        start = end
    yield Span(start, sentence.end)


def _contact_groups(lines: list[Line]) -> dict[int, str]:
    """Lines set together around a telephone number or an address: a name, an office, the number."""
    groups: list[list[int]] = []
    for position, line in enumerate(lines):
        if line.gap or not groups:
            groups.append([])
        groups[-1].append(position)
    return {
        position: "contact"
        for group in groups
        if any(
            boilerplate_rule(lines[i].text, indented=False, title="") == "contact" for i in group
        )
        and all(len(lines[i].text) <= 80 and not lines[i].text.endswith(".") for i in group)
        and not any(starts_block(lines[i].text) for i in group)
        for position in group
    }


def _links_behind(lines: list[Line]) -> dict[int, str]:
    """The links at the end of a page: tags, legal notices, what to read next."""
    links: dict[int, str] = {}
    for position, line in reversed([*enumerate(lines)]):
        if line.linked and is_short(line):
            links[position] = "links"
        elif not boilerplate_rule(line.text, indented=False, title=""):
            announced = line.text.endswith(":") or (line.level and not _READ_ON.match(line.text))
            return {} if announced else links  # what is announced is content
    return {}  # a page of links has nothing else
