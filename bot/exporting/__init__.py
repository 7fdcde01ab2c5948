"""Answers, conversations and citations, taken along: Markdown, Word, references."""
