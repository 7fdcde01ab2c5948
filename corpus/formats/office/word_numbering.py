"""The labels of Word's lists, as Word prints them: `1.`, `1.2`, `(a)`, `Article 3`.

A label is in no text of the file: it follows from the paragraphs before, by the levels of the list.
"""

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from corpus.formats.office.list_labels import is_plain_number, printed_number, whole_number
from corpus.formats.office.office_text import BULLETS
from corpus.formats.office.word_styles import WordStyles, value

_LEVELS = 9
_PLACE = re.compile(r"%([1-9])")


@dataclass(slots=True)
class _Level:
    """A level of a list: how it is numbered, and after which levels it starts again."""

    start: int = 1
    kind: str = "decimal"
    text: str = ""
    restart: int | None = None
    in_digits: bool = False
    style: str | None = None


@dataclass(slots=True)
class _Counts:
    """How far each level has been counted, and which levels number paragraphs of the text."""

    numbers: dict[int, int] = field(default_factory=dict)
    restarted: set[tuple[str, int]] = field(default_factory=set)
    of_text: set[int] = field(default_factory=set)


class WordNumbering:
    """The lists of a file, counted as its paragraphs are asked for in order."""

    def __init__(self, root: Element, styles: WordStyles) -> None:
        self._styles = styles
        self._outlines = {each.get("abstractNumId"): each for each in root.iter("abstractNum")}
        self._lists = {each.get("numId"): each for each in root.iter("num")}
        self._levels: dict[str, dict[int, _Level]] = {}
        self._counts: dict[str | None, _Counts] = {}

    def label(self, properties: Element | None, *, heading: bool) -> str:
        """The label of a paragraph with these properties, "" where it has none."""
        place = self._place(properties)
        if place is None:
            return ""
        number, depth = place
        levels = self._levels_of(number)
        level = levels.get(depth)
        if level is None:
            return ""
        if level.kind == "bullet":
            above = sum(levels[each].kind == "bullet" for each in range(depth) if each in levels)
            return BULLETS[min(max(above, self._styled_depth(properties)), len(BULLETS) - 1)]
        counts = self._counts.setdefault(self._outline_id(number), _Counts())
        self._count(number, depth, levels, counts)
        if not heading:
            counts.of_text.add(depth)
        printed = _PLACE.sub(lambda place: self._shown(place, level, levels, counts), level.text)
        # A release that numbers again below `2.` prints `(1)`; another `1.` would open a paragraph.
        nested = any(
            each < depth and levels[each].kind not in ("bullet", "none") for each in counts.of_text
        )
        if nested and is_plain_number(printed):
            return f"({printed.rstrip('.)')})"
        return printed.strip()

    def _shown(
        self, place: re.Match[str], level: _Level, levels: dict[int, _Level], counts: _Counts
    ) -> str:
        depth = int(place[1]) - 1
        other = levels.get(depth, _Level())
        kind = "decimal" if level.in_digits and other.kind != "none" else other.kind
        return printed_number(counts.numbers.get(depth, other.start), kind)

    def _place(self, properties: Element | None) -> tuple[str, int] | None:
        """The list of a paragraph and its level there: its own, or else its style's."""
        own = properties.find("numPr") if properties is not None else None
        number, depth = value(own, "numId"), value(own, "ilvl")
        style = value(properties, "pStyle")
        if number is None:
            for each in self._styles.chain(style):
                stated = each.find("pPr/numPr")
                if stated is not None and (number := value(stated, "numId")) is not None:
                    linked = self._linked_depth(number, each.get("styleId"))
                    depth = depth or value(stated, "ilvl") if linked is None else str(linked)
                    break
        if number is None or number not in self._lists:
            return None
        return number, min(whole_number(depth, 0), _LEVELS - 1)

    def _linked_depth(self, number: str, style: str | None) -> int | None:
        levels = self._levels_of(number)
        return next(
            (depth for depth, level in levels.items() if style and level.style == style), None
        )

    def _styled_depth(self, properties: Element | None) -> int:
        """The depth of a bullet by the style of its paragraph: 1 in `List Bullet 2`."""
        names = self._styles.names(value(properties, "pStyle")) or [""]
        last = names[0].rpartition(" ")[2]
        return int(last) - 1 if last in ("2", "3", "4", "5") else 0

    def _count(self, number: str, depth: int, levels: dict[int, _Level], counts: _Counts) -> None:
        numbers = counts.numbers
        start = self._override(number, depth)
        if start is not None and (number, depth) not in counts.restarted:
            counts.restarted.add((number, depth))
            numbers[depth] = start
        else:
            numbers[depth] = numbers.get(depth, levels[depth].start - 1) + 1
        for above in range(depth):  # a level that was passed over counts as begun
            if above not in numbers:
                numbers[above] = levels[above].start if above in levels else 1
        for below in [each for each in numbers if each > depth]:
            restart = levels[below].restart if below in levels else None
            if restart is None or depth < restart:
                del numbers[below]

    def _override(self, number: str, depth: int) -> int | None:
        for each in self._lists[number].iter("lvlOverride"):
            start = whole_number(value(each, "startOverride"), -1)
            if each.get("ilvl") == str(depth) and start >= 0:
                return start
        return None

    def _outline_id(self, number: str) -> str | None:
        """The outline of a list; one that only names a style is that of the style's list."""
        seen = set()
        while number in self._lists and number not in seen:
            seen.add(number)
            identifier = value(self._lists[number], "abstractNumId")
            outline = self._outlines.get(identifier)
            style = value(outline, "numStyleLink")
            linked = [value(each, "pPr", "numPr", "numId") for each in self._styles.chain(style)]
            if style is None or not any(linked):
                return identifier
            number = next(filter(None, linked))
        return None

    def _levels_of(self, number: str) -> dict[int, _Level]:
        if number not in self._levels:
            outline = self._outlines.get(self._outline_id(number))
            levels = _levels(outline) if outline is not None else {}
            if number in self._lists:
                for override in self._lists[number].iter("lvlOverride"):
                    levels |= _levels(override)
            self._levels[number] = levels
        return self._levels[number]


def _levels(parent: Element) -> dict[int, _Level]:
    levels = {}
    for each in parent.iter("lvl"):
        restart = whole_number(value(each, "lvlRestart"), -1)
        kind = each.find("numFmt")
        if kind is None:
            kind = each.find(".//numFmt")  # in what stands in for a newer format
        levels[whole_number(each.get("ilvl"), 0)] = _Level(
            start=whole_number(value(each, "start"), 1),
            kind=kind.get("val", "decimal") if kind is not None else "decimal",
            text=value(each, "lvlText") or "",
            restart=restart if restart >= 0 else None,
            in_digits=each.find("isLgl") is not None and value(each, "isLgl") not in ("0", "false"),
            style=value(each, "pStyle"),
        )
    return levels
