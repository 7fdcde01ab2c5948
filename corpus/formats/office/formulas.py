"""Formulas of Word and of OpenDocument in one line: `a/b`, `x^2`, `√(y+1)`."""

from xml.etree.ElementTree import Element


def word_formula(element: Element) -> str:
    """The signs of a formula of Word, in the order in which they are read."""
    tag = element.tag
    if tag == "t":
        return element.text or ""
    inner = "".join(map(word_formula, element))
    if tag == "num":
        return _grouped(inner)
    if tag in _BEFORE and inner:
        return _BEFORE[tag] + _grouped(inner)
    if tag == "rad":
        degree, base = ("".join(map(word_formula, element.findall(name))) for name in ("deg", "e"))
        return f"{degree}√({base})"
    if tag == "d":
        opening = _stated(element.find("dPr"), "begChr", "(")
        closing = _stated(element.find("dPr"), "endChr", ")")
        return f"{opening}{', '.join(map(word_formula, element.findall('e')))}{closing}"
    return _stated(element.find("naryPr"), "chr", "∫") + inner if tag == "nary" else inner


def mathml(element: Element) -> str:
    """The signs of a formula in MathML, in the order in which they are read."""
    tag, parts = element.tag, [mathml(child) for child in element]
    if tag == "annotation":
        return ""
    if tag in _BETWEEN and len(parts) > 1:
        return _BETWEEN[tag].join(map(_grouped, parts))
    inner = "".join([(element.text or "").strip(), *parts])
    return f"√({inner})" if tag == "msqrt" else inner


_BEFORE = {"den": "/", "sup": "^", "sub": "_"}
_BETWEEN = {"mfrac": "/", "msup": "^", "msub": "_"}


def _grouped(inner: str) -> str:
    return inner if len(inner) <= 1 or inner.isalnum() else f"({inner})"


def _stated(properties: Element | None, name: str, usual: str) -> str:
    mark = properties.find(name) if properties is not None else None
    return usual if mark is None else mark.get("val", "")
