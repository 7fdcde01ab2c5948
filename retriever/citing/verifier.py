"""Citations are checked on the files of today, and looked up there."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from itertools import chain, islice

import numpy as np
from numpy.typing import NDArray

from corpus.document import Document
from corpus.folder.limits import Limits
from corpus.release.near_duplicates import same_release
from retriever.citing.citation import Citation, citation_of, receipt_of
from retriever.citing.originals import FileState, originals
from retriever.citing.receipts import CitationState, CitedPassage, DocumentReceipt, Receipt
from retriever.citing.todays_files import FileNow, MayShow, Place, TodaysFiles, any_file
from retriever.citing.word_difference import word_difference, word_similarity
from retriever.errors import GenerationDamaged
from retriever.index.passages import PassageStore
from retriever.index.records import StoredDocument, StoredPassage
from retriever.progress import Progress, untold

_ELSEWHERE = 3  # other places of the words that are named; "Thank you." has hundreds
_LOOKED_AT, _MOST_PASSAGES = 100, 1_000  # files, and passages of the index
_ALIKE = 0.5  # of the words, of a passage that was edited
_READING = "Reading files"


def verify(store: PassageStore, citation: Citation, limits: Limits | None = None) -> Receipt:
    """Checks a citation on the files of today, which are read within the limits."""
    return Verifier(store, limits).verify(citation)


def look_up(
    store: PassageStore, citation: Citation, neighbours: int = 0, limits: Limits | None = None
) -> CitedPassage:
    """What a citation leads to in the files of today, with this many passages on either side.

    Raises `GenerationDamaged` where nothing can be said for damage to the index.
    """
    return Verifier(store, limits).look_up(citation, neighbours)


class Verifier:
    """Checks citations on the files of today; what it has read of them it remembers.

    The words that were cited are known from the index, or from the `earlier` ones that are kept.
    Of a file that `may_show` denies nothing is said of a citation, as if there were none.
    """

    def __init__(
        self, store: PassageStore, limits: Limits | None = None,
        earlier: Iterable[PassageStore] = (), may_show: MayShow = any_file,
    ) -> None:  # fmt: skip
        self._store, self._earlier, self._may_show = store, earlier, may_show
        self._files = TodaysFiles(store, limits, may_show)

    def verify(self, citation: Citation) -> Receipt:
        """The receipt of a citation."""
        return self._check(citation)[0]

    def verify_each(
        self, citations: Sequence[Citation], progress: Progress = untold
    ) -> list[Receipt]:
        """The receipts of citations, in their order; each file is read once."""
        receipts: dict[int, Receipt] = {}
        named: list[tuple[int, StoredDocument]] = []
        for at, citation in enumerate(citations):
            with suppress(GenerationDamaged):
                if document := self._named(self._store, citation.document):
                    named.append((at, document))
        named.sort(key=lambda each: str(each[1].path))
        files = self._files.files_of([document for _, document in named])
        further: list[tuple[int, StoredDocument, FileNow]] = []
        for done, ((at, document), file) in enumerate(zip(named, files, strict=True), start=1):
            if found := _found_within(citations[at], file):
                receipts[at] = found[0]
            else:
                further.append((at, document, file))
            progress(_READING, done, len(citations))
        for at, document, file in further:
            receipts[at] = self._beyond(citations[at], document, file)[0]
        return [receipts.get(at) or self.verify(each) for at, each in enumerate(citations)]

    def look_up(self, citation: Citation, neighbours: int = 0) -> CitedPassage:
        """What a citation leads to, with this many passages on either side.

        Raises `GenerationDamaged` where nothing can be said for damage to the index.
        """
        receipt, place = self._check(citation)
        if receipt.state is CitationState.DAMAGED:
            raise GenerationDamaged(receipt.reason)
        if place is None:
            return CitedPassage(receipt, None, None, ())
        passages, at = place.document.passages, place.position
        around = passages[max(0, at - neighbours) : at + neighbours + 1]
        return CitedPassage(receipt, place.document, passages[at], around)

    def verify_documents(
        self, progress: Progress = untold, *, same_program: bool = False
    ) -> list[DocumentReceipt]:
        """Checks every document of the index with all of its passages, in its order.

        Where the `same_program` built the index, a file with the bytes of then is not read again:
        it would read as it did.
        """
        numbered = self._store.sound_documents()
        documents = [each for each in numbered if each]
        receipts = {
            number: DocumentReceipt(f"document {number}", CitationState.DAMAGED, "", {})
            for number, each in enumerate(numbered)
            if each is None  # its name is not to be trusted
        }

        def note(document: StoredDocument, receipt: DocumentReceipt) -> None:
            receipts[document.number] = receipt
            progress(_READING, len(receipts), len(numbered))

        original_of = originals()
        for document in documents if same_program else ():
            with suppress(GenerationDamaged):
                passages = self._store.passages_of(document.number)
                if all(map(original_of(document).holds, passages)):
                    held = {CitationState.HOLDS: len(passages)}
                    path = str(document.path)
                    note(document, DocumentReceipt(document.id, CitationState.HOLDS, path, held))
        others = [each for each in documents if each.number not in receipts]
        for document, file in zip(others, self._files.files_of(others), strict=True):
            note(document, self._document_receipt(document, file))
        for document in documents:
            if receipts[document.number].state is CitationState.GONE:
                receipts[document.number] = self._renamed(document, receipts[document.number])
        return [receipts[number] for number in range(len(numbered))]

    def _check(self, citation: Citation) -> tuple[Receipt, Place | None]:
        files, name = self._files, citation.document
        try:
            stored = self._named(self._store, name)
            file = files.file_of(stored) if stored else files.file_named(name)
        except GenerationDamaged as error:
            return Receipt(citation, CitationState.DAMAGED, reason=str(error)), None
        found = _found_within(citation, file) if file else None
        return found or self._beyond(citation, stored, file)

    def _beyond(
        self, citation: Citation, stored: StoredDocument | None, file: FileNow | None
    ) -> tuple[Receipt, Place | None]:
        """The receipt of a citation whose words its file lacks, and the place that it leads to.

        Other files are read for it, which must not happen while `files_of` reads in processes.
        """
        path = str(file.path) if file else ""
        if citation.names_the_file:
            return Receipt(citation, CitationState.OUTDATED, path), None
        try:
            return self._changed_or_elsewhere(citation, stored, file)
        except GenerationDamaged as error:
            return Receipt(citation, CitationState.DAMAGED, path, reason=str(error)), None

    def _changed_or_elsewhere(
        self, citation: Citation, stored: StoredDocument | None, file: FileNow | None
    ) -> tuple[Receipt, Place | None]:
        if file and file.documents:
            if place := self._exchanged(citation, file):
                return _receipt(citation, CitationState.MOVED, place), place
            cited = self._as_cited(citation)
            place = _edited(citation, file, *cited) if cited[0] else None
            labelled = file.labelled(citation.document, citation.label)
            if place := place or next(iter(labelled), None):
                return self._changed(citation, place, cited[0]), place
        return self._elsewhere(citation, stored, file)

    def _exchanged(self, citation: Citation, file: FileNow) -> Place | None:
        """Where the cited words are under their label, if their file and another one of an index
        that is kept have exchanged their names: each has the bytes that the other had."""
        for store in chain([self._store], self._earlier_stores):
            with suppress(GenerationDamaged):
                cited = self._named(store, citation.document)
                others = store.documents_with(file.sha256) if cited and file.sha256 else []
                named = [self._named(self._store, each.id) for each in others]
                for now in (self._files.file_of(each) for each in named if each):
                    if cited and now.sha256 == cited.sha256:
                        place = _moved_within(now, citation)
                        if place and place.passage.label == citation.label:
                            return place
        return None

    def _changed(self, citation: Citation, place: Place, old: str) -> Receipt:
        difference = word_difference(old, place.passage.text) if old else ()
        also = tuple(each.citation for each in islice(self._others(citation), _ELSEWHERE))
        receipt = _receipt(citation, CitationState.CHANGED, place)
        return replace(receipt, difference=difference, also=also)

    def _elsewhere(
        self, citation: Citation, stored: StoredDocument | None, file: FileNow | None
    ) -> tuple[Receipt, Place | None]:
        """The receipt of a citation whose document has neither its words nor its label.

        Where an index that is kept has the words in both, the same words in another document have
        moved there only if its file has the same bytes, or it is an edition of the same release:
        else it had them all along.
        """
        is_gone = file is None or file.is_gone
        if is_gone and (place := self._in_another_file(citation, stored)):
            return _receipt(citation, CitationState.MOVED, place), place
        others = list(islice(self._others(citation), _ELSEWHERE))
        for place in others:
            had = self._had_with(citation, place.document.id)
            if had is None or (is_gone and same_release(had, place.document)):
                also = tuple(each.citation for each in others if each is not place)
                moved = _receipt(citation, CitationState.MOVED, place)
                return replace(moved, also=also), place
        also = tuple(each.citation for each in others)
        path = str(file.path) if file else ""
        reason = (
            "there is no such document" if file is None
            else "its file is not there" if file.is_gone
            else "its document has neither its words nor its label"
        )  # fmt: skip
        return Receipt(citation, CitationState.GONE, path, also=also, reason=reason), None

    def _in_another_file(self, citation: Citation, stored: StoredDocument | None) -> Place | None:
        """Where the cited words are in a file with the bytes of the one that is gone, or in one
        that came since."""
        renamed = self._files.renamed(stored.sha256) if stored else iter(())
        found = (_moved_within(file, citation) for file in chain(renamed, self._files.new()))
        return next(filter(None, found), None)

    def _had_with(self, citation: Citation, other: str) -> Document | None:
        """The cited document in an index, the newest that is kept, in which it has the cited words
        and the other document has them too."""
        for store in chain([self._store], self._earlier_stores):
            with self._damage_forgiven(store):
                both = [self._named(store, each) for each in (citation.document, other)]
                if all(each and _has_words(store, each, citation.receipt) for each in both):
                    return store.read_again(both[0].number) if both[0] else None
        return None

    def _as_cited(self, citation: Citation) -> tuple[str, set[str]]:
        """The cited words, which their receipt proves, and the receipts of all passages that stood
        in their document then; empty where no index has these words."""
        known: set[str] = set()
        for store in chain([self._store], self._earlier_stores):
            passages = self._passages_in(store, citation.document)
            receipts = [receipt_of(each.text) for each in passages]
            for passage, receipt in zip(passages, receipts, strict=True):
                if (passage.label, receipt) == (citation.label, citation.receipt):
                    return passage.text, set(receipts)
            known = known or set(receipts)
        same = next(self._passages_with_the_words(citation), None)
        return (same.text, known) if same else ("", set())

    def _passages_in(self, store: PassageStore, identifier: str) -> list[StoredPassage]:
        """The passages of a document in an index; none where an earlier one is damaged."""
        with self._damage_forgiven(store):
            if document := self._named(store, identifier):
                return store.passages_of(document.number)
        return []

    def _named(self, store: PassageStore, identifier: str) -> StoredDocument | None:
        """The document of this id in an index, if it may be shown."""
        found = store.document_named(identifier)
        return found if found and self._may_show(found.path) else None

    def _damage_forgiven(self, store: PassageStore) -> suppress:
        """Of an earlier index; damage to the one in use is raised."""
        return suppress(*(() if store is self._store else (GenerationDamaged,)))

    @cached_property
    def _earlier_stores(self) -> list[PassageStore]:
        return list(self._earlier)

    def _others(self, citation: Citation) -> Iterator[Place]:
        """Where else the cited words stand today, of the documents of the index: first under the
        same label, then by the documents' order."""
        passages = list(islice(self._passages_with_the_words(citation), _MOST_PASSAGES))
        passages.sort(key=lambda each: each.label != citation.label)
        numbers = list(dict.fromkeys(each.document for each in passages))
        for document in map(self._store.document, numbers[:_LOOKED_AT]):
            if document.id != citation.document:
                file = self._files.file_of(document)
                wanted = replace(citation, document=document.id)
                if place := _moved_within(file, wanted):
                    yield place

    def _passages_with_the_words(self, citation: Citation) -> Iterator[StoredPassage]:
        """The passages of the index that have the cited words and may be shown, by their rows."""
        for row in np.flatnonzero(self._receipts == int(citation.receipt, 16)):
            passage = self._store.passage(int(row))
            if self._may_show(self._store.document(passage.document).path):
                yield passage

    @cached_property
    def _receipts(self) -> NDArray[np.uint64]:
        """The receipt of every passage of the index, by row."""
        made = (int(receipt_of(text), 16) for text in self._store.texts())
        return np.fromiter(made, np.uint64, self._store.count)

    def _document_receipt(self, document: StoredDocument, file: FileNow) -> DocumentReceipt:
        path, changed = str(file.path), file.state is not FileState.VALID
        if file.reason:
            state = CitationState.UNREADABLE
            return DocumentReceipt(document.id, state, path, {}, changed, reason=file.reason)
        try:
            passages = self._store.passages_of(document.number)
        except GenerationDamaged as error:
            state = CitationState.DAMAGED
            return DocumentReceipt(document.id, state, path, {}, changed, reason=str(error))
        if not file.is_gone:
            states = Counter(_state_of(document, each, file) for each in passages)
            worst = next((each for each in _WORST_FIRST if states[each]), CitationState.HOLDS)
            return DocumentReceipt(document.id, worst, path, dict(states), changed)
        counts = {CitationState.GONE: len(passages)}
        return DocumentReceipt(document.id, CitationState.GONE, path, counts, changed)

    def _renamed(self, document: StoredDocument, receipt: DocumentReceipt) -> DocumentReceipt:
        """The receipt of a document whose file is gone, or has another name now. Under another
        ending the same bytes may be read as other words."""
        with suppress(GenerationDamaged):
            passages = self._store.passages_of(document.number)
            for file in self._files.renamed(document.sha256):
                moved = sum(bool(file.with_words(receipt_of(each.text))) for each in passages)
                if not moved:
                    continue
                names = [each.id for each in file.documents]
                part = document.id.rpartition("/")[2]
                now = next((each for each in names if each.endswith(f"/{part}")), names[0])
                counts = {CitationState.MOVED: moved, CitationState.GONE: len(passages) - moved}
                counts = {state: count for state, count in counts.items() if count}
                state = next(each for each in _WORST_FIRST if each in counts)
                changed = receipt.file_changed
                return DocumentReceipt(document.id, state, str(file.path), counts, changed, now)
        return receipt


