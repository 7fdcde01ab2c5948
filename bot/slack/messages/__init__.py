"""What a message of Slack says: its words, wherever they stand, and its markup."""
