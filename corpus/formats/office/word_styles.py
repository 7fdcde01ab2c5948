"""The styles of a Word file: which paragraphs are headings, and what their letters look like."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from corpus.formats.office.list_labels import whole_number

_HEADING = re.compile(r"heading ([1-9])$", re.IGNORECASE)
_CONTENTS = re.compile(r"(?:toc|contents|index) \d$|table of figures$", re.IGNORECASE)
_BODY_LEVEL = 9  # the outline level of what is no heading


def value(parent: Element | None, *path: str) -> str | None:
    """The value of the element at the end of a path of names, if it is there."""
    for name in path:
        parent = parent.find(name) if parent is not None else None
    return parent.get("val", "") if parent is not None else None


def is_on(parent: Element | None, name: str) -> bool | None:
    """Whether a property is switched on, or None where it is not stated."""
    stated = value(parent, name)
    return None if stated is None else stated not in ("0", "false", "off", "none")


def heading_level(name: str) -> int:
    """The level of the headings of a style by its name, 1 for a title; 0 for paragraphs."""
    heading = _HEADING.match(name)
    return int(heading[1]) if heading else int(name.lower() == "title")


def is_line_of_contents(name: str) -> bool:
    """Whether the paragraphs of a style of this name are lines of a table of contents."""
    return bool(_CONTENTS.match(name))


class WordStyles:
    """The styles by their identifiers."""

    def __init__(self, root: Element) -> None:
        self._styles = {style.get("styleId"): style for style in root.iter("style")}
        self._looks: dict[tuple[str, str], str | None] = {}
        self._default = next(
            (
                style.get("styleId")
                for style in root.iter("style")
                if style.get("type") == "paragraph" and style.get("default") in ("1", "true", "on")
            ),
            None,
        )

    def chain(self, style: str | None) -> Iterator[Element]:
        """A style and those that it is based on; for no style the paragraphs' default."""
        seen = set()
        style = style or self._default
        while style in self._styles and style not in seen:
            seen.add(style)
            yield self._styles[style]
            style = value(self._styles[style], "basedOn")

    def names(self, style: str | None) -> list[str]:
        """The names of a style and of those that it is based on."""
        return [value(each, "name") or "" for each in self.chain(style)]

    def level(self, style: str | None) -> int:
        """The level of the headings of this style, 1 for a title; 0 for paragraphs."""
        for each in self.chain(style):
            name = value(each, "name") or ""
            outline = whole_number(value(each, "pPr", "outlineLvl"), -1)
            if outline >= 0:
                return outline + 1 if outline < _BODY_LEVEL else 0
            if level := heading_level(name):
                return level
        return 0

    def is_of_contents(self, style: str | None) -> bool:
        """Whether paragraphs of this style are lines of a table of contents."""
        return any(map(is_line_of_contents, self.names(style)))

    def looks(self, style: str | None, name: str) -> str | None:
        """What a style of letters says of a property of theirs."""
        if style is None:
            return None
        if (style, name) not in self._looks:
            stated = (value(each, "rPr", name) for each in self.chain(style))
            self._looks[style, name] = next((each for each in stated if each is not None), None)
        return self._looks[style, name]
