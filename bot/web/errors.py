"""What goes wrong on the reading page.

WebRefused          the page cannot be served so; the message says what to do
AddressRefused      an address that was opened says what cannot be followed
└── NothingThere    there is no such document, or none that may be shown
"""

from bot.errors import BotError


class WebRefused(BotError):
    """The page cannot be served as the settings have it."""


class AddressRefused(BotError):
    """An address says what cannot be followed."""


class NothingThere(AddressRefused):
    """There is nothing at this address."""
