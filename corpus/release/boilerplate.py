"""Page boilerplate: lines that belong to the page or the office, not to the release.

Each rule recognises one kind, by the words and the form that such lines have on any site.
"""

import re

from corpus.release.boilerplate_words import (
    BOARD_WORDS,
    END_MARK,
    IN_A_BROWSER,
    LANGUAGES,
    OF_A_DAY,
    OFFICES,
    PUBLISHED,
    PUBLISHED_ABROAD,
    RELATED,
    SKIP_LINKS,
    SOCIAL_SITES,
    TELEPHONE_ALONE,
    UNOFFICIAL,
    UNOFFICIAL_INLINE,
    UPDATED_ABROAD,
)
from corpus.text.characters import folded, search_form
from corpus.text.logical_lines import starts_block

_SHORT = 60
_LONGEST = 300  # a longer line is a paragraph

_NAVIGATION = re.compile(
    rf"{SKIP_LINKS}|"
    r"\b(?:skip to|content shortcut|jump to|go to (?:top|main)|search(?:\s*\(|\s+(?:box|open))|"
    r"(?:open|close|main|toggle|site) (?:menu|search|navigation)|screen size|site ?map|"
    r"accept (?:all )?cookies|home\s*[>›»]\s|breadcrumb|print this page|share this page)",
    re.IGNORECASE,
)
"""As in `Skip to main content`, `Home > News > Press Releases` and `본문 바로가기`."""
_LANGUAGE = re.compile(rf"(?:{LANGUAGES})", re.I)
_SOCIAL = re.compile(
    r"(?:\d{1,2}[.)]\s.*\s|(?:share|follow|like)\b.*\s|[-•*]\s*)?"
    rf"(?:{SOCIAL_SITES})",
    re.IGNORECASE,
)
_FILED = re.compile(
    r"(?:tags?|topics?|keywords|categor(?:y|ies)|filed under|share(?: this)?|"
    rf"related (?:{RELATED}))\s*:?|"
    r"(?:(?:posted|filed) (?:in|under)|tagged|tags?:|categor(?:y|ies):|topics?:)\s"
    r"[^\s,;|]+(?:\s[^\s,;|]+){0,3}(?:\s?[,;|]\s?[^\s,;|]+(?:\s[^\s,;|]+){0,3}){0,12}(?<![.!?])",
    re.IGNORECASE,
)
"""`Related Articles`, `Tags: ASEAN, Trade`, `Posted in Press Releases`."""
_MAILING = re.compile(
    r"(?:having )?(?:trouble|problems) (?:view|read|see|open)ing this (?:e-?mail|message|page)\b"
    r".{0,80}|"
    rf"view (?:this|it|the)\b.{{0,30}}\b(?:{IN_A_BROWSER})(?:\sat\s(?:https?://|www\.)\S+)?\.?|"
    r"(?:manage|update|change) your (?:e-?mail )?(?:subscriptions?|preferences|settings)\b"
    r"(?:\s(?:at|from|or|here|online|below|in|by|on|page)\b[^.!?:|]{0,60})?\.?|"
    r"(?:unsubscribe|subscriber services|stay connected|(?:manage|update|change) (?:your )?"
    r"(?:e-?mail )?(?:subscriptions?|preferences|settings))\b"
    r"(?:[^.!?:|]{0,20}|[^.!?:|]{0,40}(?:\|.{0,120}|:.{0,80}(?:https?://|www\.|\S@\S|\|).{0,80}))|"
    r"this (?:e-?mail|newsletter) was sent (?:to (?:you\b|\S+@).{0,100}|by\b.{0,100}(?<!\.))|"
    r"this message was sent (?:to|by)\b.*\S@\S.*|"
    r"you (?:are|have) (?:receiv\w+|been sent) this (?:(?:e-?mail|newsletter)\b|"
    r"message\b(?=.*\b(?:because|subscri\w+|list|signed up|registered)\b)).*",
    re.IGNORECASE,
)
"""`Trouble viewing this email?`, `View this in your browser.`, `Manage your subscriptions here`,
`Stay Connected | Facebook | X`, `This email was sent to a@b.org`,
`You are receiving this newsletter`."""
_DATED = re.compile(
    rf"(?:(?:(?:first|last)\s)?(?:{PUBLISHED})(?:\son)?"
    rf"|(?:{PUBLISHED_ABROAD}|{UPDATED_ABROAD})(?:\s(?:{OF_A_DAY}))?)\s*:?\s"
    r"[\w.,/ -]{0,20}\d{4}[\w.,:/ -]{0,12}",
    re.IGNORECASE,
)
_TAIL = re.compile(
    rf"\*?\s*[\[(]?\s*{UNOFFICIAL}\s*[\])]?|{END_MARK}|-\s*end\s*-|#(?:\s?#){{1,4}}|"
    r"<\s*end\s*>|(?:begin|end)\s+(?:of\s+)?text\s*[.:]?|"
    r"back to (?:top|home|list|main|previous|[\w\s-]{1,50}\b(?:relations|page|list|index|menu))|"
    r"=+|[-_*~—–]{3,}|--",
    re.IGNORECASE,
)
"""`* Unofficial Translation`, `/End/`, `###`, `Back to press releases list`, `---`."""
_LICENCE = re.compile(
    r"공공누리.*유형|이미지입니다\.?$|\bKOGL\b.{0,20}\btype\b|\ball rights reserved\.?$|"
    r"^(?:copyright\s*(?:©|\(c\)|\d{4}(?!\s(?-i:[a-z])))|©\s*(?:\d{4}|(?-i:[A-Z])|(?:\S+\s){0,4}\S+(?<!\.)$))",
    re.IGNORECASE,
)
"""`공공누리 제1유형`, `All rights reserved.`, `© 2024 Ministry of Foreign Affairs`."""
_ATTRIBUTION = re.compile(
    r"(?:the\s+)?(?:below|following)(?:\s+\w+){0,3}\s+is\s+attributable\s+to\b.{1,120}:", re.I
)
_CONTACT = re.compile(
    r"(?:for\s+(?:[\w-]+\s+){0,3}(?:information|inquir\w+|enquir\w+|questions?|updates|interviews?)|"
    r"please\s+(?:contact|submit|direct|send)|"
    r"(?:media|press)\s+(?:contacts?|inquir\w+|questions)(?!.*\b(?:was|were)\s\w+ed\b))"
    r"\b.*\S@\S",
    re.IGNORECASE,
)
"""`For further information, contact press@example.org`, `Media inquiries: press@example.org`."""
_CONTACT_DETAIL = re.compile(rf"{TELEPHONE_ALONE}|(?:e-?mail\s*:?\s*)?\S+@\S+\.\w+", re.I)
_OFFICE = re.compile(OFFICES, re.I)
_CASE_NUMBER = re.compile(r"\W*\b(?:case\s|docket\s)?n(?:o|r|os)\.\s\S.{0,30}$", re.IGNORECASE)

