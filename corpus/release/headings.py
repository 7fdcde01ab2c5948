"""Headings: short lines of their own that say what the paragraphs below them are about."""

import re
from dataclasses import replace

from corpus.language.dates import find_days
from corpus.language.sentences import sentence_spans
from corpus.release.boilerplate_words import ROLES
from corpus.release.label_lines import is_labelled, is_record
from corpus.release.speakers import speaker_of
from corpus.text.logical_lines import BULLET, PARAGRAPH_NUMBER, Line, starts_block

ITEM = re.compile(
    r"(?:\(?(?:[A-Za-z]|[ivxIVX]{2,5})\)|(?:[a-z]|[ivx]{2,5})\.(?!\s*[a-z]\.))(?=\s+\S)"
)
"""A letter or Roman numeral of an enumeration: `(a)`, `iv.`."""
_FIGURE = (
    r"(?<![\w.-])[$€£¥]?(?!(?:19|20)\d\d\b)\d[\d.,]*"
    r"(?:\s?(?:%|(?!(?:and|to|und|et|y)\b)[a-zà-ÿ]{1,9}|[A-Z]{2,3}))?"
)
_ROW_OF_FIGURES = re.compile(rf"{_FIGURE}[\s|/]+{_FIGURE}$")
"""The last of `Adults 404 kroner 538 kroner`."""
_FORMULA = re.compile(r"\\[a-z]{2}|(?:^|\s|\w)[=≠≤≥≈⇒∑∫∈](?:\s|\w|$)")
_HEADING_LENGTH = 100
_UNSPACED = 31
_SENTENCE_LIKE = re.compile(
    r"[.!?:;,…—–؟۔।-][\"'”’“»«)\]]*(?:\s?\[\d{1,3}\])*$|[”\"]$|\)$|[;,]\s(?:and|or)$|"
    r"[a-z]{3}[.!?]\s+[A-Z]|[。！？；，]|(?:니다|한다|했다|된다|됐다|였다|이다|있다|없다|하다)$|"
    rf"[^\s\x00-\x7f]{{{_UNSPACED}}}"
)
"""How a sentence ends or goes on; a run of that many letters without a space is a sentence of a
script that writes none."""


_QUANTITY = re.compile(
    r"(?!(?:19|20)\d\ds?$)(?:[~≈<>±]\s?)?(?:[$€£¥]\s?)?(?:\d[\d.,/]*(?:\s\d/\d|\s?[½¼¾⅓⅔⅛])?|[½¼¾⅓⅔⅛])"
    r"(?:\s?[%‰°]C?)?[^\W\dA-Z]{0,5}(?:\s[^\W\dA-Z]{1,20}|\s\([^()]{1,20}\)|,){0,6}"
)
"""Nothing but a quantity: `1`, `24%`, `100 µm`, `$5,080 and over`, `1/2 cup (4 oz) butter`."""
_MEASURED = re.compile(
    r"[$€£¥]\s?\d|\d\s?(?:[%‰€£¥]|°[CF]?(?!\w))|"
    r"(?:^|(?<![^\s(])[^\WA-ZÀ-Þ\d]\S*\s|[^\w\s.]\s)"
    r"(?!(?:19|20)\d\d\b)\d[\d.,]*\s(?!(?:and|to|und|et|y)\b)[a-zà-ÿ]{1,9}\.?$"
)
"""A line with `$103 Million`, `12 %`, or at its end `costs 4 kroner`, but not `Schedule 2 fees`."""
_WITH_OFFICE = re.compile(
    r"(?:(?:Dr|Prof|Mr|Mrs|Ms|Amb|Hon)\.?\s)?(?:[A-ZÀ-Þ][\w.’'-]*\s){1,3}[A-ZÀ-Þ][\w’'-]+"
    r"(?:,\s(?:Jr|Sr|Ph\.?D|M\.?D|II|III)\.?)?,\s"
    rf"(?!(?i:general)\s(?!(?i:{ROLES})\b))(?=(?:[\w.’'-]+\s){{0,6}}?"
    rf"(?i:{ROLES})\b)[^.!?:]+"
)
"""`Marvin Achtenberg, Park Ranger`, `Carol Spahn, Nominee for Director of the Peace Corps`."""
_FINITE = frozenset(
    "is are was were be been has have had will would can cannot could should must do does did "
    "it's don't we you they he she ist sind waren wird werden wurde wurden hat haben hatte "
    "kann können soll muss müssen darf dürfen ich wir sie est sont était ont été peut doit "
    "nous vous il elle es fue fueron ha han será puede debe è sono hanno può deve são foi "
    "foram pode jest są był była было был есть".split()
)
"""Words of a sentence, which a heading of few words seldom has."""
_ASKING = frozenset(
    "how what why when where who whom whose which if wie was warum wann wo wer comment pourquoi "
    "quand où qui que cómo qué por cuándo dónde quién come perché jak".split()
)
"""Words with which the heading of an instruction begins."""
_OPEN_ENDED = frozenset(
    "a an the of for in on at by to from with and or that und oder von mit für der die das dass zu "
    "et ou de du des le la les que y o el los las por para con e di da del".split()
)
"""Words with which no heading ends."""
_PROSE = 6  # words
_SENTENCE = 150  # characters: no heading is longer that ends like a sentence


