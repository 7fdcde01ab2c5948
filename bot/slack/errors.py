"""What goes wrong between the bot and Slack."""


class SlackRefused(Exception):
    """Slack does not take the tokens, or the bot cannot listen; the message says what to do."""


class Undelivered(Exception):
    """An answer could not be brought to its asker; the message names Slack's error."""


class Unconfirmed(Exception):
    """Slack did not say whether it did what it was asked."""