TRAILING_END_MARK = re.compile(rf"(?:\s*(?:{END_MARK}|\*\s*{UNOFFICIAL_INLINE}))+\s*$", re.I)
"""An end mark after the last sentence of a paragraph: `... regional peace. /End/`."""


def is_navigation(line: str) -> bool:
    """Whether a line is navigation: a skip link, search box, language switch or social link."""
    if len(line) > _SHORT or line.endswith((".", "?", "!", ":")):
        return False
    plain = search_form(line)
    return bool(_NAVIGATION.search(plain) or _LANGUAGE.fullmatch(plain) or _SOCIAL.fullmatch(plain))


def is_board_name(line: str) -> bool:
    """Whether a line names a board: at most four words, all of them words of boards."""
    words = line.casefold().split()
    return 1 <= len(words) <= 4 and all(word.strip(",") in BOARD_WORDS for word in words)


def boilerplate_rule(line: str, *, indented: bool, title: str) -> str:
    """The rule by which a line of the body is boilerplate, or "" for a line of the release."""
    if len(line) > _LONGEST:
        return ""
    plain = search_form(line)
    if _TAIL.fullmatch(plain):
        return "end or translation mark"
    if starts_block(line):
        return ""
    if _LICENCE.search(plain):
        return "licence or image caption"
    if _ATTRIBUTION.fullmatch(plain):
        return "attribution"
    if _CONTACT.match(plain) and plain.count(". ") <= 1:
        return "contact"
    if _CONTACT_DETAIL.fullmatch(plain):
        return "contact"
    if indented and len(plain) <= 100 and not plain.endswith(".") and _OFFICE.search(plain):
        return "signature"
    if title and _repeats(plain, title):
        return "title again"
    if _DATED.fullmatch(plain):
        return "date line"
    if _FILED.fullmatch(plain) or _MAILING.fullmatch(plain):
        return "navigation"
    return "navigation" if is_navigation(line) else ""


def _repeats(line: str, title: str) -> bool:
    """Whether a line is the title, or that with a court's number of the case behind it."""
    number = _CASE_NUMBER.search(line)
    return folded(title) in (folded(line), folded(line[: number.start()]) if number else "")


def names_office(line: str) -> bool:
    """Whether a line names an office, as an attribution and a signature do."""
    return bool(_OFFICE.search(line))
