"""The passages of a generation that questions with known answers name."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from corpus.text.characters import folded
from corpus.text.logical_lines import BULLET, PARAGRAPH_NUMBER
from retriever.evaluation.cases import Gold
from retriever.index.passages import PassageStore
from retriever.index.records import StoredPassage

_SNIPPET = 60  # letters and digits: enough to name one paragraph


class GoldPassages:
    """Finds in a generation the passages that a case names."""

    def __init__(self, store: PassageStore) -> None:
        """The passages of this store."""
        self._store = store
        self._twins = store.twin_keys().tolist()
        self._by_file: dict[str, list[StoredPassage]] = defaultdict(list)
        self._by_label: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for document in self._store.all_documents():
            path = document.path.as_posix()
            passages = self._store.passages_of(document.number)
            for name in _names(document.path):
                self._by_file[name] += passages
            for passage in passages:
                self._by_label[passage.label].append((path, passage.row))

    def rows(self, gold: Gold) -> list[int]:
        """The rows with this label; else of the paragraph that begins so, or that holds this."""
        if gold.label:
            end = f"/{gold.file}" if gold.file else ""
            return [row for path, row in self._by_label.get(gold.label, ()) if path.endswith(end)]
        label = PARAGRAPH_NUMBER.match(gold.paragraph) or BULLET.match(gold.paragraph)
        snippet = folded(gold.paragraph[label.end() :] if label else gold.paragraph)[:_SNIPPET]
        texts = [(each.row, folded(each.text)) for each in self._by_file.get(gold.file, ())]
        begins = [row for row, text in texts if snippet and text.startswith(snippet)]
        return begins or [row for row, text in texts if snippet and snippet in text]

    def once(self, rows: Iterable[int], gold: Iterable[int]) -> list[int]:
        """The rows without those that only repeat the words of one before, as an answer has them;
        a copy of a passage that a case names counts as the passage."""
        named = {self._twins[row]: row for row in gold}
        first: dict[int, int] = {}
        for row in rows:
            first.setdefault(self._twins[row], named.get(self._twins[row], row))
        return list(first.values())

    def place(self, row: int) -> str:
        """The place of a passage: its document and label."""
        passage = self._store.passage(row)
        return f"{self._store.document(passage.document).id}#{passage.label}"


def _names(path: Path) -> Iterable[str]:
    """The names by which a question may call a file: each end of its path."""
    parts = path.parts[1:]
    return ("/".join(parts[start:]) for start in range(len(parts)))
