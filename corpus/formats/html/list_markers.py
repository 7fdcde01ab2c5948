"""The markers that a browser prints before the items of a list."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.text.numerals import numeral

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_BULLETS = "•◦▪□·"


@dataclass(slots=True)
class OpenList:
    """A list that is being read; `style` is the `type` of an ordered list, or a bullet.

    `bullets` and `numbered` count the lists of the two kinds around it.
    """

    style: str
    bullets: int = 0
    numbered: int = 0
    number: int = 1
    step: int = 1

    def marker(self, item: "LexborNode") -> str:
        """The marker of the next item: `1.` and, in a list within a numbered list, `(1)`."""
        if self.style in _BULLETS:
            return self.style
        self.number = _whole(item.attributes.get("value"), self.number)
        counted = numeral(self.number, self.style)
        self.number += self.step
        return f"({counted})" if self.numbered else f"{counted}."


def open_list(node: "LexborNode", around: OpenList | None) -> OpenList:
    """The list that this element begins inside of another."""
    bullets = around.bullets + (around.style in _BULLETS) if around else 0
    numbered = around.numbered + (around.style not in _BULLETS) if around else 0
    if node.tag != "ol":
        return OpenList(_BULLETS[min(bullets, len(_BULLETS) - 1)], bullets, numbered)
    attributes = node.attributes
    style = attributes.get("type") or "1"
    listing = OpenList(style if style in ("a", "A", "i", "I") else "1", bullets, numbered)
    first = 1
    if "reversed" in attributes:
        listing.step = -1
        first = sum(item.tag == "li" for item in node.iter())
    listing.number = _whole(attributes.get("start"), first)
    return listing


def _whole(value: str | None, otherwise: int) -> int:
    match = re.match(r"\s*(-?\d{1,9})(?!\d)", value or "")
    return int(match[1]) if match else otherwise
