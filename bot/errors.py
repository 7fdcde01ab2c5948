"""What goes wrong between a person and the program, each as one sentence that says what to do.

BotError
├── SettingsError       `pincite.toml` or the environment cannot be used
├── SlackRefused        the tokens are no good, or the bot cannot listen
│   └── Unreachable     Slack could not be reached before the bot was stopped
└── StateError          what the bot remembers cannot be opened
"""


class BotError(Exception):
    """A failure that was to be expected; the message says what is the case and what to do."""


class SettingsError(BotError):
    """`pincite.toml` or the environment cannot be used."""
