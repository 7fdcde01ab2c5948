"""A page's blocks, and the elements around them with what these hold, which tells content from
furniture."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_LONGEST_NAME = 400


@dataclass(slots=True)
class Likes:
    """The elements below one that have the same tag and class, as the entries of a list do."""

    count: int = 0
    letters: int = 0
    linked: int = 0


@dataclass(slots=True, eq=False)
class Element:
    """An element that a browser sets apart, and the letters and digits in it, and in its links.

    `names` are the words of its class, id and role; `likes` what its own children are like.
    """

    tag: str
    classes: str = ""
    names: frozenset[str] = frozenset()
    parent: "Element | None" = None
    letters: int = 0
    linked: int = 0
    likes: dict[tuple[str, str], Likes] = field(default_factory=dict)

    @property
    def link_share(self) -> float:
        """The part of its letters that are in links."""
        return self.linked / max(1, self.letters)

    def above(self) -> "Iterator[Element]":
        """The element itself, and those around it, up to the root."""
        each: Element | None = self
        while each is not None:
            yield each
            each = each.parent

    def like_it(self) -> Likes:
        """The children of its parent that are like it, itself among them."""
        assert self.parent
        return self.parent.likes[self.tag, self.classes]


@dataclass(slots=True)
class TextBlock:
    """A block of words; a `gap` is space above it; `linked` is the part of its letters in links.

    `element` is the innermost one around it. Of a table's row, `columns` is the head of its
    columns, and `under` what else of the table it stands under; a `column_head` is such a head.
    `furniture` is the page's and not the document's.
    """

    text: str
    gap: bool = True
    level: int = 0
    literal: bool = False
    indented: bool = False
    linked: float = 0.0
    bold: bool = False
    columns: str = ""
    under: str = ""
    column_head: bool = False
    furniture: bool = False
    element: Element | None = field(default=None, repr=False)

    def around(self) -> list[Element]:
        """The elements around it, from the innermost to the root."""
        return [*self.element.above()] if self.element else []


def open_element(node: "LexborNode", tag: str, parent: Element) -> Element:
    """The element that begins inside of another."""
    attributes = node.attributes
    classes = attributes.get("class") or ""
    named = f"{classes[:_LONGEST_NAME]} {(attributes.get('id') or '')[:_LONGEST_NAME]}"
    names = {word.lower() for word in _WORD.findall(named)}
    if role := attributes.get("role"):
        names.add(f"role={role.lower()}")
    if states := attributes.get("itemprop"):
        names.add(f"itemprop={states.lower()}")
    parent.likes.setdefault((tag, classes), Likes()).count += 1
    return Element(tag, classes, frozenset(names), parent)


def close_element(element: Element) -> None:
    """Adds what an element holds to those around it."""
    parent = element.parent
    assert parent
    parent.letters += element.letters
    parent.linked += element.linked
    likes = element.like_it()
    likes.letters += element.letters
    likes.linked += element.linked
