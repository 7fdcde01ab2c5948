"""Windows of long passages: a model reads a limited number of word pieces.

A passage that does not fit is cut into windows of whole sentences that overlap by one; all of them
belong to the same passage.
"""

from collections.abc import Callable, Sequence

from corpus.language.sentences import sentence_spans
from corpus.text.characters import search_form

CountTokens = Callable[[Sequence[str]], list[int]]


def windows_of(texts: Sequence[str], limit: int, count_tokens: CountTokens) -> list[list[str]]:
    """For each text the one or more windows that fit into `limit` word pieces, in reading order.

    A single sentence that is longer stays whole, and the model reads its beginning.
    """
    plain = [search_form(text) for text in texts]
    windows = [[text] for text in plain]
    # A word piece has at least one character, so a text with fewer characters fits.
    long = [row for row, text in enumerate(plain) if len(text) > limit - 2]
    lengths = count_tokens([plain[row] for row in long])
    for row, length in zip(long, lengths, strict=True):
        if length > limit:
            windows[row] = _cut(plain[row], limit, count_tokens)
    return windows


def _cut(text: str, limit: int, count_tokens: CountTokens) -> list[str]:
    spans = sentence_spans(text)
    lengths = count_tokens([span.of(text) for span in spans])
    windows: list[str] = []
    first = 0
    while True:
        last, used = first + 1, lengths[first]
        while last < len(spans) and used + lengths[last] <= limit:
            used += lengths[last]
            last += 1
        windows.append(text[spans[first].start : spans[last - 1].end])
        if last == len(spans):
            return windows
        first = max(last - 1, first + 1)
