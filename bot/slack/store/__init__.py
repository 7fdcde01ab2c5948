"""What the bot remembers, in one SQLite file: questions, votes, follows and facts."""
