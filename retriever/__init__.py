"""Questions to cited answers: joins passages, vectors and terms, and owns the index on disk.

`build_index` makes folders of documents an index in a `Home`; a `Generation` of it is opened, and
`ask` answers from it with an `Answer` of cited passages, and `list_documents` tells which mention
something. `look_up` shows what a `Citation` names in
the files of today, `verify` says whether it still holds. docs/python.md shows these at work.
Importing this package loads nothing until a name is used.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retriever.answering.answer import Answer, Hit, Mentioned, Searched, Share, Source, Verdict
    from retriever.answering.ask import ask, list_documents
    from retriever.build.build import Build, build_index
    from retriever.build.models import ModelNames
    from retriever.citing.citation import Citation
    from retriever.citing.receipts import CitationState, CitedPassage, Receipt
    from retriever.citing.verifier import look_up, verify
    from retriever.errors import RetrieverError
    from retriever.index.generation import Generation
    from retriever.index.home import Home

__all__ = [
    "Answer",
    "Build",
    "Citation",
    "CitationState",
    "CitedPassage",
    "Generation",
    "Hit",
    "Home",
    "Mentioned",
    "ModelNames",
    "Receipt",
    "RetrieverError",
    "Searched",
    "Share",
    "Source",
    "Verdict",
    "ask",
    "build_index",
    "list_documents",
    "look_up",
    "verify",
]

_HOMES = {
    "answering.answer": "Answer Hit Mentioned Searched Share Source Verdict",
    "answering.ask": "ask list_documents",
    "build.build": "Build build_index",
    "build.models": "ModelNames",
    "citing.citation": "Citation",
    "citing.receipts": "CitationState CitedPassage Receipt",
    "citing.verifier": "look_up verify",
    "errors": "RetrieverError",
    "index.generation": "Generation",
    "index.home": "Home",
}
"""The module of each public name, which is imported when the name is first used."""

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        for module, names in _HOMES.items():
            if name in names.split():
                globals()[name] = getattr(import_module(f"retriever.{module}"), name)
                return globals()[name]
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
