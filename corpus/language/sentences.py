"""Sentences of a paragraph, as ranges of it."""

import re

from corpus.document import Span
from corpus.language.calendar_words import MONTH_ABBREVIATIONS

_ABBREVIATIONS = MONTH_ABBREVIATIONS.union(
    "mr mrs ms dr st amb gov gen lt col sgt capt adm sen rep prof hon rev jr sr vs etc no nos vol "
    "fig art sec para inc ltd co corp dept min pres sec-gen approx ca cf "
    "e.g i.e a.m p.m ph.d u.s u.n u.k e.u d.c d.p.r.k r.o.k".split()
)
_END = re.compile(
    r"(?<![.!?…])[.!?…]++[\"'”’»)\]]*+(?=\s|$)|[。！？]++[”」』)]*+(?![\u0300-\u036f])|다\.(?=\s|$)"
)
AFTER_A_SENTENCE = " \"'”’»)]*_"
"""What may stand behind the mark that ends a sentence, Markdown's signs among it."""
_NEXT = re.compile(r"\s*[\"'“‘«(\[]*(\w)")


def sentence_spans(text: str) -> list[Span]:
    """The sentences of `text` in order, without the white space between them.

    Every other character lies in exactly one sentence. A dot after an abbreviation, an initial or
    before a lower-case letter ends none.
    """
    spans: list[Span] = []
    start = 0
    for match in _END.finditer(text):
        if match.group().startswith(".") and not _ends_sentence(text, match):
            continue
        _append(spans, text, start, match.end())
        start = match.end()
    _append(spans, text, start, len(text))
    return spans


def _append(spans: list[Span], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        spans.append(Span(start, end))


def _ends_sentence(text: str, dot: re.Match[str]) -> bool:
    following = _NEXT.match(text, dot.end())
    if following and following[1].islower():
        return False
    word = text[max(0, dot.start() - 12) : dot.start()].split()[-1:]
    last = word[0].lstrip("\"'“‘(").casefold() if word else ""
    if len(last) == 1 and last.isalpha() and last != "i":
        return False
    return last not in _ABBREVIATIONS or following is None


def only_asks(text: str) -> bool:
    """Whether every sentence of the text ends with a question mark."""
    if not text.rstrip(AFTER_A_SENTENCE).endswith("?"):
        return False
    sentences = (span.of(text).rstrip(AFTER_A_SENTENCE) for span in sentence_spans(text))
    return all(sentence.endswith("?") for sentence in sentences)
