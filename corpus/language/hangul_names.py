"""Names in Hangul, and the ways in which they may be written in Latin letters.

A syllable has an initial, a vowel and a final, and each has a few romanisations: the Revised one of
2000, McCune and Reischauer's, and those that people choose for themselves. The spellings of a name
follow from them, and no list of people is needed.
"""

import re
from collections.abc import Iterator
from functools import cache
from itertools import product, zip_longest

from corpus.document import Span

_TOKEN = re.compile(r"[가-힣]+")
_PARTICLE = re.compile(
    r"(?:씨|님)?(?:은|는|이|가|을|를|과|와|의|도|만|에|로|랑|께|으로|이랑|에게|한테|께서|부터|까지|이나|"
    r"에게서|께서는|에게는|라고|이라고)?$"
)
_LONGEST = 4  # syllables: a surname has one or two, and so has nearly every given name


def _table(romanised: str) -> list[list[str]]:
    return [each.replace("-", "").split(",") for each in romanised.split()]


# In the order in which Unicode composes syllables (chapter 3.12, "Hangul Syllable Composition"),
# the Revised Romanisation first; a hyphen is an empty spelling.
_INITIALS = _table(
    "g,k kk,gg,k n,r d,t tt,dd,t r,l,n m b,p pp,bb,p s,sh ss,s - j,ch jj,j ch k t p h"
)
_VOWELS = _table(
    "a,ah,ar ae,ai,ay ya yae eo,u,o,uh,ur,ou e,eh yeo,yu,yo,you ye o,oh wa wae oe,oi,we,oy yo "
    "u,oo,ou wo,weo we wi,wee yu,yoo,you eu,u,oo ui,eui,ee,i i,ee,ie"
)
_FINALS = _table("- k,g,ck,c k k n,nn n n t,d l,r k m l l l p l m p,b p t,s t ng t t k t p t,-")
_SILENT = 11  # the initial that is written and not spoken
_SPOKEN = {"i": ["l", "r", "rh", "y"], "y": ["l", "r"], "u": ["w"]}
"""What it is written as before some vowels: Lee and Yi are one surname, so are Ryu and Yoo."""


def possible_names(text: str) -> Iterator[tuple[Span, str]]:
    """What might be a person's name, and the part of the text that it takes, by where it begins;
    most are ordinary words.

    Each has two to four syllables, in one word, or in two of which one has a single syllable, as
    surnames do; once as it is, and once without the particle that may be attached to it.
    """
    tokens = list(_TOKEN.finditer(text))
    for token, following in zip_longest(tokens, tokens[1:]):
        span = Span(*token.span())
        found = [(span, word) for word in _bare(token.group())]
        if following and text[token.end() : following.start()] == " ":
            both = Span(token.start(), following.end())
            found += [
                (both, f"{token.group()} {word}")
                for word in _bare(following.group())
                if 1 in (len(token.group()), len(word))
            ]
        yield from (each for each in found if 2 <= len(each[1].replace(" ", "")) <= _LONGEST)


def _bare(word: str) -> list[str]:
    """The word, and what is left of it without the particle in which it may end."""
    stem = _PARTICLE.sub("", word, count=1)
    return [word, stem] if stem and stem != word else [word]


def name_parts(name: str) -> list[tuple[str, str]]:
    """The two parts of a name: those that were typed apart, or a surname of one syllable or of two
    and what follows it."""
    if " " in name:
        first, second = name.split(" ")
        return [(first, second)]
    return [(name[:length], name[length:]) for length in (1, 2) if length < len(name)]


@cache
def romanisations(syllable: str) -> tuple[str, ...]:
    """The ways to write one syllable in Latin letters, in lower case, the Revised one first.

    Raises `ValueError` for what is no syllable of Hangul.
    """
    if len(syllable) != 1 or not _TOKEN.match(syllable):
        raise ValueError(f"{syllable!r} is no syllable of Hangul")
    rest, final = divmod(ord(syllable) - ord("가"), len(_FINALS))
    initial, vowel = divmod(rest, len(_VOWELS))
    initials = _INITIALS[initial]
    if initial == _SILENT:
        initials = ["", *_SPOKEN.get(_VOWELS[vowel][0][0], [])]
    written = ["".join(each) for each in product(initials, _VOWELS[vowel], _FINALS[final])]
    written += [f"wh{each[2:]}" for each in written if each.startswith("hw")]
    return tuple(dict.fromkeys(written))


def spelling_pattern(part: str) -> str:
    """A regular expression for the spellings of a part of a name, its syllables joined or apart."""
    return " ?".join(f"(?:{'|'.join(romanisations(syllable))})" for syllable in part)
