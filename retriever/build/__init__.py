"""Folders become a generation: what changed, vectors, writing, watching."""