_WORST_FIRST = (CitationState.CHANGED, CitationState.GONE, CitationState.MOVED)


def _has_words(store: PassageStore, document: StoredDocument, receipt: str) -> bool:
    return any(receipt_of(each.text) == receipt for each in store.passages_of(document.number))


def _state_of(document: StoredDocument, passage: StoredPassage, file: FileNow) -> CitationState:
    """What has become of a passage of the index in its file."""
    labelled = file.labelled(document.id, passage.label)
    if any(each.passage.text == passage.text for each in labelled):
        return CitationState.HOLDS
    citation = citation_of(document, passage)
    if any(each.citation.receipt == citation.receipt for each in labelled):
        return CitationState.HOLDS
    if _moved_within(file, citation, labelled):
        return CitationState.MOVED
    return CitationState.CHANGED if labelled else CitationState.GONE


def _edited(citation: Citation, file: FileNow, old: str, known: set[str]) -> Place | None:
    """The passage that the cited words have become: of those that did not stand in their document
    then, the likest. An edit elsewhere may have given their label to another passage."""
    new = [each for each in file.document(citation.document) if each.citation.receipt not in known]
    alike = [(word_similarity(old, each.passage.text), each.passage.label == citation.label, -n)
             for n, each in enumerate(new)]  # fmt: skip
    best = max(alike, default=(0.0, False, 0))
    return new[-best[2]] if best[0] >= _ALIKE else None


