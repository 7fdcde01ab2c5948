"""What passages are to tantivy: the fields of their lexical documents."""

import tantivy

from retriever.index.lexical.terms import ANALYZER
from retriever.index.lexical.word_queries import PLAIN_ANALYZER

FOLDER = "lexical"
FIELDS = ("text", "title", "when", "lead", "under")
WORDS, PLACE = "words", "place"
"""The fields of what a passage says, word for word, and of its place."""

_ANALYZER, _PLAIN = "pincite", "plain"


def schema() -> tantivy.Schema:
    """The fields of an index."""
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field(PLACE, indexed=True, fast=True)
    for name in FIELDS:
        builder.add_text_field(name, tokenizer_name=_ANALYZER, index_option="freq")
    builder.add_text_field(WORDS, tokenizer_name=_PLAIN, index_option="position")
    return builder.build()


def with_analyzers(index: tantivy.Index) -> tantivy.Index:
    """The index, which knows from now on how its fields are cut into terms."""
    index.register_tokenizer(_ANALYZER, ANALYZER)
    index.register_tokenizer(_PLAIN, PLAIN_ANALYZER)
    return index
