"""The words of passages: a tantivy index of terms, in shards that later generations take over."""
