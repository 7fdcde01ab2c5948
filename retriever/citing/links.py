"""The address that opens a document's page at a passage."""

import re
from urllib.parse import quote, urlsplit

_WORDS = 6  # at each end: few enough to survive small edits of the page, enough to be found once
_MOST_WORDS = 24
_WORD = re.compile(r"\w+(?:[’'.,:@/_-]\w+)*")
_RUN = re.compile(r"[^\n\t]+")  # a text of one block of the page
_DIRECTIVE = ":~:"
# No name or password before a host, nor what programs take for the end of one in different ways.
_WEB_PAGE = re.compile(r"https?://[^\x00-\x20\x7f\s/?#@\\]+(?:[/?#].*)?", re.IGNORECASE | re.DOTALL)


def passage_link(source: str, text: str, page: int | None = None) -> str:
    """The address of a document's page that opens it at the passage with this text.

    A page on the web gets a text fragment (https://wicg.github.io/scroll-to-text-fragment/), a PDF
    its printed page when that is known. Empty for a source that is no http(s) address, or one that
    seems to lead to another host than it does.
    """
    try:
        parts = urlsplit(source)
    except ValueError:
        return ""
    if not _WEB_PAGE.fullmatch(source):
        return ""
    base, _, fragment = source.partition("#")
    if parts.path.lower().endswith(".pdf"):
        return f"{base}#page={page}" if page is not None else source
    directive = _text_directive(text)
    if not directive:
        return source
    return f"{base}#{fragment.split(_DIRECTIVE)[0]}{_DIRECTIVE}text={directive}"


def _text_directive(text: str) -> str:
    """`start,end`, or the whole of a short text; whole words, as the page has them."""
    runs = [run for run in _RUN.findall(text) if _WORD.search(run)]
    if not runs:
        return ""
    words = list(_WORD.finditer(runs[0]))
    if len(runs) == 1 and len(words) <= 2 * _WORDS:
        return _encoded(runs[0][words[0].start() : words[-1].end()])
    start = runs[0][words[0].start() : words[:_WORDS][-1].end()]
    words = list(_WORD.finditer(runs[-1]))
    last = words[-1].end()
    # The end is sought behind the start: it must not be met earlier in the passage.
    behind = text[text.index(start) + len(start) :]
    for count in range(min(_WORDS, len(words)), min(_MOST_WORDS, len(words)) + 1):
        end = runs[-1][words[-count].start() : last]
        if behind.lower().count(end.lower()) == 1:
            return f"{_encoded(start)},{_encoded(end)}"
    return _encoded(start)


def _encoded(text: str) -> str:
    """Percent-encoded; a hyphen too, which has a meaning of its own in a directive."""
    return quote(text, safe="", errors="replace").replace("-", "%2D")
