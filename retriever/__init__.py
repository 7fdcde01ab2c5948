"""Questions to cited answers: joins passages, vectors and terms, and owns the index on disk."""
