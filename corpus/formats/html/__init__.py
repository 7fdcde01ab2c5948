"""Saved web pages: the main content of a page in text blocks, and its metadata."""
