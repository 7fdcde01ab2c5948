"""What every command begins with: its settings, and the home that they name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.settings import Settings
    from retriever.home import Home


def settings_and_home(home_flag: Path | None) -> tuple[Settings, Home]:
    """The settings that hold in the working folder, and the home; raises `SettingsError`.

    Imports when it is called, so that `--help` does without.
    """
    from bot.settings import read_settings
    from retriever.home import Home

    settings = read_settings(home_flag)
    return settings, Home(settings.home)
