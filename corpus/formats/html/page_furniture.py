"""Page furniture among a page's blocks: share bars, teasers, comments, which no markup tells apart.

A gradient-boosted ensemble of small decision trees judges each block by its features and by the
names of the elements around it; `corpus.formats.html.training` fits it to pages whose content is
known.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.formats.html.block_features import page_features
from corpus.formats.html.main_content import ContentRegion
from corpus.formats.html.page_elements import TextBlock
from corpus.formats.html.text_blocks import page_blocks

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MODEL = Path(__file__).with_name("page_furniture.npz")
CONTENT = 0.42
"""The likelihood from which a block is content: between cuts of .40 and .45, which on sites
that the fit has not seen show .917 and .924 precision at .954 and .950 recall."""

_ROW = 0.1
"""The likelihood from which a row of a table, or a line of a list of quantities, is content if a
third of them are: of those on marked pages none was furniture."""
_MEASURE = re.compile(r"(?:[•◦▪] )?(?:(?!(?:19|20)\d\d)\d{1,4}|[½¼¾⅓⅔])[\d.,/]*\s?[a-zµ(].{3,100}$")


@dataclass(frozen=True, slots=True)
class Trees:
    """An ensemble: for each node of shape (trees, nodes) the feature that it compares, with which
    threshold, and where to go; a leaf leads to itself. `names` are the last features."""

    names: tuple[str, ...]
    feature: "NDArray[np.int16]"
    threshold: "NDArray[np.float32]"
    left: "NDArray[np.int16]"
    right: "NDArray[np.int16]"
    value: "NDArray[np.float32]"
    baseline: float
    depth: int

    def likelihoods(self, features: "NDArray[np.float32]") -> "NDArray[np.float64]":
        """The likelihood of each row, by the logistic function of the sum of its leaves."""
        import numpy as np

        rows = np.arange(len(features))[:, None]
        trees = np.arange(len(self.feature))[None, :]
        node = np.zeros((len(features), len(self.feature)), dtype=np.int16)
        for _ in range(self.depth):
            below = features[rows, self.feature[trees, node]] <= self.threshold[trees, node]
            node = np.where(below, self.left[trees, node], self.right[trees, node])
        total = self.value[trees, node].sum(axis=1, dtype=np.float64) + self.baseline
        likelihoods: NDArray[np.float64] = 1 / (1 + np.exp(-total))
        return likelihoods


def content_blocks(region: ContentRegion) -> list[TextBlock]:
    """The blocks of a page's content, in reading order; those that are furniture are marked so.

    A heading right above content is content. None is furniture where all would be, or where nothing
    around the content is.
    """
    blocks = page_blocks(region)
    if region.is_bare or not blocks:
        return blocks
    trees = _trees()
    likelihoods = trees.likelihoods(block_matrix(blocks, trees.names))
    content = [each >= CONTENT for each in likelihoods]
    for rows in (*_tables(blocks), *_measures(blocks)):
        if sum(content[at] for at in rows) * 3 >= len(rows):
            for at in rows:
                content[at] = likelihoods[at] >= _ROW
    for at in reversed(range(len(blocks) - 1)):
        content[at] = content[at] or (blocks[at].level > 0 and content[at + 1])
    if any(content):
        for block, is_content in zip(blocks, content, strict=True):
            block.furniture = not is_content
    return blocks


def _tables(blocks: list[TextBlock]) -> Iterator[list[int]]:
    """The positions of the rows of several cells, for each element that holds tables or lists of
    terms with some."""
    rows: dict[int, list[int]] = defaultdict(list)
    for at, block in enumerate(blocks):
        table = [each for each in block.around() if each.tag in ("table", "dl")]
        if table and "\t" in block.text:
            rows[id(table[-1].parent)].append(at)
    yield from rows.values()


def _measures(blocks: list[TextBlock]) -> Iterator[list[int]]:
    """The positions of the blocks that begin with a quantity, `1 cup butter`, for each list of
    them: of elements that are alike."""
    lists: dict[tuple[int, str, str], list[int]] = defaultdict(list)
    for at, block in enumerate(blocks):
        item = next(
            (each for each in block.around() if each.parent and each.like_it().count > 2), None
        )
        if item and _MEASURE.match(block.text) and block.linked < 0.5:
            lists[id(item.parent), item.tag, item.classes].append(at)
    yield from lists.values()


def block_matrix(blocks: Sequence[TextBlock], names: Sequence[str]) -> "NDArray[np.float32]":
    """The features of the blocks, and after them which of these names are around each."""
    import numpy as np

    around = [{name for each in block.around() for name in each.names} for block in blocks]
    named = [[float(name in found) for name in names] for found in around]
    return np.hstack([np.array(page_features(blocks)), np.array(named)]).astype(np.float32)


@cache
def _trees() -> Trees:
    import numpy as np

    with np.load(MODEL) as file:
        return Trees(
            names=tuple(file["names"].tolist()),
            feature=file["feature"],
            threshold=file["threshold"],
            left=file["left"],
            right=file["right"],
            value=file["value"],
            baseline=float(file["baseline"]),
            depth=int(file["depth"]),
        )
