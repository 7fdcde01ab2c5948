"""Understanding a question: names, times, spelling, follow-ups, the type of its answer."""