def _found_within(citation: Citation, file: FileNow) -> tuple[Receipt, Place | None] | None:
    """The receipt of a citation that its file alone decides, and the place that it leads to."""
    if file.reason:
        state = CitationState.UNREADABLE
        return Receipt(citation, state, str(file.path), reason=file.reason), None
    labelled = file.labelled(citation.document, citation.label)
    if citation.names_the_file:
        found = labelled and (_receipt(citation, CitationState.OUTDATED, labelled[0]), labelled[0])
        return found or None
    here = [each for each in labelled if each.citation.receipt == citation.receipt]
    if here:
        return Receipt(citation, CitationState.HOLDS, str(here[0].path)), here[0]
    place = _moved_within(file, citation, labelled)
    return (_receipt(citation, CitationState.MOVED, place), place) if place else None


def _moved_within(
    file: FileNow, citation: Citation, labelled: Sequence[Place] = ()
) -> Place | None:
    """Where the cited words stand in a file: in the citation's own document rather than in another,
    which a mailbox may have renumbered; under its label, else the nearest to where that is."""
    at = labelled[0].position if labelled else 0

    def fit(place: Place) -> tuple[bool, bool, int]:
        own = place.document.id == citation.document
        return own, place.passage.label == citation.label, -abs(place.position - at)

    return max(file.with_words(citation.receipt), key=fit, default=None)


def _receipt(citation: Citation, state: CitationState, place: Place) -> Receipt:
    return Receipt(citation, state, str(place.path), place.citation, place.passage.text)
