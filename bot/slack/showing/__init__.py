"""Answers as Slack messages and windows: pure functions; the sentence that answers comes first."""
