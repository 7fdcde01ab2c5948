"""Names in a text: runs of capitalised words, as English writes people, places and bodies."""

import re
from collections.abc import Iterator

from corpus.language.calendar_words import MONTHS, WEEKDAYS
from corpus.language.stop_words import STOP_WORDS

_PARTICLES = ("of", "de", "da", "di", "del", "van", "von", "bin", "al", "el", "le", "la")
_CAPITAL = r"[^\W\d_a-zà-ÿ가-힣]"  # Hangul has none
_NAME = re.compile(
    rf"(?<![\w.-]){_CAPITAL}[\w’'.]*(?:-\w+)*"
    rf"(?:\s(?:(?:{'|'.join(_PARTICLES)})\s)?{_CAPITAL}[\w’'.]*(?:-\w+)*)*"
)
_CALENDAR = MONTHS.keys() | set(map(str.lower, WEEKDAYS))
_OPENERS = frozenset(
    "outcome readout latest press besides after before during under since explain describe list "
    "find name compare".split()
)


def names_in(text: str) -> tuple[str, ...]:
    """Runs of capitalised words, but for a lone first word, acronyms, months and weekdays."""
    names = []
    for start, words in _runs(text):
        if _starts_sentence(text, start) and words[0].casefold() in _OPENERS | STOP_WORDS:
            words = words[2 if len(words) > 2 and words[1] in _PARTICLES else 1 :]
        elif _starts_sentence(text, start) and len(words) == 1:
            continue
        kept = [re.sub(r"[’']s?$|[.?!,]+$", "", word) for word in words]
        kept = [word for word in kept if word.casefold().rstrip(".") not in _CALENDAR]
        if any(_is_capitalised(word) and word.casefold() not in STOP_WORDS for word in kept):
            names.append(" ".join(kept))
    return tuple(dict.fromkeys(names))


def _runs(text: str) -> Iterator[tuple[int, list[str]]]:
    """Runs of capitalised words with where they begin; one ends with its sentence, where a word
    that only asks or opens follows a full stop."""
    for match in _NAME.finditer(text):
        start, words = match.start(), match.group().split()
        for at in range(len(words) - 1, 0, -1):
            opening = words[at].casefold() in _OPENERS | STOP_WORDS
            if words[at - 1].endswith(".") and opening:
                yield start + match.group().rfind(words[at]), words[at:]
                words = words[:at]
        yield start, words


def _starts_sentence(text: str, position: int) -> bool:
    while position and text[position - 1] in " \"'“‘(¿":
        position -= 1
    return position == 0 or text[position - 1] in ".!?:"


def _is_capitalised(word: str) -> bool:
    """Whether a word is a capitalised one: no acronym, and of a script that has capitals."""
    letters = [character for character in word if character.isalpha()]
    acronym = len(letters) <= 6 and all(map(str.isupper, letters))
    return len(letters) > 1 and letters[0].isupper() and not acronym
