"""Training of the reranker: the questions, the documents that they are about, and the recipe."""
