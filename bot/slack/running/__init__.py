"""The process: its connection to Slack, its start and end, its logs and figures."""
