"""Questions about the corpus itself: which documents mention something, how many, and when first.

Such a question asks for documents, not for what they say: the kind of document is what its verb or
`how many` asks for, and what follows says only what they mention. With another clause behind it, or
with what they are not to mention, it is an ordinary question.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from retriever.index.lexical.terms import meaningful

_KIND = (
    r"(?:(?:press|news|media|official|public|joint) )?(?:document|doc|release|statement|readout|"
    r"text|file|paper|article|report|transcript|briefing|speech|remark|page|memo|memorandum|letter|"
    r"e?-?mail|note|record|publication|post|entry|entrie|speeche|memoranda)"
)
_KINDS = rf"(?:{_KIND}s|(?:press |public )?(?:memoranda|media notes))"
_SAYS = (
    r"(?:mention|name|cite|quote|contain|include|discuss|cover|concern|feature|address|"
    r"refer(?:ring|s|red)? to|talk(?:ing|s|ed)? (?:about|of)|"
    r"sp(?:eak|eaks|eaking|oke) (?:about|of)|deal(?:ing|s|t)? with)(?:e?s|ing|ed)?"
)
_MENTIONED = (
    r"(?:mentioned|named|cited|quoted|discussed|referred to|talked about|spoken of|covered|"
    r"mention|appear(?:s|ed)?|occur(?:s|red)?|com(?:e|es|ing) up|came up|show(?:s|ed)? up|"
    r"featured?)"
)
_MEET = r"(?:meet|met|speak|spoke|talk|talked|get together|come together|see each other)"
_ARE = r"(?:is|are|was|were|does|do|did|has|have|had)"
_RELATION = (
    rf"(?:(?:(?:that|which|who) |to )?(?:(?:{_ARE}|may|might|can) )?{_SAYS}"
    r"|(?:(?:that|which) )?(?:are |is )?(?:on|about|regarding|concerning|with|naming|"
    r"having to do with|related to|relating to)|(?:that|which) (?:say|have))"
)
_THERE = (
    r"(?: (?:are|were) there| do (?:you|we) (?:have|hold|know)| have (?:you|we)(?: got)?|"
    r" (?:were|are|was) (?:posted|published|issued|released|dated|written)| exist|"
    r" in total| in all)*"
)
_POLITE = (
    r"(?:(?:and|so|now|ok(?:ay)?|please|just|hi|hello|hey|can you|could you|would you|will you|"
    r"i(?:'d| would) like(?: to (?:see|have|know))?|i (?:need|want)(?: to (?:see|have|know))?)\b"
    r"[\s,]*)*"
)
_BRING = (
    r"(?:(?:list|enumerate|show|give|get|find|name|bring up|pull up|collect|fetch|print|display)"
    r"(?: (?:me|us|out))?|i(?:'m| am) (?:looking|searching) for|"
    r"where (?:can|do) i find)"
)
_OF = r"(?:(?: of)?(?: (?:the|our|your|these|those|my|available|existing))?)"
_NTH = r"(?:(?P<first>first|earliest|oldest)|(?P<last>last|latest|newest|most recent(?:ly)?))"


class Wanted(StrEnum):
    """What a question about the corpus asks for."""

    LIST = "list"
    COUNT = "count"
    FIRST = "first"
    LAST = "last"
    TIMELINE = "timeline"

    @property
    def is_one(self) -> bool:
        """Whether it is one document, the others being beside the point."""
        return self in (Wanted.FIRST, Wanted.LAST)

    @property
    def oldest_first(self) -> bool:
        """Whether the documents are wanted in the order of their days."""
        return self in (Wanted.FIRST, Wanted.TIMELINE)


@dataclass(frozen=True, slots=True)
class CorpusQuestion:
    """What is wanted of the documents that mention the `subject`; without one, of all.

    Who is said to have met stands `together` in a passage.
    """

    wanted: Wanted
    subject: str = ""
    together: bool = False


def _forms(*forms: str) -> tuple[re.Pattern[str], ...]:
    ends = r"[^\w\"”]*"  # a quotation is part of the subject
    return tuple(re.compile(rf"\W*{_POLITE}(?:{each}){ends}", re.IGNORECASE) for each in forms)


_SUBJECT = r"(?P<subject>.+?)"
_ABOUT = rf"(?:\s+{_RELATION}\s+{_SUBJECT})?"
_LISTS = _forms(
    rf"(?:{_BRING}|all|every|each|(?:a )?list of)(?: a list of)?"
    rf"(?: (?:all|every|each|any|whatever))*{_OF} (?:{_KINDS}|(?<=every ){_KIND}|(?<=each ){_KIND})"
    rf"{_THERE}{_ABOUT}",
    rf"(?:{_BRING}(?: all)?{_OF} )?(?:(?:in|on) )?(?:which|what) (?:of {_OF} )?{_KINDS}{_THERE}\s+"
    rf"{_RELATION}\s+{_SUBJECT}",
    rf"(?:in|on) (?:which|what)(?: of)?{_OF} {_KINDS} {_ARE} {_SUBJECT} (?:been )?{_MENTIONED}",
    rf"(?:which|what)(?: of)?{_OF} {_KINDS} {_ARE} {_SUBJECT} (?:been )?{_MENTIONED} in",
    rf"{_BRING} (?:everything|anything|all|whatever)(?: (?:that )?(?:you|we) have)? (?:on|about) "
    rf"{_SUBJECT}",
    rf"(?:do|does|did) (?:any|some)(?: of)?{_OF} {_KINDS} {_SAYS} {_SUBJECT}",
    rf"{_ARE} {_SUBJECT} (?:been )?{_MENTIONED} in any(?: of)?{_OF} (?:{_KINDS}|{_KIND})",
    rf"(?:are|were) there (?:any |some )?{_KINDS}\s+{_RELATION}\s+{_SUBJECT}",
    rf"(?:{_BRING}(?: all)?{_OF} )?{_KINDS} (?:in|on) which {_SUBJECT} (?:{_ARE} )?(?:been )?"
    rf"{_MENTIONED}",
    rf"(?:{_BRING}(?: all)?{_OF} )?{_KINDS} where {_SUBJECT} (?:{_ARE} )?(?:been )?{_MENTIONED}",
    rf"{_KINDS} (?:(?:that|which) {_SAYS}|mentioning|naming) {_SUBJECT}",
)
_COUNTS = _forms(
    r"(?:(?:in )?how many(?: of)?|(?:what is |tell me )?(?:the )?(?:total )?number of|"
    r"count(?: all)?)"
    rf"{_OF} {_KINDS}{_THERE}{_ABOUT}",
    rf"in how many(?: of)?{_OF} {_KINDS} {_ARE} {_SUBJECT} (?:been )?{_MENTIONED}",
    rf"how many(?: of)?{_OF} {_KINDS} {_ARE} {_SUBJECT} (?:been )?{_MENTIONED} in",
    rf"how (?:many times|often) {_ARE} {_SUBJECT} (?:been )?{_MENTIONED}",
)
_TIMELINES = _forms(
    rf"(?:(?:{_BRING}|make|draw|build|create|write) )?(?:a |the )?"
    rf"(?:short |full )?(?:timeline|time line|chronology)(?: of| for| on| about)(?: all)?"
    rf"(?: (?:(?:the )?{_KINDS}|mentions)(?: of| on| about| {_RELATION}))?\s+{_SUBJECT}",
)
_ENDS = _forms(
    rf"when {_ARE} (?P<subject>.+?) (?:for the )?{_NTH}(?: time)? (?:been )?"
    rf"(?:{_MENTIONED}|(?P<met>{_MEET})\b(?P<object>.*?))(?: for the first time)?",
    rf"when (?:did|have|has) (?P<subject>.+?) (?P<met>{_MEET})\b(?P<object>.*?) "
    rf"for the {_NTH} time",
    rf"when {_ARE}{_OF} {_KINDS} {_NTH} {_SAYS} {_SUBJECT}",
    rf"when {_ARE} the {_NTH} time (?:that )?(?P<subject>.+?) (?:{_ARE} )?"
    rf"(?:{_MENTIONED}|(?P<met>{_MEET})\b(?P<object>.*?))",
    rf"(?:(?:in )?(?:what|which)(?: {_ARE})?|{_BRING})(?: the)? {_NTH} {_KIND} {_RELATION} "
    rf"{_SUBJECT}",
    rf"in (?:which|what) {_KIND} {_ARE} {_SUBJECT} {_NTH} (?:been )?{_MENTIONED}",
    rf"(?:(?:what|which|when) {_ARE} )?(?:the )?{_NTH} (?:mention|{_KIND} {_RELATION})(?: of)?"
    rf" {_SUBJECT}",
)
_IN_ORDER = re.compile(
    r"[,;]?\s*\b(?:in chronological order|chronologically|(?:sorted |ordered |in order )?by "
    r"(?:day|date|time)|oldest first|earliest first|in (?:the )?order of (?:time|date|day)s?|"
    r"as a timeline)\b",
    re.IGNORECASE,
)
_ELSE = re.compile(
    r"\b(?:what|who|whom|whose|when|where|why|how|which|that|is|are|was|were|do|does|did|has|have|"
    r"had|can|could|will|would|should|not|no|never|without|except|excluding|but|nor|unlike|"
    r"only if)\b",
    re.IGNORECASE,
)
"""What makes it another question: a clause of its own, or what is not to be mentioned."""
_LONGEST = 12
"""Words of a subject that carry meaning: a longer one describes what is looked for."""


_ONES = rf"(?:of (?:them|those|these)|ones?|{_KINDS})"
_WHICH = rf"(?:which(?: {_ONES})? (?:is|was|came) )?"
_AGAIN = {
    Wanted.LIST: _forms(
        rf"{_BRING}(?: all)?(?: of)? (?:them|those|these)(?: all)?",
        rf"which(?: {_ONES})?(?: (?:are|were) (?:they|those|these|there))?",
    ),
    Wanted.COUNT: _forms(rf"how many(?: {_ONES})?(?: (?:are|were) there)?"),
    Wanted.FIRST: _forms(rf"{_WHICH}(?:the )?(?:first|earliest|oldest)"),
    Wanted.LAST: _forms(rf"{_WHICH}(?:the )?(?:last|latest|newest)"),
}
"""What a turn may ask of documents that were asked for before it, and does not name again."""


def wanted_again(turn: str) -> Wanted | None:
    """What a turn asks of the documents that were asked for before it; None if anything else."""
    return next(
        (each for each, forms in _AGAIN.items() if any(form.fullmatch(turn) for form in forms)),
        None,
    )


def corpus_question(text: str) -> CorpusQuestion | None:
    """What a question, without the times that it names, asks of the corpus itself; None for an
    ordinary question, which asks what the documents say."""
    in_order = _IN_ORDER.sub("", text)
    asked = " ".join(in_order.split())
    found = _asked(asked)
    if found and found.wanted is Wanted.LIST and in_order != text:
        return CorpusQuestion(Wanted.TIMELINE, found.subject)
    return found


def _asked(text: str) -> CorpusQuestion | None:
    wanted = {Wanted.LIST: _LISTS, Wanted.COUNT: _COUNTS, Wanted.TIMELINE: _TIMELINES}
    for each, forms in wanted.items():
        for form in forms:
            if (match := form.fullmatch(text)) and _names_only(match["subject"] or ""):
                return CorpusQuestion(each, match["subject"] or "")
    for form in _ENDS:
        if match := form.fullmatch(text):
            return _of_end(match)
    return None


def _of_end(match: re.Match[str]) -> CorpusQuestion | None:
    """The first or last of the documents, of those who met with the word that says so."""
    said = match.groupdict()
    wanted = Wanted.FIRST if said["first"] else Wanted.LAST
    parts = (said["subject"], said.get("object"), said.get("met"))
    subject = ", ".join(part.strip() for part in parts if part and part.strip())
    return CorpusQuestion(wanted, subject, bool(said.get("met"))) if _names_only(subject) else None


def _names_only(subject: str) -> bool:
    """Whether the words say but what is mentioned; "them" of a follow-up are named before it."""
    quoteless = re.sub(r"[\"“][^\"”]*[\"”]", "", subject)
    return not _ELSE.search(quoteless) and len(meaningful(subject)) <= _LONGEST
