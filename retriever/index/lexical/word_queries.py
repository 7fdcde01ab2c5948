"""Queries for a word as people type it: whatever its case, ending, hyphens and possessive.

What a document says is decided here, and a word counts as said when any of its forms stands
anywhere: a sentence that denies it has to be true.
"""

import re
from collections.abc import Callable, Iterator, Sequence

import tantivy

from corpus.language.irregular_forms import other_forms
from corpus.text.characters import search_form
from retriever.index.lexical.terms import terms_of

LONGEST_WORD = 60  # letters; tantivy's index leaves longer ones out
PLAIN_ANALYZER = (
    tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    .filter(tantivy.Filter.remove_long(LONGEST_WORD))
    .filter(tantivy.Filter.lowercase())
    .filter(tantivy.Filter.ascii_fold())
    .build()
)
"""Words as they are, folded and not stemmed."""

_POSSESSIVE = re.compile(r"['’](?:s|(?=\W*$))\W*$", re.IGNORECASE)
"""`'s`, and the `'` of "ministers'"."""
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
    "\uf900-\ufaff]"
)
"""Letters of scripts that write no blank between words, or join particles to them."""
_ENDINGS = (
    ("", "s"), ("", "es"), ("", "d"), ("", "ed"), ("", "ing"), ("e", "ing"), ("y", "ies"),
    ("", "n"), ("", "ns"), ("", "an"), ("", "ans"), ("", "ian"), ("", "ians"), ("", "ese"),
    ("", "i"),
)  # fmt: skip
"""What English words end in, and what it becomes in another form of the word, or of a land."""
_SPELLINGS = (
    ("our", "or"),
    ("is", "iz"),
    ("ys", "yz"),
    ("ence", "ense"),
    ("tre", "ter"),
    ("ll", "l"),
)
"""What is spelt in two ways, British and American."""


def word_query(
    schema: tantivy.Schema,
    word: str,
    fields: tuple[str, ...],
    plain: str,
    exists: Callable[[str], bool],
) -> tantivy.Query:
    """The passages that say a word, in a field of stems or in the `plain` one.

    `exists` tells which words the plain field has at all.
    """
    bare = _bare(word)
    tokens = PLAIN_ANALYZER.analyze(bare)
    either: list[tantivy.Query] = []
    for phrase in _phrases(tokens):
        if all(map(exists, phrase)):
            either.append(_phrase_query(schema, plain, phrase))
    if stems := stems_of(word):
        each = (_in_any(schema, fields, stem) for stem in stems)
        either.append(tantivy.Query.boolean_query([(tantivy.Occur.Must, one) for one in each]))
    for token in tokens if _UNSPACED.search(bare) else ():
        either.append(tantivy.Query.regex_query(schema, plain, f".*{re.escape(token)}.*"))
    shoulds = [(tantivy.Occur.Should, query) for query in either]
    return tantivy.Query.const_score_query(tantivy.Query.boolean_query(shoulds), 1.0)


def stems_of(word: str) -> list[str]:
    """The stems that say the word where they all stand. A capitalised word with an accent is said
    by itself and its endings alone, since its stem may be another's: `Babiš` and `babies` have one.
    """
    bare = _bare(word)
    return terms_of(bare) if bare.isascii() or not _is_capitalised(bare) else []


def plain_word(word: str) -> str:
    """The word as the plain field has it; empty when it is several there, or none."""
    tokens = PLAIN_ANALYZER.analyze(_bare(word))
    return tokens[0] if len(tokens) == 1 else ""


def is_indexed(word: str) -> bool:
    """Whether the index could hold the word: it has a letter or digit, and not too many."""
    form = search_form(word)
    longest = max(map(len, re.findall(r"\w+", form)), default=LONGEST_WORD)
    return longest < LONGEST_WORD and bool(PLAIN_ANALYZER.analyze(form))


def parts_of_compound(word: str) -> list[str]:
    """The parts of a word with hyphens, slashes or other signs in it; empty when it has none."""
    parts = re.findall(r"\w+", _bare(word))
    return parts if len(parts) > 1 else []


def _bare(word: str) -> str:
    return _POSSESSIVE.sub("", search_form(word))


def _phrases(tokens: list[str]) -> Iterator[list[str]]:
    """The words in a row, joined, or apart: `co-operate`, `cooperate`; and other endings."""
    if not tokens:
        return
    yield tokens
    whole = "".join(tokens)
    if len(tokens) > 1:
        yield [whole]
        return
    yield from ([other] for other in sorted(other_endings(whole)))
    for cut in range(1, len(whole)):
        yield [whole[:cut], whole[cut:]]


def other_endings(word: str) -> set[str]:
    """The word, in lower case, with all other endings and spellings; most are no words."""
    irregular = other_forms(word)
    found = irregular.union(*map(_with_endings, (word, *irregular)))
    found = found.union(*map(other_forms, found))
    return found.union(*map(other_spellings, (word, *found))) - {word}


def other_spellings(word: str) -> set[str]:
    """The word in lower case as the other side of the Atlantic may spell it."""
    both = (*_SPELLINGS, *((other, one) for one, other in _SPELLINGS))
    return {word.replace(one, other) for one, other in both if one in word}


def _with_endings(word: str) -> Iterator[str]:
    """The word with another ending, or with one less."""
    for without, with_ending in _ENDINGS:
        if word.endswith(with_ending) and len(word) > len(with_ending) + 2:
            yield word.removesuffix(with_ending) + without
        if word.endswith(without):
            yield word.removesuffix(without) + with_ending


def _is_capitalised(word: str) -> bool:
    return word[:1].isupper() and word[1:2].islower()


def _phrase_query(schema: tantivy.Schema, field: str, words: Sequence[str]) -> tantivy.Query:
    if len(words) == 1:
        return tantivy.Query.term_query(schema, field, words[0])
    return tantivy.Query.phrase_query(schema, field, [*words])


def _in_any(schema: tantivy.Schema, fields: tuple[str, ...], term: str) -> tantivy.Query:
    queries = [tantivy.Query.term_query(schema, field, term) for field in fields]
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])
