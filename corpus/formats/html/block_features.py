"""What is known of each block of a page, in numbers: its words, its place, what is around it."""

import math
import re
from collections.abc import Sequence

from corpus.formats.html.main_content import count_letters
from corpus.formats.html.page_elements import Element, Likes, TextBlock

_WORD = re.compile(r"\w+")
_SENTENCE_END = re.compile(r"[.!?。](?:\s|$|[\"”’»)])")
_DATE = re.compile(r"\d{4}|\d{1,2}[./:]\d{1,2}")
_ANCESTORS = (
    "article", "aside", "blockquote", "dl", "figcaption", "figure", "footer", "form", "header",
    "li", "main", "p", "section", "table",
)  # fmt: skip
_ITEMS = frozenset("p li tr td th dd dt h2 h3 h4".split())  # what any text has many of
_LEVELS = 4  # of the elements around a block
_PROSE = 25  # letters
_AROUND = 5  # blocks
_NONE = Likes()


def page_features(blocks: Sequence[TextBlock]) -> list[list[float]]:
    """The features of each block of a page, of shape (n, FEATURES); in the order of the blocks."""
    page = _Page(blocks)
    own = [_of_words(block, page.sizes[at]) for at, block in enumerate(blocks)]
    return [
        [
            *own[at],
            *page.place(at),
            *_of_elements(around, page.letters),
            *page.distance(around),
            *_of_likes(around),
            *page.neighbours(at, own),
        ]
        for at, around in enumerate(page.around)
    ]


class _Page:
    """What holds of a page as a whole."""

    def __init__(self, blocks: Sequence[TextBlock]) -> None:
        self.blocks = blocks
        self.sizes = [count_letters(block.text) for block in blocks]
        self.around = [block.around() for block in blocks]
        root = self.around[0][-1]
        self.letters, self.linked = max(1, root.letters), root.link_share
        self.heading = next((at for at, each in enumerate(blocks) if each.level == 1), -1)
        self.headings = sum(each.level == 1 for each in blocks)
        self.before = [0]
        for size in self.sizes:
            self.before.append(self.before[-1] + size)
        self.around_most = [*map(id, self._with_most_prose().above())]

    def place(self, at: int) -> list[float]:
        """Where a block is on the page."""
        count = len(self.blocks)
        return [
            at / count,
            self.before[at] / max(1, self.before[-1]),
            (at - self.heading) / count if self.heading >= 0 else -2.0,
            float(0 <= self.heading < at),
            self.headings,
            count,
            math.log1p(self.letters),
            self.linked,
        ]

    def distance(self, around: list[Element]) -> list[float]:
        """The steps up from a block to what is around the most prose too, and down to that."""
        for below, each in enumerate(around):
            if id(each) in self.around_most:
                return [self.around_most.index(id(each)), below]
        return [len(self.around_most), 0]

    def neighbours(self, at: int, own: list[list[float]]) -> list[float]:
        """The blocks before and after, and how much prose is around."""
        features: list[float] = []
        for other, count in ((at - 1, 5), (at + 1, 5), (at - 2, 3), (at + 2, 3)):
            known = 0 <= other < len(self.blocks)
            features += own[other][:count] if known else [-1.0] * count
            if count == 5:
                features.append(float(known and self.around[other][1:2] == self.around[at][1:2]))
        near = range(max(0, at - _AROUND), min(len(self.blocks), at + _AROUND + 1))
        prose = [self.sizes[each] * (1 - self.blocks[each].linked) for each in near]
        return [*features, sum(prose) / len(prose)]

    def _with_most_prose(self) -> Element:
        """The element that holds the article, as Readability scores it: a paragraph counts in full
        for its parent, by half for the next, and less above."""
        scores: dict[int, tuple[float, Element]] = {}
        for block, size, around in zip(self.blocks, self.sizes, self.around, strict=True):
            if size < _PROSE or block.linked > 0.4:
                continue
            score = 1 + block.text.count(",") + min(3.0, size / 100)
            for level, each in enumerate(around[1:6] or around):
                before = scores.get(id(each), (0.0, each))[0]
                scores[id(each)] = (before + score / (1, 2, 6, 9, 12)[level], each)
        if not scores:
            return self.around[0][-1]
        return max(scores.values(), key=lambda each: each[0] * (1 - each[1].link_share))[1]


def _of_words(block: TextBlock, letters: int) -> list[float]:
    text = block.text
    words = _WORD.findall(text)
    count = max(1, len(words))
    return [
        math.log1p(letters),
        block.linked,
        float(block.level > 0),
        len(_SENTENCE_END.findall(text)),
        float(text.rstrip('"”’») ')[-1:] in tuple(".!?。…")),
        len(words),
        block.level,
        text.count(",") / count,
        float(text[:1].isupper()),
        sum(word[:1].isupper() for word in words) / count,
        sum(character.isdigit() for character in text) / max(1, len(text)),
        float(bool(_DATE.search(text))),
        letters / count,
        *(float(sign in text) for sign in "\t@©|"),
        float(text.isupper()),
    ]


def _of_elements(around: list[Element], letters: int) -> list[float]:
    """The kinds of element around a block, and how much of these is prose."""
    tags = {each.tag for each in around}
    features = [
        len(around),
        *(float(tag in tags) for tag in _ANCESTORS),
        *(float(around[0].tag == tag) for tag in ("p", "div", "li")),
    ]
    for level in range(1, _LEVELS + 1):
        each = around[min(level, len(around) - 1)]
        features += [each.link_share, math.log1p(each.letters), each.letters / letters]
    article = next((each for each in around if each.tag == "article"), None)
    features += [
        article.letters / letters if article else 0.0,
        article.link_share if article else 0.0,
        article.like_it().count if article and article.parent else 0.0,
    ]
    return features


def _of_likes(around: list[Element]) -> list[float]:
    """How often what a block is part of is repeated: comments and teasers are."""
    around = [each for each in around if each.parent]
    parts = [each.like_it() for each in around if each.tag not in _ITEMS]
    most = max(parts, key=lambda likes: likes.count, default=_NONE)
    item = next((each for each in around if each.tag == "li"), None)
    listing = item.parent if item else None
    items = sum(likes.count for likes in listing.likes.values()) if listing else 0
    return [
        most.count,
        math.log1p(most.letters / max(1, most.count)),
        most.linked / max(1, most.letters),
        items,
        listing.link_share if listing else 0.0,
        listing.letters / max(1, items) if listing else 0.0,
    ]
