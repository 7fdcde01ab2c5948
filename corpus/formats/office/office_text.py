"""What the readers of word processors' files have in common: blocks that are rendered in place, or
flat in a cell, a margin or a note."""

from abc import ABC, abstractmethod
from xml.etree.ElementTree import Element

from corpus.content import Content
from corpus.formats.rendering import Rendering

BULLETS = "•◦▪"
"""The signs of bullets by their depth, whichever picture a word processor draws."""


class OfficeText(ABC):
    """The text of a file of XML, read once."""

    def __init__(self) -> None:
        self._out = Rendering()
        self._is_flat = False
        self._beside: list[str] = []
        self._awaited: list[Element] = []
        """The notes of the paragraph or table that is being read."""

    @abstractmethod
    def content(self) -> Content:
        """The document."""

    @abstractmethod
    def _blocks(self, parent: Element) -> None:
        """Renders the blocks below an element."""

    def _add_notes(self) -> None:
        """Adds the notes of a paragraph below it, where a release has them."""
        if self._is_flat:
            return
        notes, self._awaited = self._awaited, []
        for note in notes:
            self._out.note(self._flat(note))

    def _flat(self, parent: Element) -> str:
        """The words of blocks without their structure."""
        outer = self._out, self._is_flat
        self._out, self._is_flat = Rendering(), True
        self._blocks(parent)
        words = self._out.words()
        self._out, self._is_flat = outer
        return words
