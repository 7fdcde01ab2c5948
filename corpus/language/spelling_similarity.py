"""How alike two spellings are: by their letters, their consonants, and the slips between them."""

import re
import unicodedata
from collections.abc import Sequence

_SOUNDS = ("bfpvw", "cgjkqsxz", "dt", "l", "mn", "r")
_SOUND = {letter: str(number) for number, group in enumerate(_SOUNDS) for letter in group}
_LIKENESS = 0.5  # Jaro and Winkler's; below it no other romanisation was found
SHORT_WORD, _ALIKE = 5, 0.7  # longer words have to be alike beyond their consonants
_VOWELS = re.compile("[aeiouyw]+")
_LETTERS = 8  # for each slip that changes how a word sounds


def bare_letters(word: str) -> str:
    """A word without accents, case, points and hyphens."""
    decomposed = unicodedata.normalize("NFKD", word)
    return "".join(letter for letter in decomposed if letter.isalnum()).casefold()


def letters_key(name: str) -> str:
    """What two spellings of a name share that differ in hyphens, spaces, case and order."""
    return "".join(sorted(bare_letters(name)))


def phonetic_key(word: str) -> str:
    """The consonants of a word, by class, in order: what romanisations and slips mostly keep.

    The classes of Soundex (Russell 1918), without its exception for the first letter.
    """
    classes = "".join(_SOUND.get(letter, "") for letter in bare_letters(word))
    return re.sub(r"(.)\1+", r"\1", classes)


def nearest_spelling(typed: str, words: Sequence[str], *, same_sound: bool) -> str | None:
    """The likest word that is a slip away, or of `same_sound` another romanisation."""
    from rapidfuzz import process
    from rapidfuzz.distance import JaroWinkler, Levenshtein

    found = process.extract(
        typed, words, scorer=JaroWinkler.similarity, score_cutoff=_LIKENESS, limit=20
    )
    for word, _, _ in found:
        slips = Levenshtein.distance(word, typed)
        heard = phonetic_key(word) == phonetic_key(typed)
        if (slips == 1 and heard) or slips <= len(typed) // _LETTERS:
            return word
        alike = len(typed) <= SHORT_WORD or JaroWinkler.similarity(word, typed) >= _ALIKE
        syllables = len(_VOWELS.findall(word)) == len(_VOWELS.findall(typed))
        if same_sound and heard and len(phonetic_key(typed)) > 1 and alike and syllables:
            return word
    return None
