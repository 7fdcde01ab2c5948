"""What goes wrong between the bot and Slack.

SlackRefused        the tokens are no good, or the bot cannot listen
└── Unreachable     Slack could not be reached before the bot was stopped
Undelivered         an answer could not be brought to its asker
Unconfirmed         Slack did not say whether it did what it was asked
NothingAsked        a question says nothing itself, and what it points at cannot be read
"""

import logging

from bot.errors import BotError


class SlackRefused(BotError):
    """Slack does not take the tokens, or the bot cannot listen; the message says what to do."""


class Unreachable(SlackRefused):
    """Slack could not be reached; the message says why."""


class Undelivered(Exception):
    """An answer could not be brought to its asker; the message names Slack's error."""


class Unconfirmed(Exception):
    """Slack did not say whether it did what it was asked."""


class NothingAsked(Exception):
    """A question says nothing itself, and what it points at cannot be read; the message tells its
    asker why."""


def log_failure(log: logging.Logger, message: str, error: Exception, **fields: object) -> None:
    """Logs a failure by its kind alone, since its text may hold what people wrote; with the trace
    only for debugging."""
    log.error(message, extra={**fields, "error": type(error).__name__})
    log.debug(message, exc_info=error)
