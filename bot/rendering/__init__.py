"""Answers, documents and reports as text and JSON: pure functions."""
