"""A pinpoint citation: `<document id>#<label>@<first 8 hex of the file's sha256>`."""

import re
from dataclasses import dataclass
from typing import Self

from retriever.errors import CitationRefused

_FORM = re.compile(r"(?P<document>.+)#(?P<label>[^#@]+)@(?P<receipt>[0-9a-f]{8})", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Citation:
    """Names a passage of one version of one file."""

    document: str
    label: str
    receipt: str

    def __str__(self) -> str:
        return f"{self.document}#{self.label}@{self.receipt}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The citation in `text`; raises `CitationRefused` when it has another form."""
        match = _FORM.fullmatch(text.strip())
        if not match:
            raise CitationRefused(
                f"{text.strip()[:200]!r} is no citation; copy one from an answer, "
                "such as 'release.txt#4@0123abcd'."
            )
        return cls(match["document"], match["label"], match["receipt"])
