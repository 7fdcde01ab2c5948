"""What an examination finds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was examined; `what` ends with what to do when it is not well."""

    subject: str
    well: bool
    what: str
