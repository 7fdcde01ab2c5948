"""Facts by name, and the keys of what happened once: clicks and events that ask nothing."""

from collections.abc import Callable

from bot.slack.store.database import Database


class FactStore:
    """Facts, kept for good, and keys, kept as long as Slack may deliver the same thing again."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database, self._clock = database, clock

    def note(self, name: str, value: str) -> bool:
        """Keeps a fact until it changes; whether it is news."""
        if self.fact(name) == value:
            return False
        with self._database.changing() as database:
            database.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))
        return True

    def fact(self, name: str) -> str:
        """A fact that was noted; empty when none was."""
        found = self._database.rows("SELECT value FROM facts WHERE name = ?", name)
        return str(found[0][0]) if found else ""

    def first_time(self, key: str) -> bool:
        """Whether this has not happened before; notes that it has now."""
        with self._database.changing() as database:
            added = database.execute(
                "INSERT OR IGNORE INTO seen VALUES (?, ?)", (key, self._clock())
            )
            return added.rowcount == 1

    def forget(self, key: str) -> None:
        """Lets something happen again that did not succeed."""
        with self._database.changing() as database:
            database.execute("DELETE FROM seen WHERE key = ?", (key,))
