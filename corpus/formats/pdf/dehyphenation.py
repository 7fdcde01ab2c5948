"""Where a printed line ends: whether its last word goes on, and whether a hyphen there is true."""

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

from corpus.language.languages import language_of

_WORD = re.compile(r"[^\W\d_]+(?:[-‐][^\W\d_]+)*")
_LAST = re.compile(r"(?P<word>(?:[^\W\d_]+[-‐])*(?P<part>[^\W\d_]+))[-‐\u00ad]$")
_GLUED = re.compile(r"[\w.][-‐]$|\S[—–/]$")
_TRUE_PREFIXES = frozenset(
    "non self well high low long short follow anti cross all ex vice".split()
)
_TRUE_ENDINGS = frozenset("called minded based armed".split())
_SMALL_WORDS = frozenset("a and at by for in of off on or out the to up with".split())
_ENDING = re.compile(
    r"[b-df-hj-np-tv-z]{0,2}(?:[ts]?ion(?:al|ally|ed|ing)?|al|ally|ly|ed|ing|er|or|ment|ness|able|ible|"
    r"ive|ity|ty|ous|ance|ence|ant|ent|ate|ated|ates|ia|ian|ic|ical|ary|ory|ism|ist|ize|ized|age|ure)s?"
)
"""What is a syllable at the end of an English word, not a word itself."""
_KOREAN = re.compile(
    r"(?:[bdghjklmnprstwy]|ch|kk|sh|wh)?"
    r"(?:ae|ai|a|eo|eu|ee|e|i|oo|ou|oi|o|ui|u|ya|yeo|ye|yo|yu|you|wa|weo|wo)(?:ng|ck|[bhklmnpt])?"
)
"""A syllable of a Korean given name, `Kyung-wha`, of which each is romanised by itself."""
_NAME = re.compile(r"[A-Z]\w+\s+[A-Z][a-z]+-$")
_PLACE = frozenset("gu gun dong eup myeon".split())
"""What follows the name of a Korean district: `Jongno-gu`."""
_LONGEST = 100  # letters in a word
_SAMPLE = 200  # lines, by whose words the language is told
_LISTS = {"English": "en", "French": "fr", "Italian": "it", "Portuguese": "pt", "Spanish": "es"}
"""Languages that write a compound in two words or with a hyphen, seldom in one as German does."""
_RARE = 100  # times in the texts that a word list was made of: a slip, or a spelling of few
_HYPHENATING = 0.04  # of the lines: without hyphenation, fewer end in the hyphen of a compound


class Dehyphenator:
    """Joins words broken at line ends, by the words that the document has within its lines."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._known: Counter[str] = Counter()
        lines = list(lines)
        self._language = language_of(" ".join(lines[:_SAMPLE]))
        ends = total = 0
        broken: re.Match[str] | None = None
        typed = certain = False
        for line in lines:
            words = [word.casefold() for word in _WORD.findall(line)]
            certain = certain or bool(broken and words and _is_syllable(broken["part"], words[0]))
            first, broken = int(bool(broken)), _LAST.search(line[-_LONGEST:])
            self._known.update(words[first : len(words) - bool(broken)])
            ends, total = ends + bool(broken), total + 1
            typed = typed or "‐" in line[:-1]
        self._typed = "-‐" if typed else "-"
        self._hyphenating = certain or ends > _HYPHENATING * total

    def ending(self, line: str, after: str) -> str:
        """A line as it reads before the next one of its paragraph, with the space between them."""
        before = line[-_LONGEST:]
        broken, next_word = _LAST.search(before), _WORD.match(after[:_LONGEST])
        if broken and next_word:
            if before[-1] not in self._typed:  # a program's own hyphen, which nobody typed
                return line[:-1]
            named = bool(_NAME.search(before))
            true = self._is_true(broken["word"], broken["part"], next_word.group(), named=named)
            return line if true else line[:-1]
        if _GLUED.search(before) or re.match(r"—\S", after):
            return line
        return line if self._is_one_word(before, after) else f"{line} "

    def _is_true(self, word: str, part: str, rest: str, *, named: bool) -> bool:
        """Whether the hyphen between two parts of a word is its own, not that of a line break."""
        first, left = rest.split("-")[0].split("‐")[0], word.casefold()
        for right in dict.fromkeys((rest.casefold(), first.casefold())):
            compound, whole = self._known[f"{left}-{right}"], self._known[left + right]
            if compound != whole:
                return compound > whole
        part, right = part.casefold(), first.casefold()
        if not first[0].islower() or word.isupper():
            return True
        if right in _TRUE_ENDINGS or (word[0].isupper() and right in _PLACE):
            return True
        if named and _KOREAN.fullmatch(part) and _KOREAN.fullmatch(right):
            return True
        inner = (part if part != left else "", right if first != rest else "")
        if not _SMALL_WORDS.isdisjoint(inner):
            return True
        if language := _LISTS.get(self._language):
            return self._is_compound(part, right, _word_list(language))
        if part in _TRUE_PREFIXES:
            return True
        if _ENDING.fullmatch(right):
            return False
        if not self._hyphenating:
            return True
        return bool(self._known[part] and (part != left or self._known[right]))

    def _is_compound(self, part: str, right: str, listed: Mapping[str, int]) -> bool:
        """Whether two words were written with a hyphen, by a list of the words of the language."""
        whole, are_words = listed.get(part + right, 0), part in listed and right in listed
        if part in _TRUE_PREFIXES and whole < _RARE:
            return True
        if whole:
            return are_words and not self._hyphenating
        return are_words and not _ENDING.fullmatch(right)

    def _is_one_word(self, before: str, after: str) -> bool:
        """Chinese and Japanese have no spaces; Korean words may be broken anywhere."""
        if _is_ideographic(before[-1]) and _is_ideographic(after[0]):
            return True
        if not (_is_hangul(before[-1]) and _is_hangul(after[0])):
            return False
        word = (_WORD.findall(before)[-1:] or [""])[0] + _WORD.findall(after)[0]
        return bool(self._known[word.casefold()])


@cache
def _word_list(language: str) -> Mapping[str, int]:
    """The words of a language, with how often each was counted."""
    packed = files("spellchecker").joinpath("resources", f"{language}.json.gz").read_bytes()
    words: dict[str, int] = json.loads(gzip.decompress(packed))
    return words


def _is_syllable(part: str, rest: str) -> bool:
    """Whether only a program breaks a word there, not its writer."""
    return part.casefold() not in _TRUE_PREFIXES and bool(_ENDING.fullmatch(rest))


def _is_ideographic(sign: str) -> bool:
    return "\u3040" <= sign <= "\u30ff" or "\u3400" <= sign <= "\u9fff" or sign in "、。「」・"


def _is_hangul(sign: str) -> bool:
    return "\uac00" <= sign <= "\ud7a3"
