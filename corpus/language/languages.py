"""The language of a text, by its script and by the words that carry its grammar."""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection
from functools import cache, lru_cache

_LEAST = 2  # function words: one alone may be a name, or a word of another language
_READ = 1_000  # characters: of a document well above a hundred words
_WORD = re.compile(r"[^\W\d_]{2,}")
_SCRIPTS = {"HANGUL": "Korean", "HIRAGANA": "Japanese", "KATAKANA": "Japanese", "CJK": "Chinese"}
"""Scripts of one language, by how Unicode names their letters. Kanji alone are read as Chinese."""
_SHARED_SCRIPTS = ("LATIN", "CYRILLIC", "ARABIC", "DEVANAGARI")
"""Scripts whose languages are told apart by their words."""


def language_of(text: str, among: Collection[str] = ()) -> str:
    """The English name of the language that most of a text is in; empty when it cannot be told.

    A script of its own decides. Else the language that has most of the text's words among its
    function words, those of the package stop-words; what may be English is English. Where only
    languages `among` some can be meant, one such word tells, and what may be another is no English.
    """
    text = text[:_READ]
    script = "LATIN" if text.isascii() else _script(text)
    if script and script not in _SHARED_SCRIPTS:
        return _SCRIPTS.get(script, script.title())
    words = Counter(map(str.casefold, _WORD.findall(text)))
    told = {
        language: sum(times for word, times in words.items() if word in known)
        for language, known in _function_words().items()
        if not among or language in among
    }
    best = max(
        told,
        key=lambda language: (told[language], (language == "English") != bool(among)),
        default="",
    )
    return best if told.get(best, 0) >= (1 if among else _LEAST) else ""


def language_named(code: str) -> str:
    """The English name of a language whose function words are known, by its code of ISO 639-1; else
    empty."""
    from stop_words import LANGUAGE_MAPPING

    return str(LANGUAGE_MAPPING.get(code, "")).title()


def is_function_word(word: str, language: str) -> bool:
    """Whether a word only carries the grammar of this language."""
    return bool(language) and word.casefold() in _function_words().get(language, ())


@lru_cache(1_000)
def _script_of(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]


def _script(text: str) -> str:
    """The script of most letters; of Japanese, which writes in three, that of its syllables."""
    scripts = Counter(_script_of(letter) for letter in text if letter.isalpha())
    for kana in ("HIRAGANA", "KATAKANA"):
        if kana in scripts:
            scripts[kana] += scripts.pop("CJK", 0)
    return max(scripts, key=lambda each: scripts[each], default="")


@cache
def _function_words() -> dict[str, frozenset[str]]:
    from stop_words import AVAILABLE_LANGUAGES, get_stop_words

    return {
        language.title(): frozenset(get_stop_words(language)) for language in AVAILABLE_LANGUAGES
    }
