"""From what Slack sends to questions: commands, mentions, messages, buttons, modals."""
