"""The process of the bot: its connection to Slack, its start and end, its logs and statistics."""
