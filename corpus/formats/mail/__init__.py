"""Mail: messages, mailboxes, Outlook's messages, and pages that were saved as a message."""
