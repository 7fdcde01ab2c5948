"""The signs that a browser prints before the items of a list."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_BULLETS = "•◦▪□·"
_ROMAN = tuple(
    zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        "m cm d cd c xc l xl x ix v iv i".split(),
        strict=True,
    )
)


@dataclass(slots=True)
class Listing:
    """A list that is being read; `style` is the `type` of an ordered list, or a bullet."""

    style: str
    nested: bool
    number: int = 1
    step: int = 1

    def sign(self, item: "LexborNode") -> str:
        """The sign of the next item: `1.` and, in a list within a numbered list, `(1)`."""
        if self.style in _BULLETS:
            return self.style
        self.number = _whole(item.attributes.get("value"), self.number)
        counted = numeral(self.number, self.style)
        self.number += self.step
        return f"({counted})" if self.nested else f"{counted}."


def listing_of(node: "LexborNode", around: list[Listing]) -> Listing:
    """The list that this element begins inside of others."""
    if node.tag != "ol":
        depth = sum(each.style in _BULLETS for each in around)
        return Listing(_BULLETS[min(depth, len(_BULLETS) - 1)], nested=False)
    attributes = node.attributes
    style = attributes.get("type") or "1"
    nested = any(each.style not in _BULLETS for each in around)
    listing = Listing(style if style in ("a", "A", "i", "I") else "1", nested)
    first = 1
    if "reversed" in attributes:
        listing.step = -1
        first = sum(item.tag == "li" for item in node.iter())
    listing.number = _whole(attributes.get("start"), first)
    return listing


def numeral(number: int, style: str) -> str:
    """A number as an ordered list of this type prints it; in digits where it has no other form."""
    if style in ("a", "A") and number > 0:
        counted = ""
        while number:
            number, letter = divmod(number - 1, 26)
            counted = chr(ord("a") + letter) + counted
    elif style in ("i", "I") and 0 < number < 4000:
        counted = ""
        for value, letters in _ROMAN:
            counted += letters * (number // value)
            number %= value
    else:
        return str(number)
    return counted.upper() if style in ("A", "I") else counted


def _whole(value: str | None, otherwise: int) -> int:
    match = re.match(r"\s*(-?\d{1,9})(?!\d)", value or "")
    return int(match[1]) if match else otherwise
