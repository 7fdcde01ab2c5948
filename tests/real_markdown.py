"""How Markdown files are read, beside markdown-it's own plain text.

`PYTHONPATH=. python tests/real_markdown.py FOLDER...` prints of each folder of checkouts the files,
their words, the words of markdown-it's text blocks that the reading has in no place (struck out
words are beside it), and the lines that are no code and have a sign of Markdown left.
"""

import html
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from markdown_it import MarkdownIt

from corpus.errors import Unreadable
from corpus.formats.front_matter import front_matter
from corpus.formats.markdown import read_markdown
from corpus.text.decoding import decode

_WORD = re.compile(r"\w+")
_SIGN = re.compile(r"\*\*\w|\w\*\*|\]\(\S|^#{1,6} |^\|")
_UNSEEN = re.compile(r"<!--.*?-->|<(script|style)\b.*?</\1>", re.DOTALL)
_TEMPLATE = re.compile(r"\]\(\{[%{].*?[%}]\}[^)]*\)")
"""The address of a link that a site generator makes: `]({% page "/rules" %})`."""
_TAG = re.compile(r"<[^>]*>")


def plain_text(body: str) -> Iterator[str]:
    """The words of a Markdown text as markdown-it has them."""
    markdown = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    for token in markdown.parse(_TEMPLATE.sub("](/)", body)):
        if token.type in ("fence", "code_block"):
            yield token.content
        elif token.type == "html_block":
            yield _TAG.sub(" ", _UNSEEN.sub(" ", token.content))
        for child in token.children or ():
            yield child.content if child.type in ("text", "code_inline") else ""
            yield "\n" if child.type in ("softbreak", "hardbreak") else ""
        yield "\n" if token.type == "inline" else ""


def main(folders: list[str]) -> None:
    print(f"{'folder':24} {'files':>6} {'words':>9} {'lost':>6} {'signs':>6}  files that lose most")
    for folder in map(Path, folders):
        files = words = lost = signs = 0
        worst: Counter[str] = Counter()
        for path in sorted(folder.rglob("*.md")):
            data = path.read_bytes()
            source, _ = decode(data)
            body = "\n".join(source[front_matter(source)[0] :].splitlines())
            try:
                read = next(iter(read_markdown(data)), None)
            except Unreadable:
                worst[f"{path.name} is refused"] += 1_000_000
                continue
            if read is None:
                continue
            expected = Counter(_WORD.findall(html.unescape("".join(plain_text(body)))))
            missing = expected - Counter(_WORD.findall(f"{read.text}\n{read.beside}"))
            files, words = files + 1, words + expected.total()
            lost += missing.total()
            worst[path.name] += missing.total()
            signs += sum(bool(_SIGN.search(line.text)) for line in read.lines if not line.literal)
        names = ", ".join(f"{name} {count}" for name, count in worst.most_common(3) if count)
        print(f"{folder.name:24.24} {files:6} {words:9} {lost:6} {signs:6}  {names}")


if __name__ == "__main__":
    main(sys.argv[1:])