def is_heading(lines: list[Line], position: int) -> bool:
    """A short line of its own, no sentence, above a paragraph."""
    line = lines[position]
    if not is_short(line) or position + 1 == len(lines) or not line.gap:
        return False
    if _QUANTITY.fullmatch(line.text) and not find_days(line.text):
        return False
    following = lines[position + 1]
    if position:
        before = lines[position - 1]
        if is_short(before) and not line.text.isupper():
            return False
        if is_labelled(line.text) and is_labelled(before.text):
            return False
        if _is_numbered_label(before) and starts_block(following.text):
            return False  # what is asked for under `6. Who should know`
    if line.text.split()[-1] in _OPEN_ENDED:
        return False
    return following.gap and not is_short(following)


def is_marked_heading(line: Line) -> bool:
    """Whether a line is marked as a heading and is one: a paragraph in the type of one is none."""
    if not line.level:
        return False
    sentences = sentence_spans(line.text)
    long = len(line.text) > _SENTENCE and line.text.rstrip("\"'”’»)")[-1:] in ".!。！"
    return not long and (len(sentences) < 3)


def tells(text: str) -> bool:
    """Whether a heading is worth citing by itself: a day, a quantity, somebody and their office, or
    most of a sentence."""
    if "?" in text:
        return False
    is_quantity = _QUANTITY.fullmatch(text) and not text.isdecimal()
    if find_days(text) or is_quantity or _MEASURED.search(text) or _WITH_OFFICE.fullmatch(text):
        return True
    words = re.sub(r"[^\w\s'’-]", " ", text.casefold()).split()
    small = sum(word[0].islower() for word in text.split())
    prose = len(words) >= _PROSE and small * 5 >= len(words) * 2
    if not words:
        return False
    instructs = words[0] in _ASKING or (len(words[0]) > 5 and words[0].endswith("ing"))
    return prose and not instructs and not _FINITE.isdisjoint(words)


def _is_numbered_label(line: Line) -> bool:
    """Whether a line is a number and a few words, and no sentence."""
    number = PARAGRAPH_NUMBER.match(line.text)
    words = line.text[number.end() :].strip() if number else ""
    return bool(words) and is_short(replace(line, text=words))


def is_short(line: Line) -> bool:
    """Whether a line could be a heading by its words alone."""
    return (
        len(line.text) <= _HEADING_LENGTH
        and len(line.text.split()) <= 14
        and not _SENTENCE_LIKE.search(line.text)
        and not PARAGRAPH_NUMBER.match(line.text)
        and not BULLET.match(line.text)
        and not ITEM.match(line.text)
        and not speaker_of(line.text)
        and not is_record(line.text)
        and not _ends_in_figures(line.text)
        and not _FORMULA.search(line.text)
        and not line.literal
        and not line.text[0].islower()
    )


def _ends_in_figures(text: str) -> bool:
    """Whether a line is a row of figures or ends in some, `Adults 404 kroner 538 kroner`: it says
    something, though a table around it was lost."""
    row = _ROW_OF_FIGURES.search(text)
    return bool(row) and not find_days(text)
