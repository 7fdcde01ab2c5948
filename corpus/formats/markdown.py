"""Logical lines of a Markdown file, by its block structure (CommonMark, through markdown-it-py)."""

import re
from dataclasses import replace
from itertools import accumulate, pairwise

from corpus.document import Span
from corpus.text.logical_lines import Line, line_of, starts_block


def markdown_lines(text: str) -> list[Line]:
    """The logical lines of a Markdown text: paragraphs joined, headings without their `#`.

    A line inside a paragraph that begins with a release's own marker (`o`, `°`, `2.`) is a line of
    its own, since Markdown knows only its own list markers.
    """
    from markdown_it import MarkdownIt  # costs 20 ms, and most corpora are plain text

    physical = text.splitlines(keepends=True)
    starts = [0, *accumulate(map(len, physical))]
    lines: list[Line] = []
    level, underlined, read = 0, False, 0
    unified = "".join(_unified(physical))
    for token in MarkdownIt("commonmark").enable("table").parse(unified):
        if token.type == "heading_open":
            level, underlined = int(token.tag[1:]), token.markup in "=-"
        elif token.type in _BLOCKS and token.map and token.map[0] >= read:
            first, read = token.map  # the cells of a table row share its line
            if token.type == "html_block":
                lines += _marked_up(text, starts, first, read)
            elif token.type == "fence":
                lines += _fenced(text, starts, first + 1, read - 1)
            else:
                is_long = starts[read] - starts[first] > _LONGEST_HEADING
                lines += _block(text, starts, first, read, 0 if underlined and is_long else level)
            level = 0
    return lines


_BLOCKS = ("inline", "fence", "code_block", "html_block")
_LONGEST_HEADING = 300
_APART = re.compile(
    r"<(script|style|textarea)\b(?:.*?</\1\s*>|.*\Z)|<!--(?:.*?-->|.*\Z)|<[!?][^<>]*>|\n[ \t]*\n|"
    r"</?(?:address|article|aside|blockquote|br|center|d[dlt]|details|div|fieldset|figcaption|"
    r"figure|footer|form|h[1-6]|header|hr|li|main|nav|ol|p|pre|section|summary|table|tbody|tfoot|"
    r"thead|tr|ul)\b[^<>]*>",
    re.IGNORECASE | re.DOTALL,
)
"""What separates the paragraphs of raw HTML; a script or comment that is not closed goes on to the
end: `</p><p>`, `<!-- share -->`."""
_TAGS = re.compile(r"\s*(?:<[^<>]*>\s*)*+")


def _marked_up(text: str, starts: list[int], first: int, last: int) -> list[Line]:
    """The paragraphs and table rows of raw HTML, without the tags around them."""
    lines: list[Line] = []
    block = range(starts[first], starts[last])
    apart = [match.span() for match in _APART.finditer(text, block.start, block.stop)]
    for (_, start), (end, _) in pairwise([(0, block.start), *apart, (block.stop, 0)]):
        opened = _TAGS.match(text, start, end)
        start = opened.end() if opened else start
        line = line_of(text, start, _before_tags(text, start, end), gap=True)
        lines += [replace(line, literal="</td>" in line.text.casefold())] if line else []
    return lines


def _before_tags(text: str, start: int, end: int) -> int:
    """Where the tags begin that a range of the text ends with."""
    while True:
        last = end
        while last > start and text[last - 1].isspace():
            last -= 1
        opened = text.rfind("<", start, last) if last > start and text[last - 1] == ">" else -1
        if opened < 0 or text.find(">", opened, last - 1) >= 0:
            return end
        end = opened


def _fenced(text: str, starts: list[int], first: int, last: int) -> list[Line]:
    """The text between two fences, as one paragraph."""
    line = line_of(text, starts[first], starts[max(first, last)], gap=True)
    return [replace(line, literal=True)] if line else []


def _unified(physical: list[str]) -> list[str]:
    """One `\\n` for each line end that Python knows, so that line numbers mean the same to both."""
    return [line.rstrip("\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029") + "\n" for line in physical]


def _block(text: str, starts: list[int], first: int, last: int, level: int) -> list[Line]:
    pieces: list[Line] = []
    for number in range(first, last):
        line = line_of(text, starts[number], starts[number + 1], gap=number == first, level=level)
        if line is None:
            continue
        if pieces and not level and not starts_block(line.text):
            span = Span(pieces[-1].span.start, line.span.end)
            pieces[-1] = Line(span, span.of(text), pieces[-1].gap)
        else:
            pieces.append(line)
    return [_without_signs(text, line) for line in pieces[:1]] + pieces[1:] if level else pieces


def _without_signs(text: str, line: Line) -> Line:
    """A heading without its `#` signs; its underline, a line of its own, is boilerplate."""
    start = line.span.start + len(line.text) - len(line.text.lstrip("#"))
    end = line.span.end - (len(line.text) - len(line.text.rstrip("#")))
    return line_of(text, start, end, gap=line.gap, level=line.level) or line
