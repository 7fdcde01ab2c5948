"""The numbers of OpenDocument's lists, which go on from list to list as pandoc does not follow.

Pandoc takes a list's first number from its style alone, so such a list gets a style of its own.
"""

import copy
import re
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

_URN = "urn:oasis:names:tc:opendocument:xmlns"
_LIST, _ITEM = f"{{{_URN}:text:1.0}}list", f"{{{_URN}:text:1.0}}list-item"
_STYLE = f"{{{_URN}:text:1.0}}list-style"
_START = f"{{{_URN}:text:1.0}}start-value"
_NAME, _USED = f"{{{_URN}:style:1.0}}name", f"{{{_URN}:text:1.0}}style-name"
_GOES_ON = f"{{{_URN}:text:1.0}}continue-numbering"
_GOES_ON_FROM = f"{{{_URN}:text:1.0}}continue-list"
_ID = "{http://www.w3.org/XML/1998/namespace}id"
_CONCERNED = re.compile(rb"text:(?:continue-|start-value)")


def with_explicit_numbers(content: bytes, styles: bytes) -> bytes:
    """`content.xml` with each list's first number in its style; `styles` is `styles.xml`.

    What is no XML is given back as it is, for pandoc to refuse.
    """
    if not _CONCERNED.search(content):
        return content
    try:
        root, others = ElementTree.fromstring(content), ElementTree.fromstring(styles)
    except ElementTree.ParseError:
        return content
    place = root.find(f"{{{_URN}:office:1.0}}automatic-styles")
    if place is None:
        return content
    known = {style.get(_NAME): style for tree in (others, root) for style in tree.iter(_STYLE)}
    for number, (each, start) in enumerate(_first_numbers(root)):
        style = copy.deepcopy(known.get(each.get(_USED)))
        if style is None or not len(style):
            continue
        name = f"list {number}"  # no name in XML holds a space, so none is taken
        style.set(_NAME, name)
        style[0].set(_START, str(start))
        place.append(style)
        each.set(_USED, name)
        each.attrib.pop(_GOES_ON, None)
    return ElementTree.tostring(root, "unicode").encode()


def _first_numbers(root: Element) -> list[tuple[Element, int]]:
    """The outer lists that begin at another number than their style has, with that number."""
    nested = {id(each) for item in root.iter(_ITEM) for each in item.iter(_LIST)}
    following: dict[str | None, int] = {}
    found: list[tuple[Element, int]] = []
    for each in root.iter(_LIST):
        items = each.findall(_ITEM)
        if id(each) in nested or not items:
            continue
        stated = items[0].get(_START, "")
        before = each.get(_GOES_ON_FROM)
        if stated.isdecimal():
            start = int(stated[:9])
        elif before is not None:
            start = following.get(f"#{before}", 1)
        else:
            start = following.get(each.get(_USED), 1) if each.get(_GOES_ON) == "true" else 1
        if start != 1:
            found.append((each, start))
        following[each.get(_USED)] = following[f"#{each.get(_ID)}"] = start + len(items)
    return found
