"""Letterheads: the lines above a title that name the office, the kind and the number of a text.

Each is recognised by its form as a whole, so that a title which only begins like one stays a title.
"""

import re

from corpus.release.boilerplate_words import ACT_KINDS, TEXT_KINDS
from corpus.text.characters import search_form

_LONGEST = 100
_NUMBER = r"(?:(?:no\.?|nr\.?|n[°º]|number|제|#)\s?:?\s?)?\d[\w./–-]*(?:호)?"
_MARK = re.compile(
    rf"(?:{TEXT_KINDS})(?:\s?[:|–-]?\s{_NUMBER})?|(?-i:{ACT_KINDS})(?:\s{_NUMBER})?|"
    r"(?-i:[A-Z]{1,6})(?:/[\w.()-]{1,20}){2,6}|"
    rf"(?:no\.?|nr\.?|n[°º])\s?{_NUMBER}|"
    r"(?:not )?for (?:immediate|general|public) (?:release|distribution)|"
    r"embargo(?:ed)? (?:un)?till?\b(?=.*(?:\d|noon|midnight|delivery)).{1,50}|"
    r"(?:(?:our|your)\s)?ref(?:erence)?\.?(?:\sno\.?)?\s?:\s?(?=.*\d)\S.{0,40}|"
    r"check against delivery|as (?:delivered|prepared)|"
    r"www\.[\w.-]{3,50}|(?:[\w-]+\.){1,3}(?:gov|gob|gouv|go|int)(?:\.[a-z]{2})?|gov\.uk|"
    r"(?:(?:press|media)\s)?contacts?\s?:\s.{1,80}|"
    r"\d{1,5}\s(?:[\w.'’]+\s){1,4}(?:street|st\.?|avenue|ave\.?|plaza|road|square|boulevard|place)|"
    r"[^\W\d][\w.' ]{2,30},\s[a-z.]{2,5}\s\d{5}",
    re.IGNORECASE,
)
"""`Press Release No. 24-117`, `Embargoed until 3 May 2024`, `Check against delivery`,
`DECREE No. 7`, `CRC/C/GC/25`,
`www.mofa.go.kr`, `Press contact: +32 2 123 45 67`, `1 United Nations Plaza`,
`Washington, D.C. 20520`."""
_JOINED = r"(?:\s(?:of|for|in|and|&)|,(?:\sand)?)(?:\sthe)?"
_SEAT = (
    r"(?:\sto(?:\sthe)?\s(?:united nations|european union|un|eu|nato|osce|oecd|unesco)\b.{0,30})"
)
_NAMED = rf"(?:{_JOINED}(?:\s(?!briefing|statement|report|talks|remarks|visit)[\w.'’-]+){{1,2}})"
_OFFICE = re.compile(
    rf"(?:the\s)?(?:(?:republic|kingdom|state|government){_NAMED}{{1,2}},?\s)?(?:[\w.'’-]+\s){{0,2}}"
    rf"(?:ministry|department|embassy|consulate(?:[\s-]general)?|high commission|"
    rf"permanent\s(?:mission|delegation|representation)){_NAMED}{{1,4}}{_SEAT}?|"
    rf"(?:[\w.'’-]+\s){{0,3}}(?:mission|delegation|representation)(?:{_NAMED}{{1,2}})?{_SEAT}|"
    r"(?:(?:federal|foreign|european|external|action|state|national|united|nations|[eu]\.?[nus]\.?|"
    r"prime minister['’]s|president['’]s|commonwealth|development|and|&)[\s,]+){1,5}"
    r"(?:ministry|department|office|service|commission|union|council|parliament|secretariat)|"
    r"(?:press|media|information|communications?|public (?:affairs|relations))"
    r"(?:\s(?:and|&)\s\w+)?\s(?:section|office|department|service|team|unit|division|directorate)|"
    r"office of (?:the )?(?:spokes(?:person|man|woman)|press secretary)|"
    r"(?:[\w.'’-]+\s){0,2}(?:committee|commission|council|administration|assembly|authority|agency|"
    r"board|tribunal|secretariat)\s(?:of|on|for|against)(?:\sthe)?"
    r"(?:\s(?!briefing|statement|report|talks|remarks|visit)[\w.'’-]+){1,4}|"
    r"united nations|european union|council of europe|"
    r"the white house|10 downing street|"
    r"office of (?:press|media|public|communications?)(?:\s\w+)?(?:\s(?:and|&)(?:\s\w+){1,2})?|"
    rf"(?:the\s)?(?:federal\s)?(?:republic|kingdom|government|federation){_NAMED}|"
    r"외교부|통일부|국방부|외무부",
    re.IGNORECASE,
)  # fmt: skip
"""`Ministry of Foreign Affairs`, `Permanent Mission of Japan to the United Nations`,
`U.S. Department of State`, `European External Action Service`, `Press and Information Office`."""
_CONNECTING = frozenset("of for to in and the on against".split())


def is_letterhead(line: str) -> bool:
    """Whether a line is no more than an office's name, or the kind, number or embargo of a text;
    or a row of these."""
    return all(map(_is_letterhead, line.split("\t")))


def _is_letterhead(words: str) -> bool:
    plain = search_form(words)
    if len(plain) > _LONGEST:
        return False
    return bool(_MARK.fullmatch(plain)) or (
        not any(word[0].islower() for word in plain.split() if word not in _CONNECTING)
        and bool(_OFFICE.fullmatch(plain))
    )
