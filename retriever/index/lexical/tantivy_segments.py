"""Tantivy's own files, as far as they are relied on: its library takes over no segments.

Relied on, of tantivy 0.27: `meta.json` lists the segments, and nothing else says which there are;
what else it holds is the same for every index of one schema; ids of segments are unique over all
indexes; the files of a segment begin with its id, without hyphens, and never change once it is
committed; `.managed.json` lists the files that tantivy may delete when no segment has them; the
statistics of an index are the sums over its segments.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

KNOWN_VERSION = "0.27"
"""The version of the package whose files are as described; a test fails on any other."""

Segment = dict[str, Any]
"""An entry of `meta.json`."""

_META, _MANAGED = "meta.json", ".managed.json"


def read_meta(place: Path) -> dict[str, Any]:
    """The description of the index in a folder; raises `OSError` or `ValueError`."""
    return dict(json.loads((place / _META).read_text("utf-8")))


def segments_of(meta: dict[str, Any]) -> tuple[Segment, ...]:
    """The segments that a description lists."""
    return tuple(meta["segments"])


def segment_files(place: Path, segment: Segment) -> Iterator[Path]:
    """The files of a segment of the index in a folder."""
    return place.glob(f"{str(segment['segment_id']).replace('-', '')}.*")


def write_meta(place: Path, meta: dict[str, Any], segments: Sequence[Segment]) -> None:
    """Makes an index of these segments, whose files are in the folder already."""
    files = sorted(file.name for file in place.iterdir())
    write_json(place / _META, meta | {"segments": list(segments)})
    write_json(place / _MANAGED, [*files, _META])


def write_json(path: Path, facts: Any) -> None:
    """Writes facts as a person can read them."""
    path.write_text(json.dumps(facts, indent=1) + "\n", "utf-8")
