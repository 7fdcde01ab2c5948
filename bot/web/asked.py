"""What an address of the search page asks: the question, the earlier ones, and what restricts it.

The address holds the whole conversation, so it can be kept and sent, and nothing else remembers it.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import urlencode

import click
from starlette.datastructures import QueryParams

from bot.options.day_type import DayType
from bot.web.errors import AddressRefused
from retriever.question.reading import LONGEST_THREAD

_MOST_CARRIED = 4_000  # bytes of earlier questions: proxies take addresses of 8 kB


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the earlier ones of its conversation, oldest first; empty at its beginning.

    With `more`, further passages are wanted.
    """

    question: str = ""
    earlier: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    after: datetime.date | None = None
    before: datetime.date | None = None
    more: bool = False

    @classmethod
    def from_query(cls, query: QueryParams) -> Self:
        """What a query asks; raises `AddressRefused`."""
        after = _day(query.get("after", ""))
        before = _day(query.get("before", ""), last=True)
        if after and before and after > before:
            raise AddressRefused(f"No day lies after {after} and before {before}; swap them.")
        earlier = tuple(filter(None, map(str.strip, query.getlist("earlier"))))
        folders = tuple(dict.fromkeys(filter(None, query.getlist("folder"))))
        question = query.get("q", "").strip()
        return cls(question, earlier[-LONGEST_THREAD:], folders, after, before, "more" in query)

    @property
    def is_restricted(self) -> bool:
        """Whether some documents are left out."""
        return bool(self.folders or self.after or self.before)

    @property
    def carried(self) -> tuple[str, ...]:
        """The questions that the next one follows, as many of the last as an address can hold."""
        kept: list[str] = []
        for turn in reversed([*self.earlier, self.question]):
            length = sum(len(urlencode({"earlier": each})) for each in (turn, *kept))
            if len(kept) == LONGEST_THREAD or length > _MOST_CARRIED:
                break
            kept.insert(0, turn)
        return tuple(kept)

    @property
    def address(self) -> str:
        """The path and query that ask this."""
        return f"/?{self._query}"

    def export_address(self, form: str) -> str:
        """The path and query of the conversation up to here as a file in this form."""
        return f"/export?{self._query}&{urlencode({'format': form})}"

    @property
    def _query(self) -> str:
        fields = [("q", self.question), *(("earlier", each) for each in self.earlier)]
        fields += [("folder", each) for each in self.folders]
        days = {"after": self.after, "before": self.before}
        fields += [(name, str(day)) for name, day in days.items() if day]
        return urlencode([*fields, ("more", "1")] if self.more else fields)

    def with_more(self) -> Self:
        """The same, with further passages."""
        return replace(self, more=True)

    def turns(self) -> Iterator[Self]:
        """The earlier questions, each as it was asked."""
        for number, turn in enumerate(self.earlier):
            yield replace(self, question=turn, earlier=self.earlier[:number], more=False)


def _day(text: str, *, last: bool = False) -> datetime.date | None:
    try:
        return DayType(last=last).convert(text.strip(), None, None) if text.strip() else None
    except click.BadParameter as error:
        raise AddressRefused(error.message[:200]) from None
