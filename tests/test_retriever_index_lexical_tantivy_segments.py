"""What is relied on of tantivy's own files, against the library that is installed."""

from importlib.metadata import version
from pathlib import Path

import tantivy

from retriever.index.lexical.tantivy_segments import (
    KNOWN_VERSION,
    read_meta,
    segment_files,
    segments_of,
    write_meta,
)


def index_of(place: Path, *texts: str) -> tantivy.Index:
    """An index of these texts, one segment each."""
    place.mkdir()
    schema = tantivy.SchemaBuilder().add_text_field("text", stored=True).build()
    index = tantivy.Index(schema, path=str(place))
    for text in texts:
        writer = index.writer(num_threads=1)
        writer.add_document(tantivy.Document(text=text))
        writer.commit()
        writer.wait_merging_threads()
    return index


def scores(index: tantivy.Index, word: str) -> list[float]:
    index.reload()
    found = index.searcher().search(index.parse_query(word, ["text"]), 10).hits
    return sorted(score for score, _ in found)


def test_the_files_are_those_of_the_version_that_is_known() -> None:
    assert version("tantivy").startswith(f"{KNOWN_VERSION}."), "look at the new version's files"


def test_segments_of_other_indexes_make_one_that_scores_as_if_it_were_written_at_once(
    tmp_path: Path,
) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    index_of(one, "grain and steel")
    index_of(other, "grain alone", "nothing of it")
    joined = tmp_path / "joined"
    joined.mkdir()
    segments = [*segments_of(read_meta(one)), *segments_of(read_meta(other))]
    assert len(segments) == 3
    for place in (one, other):
        for segment in segments_of(read_meta(place)):
            for file in segment_files(place, segment):
                (joined / file.name).write_bytes(file.read_bytes())
    write_meta(joined, read_meta(one), segments)
    whole = index_of(tmp_path / "whole", "grain and steel", "grain alone", "nothing of it")
    opened = tantivy.Index.open(str(joined))
    for word in ("grain", "steel", "nothing", "absent"):
        assert scores(opened, word) == scores(whole, word)


def test_what_no_segment_has_may_be_deleted_and_what_one_has_stays(tmp_path: Path) -> None:
    place = tmp_path / "index"
    index = index_of(place, "grain", "steel")
    kept = segments_of(read_meta(place))[:1]
    write_meta(place, read_meta(place), kept)
    writer = tantivy.Index.open(str(place)).writer(num_threads=1)
    writer.garbage_collect_files()
    assert list(segment_files(place, kept[0]))
    assert len(scores(index, "grain")) + len(scores(index, "steel")) == 1
