"""What the bot remembers, in one SQLite file: questions, votes and facts."""
