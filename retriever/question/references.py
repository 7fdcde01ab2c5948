"""References: whether the pronouns of a question mean something that it does not name itself."""

import re
from collections.abc import Callable, Sequence

from retriever.index.lexical.terms import meaningful

_VERBS = "is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might|must"
_ENDS = r"\s*(?:[?.!,;]|$)"
_PRONOUN = re.compile(
    rf"\b(?:he|him|his|she|her|hers|they|them|their|theirs|its)\b"
    rf"|\bit\b(?!\s(?:is\s|was\s)?(?:true|said|known|clear|likely|possible|easier|when|"
    rf"(?:cost|take)s?\b[^?.!]{0, 60}\sto|(?-i:[A-Z])\w*|\w+ing)\b)"
    rf"|\b(?:that|this|these|those)\b(?={_ENDS}|\s(?:same|day|meeting|call|visit|trip|time|"
    rf"place|week|month|year)\b)"
    rf"|\bthe same\b|\banother one\b"
    rf"|\bthe (?:latter|former|two|others?|one)\b"
    rf"(?={_ENDS}|\s(?:{_VERBS}|in|on|at|for|from|to|of)\b)"
    rf"|(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bwere )\bthere(?={_ENDS})",
    re.IGNORECASE,
)
"""`his`, the `it` of "did it hold", the `that` of "after that?", `the latter`, the `there` of "who
went there?"; neither the `it` of "is it known" nor `the two` of "the two chairs", nor the `there`
of "was there"."""
_PARTICLES = (
    "together|up|out|off|down|over|back|away|in|on|at|to|for|with|from|by|about|then|there|now"
)
_OBJECT = re.compile(
    r"(?:him|them|the same)\b|(?:that|this) (?!is\b|was\b)\w"
    rf"|(?:her|it|there)(?:\W*$|\s(?:{_PARTICLES})\b)",
    re.IGNORECASE,
)
"""Those that cannot be the subject of their sentence, and so mean another than it."""
_OWNED = re.compile(r"['’]s?\b|['’](?=\s)|\bof [A-Z]")
"""Behind `Kim's wife` and `the wife of Kim`, `him` may be Kim."""
_SUBJECT = re.compile(r"(?:he|she|they)\b", re.IGNORECASE)
_ASKS = re.compile(rf"\b(?:{_VERBS})\s$", re.IGNORECASE)
"""The `did ` behind which the subject of a question stands."""
_CLAUSE = re.compile(
    rf"[,;:.?!]|\b(?:{_VERBS}|if|when|after|before|because|since|while|although|and|that)\b",
    re.IGNORECASE,
)
"""What shows that a clause with a subject of its own came before."""
_JOINS = re.compile(
    r"\w\W+(?:after|before|when|where|while|if|because|that|until|since|as|although|and|which|who)"
    r"\s$|[,;:]",
    re.IGNORECASE,
)
"""What joins the pronoun's clause to one before it, whose subject it may be."""
_CATAPHOR = re.compile(r"(?:his|her|its|their)\b[^,]*,\s", re.IGNORECASE)

# A pronoun behind so many words that carry meaning points at one of them. Found on the development
# threads, where 2 and 4 were worse.
_REFERENTS = 3
_LONG = 4  # words with a name among them, behind which others may be meant


def points_back(text: str, named: Callable[[str], Sequence[str]]) -> bool:
    """Whether a pronoun of the text means something that the text does not name before it; `named`
    finds names."""
    return any(
        _is_open(text[: each.start()], text[each.start() :], named)
        for each in _PRONOUN.finditer(text)
    )


def _is_open(before: str, behind: str, named: Callable[[str], Sequence[str]]) -> bool:
    """Whether the pronoun that `behind` begins with means nothing in the words before it.

    "Which officials did he see?" asks of another than these, and "What did Kim think of him?" of
    another than Kim.
    """
    asks = _ASKS.search(before)
    if asks and _SUBJECT.match(behind) and not _CLAUSE.search(before[: asks.start()]):
        return True
    names, said = named(before), len(meaningful(before))
    if names:
        plain = len(names) == 1 and said <= _LONG and not _OWNED.search(before)
        return plain and bool(_OBJECT.match(behind))
    if said and _JOINS.search(before):
        return False
    comes = _CATAPHOR.match(behind)
    return said < _REFERENTS and not (comes and named(behind[comes.end() :]))
