"""The reading of a question: its stand-alone text, its terms, and the names it asks about."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.characters import INVISIBLE, search_form
from retriever.errors import QuestionRefused
from retriever.lexical import terms_of

LONGEST_QUESTION = 4_000
"""In characters; Slack's longest message that a person types is shorter."""

_STOP_WORDS = frozenset(
    "a an the of in on at to for from by with and or is are was were be been being do does did "
    "done what which who whom whose when where why how that this these those it its as about "
    "into there their they them he she his her hers we us you i me my our your not no any some "
    "than then so if has have had will would can could should may might must shall s t d ll re "
    "ve m w also just please tell show give say says said summarize regarding concerning else "
    "such before after".split()
)
_FOLLOW_UP = re.compile(
    r"(?:and|but|also|what about|how about|what else|who else|why|when|where|how|which of|more)\b",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"\b(?:it|its|that|this|those|these|they|them|their|there|he|him|his|she|her|such|same|latter|"
    r"former|two of them|both)\b",
    re.IGNORECASE,
)
_PARTICLES = ("of", "de", "da", "di", "del", "van", "von", "bin", "al", "el", "le", "la")
_NAME = re.compile(
    r"(?<![\w.-])[^\W\d_a-zà-ÿ][\w’'.]*(?:-\w+)*"
    rf"(?:\s(?:(?:{'|'.join(_PARTICLES)})\s)?[^\W\d_a-zà-ÿ][\w’'.]*(?:-\w+)*)*"
)
_CALENDAR = frozenset(
    "january february march april may june july august september october november december jan feb "
    "mar apr jun jul aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday "
    "sunday".split()
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A question as it is searched for.

    `text` stands alone: what a follow-up leaves out is taken from the history. `words` carry
    meaning, `terms` are the same analysed, `names` the capitalised names as they were typed.
    """

    text: str
    words: tuple[str, ...]
    terms: tuple[str, ...]
    names: tuple[str, ...]


def read_question(question: str, history: Sequence[str] = ()) -> Reading:
    """Reads a question that follows the earlier questions of its thread, oldest first.

    Raises `QuestionRefused` when it is empty or longer than `LONGEST_QUESTION`.
    """
    typed = _typed(question)
    if not typed:
        raise QuestionRefused("The question is empty; type what you want to know.")
    if len(typed) > LONGEST_QUESTION:
        raise QuestionRefused(
            f"The question has {len(typed):,} characters, and {LONGEST_QUESTION:,} are read; "
            "ask a shorter one."
        )
    text = _stand_alone(typed, [_typed(earlier)[:LONGEST_QUESTION] for earlier in history])
    words = tuple(dict.fromkeys(word.strip(".,;:?!\"'()") for word in _words(text)))
    return Reading(text, words, tuple(dict.fromkeys(_meaningful(text))), names_in(text))


def names_in(text: str) -> tuple[str, ...]:
    """Runs of capitalised words, but for a lone first word, acronyms, months and weekdays."""
    names = []
    for match in _NAME.finditer(text):
        words = match.group().split()
        if _starts_sentence(text, match.start()) and words[0].casefold() in _OPENERS | _STOP_WORDS:
            words = words[2 if len(words) > 2 and words[1] in _PARTICLES else 1 :]
        elif _starts_sentence(text, match.start()) and len(words) == 1:
            continue
        kept = [re.sub(r"[’']s?$|[.?!,]+$", "", word) for word in words]
        kept = [word for word in kept if word.casefold().rstrip(".") not in _CALENDAR]
        if any(_is_capitalised(word) and word.casefold() not in _STOP_WORDS for word in kept):
            names.append(" ".join(kept))
    return tuple(dict.fromkeys(names))


_OPENERS = frozenset(
    "outcome readout latest press besides after before during under since explain describe list "
    "find name compare".split()
)


def _starts_sentence(text: str, position: int) -> bool:
    before = text[:position].rstrip(" \"'“‘(¿")
    return not before or before[-1] in ".!?:"


def _is_capitalised(word: str) -> bool:
    """Whether a word is a capitalised one: no acronym, and of a script that has capitals."""
    letters = [character for character in word if character.isalpha()]
    acronym = len(letters) <= 6 and all(map(str.isupper, letters))
    return len(letters) > 1 and letters[0].isupper() and not acronym


def _typed(question: str) -> str:
    """The question without control and invisible characters, on one line."""
    kept = (
        " " if unicodedata.category(character) in ("Cc", "Zl", "Zp", "Cs") else character
        for character in question
        if character not in INVISIBLE
    )
    return " ".join("".join(kept).split())


def _meaningful(text: str) -> list[str]:
    return [term for term in terms_of(" ".join(_words(text))) if term not in _STOP_WORDS]


def _words(text: str) -> list[str]:
    return [
        word
        for word in search_form(text).split()
        if word.casefold().strip(".,;:?!") not in _STOP_WORDS
    ]


def _stand_alone(question: str, history: Sequence[str]) -> str:
    """The question, behind the latest earlier one that stands alone when it leans on it.

    A question leans on what came before when it opens like a follow-up or points back, and names
    little itself. The whole history is never joined: that buries what is asked now.
    """
    if not history or not _leans(question):
        return question
    for earlier in reversed(history):
        if not _leans(earlier) or earlier is history[0]:
            return f"{earlier} {question}"
    return question


def _leans(question: str) -> bool:
    words, names = len(_meaningful(question)), len(names_in(question))
    opens = _FOLLOW_UP.match(question)
    asks_alone = opens and opens[0].casefold() in ("why", "when", "where", "how") and names
    signals = bool((opens and not asks_alone) or _POINTS_BACK.search(question))
    return (signals and words <= 5 and names <= 1) or (words <= 2 and not names)
