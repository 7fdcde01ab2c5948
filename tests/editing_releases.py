"""Releases edited at random, as files of every format, and what becomes of their citations."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import cycle
from pathlib import Path

from releases import Block, Release
from rendering_html import semantic
from rendering_mail import mailbox, quoted_printable
from rendering_office import odt, rtf, typed_docx
from rendering_pdf import block_pdf

from corpus.folder.limits import Limits
from retriever.build.folder_survey import read, survey
from retriever.citing.citation import Citation, citation_of, receipt_of
from retriever.citing.receipts import CitationState, Receipt
from retriever.citing.verifier import Verifier
from retriever.index.passage_tables import write_passages
from retriever.index.passages import PassageStore
from retriever.progress import untold

FORMATS: dict[str, Callable[[Release], bytes]] = {
    "txt": lambda release: release.text.encode(),
    "md": lambda release: release.text.encode(),
    "html": lambda release: semantic(release).encode(),
    "pdf": block_pdf,
    "docx": typed_docx,
    "odt": odt,
    "rtf": rtf,
    "eml": quoted_printable,
    "mbox": lambda release: mailbox([_OTHER, release]),
}
"""By the ending of the files."""

_OTHER = Release("other", "Fish Week Opens", None, (Block("1.", "The hall was full of fish."),))
_ADDED = "A paragraph was added to the page after it had been published, with words of its own."


@dataclass(frozen=True, slots=True)
class Edit:
    """An edit of a release: the blocks whose words are others or gone, and how they read now."""

    release: Release
    edited: dict[int, str]
    removed: frozenset[int] = frozenset()


KINDS = ("word", "insert", "word", "remove", "title")


def edited(release: Release, kind: str, chance: random.Random) -> Edit:
    """The release after one edit: of a word, of the title, or by a paragraph more or less."""
    blocks = list(release.blocks)
    at = chance.choice([n for n, each in enumerate(blocks) if not each.is_heading])
    if kind == "title" or (kind == "remove" and len(blocks) < 3):
        return Edit(replace(release, title=f"{release.title} (Amended)"), {})
    if kind == "insert":
        blocks.insert(at, Block("", _ADDED))
        return Edit(replace(release, blocks=tuple(blocks)), {})
    if kind == "remove":
        del blocks[at]
        return Edit(replace(release, blocks=tuple(blocks)), {}, frozenset([at]))
    words = blocks[at].text.split()
    place = chance.randrange(len(words) // 2, len(words))
    stop = words[place][
        len(words[place].rstrip('.?!:;,"”)')) :
    ]  # without it a short line is a heading
    words[place] = f"amendedly{stop}"
    blocks[at] = replace(blocks[at], text=" ".join(words))
    return Edit(replace(release, blocks=tuple(blocks)), {at: blocks[at].text})


def store_of(place: Path, folder: Path) -> PassageStore:
    """The passages of a folder as an index holds them, without vectors and terms."""
    place.mkdir()
    found, listed = survey([folder], Limits(), untold)
    entries, listed = read(found, listed, None, Limits(), untold)
    write_passages(place, entries, [], [each.path for each in listed])
    return PassageStore.open(place)


def check_edits(
    place: Path, ending: str, some: Sequence[Release], chance: random.Random
) -> Counter[str]:
    """Edits each release once, as a file of this format, and checks the citations of all its
    paragraphs; counts the states of those that were not touched, and of the edited ones."""
    folder, render = place / "releases", FORMATS[ending]
    folder.mkdir(parents=True)
    for release in some:
        (folder / f"{release.name}.{ending}").write_bytes(render(release))
    store = store_of(place / "index", folder)
    kinds = zip(some, cycle(KINDS), strict=False)
    edits = {release.name: edited(release, kind, chance) for release, kind in kinds}
    cited = []
    for release in some:
        (folder / f"{release.name}.{ending}").write_bytes(render(edits[release.name].release))
        document = store.document_named(f"{release.name}.{ending}{'/2' * (ending == 'mbox')}")
        assert document
        cited += [(release, citation_of(document, each), each.text)
                  for each in store.passages_of(document.number)]  # fmt: skip
    receipts = Verifier(store).verify_each([citation for _, citation, _ in cited])
    now = [receipt.now for receipt in receipts if receipt.now]
    assert {each.state for each in Verifier(store).verify_each(now)} <= {CitationState.HOLDS}
    counts: Counter[str] = Counter()
    for (release, citation, text), receipt in zip(cited, receipts, strict=True):
        counts[_checked(release, edits[release.name], citation, text, receipt)] += 1
    return counts


def _checked(release: Release, edit: Edit, citation: Citation, text: str, receipt: Receipt) -> str:
    """What became of a citation, once that is known to be true."""
    now = {receipt_of(each.text) for each in edit.release.blocks}
    before = {receipt_of(each.text): n for n, each in enumerate(release.blocks)}
    kept = (CitationState.HOLDS, CitationState.MOVED)
    if citation.receipt in now:  # of words that stand there twice one may have been edited
        assert receipt.state in kept, receipt
        assert receipt.now is None or receipt_of(receipt.text) == citation.receipt
        return f"untouched {receipt.state}"
    block = before.get(citation.receipt)
    if block is None:  # what the file's format makes of several blocks, or of a part of one
        return f"other {receipt.state}"
    assert receipt.state not in kept, receipt
    if block in edit.edited:
        assert receipt.state is CitationState.CHANGED, receipt
        assert " ".join(receipt.text.split()) == edit.edited[block], receipt
        added = [each.words for each in receipt.difference if each.kind == "added"]
        assert len(added) == 1 and added[0].startswith("amendedly"), receipt
        return f"edited {receipt.state}"
    return f"removed {receipt.state}"
