"""What operators see: counts and times in Prometheus' text form; nothing of a question."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

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
        self._rate_limited = Counter(
            "pincite_rate_limited", "Calls that Slack put off (429), by method", ["method"],
            registry=self._registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "pincite_answer_seconds", "Time to find an answer", buckets=_SECONDS,
            registry=self._registry,
        )  # fmt: skip

    def count_rate_limit(self, method: str) -> None:
        """Notes that Slack put a call of this method off."""
        self._rate_limited.labels(method=method).inc()

    def watch_waiting(self, waiting: Callable[[], float]) -> None:
        """Shows how many jobs wait or are under way."""
        self._gauge("pincite_waiting", "Jobs that wait or are under way", waiting)

    def watch_connections(self, connections: Callable[[], float]) -> None:
        """Shows how many connections to Slack are open, in Socket Mode."""
        self._gauge("pincite_connections", "Open connections to Slack", connections)

    def _gauge(self, name: str, what: str, value: Callable[[], float]) -> None:
        Gauge(name, what, registry=self._registry).set_function(value)

    @contextmanager
    def taking(self) -> Iterator[None]:
        """Measures how long finding an answer takes."""
        with self._seconds.time():
            yield

    def text(self) -> bytes:
        """All figures, in the text form that Prometheus reads."""
        return generate_latest(self._registry)
