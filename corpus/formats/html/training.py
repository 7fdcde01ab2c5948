"""Fits the judge of page furniture to pages whose content people have marked.

`python -m corpus.formats.html.training TRAFILATURA BENCHMARK READABILITY` with checkouts of
adbar/trafilatura, scrapinghub/article-extraction-benchmark and mozilla/readability, whose pages are
no part of this project, writes `page_furniture.npz`. Of the first, phrases are known that are
content and phrases that are not; of the other two, what the whole article is.
"""

import gzip
import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from corpus.errors import Unreadable
from corpus.formats.html.html_reader import decode_page
from corpus.formats.html.main_content import content_region
from corpus.formats.html.page_elements import TextBlock
from corpus.formats.html.page_furniture import MODEL, Trees, block_matrix
from corpus.formats.html.text_blocks import page_blocks
from corpus.formats.html.tree import parse

_WORD = re.compile(r"\w+")
_SHINGLE = 3  # words
_ALONE = 25  # characters: a shorter block that a marked phrase holds may be elsewhere on the page
_ARTICLE = 6.0  # what a page counts whose whole article is known; a marked phrase counts 1
_NAMES = 60
_SITES = 12  # that have a name, for it to say something of other sites
_TREES = 150
_NODES = 2 * 15 - 1


@dataclass(frozen=True, slots=True)
class MarkedPage:
    """A page's blocks, which are content (1 or 0), and how much each counts in the fit."""

    site: str
    blocks: Sequence[TextBlock]
    content: NDArray[np.float32]
    weight: NDArray[np.float32]


def marked_pages(trafilatura: Path, benchmark: Path, readability: Path) -> Iterator[MarkedPage]:
    """The pages of the three checkouts."""
    tests = trafilatura / "tests"
    for address, marked in json.loads((tests / "evaldata.json").read_text()).items():
        file = next(each / marked["file"] for each in (tests / "cache", tests / "eval")
                    if (each / marked["file"]).exists())  # fmt: skip
        if blocks := _blocks(file.read_bytes()):
            yield MarkedPage(site_of(address), blocks, *_by_phrases(blocks, marked))
    for name, truth in json.loads((benchmark / "ground-truth.json").read_text()).items():
        data = gzip.decompress((benchmark / "html" / f"{name}.html.gz").read_bytes())
        if blocks := _blocks(data):
            article = _by_article(blocks, truth.get("articleBody", ""))
            yield MarkedPage(site_of(truth.get("url", name)), blocks, *article)
    for folder in sorted((readability / "test" / "test-pages").iterdir()):
        expected = folder / "expected.html"
        if expected.exists() and (blocks := _blocks((folder / "source.html").read_bytes())):
            lines = re.sub(
                r"</?(p|div|li|br|h\d|td|tr|section)\b", r"\n\g<0>", expected.read_text()
            )
            text = parse(lines).body
            article = _by_article(blocks, text.text() if text else "")
            yield MarkedPage(folder.name.split("-")[0], blocks, *article)


def _blocks(data: bytes) -> list[TextBlock]:
    try:
        body = parse(decode_page(data)).body
    except Unreadable:
        return []
    return page_blocks(content_region(body)) if body else []


def site_of(address: str) -> str:
    """The last two parts of the host: pages of one site look alike."""
    return ".".join((urlsplit(address).hostname or address).split(".")[-2:])


