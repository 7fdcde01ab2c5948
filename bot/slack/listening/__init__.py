"""From what Slack sends to a question: commands, mentions, messages, buttons, modals."""
