"""The labels of OpenDocument's lists and numbered headings, as an office program prints them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from corpus.formats.office.list_labels import is_plain_number, printed_number, whole_number
from corpus.formats.office.office_text import BULLETS

_KINDS = {
    "1": "decimal",
    "a": "lowerLetter",
    "A": "upperLetter",
    "i": "lowerRoman",
    "I": "upperRoman",
}
_OUTLINE = "outline of headings"  # no name in XML holds a space, so none is taken
_ALPHABETS = {
    "①": "decimalEnclosedCircle",
    "一": "chineseCounting",
    "가": "ganada",
    "ㄱ": "chosung",
    "ア": "aiueoFullWidth",
    "イ": "iroha",
    "甲": "ideographTraditional",
    "А": "russianUpper",
    "а": "russianLower",
}


@dataclass(slots=True)
class Numbers:
    """How far each level of a list has been counted; levels count from 1."""

    reached: dict[int, int] = field(default_factory=dict)
    of_text: set[int] = field(default_factory=set)


class ListStyles:
    """The list styles of a file by name, and the style of its headings."""

    def __init__(self, trees: Iterable[Element]) -> None:
        self._levels: dict[str | None, dict[int, Element]] = {}
        for tree in trees:
            for tag in ("list-style", "outline-style"):
                for style in tree.iter(tag):
                    levels = {whole_number(each.get("level"), 1): each for each in style}
                    self._levels[style.get("name")] = levels
                    if tag == "outline-style":
                        self._levels[_OUTLINE] = levels

    def label(
        self, style: str | None, depth: int, numbers: Numbers, start: str | None, *, heading: bool
    ) -> str:
        """Counts an item at this depth of a list and gives its label."""
        levels = self._levels.get(style)
        if levels is None:  # office programs draw bullets where no style is known
            return BULLETS[min(depth, len(BULLETS)) - 1]
        level = levels.get(depth)
        if level is None:
            return ""
        if level.tag != "list-level-style-number" and level.tag != "outline-level-style":
            bullets = [d for d in range(1, depth) if d in levels and levels[d].tag == level.tag]
            return BULLETS[min(len(bullets), len(BULLETS) - 1)]
        first = whole_number(level.get("start-value"), 1)
        numbers.reached[depth] = whole_number(start, numbers.reached.get(depth, first - 1) + 1)
        for above in range(1, depth):  # a level that was passed over counts as begun
            if above in levels:
                numbers.reached.setdefault(above, whole_number(levels[above].get("start-value"), 1))
        for below in [each for each in numbers.reached if each > depth]:
            del numbers.reached[below]
        if not heading:
            numbers.of_text.add(depth)
        shown = min(whole_number(level.get("display-levels"), 1), depth)
        parts = [
            self._part(levels.get(each), each, numbers)
            for each in range(depth - shown + 1, depth + 1)
        ]
        if not parts[-1]:
            return ""
        text = ".".join(filter(None, parts))
        printed = f"{level.get('num-prefix', '')}{text}{level.get('num-suffix', '')}".strip()
        # A release that numbers again below `2.` prints `(1)`; another `1.` would open a paragraph.
        if is_plain_number(printed) and any(each < depth for each in numbers.of_text):
            return f"({printed.rstrip('.)')})"
        return printed

    def outline(self, depth: int, numbers: Numbers, start: str | None) -> str:
        """Counts a heading of this level and gives its label."""
        if _OUTLINE not in self._levels:
            return ""
        return self.label(_OUTLINE, depth, numbers, start, heading=True)

    @staticmethod
    def _part(level: Element | None, depth: int, numbers: Numbers) -> str:
        kind = level.get("num-format", "") if level is not None else ""
        if not kind or depth not in numbers.reached:
            return ""
        number = numbers.reached[depth]
        return printed_number(number, _KINDS.get(kind) or _ALPHABETS.get(kind[0], "decimal"))
