"""Saved web pages: the main content of a page, in blocks."""