def _by_phrases(
    blocks: Sequence[TextBlock], marked: dict[str, list[str]]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    texts = [" ".join(block.text.split()) for block in blocks]
    content, weight = np.zeros(len(blocks), np.float32), np.zeros(len(blocks), np.float32)
    for label, key in ((1, "with"), (0, "without"), (0, "comments")):
        for phrase in marked.get(key, ()):
            phrase = " ".join(phrase.split())
            hits = [
                at
                for at, text in enumerate(texts)
                if phrase in text or (len(text) > _ALONE and text in phrase)
            ]
            content[hits] = label
            weight[hits] = len(hits) ** -0.5 if hits else 0
    return content, weight


def _by_article(
    blocks: Sequence[TextBlock], article: str
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    words = _WORD.findall(article.lower())
    shingles = set(zip(*(words[at:] for at in range(_SHINGLE)), strict=False))
    lines = {tuple(_WORD.findall(line.lower())) for line in article.splitlines()}
    content = np.zeros(len(blocks), np.float32)
    for at, block in enumerate(blocks):
        words = _WORD.findall(block.text.lower())
        own = [*zip(*(words[at:] for at in range(_SHINGLE)), strict=False)]
        content[at] = tuple(words) in lines or sum(each in shingles for each in own) * 2 > len(own)
    return content, np.full(len(blocks), _ARTICLE / len(blocks), np.float32)


def telling_names(pages: Sequence[MarkedPage]) -> list[str]:
    """The words of classes, ids and roles that say most of whether a block is content."""
    sites: dict[str, set[str]] = {}
    counts: dict[str, NDArray[np.float64]] = {}
    total = np.zeros(2)
    for page in pages:
        for block, label, weight in zip(page.blocks, page.content, page.weight, strict=True):
            total[int(label)] += weight
            for name in {name for each in block.around() for name in each.names}:
                sites.setdefault(name, set()).add(page.site)
                counts.setdefault(name, np.zeros(2))[int(label)] += weight

    def gain(name: str) -> float:
        furniture, content = counts[name] + 0.5
        odds = np.log(content / furniture) - np.log(total[1] / total[0])
        return float(abs(odds) * min(furniture + content, 60) ** 0.5)

    known = [name for name in counts if len(sites[name]) >= _SITES and len(name) > 1]
    return sorted(sorted(known, key=lambda name: (-gain(name), name))[:_NAMES])


def fit(pages: Sequence[MarkedPage]) -> Trees:
    """The ensemble that tells the content of these pages."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    names = telling_names(pages)
    features = np.vstack([block_matrix(page.blocks, names) for page in pages])
    content = np.concatenate([page.content for page in pages])
    weight = np.concatenate([page.weight for page in pages])
    model = HistGradientBoostingClassifier(
        max_iter=_TREES, max_leaf_nodes=15, learning_rate=0.08, l2_regularization=5,
        min_samples_leaf=30, random_state=0,
    )  # fmt: skip
    used = weight > 0
    model.fit(features[used], content[used], sample_weight=weight[used])
    return _as_arrays(names, model)


def _as_arrays(names: list[str], model: object) -> Trees:
    """The nodes of scikit-learn's trees; a leaf compares with infinity and leads to itself."""
    trees = [each[0].nodes for each in model._predictors]  # type: ignore[attr-defined]
    shape = (len(trees), _NODES)
    feature, left, right = (np.zeros(shape, np.int16) for _ in range(3))
    threshold, value = np.full(shape, np.inf, np.float32), np.zeros(shape, np.float32)
    for tree, nodes in enumerate(trees):
        at = np.arange(len(nodes))
        leaf = nodes["is_leaf"].astype(bool)
        feature[tree, at] = np.where(leaf, 0, nodes["feature_idx"])
        threshold[tree, at] = np.where(leaf, np.inf, nodes["num_threshold"])
        left[tree, at] = np.where(leaf, at, nodes["left"])
        right[tree, at] = np.where(leaf, at, nodes["right"])
        value[tree, at] = np.where(leaf, nodes["value"], 0)
    baseline = float(model._baseline_prediction.ravel()[0])  # type: ignore[attr-defined]
    depth = max(int(nodes["depth"].max()) for nodes in trees)
    return Trees(tuple(names), feature, threshold, left, right, value, baseline, depth)


def save(trees: Trees, path: Path = MODEL) -> None:
    """Writes an ensemble where `page_furniture` finds it."""
    np.savez_compressed(
        path, names=np.array(trees.names), feature=trees.feature, threshold=trees.threshold,
        left=trees.left, right=trees.right, value=trees.value, baseline=trees.baseline,
        depth=trees.depth,
    )  # fmt: skip


if __name__ == "__main__":
    save(fit([*marked_pages(*map(Path, sys.argv[1:4]))]))
