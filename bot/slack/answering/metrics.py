"""What operators see: counts and times in Prometheus' text form; nothing of a question."""

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Metrics:
    """The figures of one bot since it started."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.answered = Counter(
            "pincite_answers", "Questions answered, by verdict", ["verdict"],
            registry=self._registry,
        )  # fmt: skip
        self.refused = Counter(
            "pincite_busy", "Jobs turned away because too many waited", registry=self._registry
        )
        self._seconds = Histogram(
            "pincite_answer_seconds", "Time to find an answer", buckets=_SECONDS,
            registry=self._registry,
        )  # fmt: skip

    @contextmanager
    def taking(self) -> Iterator[None]:
        """Measures how long finding an answer takes."""
        with self._seconds.time():
            yield

    def text(self) -> bytes:
        """All figures, in the text form that Prometheus reads."""
        return generate_latest(self._registry)
